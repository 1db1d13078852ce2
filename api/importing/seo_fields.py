"""What front matter wishes for search engines, told apart from the other fields that nobody needed."""

from __future__ import annotations

from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    "seo_title": "title",
    "meta_title": "title",
    "seo_description": "description",
    "meta_description": "description",
    "canonical": "canonical",
    "canonical_url": "canonical",
    "robots": "robots",
    "noindex": "noindex",
}
"""Fields that are such a wish by themselves."""

Fields = dict[str, object]


def split_seo(fields: Mapping[str, object]) -> tuple[Fields, Fields]:
    """Return the wishes among fields by their names in `ArticleDraft.seo`, and the other fields.

    What has another shape than a text, a truth value or a mapping is no wish and stays among the others.
    """
    mapping = fields.get("seo")
    seo: Fields = dict(mapping) if isinstance(mapping, dict) else {}
    others: Fields = {}
    for name, value in fields.items():
        if name == "seo" and isinstance(value, dict):
            continue
        if name in NAMES and isinstance(value, str | bool):
            seo.setdefault(NAMES[name], value)
        else:
            others[name] = value
    return seo, others

"""Identities that never change. Imported content gets ids derived from its own keys.

Deriving them (UUID version 5, RFC 9562) gives the same ids on every database that imports the same
content, and lets one article link to another that is not stored yet.
"""

from __future__ import annotations

from uuid import UUID, uuid5

NAMESPACE = UUID("5f0b1f0a-6a5e-5d0c-9c0d-3a4c1b7f2e61")


def derive_site_id(key: str) -> str:
    """Return the id of the site with this key."""
    return str(uuid5(NAMESPACE, f"site/{key}"))


def derive_article_id(site_key: str, article_key: str) -> str:
    """Return the id of the article that its source names `article_key` in this site."""
    return str(uuid5(NAMESPACE, f"article/{site_key}/{article_key}"))


def derive_part_key(article_id: str, locale: str, concept: str, anchor: str) -> str:
    """Return the stable key of a section or question (`concept`) first seen under this anchor."""
    return str(uuid5(UUID(article_id), f"{locale}/{concept}/{anchor}"))

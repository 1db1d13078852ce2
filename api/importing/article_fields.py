"""Fields of front matter read as what an article needs: texts, lists, moments, pictures, related names.

It knows the shapes that authors write such fields in; which names the fields have is the caller's matter.
"""

from __future__ import annotations

from api.importing.front_matter import FrontMatter, moment_of
from api.importing.refusal import Refusal
from api.importing.source import RelatedName
from models.addresses import read_old_address
from models.draft import ImageDraft


class Fields:
    """The front matter of one file; a field of the wrong shape raises Refusal(WRONG_TYPE) with its line."""

    def __init__(self, matter: FrontMatter) -> None:
        self._matter = matter
        self._taken: set[str] = set()

    def text(self, *names: str) -> str | None:
        """Return the first of the fields that holds a text, as it was written; empty counts as absent."""
        for name, value in self._present(names):
            if not isinstance(value, str):
                raise self._wrong(name, "a text")
            if value.strip():
                self._taken.add(name)
                return " ".join(value.split())
        return None

    def texts(self, *names: str) -> list[str]:
        """Return all the texts of the fields, each once; a field is a list, or a text with commas."""
        found: dict[str, None] = {}
        for name, value in self._given(names):
            items = value if isinstance(value, list) else str(value).split(",")
            if isinstance(value, dict) or not all(isinstance(item, str) or item is None for item in items):
                raise self._wrong(name, "a list of texts")
            found.update(dict.fromkeys(" ".join(item.split()) for item in items if item and item.strip()))
        return list(found)

    def people(self, *names: str) -> list[str]:
        """Return the names of people, who may be written as texts or as mappings with a `name`."""
        found: dict[str, None] = {}
        for name, value in self._given(names):
            for item in value if isinstance(value, list) else [value]:
                person = item.get("name") if isinstance(item, dict) else item
                if not isinstance(person, str):
                    raise self._wrong(name, "a name or a list of names")
                found[" ".join(person.split())] = None
            if not _is_all_text(value):
                self._taken.discard(name)
        return [person for person in found if person]

    def moment(self, *names: str) -> int | None:
        """Return the first date among the fields in milliseconds since 1970."""
        for name, value in self._present(names):
            if self.is_true(name) is not None:
                continue  # Jekyll's `published: false` is no date
            if not isinstance(value, str):
                raise self._wrong(name, "an ISO 8601 date")
            self._taken.add(name)
            try:
                return moment_of(value)
            except ValueError as error:
                raise self._wrong(name, "an ISO 8601 date") from error
        return None

    def images(self, *names: str) -> list[ImageDraft]:
        """Return the pictures that the fields name by address or by a mapping with an address in it."""
        return [self._image(name, item) for name, value in self._given(names) for item in _listed(value)]

    def related(self, *names: str) -> list[RelatedName]:
        """Return the related entries, written as names or as mappings of a label and an address."""
        found: list[RelatedName] = []
        for name, value in self._given(names):
            items = value.split(",") if isinstance(value, str) else _listed(value)
            found.extend(self._related(name, item) for item in items if item is not None)
        return [entry for entry in found if entry.name]

    def old_addresses(self, *names: str) -> list[str]:
        """Return old addresses as they are looked up; of whole URLs path and query are taken.

        One that could never lead anywhere raises Refusal(BAD_VALUE).
        """
        found: dict[str, None] = {}
        for name, value in self._given(names):
            for item in _listed(value):
                if not isinstance(item, str):
                    raise self._wrong(name, "a path or a list of paths")
                try:
                    found[read_old_address(item)] = None
                except ValueError as error:
                    message = f"The field {name!r} has a wrong value: {error}"
                    raise Refusal("BAD_VALUE", message, self.line(name)) from error
        return list(found)

    def is_true(self, name: str) -> bool | None:
        """Return a field's truth value, or None where it is absent or none."""
        value = self._matter.values.get(name)
        return value if isinstance(value, bool) else None

    def left_over(self) -> dict[str, object]:
        """Return the JSON values of all fields that nobody took."""
        return {name: value for name, value in self._matter.values.items() if name not in self._taken}

    def keep(self, *names: str) -> None:
        """Count fields among the left over ones although they were read."""
        self._taken.difference_update(names)

    def line(self, name: str) -> int:
        """Return the line of a field, 1 where it is not known."""
        return self._matter.lines.get(name, 1)

    def _present(self, names: tuple[str, ...]) -> list[tuple[str, object]]:
        given = [(name, self._matter.written.get(name)) for name in names]
        return [(name, value) for name, value in given if value is not None]

    def _given(self, names: tuple[str, ...]) -> list[tuple[str, object]]:
        present = self._present(names)
        self._taken.update(name for name, _ in present)
        return present

    def _image(self, name: str, item: object) -> ImageDraft:
        if isinstance(item, dict):
            address = next((item[key] for key in ("src", "path", "url", "feature") if item.get(key)), None)
            alt, caption = item.get("alt") or "", item.get("caption")
            if isinstance(address, str) and isinstance(alt, str) and isinstance(caption, str | None):
                return ImageDraft(address, alt, caption)
        if isinstance(item, str):
            return ImageDraft(item.strip())
        raise self._wrong(name, "the address of a picture")

    def _related(self, name: str, item: object) -> RelatedName:
        if isinstance(item, dict):
            label = item.get("title") or item.get("label") or item.get("name")
            address = item.get("url") or item.get("link") or item.get("slug") or item.get("path") or label
            if isinstance(address, str) and isinstance(label, str | None):
                return RelatedName(address.strip(), label)
        if isinstance(item, str):
            return RelatedName(item.strip())
        raise self._wrong(name, "a list of names")

    def _wrong(self, name: str, expected: str) -> Refusal:
        return Refusal("WRONG_TYPE", f"The field {name!r} is not {expected}.", self.line(name))


def _listed(value: object) -> list[object]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if item is not None and item != ""]


def _is_all_text(value: object) -> bool:
    return all(isinstance(item, str) for item in _listed(value))

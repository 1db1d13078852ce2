"""What a file's place in its folder says: locale, key and the addresses at which sites serve such a file.

It knows paths as text; it opens no file.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from models.draft import normalise_locale

# ISO 639-1. Longer codes are words too often ("api", "css", "web") and need a region beside them.
LANGUAGE_CODES = """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz
    ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it
    iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my
    na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn
    so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh
    zu"""
LANGUAGES = frozenset(LANGUAGE_CODES.split())
TAG = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|[0-9]{3}))?", re.IGNORECASE | re.ASCII)
DATED = re.compile(r"(\d{4}-\d\d?-\d\d?)-(.+)")
INDEXES = ("index", "_index")


def read_locale(folder: str) -> str | None:
    """Return the locale that a folder's name spells, or None where it is more likely a word."""
    found = TAG.fullmatch(folder)
    if found is None:
        return None
    language, _, region = found.groups()
    if language.lower() not in LANGUAGES and not (len(language) == 3 and region):
        return None
    return normalise_locale(folder)


@dataclass(frozen=True, slots=True)
class Place:
    """What the path of one file says.

    `locale` is None where neither a folder nor the end of the file's name says one; `locale_name` is that name
    as it is written. `date` is the day that a file name begins with. `whole` is what the path says if the end
    of the name (`kites.de.md`) is no locale.
    """

    key: str
    locale: str | None
    locale_name: str | None
    date: str | None
    whole: Place | None = None

    def agree(self, locale: str | None) -> Place:
        """Return what the path says of a file whose own text names this locale."""
        return self.whole if self.whole and locale not in (None, self.locale) else self

    def addresses(self, slug: str) -> list[str]:
        """Return the site paths at which such a file usually stands, as `/key/` or `/locale/key/`."""
        start = f"/{self.locale_name}" if self.locale_name else ""
        paths = [f"{start}/{name}/" for name in dict.fromkeys((self.key, slug))]
        return [*paths, f"{start}/"] if self.key == "index" else paths


class Layout:
    """How a set of files is laid out: which of its folders are locales, which one is a mere collection.

    A folder counts as a locale when its name is one and at least half of the folders beside it are locales
    too, or when a file of its has a namesake at the same place outside of it.

    The end of a name counts (`kites.de.md`) when it is a locale that ends the name of a file with a namesake
    beside it (`kites.md`, `kites.fr.md`), and when all such ends are locales: `kites.py.md` makes them none.
    """

    def __init__(self, paths: Iterable[PurePosixPath]) -> None:
        known = list(paths)
        self._locales = _locale_folders(known)
        self._ends = _locale_ends(known)
        self._prefix = _common_prefix(self._locales)
        collections = {
            path.parts[0] for path in known if len(path.parts) > 1 and path.parts[0].startswith("_")
        }
        self._collection = collections.pop() if len(collections) == 1 else None

    def place(self, path: PurePosixPath) -> Place:
        """Return what the path, relative to the root and with its ending, says."""
        folder = next((parent for parent in _ancestors(path) if parent in self._locales), None)
        name = folder.name if folder else None
        whole = self._place(path, folder, path.stem, name)
        base, end = _split_end(path.stem)
        if folder or end not in self._ends:
            return whole
        return replace(self._place(path, None, base, end), whole=whole)

    def _place(
        self, path: PurePosixPath, folder: PurePosixPath | None, name: str, locale: str | None
    ) -> Place:
        parts = list(path.parent.parts)
        if folder is not None:
            del parts[len(folder.parts) - 1]
        if parts[: len(self._prefix)] == list(self._prefix):
            parts = parts[len(self._prefix) :]
        if parts and parts[0].startswith("_"):
            parts = parts[1:] if parts[0] == self._collection else [parts[0][1:], *parts[1:]]
        dated = DATED.fullmatch(name)
        stem = dated[2] if dated else name
        names = parts if stem.lower() in INDEXES else [*parts, stem]
        return Place(
            key=unicodedata.normalize("NFC", "/".join(names)) or "index",
            locale=read_locale(locale) if locale else None,
            locale_name=locale,
            date=dated[1] if dated else None,
        )


def _split_end(name: str) -> tuple[str, str]:
    base, _, end = name.rpartition(".")
    return (base, end) if base else (name, "")


def _locale_ends(paths: list[PurePosixPath]) -> set[str]:
    ends: dict[PurePosixPath, set[str]] = defaultdict(set)
    for path in paths:
        base, end = _split_end(path.stem)
        ends[path.parent / path.stem].add("")
        if end:
            ends[path.parent / base].add(end)
    beside = set().union(*(group for group in ends.values() if len(group) > 1)) - {""}
    return beside if all(map(read_locale, beside)) else set()


def _ancestors(path: PurePosixPath) -> list[PurePosixPath]:
    return list(reversed(path.parents))[1:]


def _locale_folders(paths: list[PurePosixPath]) -> set[PurePosixPath]:
    children: dict[PurePosixPath, set[PurePosixPath]] = defaultdict(set)
    for path in paths:
        for folder in _ancestors(path):
            children[folder.parent].add(folder)
    named = {folder for folders in children.values() for folder in folders if read_locale(folder.name)}
    known = set(paths)
    mirrored = {
        folder
        for path in paths
        for folder in _ancestors(path)
        if folder in named and folder.parent / path.relative_to(folder) in known
    }
    return {
        folder
        for folder in named
        if folder in mirrored or 2 * len(named & children[folder.parent]) >= len(children[folder.parent])
    }


def _common_prefix(locales: set[PurePosixPath]) -> tuple[str, ...]:
    # What stands before the locales (`files/de/…`) is no part of an address, if it is the same for all.
    tops = {folder.parent for folder in locales if not any(above in locales for above in folder.parents)}
    return tops.pop().parts if len(tops) == 1 else ()

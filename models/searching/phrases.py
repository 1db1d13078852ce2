"""Short texts by their words: what begins with what was typed so far, or has it at the beginning of a word. Pure.

Words are compared without case and accents. Of scripts that leave no space between words, whatever is typed may
stand anywhere.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from models.folding import fold
from models.searching.analysis import APOSTROPHE, UNSPACED, WORD, keep_letters, simplify

FEW = 200
"""So many new phrases are put in their places; with more, everything is sorted anew, which takes longer at once."""

MANY = 1_000
"""So many phrases with a word are not all looked at and sorted, but found one by one by the word being typed."""

PIECES = re.compile(f"{UNSPACED.pattern}|{UNSPACED.pattern.replace('[', '[^', 1)}")
APOSTROPHES = ("", "'", APOSTROPHE)


class Word(NamedTuple):
    """A word of a text: where it stands, how it is compared, and whether it is of a script without spaces."""

    start: int
    end: int
    text: str
    is_run: bool


def read_words(text: str) -> Iterator[Word]:
    """Yield the words of a text. Of a script without spaces, what stands together is one."""
    for match in WORD.finditer(text):
        start, word = match.start(), match.group()
        if word.isascii():
            yield from cut_word(start, start + len(word), simplify(word))
            continue
        place = 0
        for run in UNSPACED.finditer(word):
            yield from cut_word(start + place, start + run.start(), simplify(word[place : run.start()]))
            yield from cut_word(start + run.start(), start + run.end(), keep_letters(fold(run.group())))
            place = run.end()
        yield from cut_word(start + place, start + len(word), simplify(word[place:]))


def cut_word(start: int, end: int, simple: str) -> Iterator[Word]:
    """Yield what a word is compared by: mostly one word, but letters of half width become such of other scripts."""
    if simple.isascii():
        yield from [Word(start, end, simple, is_run=False)] if simple else []
        return
    for piece in PIECES.finditer(simple):
        yield Word(start, end, piece.group(), is_run=bool(UNSPACED.match(piece.group())))


def normalise(text: str) -> str:
    """Return the words of a text with a space before and behind each; nothing of a text without words."""
    words = [word.text for word in read_words(text)]
    return f" {' '.join(words)} " if words else ""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: whole words, and the last one, which may be the beginning of one.

    `endings` are the ways to take the last word, none of which begins with another; there are none where it is whole.
    `runs` are words of scripts without spaces.
    """

    words: tuple[str, ...]
    runs: tuple[str, ...]
    endings: tuple[str, ...]
    begins: tuple[str, ...]
    """How a text begins that begins with all of it."""

    def stands_in(self, normal: str) -> bool:
        """Tell whether all of it stands somewhere in a normalised text."""
        return (
            all(f" {word} " in normal for word in self.words)
            and all(run in normal for run in self.runs)
            and (not self.endings or any(f" {ending}" in normal for ending in self.endings))
        )

    def complete(self, normal: str) -> str:
        """Return the first word, by the alphabet, that the last one may be the beginning of; nothing if it is whole."""
        return min((word for word in normal.split() if word.startswith(self.endings)), default="")


def read_typed(text: str) -> Typed | None:
    """Return what was typed, None where it has no words. The last word is whole when something follows it."""
    words = list(read_words(text))
    if not words:
        return None
    last = words[-1]
    is_open = text[last.end :] in APOSTROPHES and not last.is_run
    endings = read_endings(text[last.start : last.end], last.text) if is_open else ()
    whole = words[:-1] if is_open else words
    before = "".join(f" {word.text}" for word in whole)
    if is_open:
        begins = tuple(f"{before} {ending}" for ending in endings)
    else:
        begins = (before,) if last.is_run else (f"{before} ",)
    return Typed(
        words=tuple(dict.fromkeys(word.text for word in whole if not word.is_run)),
        runs=tuple(dict.fromkeys(word.text for word in whole if word.is_run)),
        endings=endings,
        begins=begins,
    )


def read_endings(word: str, simple: str) -> tuple[str, ...]:
    """Return the ways to take a word that is being typed: `l'e` may become `l'eau`, of which `eau` is compared."""
    first, apostrophe, rest = word.replace(APOSTROPHE, "'").partition("'")
    other = simplify(rest) if apostrophe and len(first) <= 2 else ""
    if not other or other.startswith(simple):
        return (simple,)
    return (other,) if simple.startswith(other) else (simple, other)


@dataclass(slots=True, eq=False)
class Phrase:
    """A short text, normalised, and whose it is: an edition's title, the question at a place of it, or a tag's name."""

    normal: str
    owner: str
    """The id of an article, or a tag's slug."""
    edition_id: int = 0
    place: int = 0
    name: str = ""
    """A tag's name as it is written."""

    @property
    def key(self) -> tuple[str, str, int]:
        """Return what sorts phrases that a view shows."""
        return self.normal, self.owner, self.place


def sort_key(phrase: Phrase) -> tuple[str, str, int]:
    """Return what sorts phrases."""
    return phrase.key


class Phrases:
    """Phrases of one kind, sorted, and by each of their words."""

    def __init__(self, phrases: Iterable[Phrase] = ()) -> None:
        self._sorted = sorted(phrases, key=sort_key)
        self._words: defaultdict[str, list[Phrase]] = defaultdict(list)
        for phrase in self._sorted:
            for word in list_words(phrase.normal):
                self._words[word].append(phrase)
        self._vocabulary = sorted(self._words)

    def __len__(self) -> int:
        return len(self._sorted)

    def joined(self, phrases: Iterable[Phrase]) -> Phrases:
        """Return new phrases that are these and others."""
        return Phrases([*self._sorted, *phrases])

    def add(self, phrases: Iterable[Phrase]) -> None:
        """Put a few phrases in their places."""
        for phrase in phrases:
            insort(self._sorted, phrase, key=sort_key)
            for word in list_words(phrase.normal):
                if word not in self._words:
                    insort(self._vocabulary, word)
                insort(self._words[word], phrase, key=sort_key)

    def find_beginning(self, typed: Typed) -> Iterator[Phrase]:
        """Yield the phrases that begin with what was typed, in their order."""
        for begin in sorted(typed.begins):
            place = bisect_left(self._sorted, begin, key=lambda phrase: phrase.normal)
            while place < len(self._sorted) and self._sorted[place].normal.startswith(begin):
                yield self._sorted[place]
                place += 1

    def find_inside(self, typed: Typed) -> Iterator[Phrase]:
        """Yield the other phrases that have all that was typed: by the word being typed, then in their order."""
        few = self._find_fewest(typed)
        if few is None or (typed.endings and len(few) > MANY):
            yield from self._find_growing(typed)
            return
        found = (
            one for one in few if typed.stands_in(one.normal) and not one.normal.startswith(typed.begins)
        )
        if typed.endings:
            yield from sorted(found, key=lambda phrase: (typed.complete(phrase.normal), phrase.key))
        else:
            yield from found

    def _find_fewest(self, typed: Typed) -> Sequence[Phrase] | None:
        """Return in their order phrases among which are all that have it, None where only the last word tells them."""
        lists = [self._words.get(word, []) for word in typed.words]
        for run in typed.runs:
            if len(run) > 1:
                lists += [self._words.get(run[place : place + 2], []) for place in range(len(run) - 1)]
            else:
                lists.append(sorted(set(self._grow(run)), key=sort_key))
        return min(lists, key=len) if lists else None

    def _find_growing(self, typed: Typed) -> Iterator[Phrase]:
        """Yield what `find_inside` does, by the last word: each phrase where its first word is that may be meant."""
        seen = set()
        for phrase in self._grow(*sorted(typed.endings)):
            if phrase in seen:
                continue
            seen.add(phrase)
            if typed.stands_in(phrase.normal) and not phrase.normal.startswith(typed.begins):
                yield phrase

    def _grow(self, *beginnings: str) -> Iterator[Phrase]:
        """Yield the phrases of each word with one of these beginnings, which are sorted."""
        for beginning in beginnings:
            start = bisect_left(self._vocabulary, beginning)
            for word in islice(self._vocabulary, start, None):
                if not word.startswith(beginning):
                    break
                yield from self._words[word]


def list_words(normal: str) -> Iterator[str]:
    """Yield what a normalised text is found by, each once: words, and of runs without spaces each two characters."""
    seen = set()
    for word in normal.split():
        pieces = [word]
        if UNSPACED.match(word):
            pieces = [word[place : place + 2] for place in range(len(word))]
        for piece in pieces:
            if piece not in seen:
                seen.add(piece)
                yield piece

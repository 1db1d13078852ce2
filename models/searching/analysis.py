"""From text to terms: what two spellings of the same word have in common. Pure.

Words are folded in case and accents and stemmed by their language (Snowball); scripts that leave no space between
words are cut into pairs of characters. A word with accents gives two terms where stemming before and after folding
differ, so that it is found by those who type none.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import Stemmer

from models.folding import fold

ANALYSIS = 2
"""Rises with each change of what is indexed of a text; an index of another number is made anew."""

LONGEST_TERM = 40
"""How many characters of a word count; what is longer is hardly a word."""

MARKS = "".join(
    character for character in map(chr, range(0x300, 0x2000)) if unicodedata.category(character)[0] == "M"
)
"""Vowel signs and accents that stand for themselves; Python's `\\w` leaves them out."""

INVISIBLE = "\u00ad\u200d\u2060"
"""What stands inside of a word without a width: soft hyphens, and what joins letters."""

LETTER = rf"[^\W_][{MARKS}{INVISIBLE}]*"
APOSTROPHE = "\u2019"
WORD = re.compile(rf"(?:{LETTER})+(?:['{APOSTROPHE}](?:{LETTER})+)*")
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff\uff66-\uff9f]+"
)
OWN_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "\u0131": "i"}
)
"""How letters are typed by those who have them not on their keyboards, where Unicode does not take them apart."""

STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
"""Languages by the first part of their tags (BCP 47). Words of others are not stemmed."""

_local = threading.local()


class Token(NamedTuple):
    """A word of a text: where it stands, and what it looks like without case, without and with its accents."""

    start: int
    end: int
    word: str
    accented: str
    is_piece: bool = False
    """Whether it is one of several that overlap, of a script without spaces."""


def find_language(locale: str) -> str:
    """Return the language of a locale, an empty text where its words are not stemmed."""
    language = locale.partition("-")[0]
    return language if language in STEMMERS else ""


def tokenize(text: str) -> Iterator[Token]:
    """Yield the words of a text in their order."""
    for match in WORD.finditer(text):
        start, word = match.start(), match.group()
        if word.isascii():
            yield from cut_word(start, word)
            continue
        place = 0
        for run in UNSPACED.finditer(word):
            yield from cut_word(start + place, word[place : run.start()])
            yield from cut_pairs(start + run.start(), run.group())
            place = run.end()
        yield from cut_word(start + place, word[place:])


def cut_word(start: int, word: str) -> Iterator[Token]:
    """Yield a word, unless nothing of it counts."""
    simple = simplify(word)
    if simple:
        yield Token(start, start + len(word), simple, "" if word.isascii() else drop_apostrophes(word))


def cut_pairs(start: int, text: str) -> Iterator[Token]:
    """Yield the pairs of neighbouring characters, or the only one."""
    for place in range(max(1, len(text) - 1)):
        pair = text[place : place + 2]
        yield Token(start + place, start + place + len(pair), keep_letters(fold(pair)), "", is_piece=True)


@lru_cache(maxsize=100_000)
def simplify(word: str) -> str:
    """Return a word in the form in which it is compared: folded in case, without accents and apostrophes."""
    return strip_accents(drop_apostrophes(word))


@lru_cache(maxsize=20_000)
def drop_apostrophes(word: str) -> str:
    """Return a word folded in case, without a genitive's or an article's apostrophe: dog's, l'eau."""
    word = fold(word).replace(APOSTROPHE, "'").removesuffix("'s")
    first, _, rest = word.partition("'")
    if len(first) <= 2 and len(rest) >= 3:
        word = rest
    return keep_letters(word)[:LONGEST_TERM]


def keep_letters(word: str) -> str:
    """Return the letters, digits and marks of a word: folding makes several characters of some, spaces among them."""
    if word.isalnum():
        return word
    return "".join(
        character for character in word if character.isalnum() or unicodedata.category(character)[0] == "M"
    )


def strip_accents(word: str) -> str:
    """Return a word without the marks that Latin, Greek and Cyrillic letters carry (Unicode, NFD)."""
    if word.isascii():
        return word
    marks = unicodedata.normalize("NFD", word)
    bare = unicodedata.normalize("NFC", "".join(c for c in marks if not "\u0300" <= c <= "\u036f"))
    return bare.translate(OWN_LETTERS)


def find_terms(language: str, token: Token) -> tuple[str, ...]:
    """Return what a word has in common with its other forms, the first one in any case."""
    term = stem(language, token.word)
    if token.accented in {"", token.word}:
        return (term,)
    other = strip_accents(stem(language, token.accented))
    return (term,) if other == term else (term, other)


@lru_cache(maxsize=100_000)
def stem(language: str, word: str) -> str:
    """Return a word without its endings."""
    algorithm = STEMMERS.get(language)
    if algorithm is None or any(character.isdigit() for character in word):
        return word
    stemmers = _local.__dict__
    if language not in stemmers:
        stemmers[language] = Stemmer.Stemmer(algorithm)
    return str(stemmers[language].stemWord(word)) or word

"""Short texts by their words, held against comparing one after the other: whatever is typed, in whatever script."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models.searching import phrases as phrases_module
from models.searching.marking import mark_typed
from models.searching.phrases import Phrase, Phrases, normalise, read_typed
from tests.naive_suggestions import Text, suggest

WORDS = [
    *("a", "ab", "abc", "b", "ba", "bab", "Äb", "a\u0308", "ß", "ss", "l'ab", "l\u2019abc", "ab's", "don't"),
    *("東", "東京", "京", "タワー", "ﾀﾜ", "aﾀ", "ก", "कक", "100%", "-", "?", "_", "<b>", "&", "👩\u200d🚀"),
]
BETWEEN = [" ", " ", " ", "", ", ", "'"]
texts = st.lists(st.sampled_from([*WORDS, *BETWEEN]), max_size=6).map("".join)
sentences = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)


def make(text: str, number: int) -> Phrase:
    """Return a text as the phrase of an article."""
    return Phrase(normalise(text), f"{number:03}", number)


@pytest.mark.parametrize("many", [1_000, 0])
@settings(max_examples=600, derandomize=True, deadline=None)
@given(st.lists(sentences | texts, max_size=8), st.integers(0, 8), sentences | texts)
@example(["ab b", "abc b", "ba b", "b ab"], 2, "b a")
@example(["ba b abc", "bab b ab", "b a b"], 0, "b a")
@example(["東京タワー", "京東 タワー", "タワー東京"], 1, "東京 タ")
@example(["l'ab", "lab", "ab"], 0, "l'a")
def test_what_is_found(many: int, titles: list[str], apart: int, prefix: str) -> None:
    """What is found, and in which order, is what a look at each text says, however they were put in."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(phrases_module, "MANY", many)
        check_what_is_found(titles, apart, prefix)


def check_what_is_found(titles: list[str], apart: int, prefix: str) -> None:
    """Compare what is found with what a look at each text says."""
    made = [make(title, number) for number, title in enumerate(titles) if normalise(title)]
    phrases = Phrases(made[:apart])
    phrases.add(made[apart:])
    typed = read_typed(prefix)
    listed = [Text("ARTICLE", title, f"{number:03}") for number, title in enumerate(titles)]
    expected = [text.owner for text in suggest(prefix, listed)]
    found = [] if typed is None else [*phrases.find_beginning(typed), *phrases.find_inside(typed)]
    assert [phrase.owner for phrase in found] == expected
    again = Phrases(made[:apart]).joined(made[apart:])
    if typed is not None:
        joined = [*again.find_beginning(typed), *again.find_inside(typed)]
        assert [phrase.owner for phrase in joined] == expected


@settings(max_examples=300, derandomize=True, deadline=None)
@given(sentences | texts, sentences | texts)
def test_marks_change_no_text(text: str, prefix: str) -> None:
    """Without its marks a marked text is the escaped text, and marks are never empty nor one in another."""
    typed = read_typed(prefix)
    if typed is None:
        return
    marked = mark_typed(text, typed)
    plain = marked.replace("<mark>", "").replace("</mark>", "")
    assert plain == text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace(
        "'", "&#x27;"
    )
    assert list(nest(marked)) == ["<mark>", "</mark>"] * marked.count("<mark>")
    assert "<mark></mark>" not in marked
    if normalise(text) and typed.stands_in(normalise(text)):
        assert "<mark>" in marked


def nest(marked: str) -> Iterator[str]:
    """Yield the marks of a text in their order."""
    place = 0
    for _ in count():
        place = marked.find("<", place)
        if place < 0:
            return
        end = marked.index(">", place) + 1
        yield marked[place:end]
        place = end

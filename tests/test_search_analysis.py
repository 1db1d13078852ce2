"""From text to terms, fragments and near words: what holds whatever the text is."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.searching.analysis import LONGEST_TERM, STEMMERS, find_terms, tokenize
from models.searching.highlighting import find_fragments
from models.searching.spelling import choose_nearest, find_forms, measure_distance

TEXTS = st.text(max_size=200) | st.text(
    st.sampled_from("ab'\u2019-\"\\ *:|&!()ﷺ½⑴東京é́\u0301ä0_"), max_size=60
)
LANGUAGES = st.sampled_from(["", *STEMMERS])


@given(TEXTS, LANGUAGES)
def test_terms_mean_nothing_to_a_database(text: str, language: str) -> None:
    """Terms are letters, digits and marks, so that nothing in a text can be taken for an operator."""
    place = 0
    for token in tokenize(text):
        assert place <= token.start < token.end <= len(text)
        place = token.start
        terms = find_terms(language, token)
        assert terms
        for term in terms:
            assert len(term) <= LONGEST_TERM + 10
            assert re.fullmatch(r"[\w\u0300-\U0001ffff]+", term)
            assert not re.search(r"[\s'\"\\:*|&!()]", term)


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", ["tide", "tides", "Tide's", "TIDES"]),
        ("de", ["Häuser", "hauser", "HÄUSER"]),
        ("fr", ["l'été", "l\u2019été", "ete", "ÉTÉ"]),
        ("es", ["información", "informaciones", "informacion"]),
        ("", ["Ångström", "ANGSTROM", "ångström"]),
    ],
)
def test_forms_of_a_word(language: str, forms: list[str]) -> None:
    """Forms of one word have a term in common."""
    terms = [set(find_terms(language, token)) for form in forms for token in tokenize(form)]
    assert set.intersection(*terms)


@given(TEXTS, st.integers(5, 20), st.integers(1, 5))
def test_fragments_are_parts_of_the_text(text: str, words: int, most: int) -> None:
    """Without marks and entities a fragment is a part of the text; nothing in it is markup but the marks."""
    terms = {term for token in list(tokenize(text))[::3] for term in find_terms("en", token)}
    fragments = find_fragments(text, "en", terms, words, most)
    assert bool(fragments) == any(True for _ in tokenize(text))
    assert len(fragments) <= most
    for fragment in fragments:
        plain = re.sub(r"</?mark>", "", fragment)
        assert "<" not in plain
        assert ">" not in plain
        assert unescape(plain).removeprefix("…").removesuffix("…") in text
        assert fragment.count("<mark>") == fragment.count("</mark>") > 0


def test_what_is_marked() -> None:
    """Of scripts without spaces what was typed is marked, and of phrases all words where they stand side by side."""
    text = "東京タワーの夜景、夜です"
    assert find_fragments(text, "", {"夜"}, 20, 1) == ["東京タワーの<mark>夜</mark>景、<mark>夜</mark>です"]
    assert find_fragments(text, "", {"タワ", "ワー"}, 20, 1) == ["東京<mark>タワー</mark>の夜景、夜です"]
    assert find_fragments("On and on and off.", "en", {"and off"}, 20, 1) == [
        "On and on <mark>and</mark> <mark>off</mark>."
    ]


@given(st.text("abcd", min_size=1, max_size=12), st.data())
def test_one_slip_is_found(word: str, data: st.DataObject) -> None:
    """A word and what one slip makes of it share a form, and are at distance 1."""
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcd"))
    slips = [word[:place] + word[place + 1 :], word[:place] + letter + word[place:]]
    slips += [word[:place] + letter + word[place + 1 :]]
    slips += [word[:place] + word[place + 1 : place + 2] + word[place] + word[place + 2 :]]
    for slip in slips:
        assert find_forms(word) & find_forms(slip)
        assert measure_distance(word, slip) == measure_distance(slip, word) <= 1


def test_nearest() -> None:
    """Of several words the nearest count, all that are as near; beyond one slip, two in long words, none does."""
    assert choose_nearest("tidse", ["tides", "tidy", "sides"]) == ["tides"]
    assert choose_nearest("cart", ["card", "care", "dart", "cat", "house"]) == ["card", "care", "cat", "dart"]
    assert choose_nearest("tdie", ["tides"]) == []
    assert choose_nearest("tie", ["tide", "die", "time"]) == ["tide", "time"]
    assert choose_nearest("sourdogh", ["sourdough", "sour"]) == ["sourdough"]
    assert choose_nearest("sruodough", ["sourdough"]) == ["sourdough"]

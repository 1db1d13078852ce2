"""Three-way merges of drafts, held against a naive definition of what a conflict is and what must survive."""

from __future__ import annotations

import os
from copy import deepcopy
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings

from models.draft import ArticleDraft, QuestionDraft, SectionDraft
from models.errors import Conflict
from models.merging import merge
from tests.merging_model import (
    ARTICLE,
    QUESTION,
    SECTION,
    Facts,
    History,
    Merged,
    Path,
    build,
    disjoint_edits,
    drafts,
    exact,
    expected_conflicts,
    facts,
    flips,
    histories,
    keys_of,
    merged_histories,
    mutables,
    orders,
    pairs,
    shape,
    try_merge,
)

properties = settings(
    derandomize=True, deadline=None, max_examples=int(os.environ.get("QUIET_TEST_EXAMPLES", "100"))
)


@properties
@given(drafts(), drafts())
def test_one_side_alone_is_the_result(base: ArticleDraft, side: ArticleDraft) -> None:
    """Where only one side changed anything, or both the same, the result is that side, byte for byte."""
    for mine, theirs in ((side, base), (base, side), (side, side)):
        assert exact(merge(base, mine, theirs)) == exact(side)


@properties
@given(histories())
def test_conflicts_are_all_and_only_the_real_ones(
    history: History,
) -> None:
    """A merge is refused exactly where both sides changed one thing differently, and names all such things."""
    try:
        merge(*history)
    except Conflict as conflict:
        found = conflict.paths
    else:
        found = ()
    assert expected_conflicts(*history) == set(found)
    assert len(set(found)) == len(found)


@properties
@given(merged_histories())
def test_every_part_stands_once(
    merged: Merged,
) -> None:
    """What both sides have stays, what either added is there, what either removed is gone, and nothing twice."""
    (base, mine, theirs), result = merged
    old, my_keys, their_keys = set(keys_of(base)), set(keys_of(mine)), set(keys_of(theirs))
    assert sorted((my_keys & their_keys) | (my_keys - old) | (their_keys - old)) == sorted(keys_of(result))


@properties
@given(merged_histories())
def test_everything_that_was_written_is_there(
    merged: Merged,
) -> None:
    """Every value that a side changed or added, and every two parts that it swapped, are so in the result."""
    (base, mine, theirs), result = merged
    said, old = facts(result), facts(base)
    for side in (mine, theirs):
        for path, value in facts(side).items():
            if old.get(path) != value:
                assert value == said[path]
        for place, keys in orders(result).items():
            swapped = flips(orders(base).get(place, []), orders(side).get(place, []))
            assert {pair for pair in swapped if set(pair) <= set(keys)} <= pairs(keys)


@properties
@given(merged_histories())
def test_added_parts_follow_their_predecessors(
    merged: Merged,
) -> None:
    """Between a new part and the part that it followed on its side there are only parts that are new too."""
    (base, mine, theirs), result = merged
    for place, keys in orders(result).items():
        old, lists = orders(base).get(place, []), [orders(side).get(place, []) for side in (mine, theirs)]
        for index, side in enumerate(lists):
            added = [key for key in side if key not in old and key not in lists[1 - index]]
            for key in added:
                before = [other for other in side[: side.index(key)] if other in keys]
                start = keys.index(before[-1]) + 1 if before else 0
                between = keys[start : keys.index(key)]
                # Mine come behind theirs, so theirs stand right behind theirs.
                assert all(other not in old and other not in side for other in between)
                assert index == 0 or not between


@properties
@given(histories())
def test_sides_may_be_swapped(history: History) -> None:
    """Merging the other way round gives the same, except for the order of parts added at one place."""
    base, mine, theirs = history
    result, swapped = try_merge(base, mine, theirs), try_merge(base, theirs, mine)
    assert (result is None) == (swapped is None)
    if result and swapped:
        assert facts(result) == facts(swapped)
        for place, keys in orders(result).items():
            new = [
                set(orders(side).get(place, [])) - set(orders(base).get(place, [])) for side in history[1:]
            ]
            for first, second in flips(keys, orders(swapped)[place]):
                assert (
                    {first in new[0], second in new[0]}
                    == {first in new[1], second in new[1]}
                    == {True, False}
                )


@properties
@given(histories())
def test_inputs_stay_as_they_are(history: History) -> None:
    """A merge changes none of its drafts, and shares no part or list with them that could be changed later."""
    before = deepcopy(history)
    result = try_merge(*history)
    assert exact(before) == exact(history)
    if result:
        assert not mutables(result) & set().union(*(mutables(draft) for draft in history))


@properties
@given(disjoint_edits())
def test_changes_of_different_fields_merge(
    edits: tuple[History, Facts],
) -> None:
    """Changes of different fields never conflict, and the result differs from the base in just these."""
    (base, mine, theirs), written = edits
    assert facts(base) | written == facts(merge(base, mine, theirs))
    assert exact(merge(base, mine, theirs)) == exact(merge(base, theirs, mine))


MERGES = {
    "added at one place: theirs first": (
        ["A", "B"],
        ["A", "X", "B"],
        ["A", "Y", "Z", "B"],
        ["A", "Y", "Z", "X", "B"],
    ),
    "added at the start": (["A"], ["X", "A"], ["Y", "A"], ["Y", "X", "A"]),
    "added behind a moved part": (
        ["A", "B", "C"],
        ["A", "X", "B", "C"],
        ["B", "C", "A"],
        ["B", "C", "A", "X"],
    ),
    "added behind a removed part": (["A", "B", "C"], ["A", "B", "X", "C"], ["A", "C"], ["A", "X", "C"]),
    "all removed, one added": (["A", "B"], ["A", "X", "B"], [], ["X"]),
    "moved and removed": (["A", "B", "C"], ["C", "A", "B"], ["A", "C"], ["C", "A"]),
    "moved by both": (["A", "B", "C"], ["C", "A", "B"], ["C", "A", "B", "X"], ["C", "A", "B", "X"]),
    "a question moved, its sections swapped": (["Ap", "Bq"], ["A", "Bqp"], ["Bq", "Ap"], ["Bqp", "A"]),
    "a section removed, its question moved out before": (["Ap", "B"], ["B", "p"], ["Ap", "B"], ["B", "p"]),
    "a section removed, its question removed": (["Apq", "B"], ["B"], ["Aq", "B"], ["B"]),
    "a question moved into a new section": (["Ap"], ["A", "Xp"], ["Ap", "Y"], ["A", "Y", "Xp"]),
    "the same section added by both": (["A"], ["A", "X"], ["A", "X"], ["A", "X"]),
    "the same section added, its questions not": (["A"], ["A", "Xp"], ["A", "Xq"], ["A", "Xqp"]),
}


@pytest.mark.parametrize("name", MERGES)
def test_merges(name: str) -> None:
    """Parts that both sides added, moved or removed come out in an order that a person would expect."""
    base, mine, theirs, expected = (build(texts) for texts in MERGES[name])
    assert shape(expected) == shape(merge(base, mine, theirs))


CONFLICTS: dict[str, tuple[list[str], list[str], list[str], set[Path]]] = {
    "order": (["A", "B", "C"], ["B", "A", "C"], ["A", "C", "B"], {("sections",)}),
    "order in a section": (["Apqr"], ["Aqpr"], ["Aprq"], {("questions", "A")}),
    "order outside": (["pqr"], ["qpr"], ["prq"], {("questions", "")}),
    "moved into two places": (
        ["Ap", "B", "C"],
        ["A", "Bp", "C"],
        ["A", "B", "Cp"],
        {("questions", "p", "section")},
    ),
    "added in two places": (["A", "B"], ["Ap", "B"], ["A", "Bp"], {("questions", "p", "section")}),
    "added at two positions": (["A", "B"], ["X", "A", "B"], ["A", "B", "X"], {("sections",)}),
    "removed, question added": (["A", "B"], ["B"], ["Ap", "B"], {("sections", "A")}),
    "removed, question moved in": (["A", "Bp"], ["Bp"], ["Ap", "B"], {("sections", "A")}),
    "removed, questions swapped": (["Apq", "B"], ["B"], ["Aqp", "B"], {("sections", "A")}),
    "removed, question moved out": (["Ap", "B"], ["B"], ["A", "Bp"], {("questions", "p")}),
}


@pytest.mark.parametrize("name", CONFLICTS)
@pytest.mark.parametrize("swapped", [False, True])
def test_conflicts(name: str, *, swapped: bool) -> None:
    """Two intentions that exclude each other are a conflict with exactly these paths, whoever comes first."""
    texts = CONFLICTS[name]
    base, mine, theirs = (build(side) for side in texts[:3])
    with pytest.raises(Conflict) as caught:
        merge(base, *((theirs, mine) if swapped else (mine, theirs)))
    assert texts[3] == set(caught.value.paths)


def test_a_conflict_says_where() -> None:
    """All conflicts are found at once, and the message names them."""
    base = build(["Ap", "B"])
    mine, theirs = deepcopy(base), deepcopy(base)
    for side, text in ((mine, "mine"), (theirs, "theirs")):
        side.title = text
        side.sections[0].body = text
        side.sections[0].questions[0].answer = text
    mine.sections[1].heading = "kept"
    del theirs.sections[1]
    with pytest.raises(Conflict) as caught:
        merge(base, mine, theirs)
    paths = (("title",), ("sections", "A", "body"), ("sections", "B"), ("questions", "p", "answer"))
    assert paths == caught.value.paths
    assert (
        caught.value.message == "Changed in two ways: title, sections.A.body, sections.B, questions.p.answer."
    )


def test_other_locales_are_refused() -> None:
    """Drafts of two locales have nothing to merge."""
    with pytest.raises(ValueError, match="one locale"):
        merge(build([]), build([]), replace(build([]), locale="de"))


def test_the_fields_of_this_test_are_all() -> None:
    """A field that is added to drafts is merged, and must be tested here too."""
    apart = {"locale", "sections", "questions", "key"}
    for draft, names in ((ArticleDraft, ARTICLE), (SectionDraft, SECTION), (QuestionDraft, QUESTION)):
        assert {field.name for field in fields(draft)} - apart == set(names)

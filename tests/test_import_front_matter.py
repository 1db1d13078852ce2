"""Front matter: values as they were written, moments, and a refusal with a line for everything broken."""

from __future__ import annotations

import math

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.importing.front_matter import moment_of, split_front_matter
from api.importing.refusal import Refusal


def refuse(text: str) -> Refusal:
    """Return the refusal that a text meets."""
    with pytest.raises(Refusal) as caught:
        split_front_matter(text)
    return caught.value


def test_text_without_front_matter_is_all_body() -> None:
    matter = split_front_matter("Words.\n\n---\n\nMore.")
    assert (matter.body, matter.body_line, matter.values) == ("Words.\n\n---\n\nMore.", 1, {})


def test_rule_that_opens_a_text_is_no_front_matter() -> None:
    assert split_front_matter("---\n\nWords.").body == "---\n\nWords."


@pytest.mark.parametrize("last", ["---", "...", "---  "])
def test_yaml_ends_at_its_closing_line(last: str) -> None:
    matter = split_front_matter(f"---\ntitle: Tea\n{last}\nBody")
    assert (matter.values, matter.body, matter.body_line, matter.lines) == (
        {"title": "Tea"},
        "Body",
        4,
        {"title": 2},
    )


def test_empty_front_matter_is_none_at_all() -> None:
    matter = split_front_matter("---\n---\nBody")
    assert (matter.values, matter.body, matter.body_line) == ({}, "Body", 3)


@pytest.mark.parametrize(
    "written", ["404", "2026-01-02", "Yes", "no", "010", "12:30", "1.10", "0x1F", "1e3", ".nan"]
)
def test_scalar_stays_as_it_was_written(written: str) -> None:
    assert split_front_matter(f"---\nslug: {written}\n---\n").written == {"slug": written}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("404", 404),
        ("-1", -1),
        ("2.5", 2.5),
        ("true", True),
        ("no", "no"),
        ("010", "010"),
        ("12:30", "12:30"),
        (".inf", ".inf"),
        ("99999999999999999999999", "99999999999999999999999"),
        ("~", None),
        ("2026-01-02", "2026-01-02"),
        ("2026-01-02 10:30:00 +02:00", "2026-01-02T10:30:00+02:00"),
        ("2026-13-45", "2026-13-45"),
        ("[1, two]", [1, "two"]),
    ],
)
def test_left_over_values_are_what_json_would_read(written: str, value: object) -> None:
    assert split_front_matter(f"---\nfield: {written}\n---\n").values == {"field": value}


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("---\ntitle: Tea\nwords without end", "BAD_FRONT_MATTER", 1),
        ("---\na: 1\ntitle: a: b\n---\n", "BAD_FRONT_MATTER", 3),
        ("---\na: [1\n---\n", "BAD_FRONT_MATTER", 3),
        ("---\na: 1\nb: 2\na: 3\n---\n", "BAD_FRONT_MATTER", 4),
        ("---\njust words\n---\n", "BAD_FRONT_MATTER", 2),
        ("---\n? [a]\n: 1\n---\n", "BAD_FRONT_MATTER", 2),
        ("---\na: &x [*x]\n---\n", "BAD_FRONT_MATTER", 2),
        ('---\na: "\\0"\n---\n', "BAD_CHARACTER", 2),
        ("---\na: \x07\n---\n", "BAD_CHARACTER", 1),
        ("+++\na = 1\nb = \n+++\n", "BAD_FRONT_MATTER", 3),
        ("+++\na = 1\na = 2\n+++\n", "BAD_FRONT_MATTER", 3),
        ('+++\na = "\\u0000"\n+++\n', "BAD_CHARACTER", 1),
        (f"+++\na = {'[' * 5000}{']' * 5000}\n+++\n", "BAD_FRONT_MATTER", 1),
    ],
)
def test_broken_front_matter_is_refused_with_its_line(text: str, code: str, line: int) -> None:
    refusal = refuse(text)
    assert (refusal.code, refusal.line) == (code, line)


def test_aliases_that_multiply_are_refused_instead_of_filling_the_memory() -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 12))
    assert refuse(f"---\nl0: &l0 [x]\n{levels}---\n").code == "BAD_FRONT_MATTER"


def test_yaml_that_names_python_objects_builds_none() -> None:
    assert split_front_matter("---\na: !!python/name:os.system ls\n---\n").values == {"a": "ls"}


def test_toml_keeps_numbers_as_written_for_texts() -> None:
    matter = split_front_matter("+++\ntitle = 1.10\nday = 2026-01-02\n[more]\nopen = true\n+++\nBody")
    assert matter.written == {"title": "1.10", "day": "2026-01-02", "more": {"open": "true"}}
    assert matter.values == {"title": 1.1, "day": "2026-01-02", "more": {"open": True}}
    assert matter.body_line == 7


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1970-01-01", 0),
        ("1970-01-02", 86_400_000),
        ("1970-1-1 00:00:01", 1_000),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1970-01-01 01:00:00 +0100", 0),
        ("1969-12-31T23:00:00-01:00", 0),
        ("1970-01-01T00:00:00.1234567Z", 123),
        ("1969-12-31T23:59:59.5Z", -500),
    ],
)
def test_moments_are_milliseconds_in_utc(written: str, expected: int) -> None:
    assert moment_of(written) == expected


@pytest.mark.parametrize(
    "written", ["", "soon", "2026-02-30", "2026", "1767312000", "2026-01-02T25:00", "02.01.2026"]
)
def test_what_is_no_date_of_the_calendar_is_no_moment(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        moment_of(written)


@given(st.text(max_size=200), st.sampled_from(["---", "+++"]))
def test_any_text_is_read_or_refused_and_gives_json(text: str, fence: str) -> None:
    """No front matter raises anything but Refusal, and its values can be written as JSON."""
    try:
        matter = split_front_matter(f"{fence}\n{text}\n{fence}\nBody")
    except Refusal:
        return
    orjson.dumps(matter.values)


@given(st.floats())
def test_numbers_that_json_lacks_never_become_values(number: float) -> None:
    value = split_front_matter(f"---\nn: {number}\n---\n").values["n"]
    assert isinstance(value, str) or (isinstance(value, int | float) and math.isfinite(value))

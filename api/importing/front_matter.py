"""YAML and TOML front matter: where it ends, what it says, and how its values were written.

It knows the two syntaxes and nothing about which fields an article has.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field

import yaml

from api.importing.refusal import Refusal

DEEPEST = 40
MOST_VALUES = 20_000
LARGEST_INTEGER = 2**53
JSON_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
LOOKS_LIKE_A_FIELD = re.compile(r"[\w\"'-]+ *[:=]")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
TOML_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")
YAML_TAG = "tag:yaml.org,2002:"
MOMENT = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)"
    r"(?:[Tt ]\s*(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|z|UTC|GMT|([+-])(\d\d?)(?::?(\d\d))?)?)?"
)
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands before the body.

    `values` holds JSON values (dates as ISO 8601 text). `written` has the same shape with every scalar as
    its text in the file, so that `slug: 404` and `title: Yes` stay what the author typed. `lines` says where
    each field of the outermost level stands, `body_line` where the body begins; both count from 1.
    """

    body: str
    body_line: int = 1
    values: dict[str, object] = field(default_factory=dict)
    written: dict[str, object] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


def split_front_matter(text: str) -> FrontMatter:
    """Return the front matter of a file and the rest as body.

    The text has LF line ends and no byte order mark. YAML stands between `---` lines (the last may be `...`),
    TOML between `+++` lines. Raises Refusal (BAD_FRONT_MATTER, BAD_CHARACTER) naming the line.
    """
    first, _, rest = text.partition("\n")
    fence = first.rstrip()
    if fence not in ("---", "+++"):
        return FrontMatter(body=text)
    ends = ("---", "...") if fence == "---" else ("+++",)
    lines = rest.split("\n")
    last = next((number for number, line in enumerate(lines) if line.rstrip() in ends), None)
    if last is None:
        if LOOKS_LIKE_A_FIELD.match(rest):
            raise Refusal("BAD_FRONT_MATTER", f"The front matter opened by {fence!r} is never closed.", 1)
        return FrontMatter(body=text)
    read = _read_yaml if fence == "---" else _read_toml
    return read("\n".join(lines[:last]), "\n".join(lines[last + 1 :]), last + 3)


def moment_of(written: str) -> int:
    """Return an ISO 8601 date or moment as milliseconds since 1970; without a zone it is taken as UTC.

    Spaces instead of `T` and before the zone are accepted, as YAML 1.1 timestamps and Jekyll have them.
    Raises ValueError where the text is no date, or not one of the calendar.
    """
    found = MOMENT.fullmatch(written.strip())
    if found is None:
        raise ValueError(f"{written!r} is not an ISO 8601 date.")
    year, month, day, hour, minute, second, fraction, _, sign, zone_hours, zone_minutes = found.groups()
    offset = dt.timedelta(hours=int(zone_hours or 0), minutes=int(zone_minutes or 0))
    moment = dt.datetime(
        int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=dt.UTC
    )
    milliseconds = (moment - EPOCH - (-offset if sign == "-" else offset)) // dt.timedelta(milliseconds=1)
    return milliseconds + int((fraction or "0").ljust(3, "0")[:3])


def _read_yaml(source: str, body: str, body_line: int) -> FrontMatter:
    try:
        root = yaml.compose(source, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise Refusal("BAD_FRONT_MATTER", f"The YAML cannot be read: {error.problem}.", line) from error
    except yaml.reader.ReaderError as error:
        raise Refusal("BAD_CHARACTER", f"The YAML cannot be read: {error.reason}.", 1) from error
    if root is None:
        return FrontMatter(body=body, body_line=body_line)
    if not isinstance(root, yaml.MappingNode):
        raise Refusal("BAD_FRONT_MATTER", "The front matter is not a list of `field: value`.", 2)
    lines = _field_lines(root)
    values, written = _Reading(_json_scalar).mapping(root), _Reading(_written_scalar).mapping(root)
    return FrontMatter(body, body_line, values, written, lines)


def _field_lines(root: yaml.MappingNode) -> dict[str, int]:
    lines: dict[str, int] = {}
    for key, _ in root.value:
        line = key.start_mark.line + 2
        if isinstance(key, yaml.ScalarNode) and key.value in lines:
            raise Refusal("BAD_FRONT_MATTER", f"The field {key.value!r} stands twice.", line)
        if isinstance(key, yaml.ScalarNode):
            lines[key.value] = line
    return lines


class _Reading:
    """One walk over composed YAML; it counts, because aliases let a short text stand for a huge value."""

    def __init__(self, scalar: Callable[[yaml.ScalarNode], object]) -> None:
        self.scalar = scalar
        self.seen = 0

    def mapping(self, node: yaml.MappingNode, depth: int = 0) -> dict[str, object]:
        return {_key_text(key): self.value(value, depth + 1) for key, value in node.value}

    def value(self, node: yaml.Node, depth: int) -> object:
        self.seen += 1
        line = node.start_mark.line + 2
        if self.seen > MOST_VALUES or depth > DEEPEST:
            raise Refusal("BAD_FRONT_MATTER", "The front matter is nested too deeply or too large.", line)
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        assert isinstance(node, yaml.ScalarNode)
        _check_characters(node.value, line)
        return self.scalar(node)


def _key_text(key: yaml.Node) -> str:
    line = key.start_mark.line + 2
    if not isinstance(key, yaml.ScalarNode):
        raise Refusal("BAD_FRONT_MATTER", "A field's name must be a plain word.", line)
    _check_characters(key.value, line)
    return str(key.value)


def _check_characters(text: str, line: int) -> None:
    if UNSTORABLE.search(text):
        raise Refusal("BAD_CHARACTER", "The front matter holds a NUL or half a character.", line)


def _written_scalar(node: yaml.ScalarNode) -> object:
    return None if node.tag == f"{YAML_TAG}null" else str(node.value)


def _json_scalar(node: yaml.ScalarNode) -> object:
    text = str(node.value)
    kind = node.tag.removeprefix(YAML_TAG)
    if kind == "null":
        return None
    # YAML 1.1 reads `no` as false, `12:30` as 750 and `010` as 8; what JSON would not read so stays text.
    if kind == "bool" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if kind in ("int", "float") and JSON_NUMBER.fullmatch(text):
        return _number(text)
    return _iso(text) if kind == "timestamp" else text


def _number(text: str) -> object:
    number = float(text) if re.search("[.eE]", text) else int(text) if len(text) < 20 else None
    return number if number is not None and abs(number) <= LARGEST_INTEGER else text


def _iso(text: str) -> str:
    try:
        moment_of(text)
    except ValueError:
        return text
    return re.sub(r"(?<=\d)[Tt ]\s*(?=\d)", "T", text, count=1).replace(" ", "")


def _read_toml(source: str, body: str, body_line: int) -> FrontMatter:
    try:
        table = tomllib.loads(source)
        # Floats are kept as they were written here: 1.10 is a fine title and not 1.1.
        as_text = tomllib.loads(source, parse_float=str)
    except tomllib.TOMLDecodeError as error:
        place = TOML_PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else source.count("\n") + 1
        message = TOML_PLACE.sub("", str(error))
        raise Refusal("BAD_FRONT_MATTER", f"The TOML cannot be read: {message}.", line + 1) from error
    except RecursionError as error:
        raise Refusal("BAD_FRONT_MATTER", "The front matter is nested too deeply or too large.", 1) from error
    values = {key: _toml_value(value, _toml_json) for key, value in table.items()}
    written = {key: _toml_value(value, _toml_text) for key, value in as_text.items()}
    return FrontMatter(body, body_line, values, written)


def _toml_value(value: object, scalar: Callable[[object], object], depth: int = 0) -> object:
    if depth > DEEPEST:
        raise Refusal("BAD_FRONT_MATTER", "The front matter is nested too deeply or too large.", 1)
    if isinstance(value, dict):
        return {key: _toml_value(inner, scalar, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [_toml_value(inner, scalar, depth + 1) for inner in value]
    if isinstance(value, str):
        _check_characters(value, 1)
    return scalar(value)


def _toml_text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _toml_json(value: object) -> object:
    if isinstance(value, int | float) and not abs(value) <= LARGEST_INTEGER:
        return str(value)
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value

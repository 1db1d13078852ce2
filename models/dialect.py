"""What differs between SQLite and PostgreSQL in the statements that we write ourselves.

Statements are written once with `?` for each parameter; this module turns them into a database's own form.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any

import orjson

NOT_READ = "NULL"
"""Stands among the columns of a statement for one that is not read."""


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of a statement with its parameters, one for each `?` in the text, in order."""

    text: str
    parameters: tuple[object, ...] = ()

    def __add__(self, other: Sql) -> Sql:
        """Return both pieces as one, separated by a space."""
        return Sql(f"{self.text} {other.text}", self.parameters + other.parameters)


def join(separator: str, pieces: Sequence[Sql]) -> Sql:
    """Return the pieces as one, with `separator` between them."""
    parameters = tuple(parameter for piece in pieces for parameter in piece.parameters)
    return Sql(separator.join(piece.text for piece in pieces), parameters)


@dataclass(frozen=True, slots=True)
class Dialect:
    """One database's way of saying it; `name` is Tortoise's name of the dialect."""

    name: str

    @property
    def clock(self) -> str:
        """Return the database's own present moment."""
        if self.name == "postgres":
            return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
        return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"

    def one_of(self, column: str, values: Sequence[object]) -> Sql:
        """Return the condition that `column` is one of `values`, the same statement for any number of them."""
        if self.name == "postgres":
            return Sql(f"{column} = ANY(?)", (list(values),))
        return Sql(f"{column} IN (SELECT value FROM json_each(?))", (write_list(values),))

    def points(self, points: Sequence[tuple[int, int, str]]) -> Sql:
        """Return these rows as a table with the columns `revision`, `moment` and `article_id`."""
        if self.name == "postgres":
            columns = [list(column) for column in zip(*points, strict=True)]
            text = "unnest(?::bigint[], ?::bigint[], ?::text[]) AS t(revision, moment, article_id)"
            return Sql(f"(SELECT * FROM {text})", tuple(columns))
        names = ("revision", "moment", "article_id")
        parts = ", ".join(f"json_extract(value, '$[{i}]') AS {name}" for i, name in enumerate(names))
        return Sql(f"(SELECT {parts} FROM json_each(?))", (orjson.dumps(points).decode(),))

    def gather(self, table: str, owner: str, columns: Sequence[str], owners: Sequence[object]) -> Sql:
        """Return the statement that reads the rows of these owners, in whatever order; `gathered` returns them.

        SQLite's driver hands over row by row from its thread, and waits for the event loop's each time: all of them
        in one JSON text take half as long, and a fraction while others are served.
        """
        return Sql(f"SELECT {self.gathering((owner, *columns))} FROM {table} WHERE") + self.one_of(
            owner, owners
        )

    def gathering(self, columns: Sequence[str]) -> str:
        """Return what a statement selects whose rows `gathered` returns."""
        chosen = ", ".join(columns)
        return f"json_group_array(json_array({chosen})) AS gathered" if self.name == "sqlite" else chosen

    def gathered(self, rows: Sequence[Any]) -> Iterable[list[Any]]:
        """Return the values of each row that a statement of `gather` or `gathering` read."""
        if self.name == "postgres":
            return map(list, rows)
        values: list[list[Any]] = orjson.loads(rows[0]["gathered"])
        return values

    def last_editions(self, table: str, owner: str, owners: Sequence[str], before: Sql, most: int) -> Sql:
        """Return the last editions before `before` that have each of these owners in a table, at most so many of each.

        As a table with a column of the owner's name and `edition_id`. No more is read of the index of these two.
        """
        if self.name == "postgres":
            # A span in the order of the index instead of one owner: the planner, which does not know how common that
            # is, would else take all of its editions and sort them, or all editions and look for the owner.
            last = f"SELECT DISTINCT x.{owner}, x.edition_id FROM {table} x WHERE x.{owner} >= o.value"
            each = f"(SELECT x.{owner}, x.edition_id FROM UNNEST(CAST(? AS TEXT[])) o(value) CROSS JOIN LATERAL ({last}"
            span = Sql(f"{each} AND (x.{owner}, x.edition_id) < (o.value,", (list(owners),)) + before
            return span + Sql(f") ORDER BY x.{owner} DESC, x.edition_id DESC LIMIT ?) x)", (most,))
        # SQLite has no LATERAL: all are read from the last one but so many.
        each = f"(SELECT DISTINCT x.{owner}, x.edition_id FROM json_each(?) o CROSS JOIN {table} x"
        span = Sql(f"x.{owner} = o.value AND x.edition_id <") + before
        first = Sql(f"SELECT DISTINCT x.edition_id FROM {table} x WHERE") + span
        first += Sql("ORDER BY x.edition_id DESC LIMIT 1 OFFSET ?", (most - 1,))
        from_first = Sql("AND x.edition_id >= COALESCE((") + first + Sql("), 0))")
        return Sql(f"{each} ON", (write_list(owners),)) + span + from_first

    def list_texts(self, column: str, alias: str) -> str:
        """Return the texts of a JSON list as a table with the column `value`."""
        if self.name == "postgres":
            return f"json_array_elements_text(CAST({column} AS JSON)) AS {alias}(value)"
        return f"json_each({column}) {alias}"

    def contains(self, column: str, text: str) -> Sql:
        """Return the condition that `text` stands somewhere in `column`, byte for byte."""
        function = "strpos" if self.name == "postgres" else "instr"
        return Sql(f"{function}({column}, ?) > 0", (text,))

    def starts_with(self, column: str, text: str) -> Sql:
        """Return the condition that `column` begins with `text`, byte for byte."""
        return Sql(f"substr({column}, 1, {len(text)}) = ?", (text,))

    def first_part(self, path: str) -> str:
        """Return what stands in a path behind its first slash, up to the next one."""
        if self.name == "postgres":
            return f"SPLIT_PART({path}, '/', 2)"
        return f"SUBSTR({path}, 2, INSTR(SUBSTR({path}, 2) || '/', '/') - 1)"

    def bytewise(self, text: str) -> str:
        """Return a text that is compared and sorted by its bytes."""
        return f'{text} COLLATE "C"' if self.name == "postgres" else text

    def least(self, *expressions: str) -> str:
        """Return the least of several values, none of which is null."""
        return f"{'LEAST' if self.name == 'postgres' else 'MIN'}({', '.join(expressions)})"

    def final(self, text: str) -> str:
        """Return a statement with this database's placeholders."""
        return number_placeholders(text) if self.name == "postgres" else text


def write_list(values: Sequence[object]) -> str:
    """Return values as SQLite's `json_each` takes them."""
    return orjson.dumps(list(values)).decode()


@lru_cache(maxsize=2000)
def number_placeholders(text: str) -> str:
    """Return the statement with `$1`, `$2` … for each `?`."""
    numbers = count(1)
    first, *rest = text.split("?")
    return first + "".join(f"${next(numbers)}{piece}" for piece in rest)


SQLITE = Dialect("sqlite")
POSTGRES = Dialect("postgres")

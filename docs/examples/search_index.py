"""A search index that is kept in step with Quiet Engine; SQLite's full-text search stands for whatever engine you use.

    python3 search_index.py update         brings the index up to date; the first time it reads everything
    python3 search_index.py find WORD...   prints the articles in which all the words stand

The index lies in the file search-LOCALE.sqlite3; `in_step.py` says what else can be set.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from in_step import FAILURES, LOCALE, URL, Copy


class SearchIndex(Copy):
    """Title and text of all articles, ready to be searched."""

    shown = """fragment Shown on Article {
      id path title summary intro { text }
      sections { heading body { text } pros cons }
      questions { question answer { text } }
    }"""

    def __init__(self, database: sqlite3.Connection) -> None:
        super().__init__(database)
        database.execute("PRAGMA journal_mode = WAL")  # Searches go on while the index is brought up to date.
        columns = "number INTEGER PRIMARY KEY, id TEXT UNIQUE, path TEXT, title TEXT"
        database.execute(f"CREATE TABLE IF NOT EXISTS article ({columns})")
        database.execute("CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(title, text)")

    def put(self, article: dict[str, Any]) -> None:
        """Put an article into the index, in place of the one with its id."""
        self.remove(article["id"])
        found = self.database.execute(
            "INSERT INTO article (id, path, title) VALUES (?, ?, ?) RETURNING number",
            (article["id"], article["path"], article["title"]),
        )
        words = (*found.fetchone(), article["title"], "\n".join(filter(None, read_texts(article))))
        self.database.execute("INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)", words)

    def remove(self, article_id: str) -> None:
        """Take an article out of the index, if it is there."""
        number = "(SELECT number FROM article WHERE id = ?)"
        self.database.execute(f"DELETE FROM words WHERE rowid = {number}", (article_id,))
        self.database.execute("DELETE FROM article WHERE id = ?", (article_id,))

    def clear(self) -> None:
        """Take all articles out of the index."""
        self.database.execute("DELETE FROM words")
        self.database.execute("DELETE FROM article")

    def find(self, words: list[str]) -> list[tuple[str, str]]:
        """Return path and title of the articles in which all the words stand, the best first."""
        wanted = " ".join('"' + word.replace('"', '""') + '"' for word in words)
        found = self.database.execute(
            "SELECT a.path, a.title FROM words JOIN article a ON a.number = words.rowid "
            "WHERE words MATCH ? ORDER BY rank",
            (wanted,),
        )
        return found.fetchall()

    def __len__(self) -> int:
        return int(self.database.execute("SELECT count(*) FROM article").fetchone()[0])


def read_texts(article: dict[str, Any]) -> Iterator[str | None]:
    """Yield the texts of an article."""
    yield from (article["summary"], article["intro"]["text"])
    for section in article["sections"]:
        yield from (section["heading"], section["body"]["text"], *section["pros"], *section["cons"])
    for question in article["questions"]:
        yield from (question["question"], question["answer"]["text"])


def main() -> None:
    """Do what the command line says."""
    file = f"search-{LOCALE}.sqlite3"
    with closing(sqlite3.connect(file, timeout=60, isolation_level=None)) as database:
        index = SearchIndex(database)
        match sys.argv[1:]:
            case ["update"]:
                index.update()
                print(len(index), "articles")
            case ["find", *words] if words:
                for path, title in index.find(words):
                    print(path, title, sep="\t")
            case _:
                sys.exit(__doc__)


if __name__ == "__main__":
    try:
        main()
    except FAILURES as error:
        sys.exit(f"{URL}: {error}")

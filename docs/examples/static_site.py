"""A static site that is kept in step with Quiet Engine: a folder with one HTML file for each article.

    python3 static_site.py FOLDER            brings the folder up to date; the first time it reads everything
    python3 static_site.py FOLDER --follow   and then again whenever something happens

FOLDER/SITE/LOCALE/SLUG/index.html is the page of an article; FOLDER/LOCALE.sqlite3 holds the articles and the cursor.
`in_step.py` says what can be set.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sqlite3
import sys
import time
from contextlib import closing, suppress
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from in_step import FAILURES, LOCALE, URL, Copy, fetch, read_articles

LINKS = """query Links($locales: [Locale!], $after: String) @view(locales: $locales) {
  articles(first: 100, after: $after) {
    nodes { id links { url article { path } } }
    pageInfo { hasNextPage endCursor }
  }
}"""
LINK = re.compile(r'(<a(?:\s[^\s=>"/]+="[^"]*")*?\shref=")([^"]*)"')
PAGE = """<!doctype html>
<html lang="{locale}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<meta name="description" content="{summary}">
<h1>{title}</h1>
{body}
</html>
"""


class Articles(Copy):
    """What the pages show of all articles, and the names of the files that were ever written and not yet deleted."""

    shown = """fragment Shown on Article {
      id path locale title summary site { key } intro { html }
      sections { id level heading anchor body { html } pros cons }
      questions { anchor question answer { html } section { id } }
    }"""

    def __init__(self, database: sqlite3.Connection) -> None:
        super().__init__(database)
        database.execute("CREATE TABLE IF NOT EXISTS article (id TEXT PRIMARY KEY, file TEXT, shown TEXT)")
        database.execute("CREATE TABLE IF NOT EXISTS written (file TEXT PRIMARY KEY)")

    def put(self, article: dict[str, Any]) -> None:
        """Put an article into the copy, in place of the one with its id."""
        file = f"{article['site']['key']}{article['path']}/index.html"
        values = (article["id"], file, json.dumps(article))
        self.database.execute("INSERT OR REPLACE INTO article VALUES (?, ?, ?)", values)

    def remove(self, article_id: str) -> None:
        """Take an article out of the copy, if it is there."""
        self.database.execute("DELETE FROM article WHERE id = ?", (article_id,))

    def clear(self) -> None:
        """Take all articles out of the copy."""
        self.database.execute("DELETE FROM article")


def update(folder: Path) -> dict[str, Any]:
    """Bring a folder up to date; return the position that it is of. Raises one of FAILURES."""
    folder.mkdir(parents=True, exist_ok=True)
    with closing(
        sqlite3.connect(folder / f"{LOCALE}.sqlite3", timeout=600, isolation_level=None)
    ) as database:
        # Whoever else updates the folder waits here, until this connection is closed.
        database.executescript("BEGIN EXCLUSIVE; PRAGMA locking_mode = EXCLUSIVE; COMMIT")
        articles = Articles(database)
        articles.update()
        written, deleted = write_files(folder, database)
        print(f"{written} written, {deleted} deleted", flush=True)
        return articles.position


def write_files(folder: Path, database: sqlite3.Connection) -> tuple[int, int]:
    """Make the files what the copy says; return how many were written and deleted."""
    # Where others are is not told as a change of the article that links to them: it is asked for each time.
    links = {article["id"]: article["links"] for articles, _ in read_articles(LINKS) for article in articles}
    # Noted before it is written: whatever ends this program, no file is forgotten.
    database.execute("INSERT OR IGNORE INTO written SELECT file FROM article")
    changed = 0
    for article_id, file, shown in database.execute("SELECT id, file, shown FROM article"):
        page = point_links(render(json.loads(shown)), links.get(article_id, []))
        changed += write_file(folder, file, page.encode())
    gone = database.execute("SELECT file FROM written EXCEPT SELECT file FROM article").fetchall()
    for (file,) in gone:
        delete_file(folder, file)
        database.execute("DELETE FROM written WHERE file = ?", (file,))
    return changed, len(gone)


def write_file(folder: Path, name: str, content: bytes) -> bool:
    """Let a file have this content, at once or not at all; tell whether it had another one."""
    file, new = folder / name, folder / f"{LOCALE}.new"
    if file.exists() and file.read_bytes() == content:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    with new.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    new.replace(file)
    return True


def delete_file(folder: Path, name: str) -> None:
    """Delete a file, and the folders that are empty then."""
    place = folder / name
    place.unlink(missing_ok=True)
    with suppress(OSError):  # It is not empty.
        while (place := place.parent) != folder:
            place.rmdir()


def render(article: dict[str, Any]) -> str:
    """Return the page of an article. What the service calls HTML is safe as it is; all else is text."""
    questions: dict[str | None, str] = {}
    for question in article["questions"]:
        section_id = question["section"] and question["section"]["id"]
        questions[section_id] = questions.get(section_id, "") + render_question(question)
    sections = [render_section(section, questions.get(section["id"], "")) for section in article["sections"]]
    return PAGE.format(
        locale=escape(article["locale"]),
        title=escape(article["title"]),
        summary=escape(article["summary"] or ""),
        body="\n".join([article["intro"]["html"], questions.get(None, ""), *sections]),
    )


def render_section(section: dict[str, Any], questions: str) -> str:
    """Return the HTML of a section in which these questions stand."""
    level, heading = section["level"], escape(section["heading"] or "")
    points = render_points("pros", section["pros"]) + render_points("cons", section["cons"])
    return (
        f'<section id="{escape(section["anchor"])}">\n'
        + (f"<h{level}>{heading}</h{level}>\n" if heading else "")
        + f"{section['body']['html']}{points}{questions}</section>"
    )


def render_points(name: str, points: list[str]) -> str:
    """Return the HTML of what speaks for something or against it."""
    items = "".join(f"<li>{escape(point)}</li>\n" for point in points)
    return f'<ul class="{name}">\n{items}</ul>\n' if points else ""


def render_question(question: dict[str, Any]) -> str:
    """Return the HTML of a question and its answer."""
    anchor, text = escape(question["anchor"]), escape(question["question"])
    return f'<details id="{anchor}"><summary>{text}</summary>\n{question["answer"]["html"]}</details>\n'


def point_links(page: str, links: list[dict[str, Any]]) -> str:
    """Return a page whose links lead to the present paths of the articles that their authors meant."""
    paths = {link["url"]: link["article"]["path"] for link in links if link["article"]}

    def point(found: re.Match[str]) -> str:
        url = unescape(found[2])
        _, mark, fragment = url.partition("#")
        return f'{found[1]}{escape(paths[url] + mark + fragment)}"' if url in paths else found[0]

    return LINK.sub(point, page)


def follow(folder: Path) -> None:
    """Bring a folder up to date, and again whenever something has happened, for ever."""
    while True:
        try:
            wait(update(folder))
        except FAILURES as error:
            print(f"{URL}: {error}; trying again", file=sys.stderr)
            time.sleep(5)


def wait(position: dict[str, Any]) -> None:
    """Return when something has happened since a position. Raises one of FAILURES."""
    with fetch(f"/changes?{urlencode({'locale': LOCALE, **position})}") as events:
        for line in events:
            if line.startswith(b"data:"):
                return


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description="Keeps a static site in step with Quiet Engine.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--follow", action="store_true", help="go on, as soon as something happens")
    chosen = parser.parse_args()
    (follow if chosen.follow else update)(chosen.folder)


if __name__ == "__main__":
    try:
        main()
    except FAILURES as error:
        sys.exit(f"{URL}: {error}")

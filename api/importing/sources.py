"""Which source reads a path: by what the folder holds, or by the file's ending."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from api.importing.json_lines import JsonLines
from api.importing.markdown_folder import PASSED_OVER, MarkdownFolder
from api.importing.redirect_file import RedirectLine
from api.importing.scraped_text import ScrapedText
from api.importing.source import Notice, Severity, Source, SourceArticle

MARKDOWN = (".md", ".markdown")
JSON_LINES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")
NOT_TEXT = ("_redirects.txt", "robots.txt", "llms.txt", "requirements.txt", "license.txt")


class Sources:
    """What a path holds: one or several sources, read one after the other."""

    def __init__(self, path: Path, sources: list[Source]) -> None:
        self._path = path
        self._sources = sources

    def __str__(self) -> str:
        # A path need not be UTF-8; what is stored of it has to be.
        return os.fsencode(self._path).decode("utf-8", "replace")

    def read(self) -> Iterator[SourceArticle | Notice]:
        """Yield what all sources have."""
        for source in self._sources:
            yield from source.read()
        if not self._sources:
            message = (
                "Nothing to import here: no Markdown (.md), JSON Lines (.jsonl, .jsonl.gz) or text (.txt)."
            )
            yield Notice(Severity.REFUSED, str(self), 0, "NOTHING_FOUND", message)

    def redirect_lines(self) -> Iterator[RedirectLine | Notice]:
        """Yield the lines of all redirect lists."""
        for source in self._sources:
            if isinstance(source, MarkdownFolder):
                yield from source.redirect_lines()


def open_sources(path: Path) -> Sources:
    """Return the sources that read this folder or file, which exists."""
    files = sorted(find_files(path)) if path.is_dir() else [path]
    sources: list[Source] = []
    if any(file.suffix.lower() in MARKDOWN for file in files):
        sources.append(MarkdownFolder(path))
    sources += [JsonLines(file) for file in files if file.name.lower().endswith(JSON_LINES)]
    texts = [file for file in files if is_text(file)]
    if texts:
        sources.append(ScrapedText(texts))
    return Sources(path, sources)


def find_files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, but for those that are hidden or of other people's packages."""
    for file in folder.rglob("*"):
        below = file.relative_to(folder).parts
        if file.is_file() and not any(part.startswith(".") or part in PASSED_OVER for part in below):
            yield file


def is_text(file: Path) -> bool:
    """Tell whether a file is a scraped article, and not one of the text files that sites have beside them."""
    return file.suffix.lower() == ".txt" and file.name.lower() not in NOT_TEXT

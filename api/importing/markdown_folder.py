"""A folder of Markdown files, or one such file, as a source of articles.

It walks the folder and reads files safely; what a file means is `markdown_article`'s matter.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from api.importing.markdown_article import MarkdownFile, read_article
from api.importing.placement import Layout, read_locale
from api.importing.redirect_file import NAMES, RedirectLine, read_redirects
from api.importing.refusal import Refusal
from api.importing.source import Notice, Severity, SourceArticle

ENDINGS = (".md", ".markdown")
LARGEST = 16 * 1024 * 1024
PASSED_OVER = ("node_modules",)


@dataclass(frozen=True, slots=True)
class _Found:
    """A file of interest: where it is, and its path below the root in POSIX form."""

    path: Path
    below: PurePosixPath
    is_outside: bool


class MarkdownFolder:
    """Articles from the `.md` and `.markdown` files below a folder, in the order of their paths.

    `default_locale` is for files whose front matter and folders name none; a root that is itself called
    like a locale stands before it. Hidden folders and linked folders are passed over.
    """

    def __init__(self, root: Path, default_locale: str = "en") -> None:
        self._root = root
        self._base = root if root.is_dir() else root.parent
        named = read_locale(root.resolve().name) if root.is_dir() else None
        self._default_locale = named or default_locale
        self._unreadable: list[OSError] = []

    def __str__(self) -> str:
        return str(self._root)

    def read(self) -> Iterator[SourceArticle | Notice]:
        """Yield each file's article, or a REFUSED notice that says why it has none."""
        files = [found for found in self._files() if found.below.suffix.lower() in ENDINGS]
        layout = Layout(found.below for found in files)
        for found in files:
            yield from self._read_file(found, layout)
        for error in self._unreadable:
            place = _shown(PurePosixPath(os.path.relpath(error.filename, self._base)))
            yield Notice(
                Severity.REFUSED, place, 0, "UNREADABLE", f"The folder cannot be read: {error.strerror}."
            )
        if not files:
            message = f"No Markdown files ({', '.join(ENDINGS)}) were found in {str(self._root)!r}."
            yield Notice(Severity.REFUSED, "", 0, "NOTHING_FOUND", message)

    def redirect_lines(self) -> Iterator[RedirectLine | Notice]:
        """Yield the lines of the redirect lists (`_redirects.txt`, `_redirects`) below the root."""
        files = list(self._files())
        layout = Layout(found.below for found in files if found.below.suffix.lower() in ENDINGS)
        for found in files:
            if found.below.name not in NAMES:
                continue
            try:
                text = _read_text(found)
            except Refusal as refusal:
                yield refusal.notice(_shown(found.below))
            else:
                yield from read_redirects(text, _shown(found.below), layout.place(found.below).locale)

    def _read_file(self, found: _Found, layout: Layout) -> Iterator[SourceArticle | Notice]:
        try:
            text = _read_text(found)
            file = MarkdownFile(text, found.below, layout.place(found.below), self._default_locale)
            yield from read_article(file)
        except Refusal as refusal:
            yield refusal.notice(_shown(found.below))

    def _files(self) -> Iterator[_Found]:
        if not self._root.is_dir():
            yield _Found(self._root, PurePosixPath(self._root.name), is_outside=False)
            return
        self._unreadable.clear()
        found = [self._find(Path(folder, name)) for folder, names in self._folders() for name in names]
        yield from sorted(found, key=lambda file: file.below.parts)

    def _folders(self) -> Iterator[tuple[str, list[str]]]:
        for folder, below, names in os.walk(self._root, onerror=self._unreadable.append):
            below[:] = [name for name in below if not name.startswith(".") and name not in PASSED_OVER]
            yield folder, [name for name in names if not name.startswith(".") and _is_of_interest(name)]

    def _find(self, path: Path) -> _Found:
        below = PurePosixPath(path.relative_to(self._base).as_posix())
        try:
            outside = path.is_symlink() and not path.resolve().is_relative_to(self._base.resolve())
        except (OSError, RuntimeError):  # a link to itself; reading it says so
            outside = False
        return _Found(path, below, outside)


def _is_of_interest(name: str) -> bool:
    return name in NAMES or name.lower().endswith(ENDINGS)


def _shown(below: PurePosixPath) -> str:
    # File names need not be UTF-8; what the report shows has to be.
    return os.fsencode(str(below)).decode("utf-8", "replace")


def _read_text(found: _Found) -> str:
    """Return a file's text with LF line ends and no byte order mark; raise Refusal where it is no text."""
    if found.is_outside:
        raise Refusal("OUTSIDE_ROOT", "The file is a link that leads out of the imported folder.")
    if _shown(found.below) != str(found.below):
        raise Refusal("BAD_FILE_NAME", "The file's name is not UTF-8.")
    data = _read_bytes(found.path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refusal("BAD_ENCODING", f"The file is not UTF-8: {error.reason}.", line) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Refusal("BAD_CHARACTER", "The file holds a NUL character.", line)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read_bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise Refusal("UNREADABLE", "This is not a regular file, or a link that leads nowhere.")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise Refusal("UNREADABLE", f"The file cannot be read: {error.strerror}.") from error
    if len(data) > LARGEST:
        raise Refusal("TOO_LARGE", f"The file is larger than {LARGEST // 2**20} MiB.")
    return data

"""Fetching GraphiQL's files once, at set-up: npm installs the pinned lock, and the few served files are kept.

It runs as `python -m api.graphiql.install` and must not be needed by a running server.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from api.graphiql.third_party import THIRD_PARTY, ThirdPartyFile, integrity_of

FOLDER = Path(__file__).parent
ASSETS = FOLDER / "assets"
LICENCES = "licences.txt"
FONTS = """GraphiQL's style sheet carries two fonts:
Roboto, Apache License 2.0; Fira Code, SIL Open Font License 1.1.
"""


class InstallError(Exception):
    """The files could not be fetched, or are not the ones that were pinned."""


def install(npm: str, assets: Path = ASSETS) -> None:
    """Put the pinned files and the licences of all packages behind them into the folder `assets`.

    `npm` is the program to run. Raises InstallError and leaves `assets` as it was when npm fails or
    a file is not the pinned one.
    """
    with TemporaryDirectory() as place:
        workshop = Path(place)
        for manifest in ("package.json", "package-lock.json"):
            shutil.copy(FOLDER / manifest, workshop)
        run_npm(npm, workshop)
        packages = workshop / "node_modules"
        contents = {file.name: read_pinned(packages, file) for file in THIRD_PARTY}
        licences = "\n".join([FONTS, *read_licences(packages)])
    shutil.rmtree(assets, ignore_errors=True)
    assets.mkdir()
    for name, content in contents.items():
        (assets / name).write_bytes(content)
    (assets / LICENCES).write_text(licences, encoding="utf-8")


def run_npm(npm: str, workshop: Path) -> None:
    """Install the lock file in the folder `workshop`, running none of the packages' own scripts."""
    command = [npm, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=workshop, capture_output=True, text=True, check=False)  # noqa: S603 -- no shell, no input from outside
    if done.returncode:
        raise InstallError(f"npm ci failed:\n{done.stderr.strip()}")


def read_pinned(packages: Path, file: ThirdPartyFile) -> bytes:
    """Return the content of `file` under the folder `packages`; InstallError if it is not as pinned."""
    path = packages / file.package / file.path
    if not path.is_file():
        raise InstallError(f"{file.package} {file.version} holds no {file.path}")
    content = path.read_bytes()
    if integrity_of(content) != file.integrity:
        raise InstallError(f"{file.path} of {file.package} is not the pinned file: {integrity_of(content)}")
    return content


def read_licences(packages: Path) -> Iterator[str]:
    """Yield each package's licence under its name: the served bundles contain code of most of them."""
    for path in sorted(packages.rglob("*")):
        if path.is_file() and path.name.lower().startswith(("licence", "license", "copying")):
            text = path.read_text(encoding="utf-8").strip()
            yield f"{'=' * 20} {path.relative_to(packages).parent}\n{text}\n"


def main() -> int:
    """Install the files, say so in one sentence, and return the exit status for the shell."""
    npm = shutil.which("npm")
    if npm is None:
        print("npm is not installed: the GraphiQL page will load its files from a CDN.")
        return 0
    try:
        install(npm)
    except InstallError as error:
        print(f"{error}\nThe GraphiQL page will load its files from a CDN.", file=sys.stderr)
        return 1
    print("GraphiQL's files are installed; the page is served without a CDN.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

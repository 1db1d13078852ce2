"""The wheel: complete, one top-level name, and running where neither the checkout nor its names can be found."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

import httpx2
import pytest

from tests.serving import serving

ROOT = Path(__file__).resolve().parent.parent
COMMON_NAMES = ("api", "schema", "models", "migrations")
HOSTILE = 'raise RuntimeError("a foreign package of our name was imported")\n'


def run(command: Sequence[str | Path], folder: Path, **environment: str) -> str:
    """What `command` printed; the test fails with all of it if the command does."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": "", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def build(kind: str, source: Path, target: Path) -> Path:
    """Build a `wheel` or `sdist` of the tree `source` in the folder `target`, and return the file."""
    run([sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", target], source)
    return next(target.glob("*.whl" if kind == "wheel" else "*.tar.gz"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the checkout."""
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


class Installation:
    """An environment that has the wheel, this environment's packages, and not the checkout."""

    def __init__(self, wheel: Path, folder: Path) -> None:
        self.folder = folder
        venv.create(folder / "venv", with_pip=False, symlinks=True)
        self.bin = folder / "venv" / "bin"
        target: list[str | Path] = [
            sys.executable,
            "-m",
            "pip",
            "--python",
            self.bin / "python",
            "--disable-pip-version-check",
        ]
        run([*target, "install", "--no-deps", "--no-index", wheel], folder)
        paths = run(
            [self.bin / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder
        )
        self.packages = Path(paths.strip())
        # A path file makes the packages importable without downloads. Path files that lie in there are
        # not read, and so the editable installation of the checkout stays out.
        (self.packages / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n")

    def answer_head(self, command: Sequence[str | Path], folder: Path, **environment: str) -> object:
        """Migrate a new database in this folder, serve it, and return the answer to the smallest query."""
        environment = {
            "PYTHONPATH": "",
            "QUIET_DATABASE": f"sqlite://{folder / 'content.sqlite3'}",
            **environment,
        }
        run([*command, "migrate"], folder, **environment)
        with serving([*map(str, command), "serve"], folder, environment) as base:
            answer = httpx2.post(f"{base}/graphql", json={"query": "{ head }"}, trust_env=False, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]


@pytest.fixture(scope="module")
def installation(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation of the wheel."""
    return Installation(wheel, tmp_path_factory.mktemp("installation"))


def put_hostile_packages(folder: Path) -> None:
    """Put packages into `folder` that have our common names and raise when they are imported."""
    for name in COMMON_NAMES:
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text(HOSTILE)


def test_the_wheel_has_one_top_level_name(wheel: Path) -> None:
    names = {name.split("/")[0] for name in ZipFile(wheel).namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"quiet_engine"}


def test_the_wheel_has_every_file_of_the_packages(wheel: Path) -> None:
    expected = {
        f"quiet_engine/{path.relative_to(ROOT).as_posix()}"
        for name in COMMON_NAMES
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    packed = {name for name in ZipFile(wheel).namelist() if name.split("/")[1] in COMMON_NAMES}
    assert expected == packed
    for needed in ("schema/schema.graphql", "api/graphiql/start.js", "api/graphiql/package-lock.json"):
        assert f"quiet_engine/{needed}" in packed
    assert any(name.startswith("quiet_engine/migrations/") and name.endswith(".py") for name in packed)
    assert any(name.startswith("quiet_engine/api/sample/") and name.endswith(".md") for name in packed)


def test_a_wheel_built_from_the_source_distribution_is_the_same(wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(build("sdist", ROOT, tmp_path / "sdist")) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    source = next((tmp_path / "source").iterdir())
    again = build("wheel", source, tmp_path / "wheel")
    assert sorted(ZipFile(again).namelist()) == sorted(ZipFile(wheel).namelist())


def test_the_checkout_is_out_of_reach_of_the_installation(installation: Installation) -> None:
    question = "import importlib.util as u; print([n for n in ('tests', 'api', 'schema') if u.find_spec(n)])"
    assert run([installation.bin / "python", "-c", question], installation.folder).strip() == "[]"


def test_the_installed_command_migrates_and_serves_in_another_folder(
    installation: Installation, tmp_path: Path
) -> None:
    data = installation.answer_head([installation.bin / "quiet"], tmp_path)
    assert isinstance(data, dict)
    assert list(data) == ["head"]


def test_packages_of_our_names_beside_us_are_not_imported(installation: Installation, tmp_path: Path) -> None:
    put_hostile_packages(installation.packages)
    try:
        data = installation.answer_head([installation.bin / "quiet"], tmp_path)
    finally:
        for name in COMMON_NAMES:
            shutil.rmtree(installation.packages / name)
    assert isinstance(data, dict)


def test_packages_of_our_names_before_us_on_the_path_are_not_imported(
    installation: Installation, tmp_path: Path
) -> None:
    put_hostile_packages(tmp_path / "before")
    command: list[str | Path] = [installation.bin / "python", "-m", "quiet_engine"]
    data = installation.answer_head(command, tmp_path, PYTHONPATH=str(tmp_path / "before"))
    assert isinstance(data, dict)


def test_the_hostile_packages_of_these_tests_do_raise(tmp_path: Path) -> None:
    put_hostile_packages(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", "import schema"], cwd=tmp_path, capture_output=True, check=False
    )
    assert b"a foreign package" in done.stderr

"""The package as others get it, from a wheel or from the source tree, in an environment of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from foederis._version import __version__

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "foederis"
REQUIREMENTS = ROOT / "requirements"

SMALL = """\
foederis: 1
title: Does it rain on the parade?
clock: {start: 2030-01-01, step: 1 day, steps: 1}
actors:
  host: {rationality: 1}
state:
  wet: flag
  parade: [planned, called_off]
quantities:
  p_rain: 30%
moves:
  - actor: host
    options:
      march: {}
      call_off: {sets: {parade: called_off}, pays: {host: -2}}
events:
  rain: {chance: p_rain, sets: {wet: yes}}
interests:
  host:
    dry: {worth: -4, when: wet and parade == planned, paid: at_end}
questions:
  rains: {at_end: wet}
"""


def run(*command: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Nothing of the clone may leak in; bytecode may be written, since the same starts again and again."""
    hidden = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE"}
    inherited = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, env=inherited | environment, capture_output=True, text=True
    )


def succeed(*command: object, cwd: Path, **environment: str) -> str:
    done = run(*command, cwd=cwd, **environment)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def pip(python: Path, *arguments: object, cwd: Path) -> None:
    """Installs into another environment; skips where that fails because no index can be reached."""
    command = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet"]
    done = run(*command, *arguments, cwd=cwd)
    if done.returncode == 0:
        return
    probe = ["download", "--no-deps", "--no-cache-dir", "--retries", "1", "-r", REQUIREMENTS / "build.txt"]
    if run(sys.executable, "-m", "pip", *probe, "--dest", cwd / "probe", cwd=cwd).returncode != 0:
        pytest.skip("no package index can be reached, so nothing can be installed")
    pytest.fail(f"pip install {' '.join(map(str, arguments))}\n{done.stdout}\n{done.stderr}")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built with what `make` has installed already, so without an index."""
    folder = tmp_path_factory.mktemp("wheel")
    succeed(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def away(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that has nothing to do with the clone."""
    folder = tmp_path_factory.mktemp("away")
    (folder / "parade.yaml").write_text(SMALL, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def empty(away: Path) -> Path:
    """The interpreter of a new environment that holds the locked run dependencies and nothing else."""
    succeed(sys.executable, "-m", "venv", "--without-pip", away / "venv", cwd=away)
    python = away / "venv" / "bin" / "python"
    locked = ["--require-hashes", "-r", REQUIREMENTS / "run.txt"]
    uv = shutil.which("uv", path=str(Path(sys.executable).parent))
    # The fast way first; pip then does what it left undone, which is nothing where it worked.
    if uv is None or run(uv, "pip", "install", "--python", python, *locked, cwd=away).returncode != 0:
        pip(python, *locked, cwd=away)
    return python


def answers(python: Path, away: Path) -> None:
    """The installed command does its work, and it is the installed package that does it."""

    def says(*arguments: object) -> str:
        return succeed(python.parent / "foederis", *arguments, cwd=away, XDG_CACHE_HOME=str(away / "cache"))

    where = succeed(python, "-c", "import foederis; print(foederis.__file__)", cwd=away)
    assert Path(where.strip()).is_relative_to(python.parents[1])
    assert __version__ in says("--version")
    assert "kremlin" in says("cases")
    says("check", "kremlin")
    answer = json.loads(says("solve", "parade.yaml", "--draws", 16, "--json"))
    assert answer["questions"]["rains"]["mean"] == pytest.approx(0.3)


def test_wheel_holds_everything_that_the_package_reads(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"foederis/{path.relative_to(PACKAGE).as_posix()}"
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted - names == set()
    assert "foederis/py.typed" in names
    assert "foederis/cases/kremlin/kremlin.yaml" in names
    for kind in [".lark", ".md", ".yaml"]:
        assert any(name.endswith(kind) for name in names), f"no {kind} file in the wheel"


def test_wheel_holds_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert tops == {"foederis", f"foederis-{__version__}.dist-info"}
    assert not [name for name in zipfile.ZipFile(wheel).namelist() if "__pycache__" in name]


def test_wheel_carries_its_licence_and_needs(wheel: Path) -> None:
    inside = zipfile.ZipFile(wheel)
    info = f"foederis-{__version__}.dist-info"
    assert "Apache License" in inside.read(f"{info}/licenses/LICENSE").decode()
    metadata = inside.read(f"{info}/METADATA").decode()
    assert "Requires-Python: >=3.11" in metadata
    assert "License-Expression: Apache-2.0" in metadata


def test_wheel_in_an_empty_environment(wheel: Path, empty: Path, away: Path) -> None:
    pip(empty, "--no-deps", "--force-reinstall", wheel, cwd=away)
    answers(empty, away)


def test_source_tree_given_to_pip(empty: Path, away: Path) -> None:
    """As a user does it, so pip fetches what builds the package; run dependencies are there already."""
    pip(empty, "--force-reinstall", "--no-deps", ROOT, cwd=away)
    succeed(sys.executable, "-m", "pip", "--python", empty, "check", cwd=away)
    answers(empty, away)

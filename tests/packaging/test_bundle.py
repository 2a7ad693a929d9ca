"""The page of the workbench, as it is in the package, is what its sources make."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UI = ROOT / "ui"
STATIC = ROOT / "src" / "foederis" / "web" / "static"
FIRST = ["index.html", "theme.css", "app.css"]  # what a browser loads before anything is opened, beside scripts
IMPORT = re.compile(r'(?:import|from)\s*"\./([\w.-]+\.js)"')  # and not import("…"), which waits until it is wanted
LIMIT = 400_000  # bytes, gzipped

pytestmark = [
    pytest.mark.skipif(shutil.which("npm") is None, reason="no npm on this machine, so the page cannot be built"),
    pytest.mark.skipif(
        not (UI / "node_modules" / "esbuild").exists(), reason="ui/node_modules is missing: `npm ci` in ui/"
    ),
]


def npm(*command: str) -> None:
    done = subprocess.run(["npm", "run", *command], cwd=UI, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_page_in_the_package_is_built_from_these_sources(tmp_path: Path) -> None:
    npm("build", "--", str(tmp_path / "static"))
    built, kept = contents(tmp_path / "static"), contents(STATIC)
    differs = sorted(name for name in built.keys() | kept.keys() if built.get(name) != kept.get(name))
    assert differs == [], "run `make ui` and commit what it builds"


def test_the_sources_pass_the_type_checker() -> None:
    npm("check")


def test_the_logic_of_the_page_passes_its_tests() -> None:
    npm("test")


def test_what_is_loaded_first_is_small() -> None:
    scripts, wanted = set[str](), {"app.js"}
    while wanted:
        name = wanted.pop()
        scripts.add(name)
        wanted |= set(IMPORT.findall((STATIC / name).read_text(encoding="utf-8"))) - scripts
    assert len(scripts) > 1
    assert sum(len(gzip.compress((STATIC / name).read_bytes())) for name in [*FIRST, *scripts]) < LIMIT

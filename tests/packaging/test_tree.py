"""What every file of the project must keep to."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import foederis
from foederis._version import __version__
from tests.longest import LONGEST

ROOT = Path(__file__).parents[2]

# Put together from parts, so that this file passes its own test.
REGISTRIES = [
    ".".join(parts)
    for parts in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("pypi", "python", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("anaconda", "org"),
        ("jsdelivr", "net"),
        ("unpkg", "com"),
        ("deb", "debian", "org"),
        ("archive", "ubuntu", "com"),
    ]
]
# Folders that hold people's or a machine's own things; /usr/bin/env, /dev/null and /var/tmp are the same everywhere.
HOMES = ["home", "Users", "root", "work", "opt", "mnt", "srv", "tmp", "private", "var"]
MACHINE_PATH = re.compile(rf"(?<![\w.$)}}\]~*/:-])/(?!var/tmp\b)(?:{'|'.join(HOMES)})/\w|\b[A-Z]:\\\\?Users\\")


def project_files() -> list[Path]:
    """Tracked files and those that could be added, as git sees them."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("not a git clone, so nobody knows which files belong to the project")
    done = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"git does not say which files belong to the project: {done.stderr.strip()}")
    return [path for name in done.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in project_files():
        text = path.read_bytes().decode("utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line}")
    return found


def test_the_files_that_tests_begin_with_are_there() -> None:
    assert [name for name in LONGEST if not (ROOT / "tests" / name).is_file()] == []


def test_no_file_names_a_registry() -> None:
    """Where packages come from is the business of the machine that installs them."""
    assert lines_with(re.compile("|".join(map(re.escape, REGISTRIES)), re.IGNORECASE)) == []


def test_no_file_names_a_path_of_one_machine() -> None:
    assert lines_with(MACHINE_PATH) == []


@pytest.mark.parametrize("place", ["home/ann/x", "Users/ann/x", "tmp/x"])
def test_a_path_of_one_machine_is_seen(place: str) -> None:
    for before in ["", "see ", "'", '"', "=", "file://", "(", "cd "]:
        assert MACHINE_PATH.search(f"{before}/{place}") or before == "file://"
    assert not MACHINE_PATH.search(f"src/{place}")
    assert not MACHINE_PATH.search(f"https://example.net/{place}")


def test_one_version_everywhere() -> None:
    assert foederis.__version__ == __version__
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(rf'^version: "?{re.escape(__version__)}"?$', citation, re.MULTILINE)
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert __version__ in changelog

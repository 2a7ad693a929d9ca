"""The page of the workbench, as it is in the package, is what its sources make."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "src" / "foederis" / "web" / "static"


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page's sources in a place of their own, with the packages that they are locked to."""
    if not (ROOT / "ui").exists():
        pytest.skip("only the package is here, not the sources of its page")
    if shutil.which("npm") is None:
        pytest.skip("no npm on this machine, so the page cannot be built")
    folder = tmp_path_factory.mktemp("ui")
    shutil.copytree(ROOT / "ui", folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
    done = subprocess.run(["npm", "ci"], cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        if subprocess.run(["npm", "ping"], cwd=folder, capture_output=True).returncode != 0:
            pytest.skip("no registry of npm can be reached, so the page cannot be built")
        pytest.fail(done.stdout + done.stderr)
    return folder


@pytest.mark.xdist_group("bundle")
def test_the_page_in_the_package_is_built_from_these_sources(sources: Path, tmp_path: Path) -> None:
    built = tmp_path / "static"
    done = subprocess.run(["npm", "run", "build", "--", str(built)], cwd=sources, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert contents(built) == contents(STATIC), "run `make ui` and commit what it builds"


@pytest.mark.xdist_group("bundle")
def test_the_sources_pass_the_type_checker(sources: Path) -> None:
    done = subprocess.run(["npm", "run", "check"], cwd=sources, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

"""The folder of an ensemble: killed at any moment, damaged, shared or foreign."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from foederis.ensembles.errors import EnsembleError
from foederis.ensembles.run import carry_out
from foederis.ensembles.solving import work
from foederis.ensembles.store import PIECES, hold
from tests.unit.ensembles.plans import SMALL, contents, pieces, small

pytest.importorskip("duckdb")

# Carries out the small plan with pieces that were solved before, and kills itself at the so manieth line of the code of
# ensembles that it runs through, if it gets there: in the middle of a write, between it and the renaming, anywhere.
DRIVER = """
import os, signal, sys
from pathlib import Path
from foederis.ensembles.run import carry_out
from foederis.ensembles.solving import Outcome
from foederis.ensembles.store import hold
from foederis.ensembles.plan import read_plan_text
import foederis.ensembles.tables

plan, folder, solved, left = read_plan_text(Path(sys.argv[1]).read_text()), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])

class Crew:
    def carry_out(self, tasks):
        for task in tasks:
            yield task, Outcome((solved / task.what.hash).read_bytes())

def count(frame, event, _):
    global left
    if "ensembles" not in frame.f_code.co_filename:
        return None
    left -= event == "line"
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    return count

import foederis.ensembles.store as store
whole = store.write_whole
def in_parts(path, data):
    # A write that is cut off in the middle.
    if left > 0:
        unfinished = path.with_name(path.name + store._UNFINISHED)
        unfinished.write_bytes(data[: len(data) // 2])
    whole(path, data)
store.write_whole = in_parts
sys.settrace(count)
with hold(folder) as held:
    found = carry_out(plan, held, Crew(), say=print)
sys.settrace(None)
print(left, found.fingerprint)
"""


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pieces of the small plan, solved, and the plan."""
    folder = tmp_path_factory.mktemp("solved")
    for piece in pieces(small()):
        (folder / piece.hash).write_bytes(work(piece).data)
    (folder / "plan.yaml").write_text(SMALL, encoding="utf-8")
    (folder / "driver.py").write_text(DRIVER, encoding="utf-8")
    return folder


def drive(solved: Path, folder: Path, lines: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, solved / "driver.py", solved / "plan.yaml", folder, solved, str(lines)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def test_killed_at_twenty_random_moments(solved: Path, tmp_path: Path) -> None:
    """Nothing is lost, nothing is counted twice, and what is there at the end is the same, byte for byte."""
    whole = drive(solved, tmp_path / "whole", 10**9)
    assert whole.returncode == 0, whole.stderr
    lines = 10**9 - int(whole.stdout.split()[0])
    chosen, killed, saved = random.Random(5), 0, []
    folder = tmp_path / "killed"
    while killed < 20:
        done = drive(solved, folder, chosen.randrange(1, lines))
        if done.returncode == 0:  # so much was done already that it came to an end
            folder = tmp_path / f"killed {killed}"
            continue
        assert done.returncode == -signal.SIGKILL, done.stderr
        killed += 1
        saved.append(len(list((folder / PIECES).glob("*.parquet"))) if (folder / PIECES).exists() else 0)
    assert {0, 6} < set(saved), "the moments are not spread"
    for folder in tmp_path.glob("killed*"):
        end = drive(solved, folder, 10**9)
        assert end.returncode == 0, end.stderr
        assert contents(folder) == contents(tmp_path / "whole")
    found = json.loads((tmp_path / "whole" / "manifest.json").read_text())
    assert sorted(found["files"]) == sorted(piece.hash for piece in pieces(small()))


class Kept:
    """A crew that hands out what was solved before."""

    def __init__(self, solved: Path):
        self.solved = solved
        self.asked = 0

    def carry_out(self, tasks: Iterator) -> Iterator:  # type: ignore[type-arg]
        from foederis.ensembles.solving import Outcome

        for task in tasks:
            self.asked += 1
            yield task, Outcome((self.solved / task.what.hash).read_bytes())


def run(solved: Path, folder: Path, said: list[str] | None = None) -> int:
    """How many pieces had to be solved."""
    crew = Kept(solved)
    with hold(folder) as store:
        carry_out(small(), store, crew, say=(said if said is not None else []).append)
    return crew.asked


def test_a_damaged_piece_is_solved_again(solved: Path, tmp_path: Path) -> None:
    assert run(solved, tmp_path / "runs") == 6
    before = contents(tmp_path / "runs")
    path = next((tmp_path / "runs" / PIECES).iterdir())
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    said: list[str] = []
    assert run(solved, tmp_path / "runs", said) == 1
    assert said == ["1 damaged files were removed; what was in them is solved again"]
    assert contents(tmp_path / "runs") == before
    assert run(solved, tmp_path / "runs") == 0


def test_two_at_once_in_a_folder(tmp_path: Path) -> None:
    with hold(tmp_path), pytest.raises(EnsembleError, match="another `foederis ensemble` is at work"), hold(tmp_path):
        pass
    with hold(tmp_path):
        pass


def test_a_folder_with_other_files(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir")
    with pytest.raises(EnsembleError, match=r"holds other files \(letter.txt\)"), hold(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EnsembleError, match="cannot be used"), hold(tmp_path / "file"):
        pass


def test_a_manifest_of_something_else(solved: Path, tmp_path: Path) -> None:
    run(solved, tmp_path)
    stray = next((tmp_path / PIECES).iterdir())
    (tmp_path / "manifest.json").write_text("[]")
    stray.rename(stray.with_name("0" * 32 + stray.name[32:]))
    with pytest.raises(EnsembleError, match="no manifest of an ensemble"):
        run(solved, tmp_path)

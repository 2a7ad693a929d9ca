"""The folder of an ensemble: killed at any moment, damaged, shared or foreign."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from foederis.ensembles.crew import Task
from foederis.ensembles.errors import EnsembleError
from foederis.ensembles.run import carry_out
from foederis.ensembles.solving import Outcome, work
from foederis.ensembles.store import PIECES, hold
from tests.unit.ensembles.plans import SMALL, contents, pieces, small

pytest.importorskip("duckdb")

# Carries out the small plan with pieces that were solved before, in a process of its own for each number of lines that it
# reads: this kills itself at the so manieth line of the code of ensembles that it runs through, in the middle of a
# write, between it and the renaming, anywhere. Prints what became of the process.
DRIVER = """
import os, signal, sys
from pathlib import Path
import foederis.ensembles.store as store
import foederis.ensembles.tables
from foederis.ensembles.plan import read_plan_text
from foederis.ensembles.run import carry_out
from foederis.ensembles.solving import Outcome

solved = Path(sys.argv[1])
plan = read_plan_text((solved / "plan.yaml").read_text())
whole = store.write_whole

class Crew:
    def carry_out(self, tasks):
        for task in tasks:
            yield task, Outcome((solved / task.what.hash).read_bytes())

def in_parts(path, data):
    path.with_name(path.name + store._UNFINISHED).write_bytes(data[: len(data) // 2])
    os.getpid()  # a line at which a write is cut off in its middle
    whole(path, data)

def count(frame, event, _):
    global left
    if "ensembles" not in frame.f_code.co_filename and frame.f_code is not in_parts.__code__:
        return None
    left -= event == "line"
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    return count

store.write_whole = in_parts
for line in sys.stdin:
    lines, folder = line.rstrip().split(" ", 1)
    begun = left = int(lines)
    reads, writes = os.pipe()
    if not (child := os.fork()):
        sys.settrace(count)
        with store.hold(Path(folder)) as held:
            carry_out(plan, held, Crew(), say=print)
        sys.settrace(None)
        os.write(writes, b"%d" % (begun - left))
        os._exit(0)
    os.close(writes)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(status, os.read(reads, 100).decode() or 0, flush=True)
    os.close(reads)
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


class Driver:
    """Runs of the driver."""

    def __init__(self, solved: Path):
        command = [sys.executable, solved / "driver.py", solved]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, folder: Path, lines: int = 10**9) -> tuple[int, int]:
        """The exit code of a run, and through how many lines it went if it came to its end."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(lines, folder, file=self.process.stdin, flush=True)
        status, done = self.process.stdout.readline().split()
        return int(status), int(done)


@pytest.fixture
def driver(solved: Path) -> Iterator[Driver]:
    found = Driver(solved)
    with found.process:
        yield found


def test_killed_at_twenty_random_moments(driver: Driver, tmp_path: Path) -> None:
    """Nothing is lost, nothing is counted twice, and what is there at the end is the same, byte for byte."""
    status, lines = driver.run(tmp_path / "whole")
    assert status == 0
    chosen, killed, saved = random.Random(5), 0, set()
    folder = tmp_path / "killed"
    while killed < 20 or (not {0, 6} < saved and killed < 200):  # until some came amid the pieces, too
        status, _ = driver.run(folder, chosen.randrange(1, lines))
        if status == 0:  # so much was there already that it came to its end
            folder = tmp_path / f"killed {killed}"
            continue
        assert status == -signal.SIGKILL
        killed += 1
        saved.add(len(list((folder / PIECES).glob("*.parquet"))) if (folder / PIECES).exists() else 0)
    assert {0, 6} < saved, "the moments are not spread"
    for folder in tmp_path.glob("killed*"):
        assert driver.run(folder)[0] == 0
        assert contents(folder) == contents(tmp_path / "whole")
    found = json.loads((tmp_path / "whole" / "manifest.json").read_text())
    assert sorted(found["files"]) == sorted(piece.hash for piece in pieces(small()))


class Kept:
    """A crew that hands out what was solved before."""

    def __init__(self, solved: Path):
        self.solved = solved
        self.asked = 0

    def carry_out(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Outcome]]:
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
    assert said == ["removed 1 damaged file; what was in there is solved again"]
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

"""Workers of this machine: those that die, and those that are left when who has started them dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from foederis.ensembles.crew import LocalCrew, Task
from foederis.ensembles.pieces import Piece
from foederis.ensembles.solving import Outcome
from foederis.ensembles.store import PIECES
from tests.unit.ensembles.plans import SMALL, contents, pieces, small, solve_here

pytest.importorskip("duckdb")


@dataclass
class Fragile:
    """Kills the process that works on it, as often as there are marks to put."""

    marks: Path
    times: int

    def __call__(self, piece: Piece) -> Outcome:
        mark = self.marks / f"{piece.first}-{len(list(self.marks.glob(f'{piece.first}-*')))}"
        if piece.first == 32 and len(list(self.marks.iterdir())) < self.times:
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return Outcome(str(piece.first).encode())


def outcomes(function: Callable[[Piece], Outcome], workers: int = 2) -> dict[int, Outcome]:
    mine = pieces(small())[:3]
    with LocalCrew(workers) as crew:
        found = [(task.what, outcome) for task, outcome in crew.carry_out(Task(p, function, (p,)) for p in mine)]
    assert len(found) == 3
    return {piece.first: outcome for piece, outcome in found if isinstance(piece, Piece)}


def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    found = outcomes(Fragile(tmp_path, 2))
    assert len(list(tmp_path.iterdir())) == 2
    assert {first: outcome.data for first, outcome in found.items()} == {0: b"0", 32: b"32", 64: b"64"}


def test_what_kills_every_worker_is_given_up(tmp_path: Path) -> None:
    found = outcomes(Fragile(tmp_path, 100), workers=1)
    assert len(list(tmp_path.iterdir())) == 3
    failure = found[32].failure
    assert failure is not None
    assert failure.message.startswith("3 workers died at it")
    assert (found[0].failure, found[64].failure) == (None, None)


def pid_of(_: Piece) -> Outcome:
    return Outcome(str(os.getpid()).encode())


def test_no_worker_is_left() -> None:
    pids = {int(outcome.data) for outcome in outcomes(pid_of).values()}
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_killed_while_workers_solve(tmp_path: Path) -> None:
    """The whole program, killed when its first piece is there; workers do not outlive it."""
    (tmp_path / "plan.yaml").write_text(SMALL, encoding="utf-8")
    code = """
import os, signal, sys
import foederis as fd
def progress(what, done, total):
    if done:
        os.kill(os.getpid(), signal.SIGKILL)
if __name__ == "__main__":
    fd.ensemble(sys.argv[1], sys.argv[2], workers=2, progress=progress)
"""
    (tmp_path / "script.py").write_text(code, encoding="utf-8")
    command = [sys.executable, tmp_path / "script.py", tmp_path / "plan.yaml", tmp_path / "runs"]
    # Pipes that are inherited by workers: they are at their end when the last of them is gone.
    done = subprocess.run(command, capture_output=True, timeout=300, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert len(list((tmp_path / "runs" / PIECES).glob("*.parquet"))) == 1
    again = solve_here(small(), tmp_path / "runs")
    assert (again.found, again.solved) == (1, 5)
    whole = solve_here(small(), tmp_path / "whole")
    assert contents(tmp_path / "runs") == contents(tmp_path / "whole")
    assert whole.fingerprint == again.fingerprint


def test_a_script_that_does_not_guard_its_beginning_is_told(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text("ensemble: 1\ncases: {p: patron}\ndraws: 32\npiece: 32\n", encoding="utf-8")
    (tmp_path / "script.py").write_text(
        "import foederis as fd\nprint(fd.ensemble('plan.yaml', 'runs', workers=1).failed)\n"
    )
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )
    assert "if __name__ == '__main__'" in done.stderr

"""Ensembles carried out by workers of this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import foederis as fd
from foederis.ensembles.crew import LocalCrew, Task
from foederis.ensembles.pieces import Piece
from foederis.ensembles.run import ensemble
from foederis.ensembles.solving import Outcome
from foederis.ensembles.store import PIECES
from tests.unit.ensembles.plans import SMALL, contents, pieces, small

duckdb = pytest.importorskip("duckdb")


def test_the_number_of_workers_does_not_matter(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    one = ensemble(small(), tmp_path / "one", workers=1)
    two = ensemble(small(), tmp_path / "two", workers=2, progress=lambda *told: seen.append(told))
    assert (one.pieces, one.solved, one.found, one.failed) == (6, 6, 0, ())
    assert one.fingerprint == two.fingerprint
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert seen[0] == ("ensemble", 0, 160)
    assert seen[-1] == ("ensemble", 160, 160)


def test_what_is_there_is_kept_when_there_are_more_draws(tmp_path: Path) -> None:
    plan = small(settings="{plain: {}}", draws=64)
    ensemble(plan, tmp_path / "runs", workers=1)
    more = ensemble(small(settings="{plain: {}}", draws=96), tmp_path / "runs", workers=1)
    assert (more.pieces, more.found, more.solved) == (3, 2, 1)
    assert more.fingerprint == ensemble(small(settings="{plain: {}}", draws=96), tmp_path / "other", workers=1).fingerprint


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"cases": "{p: {file: patron, what_ifs: [defence_pact]}}"}, "other what-ifs of the case `p` are asked for: 2 pieces"),
        ({"cases": "{q: patron}"}, "the case `p` is no longer in the plan: 2 pieces"),
        ({"settings": "{plain: {set: {clock.steps: 3}}}"}, "the setting `plain` has changed: 2 pieces"),
        ({"settings": "{other: {}}"}, "the setting `plain` is no longer in the plan: 2 pieces"),
        ({"seeds": "4"}, "the seed 3 is no longer in the plan: 2 pieces"),
        ({"piece": "64"}, "`piece` was 32 and is 64: 2 pieces"),
        ({"draws": "40"}, "`draws` was 64 and is 40: 1 piece\n"),
    ],
)
def test_what_does_not_fit_is_said_and_not_mixed(
    changes: dict[str, str], reason: str, kept: Path, tmp_path: Path
) -> None:
    before = contents(kept)
    with pytest.raises(fd.EnsembleError) as caught:
        ensemble(small(**{**PLAIN, **changes}), kept)
    assert reason in str(caught.value)
    assert "--discard" in str(caught.value)
    assert contents(kept) == before


PLAIN = {"settings": "{plain: {}}", "draws": "64", "cases": "{p: patron}"}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept") / "runs"
    ensemble(small(**PLAIN), folder, workers=1)
    return folder


def test_another_version_or_case_does_not_fit_either(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from foederis.ensembles import run

    now = run.versions()
    monkeypatch.setattr(run, "versions", lambda: {**now, "jax": "99.0"})
    with pytest.raises(fd.EnsembleError, match=f"jax {now['jax']} is now 99.0: 2 pieces"):
        ensemble(small(**PLAIN), kept)


def test_a_changed_file_does_not_fit_and_can_be_discarded(tmp_path: Path) -> None:
    case, plan = tmp_path / "case.yaml", tmp_path / "plan.yaml"
    text = fd.gallery()["patron"].read_text(encoding="utf-8")
    case.write_text(text, encoding="utf-8")
    plan.write_text("ensemble: 1\ncases: {p: case.yaml, d: deterrence}\ndraws: 32\npiece: 32\n", encoding="utf-8")
    ensemble(plan, tmp_path / "runs", workers=1)
    case.write_text(text + "# a remark\n", encoding="utf-8")
    with pytest.raises(fd.EnsembleError, match="the file of the case `p` has changed: 1 piece\n"):
        ensemble(plan, tmp_path / "runs", workers=1)
    said: list[str] = []
    again = ensemble(plan, tmp_path / "runs", workers=1, discard=True, say=said.append)
    assert (again.found, again.solved) == (1, 1)
    assert said == ["1 pieces that did not fit any more were removed (the file of the case `p` has changed: 1 piece)"]
    assert len(list((tmp_path / "runs" / PIECES).iterdir())) == 2


def test_what_fails_is_reported_and_the_others_go_on(tmp_path: Path) -> None:
    plan = small(settings="{odd: {set: {quantities.p_fall: 0.5 to 2}}, plain: {}}", draws=64)
    found = ensemble(plan, tmp_path / "runs", workers=1)
    assert (found.solved, found.complete) == (2, False)
    assert [(item.setting, item.first_draw, item.draws) for item in found.failed] == [("odd", 0, 32), ("odd", 32, 32)]
    assert "patron.yaml" in found.failed[0].failure.message
    assert found.to_json()["failed"][0]["code"].startswith("F")
    assert [item.setting for item in ensemble(plan, tmp_path / "runs", workers=1).failed] == ["odd", "odd"]


def test_worlds_that_cannot_be_worked_out_fail_the_pieces_that_need_them(tmp_path: Path) -> None:
    never = "{seen: {set: {observed: [{step: 0, patron: intervene}, {step: 1, patron: stand_aside}, {step: 0, patron: stand_aside}]}}, plain: {}}"
    found = ensemble(small(settings=never, draws=32), tmp_path / "runs", workers=1)
    assert [(item.setting, item.failure.code) for item in found.failed] == [("seen", "F335")]
    assert found.solved == 1


def test_observed_worlds_are_worked_out_once(tmp_path: Path) -> None:
    plan = small(settings="{seen: {set: {observed: [{step: 0, patron: stand_aside}]}}}", draws=64)
    ensemble(plan, tmp_path / "one", workers=1)
    ensemble(plan, tmp_path / "two", workers=2)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert len(list((tmp_path / "one" / "worlds").iterdir())) == 1


# Workers that die


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
    again = ensemble(tmp_path / "plan.yaml", tmp_path / "runs", workers=1)
    assert (again.found, again.solved) == (1, 5)
    whole = ensemble(tmp_path / "plan.yaml", tmp_path / "whole", workers=1)
    assert contents(tmp_path / "runs") == contents(tmp_path / "whole")
    assert whole.fingerprint == again.fingerprint


def test_a_script_that_does_not_guard_its_beginning_is_told(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text("ensemble: 1\ncases: {p: patron}\ndraws: 32\npiece: 32\n", encoding="utf-8")
    (tmp_path / "script.py").write_text("import foederis as fd\nprint(fd.ensemble('plan.yaml', 'runs', workers=1).failed)\n")
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )
    assert "if __name__ == '__main__'" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"workers": 0}, "at least 1 worker"),
        ({"workers": 1, "scheduler": "tcp://127.0.0.1:1"}, "one of the two"),
    ],
)
def test_arguments(arguments: dict[str, object], message: str, tmp_path: Path) -> None:
    with pytest.raises(fd.EnsembleError, match=message):
        ensemble(small(), tmp_path / "runs", **arguments)  # type: ignore[arg-type]
    assert not (tmp_path / "runs").exists()


def test_without_duckdb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(fd.EnsembleError, match=r"foederis\[runs\]"):
        ensemble(small(), tmp_path / "runs")
    assert not (tmp_path / "runs").exists()

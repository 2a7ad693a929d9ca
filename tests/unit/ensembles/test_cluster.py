"""Ensembles carried out by workers of a Dask cluster on this machine."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import foederis as fd
from foederis.ensembles.cluster import DaskCrew
from foederis.ensembles.crew import Task
from foederis.ensembles.run import ensemble
from foederis.ensembles.solving import Outcome
from tests.unit.ensembles.plans import contents, pieces, small, solve_here

distributed = pytest.importorskip("distributed")
pytest.importorskip("duckdb")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A scheduler with two workers, each a process of its own, which is replaced when it dies."""
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as found:
        yield found


def test_one_of_two_workers_killed_midway(cluster: Any, tmp_path: Path) -> None:
    with distributed.Client(cluster, set_as_default=False) as client:
        before = client.run(os.getpid)
        assert len(set(before.values())) == 2
        victim = min(before.values())

        def progress(_: str, done: int, total: int) -> None:
            if done == 32:  # the first piece is there
                os.kill(victim, signal.SIGKILL)

        found = ensemble(small(), tmp_path / "cluster", scheduler=cluster.scheduler_address, progress=progress)
        client.wait_for_workers(2, timeout=100)
        assert victim not in client.run(os.getpid).values()
    assert (found.solved, found.failed) == (6, ())
    assert solve_here(small(), tmp_path / "here").fingerprint == found.fingerprint
    assert contents(tmp_path / "cluster") == contents(tmp_path / "here")


def deadly(_: object) -> Outcome:
    os.kill(os.getpid(), signal.SIGKILL)
    return Outcome()


def test_what_kills_every_worker_is_given_up(cluster: Any) -> None:
    piece = pieces(small())[0]
    cluster.scheduler.allowed_failures = 0
    with DaskCrew(cluster.scheduler_address, print) as crew:
        [(_, outcome)] = crew.carry_out([Task(piece, deadly, (piece,))])
    assert outcome.failure is not None
    assert outcome.failure.message.startswith("1 worker died at it")


def test_no_scheduler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foederis.ensembles.cluster._PATIENCE", 0.5)
    for address in ("tcp://127.0.0.1:1", "nonsense"):
        with pytest.raises(fd.EnsembleError, match=f"there is no Dask scheduler at {address}"):
            ensemble(small(), tmp_path / "runs", scheduler=address)


def test_without_dask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(fd.EnsembleError, match=r"foederis\[cluster\]"):
        ensemble(small(), tmp_path / "runs", scheduler="tcp://127.0.0.1:1")

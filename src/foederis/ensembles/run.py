"""An ensemble carried out: what is there already is kept, the rest is solved, and everything is on disk at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from foederis._version import __version__
from foederis.analysis.solving import Progress
from foederis.ensembles.crew import Crew, LocalCrew, Task, must_be_no_worker, usual_workers
from foederis.ensembles.errors import EnsembleError, Failure, counted
from foederis.ensembles.manifest import Manifest, finished, manifest_of, misfits
from foederis.ensembles.pieces import Piece, Study, pieces_of, studies_of
from foederis.ensembles.plan import Plan, read_plan
from foederis.ensembles.solving import work, work_out_worlds
from foederis.ensembles.store import PIECES, WORLDS, Store, hold, read_manifest
from foederis.ensembles.tables import need_duckdb, processors_of
from foederis.ensembles.versions import versions
from foederis.ensembles.worlds import StudyWorlds

Say = Callable[[str], None]


@dataclass(frozen=True)
class Failed:
    """A piece that could not be solved, and why."""

    case: str
    setting: str
    seed: int
    first_draw: int
    draws: int
    failure: Failure


@dataclass(frozen=True)
class Ensemble:
    """What came of an ensemble.

    Attributes:
        pieces: how many there are; found: how many of them were there already; solved: how many were solved now.
        failed: those that could not be solved.
        processors: the kinds of processor that its pieces were solved on.
        fingerprint: a hash of all its numbers, the same for the same numbers.
    """

    folder: Path
    title: str
    pieces: int
    found: int
    solved: int
    failed: tuple[Failed, ...]
    processors: tuple[str, ...]
    fingerprint: str

    @property
    def complete(self) -> bool:
        return not self.failed

    def to_json(self) -> dict[str, Any]:
        """As plain data; the same object that the command prints with `--json`."""
        failed = [
            {
                "case": item.case,
                "setting": item.setting,
                "seed": item.seed,
                "first_draw": item.first_draw,
                "draws": item.draws,
                "code": item.failure.code,
                "message": item.failure.message,
            }
            for item in self.failed
        ]
        return {
            "foederis": __version__,
            "folder": str(self.folder),
            "title": self.title,
            "pieces": self.pieces,
            "found": self.found,
            "solved": self.solved,
            "failed": failed,
            "processors": list(self.processors),
            "fingerprint": self.fingerprint,
        }


def ensemble(
    plan: str | Path | Plan,
    out: str | Path,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    discard: bool = False,
    progress: Progress | None = None,
    say: Say | None = None,
) -> Ensemble:
    """Solves an ensemble and keeps it in a folder; goes on where an earlier run of it was ended, however that was.

    The numbers depend neither on how many workers there are nor on which of them solves what.

    Args:
        plan: a plan, or its file.
        out: the folder, of its own.
        workers: processes on this machine; if None as many as there are processors, and as there is memory for (4 GB
            each).
        scheduler: the address of a Dask scheduler, whose workers are used instead.
        discard: removes what an earlier plan, case or version has left in the folder and does not fit any more.
        progress: called with ("ensemble", worlds done, worlds in all).
        say: told what is worth knowing while it runs.
    Raises:
        CaseError: mistakes in the plan.
        EnsembleError: no such folder or scheduler, or the folder holds what does not fit the plan.
    """
    must_be_no_worker()
    plan = plan if isinstance(plan, Plan) else read_plan(plan)
    say = say or (lambda _: None)
    if workers is not None and workers < 1:
        raise EnsembleError("there must be at least 1 worker")
    if workers is not None and scheduler is not None:
        raise EnsembleError("`workers` are those of this machine, and `scheduler` has its own; give one of the two")
    need_duckdb()
    with _crew(workers, scheduler, say) as crew, hold(Path(out)) as store:
        return carry_out(plan, store, crew, discard=discard, progress=progress, say=say)


def _crew(workers: int | None, scheduler: str | None, say: Say) -> AbstractContextManager[Crew]:
    if scheduler is None:
        return LocalCrew(workers or usual_workers())
    from foederis.ensembles.cluster import DaskCrew

    return DaskCrew(scheduler, say)


def carry_out(
    plan: Plan, store: Store, crew: Crew, *, discard: bool = False, progress: Progress | None = None, say: Say
) -> Ensemble:
    """As ensemble, with a folder that is held and whoever does the work."""
    now = versions()
    studies = {study: list(pieces_of(plan, study)) for study in studies_of(plan, now)}
    pieces = [piece for mine in studies.values() for piece in mine]
    manifest = manifest_of(plan, pieces, now)
    _keep_what_fits(store, manifest, studies, discard, say)
    store.save_manifest(manifest)
    run = _Run(store, crew, sum(piece.draws for piece in pieces), progress)
    run.carry_out(studies)
    files = {piece.hash: store.files(PIECES)[piece.hash] for piece in pieces if piece.hash in store.files(PIECES)}
    processors = processors_of(list(files.values()))
    done = finished(manifest, files, run.failures, processors)
    store.save_manifest(done)
    failed = tuple(
        Failed(study.case, study.setting, study.seed, piece.first, piece.draws, run.failures[piece.hash])
        for study, mine in studies.items()
        for piece in mine
        if piece.hash in run.failures
    )
    return Ensemble(
        store.folder,
        plan.title,
        len(pieces),
        len(files) - run.solved,
        run.solved,
        failed,
        tuple(processors),
        done["fingerprint"],
    )


def _keep_what_fits(
    store: Store, manifest: Manifest, studies: Mapping[Study, list[Piece]], discard: bool, say: Say
) -> None:
    """
    Raises:
        EnsembleError: some of what is there does not fit the plan, and nobody has said that it can go.
    """
    if store.damaged:
        say(f"removed {counted(store.damaged, 'damaged file')}; what was in there is solved again")
    wanted = {piece.hash for mine in studies.values() for piece in mine}
    unfit = [key for key in store.files(PIECES) if key not in wanted]
    worlds = {study.hash for study in studies}
    if unfit:
        reasons = misfits(read_manifest(store.folder), manifest, unfit)
        if not discard:
            there = counted(len(store.files(PIECES)), "piece")
            raise EnsembleError(
                f"{len(unfit):,} of the {there} in {store.folder} cannot be used any more:\n"
                + "".join(f"  {reason}\n" for reason in reasons)
                + "Choose another folder with --out, or remove these pieces with --discard; the others are kept."
            )
        for key in unfit:
            store.remove(PIECES, key)
        say(f"removed {counted(len(unfit), 'piece')} no longer fitting ({'; '.join(reasons)})")
    for key in store.files(WORLDS).keys() - worlds:
        store.remove(WORLDS, key)  # they follow from what is in the plan


@dataclass
class _Run:
    """What is done so far."""

    store: Store
    crew: Crew
    worlds: int
    progress: Progress | None
    solved: int = 0
    failures: dict[str, Failure] = field(default_factory=dict)
    _done: int = 0

    def carry_out(self, studies: Mapping[Study, list[Piece]]) -> None:
        there = self.store.files(PIECES)
        missing = {study: [piece for piece in mine if piece.hash not in there] for study, mine in studies.items()}
        self._tell(self.worlds - sum(piece.draws for mine in missing.values() for piece in mine))
        kept = self.store.files(WORLDS)
        first = [study for study, mine in missing.items() if mine and study.observed and study.hash not in kept]
        for task, outcome in self.crew.carry_out(Task(study, work_out_worlds, (study,)) for study in first):
            if outcome.failure is None:
                self.store.save(WORLDS, task.what.hash, outcome.data)
                continue
            assert isinstance(task.what, Study)
            for piece in missing[task.what]:
                self.failures[piece.hash] = outcome.failure
                self._tell(piece.draws)
        for task, outcome in self.crew.carry_out(self._tasks(missing)):
            assert isinstance(task.what, Piece)
            if outcome.failure is None:
                self.store.save(PIECES, task.what.hash, outcome.data)
                self.solved += 1
            else:
                self.failures[task.what.hash] = outcome.failure
            self._tell(task.what.draws)

    def _tasks(self, missing: Mapping[Study, list[Piece]]) -> Iterator[Task]:
        for study, mine in missing.items():
            worlds = None
            for piece in mine:
                if piece.hash in self.failures:
                    continue
                if study.observed and worlds is None:
                    worlds = StudyWorlds(self.store.files(WORLDS)[study.hash])
                yield Task(piece, work, (piece, worlds.of(piece) if worlds else None))

    def _tell(self, draws: int) -> None:
        self._done += draws
        if self.progress is not None:
            self.progress("ensemble", self._done, self.worlds)

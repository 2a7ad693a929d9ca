"""A piece solved: the same rows wherever and whenever it is, and whatever is solved beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from foederis.analysis.answers import Floats
from foederis.analysis.standing import Moved, Standing
from foederis.diagnostics import CaseError, ResidualError
from foederis.ensembles.errors import Failure
from foederis.ensembles.nodes import from_plain
from foederis.ensembles.pieces import Piece, Study
from foederis.ensembles.rows import checks_of, rows_of
from foederis.ensembles.tables import Rows, encode
from foederis.ensembles.versions import differences, versions
from foederis.ensembles.worlds import Given, worlds_of
from foederis.language import check
from foederis.language.case import Case
from foederis.language.sampling import dimensions, draw_shares, quantities_at


@dataclass(frozen=True)
class Outcome:
    """What became of a piece: the bytes of its file, or why there are none."""

    data: bytes = b""
    failure: Failure | None = None


@dataclass(frozen=True)
class _Part(Standing):
    """How much the worlds of a piece count among all."""

    counts: Floats | None = None

    @property
    def weights(self) -> Floats | None:
        return self.counts


@dataclass(frozen=True)
class _Worlds:
    """Some of all worlds of a study, for solving.solve_in."""

    places: NDArray[np.int64]
    seed: int
    shares: Mapping[str, Floats] = field(default_factory=dict)
    standing: Standing | None = None

    @property
    def weights(self) -> Floats | None:
        return self.standing.weights if self.standing else None

    def worlds(self, case: Case, /) -> dict[str, Floats]:
        drawn = draw_shares(case, len(self.places), seed=self.seed, places=self.places)
        known = {**drawn, **self.shares}
        return quantities_at(case, {name: known[name] for name in dimensions(case)}, len(self.places))


def work(piece: Piece, given: Given | None = None) -> Outcome:
    """Solves a piece in this process, on one processor."""
    return _guarded(piece.study, lambda case: _encoded(piece, case, given))


def work_out_worlds(study: Study) -> Outcome:
    """The worlds of a study given what it observes, as the bytes of a file; see worlds.StudyWorlds."""
    return _guarded(study, lambda case: worlds_of(study, case))


def _guarded(study: Study, make: Callable[[Case], bytes]) -> Outcome:
    """Whatever goes wrong with one piece ends no other."""
    from foederis.solve.cores import at_most

    if unlike := differences(study.versions, versions()):
        message = f"the worker has other versions than the ensemble was begun with: {'; '.join(unlike)}"
        return Outcome(failure=Failure(message))
    try:
        with at_most(1):
            return Outcome(make(_case_of(study)))
    except CaseError as error:
        return Outcome(failure=Failure(str(error), error.diagnostics[0].code if error.diagnostics else ""))
    except ResidualError as error:
        return Outcome(failure=Failure(str(error)))
    except Exception as error:  # among them no memory
        return Outcome(failure=Failure(f"{type(error).__name__}: {error}"))


def _case_of(study: Study) -> Case:
    """The case as the study changes it."""
    case = _read(study.text, study.filename, study.sha256, study.case)
    changes = [(path, from_plain(plain)) for path, plain in study.changes]
    return check.change(case, changes, context=f"the setting `{study.setting}`") if changes else case


@lru_cache(maxsize=16)
def _read(text: str, filename: str, sha256: str, name: str) -> Case:
    return replace(check.read_text(text, filename=filename, name=name, searched=True), sha256=sha256)


def solve_piece(piece: Piece, case: Case, given: Given | None = None) -> list[Rows]:
    """The rows of a piece, and those on how far it is to be relied on.

    Args:
        case: as the study changes it.
        given: where something is observed.
    Raises:
        CaseError, ResidualError: as solve.
    """
    from foederis.analysis.solving import choose, solve_in

    study = piece.study
    leads = any(actor.types for actor in case.actors.values())
    places = piece.places(leads)
    standing = None
    if given is not None:
        given = given.last(len(places))
        moved = Moved((), len(places)) if given.weights is None else None
        standing = _Part(given.logs, float(len(places)), moved, given.weights)
    worlds = _Worlds(places, study.seed, given.shares if given else {}, standing)
    chosen = choose(case, study.what_ifs)
    try:
        answer, solution = solve_in(case, worlds, chosen, draws=len(places), seed=study.seed, partial=True)
    except CaseError as error:
        raise _renumbered(error, places) from None
    leading = len(places) - piece.draws
    return [rows_of(piece, answer, set(solution.first_moves), leading), checks_of(piece, answer)]


def _renumbered(error: CaseError, places: NDArray[np.int64]) -> CaseError:
    """The error with the worlds that it names numbered among all, and not among those of the piece."""

    def among_all(found: re.Match[str]) -> str:
        return f"in draw {places[int(found[1])]}"

    items = [replace(item, message=re.sub(r"\bin draw (\d+)", among_all, item.message)) for item in error.diagnostics]
    return CaseError(items, error.source, error.filename)


def _encoded(piece: Piece, case: Case, given: Given | None) -> bytes:
    from foederis.solve.native.build import solver

    tables = [rows.columns() for rows in solve_piece(piece, case, given)]
    return encode(tables, {"piece": piece.hash, "processor": solver()})

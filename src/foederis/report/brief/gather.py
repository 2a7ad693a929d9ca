"""Everything that a brief is made of, worked out once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from foederis.analysis.answers import Answer
from foederis.analysis.claims import Claims, claims
from foederis.analysis.dials import Dials, can_turn, work_out
from foederis.analysis.driver_request import LEAST_DRAWS
from foederis.analysis.driver_results import Drivers
from foederis.analysis.drivers import KEEP, drivers
from foederis.analysis.exposure import exposure
from foederis.analysis.gallery import with_settings
from foederis.analysis.histories import Histories, histories
from foederis.analysis.risk import ExposureAtRisk
from foederis.analysis.solving import Progress, solve
from foederis.analysis.tipping import Tipping, tipping
from foederis.analysis.why import Why, pick_turn, why
from foederis.diagnostics import CaseError
from foederis.game.expand import MAX_STATES
from foederis.language.case import Case
from foederis.language.sampling import tied_groups

# What-ifs, decisions and claims are looked at in the first so many worlds: each what-if costs as much as the answer
# itself, and a paired difference needs fewer worlds than a band.
COMPARED = 256
AVERAGED = 32  # worlds over which a tipping point is averaged, each at several points of a line
# Worlds in each of the two samples of the drivers, where many quantities are uncertain: the intervals say what that is
# worth.
DRIVEN = 128
DIALS = 4
COURSES = 3

Found = TypeVar("Found")


@dataclass(frozen=True)
class Material:
    """What the sections of a brief are written from. What the case has nothing for is None or empty.

    Attributes:
        answer: the case as it stands, in all worlds.
        compared: the same case and its what-ifs, in the first of these worlds.
        courses: the most likely course of the crisis, then some drawn at random.
        whys: the first decision of each actor, that of the first question about a move before the others.
        missing: {section: why there is nothing where something was to be expected}.
        settings: the changes that were asked for, as `path=value`; they stand in the stated command.
        what_ifs: names of those that were asked for, or "all".
    """

    answer: Answer
    compared: Answer
    courses: tuple[Histories, ...]
    whys: tuple[Why, ...]
    drivers: Drivers | None
    tipping: Tipping | None
    claims: Claims | None
    exposure: ExposureAtRisk | None
    dials: Dials | None
    missing: Mapping[str, str]
    settings: tuple[str, ...]
    what_ifs: tuple[str, ...]

    @property
    def case(self) -> Case:
        return self.answer.case

    @property
    def residual(self) -> float:
        """The largest of all that was solved."""
        found = [self.answer.check.residual, self.compared.check.residual]
        found += [why.residual for why in self.whys] + [course.residual for course in self.courses]
        parts = (self.drivers, self.tipping, self.claims, self.exposure, self.dials)
        return max([*found, *(part.residual for part in parts if part is not None)])


class _Attempts:
    """Analyses that may have nothing to say about a case, and why."""

    def __init__(self) -> None:
        self.missing: dict[str, str] = {}

    def run(self, section: str, analyse: Callable[[], Found]) -> Found | None:
        try:
            return analyse()
        except CaseError as error:
            self.missing[section] = "; ".join(item.message for item in error.diagnostics)
            return None


def gather(
    case: Case,
    *,
    draws: int,
    seed: int,
    what_ifs: Iterable[str] | str,
    settings: Sequence[str] = (),
    max_states: int = MAX_STATES,
    progress: Progress | None = None,
) -> Material:
    """Solves what a brief needs.

    Raises:
        CaseError, ResidualError: as in `solve`.
    """
    case = with_settings(case, list(settings))
    wanted = (what_ifs,) if isinstance(what_ifs, str) else tuple(dict.fromkeys(what_ifs))
    chosen: Iterable[str] | str = "all" if "all" in wanted else wanted
    few = min(draws, COMPARED)
    compared = solve(case, draws=few, seed=seed, what_ifs=chosen, max_states=max_states, progress=progress)
    # Fewer worlds are the first of more, so these are solved again: an answer knows only one number of worlds.
    answer = compared if few == draws else solve(case, draws=draws, seed=seed, max_states=max_states, progress=progress)
    attempts = _Attempts()

    def judge() -> Claims:
        told = _told(progress, "claims")
        return claims(case, draws=few, seed=seed, max_states=max_states, progress=told, answer=compared)

    def tip() -> Tipping:
        told = _told(progress, "tipping points")
        return tipping(case, draws=min(draws, AVERAGED), seed=seed, max_states=max_states, progress=told)

    def drive() -> Drivers:
        told = _told(progress, "drivers")
        most = DRIVEN if len(tied_groups(case)) > KEEP + 1 else COMPARED
        rows = max(min(draws, most), LEAST_DRAWS)
        return drivers(case, draws=rows, seed=seed, max_states=max_states, progress=told)

    def risk() -> ExposureAtRisk:
        told = _told(progress, "exposures")
        return exposure(case, draws=few, seed=seed, max_states=max_states, progress=told)

    asked = bool(answer.questions and case.uncertain)
    driven = attempts.run("drivers", drive) if asked else None
    return Material(
        answer,
        compared,
        _courses(case, attempts, seed, max_states, progress),
        _whys(case, attempts, few, seed, max_states, progress),
        driven,
        attempts.run("tipping", tip) if asked else None,
        attempts.run("claims", judge) if case.claims else None,
        attempts.run("exposures", risk) if case.exposures else None,
        attempts.run("dials", lambda: _dials(case, driven, seed, max_states, progress)),
        attempts.missing,
        tuple(settings),
        wanted,
    )


def _told(progress: Progress | None, prefix: str) -> Progress | None:
    """Progress under the name of the analysis that makes it."""
    if progress is None:
        return None
    return lambda what, done, total: progress(f"{prefix}: {what}", done, total)


def _courses(
    case: Case, attempts: _Attempts, seed: int, max_states: int, progress: Progress | None
) -> tuple[Histories, ...]:
    told = _told(progress, "courses")
    found = [
        attempts.run(
            "courses",
            lambda likely=likely: histories(  # type: ignore[misc]
                case, draws=COURSES, seed=seed, most_likely=likely, max_states=max_states, progress=told
            ),
        )
        for likely in (True, False)
    ]
    return tuple(item for item in found if item is not None)


def _whys(
    case: Case, attempts: _Attempts, draws: int, seed: int, max_states: int, progress: Progress | None
) -> tuple[Why, ...]:
    if not case.turns:
        return ()
    main = next(turn.actor for turn in case.turns if turn.name == pick_turn(case))
    found = []
    for actor in dict.fromkeys([main, *(turn.actor for turn in case.turns)]):
        told = _told(progress, f"why, {actor}")
        explained = attempts.run(
            f"why {actor}",
            lambda actor=actor, told=told: why(  # type: ignore[misc]
                case, actor=actor, draws=draws, seed=seed, max_states=max_states, progress=told
            ),
        )
        found += [explained] if explained is not None else []
    return tuple(found)


def _dials(case: Case, driven: Drivers | None, seed: int, max_states: int, progress: Progress | None) -> Dials | None:
    """Dials for the quantities that matter most for the first answer."""
    if driven is None:
        return None
    names = [name for driver in driven.drivers for name in driver.quantities if can_turn(case, name)]
    if not names:
        return None
    return work_out(case, names[:DIALS], seed=seed, max_states=max_states, progress=progress)

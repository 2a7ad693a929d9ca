"""Everything that a brief is made of, worked out once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from foederis.analysis.answers import Answer, Estimate
from foederis.analysis.asking import is_share
from foederis.analysis.claim_results import Claims
from foederis.analysis.claims import claims
from foederis.analysis.dials import Dials, can_turn, work_out
from foederis.analysis.discover import Discovery, discover
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
from foederis.analysis.worth_knowing import WorthKnowing, worth_knowing
from foederis.diagnostics import CaseError
from foederis.game.expand import MAX_STATES
from foederis.language.case import Case
from foederis.language.sampling import tied_groups

# What-ifs, claims and losses are looked at in the first so many worlds: each what-if costs as much as the answer
# itself, and a paired difference needs fewer worlds than a band.
COMPARED = 256
EXPLAINED = 128  # worlds in which the decisions of each actor are taken apart
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
        whys: the first decision of each actor, and of each of its types, that of the first question about a move before
            the others.
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
    boxes: Discovery | None
    worth: WorthKnowing | None
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
        parts = (self.drivers, self.tipping, self.boxes, self.worth, self.claims, self.exposure, self.dials)
        return max([*found, *(part.residual for part in parts if part is not None)])


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

    def solved(worlds: int, names: Iterable[str] | str) -> Answer:
        return solve(
            case, draws=worlds, seed=seed, what_ifs=names, plain=True, max_states=max_states, progress=progress
        )

    compared = solved(few, chosen)
    # Fewer worlds are the first of more, so these are solved again: an answer knows only one number of worlds.
    answer = compared if few == draws else solved(draws, ())
    work = _Work(answer, compared, max_states, progress)
    driven = work.drivers()
    return Material(
        answer,
        compared,
        work.courses(),
        work.whys(),
        driven,
        work.tipping(),
        work.boxes(),
        work.worth(),
        work.claims(),
        work.exposure(),
        work.dials(driven),
        work.missing,
        tuple(settings),
        wanted,
    )


@dataclass(frozen=True)
class _Work:
    """The analyses of a case, each of which may have nothing to say: `missing` keeps why."""

    answer: Answer
    compared: Answer
    max_states: int
    progress: Progress | None
    missing: dict[str, str] = field(default_factory=dict)

    @property
    def case(self) -> Case:
        return self.answer.case

    @property
    def asks(self) -> bool:
        """Whether an answer could differ from world to world."""
        return bool(self.answer.questions and self.case.uncertain)

    def attempt(self, section: str, analyse: Callable[..., Found], *given: object, **wanted: object) -> Found | None:
        """The result of an analysis of the case; None if the case is not made for it."""
        told = _named(self.progress, section) if self.progress else None
        common = {"seed": self.answer.seed, "max_states": self.max_states, "progress": told}
        try:
            return analyse(self.case, *given, **common, **wanted)
        except CaseError as error:
            self.missing[section] = "; ".join(item.message for item in error.diagnostics)
            return None

    def courses(self) -> tuple[Histories, ...]:
        found = [self.attempt("courses", histories, draws=COURSES, most_likely=likely) for likely in (True, False)]
        return tuple(item for item in found if item is not None)

    def whys(self) -> tuple[Why, ...]:
        turns = {turn.name: turn.actor for turn in self.case.turns}
        actors = dict.fromkeys([turns[pick_turn(self.case)], *turns.values()]) if turns else ()
        rows = min(self.answer.draws, EXPLAINED)
        found = [self.attempt(f"why {actor}", why, actor=actor, draws=rows) for actor in actors]
        return tuple(each for item in found if item is not None for each in item.each)

    def drivers(self) -> Drivers | None:
        most = DRIVEN if len(tied_groups(self.case)) > KEEP + 1 else COMPARED
        rows = max(min(self.answer.draws, most), LEAST_DRAWS)
        return self.attempt("drivers", drivers, draws=rows) if self.asks else None

    def tipping(self) -> Tipping | None:
        return self.attempt("tipping", tipping, draws=min(self.answer.draws, AVERAGED)) if self.asks else None

    def boxes(self) -> Discovery | None:
        when = _highest_quarter(self.answer)
        return self.attempt("boxes", discover, when=when, draws=self.answer.draws) if when and self.asks else None

    def worth(self) -> WorthKnowing | None:
        return self.attempt("worth-knowing", worth_knowing, draws=self.answer.draws) if self.asks else None

    def claims(self) -> Claims | None:
        judged = {"draws": self.compared.draws, "answer": self.compared}
        return self.attempt("claims", claims, **judged) if self.case.claims else None

    def exposure(self) -> ExposureAtRisk | None:
        return self.attempt("exposures", exposure, draws=self.compared.draws) if self.case.exposures else None

    def dials(self, driven: Drivers | None) -> Dials | None:
        """Dials for the quantities that matter most for the first answer."""
        groups = driven.drivers if driven else ()
        names = [name for driver in groups for name in driver.quantities if can_turn(self.case, name)][:DIALS]
        return self.attempt("dials", work_out, names) if names else None


def _named(progress: Progress, section: str) -> Progress:
    """Progress under the name of the analysis that makes it."""
    return lambda what, done, total: progress(f"{section}: {what}", done, total)


def _highest_quarter(answer: Answer) -> str | None:
    """The first probability asked for, compared with what it is above in a quarter of the worlds."""
    for name, reply in answer.questions.items():
        if isinstance(reply, Estimate) and is_share(answer.case.questions[name]) and np.ptp(reply.draws) > 0:
            return f"{name} > {reply.quantile(0.75):.3f}"
    return None

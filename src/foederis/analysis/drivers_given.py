"""What sets the worlds apart in which an outcome comes about, and what moves an answer among them.

Each world counts by the probability of the outcome in it. That is Bayes' rule on worlds, and exact. What is weighed are
whole worlds: the answer in a world is the answer to its question, which is about the courses with the outcome alone
only where the question itself says so with `given`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np

from foederis.analysis import given_data, pawn, scale
from foederis.analysis.answers import Floats
from foederis.analysis.chance import effective_size
from foederis.analysis.doubts import with_doubts
from foederis.analysis.driver_request import Request, check_answers, read_request
from foederis.analysis.driver_results import Share
from foederis.analysis.lab import Laboratory
from foederis.analysis.latin import latin_worlds
from foederis.analysis.result import Result, Row
from foederis.analysis.solving import Progress
from foederis.game.expand import MAX_STATES
from foederis.language.case import Case, Question
from foederis.language.sampling import tied_groups

WORLDS = 4096
Worlds = dict[str, Floats]
_FEW = 100  # effective worlds below which the figures are hints


@dataclass(frozen=True)
class Band:
    """The median of a quantity and its middle 90 %, in its unit."""

    p05: float
    p50: float
    p95: float


@dataclass(frozen=True)
class GivenDriver:
    """One quantity, in all worlds and in those in which the outcome comes about.

    Attributes:
        plain, there: its values in all worlds, and in those. apart: the Kolmogorov-Smirnov distance of the two, 0 to 1.
        place: the share of all worlds in which it is below `there.p50`: 0.5 where it is neither higher nor lower.
        first: the share of the answer's variance among those worlds that knowing it would take away.
        shift: PAWN among those worlds, 0 to 1.
    """

    quantity: str
    unit: str
    plain: Band
    there: Band
    apart: float
    place: float
    first: Share
    shift: float


@dataclass(frozen=True)
class DriversGiven(Result):
    """What sets the worlds with an outcome apart, and what moves an answer among them.

    Attributes:
        case: as it was solved; what_if: the name of the what-if that it was changed by.
        likelihood: the outcome's probability, over all worlds.
        effective: how many worlds that count alike would say as much; `is_thin` if too few to rely on.
        drivers: all uncertain quantities, the most set apart first.
        apart_noise, shift_noise: what the largest `apart` and `shift` would stay below 95 times in 100, if no quantity
            did anything.
        scale, outer_share: as in `Drivers`.
        plain_mean, mean, p05, p95: of the answer in all worlds, then in those. left_out: worlds without an answer.
    """

    case: Case
    question: Question
    given: Question
    what_if: str
    seed: int
    draws: int
    likelihood: float
    effective: float
    drivers: tuple[GivenDriver, ...]
    apart_noise: float
    shift_noise: float
    scale: str
    outer_share: float
    plain_mean: float
    mean: float
    p05: float
    p95: float
    left_out: int
    residual: float

    @property
    def is_thin(self) -> bool:
        return self.effective < _FEW

    def rows(self) -> list[Row]:
        return [
            {
                "quantity": driver.quantity,
                "unit": driver.unit,
                **asdict(driver.plain),
                **{f"there_{name}": value for name, value in asdict(driver.there).items()},
                "apart": driver.apart,
                "first": driver.first.estimate,
                "first_low": driver.first.low,
                "first_high": driver.first.high,
                "shift": driver.shift,
            }
            for driver in self.drivers
        ]

    def facts(self) -> Row:
        return {
            "question": self.question.name,
            "given": self.given.name,
            "what_if": self.what_if or None,
            "seed": self.seed,
            "draws": self.draws,
            "likelihood": self.likelihood,
            "effective": self.effective,
            "is_thin": self.is_thin,
            "apart_noise": self.apart_noise,
            "shift_noise": self.shift_noise,
            "scale": self.scale,
            "outer_share": self.outer_share,
            "plain_mean": self.plain_mean,
            "mean": self.mean,
            "p05": self.p05,
            "p95": self.p95,
            "left_out": self.left_out,
            "residual": self.residual,
        }


@with_doubts
def drivers_given(
    case: Case,
    given: str,
    question: str | None = None,
    *,
    what_if: str | None = None,
    draws: int = WORLDS,
    seed: int = 0,
    max_states: int = MAX_STATES,
    progress: Progress | None = None,
    announce: Callable[[int], None] | None = None,
) -> DriversGiven:
    """What sets the worlds apart in which an outcome comes about, and what moves an answer among them.

    Args:
        given: a question about a probability: the outcome.
        question: its name; the first of the file that has one number as its answer if None.
        what_if: a what-if of the file; the case is looked at as changed by it.
        draws: how many worlds are solved.
        announce: called with the number of solves before anything is solved.
    Raises:
        CaseError: an unknown name, a number out of range, an impossible world, F711 where nothing moves the answer or
            the outcome.
        ResidualError: a solution fails its check.
    """
    request = read_request(case, question, given, what_if, draws, 1, seed)
    assert request.given is not None
    lab = request.laboratory(case, max_states, progress)
    if announce:
        announce(draws)
    worlds = latin_worlds(lab.case, draws, seed=seed)
    return _weigh(request, request.given, lab, worlds, lab.ask(worlds, draws, "possible worlds"), draws)


def _weigh(
    request: Request, given: Question, lab: Laboratory, worlds: Worlds, asked: Worlds, draws: int
) -> DriversGiven:
    case, question, seed = lab.case, request.question, request.seed
    answers, chances = asked[question.name], asked[given.name]
    check_answers(case, given, chances)
    known = np.isfinite(answers) & np.isfinite(chances)
    answers, weights = answers[known], np.maximum(chances[known], 0.0)
    check_answers(case, question, answers[weights > 0])
    names = [name for group in tied_groups(case) for name in group]
    inputs = np.array([worlds[name][known] for name in names])
    outer = scale.outer_share(answers, weights)
    measured = scale.ranks(answers, answers, weights) if outer > scale.UNEVEN else answers
    found = _quantities(case, names, inputs, measured, weights, seed)
    low, high = given_data.weighted_quantiles(answers, weights, np.array([0.05, 0.95]))
    return DriversGiven(
        case=case,
        question=question,
        given=given,
        what_if=request.what_if.name if request.what_if else "",
        seed=seed,
        draws=draws,
        likelihood=float(np.nanmean(chances)),
        effective=effective_size(weights),
        drivers=tuple(sorted(found, key=lambda driver: -driver.apart)),
        apart_noise=given_data.shift_noise(weights, len(names), seed=seed),
        shift_noise=pawn.noise(answers, weights, len(names), seed=seed),
        scale="amount" if measured is answers else "rank",
        outer_share=outer,
        plain_mean=float(answers.mean()),
        mean=float(np.average(answers, weights=weights)),
        p05=float(low),
        p95=float(high),
        left_out=int(np.sum(~known)),
        residual=lab.residual,
    )


def _quantities(
    case: Case, names: list[str], inputs: Floats, answers: Floats, weights: Floats, seed: int
) -> list[GivenDriver]:
    apart = given_data.shifts(inputs, weights)
    shift = pawn.pawn(answers, inputs, weights)
    even, shares = np.ones_like(weights), np.array([0.05, 0.5, 0.95])
    found = []
    for place, (name, values) in enumerate(zip(names, inputs, strict=True)):
        there = Band(*map(float, given_data.weighted_quantiles(values, weights, shares)))
        found.append(
            GivenDriver(
                quantity=name,
                unit=case.quantities[name].unit,
                plain=Band(*map(float, given_data.weighted_quantiles(values, even, shares))),
                there=there,
                apart=float(apart[place]),
                place=float(scale.ranks(np.array([there.p50]), values, even)[0]),
                first=Share.of(given_data.first_order(answers, values, weights, seed=seed)),
                shift=float(shift[place]),
            )
        )
    return found

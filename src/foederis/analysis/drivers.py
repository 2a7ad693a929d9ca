"""What moves an answer: screening, shares of variance, shifts and slopes over the uncertain quantities of a case.

`docs/method.md` says how the measures are worked out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from foederis.analysis import pawn, scale
from foederis.analysis.answers import Floats
from foederis.analysis.doubts import with_doubts
from foederis.analysis.driver_request import Request, check_answers, read_request
from foederis.analysis.driver_results import Budget, Driver, Drivers, Share, Slope, manner
from foederis.analysis.lab import Laboratory
from foederis.analysis.screening import radial_points, standing
from foederis.analysis.slopes import derivative, step_width
from foederis.analysis.sobol_indices import indices
from foederis.analysis.solving import MAX_DRAWS, Progress
from foederis.diagnostics import CaseError, Diagnostic
from foederis.game.expand import MAX_STATES
from foederis.language.case import Case
from foederis.language.sampling import dimensions, quantities_at, quantities_with, sobol, tied_groups

KEEP = 16
_BASES = 10  # base points of the screening
_LANES = 6  # worlds for the slope of one quantity
_DESIGN = 8192  # solves of the two samples and their mixtures that are spent unasked
Worlds = dict[str, Floats]
Group = tuple[str, ...]


@with_doubts
def drivers(
    case: Case,
    question: str | None = None,
    *,
    what_if: str | None = None,
    draws: int | None = None,
    keep: int = KEEP,
    seed: int = 0,
    max_states: int = MAX_STATES,
    progress: Progress | None = None,
    announce: Callable[[Budget], None] | None = None,
) -> Drivers:
    """What moves the answer to a question, and how: by itself, or only together with something else.

    Args:
        question: its name; the first of the file that has one number as its answer if None.
        what_if: a what-if of the file; the case is looked at as changed by it.
        draws: of each of the two samples; powers of 2 spread them best. 256 to 1,024 if None, fewer where more groups
            are looked at.
        keep: how many groups of quantities are looked at one by one; screening chooses them.
        seed: 0 or more; the same seed gives the same result.
        announce: called with the budget before anything is solved.
    Raises:
        CaseError: an unknown name, a number out of range, an impossible world, F711 where nothing moves the answer.
        ResidualError: a solution fails its check.
    """
    request = read_request(case, question, None, what_if, draws, keep, seed)
    study = _Study(request, request.laboratory(case, max_states, progress))
    if study.budget.solves > MAX_DRAWS:
        message = f"this would take {study.budget.solves:,} solves, and {MAX_DRAWS:,} are the most"
        raise CaseError([Diagnostic("F213", message, help="take fewer draws, or keep fewer groups")])
    if announce:
        announce(study.budget)
    return study.run()


@dataclass(frozen=True)
class _Study:
    request: Request
    lab: Laboratory

    @property
    def case(self) -> Case:
        return self.lab.case

    @property
    def budget(self) -> Budget:
        groups = tied_groups(self.case)
        # A rest of one group is no cheaper than that group by itself.
        screened = len(groups) > self.request.keep + 1
        kept = self.request.keep if screened else len(groups)
        columns = 2 + kept + screened
        affordable = next((size for size in (1024, 512) if size * columns <= _DESIGN), 256)
        quantities = sum(len(group) for group in groups)
        return Budget(
            len(groups),
            kept,
            _BASES * (1 + len(groups)) if screened else 0,
            self.request.draws or affordable,
            columns,
            1 + _LANES * quantities,
        )

    def ask(self, worlds: Sequence[Worlds], what: str) -> Floats:
        """float64[samples, draws]: the answers in samples of one size, all of them solved together."""
        name = self.request.question.name
        joined = {quantity: np.concatenate([sample[quantity] for sample in worlds]) for quantity in worlds[0]}
        total = len(next(iter(joined.values())))
        return self.lab.ask(joined, total, what)[name].reshape(len(worlds), -1)

    def mix(self, base: Worlds, other: Worlds, group: Group) -> Worlds:
        """A sample with one group taken from another. Groups are independent of each other, so it is a sample too."""
        drawn = [name for name, quantity in self.case.quantities.items() if quantity.distribution]
        chosen = {name: (other if name in group else base)[name] for name in drawn}
        return quantities_with(self.case, chosen, len(next(iter(base.values()))))

    def run(self) -> Drivers:
        case, question, budget = self.case, self.request.question, self.budget
        groups = tied_groups(case)
        places = dict(zip(groups, self.screen(groups) if budget.screening else [1.0] * len(groups), strict=True))
        ordered = sorted(groups, key=lambda group: -places[group])
        kept, others = ordered[: budget.kept], ordered[budget.kept :]
        rest = tuple(sorted(name for group in others for name in group))
        base, other = self.samples(ordered)
        columns = [*kept, *([rest] if rest else [])]
        answers = self.ask([base, other, *(self.mix(base, other, group) for group in columns)], "possible worlds")
        # Only whole rows count: a row of the design is one comparison of worlds.
        whole = np.isfinite(answers).all(axis=0)
        check_answers(case, question, np.where(whole, answers[:2], np.nan).ravel())
        plain, even = answers[:2, whole].ravel(), np.ones(2 * whole.sum())
        outer = scale.outer_share(plain, even)
        measured = scale.ranks(answers, plain, even) if outer > scale.UNEVEN else answers
        first, total = indices(measured[0, whole], measured[1, whole], measured[2:, whole], seed=self.request.seed)
        names = [name for group in groups for name in group]
        inputs = np.array([np.concatenate([base[name][whole], other[name][whole]]) for name in names])
        shifts = dict(zip(names, pawn.pawn(plain, inputs, even), strict=True))
        found = [
            _driver(group, first[:, place], total[:, place], shifts, group is rest)
            for place, group in enumerate(columns)
        ]
        low, high = np.quantile(plain, [0.05, 0.95])
        return Drivers(
            case=case,
            question=question,
            what_if=self.request.what_if.name if self.request.what_if else "",
            seed=self.request.seed,
            budget=budget,
            drivers=tuple(sorted(found[: len(kept)], key=lambda driver: -driver.total.estimate)),
            rest=found[-1] if rest else None,
            by_themselves=Share.of(first.sum(axis=1)),
            scale="amount" if measured is answers else "rank",
            outer_share=outer,
            shift_noise=pawn.noise(plain, even, sum(len(group) for group in kept), seed=self.request.seed),
            slopes=self.slopes(names, float(high - low)),
            screening={group[0]: float(places[group]) for group in ordered} if budget.screening else {},
            mean=float(plain.mean()),
            p05=float(low),
            p95=float(high),
            left_out=int(np.sum(~whole)),
            residual=self.lab.residual,
        )

    def screen(self, groups: list[Group]) -> Floats:
        names = dimensions(self.case)
        base, moved = (
            quantities_at(self.case, dict(zip(names, points.T, strict=True)), _BASES)
            for points in radial_points(_BASES, len(names), seed=self.request.seed)
        )
        answers = self.ask([base, *(self.mix(base, moved, group) for group in groups)], "screening")
        check_answers(self.case, self.request.question, answers.ravel())
        return standing(answers)

    def samples(self, ordered: list[Group]) -> tuple[Worlds, Worlds]:
        """Two independent samples of worlds. Neighbouring dimensions of a Sobol sequence, and the better ones first,
        go to the two places of a quantity, the most promising quantities first."""
        names = [name for group in ordered for name in group]
        names += [name for name in dimensions(self.case) if name not in names]
        draws = self.budget.base
        points = sobol(draws, 2 * len(names), seed=self.request.seed)
        base, other = (dict(zip(names, points[:, place::2].T, strict=True)) for place in (0, 1))
        return quantities_at(self.case, base, draws), quantities_at(self.case, other, draws)

    def slopes(self, names: list[str], spread: float) -> tuple[Slope, ...]:
        """The slope by each quantity, with all others at their medians."""
        drawn = [self.case.distribution(name) for name in names]
        low, middle, high = (np.array([d.quantile(np.array([share]))[0] for d in drawn]) for share in (0.05, 0.5, 0.95))
        separate = np.array([d.family == "choice" for d in drawn])
        width = np.where(separate, 0.0, step_width(low, middle, high))
        lanes = np.array([middle - width, middle + width, middle - width / 2, middle + width / 2, low, high])
        values = np.tile(middle[:, None], (1, 1 + lanes.size))
        for place in range(len(names)):
            values[place, 1 + _LANES * place : 1 + _LANES * (place + 1)] = lanes[:, place]
        worlds = quantities_with(self.case, dict(zip(names, values, strict=True)), values.shape[1])
        answers = self.ask([worlds], "slopes")[0]
        at = answers[1:].reshape(-1, _LANES).T
        slope, error = derivative(np.full(len(names), answers[0]), at[:2], at[2:4], width)
        # An error counts by what it makes over the range of the quantity, as part of that or of the answer's spread.
        rough = error * (high - low) > np.maximum(0.05 * np.abs(slope) * (high - low), 1e-6 * spread)
        return tuple(
            Slope(
                quantity=name,
                unit=self.case.quantities[name].unit,
                low=float(low[place]),
                high=float(high[place]),
                at_low=float(at[4, place]),
                at_high=float(at[5, place]),
                per_unit=float(slope[place]),
                error=float(error[place]),
                is_rough=bool(rough[place]),
            )
            for place, name in enumerate(names)
        )


def _driver(group: Group, first: Floats, total: Floats, shifts: dict[str, float], is_rest: bool) -> Driver:
    shift = float(max(shifts[name] for name in group))
    words = manner(total, first)
    return Driver(group, Share.of(total), Share.of(first), Share.of(total - first), shift, words, is_rest)

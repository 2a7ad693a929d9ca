"""Exposure at risk: the distribution of losses, exact over chance in each world, over possible worlds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from foederis.analysis.accepting import RESIDUAL_LIMIT
from foederis.analysis.answers import Floats
from foederis.analysis.asking import gather, pick_final, pick_variables, read_level
from foederis.analysis.distribution import LossDistribution
from foederis.analysis.doubts import with_doubts
from foederis.analysis.lab import Laboratory
from foederis.analysis.positions import Position, Rate, factors, positions_of, read_rates
from foederis.analysis.posterior import Sample, sample
from foederis.analysis.risk import Ending, ExposureAtRisk, Scenario
from foederis.analysis.solving import Progress, check_arguments, choose, placed, usual_draws
from foederis.diagnostics import CaseError, Diagnostic, ResidualError
from foederis.game.endings import Endings, sort_endings
from foederis.game.expand import MAX_STATES
from foederis.language.case import Case, WhatIf

if TYPE_CHECKING:  # at run time this would import jax
    from foederis.solve.results import Answers

_MOST = 20_000_000  # numbers kept of one scenario: losses and conditions times classes of final states times worlds


@with_doubts
def exposure(
    case: Case,
    *,
    draws: int | None = None,
    seed: int = 0,
    level: float | str = 0.95,
    what_ifs: Iterable[str] | str = (),
    by: Iterable[str] = (),
    given: Iterable[str] = (),
    rates: Iterable[str] = (),
    max_states: int = MAX_STATES,
    progress: Progress | None = None,
) -> ExposureAtRisk:
    """What may be lost at the end, and how likely: exact over chance in each world, over many possible worlds.

    Args:
        draws: how many worlds; a power of 2 spreads them best; see usual_draws if None.
        seed: 0 or more; the same seed gives the same answer.
        level: of value at risk and expected shortfall, as a number or as a text such as "95%".
        what_ifs: names of what-ifs to solve on the same draws, or "all".
        by: names of variables: losses are told for each of their levels at the end.
        given: names of `at_end` questions: losses are told for where the answer is yes, and no.
        rates: what one of a unit is worth in another, as in "bn EUR = usd_per_eur bn USD" with a quantity of the file.
        max_states: the most states a phase may have.
        progress: called with (what is being solved, draws done, draws in all).
    Raises:
        CaseError: no exposures (F741), a level outside (0, 1), an unknown name, an impossible number in some draw.
        ResidualError: the solution fails its check.
    """
    draws = usual_draws(case) if draws is None else draws
    problems: list[Diagnostic] = []
    chosen: list[WhatIf] = []
    used: tuple[Rate, ...] = ()
    share = 0.0
    variables, questions = list(dict.fromkeys(by)), list(dict.fromkeys(given))
    with gather(problems):
        check_arguments(draws, seed, None)
    with gather(problems):
        share = read_level(level)
    with gather(problems):
        chosen = choose(case, what_ifs)
    _check_case(case, variables, questions, problems)
    with gather(problems):
        used = read_rates(case, rates)
    if problems:
        raise placed(CaseError(problems), case)
    drawn = sample(case, draws, seed=seed, max_states=max_states, progress=progress)
    study = _Study(case, draws, drawn, variables, questions, used, max_states, progress)
    scenarios = study.solve(None, [whatif for whatif in chosen if not whatif.changes])
    for whatif in chosen:
        if whatif.changes:
            scenarios.update(study.solve(whatif))
    ordered = tuple(scenarios[name] for name in ("", *(whatif.name for whatif in chosen)))
    return ExposureAtRisk(case, draws, seed, share, used, ordered, study.residual, drawn.weights)


def _check_case(case: Case, variables: Sequence[str], questions: Sequence[str], problems: list[Diagnostic]) -> None:
    """Notes what keeps a case from being asked for losses by these variables and questions."""
    if not case.exposures:
        help = "add `exposures`, as in `plant: {holder: patron, value: 3, lost: {client_fallen: 80%}}`"
        problems.append(Diagnostic("F741", "there are no exposures, so nothing is at risk", help=help))
    with gather(problems):
        pick_variables(case, variables)
    with gather(problems):
        pick_final(case, questions)


@dataclass
class _Study:
    """Solves scenarios and sorts what they lose."""

    case: Case
    draws: int
    drawn: Sample
    variables: Sequence[str]
    questions: Sequence[str]
    rates: tuple[Rate, ...]
    max_states: int
    progress: Progress | None
    residual: float = 0.0

    def solve(self, whatif: WhatIf | None, moved: Sequence[WhatIf] = ()) -> dict[str, Scenario]:
        """The case as it stands and under what-ifs that only impose moves; or under one that changes it."""
        name = whatif.name if whatif else ""
        lab = Laboratory(
            self.case,
            self.questions,
            whatif=whatif,
            imposed=moved,
            max_states=self.max_states,
            progress=self.progress,
        )
        worlds = self.drawn.worlds(lab.case)
        factor = self._factors(lab.case, name, worlds)
        tables = {**lab.game.asked.losses, **{ask.name: ask.table for ask in lab.game.asked.questions}}
        self._limit(lab.game.asked.pool.size)
        endings = sort_endings(lab.game, tables.values(), self.variables, worlds, self.draws)
        self._limit(len(tables) * endings.count)
        solution = lab.solve(worlds, self.draws, name or "baseline", classes=endings.classes)
        self.residual = max(self.residual, lab.residual)
        numbers = {name: endings.numbers(table) for name, table in tables.items()}
        reader = _Reader(lab.case, self, endings, numbers, factor)
        if whatif:
            return {name: reader.read(whatif, lab.course(solution))}
        plans = {w.name: reader.read(w, answers) for w, answers in zip(moved, solution.plans, strict=True)}
        return {"": reader.read(None, solution.baseline), **plans}

    def _factors(self, case: Case, name: str, worlds: Mapping[str, Floats]) -> dict[str, Floats]:
        """As positions.factors; also looks whether a changed case can still be asked the same."""
        problems: list[Diagnostic] = []
        found: dict[str, Floats] = {}
        _check_case(case, self.variables, self.questions, problems)
        with gather(problems):
            found = factors(case, self.rates, worlds)
        if problems:
            raise placed(CaseError(problems), self.case, f"the what-if `{name}`" if name else "")
        return found

    def _limit(self, numbers: int) -> None:
        if numbers * self.draws > _MOST:
            message = f"{numbers * self.draws:,} different losses are too many to keep"
            help = "solve fewer worlds (--draws), or let exposures read fewer variables"
            raise placed(CaseError([Diagnostic("F403", message, help=help)]), self.case)


@dataclass
class _Reader:
    """Reads scenarios off one solution. `numbers` are losses and conditions, float64[classes, draws]."""

    case: Case
    study: _Study
    endings: Endings
    numbers: Mapping[str, Floats]
    factor: Mapping[str, Floats]

    def read(self, whatif: WhatIf | None, answers: Answers) -> Scenario:
        mass = answers.endings.T / self.study.draws
        weights = self.study.drawn.weights
        # Where what was observed cannot be, nothing is lost and nothing counts.
        alive = np.isfinite(answers.evidence)
        self._accept(mass, answers, alive)
        if weights is not None:
            mass = mass * weights
        if not alive.all():  # what counts is made to sum to 1
            mass = mass / mass.sum()
        positions = {position.name: position for position in positions_of(self.case, self.study.rates)}
        losses = {name: self._losses(position, mass) for name, position in positions.items()}
        opened = {
            f"{move.turn}.{move.option} in step {move.step}": float(
                np.average(answers.imposed[:, place], weights=weights)
            )
            for place, move in enumerate(whatif.imposed if whatif else ())
        }
        endings = [self._ending(*ending, losses) for ending in self._conditions()]
        return Scenario(whatif.name if whatif else "", positions, losses, tuple(endings), opened)

    def _losses(self, position: Position, mass: Floats) -> LossDistribution:
        parts = [self.numbers[name] * self.factor.get(name, 1.0) for name in position.members]
        return LossDistribution(np.sum(parts, axis=0), mass)

    def _accept(self, mass: Floats, answers: Answers, alive: NDArray[np.bool_]) -> None:
        """The same means as the solver has found by summing over states instead of classes.

        Raises:
            ResidualError: they differ.
        """
        error = np.abs(mass.sum(axis=0) * self.study.draws - alive).max()
        for name, expected in answers.losses.items():
            mean = (mass * self.numbers[name]).sum(axis=0) * self.study.draws
            scale = np.maximum(1.0, np.abs(self.numbers[name]).max(axis=0))
            error = max(error, np.abs((mean - expected) / scale)[alive].max(initial=0.0))
        self.study.residual = max(self.study.residual, float(error))
        if not error <= RESIDUAL_LIMIT:
            raise ResidualError(
                f"the losses of final states and their means differ by {error:.3g}; please report the case"
            )

    def _conditions(self) -> Iterator[tuple[str, str, bool, Floats]]:
        """(variable or question, level or answer, whether it is an answer, float64[classes, 1 or draws]: where it
        holds)"""
        for name in self.study.variables:
            levels = self.endings.levels(name)
            for code, level in enumerate(self.case.variables[name].levels):
                yield name, level, False, (levels == code)[:, None] * 1.0
        for name in self.study.questions:
            yield name, "yes", True, self.numbers[name]
            yield name, "no", True, 1.0 - self.numbers[name]

    def _ending(
        self, what: str, value: str, is_answer: bool, holds: Floats, losses: Mapping[str, LossDistribution]
    ) -> Ending:
        parts = {name: part for name, whole in losses.items() if (part := whole.given(holds))}
        probability = next((part.probability for part in parts.values()), 0.0)
        return Ending(what, value, is_answer, probability, parts)

"""Solves a game for all draws: blocks of draws, each backwards, checked, and forwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from foederis.game.compile import Game
from foederis.game.pools import Worlds
from foederis.solve import backward
from foederis.solve.backward import Carried, Numbers, Plan
from foederis.solve.forward import Course, Walk
from foederis.solve.kernels import Array, Branches
from foederis.solve.layout import Layout, PhaseAt, lay_out
from foederis.solve.verify import Findings, Judgement, verdict

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
BLOCK = 32
_MEMORY = 2.0e9  # bytes that a block of draws may take


@dataclass(frozen=True)
class Answers:
    """One course of play: every question's answer, per draw.

    Attributes:
        questions: {name: float64[draws]}; nan where a `given` condition never holds.
        firsts: {name: float64[draws, steps + 2]}: start, each step, never.
        losses: {exposure: float64[draws]}, expected on the final state, in the exposure's unit.
        imposed: float64[draws, moves], the probability that each imposed move was open.
    """

    questions: Mapping[str, Floats]
    firsts: Mapping[str, Floats]
    losses: Mapping[str, Floats]
    imposed: Floats


@dataclass(frozen=True)
class Solution:
    """A game solved for all its draws.

    Attributes:
        baseline: answers under equilibrium play; plans: those with each plan's moves imposed.
        values: float64[draws, actors], points.
        noise: float64[draws, actors], what each actor would gain by never erring, the others as they are.
        first_moves: {turn: float64[draws, options]} in step 0.
        ever: {turn: float64[draws, options]}, the probability that an option is ever taken.
        levels: {variable: float64[draws, steps, levels]} at the end of each step.
        judgement: the findings of the independent check.
        block: how many draws were solved at once.
    """

    baseline: Answers
    plans: tuple[Answers, ...]
    values: Floats
    noise: Floats
    first_moves: Mapping[str, Floats]
    ever: Mapping[str, Floats]
    levels: Mapping[str, Floats]
    judgement: Judgement
    block: int


def solve_game(
    game: Game, worlds: Worlds, draws: int, *, plans: Sequence[Plan] = (), block: int | None = None,
    progress: Progress | None = None,
) -> Solution:
    """Solves every draw.

    Args:
        worlds: {quantity: float64[draws]}.
        plans: imposed moves; strategies stay those of the game without them.
        block: draws solved at once; chosen by memory if None. Does not change answers beyond rounding.
        progress: called with (draws done, draws in all).
    Raises:
        CaseError: an impossible number in some draw.
    """
    layout = lay_out(game)
    size = block or _block_size(layout)
    parts = []
    for first in range(0, draws, size):
        chosen = np.minimum(np.arange(first, first + size), draws - 1)
        numbers = Numbers(layout, {name: values[chosen] for name, values in worlds.items()}, size, first)
        parts.append(_Block(layout, numbers, tuple(plans)).solve(min(size, draws - first)))
        if progress:
            progress(min(first + size, draws), draws)
    return _join(layout, parts, size)


def _block_size(layout: Layout) -> int:
    """Draws per block: as many as memory allows, at most 32 (more leaves the caches)."""
    per_draw = 8 * layout.width * (4 * (2 * layout.actors + len(layout.columns)) + layout.actors * layout.game.steps)
    per_draw += 8 * sum(phase.width * (len(phase.phase.branches) + 1) for phase in layout.phases)
    size = BLOCK
    while size > 1 and size * per_draw > _MEMORY:
        size //= 2
    return size


class _Block:
    """One block of draws. Choices are kept on the way back if memory allows, and worked out anew if not."""

    def __init__(self, layout: Layout, numbers: Numbers, plans: tuple[Plan, ...]):
        self.layout, self.numbers, self.plans = layout, numbers, plans
        steps = layout.game.steps
        self.findings: list[Findings] = []
        self.starts: list[Array | None] = [None] * (steps + 1)
        self.kept: list[tuple[Branches, ...] | None] = [None] * steps
        branches = sum(phase.width * (len(phase.phase.branches) + 1) for phase in layout.phases)
        self.keeps = 8 * numbers.draws * branches * steps < _MEMORY / 4

    def solve(self, used: int) -> _Result:
        opening, replays = self._backward()
        walks = [Walk(self.layout, self.numbers, plan) for plan in ((), *self.plans)]
        for step in range(self.layout.game.steps):
            phases = self.numbers.phases(step, columns=False)
            decided = self.kept[step]
            if decided is None:
                decided = self._decide_again(step, phases)
            for walk in walks:
                walk.step(step, phases, decided)
        return self._result(used, opening, [walk.course for walk in walks], replays)

    def _decide_again(self, step: int, phases: tuple[PhaseAt, ...]) -> tuple[Branches, ...]:
        """The choices of a step from the values at the start of the next."""
        layout, numbers = self.layout, self.numbers
        values = backward.end_values(layout, numbers, step, self.starts[step + 1])
        nothing = jnp.zeros((layout.width, 0, numbers.draws))
        return backward.play_back(values, nothing, phases, numbers.rationality, None, judged=False)[2]

    def _backward(self) -> tuple[Carried, list[Array]]:
        """What is carried at the start, and each plan's question columns there."""
        layout, numbers = self.layout, self.numbers
        values: Array | None = None
        questions: Array | None = None
        imposed: list[Array | None] = [None] * len(self.plans)
        for step in range(layout.game.steps - 1, -1, -1):
            phases = numbers.phases(step)
            later = backward.end_values(layout, numbers, step, values)
            ending = backward.end_questions(layout, numbers, step, questions)
            # The arrays given to play_back are overwritten; plans that begin in this step need the columns too.
            begun = any(move.step == step for plan in self.plans for move in plan)
            kept = jnp.array(ending, copy=True) if begun else ending
            values, questions, decided, found = backward.play_back(
                later, ending, phases, numbers.rationality, layout.gain_of, judged=True)
            if found is not None:
                self.findings.append(found)
            for place, plan in enumerate(self.plans):
                imposed[place] = self._replay(step, kept, phases, decided, plan, imposed[place])
            if self.keeps:
                self.kept[step] = decided
            else:
                self.starts[step] = values
        assert values is not None and questions is not None
        return Carried(values, questions), [part for part in imposed if part is not None]

    def _replay(
        self, step: int, ending: Array, phases: tuple[PhaseAt, ...], decided: tuple[Branches, ...], plan: Plan,
        later: Array | None,
    ) -> Array | None:
        """A plan's columns at the start of a step; None while no imposed move has come yet."""
        if later is not None:
            ending = backward.end_questions(self.layout, self.numbers, step, later)
        elif any(move.step == step for move in plan):
            ending = jnp.array(ending, copy=True)
        else:
            return None
        changed = backward.imposed(phases, decided, plan, step)
        if not self.layout.columns:
            return ending
        return backward.replay(ending, phases, changed, self.layout.gain_of)

    def _result(self, used: int, opening: Carried, courses: list[Course], replays: list[Array]) -> _Result:
        layout, actors = self.layout, self.layout.actors
        values = np.asarray(opening.values[layout.start])
        met = np.asarray(courses[0].points)
        columns = [np.asarray(part[layout.start]) for part in (opening.questions, *replays)]
        answers = [self._answers(part, course, used) for part, course in zip(columns, courses, strict=True)]
        first_moves, ever = {}, {}
        for place, arrays in enumerate(layout.phases):
            if arrays.phase.mover >= 0 and arrays.phase.branches:
                first_moves[arrays.phase.name] = np.asarray(courses[0].taken[0][place]).T[:used]
                ever[arrays.phase.name] = self._ever(place, columns[0], courses[0]).T[:used]
        levels = {
            name: np.stack([np.asarray(step[i]) for step in courses[0].levels], axis=1).transpose(2, 1, 0)[:used]
            for i, name in enumerate(layout.level_names)
        }
        judgement = verdict(self.findings, values[:actors], met)
        noise = (values[actors:] - values[:actors]).T[:used]
        return _Result(answers, values[:actors].T[:used], noise, first_moves, ever, levels, judgement)

    def _ever(self, place: int, columns: Floats, course: Course) -> Floats:
        """[options, draws]: the probability that each option of a turn is ever taken."""
        layout = self.layout
        found = np.zeros((len(layout.phases[place].phase.branches), self.numbers.draws))
        for branch in range(len(found)):
            if (place, branch) in layout.counted:
                found[branch] = self._count(place, branch, layout.game.steps - 1, course)
        for offset, column in enumerate(layout.columns):
            if column.phase == place and column.plain:
                found[column.branch] = columns[offset]
        return found

    def _count(self, place: int, branch: int, by: int, course: Course) -> Floats:
        return np.asarray(sum(np.asarray(course.taken[step][place])[branch] for step in range(by + 1)))

    def _answers(self, columns: Floats, course: Course, used: int) -> Answers:
        layout, asked, draws = self.layout, self.layout.game.asked, self.numbers.draws
        questions = {name: np.asarray(values)[:used] for name, values in course.answers.items()}
        firsts: dict[str, list[Floats]] = {}
        carried = {column.ask.name for column in layout.columns if column.ask is not None}
        for ask in asked.questions:
            if ask.form == "takes" and ask.name not in carried:
                questions[ask.name] = self._count(ask.phase, ask.branch, ask.by, course)[:used]
        for offset, column in enumerate(layout.columns):
            ask = column.ask
            if ask is None:
                continue
            given = columns[layout.gain(ask)] if ask.given >= 0 else np.ones(draws)
            here = np.zeros(draws)
            if ask.form in ("eventually", "first"):
                assert ask.expression is not None
                here = asked.at_start(ask.expression, self.numbers.worlds, draws).astype(np.float64)
            later = (1 - here) * columns[offset]
            if ask.form == "first":
                firsts.setdefault(ask.name, [_share(here * given, given)[:used]])
                firsts[ask.name].append(_share(later, given)[:used])
            else:
                questions[ask.name] = _share(here * given + later, given)[:used]
        for name, found in course.firsts.items():
            firsts[name] = [np.asarray(part)[:used] for part in found]
        whole = {name: _first(parts, layout.game.steps) for name, parts in firsts.items()}
        losses = {} if course.losses is None else {
            name: values[:used] for name, values in zip(asked.losses, np.asarray(course.losses), strict=True)}
        imposed = np.array([np.asarray(part) for part in course.imposed]).reshape(len(course.imposed), draws)
        return Answers(questions, whole, losses, imposed.T[:used])


def _share(part: Floats, whole: Floats) -> Floats:
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), np.nan)


def _first(parts: list[Floats], steps: int) -> Floats:
    """[draws, steps + 2]: start, each step (0 after the last one looked at), never."""
    found = np.zeros((len(parts[0]), steps + 2))
    found[:, : len(parts)] = np.stack(parts, axis=1)
    found[:, -1] = np.clip(1 - found[:, :-1].sum(axis=1), 0, 1)
    return found


@dataclass(frozen=True)
class _Result:
    answers: list[Answers]
    values: Floats
    noise: Floats
    first_moves: Mapping[str, Floats]
    ever: Mapping[str, Floats]
    levels: Mapping[str, Floats]
    judgement: Judgement


def _together(parts: Sequence[Mapping[str, Floats]]) -> dict[str, Floats]:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _join_answers(parts: Sequence[Answers]) -> Answers:
    return Answers(
        _together([p.questions for p in parts]), _together([p.firsts for p in parts]),
        _together([p.losses for p in parts]), np.concatenate([p.imposed for p in parts]),
    )


def _join(layout: Layout, parts: Sequence[_Result], block: int) -> Solution:
    judgement = parts[0].judgement
    for part in parts[1:]:
        judgement = judgement.worse(part.judgement)
    answers = [_join_answers([p.answers[i] for p in parts]) for i in range(len(parts[0].answers))]
    values = np.concatenate([p.values for p in parts])
    levels = _together([p.levels for p in parts])
    for name, variable in layout.game.packing.variables.items():
        if name not in levels:  # nothing ever sets it
            levels[name] = np.zeros((len(values), layout.game.steps, len(variable.levels)))
            levels[name][:, :, variable.start] = 1.0
    return Solution(
        answers[0], tuple(answers[1:]), values, np.concatenate([p.noise for p in parts]),
        _together([p.first_moves for p in parts]), _together([p.ever for p in parts]), levels, judgement, block,
    )

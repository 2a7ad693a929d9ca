"""From what was carried backwards and met forwards to the answers of a block, and of all blocks together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foederis.solve.backward import Plan
from foederis.solve.forward import Course, share_of
from foederis.solve.kernels import Array
from foederis.solve.layout import Layout
from foederis.solve.numbers import Numbers
from foederis.solve.verify import Findings, Judgement, verdict

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Answers:
    """One course of play: every question's answer, per draw.

    Attributes:
        questions: {name: float64[draws]}; nan where a `given` condition never holds.
        firsts: {name: float64[draws, steps + 2]}: start, each step, never.
        losses: {exposure: float64[draws]}, expected on the final state, in the exposure's unit.
        imposed: float64[draws, moves], the probability that each move of the plan was open.
        endings: float64[draws, classes], the probability of each class of final states; no classes if none are asked
            for.
    """

    questions: Mapping[str, Floats]
    firsts: Mapping[str, Floats]
    losses: Mapping[str, Floats]
    imposed: Floats
    endings: Floats


@dataclass(frozen=True)
class Solution:
    """A game solved for all its draws.

    Attributes:
        baseline: answers under equilibrium play; plans: those with each plan's moves imposed.
        values: float64[draws, actors], points.
        noise: float64[draws, actors], what each actor loses, over its decisions, by not always choosing the best.
        first_moves: {turn: float64[draws, options]} in step 0.
        ever: {turn: float64[draws, options]}, the probability that an option is ever taken; empty if not asked for.
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


@dataclass(frozen=True)
class BlockResult:
    """The results of one block of draws; `answers` are those of the baseline, then of each plan."""

    answers: list[Answers]
    values: Floats
    noise: Floats
    first_moves: Mapping[str, Floats]
    ever: Mapping[str, Floats]
    levels: Mapping[str, Floats]
    judgement: Judgement


@dataclass(frozen=True)
class BlockReader:
    """Reads one block, of whose draws the first `used` are wanted."""

    layout: Layout
    numbers: Numbers
    plans: Sequence[Plan]
    used: int

    def read(
        self,
        opening: Array,
        columns: Sequence[Array],
        courses: Sequence[Course],
        found: Findings,
        ends: Floats,
    ) -> BlockResult:
        """The block's results from the values at the start, the question columns there and the courses of play (of
        the baseline first, then of each plan), what the check found, and the range of values at the ends of steps."""
        used, layout, baseline = self.used, self.layout, courses[0]
        values = np.asarray(opening)
        carried = [np.asarray(part) for part in columns]
        answers = [
            self._answers(part, course, plan, used)
            for part, course, plan in zip(carried, courses, ((), *self.plans), strict=True)
        ]
        first_moves, ever = {}, {}
        for place, phase in enumerate(layout.game.phases):
            if phase.mover >= 0 and phase.branches:
                first_moves[phase.name] = np.asarray(baseline.taken[0][place]).T[:used]
                if layout.asking.ever:
                    ever[phase.name] = self._ever(place, carried[0], baseline).T[:used]
        judged = ends.shape[1]
        judgement = verdict(found, ends, values[:judged], np.asarray(baseline.points)[:judged])
        noise = np.asarray(baseline.errors).T[:used]
        levels = self._levels(baseline)
        return BlockResult(answers, values.T[:used], noise, first_moves, ever, levels, judgement)

    def _levels(self, course: Course) -> dict[str, Floats]:
        """{variable: [draws, steps, levels]}"""
        masses = np.stack([np.asarray(step) for step in course.levels]).transpose(2, 0, 1)[: self.used]
        found, above = {}, 0
        for name in self.layout.level_names:
            count = len(self.layout.game.packing.variables[name].levels)
            found[name] = masses[:, :, above : above + count]
            above += count
        return found

    def _ever(self, place: int, columns: Floats, course: Course) -> Floats:
        """[options, draws]: the probability that each option of a turn is ever taken."""
        layout = self.layout
        found = np.zeros((len(layout.game.phases[place].branches), self.numbers.draws))
        for branch in range(len(found)):
            if (place, branch) in layout.asking.counted:
                found[branch] = self._count(place, branch, layout.game.steps - 1, course)
        for offset, column in enumerate(layout.columns):
            if column.phase == place and column.plain:
                found[column.branch] = columns[offset]
        return found

    def _count(self, place: int, branch: int, by: int, course: Course) -> Floats:
        return np.asarray(sum(np.asarray(course.taken[step][place][branch]) for step in range(by + 1)))

    def _answers(self, columns: Floats, course: Course, plan: Plan, used: int) -> Answers:
        layout, asked, draws = self.layout, self.layout.game.asked, self.numbers.draws
        questions = {name: np.asarray(values)[:used] for name, values in course.answers.items()}
        firsts: dict[str, list[Floats]] = {}
        asking = [(offset, column.ask) for offset, column in enumerate(layout.columns) if column.ask is not None]
        carried = {ask.name for _, ask in asking}
        for ask in asked.questions:
            if ask.form == "takes" and ask.name not in carried:
                questions[ask.name] = self._count(ask.phase, ask.branch, ask.by, course)[:used]
        for offset, ask in asking:
            given = columns[layout.asking.givens.index(ask.given)] if ask.given >= 0 else np.ones(draws)
            here = np.zeros(draws)
            if ask.form in ("eventually", "first"):
                assert ask.expression is not None
                here = asked.at_start(ask.expression, self.numbers.worlds, draws).astype(np.float64)
            later = (1 - here) * columns[offset]
            if ask.form == "first":
                firsts.setdefault(ask.name, [share_of(here * given, given)[:used]])
                firsts[ask.name].append(share_of(later, given)[:used])
            else:
                questions[ask.name] = share_of(here * given + later, given)[:used]
        for name, found in course.firsts.items():
            firsts[name] = [np.asarray(part)[:used] for part in found]
        whole = {name: _first(parts, layout.game.steps) for name, parts in firsts.items()}
        losses = (
            {}
            if course.losses is None
            else {name: values[:used] for name, values in zip(asked.losses, np.asarray(course.losses), strict=True)}
        )
        imposed = [np.asarray(course.taken[move.step][move.phase][move.branch]) for move in plan]
        opened = np.array(imposed).reshape(len(plan), draws).T[:used]
        endings = np.zeros((0, draws)) if course.endings is None else course.endings
        return Answers(questions, whole, losses, opened, endings.T[:used])


def _first(parts: list[Floats], steps: int) -> Floats:
    """[draws, steps + 2]: start, each step (0 after the last one looked at), never."""
    found = np.zeros((len(parts[0]), steps + 2))
    found[:, : len(parts)] = np.stack(parts, axis=1)
    found[:, -1] = np.clip(1 - found[:, :-1].sum(axis=1), 0, 1)
    found[np.isnan(found[:, 0])] = np.nan  # what is given never holds
    return found


def _together(parts: Sequence[Mapping[str, Floats]]) -> dict[str, Floats]:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _join_answers(parts: Sequence[Answers]) -> Answers:
    return Answers(
        _together([p.questions for p in parts]),
        _together([p.firsts for p in parts]),
        _together([p.losses for p in parts]),
        np.concatenate([p.imposed for p in parts]),
        np.concatenate([p.endings for p in parts]),
    )


def join(layout: Layout, parts: Sequence[BlockResult], block: int) -> Solution:
    """All blocks together, in the order of their draws."""
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
        answers[0],
        tuple(answers[1:]),
        values,
        np.concatenate([p.noise for p in parts]),
        _together([p.first_moves for p in parts]),
        _together([p.ever for p in parts]),
        levels,
        judgement,
        block,
    )

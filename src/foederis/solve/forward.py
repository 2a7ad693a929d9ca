"""Forward pass: where play is likely to be, step by step, given how everybody chooses."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from foederis.solve import kernels
from foederis.solve.backward import Decision, Numbers, Plan, imposed
from foederis.solve.kernels import Array
from foederis.solve.layout import Layout, PhaseAt, is_carried

Floats = NDArray[np.float64]


@dataclass
class Course:
    """What one course of play shows; all per draw.

    Attributes:
        answers: {question: [draws]} for questions read off where play is.
        losses: [exposures, draws], expected on the final state.
        taken: per step and phase [branches, draws], the probability that a branch is taken in that step.
        levels: per step, per changing variable [levels, draws]; the baseline only.
        firsts: {question: [start, each step, ...] of [draws]}, when a `first` question's condition first holds.
        imposed: per imposed move [draws], the probability that it was open.
        points: [actors, draws], the discounted payments met on the way; the baseline only.
        errors: [actors, draws], the discounted points lost by not choosing the best option; the baseline only.
    """

    answers: dict[str, Array] = field(default_factory=dict)
    losses: Array | None = None
    taken: list[tuple[Array, ...]] = field(default_factory=list)
    levels: list[tuple[Array, ...]] = field(default_factory=list)
    firsts: dict[str, list[Array]] = field(default_factory=dict)
    imposed: list[Array] = field(default_factory=list)
    points: Array | None = None
    errors: Array | None = None


@partial(jax.jit, donate_argnums=0, static_argnames=("baseline", "tracked"))
def play_on(
    mass: Array, phases: tuple[PhaseAt, ...], decided: tuple[Decision, ...], baseline: bool, tracked: tuple[int, ...]
) -> tuple[Array, Array, Array, tuple[Array, ...], tuple[Array, ...]]:
    """The phases of a step in the order of play.

    Args:
        mass: float64[states, courses, draws]: where play is; then, for each `first` question, where it is while
            its condition has not been met.
    Returns:
        where play is after them; for the baseline what they pay and what errors cost, float64[actors, draws]
        each; per phase the probability of each branch, float64[branches, draws]; and for each tracked phase
        where play was before it, among its live states.
    """
    actors, draws = len(phases[0].paid) if phases else 0, mass.shape[-1]
    paid, errors = jnp.zeros((actors, draws)), jnp.zeros((actors, draws))
    taken = []
    before = {}
    for place, (phase, decision) in enumerate(zip(phases, decided, strict=True)):
        shares = decision.shares
        rows = kernels.rows(mass, phase.places)
        here = rows[:, 0]
        if place in tracked:
            before[place] = here
        branches = shares[: len(phase.link.successors)]
        taken.append(kernels.taken(here, branches) if phase.mover >= 0 and branches else jnp.zeros((0, 1)))
        if baseline and any(ids for actor in phase.paid for ids in actor):
            paid = paid + kernels.receive(here, shares, phase.paid, phase.pool)
        if baseline and decision.short is not None:
            errors = errors.at[phase.mover].add(kernels.expected_shortfall(here, decision.short))
        mass = kernels.push(mass, rows, phase.places, shares, phase.link.successors)
    return mass, paid, errors, tuple(taken), tuple(before[place] for place in tracked)


_open_mass = jax.jit(kernels.open_mass)
_move_on = jax.jit(kernels.move_on, donate_argnums=0)
_mean_flow = jax.jit(kernels.mean_flow)
_begin = jax.jit(lambda blank, start, begins: blank.at[start].set(begins), donate_argnums=0)
_course = jax.jit(lambda mass: mass[:, 0])
_level_masses = jax.jit(kernels.level_masses, static_argnums=2)
_means = jax.jit(kernels.means)
_absorb = jax.jit(kernels.absorb, donate_argnums=0)
_joint_mean = jax.jit(kernels.joint_mean)


@jax.jit
def _account(
    mass: Array, flow: Array, discount: Array, points: Array, errors: Array, paid: Array | float, lost: Array | float
) -> tuple[Array, Array]:
    """Points met and points lost to errors so far, those of a step added."""
    return points + discount * (paid + kernels.mean_flow(mass, flow)), errors + discount * lost


class Walk:
    """Carries state probabilities through the steps for one plan; an empty plan is the baseline."""

    def __init__(self, layout: Layout, numbers: Numbers, plan: Plan):
        self.layout, self.numbers, self.plan = layout, numbers, plan
        self.course = Course()
        self.waiting = tuple(
            ask
            for ask in layout.game.asked.questions
            if ask.form == "first" and not is_carried(ask, layout.counted, layout.lasting)
        )
        begins = [jnp.ones(numbers.draws)]
        for ask in self.waiting:
            assert ask.expression is not None
            held = jnp.asarray(layout.game.asked.at_start(ask.expression, numbers.worlds, numbers.draws) * 1.0)
            self.course.firsts[ask.name] = [held]
            begins.append(1.0 - held)
        blank = jnp.zeros((layout.width, len(begins), numbers.draws))
        self.mass = _begin(blank, layout.start, jnp.stack(begins))
        self.points = jnp.zeros((layout.actors, numbers.draws))
        self.errors = jnp.zeros((layout.actors, numbers.draws))
        self.discount = jnp.ones((layout.actors, numbers.draws))

    def step(self, step: int, phases: tuple[PhaseAt, ...], decided: tuple[Decision, ...]) -> None:
        """Plays one step, from its start to the start of the next."""
        decided = imposed(phases, decided, self.plan, step)
        moves = [move for move in self.plan if move.step == step]
        tracked = tuple(move.phase for move in moves)
        self.mass, paid, errors, taken, before = play_on(self.mass, phases, decided, not self.plan, tracked)
        self.course.taken.append(taken)
        for move, here in zip(moves, before, strict=True):
            self.course.imposed.append(_open_mass(here, phases[move.phase].link.is_open[move.branch]))
        mass = _course(self.mass)
        if not self.plan:
            flow = self.numbers.flow(step)
            self.points, self.errors = _account(
                mass, flow, self.discount, self.points, self.errors, paid if phases else 0.0, errors if phases else 0.0
            )
            self.discount = self.discount * self.numbers.patience
        self._end(step, mass)

    def _end(self, step: int, mass: Array) -> None:
        layout, numbers, course = self.layout, self.numbers, self.course
        last = step == layout.game.steps - 1
        if not self.plan:
            if last:
                course.points = self.points + self.discount * _mean_flow(mass, numbers.final())
                course.errors = self.errors
            variables = layout.game.packing.variables
            counts = tuple(len(variables[name].levels) for name in layout.level_names)
            course.levels.append(_level_masses(mass, layout.levels, counts))
        self._answer(step, last, mass)
        if self.waiting:
            self._wait(step)
        if not last and layout.onward is not None:
            self.mass = _move_on(self.mass, layout.onward)

    def _wait(self, step: int) -> None:
        """Ends the wait of those who have met the condition of a `first` question."""
        rows = self.layout.asked_rows
        counts = jnp.asarray(np.array([float(step <= ask.by) for ask in self.waiting]))
        conditions = tuple(rows.ids[ask.table] for ask in self.waiting)
        met, self.mass = _absorb(self.mass, self.numbers.rows(rows, step), conditions, counts)
        for place, ask in enumerate(self.waiting):
            if step <= ask.by:
                self.course.firsts[ask.name].append(met[place])

    def _answer(self, step: int, last: bool, mass: Array) -> None:
        layout, rows = self.layout, self.layout.asked_rows
        for ask in layout.game.asked.questions:
            carried = is_carried(ask, layout.counted, layout.lasting)
            if carried or ask.by != step or ask.form in ("takes", "first"):
                continue
            final = ask.to_final and ask.form != "eventually"
            pool = self.numbers.rows(rows, step + 1 if final else step)
            if ask.given >= 0:
                given = _means(mass, pool, (rows.ids[ask.given],))[0]
                both = _joint_mean(mass, pool, rows.ids[ask.table], rows.ids[ask.given])
                self.course.answers[ask.name] = jnp.where(given > 0, both / jnp.where(given > 0, given, 1.0), jnp.nan)
            else:
                self.course.answers[ask.name] = _means(mass, pool, (rows.ids[ask.table],))[0]
        losses = layout.game.asked.losses
        if last and losses:
            pool = self.numbers.rows(rows, step + 1)
            self.course.losses = _means(mass, pool, tuple(rows.ids[t] for t in losses.values()))

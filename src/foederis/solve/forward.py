"""Forward pass: where play is likely to be, step by step, given how everybody chooses."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from foederis.solve import kernels
from foederis.solve.backward import Numbers, Plan, imposed
from foederis.solve.kernels import Array, Branches
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
    """

    answers: dict[str, Array] = field(default_factory=dict)
    losses: Array | None = None
    taken: list[tuple[Array, ...]] = field(default_factory=list)
    levels: list[tuple[Array, ...]] = field(default_factory=list)
    firsts: dict[str, list[Array]] = field(default_factory=dict)
    imposed: list[Array] = field(default_factory=list)
    points: Array | None = None


@partial(jax.jit, donate_argnums=0, static_argnames=("paying", "tracked"))
def play_on(
    mass: Array, phases: tuple[PhaseAt, ...], decided: tuple[Branches, ...], paying: bool, tracked: tuple[int, ...]
) -> tuple[Array, Array, tuple[Array, ...], tuple[Array, ...]]:
    """The phases of a step in the order of play.

    Returns:
        where play is after them, float64[states, draws]; what they pay, float64[actors, draws], if `paying`; per
        phase the probability of each branch, float64[branches, draws]; and for each tracked phase
        where play was before it, among its live states.
    """
    paid = jnp.zeros((len(phases[0].paid), mass.shape[-1])) if phases else jnp.zeros((0, mass.shape[-1]))
    taken = []
    before = {}
    for place, (phase, shares) in enumerate(zip(phases, decided, strict=True)):
        here = kernels.rows(mass, phase.places)
        if place in tracked:
            before[place] = here
        branches = shares[: len(phase.link.successors)]
        taken.append(kernels.taken(here, branches) if phase.mover >= 0 and branches else jnp.zeros((0, 1)))
        if paying and any(ids for actor in phase.paid for ids in actor):
            paid = paid + kernels.receive(here, shares, phase.paid, phase.pool)
        mass = kernels.push(mass, here, phase.places, shares, phase.link.successors)
    return mass, paid, tuple(taken), tuple(before[place] for place in tracked)


_open_mass = jax.jit(kernels.open_mass)
_move_on = jax.jit(kernels.move_on)
_mean_flow = jax.jit(kernels.mean_flow)
_level_masses = jax.jit(kernels.level_masses, static_argnums=2)
_means = jax.jit(kernels.means)
_absorb = jax.jit(kernels.absorb, donate_argnums=0)
_joint_mean = jax.jit(kernels.joint_mean)


class Walk:
    """Carries state probabilities through the steps for one plan; an empty plan is the baseline."""

    def __init__(self, layout: Layout, numbers: Numbers, plan: Plan):
        self.layout, self.numbers, self.plan = layout, numbers, plan
        self.mass = jnp.zeros((layout.width, numbers.draws)).at[layout.start].set(1.0)
        self.points = jnp.zeros((layout.actors, numbers.draws))
        self.discount = jnp.ones((layout.actors, numbers.draws))
        self.course = Course()
        # For each `first` question, the probability that play is in a state and the condition has not held yet.
        self.waiting: dict[str, Array] = {}
        for ask in layout.game.asked.questions:
            if ask.form == "first" and ask.expression is not None and not is_carried(ask, layout.counted, frozenset()):
                held = jnp.asarray(layout.game.asked.at_start(ask.expression, numbers.worlds, numbers.draws) * 1.0)
                self.waiting[ask.name] = self.mass * (1.0 - held)
                self.course.firsts[ask.name] = [held]

    def step(self, step: int, phases: tuple[PhaseAt, ...], decided: tuple[Branches, ...]) -> None:
        """Plays one step, from its start to the start of the next."""
        decided = imposed(phases, decided, self.plan, step)
        tracked = tuple(move.phase for move in self.plan if move.step == step)
        self.mass, paid, taken, before = play_on(self.mass, phases, decided, not self.plan, tracked)
        self.course.taken.append(taken)
        for move, here in zip((m for m in self.plan if m.step == step), before, strict=True):
            self.course.imposed.append(_open_mass(here, phases[move.phase].link.is_open[move.branch]))
        if not self.plan:
            self.points = self.points + self.discount * paid
        for name, mass in self.waiting.items():
            self.waiting[name] = play_on(mass, phases, decided, False, ())[0]
        self._end(step)

    def _end(self, step: int) -> None:
        layout, numbers, course = self.layout, self.numbers, self.course
        last = step == layout.game.steps - 1
        if not self.plan:
            flow = _mean_flow(self.mass, numbers.flow(step))
            self.points = self.points + self.discount * flow
            self.discount = self.discount * numbers.patience
            if last:
                self.points = self.points + self.discount * _mean_flow(self.mass, numbers.final())
                course.points = self.points
            variables = layout.game.packing.variables
            counts = tuple(len(variables[name].levels) for name in layout.level_names)
            course.levels.append(_level_masses(self.mass, layout.levels, counts))
        self._answer(step, last)
        self._wait(step)
        if not last and layout.onward is not None:
            self.mass = _move_on(self.mass, layout.onward)
            self.waiting = {name: _move_on(mass, layout.onward) for name, mass in self.waiting.items()}

    def _wait(self, step: int) -> None:
        """Ends the wait of those who have met the condition of a `first` question."""
        asks = {ask.name: ask for ask in self.layout.game.asked.questions if ask.name in self.waiting}
        for name, ask in asks.items():
            if step <= ask.by:
                rows = self.layout.asked_rows
                hit, self.waiting[name] = _absorb(self.waiting[name], self.numbers.rows(rows, step), rows.ids[ask.table])
                self.course.firsts[name].append(hit)

    def _answer(self, step: int, last: bool) -> None:
        layout, rows = self.layout, self.layout.asked_rows
        for ask in layout.game.asked.questions:
            carried = is_carried(ask, layout.counted, layout.lasting)
            if carried or ask.by != step or ask.form in ("takes", "first"):
                continue
            final = ask.to_final and ask.form != "eventually"
            pool = self.numbers.rows(rows, step + 1 if final else step)
            if ask.given >= 0:
                given = _means(self.mass, pool, (rows.ids[ask.given],))[0]
                both = _joint_mean(self.mass, pool, rows.ids[ask.table], rows.ids[ask.given])
                self.course.answers[ask.name] = jnp.where(given > 0, both / jnp.where(given > 0, given, 1.0), jnp.nan)
            else:
                self.course.answers[ask.name] = _means(self.mass, pool, (rows.ids[ask.table],))[0]
        losses = layout.game.asked.losses
        if last and losses:
            pool = self.numbers.rows(rows, step + 1)
            self.course.losses = _means(self.mass, pool, tuple(rows.ids[t] for t in losses.values()))

"""Backward induction: from the end of the crisis to its start, all draws of a block at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from foederis.game.pools import Worlds
from foederis.solve import kernels, verify
from foederis.solve.kernels import Array, Branches
from foederis.solve.layout import Column, Layout, PhaseAt, PoolRows


@dataclass(frozen=True)
class Move:
    """An imposed branch: at `step`, the phase takes it wherever it is open."""

    step: int
    phase: int
    branch: int


Plan = tuple[Move, ...]


@dataclass
class Numbers:
    """A block's drawn numbers: tables evaluated at a step, those that do not read the step only once."""

    layout: Layout
    worlds: Worlds
    draws: int
    first_draw: int
    _kept: dict[tuple[int, str], Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rationality, patience = self.layout.game.actor_numbers(self.worlds, self.draws, self.first_draw)
        self.rationality = jnp.asarray(rationality)
        self.patience = jnp.asarray(patience)

    def rows(self, rows: PoolRows, step: int) -> Array:
        if rows.reads_step:
            return rows.evaluate(self.worlds, self.draws, step, self.first_draw)
        key = (id(rows), "rows")
        if key not in self._kept:
            self._kept[key] = rows.evaluate(self.worlds, self.draws, 0, self.first_draw)
        return self._kept[key]

    def flow(self, step: int) -> Array:
        """float64[states, actors, draws]: what the end of a step pays."""
        rows, ids = self.layout.flow_rows, self.layout.flow_ids
        if rows.reads_step:
            return payments(self.rows(rows, step), ids)
        key = (id(rows), "flow")
        if key not in self._kept:
            self._kept[key] = payments(self.rows(rows, step), ids)
        return self._kept[key]

    def final(self) -> Array:
        """float64[states, actors, draws]: what the final state pays."""
        return payments(self.rows(self.layout.final_rows, self.layout.game.steps), self.layout.final_ids)

    def phases(self, step: int, *, columns: bool = True) -> tuple[PhaseAt, ...]:
        """The phases of a step; without `columns`, no question is carried through them."""
        layout = self.layout
        carried = layout.columns if columns else ()
        return tuple(arrays.at(step, self.rows(arrays.rows, step), carried) for arrays in layout.phases)


payments = jax.jit(kernels.payments)


@dataclass(frozen=True)
class Carried:
    """What is carried backwards: values and best replies [states, 2 actors, draws]; questions [states, columns,
    draws]."""

    values: Array
    questions: Array


def _shares(phase: PhaseAt, values: Array, rationality: Array) -> Branches:
    """Branch probabilities of a phase, that of staying put last where there is one."""
    link = phase.link
    if phase.mover < 0:
        outcomes, nothing = phase.chances[:-1], phase.chances[-1]
        shares = kernels.event_shares(outcomes, link.is_open, nothing, link.live, phase.pool)
        return shares if phase.stays else shares[:-1]
    if not link.successors:
        return (jnp.ones((len(phase.places), values.shape[-1])),)
    worth = kernels.action_values(
        values, jnp.int32(phase.mover), link.successors, phase.paid[phase.mover], phase.pool)
    shares = kernels.logit(worth, link.is_open, rationality[phase.mover])
    if phase.chances:
        return kernels.with_chance(shares, phase.chances[1], phase.chances[0], link.live, phase.pool)
    return kernels.with_skipping(shares, link.live) if phase.stays else shares


def _new_values(phase: PhaseAt, values: Array, shares: Branches, actors: int) -> Array:
    """Values before a phase, for its live states; the mover's best reply takes its best branch."""
    new = kernels.mix_values(values, shares, phase.successors, phase.paid, phase.pool)
    if phase.mover < 0 or not phase.link.successors:
        return new
    column = jnp.int32(actors + phase.mover)
    worth = kernels.action_values(values, column, phase.link.successors, phase.paid[phase.mover], phase.pool)
    stay = phase.places if phase.stays else None
    return kernels.best_reply(new, values, column, worth, phase.link.is_open, shares, phase.link.live, stay)


@partial(jax.jit, donate_argnums=(0, 1), static_argnames=("judged",))
def play_back(
    values: Array, questions: Array, phases: tuple[PhaseAt, ...], rationality: Array, gain_of: Array | None,
    judged: bool,
) -> tuple[Array, Array, tuple[Branches, ...], verify.Findings | None]:
    """The phases of a step, last first.

    Returns:
        values and questions at its start, each phase's branch probabilities in the order of play, and the
        findings of the check.
    """
    actors = rationality.shape[0]
    decided, findings, choices = [], [], []
    met = values[:, :actors]
    for phase in reversed(phases):
        shares = _shares(phase, values, rationality)
        new = lax.optimization_barrier(_new_values(phase, values, shares, actors))
        if judged:
            findings.append(verify.judge_values(
                actors, values, new, shares, phase.successors, phase.link.is_open, phase.paid, phase.pool))
            if phase.mover >= 0 and phase.link.successors:
                choices.append(verify.judge_choice(
                    phase.mover, values, shares, phase.successors, phase.link.is_open, phase.paid[phase.mover],
                    phase.pool, rationality[phase.mover]))
        if questions.shape[1]:
            changed = kernels.mix_questions(questions, shares, phase.successors, phase.hits, gain_of)
            questions = kernels.put(questions, phase.places, changed)
        values = kernels.put(values, phase.places, new)
        decided.append(shares)
    found = None
    if judged:
        none = jnp.zeros((0, actors + 1)), jnp.zeros((0, 4))
        found = (jnp.stack(findings) if findings else none[0], jnp.stack(choices) if choices else none[1],
                 verify.span(met))
    return values, questions, tuple(decided[::-1]), found


@partial(jax.jit, donate_argnums=0)
def replay(
    questions: Array, phases: tuple[PhaseAt, ...], decided: tuple[Branches, ...], gain_of: Array | None
) -> Array:
    """Question columns at the start of a step from those at its end, for given branch probabilities."""
    for phase, shares in zip(reversed(phases), reversed(decided), strict=True):
        changed = kernels.mix_questions(questions, shares, phase.successors, phase.hits, gain_of)
        questions = kernels.put(questions, phase.places, changed)
    return questions


impose = jax.jit(kernels.impose)
_discount = jax.jit(kernels.discount)
_turn_over = jax.jit(kernels.turn_over)
_gather_asked = jax.jit(kernels.gather_asked)


def imposed(
    phases: Sequence[PhaseAt], decided: tuple[Branches, ...], plan: Plan, step: int
) -> tuple[Branches, ...]:
    """Branch probabilities of a step with the plan's moves of that step imposed."""
    changed = list(decided)
    for move in plan:
        if move.step == step:
            is_open = phases[move.phase].link.is_open[move.branch]
            changed[move.phase] = impose(changed[move.phase], jnp.int32(move.branch), is_open)
    return tuple(changed)


def end_values(layout: Layout, numbers: Numbers, step: int, following: Array | None) -> Array:
    """Values at the end of a step from those at the start of the next; None after the last step."""
    if following is None:
        worth = numbers.final()
        doubled = jnp.concatenate([worth, worth], axis=1)
        return _discount(doubled, None, numbers.flow(step), numbers.patience)
    return _discount(following, layout.onward, numbers.flow(step), numbers.patience)


def end_questions(layout: Layout, numbers: Numbers, step: int, following: Array | None) -> Array:
    """Question columns at the end of a step from those at the start of the next."""
    if not layout.columns:
        return jnp.zeros((layout.width, 0, numbers.draws))
    onward = layout.onward if following is not None else None
    before = _final_questions(layout, numbers) if following is None else following
    pool = numbers.rows(layout.asked_rows, step)
    opens, ends, lasts = _windows(layout.columns, step)
    return _turn_over(before, onward, pool, layout.asked_ids, layout.gain_of, opens, ends, lasts)


def _final_questions(layout: Layout, numbers: Numbers) -> Array:
    """Question columns on the final state: whether the `given` conditions hold, 0 for the rest."""
    rest = len(layout.columns) - len(layout.givens)
    empty = jnp.zeros((layout.width, rest, numbers.draws))
    if not layout.givens:
        return empty
    pool = numbers.rows(layout.asked_rows, layout.game.steps)
    held = _gather_asked(pool, tuple(layout.asked_rows.ids[table] for table in layout.givens))
    return jnp.concatenate([held, empty], axis=1)


def _windows(columns: Sequence[Column], step: int) -> tuple[Array, Array, Array]:
    """For each column: whether a hit now counts, whether a hit ends the wait, whether what follows counts."""
    opens, ends, lasts = [], [], []
    for column in columns:
        waits = column.ask is not None and column.ask.form in ("eventually", "first")
        opens.append(column.conditioned and (step <= column.by if column.at < 0 and waits else step == column.by))
        ends.append(column.conditioned and waits)
        lasts.append(step < column.by)
    return tuple(jnp.asarray(np.array(p, dtype=np.float64))[:, None] for p in (opens, ends, lasts))  # type: ignore[return-value]

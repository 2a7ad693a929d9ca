"""Backward induction: from the end of the crisis to its start, all draws of a block at once."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from numpy.typing import NDArray

from foederis.game.pools import Worlds
from foederis.solve import kernels, verify
from foederis.solve.kernels import Array, Branches
from foederis.solve.layout import Column, Layout, PhaseAt, PoolRows

Floats = NDArray[np.float64]
_TABLE_BYTES = 64_000_000


@dataclass(frozen=True)
class Move:
    """An imposed branch: at `step`, the phase takes it wherever it is open."""

    step: int
    phase: int
    branch: int


Plan = tuple[Move, ...]


@dataclass
class Tables:
    """The drawn numbers of all draws, shared by the blocks: evaluating a small table costs the same for a few
    draws as for a thousand. Large tables are evaluated block by block."""

    worlds: Worlds
    draws: int
    _kept: dict[tuple[int, int], Floats] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def rows(self, rows: PoolRows, step: int, chosen: NDArray[np.int64]) -> Array:
        """float64[rows, block]: a pool's rows for the chosen draws."""
        if rows.pool.size * self.draws * 8 > _TABLE_BYTES:
            worlds = {name: values[chosen] for name, values in self.worlds.items()}
            return jnp.asarray(rows.evaluate(worlds, len(chosen), step, int(chosen[0])))
        key = (id(rows), step if rows.reads_step else 0)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = rows.evaluate(self.worlds, self.draws, step)
        return jnp.asarray(self._kept[key][:, chosen])


@dataclass
class Numbers:
    """The numbers of a block of draws (`chosen`, places among all draws)."""

    layout: Layout
    tables: Tables
    chosen: NDArray[np.int64]
    _kept: dict[tuple[int, str], Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.worlds = {name: values[self.chosen] for name, values in self.tables.worlds.items()}
        rationality, patience = self.layout.game.actor_numbers(self.worlds, self.draws, int(self.chosen[0]))
        self.rationality = jnp.asarray(rationality)
        self.patience = jnp.asarray(patience)

    @property
    def draws(self) -> int:
        return len(self.chosen)

    def rows(self, rows: PoolRows, step: int) -> Array:
        if rows.reads_step:
            return self.tables.rows(rows, step, self.chosen)
        key = (id(rows), "rows")
        if key not in self._kept:
            self._kept[key] = self.tables.rows(rows, step, self.chosen)
        return self._kept[key]

    def flow(self, step: int) -> Array:
        """float64[states, actors, draws]: what the end of a step pays."""
        rows, ids = self.layout.flow_rows, self.layout.flow_ids
        if not ids:
            return self._no_actors()
        if rows.reads_step:
            return payments(self.rows(rows, step), ids)
        key = (id(rows), "flow")
        if key not in self._kept:
            self._kept[key] = payments(self.rows(rows, step), ids)
        return self._kept[key]

    def final(self) -> Array:
        """float64[states, actors, draws]: what the final state pays."""
        if not self.layout.final_ids:
            return self._no_actors()
        return payments(self.rows(self.layout.final_rows, self.layout.game.steps), self.layout.final_ids)

    def _no_actors(self) -> Array:
        return jnp.zeros((self.layout.width, 0, self.draws))

    def phases(self, step: int, *, columns: bool = True) -> tuple[PhaseAt, ...]:
        """The phases of a step; without `columns`, no question is carried through them."""
        layout = self.layout
        carried = layout.columns if columns else ()
        return tuple(arrays.at(step, self.rows(arrays.rows, step), carried) for arrays in layout.phases)


payments = jax.jit(kernels.payments)


@dataclass(frozen=True)
class Carried:
    """What is carried backwards: values [states, actors, draws] and questions [states, columns, draws]."""

    values: Array
    questions: Array


@partial(jax.tree_util.register_dataclass, data_fields=["shares", "short"], meta_fields=[])
@dataclass(frozen=True)
class Decision:
    """Branch probabilities of a phase at a step, float64[live, draws], that of staying put last where there is
    one; for a turn also what its actor loses to its errors, float64[live, draws]."""

    shares: Branches
    short: Array | None


def _decide(phase: PhaseAt, values: Array, rationality: Array) -> Decision:
    link = phase.link
    if phase.mover < 0:
        outcomes, nothing = phase.chances[:-1], phase.chances[-1]
        shares = kernels.event_shares(outcomes, link.is_open, nothing, link.live, phase.pool)
        return Decision(shares if phase.stays else shares[:-1], None)
    if not link.successors:
        return Decision((jnp.ones((len(phase.places), values.shape[-1])),), None)
    worth = kernels.action_values(values, jnp.int32(phase.mover), link.successors, phase.paid[phase.mover], phase.pool)
    worth = lax.optimization_barrier(worth)
    shares = kernels.logit(worth, link.is_open, rationality[phase.mover])
    if phase.chances:
        shares = kernels.with_chance(shares, phase.chances[1], phase.chances[0], link.live, phase.pool)
    elif phase.stays:
        shares = kernels.with_skipping(shares, link.live)
    return Decision(shares, kernels.shortfall(worth, link.is_open, shares))


@partial(jax.jit, donate_argnums=1)
def play_back(
    values: Array, questions: Array, phases: tuple[PhaseAt, ...], rationality: Array, gain_of: Array | None
) -> tuple[Array, Array, tuple[Decision, ...], tuple[Array, ...]]:
    """The phases of a step, last first.

    Returns:
        values and questions at its start; in the order of play, what is decided in each phase, and its new
        values: those before the phase in the states where it is live.
    """
    decided, news = [], []
    for phase in reversed(phases):
        decision = _decide(phase, values, rationality)
        new = kernels.mix_values(values, decision.shares, phase.successors, phase.paid, phase.pool)
        if questions.shape[1]:
            changed = kernels.mix_questions(questions, decision.shares, phase.successors, phase.hits, gain_of)
            questions = kernels.put(questions, phase.places, changed)
        values = kernels.put(values, phase.places, new)
        decided.append(decision)
        news.append(new)
    return values, questions, tuple(decided[::-1]), tuple(news[::-1])


@jax.jit
def judge(
    values: Array,
    phases: tuple[PhaseAt, ...],
    decided: tuple[Decision, ...],
    news: tuple[Array, ...],
    rationality: Array,
) -> verify.Findings:
    """The findings of the check of a step: a program of its own, so that it works nothing out together with the
    solver. `values` are those at the end of the step."""
    actors = rationality.shape[0]
    span = verify.span(values)
    values = _once_seen(values, span)
    findings, choices = [jnp.zeros((0, actors + 1))], [jnp.zeros((0, 4))]
    for phase, decision, new in zip(reversed(phases), reversed(decided), reversed(news), strict=True):
        links, is_open, shares = phase.successors, phase.link.is_open, decision.shares
        seen = verify.judge_values(values, new, shares, links, is_open, phase.paid, phase.pool)
        findings.append(seen[None])
        new = _once_seen(new, seen)
        if phase.mover >= 0 and is_open:
            precision = rationality[phase.mover]
            seen = verify.judge_choice(
                phase.mover, values, shares, links, is_open, phase.paid[phase.mover], phase.pool, precision
            )
            choices.append(seen[None])
            new = _once_seen(new, seen)
        values = kernels.put(values, phase.places, new)
    return jnp.concatenate(findings), jnp.concatenate(choices), span


def _once_seen(new: Array, findings: Array) -> Array:
    """The same values, but known only after the check has been made.

    Values are replaced in place. Were the check free to read the old ones later, the compiler would copy the
    whole array for every phase; so it is given a sum of zeros to wait for.
    """
    return new + 0.0 * jnp.sum(jnp.where(jnp.isfinite(findings), findings, 0.0))


@partial(jax.jit, donate_argnums=0)
def replay(
    questions: Array, phases: tuple[PhaseAt, ...], decided: tuple[Decision, ...], gain_of: Array | None
) -> Array:
    """Question columns at the start of a step from those at its end, for given branch probabilities."""
    for phase, decision in zip(reversed(phases), reversed(decided), strict=True):
        changed = kernels.mix_questions(questions, decision.shares, phase.successors, phase.hits, gain_of)
        questions = kernels.put(questions, phase.places, changed)
    return questions


impose = jax.jit(kernels.impose)
_discount = jax.jit(kernels.discount)
_turn_over = jax.jit(kernels.turn_over)
_gather_asked = jax.jit(kernels.gather_asked)


def imposed(phases: Sequence[PhaseAt], decided: tuple[Decision, ...], plan: Plan, step: int) -> tuple[Decision, ...]:
    """Branch probabilities of a step with the plan's moves of that step imposed."""
    changed = list(decided)
    for move in plan:
        if move.step == step:
            is_open = phases[move.phase].link.is_open[move.branch]
            shares = impose(changed[move.phase].shares, jnp.int32(move.branch), is_open)
            changed[move.phase] = Decision(shares, changed[move.phase].short)
    return tuple(changed)


def end_values(layout: Layout, numbers: Numbers, step: int, following: Array | None) -> Array:
    """Values at the end of a step from those at the start of the next; None after the last step."""
    if following is None:
        return _discount(numbers.final(), None, numbers.flow(step), numbers.patience)
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

"""Forward pass: where play is likely to be, step by step, given how everybody chooses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.solve import kernels
from foederis.solve.backward import Pass
from foederis.solve.device import kernel
from foederis.solve.groups import CHUNK, Group, GroupArrays, Ints
from foederis.solve.inflow import BEGINNING, Inflow
from foederis.solve.kernels import Array
from foederis.solve.layout import Layout, Stretch
from foederis.solve.lazy import jax, jnp, lax
from foederis.solve.loops import columns_at, decisions_at, paid_to_others, shares_at
from foederis.solve.numbers import bucket
from foederis.solve.signal_loops import land, meet_signal

Floats = NDArray[np.float64]


@dataclass
class Course:
    """What one course of play shows; all per draw.

    Attributes:
        answers: {question: [draws]} for questions read off where play is; of those under a `given` condition the part
            that is met with it; given: {question: [draws]}, the probability of that condition.
        losses: [exposures, draws], expected on the final state.
        endings: [classes, draws], the probability of each class of final states; None if no classes are asked for.
        taken: per step {phase: [branches, draws]}, the probability that an option is taken in that step.
        levels: per step [levels of all changing variables, draws], if these are told.
        firsts: {question: [start, each step, ...] of [draws]}, when a `first` question's condition first holds.
        points: [actors, draws], the discounted payments met on the way, if they are told.
        errors: [actors, draws], the discounted points lost by not choosing the best option, likewise.
    """

    answers: dict[str, Floats] = field(default_factory=dict)
    given: dict[str, Floats] = field(default_factory=dict)
    losses: Floats | None = None
    endings: Floats | None = None
    taken: list[dict[int, Floats]] = field(default_factory=list)
    levels: list[Array] = field(default_factory=list)
    firsts: dict[str, list[Floats]] = field(default_factory=dict)
    points: Floats | None = None
    errors: Floats | None = None


def _pull(mass: Array, weights: Array, inflow: Inflow, chunks: Array, count: Array) -> Array:
    """Play through a step: each row takes up what leads into it, in the order of play.

    Args:
        mass: float64[rows, courses, draws]: where play is; then, for each `first` question, where it is while
            its condition has not been met. What is left of the step before is overwritten, but for its end.
    """

    def chunk(i: Array, mass: Array) -> Array:
        place = chunks[i]
        first = inflow.first[place]

        def add(slot: Array, here: Array) -> Array:
            sources, likely = inflow.sources[first + slot], inflow.weights[first + slot]
            return here + kernels.rows(mass, sources) * kernels.rows(weights, likely)[:, None]

        here = lax.fori_loop(0, inflow.slots[place], add, jnp.zeros((CHUNK, *mass.shape[1:])))
        return lax.dynamic_update_slice_in_dim(mass, here, place * CHUNK, axis=0)

    return lax.fori_loop(0, count, chunk, mass)


def _meet(mass: Array, weights: Array, arrays: GroupArrays, order: Array, count: Array) -> Array:
    """What play meets in a group; see _pull for `mass`.

    Returns:
        by phase, float64[phases, sums, draws]: the probability that each option is taken, the mean of what it pays
        the mover and of what the mover loses to its errors (these for turns only), and of each payment to others.
    """

    def chunk(i: Array, sums: Array) -> Array:
        start, row, place, _ = order[i]
        play = lax.dynamic_slice_in_dim(mass, row, CHUNK)[:, 0]
        shares, met = shares_at(weights, arrays, start), []
        if arrays.turns:
            pays = shares[:-1] * kernels.rows(weights, columns_at(arrays.own, start))
            lost = decisions_at(weights, arrays, start)[:, -1]
            met = [shares[:-1], kernels.add_up(pays)[None], lost[None]]
        if len(arrays.others):
            met.append(paid_to_others(shares, weights, arrays, start, place))
        # A product with ones, since plain sums over the first axis were measured several times slower.
        found = (jnp.concatenate(met) * play).swapaxes(0, 1).reshape(CHUNK, -1)
        return sums.at[place].add((jnp.ones((1, CHUNK)) @ found).reshape(sums.shape[1:]))

    height = (arrays.branches + 2 if arrays.turns else 0) + len(arrays.others)
    return lax.fori_loop(0, count, chunk, jnp.zeros((len(arrays.mover), height, mass.shape[2])))


def _arrive(mass: Array, row: Array, width: int) -> Array:
    """Where play is at the end of a step, float64[states, courses, draws]."""
    return lax.dynamic_slice_in_dim(mass, row, width)


def _leave(mass: Array, ending: Array, before: Array) -> Array:
    """From the end of a step, where play is as in `ending`, to where the next step takes it up."""
    mass = lax.dynamic_update_slice_in_dim(mass, ending, before, axis=0)
    return mass.at[BEGINNING].set(0.0)


def _begin(begins: Array, height: int) -> Array:
    return jnp.zeros((height, *begins.shape)).at[BEGINNING].set(begins)


def _mean_flow(ending: Array, flow: Array) -> Array:
    """float64[actors, draws]: the mean of payments [states, actors, draws]."""
    return jnp.sum(ending[:, :1] * flow, axis=0)


def _level_masses(ending: Array, levels: Array, count: int) -> Array:
    """float64[levels, draws]: the probability of each of `count` levels, by variable int32[variables, states]."""
    spread = jnp.broadcast_to(ending[None, :, 0], (*levels.shape, ending.shape[-1]))
    return jnp.zeros((count, ending.shape[-1])).at[levels].add(spread, mode="promise_in_bounds")


def _means(ending: Array, numbers: Array, ids: Array) -> Array:
    """float64[tables, draws]: the mean of tables, int32[tables, states]."""
    return jnp.stack([jnp.sum(ending[:, 0] * kernels.rows(numbers, table), axis=0) for table in ids])


def _joint_mean(ending: Array, numbers: Array, ids: Array) -> Array:
    """float64[2, draws]: the mean of a table times another, and of the other."""
    first, second = kernels.rows(numbers, ids)
    return jnp.stack([jnp.sum(ending[:, 0] * first * second, axis=0), jnp.sum(ending[:, 0] * second, axis=0)])


def _absorb(ending: Array, numbers: Array, ids: Array, counts: Array) -> tuple[Array, Array]:
    """Ends the wait for conditions.

    Args:
        ending: float64[states, 1 + conditions, draws]; ids: int32[conditions, states].
        counts: float64[conditions], 1 where a condition is still looked for.
    Returns:
        the probability that each condition is met now, float64[conditions, draws]; and the mass that is left.
    """
    met = ending[:, 1:] * kernels.rows(numbers, ids.T) * counts[:, None]
    return jnp.sum(met, axis=0), jnp.concatenate([ending[:, :1], ending[:, 1:] - met], axis=1)


with_numbers = kernel(lambda weights, numbers: lax.dynamic_update_slice_in_dim(weights, numbers, 0, axis=0))
pull = kernel(_pull, donate=[0], in_one=True)
meet_group = kernel(_meet)
arrive = kernel(_arrive, static=["width"])
leave = kernel(_leave, donate=[0])
begin = kernel(_begin, static=["height"])
mean_flow = kernel(_mean_flow)
level_masses = kernel(_level_masses, static=["count"], in_one=True)
means = kernel(_means)
joint_mean = kernel(_joint_mean)
absorb = kernel(_absorb)


def share_of(part: Floats, whole: Floats) -> Floats:
    """A part of what has some probability; nan where that never happens."""
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), np.nan)


class Walk:
    """Carries state probabilities through the steps for one course of play.

    Args:
        answers: whether questions are answered; accounts: whether points are told, and losses to errors, from the step
            `since` on. Levels are told where both are.
        classes: sort the final states, int32[states at the end of a step], in the game's order.
        profile: of types; if None, these are as likely everywhere as all believe them to be there.
        knows: whether payments are those under the profile, and not what all expect them to be.
    """

    def __init__(
        self,
        layout: Layout,
        back: Pass,
        *,
        answers: bool = True,
        accounts: bool = True,
        classes: Ints | None = None,
        since: int = 0,
        profile: int | None = 0,
        knows: bool = False,
    ):
        self.paid_in = profile if knows else None
        self.layout, self.back, self.numbers, self.classes = layout, back, back.numbers, classes
        self.answers, self.accounts, self.since, self.profile = answers, accounts, since, profile
        self.likely = [back.likely(typed, profile) for typed in range(len(layout.game.roster.typed))]
        self.course = Course()
        asked, numbers = layout.game.asked, self.numbers
        self.asks = asked.by_profile[profile or 0] if answers else ()
        firsts = [ask for ask in self.asks if ask.form == "first" and not layout.asking.carries(ask)]
        self.waiting = tuple(ask for ask in firsts if ask.name not in layout.asking.lasting)
        self.lasting = tuple(ask for ask in firsts if ask.name in layout.asking.lasting)
        self.course.firsts.update({ask.name: [np.zeros(numbers.draws)] for ask in self.lasting})
        begins = [np.ones(numbers.draws)]
        for ask in self.waiting:
            assert ask.expression is not None
            held = asked.at_start(ask.expression, numbers.worlds, numbers.draws, profile or 0) * 1.0
            self.course.firsts[ask.name] = [held]
            begins.append(1.0 - held)
        lanes = np.tile(np.stack(begins), numbers.lanes // numbers.draws)
        if numbers.grid is not None:
            lanes = lanes * np.asarray(numbers.grid.start)
        self.mass = self._begin(lanes)
        self.points, self.errors = np.zeros((2, layout.actors, numbers.draws))
        self.discount = np.ones((layout.actors, numbers.draws))

    def step(self, step: int, weights: Array, hopes: Array | None = None) -> None:
        """Plays one step, from its start to the start of the next; see filter.Shown for `hopes`."""
        layout = self.layout
        for stretch in layout.stretches(step):
            self.mass = self._pull(step, weights, stretch)
            if stretch.group is not None:
                self._land(step, weights, stretch.group, hopes)
        if self.paid_in is not None and layout.numbers.mixes:
            weights = with_numbers(weights, self.numbers.rows(layout.numbers, step, self.paid_in))
        if self.answers or self.accounts:
            self._meet(step, weights)
        ending = self._arrive()
        last = step == layout.game.steps - 1
        if self.accounts:
            self._account(step, last, ending)
        if self.answers:
            self._answer(step, last, ending)
        if self.waiting:
            ending = self._wait(step, ending)
        if self.lasting:
            self._hold(step, ending)
        if not last:
            self.mass = self._leave(ending)

    # What follows is done by kernels here, and by the engine in C in native.walks.

    def _begin(self, lanes: Floats) -> Any:
        return begin(lanes, height=self.layout.tall)

    def _pull(self, step: int, weights: Array, stretch: Stretch) -> Any:
        return pull(self.mass, weights, self.layout.inflow(step), stretch.chunks, stretch.count)

    def _meet(self, step: int, weights: Array) -> None:
        self._read_groups(step, jax.device_get([self._met_in(step, weights, group) for group in self.layout.groups]))

    def _arrive(self) -> Any:
        return arrive(self.mass, self.layout.ends.row, width=self.layout.ends.width)

    def _leave(self, ending: Any) -> Any:
        return leave(self.mass, ending, self.layout.ends.before)

    def _mean_flow(self, ending: Any, flow: Any) -> Any:
        return mean_flow(ending, flow)

    def _level_masses(self, ending: Any, levels: Any, count: int) -> Any:
        return level_masses(ending, levels, count=count)

    def _means(self, ending: Any, numbers: Any, ids: Any) -> Any:
        return means(ending, numbers, ids)

    def _joint_mean(self, ending: Any, numbers: Any, ids: Any) -> Any:
        return joint_mean(ending, numbers, ids)

    def _absorb(self, ending: Any, numbers: Any, ids: Any, counts: Floats) -> tuple[Any, Any]:
        found: tuple[Any, Any] = absorb(ending, numbers, ids, counts)
        return found

    def _land(self, step: int, weights: Array, group: Group, hopes: Array | None) -> None:
        """Play goes out of a phase that may show a type, to the beliefs after its branches."""
        order, sizes = group.order(step), self.back.axes.split(group.typed)
        likely = self.likely[group.typed]
        self.mass = land(
            self.mass,
            weights,
            group.at(step),
            self.back.grid,
            likely,
            hopes,
            order.chunks,
            order.count,
            typed=group.typed,
            sizes=sizes,
        )

    def _met_in(self, step: int, weights: Array, group: Group) -> Any:
        arrays, order = group.at(step), group.order(step)
        if group.typed >= 0:
            return meet_signal(self.mass, weights, arrays, self.likely[group.typed], order.chunks, order.count)
        if group.turns or len(arrays.others):
            return meet_group(self.mass, weights, arrays, order.chunks, order.count)
        return np.zeros((len(group.phases), 0, self.numbers.lanes))

    def _read_signal(self, group: Group, sums: Any, taken: dict[int, Floats]) -> None:
        """What the sums of a phase that may show a type tell."""
        [phase] = group.phases
        game_phase = self.layout.game.phases[phase]
        signal = game_phase.signal
        assert signal is not None
        options, paid, lost, others = (self.back.fold(part) for part in sums)
        if group.turns:
            taken[phase] = options[: len(game_phase.branches)]
        if not self.accounts:
            return
        for mine in range(len(paid)):
            seat = signal.first + mine
            self.points[seat] += self.discount[seat] * paid[mine]
            self.errors[seat] += self.discount[seat] * lost[mine]
        for slot, (_, seat, _) in enumerate(signal.others):
            self.points[seat] += self.discount[seat] * others[slot]

    def _read_groups(self, step: int, sums: list[Any]) -> None:
        """What the groups' sums tell: options taken; and for the baseline points met and lost."""
        taken: dict[int, Floats] = {}
        for group, lanes in zip(self.layout.groups, sums, strict=True):
            if group.typed >= 0:
                self._read_signal(group, lanes, taken)
                continue
            found = self.back.fold(lanes)
            for place, phase in enumerate(group.phases):
                taken_here = found[place]
                game_phase = self.layout.game.phases[phase]
                above = 0
                if group.turns:
                    taken[phase] = taken_here[: len(game_phase.branches)]
                    above = group.width + 2
                    if self.accounts:
                        mover = game_phase.mover
                        self.points[mover] += self.discount[mover] * taken_here[group.width]
                        lost = taken_here[group.width + 1] if step >= self.since else 0.0
                        self.errors[mover] += self.discount[mover] * lost
                if self.accounts:
                    others = [actor for _, actor, _ in game_phase.pays if actor != game_phase.mover]
                    for slot, actor in enumerate(others):
                        self.points[actor] += self.discount[actor] * taken_here[above + slot]
        self.course.taken.append(taken)

    def _account(self, step: int, last: bool, ending: Array) -> None:
        """Payments at the end of a step, and the levels of variables."""
        layout, course = self.layout, self.course
        fold = self.back.fold
        self.points = self.points + self.discount * fold(self._mean_flow(ending, self.back.flow(step, self.paid_in)))
        self.discount = self.discount * np.asarray(self.numbers.patience)[:, : self.numbers.draws]
        if last:
            course.points = self.points + self.discount * fold(self._mean_flow(ending, self.back.final(self.paid_in)))
            course.errors = self.errors
        if self.answers:
            course.levels.append(fold(self._level_masses(ending, layout.ends.levels, layout.level_count)))

    def _wait(self, step: int, ending: Array) -> Array:
        """Ends the wait of those who have met the condition of a `first` question."""
        ends = self.layout.ends
        counts = np.array([float(step <= ask.by) for ask in self.waiting])
        ids = self.layout.asked_rows(tuple(ask.table for ask in self.waiting))
        met, ending = self._absorb(ending, self.numbers.rows(ends.asked, step), ids, counts)
        for ask, share in zip(self.waiting, self.back.fold(met), strict=True):
            if step <= ask.by:
                self.course.firsts[ask.name].append(share)
        return ending

    def _hold(self, step: int, ending: Array) -> None:
        """Where a condition never ends, what it has gained in a step is what has met it for the first time."""
        ends = self.layout.ends
        ids = self.layout.asked_rows(tuple(ask.table for ask in self.lasting))
        held = self.back.fold(self._means(ending, self.numbers.rows(ends.asked, step), ids))
        for ask, now in zip(self.lasting, held, strict=True):
            if step <= ask.by:
                parts = self.course.firsts[ask.name]
                parts.append(np.maximum(now - np.sum(parts, axis=0), 0.0))

    def _answer(self, step: int, last: bool, ending: Array) -> None:
        layout, ends = self.layout, self.layout.ends
        for ask in self.asks:
            if layout.asking.carries(ask) or ask.by != step or ask.form in ("takes", "first"):
                continue
            final = ask.to_final and ask.form != "eventually"
            numbers = self.numbers.rows(ends.asked, step + 1 if final else step)
            if ask.given >= 0:
                found = self._joint_mean(ending, numbers, layout.asked_rows((ask.table, ask.given)))
                self.course.answers[ask.name], self.course.given[ask.name] = self.back.fold(found)
            else:
                means_found = self._means(ending, numbers, layout.asked_rows((ask.table,)))
                self.course.answers[ask.name] = self.back.fold(means_found)[0]
        losses = layout.game.asked.losses
        if last and losses:
            numbers = self.numbers.rows(ends.asked, step + 1)
            self.course.losses = self.back.fold(self._means(ending, numbers, layout.asked_rows(tuple(losses.values()))))
        if last and self.classes is not None:
            self.course.endings = self._sort(ending, self.classes)

    def _sort(self, ending: Array, classes: Ints) -> Floats:
        """[classes, draws]: the probability of each class of final states."""
        of_row = np.zeros((1, self.layout.ends.width), dtype=np.int32)
        of_row[0, : len(classes)] = classes[self.layout.ends.states]
        count = int(classes.max()) + 1
        return np.asarray(self.back.fold(self._level_masses(ending, of_row, bucket(count))))[:count]

"""One block of draws: backwards, checked, and forwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from foederis.game.observed import Seen
from foederis.solve import device
from foederis.solve.backward import Asking, Pass, Plan
from foederis.solve.beliefs import Floats
from foederis.solve.exact import Reached
from foederis.solve.filter import Lens, Shown, courses
from foederis.solve.fixed_points import Ledger
from foederis.solve.forward import Walk
from foederis.solve.groups import Group, Ints
from foederis.solve.interrupts import Look
from foederis.solve.kernels import Array
from foederis.solve.native.build import has_card
from foederis.solve.native.passes import NativePass, findings
from foederis.solve.native.typed import TypedPass, TypedWalk
from foederis.solve.native.walks import NativeWalk
from foederis.solve.prior import given_seen
from foederis.solve.results import Answers, BlockReader, BlockResult, Played, Signals
from foederis.solve.signal_points import SignalLedger, join_signals
from foederis.solve.verify import Judgement, judge, nothing_found
from foederis.solve.verify_signals import judge_signal
from foederis.solve.verify_together import Found, judge_together, seats_of, sum_up

MEMORY = 3.5e9  # bytes that the blocks being solved at one time may take, by an estimate


def room_for_blocks() -> float:
    """The same, or on a graphics card half of what it has: some kernels work in copies."""
    return device.card_memory() / 2 if has_card() else MEMORY


class Watch(Protocol):
    """Looks on while a block is solved, step by step: at play under each profile of types, given what was seen, if
    anything was. What it is shown is overwritten afterwards."""

    def back(self, step: int, shown: Sequence[Shown]) -> None:
        """On the way back, last step first."""

    def forth(self, step: int, shown: Sequence[Shown], masses: Sequence[Array], evidence: Floats) -> None:
        """On the way forth, first step first; `masses`, float64[rows, courses, lanes] by profile, are where play is
        under the last plan, in course 0; `evidence` is what tells of types, see results.Played."""


# Makes what watches a block, from its way back and the places of its draws among all draws.
Watcher = Callable[[Pass, NDArray[np.int64]], Watch]


class Block:
    """One block of draws. Choices are kept on the way back if memory allows, in so many spaces as there are side by
    side, and worked out anew if not."""

    def __init__(
        self,
        back: Pass,
        likely: Floats,
        plans: tuple[Plan, ...],
        retold: tuple[Seen, ...],
        spaces: int,
        classes: Ints | None,
        watcher: Watcher | None,
        look: Look,
    ):
        self.look = look
        self.back, self.layout, self.classes, self.watcher = back, back.layout, classes, watcher
        self.seen = self.layout.game.seen
        self.lenses = courses(back, plans, self.seen, retold)
        self.likely, self.profiles = likely, range(back.layout.profiles)
        self.watch: Watch | None = None
        self.ledger = Ledger((), {}, likely, np.zeros(0, dtype=np.int64), 0)
        self.signals = SignalLedger(back, likely, np.zeros(0, dtype=np.int64))
        self.together = Judgement(0.0, 0.0, 0.0, 0.0)
        steps = self.layout.game.steps
        # Ledgers are held against what they sum to, where they are looked at.
        self.actors = self.layout.actors - self.layout.game.ledgers
        self.found: Any = (
            back.nothing_found(self.actors)
            if isinstance(back, NativePass)
            else nothing_found(self.actors, back.numbers.lanes)
        )
        self.ends = np.zeros((2, self.actors))
        self.endings: list[Any] = [None] * steps
        self.kept: list[Any] = [None] * steps
        self.keeps = 8 * back.numbers.lanes * self.layout.weights * steps < room_for_blocks() / (3 * spaces)

    def explore(self) -> Reached:
        """The beliefs that play leads to from the shares of types."""
        self._backward(looks=False, judges=False)
        back = self.back
        walk = self._goer(self.layout, back, profile=None, answers=False, accounts=False)
        reached = Reached(back.axes, back.numbers.draws)
        for step, weights in self._steps():
            walk.step(step, weights)
            reached.look(back, step, weights, walk.mass)
        return reached

    def _steps(self) -> Iterator[tuple[int, Array]]:
        """The choices of each step, on the way forth."""
        for step in range(self.layout.game.steps):
            self.look()
            weights = self.kept[step]
            if weights is None:
                weights = self._decide_again(step)
            yield step, weights
            self.back.give_back(weights)

    def solve(self, wanted: NDArray[np.int64], exact: bool = False) -> BlockResult:
        """Solves the block, of whose draws the first are wanted: their places among all draws."""
        self.ledger = Ledger(self.layout.tables, self.back.settled, self.likely, wanted, self.back.numbers.lanes)
        self.signals = SignalLedger(self.back, self.likely, wanted)
        self.watch = self.watcher(self.back, wanted) if self.watcher else None
        opening, columns, shared = self._backward()
        back, layout = self.back, self.layout
        walks, seen, strayed = self._forward(exact)
        played = self._played(columns, walks)
        found = findings(self.found) if isinstance(back, NativePass) else self.found
        signals = Signals(exact, join_signals(self.signals.points))
        reader = BlockReader(layout, back.numbers, self.likely, len(wanted))
        result = reader.read(opening, played, shared, seen.course, found, self.ends, signals)
        judgement = result.judgement.worse(self.together)
        points = self.ledger.summary()
        return replace(result, judgement=judgement, points=points, strayed=strayed[: len(wanted)])

    def answer(self, wanted: int) -> list[Answers]:
        """The answers of the first draws alone, on each course of play. Nothing is checked, and nobody looks on: what a
        coarser grid is held against is told to nobody, and the solution on that grid is checked."""
        _, columns, _ = self._backward(judges=False)
        walks = [[self._walk(lens, profile) for profile in self.profiles] for lens in self.lenses]
        for step, weights in self._steps():
            for walked, lens in zip(walks, self.lenses, strict=True):
                for walk, how in zip(walked, lens.forth(step, weights), strict=True):
                    walk.step(step, how.weights, how.hopes)
        reader = BlockReader(self.layout, self.back.numbers, self.likely, wanted)
        return reader.answer(self._played(columns, walks))

    def _played(self, columns: Sequence[list[Floats]], walks: Sequence[Sequence[Walk]]) -> list[Played]:
        return [
            Played(part, [walk.course for walk in walked], lens.plan, lens.evidence, self._telling(place))
            for place, (part, walked, lens) in enumerate(zip(columns, walks, self.lenses, strict=True))
        ]

    @property
    def _goer(self) -> type[Walk]:
        if isinstance(self.back, TypedPass):
            return TypedWalk
        return NativeWalk if isinstance(self.back, NativePass) else Walk

    def _walk(self, lens: Lens, profile: int, told: bool = False, knows: bool = False) -> Walk:
        since = lens.last + 1
        return self._goer(
            self.layout, self.back, accounts=told, classes=self.classes, since=since, profile=profile, knows=knows
        )

    def _forward(self, exact: bool) -> tuple[list[list[Walk]], Walk, Floats]:
        """Play forwards: on each course by profile of types, and as all see it who have no type; and how far, in each
        draw, the beliefs to which what was seen leads lie from the nodes of an exact grid."""
        back, layout, given = self.back, self.layout, int(self.seen is not None)
        # What play pays given what was seen depends on what actors are, and not on what others hold them for.
        walks = [
            [self._walk(lens, profile, told=place <= given, knows=0 < place <= given) for profile in self.profiles]
            for place, lens in enumerate(self.lenses)
        ]
        # Without types, all see what there is.
        seen = self._goer(layout, back, profile=None, answers=False) if len(self.profiles) > 1 else walks[0][0]
        strayed = np.zeros((len(self.lenses), *self.likely.shape))
        for step, weights in self._steps():
            shown: list[Shown] = []
            for place, (walked, lens) in enumerate(zip(walks, self.lenses, strict=True)):
                shown = []
                for profile, how in enumerate(lens.forth(step, weights)):
                    walked[profile].step(step, how.weights, how.hopes)
                    shown += [how] if self.watch else []
                    if exact:  # beliefs to which hardly any play leads are no nodes, but what was seen may lead there
                        strayed[place, profile] += lens.astray(step, how, walked[profile].mass, profile)
            if len(self.profiles) > 1:
                seen.step(step, weights)
            self.signals.forth(step, weights, [[walk.mass for walk in walked] for walked in walks])
            if layout.tables:
                self.ledger.forth(step, [[walk.mass for walk in walked] for walked in walks])
            if self.watch:
                masses = [walk.mass for walk in walks[-1]]
                self.watch.forth(step, self._watched(step, weights, shown), masses, self._telling(len(walks) - 1))
        likely = [given_seen(self.likely, self._telling(place))[0] for place in range(len(self.lenses))]
        return walks, seen, np.sum(likely * strayed, axis=1).max(axis=0)

    def _telling(self, course: int) -> Floats:
        """What tells of types in a course of play; see results.Played."""
        lens = self.lenses[course]
        if self.seen is None or not lens.plan:
            return lens.evidence
        everything = self.lenses[1].evidence
        # A world in which all that was seen cannot be does not count; what is said of it rests on what can.
        can_be = given_seen(self.likely, everything)[1] > -np.inf
        return np.where(can_be, everything, lens.evidence)

    def _watched(self, step: int, weights: Array, shown: Sequence[Shown]) -> Sequence[Shown]:
        """What is shown to who looks on: imposed moves only where play depends on what was seen."""
        seen = self.seen is not None and step <= self.seen.last
        return shown if seen else [Shown(weights)] * len(self.profiles)

    def _decide_again(self, step: int) -> Array:
        """The choices of a step from the values at its end."""
        ending = self.endings[step]
        assert ending is not None
        self.back.resume(ending)
        return self.back.play(step)

    def _backward(self, looks: bool = True, judges: bool = True) -> tuple[Floats, list[list[Floats]], Floats]:
        """Values at the start, [seats, draws]; for each course of play, by profile of types, the question columns
        there, [columns, draws]; and the shared ones. Columns are carried only if it is looked at courses."""
        layout, back, space, asking = self.layout, self.back, self.back.space, self.back.askings.all
        asks = looks and bool(asking.columns)
        changed: list[list[Array | None]] = [[None] * len(self.profiles) for _ in self.lenses]
        for step in range(layout.game.steps - 1, -1, -1):
            self.look()
            weights = self._step_back(step, judges, asking if asks else None)
            shown: list[Shown] = []
            for place, lens in enumerate(self.lenses if looks else ()):
                shown = []
                for profile, how in enumerate(lens.back(step, weights)):
                    if asks:
                        changed[place][profile] = self._replay(step, how, lens, changed[place][profile], profile)
                    shown += [how] if self.watch else []
            if self.watch:
                self.watch.back(step, self._watched(step, weights, shown))
            if self.keeps:
                self.kept[step] = weights
            else:
                back.give_back(weights)

        def at_start(rows: Array) -> Floats:
            return np.asarray(back.at_start(back.row(rows, layout.start)))

        asked = at_start(space.questions)
        columns = [
            [asked[asking.part(profile)] if part is None else at_start(part) for profile, part in enumerate(parts)]
            for parts in changed
        ]
        return at_start(space.values), columns, asked[asking.part(None)] if layout.asking.shared else asked[:0]

    def _step_back(self, step: int, judges: bool, asking: Asking | None) -> Any:
        """Values and question columns, if any are asked for, at the start of a step; its weights."""
        back, space = self.back, self.back.space
        if isinstance(back, NativePass):
            weights = back.back(step, self.found if judges else None, asking)
            for joint in range(len(self.layout.tables) if judges else 0):
                self._note_together(joint, step, back.judged(joint))
            if not self.keeps:
                self.endings[step] = back.ending()
            return weights
        back.end(step)
        if not self.keeps:
            self.endings[step] = back.ending()
        weights = back.play(step)
        if judges:
            self._judge(step, weights)
        if asking:
            ending = back.end_questions(space.questions, step, asking)
            space.questions = back.answer(ending, weights, step, asking)
        return weights

    def _judge(self, step: int, weights: Array) -> None:
        back = self.back
        ending = np.asarray(back.ending())[: self.layout.ends.reached(step), : self.actors]
        values = back.space.values[:, : self.actors] if self.layout.game.ledgers else back.space.values
        self.ends[0] = np.minimum(self.ends[0], ending.min(axis=(0, 2), initial=0.0))
        self.ends[1] = np.maximum(self.ends[1], ending.max(axis=(0, 2), initial=0.0))
        for group in self.layout.groups:
            order, arrays = group.order(step), group.at(step)
            rationality = back.numbers.rationality
            if group.typed >= 0:
                beliefs, nodes = back.grid.chances[group.typed], back.grid.nodes[group.typed]
                sizes = back.axes.split(group.typed)
                self.found = judge_signal(
                    self.found,
                    values,
                    weights,
                    rationality,
                    arrays,
                    beliefs,
                    nodes,
                    order.chunks,
                    order.count,
                    sizes=sizes,
                )
                continue
            alone = group.joint is None
            self.found = judge(self.found, values, weights, rationality, arrays, order.chunks, order.count, alone=alone)
            if group.joint is not None:
                self._judge_together(group.joint, group, step, values, weights)

    def _judge_together(self, joint: int, group: Group, step: int, values: Array, weights: Array) -> None:
        seats = self.layout.keep(("seats", joint), lambda: seats_of(self.layout.game, group))
        found = judge_together(seats, group, step, values, weights, self.back.numbers.rationality)
        self._note_together(joint, step, found)

    def _note_together(self, joint: int, step: int, found: Found) -> None:
        judged = sum_up(found, self.ledger.claimed(joint, step, len(found.odds)))
        self.ledger.note_errors(joint, step, judged.miss)
        self.together = self.together.worse(judged.judgement)

    def _replay(self, step: int, shown: Shown, lens: Lens, later: Array | None, profile: int) -> Array | None:
        """A course's columns at the start of a step; None while it does not differ yet."""
        askings = self.back.askings
        asking = askings.alone[profile]
        if later is not None:
            ending = self.back.end_questions(later, step, asking)
        elif lens.changes(step):
            # The baseline's columns at the end of the step are still there.
            ending = self.back.asked_under(profile)
        else:
            return None
        return self.back.answer(ending, shown.weights, step, asking, shown.hopes)

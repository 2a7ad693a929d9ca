"""Turns taken together, as a plain tree: one after the other, with choices that know nothing of each other.

The fixed point is found by brute force: all rationalities are raised from 0 in many small steps, and after each of them
everybody answers to everybody, half-way, until nothing moves. Where that does not settle, or jumps, the game has no place
in a comparison.
"""

from __future__ import annotations

import math
from itertools import product
from typing import TYPE_CHECKING

from . import tree as trees
from .evaluation import State
from .world import Option, Turn

if TYPE_CHECKING:
    from .tree import Branch, Node, Tree

STEPS = 40
ROUNDS = 4000
NEAR = 1e-13
ON_THE_WAY = 1e-7  # enough to go on from
JUMP = 0.3

Choice = Option | None
Shares = dict[str, list[float]]
# How likely it is that just these others may act, the shares of what they then do, and what all that is worth.
Worth = tuple[float, list[tuple[str, int]], float]


class Unsettled(Exception):
    """A game whose fixed point cannot be found by brute force."""


class Joint:
    """A simultaneous move in a state."""

    def __init__(self, tree: Tree, group: int, step: int, state: State) -> None:
        self.tree, self.step, self.state = tree, step, state
        everybody = [turn for turn in tree.world.turns if turn.together == group]
        self.after = 1 + max(place for place, turn in enumerate(tree.world.turns) if turn.together == group)
        self.turns = [turn for turn in everybody if trees.live(turn, state, step)]
        self.chances = {turn.name: trees.probability(turn.chance, state, step) for turn in self.turns}
        self.options = {turn.name: [o for o in turn.options if o.when(state, step)] for turn in self.turns}
        ways: list[list[Choice]] = [
            [*self.options[turn.name], *([None] if self.chances[turn.name] < 1 else [])] for turn in self.turns
        ]
        self.ways = list(product(*ways))
        self.children = {self.key(way): tree.grow(step, self.after, self.result(way)) for way in self.ways}
        self.worth = {turn.name: [self.worth_of(turn, o) for o in self.options[turn.name]] for turn in self.turns}
        self.shares = self.solve()

    def key(self, way: tuple[Choice, ...]) -> tuple[str, ...]:
        return tuple(option.name if option else "" for option in way)

    def result(self, way: tuple[Choice, ...]) -> State:
        """What is set, in the listed order; all settings read the state before the move."""
        after = list(self.state)
        for option in way:
            if option is not None:
                mine = option.effect.after(self.state, self.step)
                for place, _, _ in option.effect.sets:
                    after[place] = mine[place]
        return tuple(after)

    def paid(self, option: Choice) -> tuple[float, ...]:
        if option is None:
            return self.tree.nothing
        return option.effect.payments(self.state, self.step, len(self.tree.nothing))

    def likely(self, turn: Turn, option: Choice, shares: Shares) -> float:
        if option is None:
            return 1 - self.chances[turn.name]
        return self.chances[turn.name] * shares[turn.name][self.options[turn.name].index(option)]

    def worth_of(self, turn: Turn, option: Option) -> list[Worth]:
        """All ways in which an option can go, with what the others do and what is then paid and follows."""
        place = self.turns.index(turn)
        found = []
        for way in self.ways:
            if way[place] is option:
                others = [(t.name, o) for t, o in zip(self.turns, way, strict=True) if t is not turn]
                chance = math.prod(1 - self.chances[name] if o is None else self.chances[name] for name, o in others)
                shares = [(name, self.options[name].index(o)) for name, o in others if o is not None]
                at_once = math.fsum(self.paid(o)[turn.actor] for o in way)
                found.append((chance, shares, at_once + self.children[self.key(way)].values[turn.actor]))
        return found

    def gains(self, turn: Turn, shares: Shares) -> list[float]:
        """What each option is worth to its actor, on the mean over what the others do."""
        return [
            math.fsum(
                chance * math.prod([shares[name][k] for name, k in others]) * worth for chance, others, worth in ways
            )
            for ways in self.worth[turn.name]
        ]

    def solve(self) -> Shares:
        shares: Shares = {name: [1 / len(options)] * len(options) for name, options in self.options.items()}
        for part in range(1, STEPS + 1):
            before = shares
            shares = self.settle(shares, part / STEPS, NEAR if part == STEPS else ON_THE_WAY)
            if distance(before, shares) > JUMP:
                raise Unsettled
        return shares

    def settle(self, shares: Shares, part: float, near: float) -> Shares:
        for _ in range(ROUNDS):
            reply = {
                turn.name: trees.logit(self.gains(turn, shares), part * self.tree.rationality[turn.actor])
                for turn in self.turns
            }
            if distance(reply, shares) < near:
                return reply
            shares = {
                name: [(a + b) / 2 for a, b in zip(mine, shares[name], strict=True)] for name, mine in reply.items()
            }
        raise Unsettled


def distance(first: Shares, second: Shares) -> float:
    return max(abs(a - b) for name, mine in first.items() for a, b in zip(mine, second[name], strict=True))


def grow(tree: Tree, group: int, step: int, state: State) -> Node:
    """The tree of a simultaneous move: a level for each turn that is live."""
    joint = Joint(tree, group, step, state)
    worth = {turn.name: joint.gains(turn, joint.shares) for turn in joint.turns}

    def level(place: int, so_far: tuple[Choice, ...]) -> Node:
        if place == len(joint.turns):
            return joint.children[joint.key(so_far)]
        turn = joint.turns[place]
        branches: list[Branch] = []
        for number, option in enumerate(joint.options[turn.name]):
            likely = joint.likely(turn, option, joint.shares)
            child = level(place + 1, (*so_far, option))
            branches.append(trees.Branch(likely, child, joint.paid(option), option.name, worth[turn.name][number]))
        if joint.chances[turn.name] < 1:
            likely = 1 - joint.chances[turn.name]
            branches.append(trees.Branch(likely, level(place + 1, (*so_far, None)), tree.nothing))
        # What has been chosen shows in the node's state, as it does where turns are taken one after the other.
        return trees.Node(step, joint.result(so_far), tree.mean(branches), branches, turn=turn.name)

    return level(0, ())

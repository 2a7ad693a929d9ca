"""The Kremlin case cut short, as an extensive game.

A subtree in which nobody moves any more is handed over as what it is worth, so that a peer has to hold decisions and
what lies between them, and not the thousands of ways in which chance goes on afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from tests.oracle.raw import load_raw
from tests.oracle.tree import Node, Tree
from tests.oracle.world import World

_WHOLE = 10**14


def cut(text: str, steps: int) -> dict[str, Any]:
    """The file with fewer steps, as the plain recursion reads it."""
    raw = load_raw(text)
    raw["clock"] = {**raw["clock"], "steps": str(steps)}
    return raw


def as_efg(text: str, steps: int, world: Mapping[str, float]) -> tuple[str, list[float]]:
    """The extensive game, its payoffs times the rationality of whom they are paid to, and these rationalities."""
    tree = Tree(World(cut(text, steps), dict(world)))
    writer = Writer(tree)
    writer.write(tree.root, tree.nothing, 1.0)
    return "\n".join(writer.lines) + "\n", list(tree.rationality)


class Writer:
    def __init__(self, tree: Tree):
        self.tree, self.count, self.moving = tree, 0, {}
        names = " ".join(f'"{actor}"' for actor in tree.world.actors)
        self.lines = [f'EFG 2 R "cut" {{ {names} }}']
        self.movers = {turn.name: turn.actor for turn in tree.world.turns}

    def moves(self, node: Node) -> bool:
        """Whether anybody still moves from here on."""
        if id(node) not in self.moving:
            self.moving[id(node)] = node.turn is not None or any(self.moves(b.child) for b in node.branches)
        return self.moving[id(node)]

    def write(self, node: Node, paid: tuple[float, ...], worth: float) -> None:
        """`paid` has been paid on the way, counted from the start; a point here is worth `worth` of these."""
        self.count += 1
        number = self.count
        if not self.moves(node):
            total = [p + worth * v for p, v in zip(paid, node.values, strict=True)]
            scaled = ", ".join(repr(t * r) for t, r in zip(total, self.tree.rationality, strict=True))
            self.lines.append(f't "" {number} "e{number}" {{ {scaled} }}')
            return
        options = [branch for branch in node.branches if branch.option is not None]
        others = [branch for branch in node.branches if branch.option is None]
        chosen = sum(branch.probability for branch in options)
        follows = options + others
        if options and others:
            self._chance(number, [chosen, *(branch.probability for branch in others)])
        elif others:
            self._chance(number, [branch.probability for branch in others])
        if options:
            actions = " ".join(f'"n{number}o{place}"' for place in range(len(options)))
            self.lines.append(f'p "n{number}" {self.movers[str(node.turn)] + 1} {number} "s{number}" {{ {actions} }} 0')
        later = worth * (self.tree.patience[0] if node.ends_step else 1.0)
        assert not node.ends_step or len(set(self.tree.patience)) == 1  # else each actor would need its own
        for branch in follows:
            so_far = tuple(p + worth * more for p, more in zip(paid, branch.payments, strict=True))
            self.write(branch.child, so_far, later)

    def _chance(self, number: int, weights: list[float]) -> None:
        exact = [Fraction(round(weight * _WHOLE), _WHOLE) for weight in weights]
        exact[-1] = 1 - sum(exact[:-1], Fraction(0))  # to Gambit they must sum to exactly 1
        parts = " ".join(f'"c{number}b{place}" {weight}' for place, weight in enumerate(exact))
        self.lines.append(f'c "" {number} "" {{ {parts} }} 0')

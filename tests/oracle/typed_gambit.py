"""A tree of public histories as an extensive game for Gambit, and Gambit's behaviour put into the tree."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from .typed_tree import Floats, Node, TypedTree

_WHOLE = 10**14


def as_efg(tree: TypedTree) -> str:
    """Chance deals the types first; who moves knows its own type and what all have seen. Payoffs are multiplied by
    rationality, which may depend on the type, for Gambit knows only one precision: it is 1."""
    lines = ['EFG 2 R "types" { ' + " ".join(map(_quoted, tree.actors)) + " }"]
    places = {id(node): place for place, node in enumerate(tree.nodes)}
    counted = {"ends": 0, "chance": 0}

    def chance(weights: Mapping[str, float]) -> None:
        counted["chance"] += 1
        exact = [Fraction(round(weight * _WHOLE), _WHOLE) for weight in weights.values()]
        exact[-1] = 1 - sum(exact[:-1], Fraction(0))  # to Gambit they must sum to exactly 1
        parts = " ".join(f"{_quoted(name)} {weight}" for name, weight in zip(weights, exact, strict=True))
        lines.append(f'c "" {counted["chance"]} "" {{ {parts} }} 0')

    def write(node: Node, profile: int, paid: Floats, discount: Floats) -> None:
        if node.kind == "end":
            counted["ends"] += 1
            known = tree.profiles[profile]
            total = paid + discount * node.pays[profile, 0]
            for place, name in enumerate(tree.actors):
                total[place] *= tree.read(tree.case.actors[name].rationality, (), 0, known)
            lines.append(f't "" {counted["ends"]} "" {{ {", ".join(map(repr, total.tolist()))} }}')
            return
        after = paid + discount * node.pays[profile]
        follows = list(range(len(node.children)))
        later = discount * tree.patience if node.kind == "step" else discount
        if node.kind == "event":
            follows = [place for place in follows if node.chances[profile, place] > 0]
            chance({f"b{place}": float(node.chances[profile, place]) for place in follows})
        if node.kind == "turn":
            if node.choose < 1:
                chance({"choose": node.choose, "wait": 1 - node.choose})
            row = _row(tree, node, profile)
            options = range(node.shares.shape[1])
            waits = [place for place in follows if place not in options]
            follows = [place for place in options if node.open[row, place]] + waits
            names = " ".join(_quoted(f"n{places[id(node)]}t{row}o{place}") for place in follows if place in options)
            mover = tree.actors.index(node.mover)
            number = 1 + places[id(node)] * max(map(len, tree.types.values()), default=1) + row
            lines.append(f'p "" {mover + 1} {number} "" {{ {names} }} 0')
        for place in follows:
            write(node.children[place], profile, after[place], later)

    chance({f"deal{place}": float(weight) for place, weight in enumerate(tree.likely(tree.prior, {}))})
    for profile in range(len(tree.profiles)):
        write(tree.root, profile, np.zeros(len(tree.actors)), np.ones(len(tree.actors)))
    return "\n".join(lines) + "\n"


def _row(tree: TypedTree, node: Node, profile: int) -> int:
    mine = tree.profiles[profile].get(node.mover)
    return tree.types[node.mover].index(mine) if mine else 0


def play_as(tree: TypedTree, behaviour: Mapping[str, float]) -> None:
    """The tree played with Gambit's probabilities."""
    places = {id(node): place for place, node in enumerate(tree.nodes)}

    def shares(node: Node) -> Floats:
        rows, options = node.shares.shape
        found = [
            [behaviour.get(f"n{places[id(node)]}t{row}o{place}", 0.0) for place in range(options)]
            for row in range(rows)
        ]
        # Gambit does not know what a type would do after an option that is not open to it.
        never = np.sum(found, axis=1, keepdims=True) == 0
        return np.where(never, node.shares, found)

    tree.play(shares)


def _quoted(text: str) -> str:
    return f'"{text}"'

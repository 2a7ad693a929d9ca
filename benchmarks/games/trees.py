"""Full ternary trees of two players who move in turn, with payoffs that tie early moves to late ones.

What a leaf pays a player is a sum of three terms, each an uncertain stake times a quadratic form in some of the moves.
Each term reads another selection of them, so that no two subtrees have the same payoffs and none can be merged.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
PLAYERS = ("first", "second")
PRECISION = 3
_SEED = 7
_SCALE = 0.2  # the standard deviation of a leaf's payoffs where every stake is 1


@dataclass(frozen=True)
class Term:
    """weights[i, j] * (m_i - 1) * (m_j - 1) + slopes[i] * m_i, summed over the moves m that it reads."""

    moves: tuple[int, ...]
    weights: dict[tuple[int, int], float]
    slopes: dict[int, float]


def decisions(depth: int) -> int:
    return (3**depth - 1) // 2


@cache
def terms(depth: int) -> dict[str, Term]:
    """{stake: term}; three stakes a player."""
    rng = np.random.default_rng([_SEED, depth])
    early, late = range((depth + 1) // 2), range(depth // 2, depth)
    found = {}
    for player in PLAYERS:
        for name, moves in (("early", early), ("late", late), ("every_other", range(0, depth, 2))):
            chosen = tuple(moves) if name != "every_other" else tuple(sorted({*moves, depth - 1}))
            size = _SCALE / np.sqrt(2 * len(chosen))
            weights = {
                pair: round(float(rng.normal(0, size)), 3)
                for pair in itertools.combinations(chosen, 2)
                if pair[1] - pair[0] != 1 or rng.random() < 0.7
            }
            slopes = {move: round(float(rng.normal(0, size)), 3) for move in chosen}
            found[f"{player}_{name}"] = Term(chosen, weights, slopes)
    return found


def crisis(depth: int, precision: float = PRECISION) -> str:
    """The tree as a crisis file of one step, with a turn for every level of the tree."""
    interests = "\n".join(
        f"  {player}:\n"
        + "\n".join(
            f"    {name}: {{worth: {name}_stake * ({_written(term)}), paid: at_end}}"
            for name, term in terms(depth).items()
            if name.startswith(player)
        )
        for player in PLAYERS
    )
    moves = "\n".join(
        f"  - {{actor: {PLAYERS[level % 2]}, name: turn{level}, options: {{"
        + ", ".join(f"go{way}: {{sets: {{m{level}: {way}}}}}" for way in range(3))
        + "}}"
        for level in range(depth)
    )
    state = ", ".join(f"m{level}: 0..2" for level in range(depth))
    stakes = ", ".join(f"{name}_stake: 0.5 to 2" for name in terms(depth))
    return f"""foederis: 1
title: A ternary tree of {decisions(depth)} decisions
clock: {{step: 1 day, steps: 1}}
actors: {{first: {{rationality: {precision}}}, second: {{rationality: {precision}}}}}
state: {{{state}}}
quantities: {{{stakes}}}
moves:
{moves}
interests:
{interests}
questions:
  left: {{takes: turn0.go0}}
  right: {{takes: turn0.go2}}
"""


def _written(term: Term) -> str:
    parts = [f"{_number(weight)} * (m{i} - 1) * (m{j} - 1)" for (i, j), weight in term.weights.items()]
    parts += [f"{_number(slope)} * m{i}" for i, slope in term.slopes.items()]
    return " + ".join(parts)


def _number(value: float) -> str:
    return f"{value}" if value >= 0 else f"({value})"


def payoffs(depth: int, world: Mapping[str, float]) -> Floats:
    """float64[leaves, players], leaves in the order of a walk through the tree."""
    moves = np.indices((3,) * depth, dtype=np.int8).reshape(depth, -1) - 1
    paid = np.zeros((3**depth, len(PLAYERS)))
    for name, term in terms(depth).items():
        total = np.zeros(3**depth)
        for (i, j), weight in term.weights.items():
            total += weight * (moves[i] * moves[j])
        for i, slope in term.slopes.items():
            total += slope * (moves[i] + 1)
        paid[:, PLAYERS.index(name.partition("_")[0])] += world[f"{name}_stake"] * total
    return paid


def as_efg(depth: int, world: Mapping[str, float]) -> str:
    """The tree as an extensive game; every node, information set and action has a name of its own."""
    paid = payoffs(depth, world).tolist()
    lines = ['EFG 2 R "tree" { "first" "second" }']
    counted = {"nodes": 0, "ends": 0, 0: 0, 1: 0}

    def write(level: int) -> None:
        if level == depth:
            one, two = paid[counted["ends"]]
            counted["ends"] += 1
            lines.append(f't "" {counted["ends"]} "e{counted["ends"]}" {{ {one!r}, {two!r} }}')
            return
        counted["nodes"] += 1
        counted[level % 2] += 1  # OpenSpiel wants the information sets of each player numbered by themselves
        number = counted["nodes"]
        actions = " ".join(f'"n{number}go{way}"' for way in range(3))
        lines.append(f'p "n{number}" {level % 2 + 1} {counted[level % 2]} "s{number}" {{ {actions} }} 0')
        for _ in range(3):
            write(level + 1)

    write(0)
    return "\n".join(lines) + "\n"

"""Runs under an interpreter that has pygambit: extensive games in, their logit equilibria out, both as JSON.

Standard input: {"precision": 1.0, "games": ["EFG 2 R …", …]}. Standard output: a list with, for every game,
{"precision", "payoffs": {player: …}, "behaviour": {action: probability}}; so every action needs a name of its own in
the whole game. Gambit is GPL and slow on large trees, so it stays in a process of its own.
"""

from __future__ import annotations

import io
import json
import sys
from typing import Any

import pygambit as gbt


def solve(text: str, precision: float) -> dict[str, Any]:
    game = gbt.read_efg(io.StringIO(text))
    found = gbt.qre.logit_solve_lambda(game, lam=[precision])[-1]
    profile = found.profile
    behaviour = {
        action: float(probability)
        for player in game.players
        for _, choice in profile[player]
        for action, probability in choice
    }
    payoffs = {player: float(profile.payoffs[player]) for player in game.players}
    return {"precision": float(found.lam), "payoffs": payoffs, "behaviour": behaviour}


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    json.dump([solve(text, asked["precision"]) for text in asked["games"]], sys.stdout)

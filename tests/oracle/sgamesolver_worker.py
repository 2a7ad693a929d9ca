"""Runs under an interpreter that has sgamesolver: stochastic games in, their logit equilibria out, both as JSON.

Standard input: a list of {"payoffs": [states, players, actions 0, actions 1], "transitions": [states, actions 0, actions
1, states], "precision"}. Standard output: for every game the equilibrium, [states, players, actions].
"""

from __future__ import annotations

import contextlib
import json
import sys
from typing import Any

import numpy as np

setattr(np, "NaN", np.nan)  # noqa: B010  # which it still asks for

import sgamesolver as sg  # noqa: E402


def solve(asked: dict[str, Any]) -> Any:
    payoffs = [np.array(state) for state in asked["payoffs"]]
    transitions = [np.array(state) for state in asked["transitions"]]
    homotopy = sg.homotopy.QRE(sg.SGame(payoffs, transitions, 1.0))
    with contextlib.redirect_stdout(sys.stderr):
        homotopy.solver_setup(target_lambda=asked["precision"])
        homotopy.solve()
    return np.nan_to_num(homotopy.equilibrium.strategies).tolist()


if __name__ == "__main__":
    json.dump([solve(game) for game in json.load(sys.stdin)], sys.stdout)

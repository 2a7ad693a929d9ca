"""Runs under an interpreter that has SALib: samples and answers in, indices out, both as JSON.

Standard input: {"sobol": [{"base", "other", "mixed"}, …], "pawn": [{"inputs": [[…], …], "answers": […], "slices": 10}, …]}.
Standard output: {"sobol": [{"first": […], "total": […]}, …], "pawn": [[median of each input], …]}.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np
from SALib.analyze import pawn, sobol


def problem(inputs: int) -> dict[str, Any]:
    return {"num_vars": inputs, "names": [f"x{k}" for k in range(inputs)], "bounds": [[0, 1]] * inputs}


def indices(asked: dict[str, Any]) -> dict[str, list[float]]:
    # Row by row: the answer in A, in A with each input from B, in B.
    answers = np.array([asked["base"], *asked["mixed"], asked["other"]]).T.ravel()
    found = sobol.analyze(problem(len(asked["mixed"])), answers, calc_second_order=False, seed=1)
    return {"first": [float(x) for x in found["S1"]], "total": [float(x) for x in found["ST"]]}


def medians(asked: dict[str, Any]) -> list[float]:
    inputs = np.array(asked["inputs"])
    found = pawn.analyze(problem(len(inputs)), inputs.T, np.array(asked["answers"]), S=asked["slices"])
    return [float(x) for x in found["median"]]


if __name__ == "__main__":
    work = json.load(sys.stdin)
    json.dump({"sobol": [indices(x) for x in work["sobol"]], "pawn": [medians(x) for x in work["pawn"]]}, sys.stdout)

"""Shares of the variance and shifts against SALib, on the same samples.

SALib runs out of process, under the interpreter that `FOEDERIS_ORACLE_PYTHON` names; `make test` makes one.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from foederis.analysis.pawn import Ranked, slices_of
from foederis.analysis.pawn import pawn as medians
from foederis.analysis.sobol_indices import indices
from tests.unit.analysis.functions import Floats, ishigami

WORKER = Path(__file__).parent / "salib_worker.py"
TIME_LIMIT = 300
SLICES = 10


def uneven(points: Floats) -> Floats:
    return np.asarray(np.exp(3 * points[:, 0] * points[:, 1]) + 5 * points[:, 2], dtype=np.float64)


FUNCTIONS = {"ishigami": ishigami, "uneven": uneven}
DESIGNS: dict[str, tuple[Floats, Floats, Floats]] = {}
SAMPLES: dict[str, tuple[Floats, Floats]] = {}
for place, (name, function) in enumerate(FUNCTIONS.items()):
    base, other = np.random.default_rng([3, place]).uniform(size=(2, 300, 3))
    mixed = np.repeat(base[None], 3, axis=0)
    for column in range(3):
        mixed[column, :, column] = other[:, column]
    DESIGNS[name] = function(base), function(other), np.array([function(points) for points in mixed])
    SAMPLES[name] = base.T, function(base)


@pytest.fixture(scope="module")
def peer() -> dict[str, Any]:
    python = os.environ.get("FOEDERIS_ORACLE_PYTHON")
    if not python:
        pytest.skip("SALib: FOEDERIS_ORACLE_PYTHON is not set")
    tried = subprocess.run([python, "-c", "import SALib"], capture_output=True, timeout=TIME_LIMIT, check=False)
    if tried.returncode:
        pytest.skip(f"SALib: {python} cannot import it")
    asked = {
        "sobol": [
            {"base": base.tolist(), "other": other.tolist(), "mixed": mixed.tolist()}
            for base, other, mixed in DESIGNS.values()
        ],
        "pawn": [
            {"inputs": inputs.tolist(), "answers": answers.tolist(), "slices": SLICES}
            for inputs, answers in SAMPLES.values()
        ],
    }
    run = subprocess.run(
        [python, str(WORKER)], input=json.dumps(asked), capture_output=True, text=True, timeout=TIME_LIMIT, check=True
    )
    found = json.loads(run.stdout)
    return {kind: dict(zip(FUNCTIONS, found[kind], strict=True)) for kind in asked}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_shares_of_the_variance(name: str, peer: dict[str, Any]) -> None:
    base, other, mixed = DESIGNS[name]
    first, total = indices(base, other, mixed, seed=0)
    np.testing.assert_allclose(total[0], peer["sobol"][name]["total"], rtol=1e-10, atol=1e-12)
    # SALib puts the mean of all answers at 0, the mixed ones included; we the mean of the two samples.
    middle = np.concatenate([base, other]).mean() - np.concatenate([base, other, mixed.ravel()]).mean()
    moved = middle * (mixed - base).mean(axis=1) / np.concatenate([base, other]).var()
    np.testing.assert_allclose(first[0] + moved, peer["sobol"][name]["first"], rtol=1e-10, atol=1e-12)
    assert np.all(np.abs(moved) < 0.01)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_shifts(name: str, peer: dict[str, Any]) -> None:
    """SALib leaves the largest value of an input out of its last slice. Without it, the medians are the same."""
    inputs, answers = SAMPLES[name]
    ones = np.ones(len(answers))
    without = []
    for values in inputs:
        slices = slices_of(values, ones, SLICES)
        slices[np.argmax(values)] = -1
        parts = (slices == np.arange(SLICES)[:, None]).astype(np.float64)
        without.append(np.median(Ranked(answers, ones).distances(parts)))
    np.testing.assert_allclose(without, peer["pawn"][name], rtol=0, atol=1e-12)
    slice_size = len(answers) / SLICES
    np.testing.assert_allclose(medians(answers, inputs, ones, SLICES), peer["pawn"][name], rtol=0, atol=1 / slice_size)

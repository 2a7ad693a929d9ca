"""Peeling and pasting against the package prim, box by box, on observations that all count alike.

prim runs out of process, under the interpreter that `FOEDERIS_ORACLE_PYTHON` names; `make test` makes one.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from foederis.analysis.prim import trajectory

WORKER = Path(__file__).parent / "prim_worker.py"
TIME_LIMIT = 300


def observations(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Inputs and cases: a box, blurred by chance; in a third of them, two of the inputs have few values."""
    random = np.random.default_rng(seed)
    count, width = int(random.integers(200, 700)), int(random.integers(2, 6))
    inputs = random.random((count, width))
    if seed % 3 == 0:
        inputs[:, 0] = random.integers(0, 4, count)
        inputs[:, 1] = random.choice([0.0, 1.0, 1.0, 1.0], count)
    else:
        # Ours puts limits half-way between ranks, prim between values: among ranks these are the same.
        inputs = inputs.argsort(axis=0).argsort(axis=0).astype(float)
    high = inputs[:, 0] > 0.6 * inputs[:, 0].max()
    low = inputs[:, 1] < 0.5 * inputs[:, 1].max()
    return inputs, (high & low) ^ (random.random(count) < 0.02 + 0.03 * (seed % 8))


@pytest.fixture(scope="module")
def found_by_prim() -> list[Any]:
    python = os.environ.get("FOEDERIS_ORACLE_PYTHON")
    if not python:
        pytest.skip("prim: FOEDERIS_ORACLE_PYTHON is not set")
    if subprocess.run([python, "-c", "import prim"], capture_output=True, timeout=TIME_LIMIT, check=False).returncode:
        pytest.skip(f"prim: {python} cannot import it")
    drawn = [observations(seed) for seed in SEEDS]
    asked = json.dumps([{"inputs": inputs.tolist(), "cases": cases.tolist()} for inputs, cases in drawn])
    run = subprocess.run(
        [python, str(WORKER)], input=asked, capture_output=True, text=True, timeout=TIME_LIMIT, check=True
    )
    return list(json.loads(run.stdout))


SEEDS = range(24)


@pytest.mark.parametrize("seed", SEEDS)
def test_it_meets_the_boxes_that_prim_meets(seed: int, found_by_prim: list[Any]) -> None:
    inputs, cases = observations(seed)
    mine = []
    for box in trajectory(inputs, cases, np.ones(len(cases)), np.ones(len(cases), dtype=bool)):
        inside = box.holds(inputs)
        hits = (inside & cases).sum()
        mine.append([hits / cases.sum(), hits / inside.sum(), inside.mean(), box.dimensions])
    expected = np.array(found_by_prim[seed])
    assert np.array(mine).shape == expected.shape
    np.testing.assert_allclose(mine, expected, rtol=0, atol=1e-12)


def test_some_of_them_paste(found_by_prim: list[Any]) -> None:
    grows = [bool((np.diff(np.array(boxes)[:, 2]) > 0).any()) for boxes in found_by_prim]
    assert 5 < sum(grows) < len(grows)

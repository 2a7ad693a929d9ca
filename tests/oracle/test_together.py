"""Random crisis files whose turns are taken together: the package and the plain tree agree on every number."""

from __future__ import annotations

import os

import pytest

from .generate import seeded_file
from .printing import taken_together
from .raw import load_raw, turns_of
from .simultaneous import Unsettled
from .test_reference import compare

SEEDS = range(int(os.environ.get("FOEDERIS_TOGETHER_SEEDS", "12")))
FEWEST = 3  # of these games that must have been compared


def test_random_files() -> None:
    compared = 0
    for number in SEEDS:
        text = seeded_file(number)
        turns = len(turns_of(load_raw(text)))
        if turns < 2:
            continue
        text = taken_together(text, 2 + number % (turns - 1))
        try:
            compare(text, [0, 3])
        except Unsettled:
            continue
        except AssertionError as error:
            pytest.fail(f"{error}\n\n{text}")
        compared += 1
    assert compared >= FEWEST

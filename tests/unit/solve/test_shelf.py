"""Working memory that goes from one solve to the next."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import foederis as fd
from foederis.analysis.live import Live
from foederis.solve import workshop
from foederis.solve.backward import Space
from foederis.solve.shelf import Shelf
from tests.helpers import assert_same, flat
from tests.typed import BREAKFAST


def test_no_more_is_held_than_the_limit() -> None:
    shelf, first, second = Shelf(limit=100.0), np.zeros(8), np.zeros(8)
    shelf.put("a", first)
    shelf.put("a", second)
    assert shelf.take("b") is None
    assert shelf.take("a") is first
    assert shelf.take("a") is None
    shelf.put("a", second)
    shelf.clear()
    assert shelf.take("a") is None
    shelf.put("a", second)
    assert shelf.take("a") is second


@pytest.mark.parametrize("typed", [False, True])
def test_a_rough_answer_works_where_the_one_before_did(typed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Space] = []

    def make(*given: Any) -> Space:
        made.append(Space(*given))
        return made[-1]

    monkeypatch.setattr(workshop, "Space", make)
    changed = {"quantities.p_strong" if typed else "quantities.p_fall": "60% to 70%"}
    case = fd.loads(BREAKFAST) if typed else fd.load("patron")
    live = Live(case)
    first = live.rough(changed)
    count = len(made)
    assert count
    again = live.rough(changed)
    assert len(made) == count
    assert_same(flat(again), flat(first))
    live.rough({"clock.steps": "1"} if not typed else {"actors.receiver.rationality": "3"})
    assert_same(flat(live.rough(changed)), flat(first))

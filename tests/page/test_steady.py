"""What is shown while a hand turns a number: the settled answer moved by what a few worlds say of the change."""

from __future__ import annotations

from typing import Any

import pytest

from tests.page.conftest import Ask


def estimate(mean: float, low: float, middle: float, high: float) -> dict[str, float]:
    return {"mean": mean, "p05": low, "p50": middle, "p95": high}


def answer(falls: dict[str, float], loss: float, over: list[float]) -> dict[str, Any]:
    return {
        "questions": {"falls": falls, "loss": estimate(loss, loss - 1, loss, loss + 1), "when": {"by_step": over}},
        "values": {"patron": estimate(-loss, -loss - 1, -loss, -loss + 1)},
        "first_moves": {"patron": {"come": falls}},
        "through_time": {"war": {"on": [1 - x for x in over], "over": over}},
        "draws": len(over),
    }


SAVED = answer(estimate(0.40, 0.20, 0.40, 0.60), 3, [0.1, 0.3])
BASE = answer(estimate(0.45, 0.35, 0.45, 0.55), 4, [0.2, 0.5])


def steady(ask: Ask, now: dict[str, Any], base: dict[str, Any] = BASE, saved: dict[str, Any] = SAVED) -> Any:
    return ask("steadied", {"now": now, "base": base, "saved": saved})


def near(found: Any, expected: Any) -> None:
    if isinstance(expected, dict):
        assert found.keys() == expected.keys()
        for key in expected:
            near(found[key], expected[key])
    else:
        assert found == pytest.approx(expected)


def test_without_a_change_it_is_the_settled_answer(ask: Ask) -> None:
    near(steady(ask, BASE), SAVED)


def test_it_moves_by_the_difference_in_the_few_worlds(ask: Ask) -> None:
    found = steady(ask, answer(estimate(0.55, 0.40, 0.55, 0.60), 4.5, [0.3, 0.4]))
    near(found["questions"]["falls"], estimate(0.50, 0.25, 0.50, 0.65))
    near(found["questions"]["loss"], estimate(3.5, 2.5, 3.5, 4.5))
    near(found["values"]["patron"], estimate(-3.5, -4.5, -3.5, -2.5))
    near(found["through_time"]["war"], {"on": [0.8, 0.8], "over": [0.2, 0.2]})


def test_probabilities_stay_between_0_and_1_amounts_need_not(ask: Ask) -> None:
    found = steady(ask, answer(estimate(0.01, 0, 0.01, 0.02), 0, [1, 1]))
    near(found["questions"]["falls"], estimate(0, 0, 0, 0.07))
    assert found["questions"]["loss"]["mean"] == pytest.approx(-1)
    near(found["through_time"]["war"]["over"], [0.9, 0.8])


def test_the_ends_of_a_band_keep_their_order(ask: Ask) -> None:
    base = answer(estimate(0.45, 0.1, 0.45, 0.9), 4, [0.2, 0.5])
    found = steady(ask, answer(estimate(0.5, 0.5, 0.5, 0.5), 4, [0.2, 0.5]), base)["questions"]["falls"]
    near(found, estimate(0.45, 0.2, 0.45, 0.6))


def test_what_the_saved_answer_lacks_is_shown_as_it_came(ask: Ask) -> None:
    now = answer(estimate(0.5, 0.4, 0.5, 0.6), 4, [0.2, 0.5, 0.6])
    now["first_moves"]["rival"] = {"stop": estimate(0.3, 0.2, 0.3, 0.4)}
    found = steady(ask, now)
    assert found["through_time"] == now["through_time"]
    assert found["first_moves"]["rival"] == now["first_moves"]["rival"]

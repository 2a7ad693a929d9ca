"""Numbers that the page turns: what it draws is what the language means, and what it writes the language reads."""

from __future__ import annotations

import numpy as np
import pytest

from foederis.language.distributions import read_distribution
from foederis.language.syntax import parse
from tests.page.conftest import Ask

SHARES = np.array([0.05, 0.5, 0.95])
TEXTS = [
    "5% to 20%",
    "0.5% to 4%",
    "85% to 99%",
    "0.2 to 0.8",
    "5 to 20",
    "5 to 20 @ 80%",
    "995 to 1005",
    "1_000 to 2.5e3",
    "-6 to -2",
    "0 to 5",
    "-1 to 3 @ 50%",
    "normal(1, 2)",
    "normal(-3, 0.5)",
    "lognormal(1, 0.5)",
    "uniform(0.1, 0.3)",
    "uniform(10%, 30%)",
    "uniform(-2, 4)",
    "triangular(1, 2, 5)",
    "triangular(0, 0, 1)",
    "pert(0.2, 0.5, 1)",
    "pert(5%, 20%, 90%)",
    "beta(2, 5)",
    "beta(0.7, 0.6)",
]


def points(text: str) -> np.ndarray:
    """The 5, 50 and 95 % points of what a text means in a crisis file."""
    return read_distribution(parse(text), text).quantile(SHARES)


def test_the_band_that_is_drawn_is_that_of_the_language(ask: Ask) -> None:
    drawn = ask([["bandOf", text] for text in TEXTS])
    for text, found in zip(TEXTS, drawn, strict=True):
        expected = points(text)
        assert found == pytest.approx(expected, abs=2e-3 * float(expected[2] - expected[0])), text


def test_a_number_that_is_moved_has_the_median_that_was_asked_for(ask: Ask) -> None:
    asked = []
    for text in TEXTS:
        low, middle, high = points(text)
        places = [low + part * (high - low) for part in (0.02, 0.25, 0.5, 0.9, 1.0)]
        asked += [(text, float(place), width) for place in [*places, middle] for width in (1, 0.5, 2)]
    written = ask([["movedText", *one] for one in asked])
    for (text, to, _), became in zip(asked, written, strict=True):
        before, after = points(text), points(became)
        slack = 0.006 * abs(to) + 0.02 * float(before[2] - before[0])  # the written numbers have three digits
        assert after[1] == pytest.approx(to, abs=slack), (text, to, became)
        assert after[0] < after[2], (text, became)
        if text.startswith(("uniform", "triangular", "pert")) and before[0] >= 0:
            assert after[0] >= 0, (text, became)


def test_a_number_keeps_its_width_where_it_is_moved_and_takes_the_one_asked_for(ask: Ask) -> None:
    cases = [("5% to 20%", 0.3, 1), ("2 to 8", 10, 1), ("2 to 8", 4, 0.5), ("-6 to -2", 0, 1), ("-6 to -2", 9, 1)]
    written = ask([["movedText", *one] for one in cases])
    odds = lambda p: np.log(p / (1 - p))  # noqa: E731
    chance, ratio, half, across, above = [points(text) for text in written]
    assert np.diff(odds(chance)) == pytest.approx(np.diff(odds(points("5% to 20%"))), rel=0.02)
    assert ratio[2] / ratio[0] == pytest.approx(4, rel=0.02)
    assert half[2] / half[0] == pytest.approx(2, rel=0.02)
    assert across == pytest.approx([-2, 0, 2], abs=0.03)
    # Written as a range, `7 to 11` would be read as lognormal.
    assert above == pytest.approx([7, 9, 11], abs=0.03)


def test_texts_that_hold_more_than_a_number_keep_it(ask: Ask) -> None:
    cases = [("every 3 to 6 weeks", 8), ("40%", 0.5), ("{value: 2 to 8, unit: points}", 8), ("stake / 2", 1)]
    assert ask([["kindOf", text] for text, _ in cases]) == ["range", "fixed", "range", "other"]
    written = ask([["movedText", *one] for one in cases])
    assert written == ["every 5.66 to 11.3 weeks", "50%", "4 to 16", "stake / 2"]


def test_ends_that_differ_never_become_equal_by_rounding(ask: Ask) -> None:
    texts = ["5% to 20%", "2 to 8", "uniform(1, 2)", "-6 to -2"]
    for written in ask([["shrunk", text] for text in texts]):
        for became in written:
            low, _, high = points(became)
            assert low < high, became

"""What plots of fits show, read off the figures themselves."""

from __future__ import annotations

import numpy as np
import pytest

import foederis as fd
from tests.unit.history.estimate.simulated import one_sided

pytest.importorskip("matplotlib")


@pytest.fixture(scope="module")
def found() -> fd.history.Fit:
    data = one_sided(400, 13)
    data["w"] = np.where(data["z"] > 0.4, "high", "low")
    return fd.history.fit("egame12", "esc + war ~ x | 0 | y | z + w", data, starts=0)


def test_coefficients_with_their_intervals(found: fd.history.Fit) -> None:
    [axis] = found.plot.coefficients().axes
    assert [label.get_text() for label in axis.get_yticklabels()] == [str(name) for name in found.names]
    marks = axis.lines[1]
    assert marks.get_xdata() == pytest.approx(found.coefficients)
    bars = axis.collections[0].get_segments()
    assert bars[0][1][0] - bars[0][0][0] == pytest.approx(2 * 1.959964 * found.standard_errors[0], rel=1e-6)


def test_probabilities_along_a_number(found: fd.history.Fit) -> None:
    [axis] = found.plot.probabilities("z").axes
    profile = found.profile("z")
    assert [line.get_label() for line in axis.lines] == ["~esc", "esc,~war", "esc,war"]
    for place, line in enumerate(axis.lines):
        assert line.get_ydata() == pytest.approx(100 * profile.mean[:, place])
    assert len({line.get_linestyle() for line in axis.lines}) == 3
    assert axis.get_xlabel() == "z"
    assert len(axis.collections) == 3


def test_probabilities_of_words(found: fd.history.Fit) -> None:
    [axis] = found.plot.probabilities("w").axes
    assert [label.get_text() for label in axis.get_xticklabels()] == ["high", "low"]
    # Bars of the three outcomes do not lie on each other.
    assert len({float(line.get_xdata()[0]) for line in axis.lines}) == 3


def test_the_ultimatum_form_shows_how_likely_an_offer_is_accepted() -> None:
    random = np.random.default_rng(1)
    data = {"offer": random.uniform(10, 60, 60), "g": random.integers(0, 2, 60)}
    data["accept"] = (data["offer"] + random.normal(0, 5, 60) > 30) * 1.0
    found = fd.history.fit("ultimatum", "offer + accept ~ g | 1", data, largest_offer=100, s2=5, starts=0)
    [axis] = found.plot.probabilities("g").axes
    assert [line.get_label() for line in axis.lines] == ["accepted"]

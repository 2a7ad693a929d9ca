"""The control: who might join, who did, and that foretelling it is no better than the base rate."""

from __future__ import annotations

import pytest

from foederis.history.backtest.joining import PREDICTORS, bystanders

pytestmark = pytest.mark.usefixtures("shared_data")


def test_counts() -> None:
    """The notes beside the data have about 1,700 cases and 66 that joined, by a definition that is not told in full."""
    cases = bystanders()
    assert (len(cases), sum(case.joined for case in cases), len({case.war for case in cases})) == (1680, 68, 95)


def test_bystanders_of_1914() -> None:
    there = {case.state: case for case in bystanders() if str(case.began) == "1914-07-29"}
    assert 300 not in there  # Austria-Hungary and Serbia fight from the first day
    assert 345 not in there
    germany, britain = (dict(zip(PREDICTORS, there[state].values, strict=True)) for state in (255, 200))
    assert (germany["major"], germany["land"], germany["defense"]) == (1.0, 1.0, 1.0)
    assert (britain["major"], britain["land"], britain["water"], britain["defense"]) == (1.0, 0.0, 0.0, 0.0)
    assert there[255].joined
    assert there[360].joined  # Romania, which borders on both
    assert 225 in there  # Switzerland, which did not
    assert not there[225].joined

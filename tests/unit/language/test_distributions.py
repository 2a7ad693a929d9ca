from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from foederis.language.distributions import Distribution, is_distribution, read_distribution
from foederis.language.syntax import SyntaxProblem, parse

SHARES = np.array([2.0**-33, 0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999, 1 - 2.0**-33])


def read(text: str) -> Distribution:
    tree = parse(text)
    assert is_distribution(tree)
    return read_distribution(tree, text)


def problem(text: str) -> tuple[str, str]:
    """The code, and the part of the text that is marked."""
    with pytest.raises(SyntaxProblem) as caught:
        read(text)
    assert caught.value.cure
    return caught.value.code, text[caught.value.start : caught.value.end]


def at(text: str, share: float) -> float:
    return float(read(text).quantile(np.array([share]))[0])


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("2 to 8", "lognormal"),
        ("5% to 30%", "logitnormal"),
        ("-2 to 8", "normal"),
        ("0 to 8", "normal"),
        ("-8 to -2", "normal"),
        ("1e-9 to 1e9", "lognormal"),
    ],
)
def test_the_signs_and_percentages_of_an_interval_decide_its_shape(text: str, family: str) -> None:
    assert read(text).family == family


@pytest.mark.parametrize("text", ["2 to 8", "5% to 30%", "-2 to 8", "0.001% to 99.999%", "-8 to -2"])
@pytest.mark.parametrize(
    ("level", "below"), [("", 0.05), (" @ 90%", 0.05), (" @ 80%", 0.1), (" @ 50%", 0.25), (" @ 99.9%", 0.0005)]
)
def test_an_interval_leaves_equal_shares_below_and_above(text: str, level: str, below: float) -> None:
    low, high = (float(end.strip("%")) / (100 if "%" in text else 1) for end in text.split(" to "))
    assert at(text + level, below) == pytest.approx(low, rel=1e-12)
    assert at(text + level, 1 - below) == pytest.approx(high, rel=1e-12)


def test_medians_of_intervals() -> None:
    assert read("2 to 8").median == pytest.approx(4)  # the geometric mean
    assert read("-2 to 8").median == pytest.approx(3)
    odds = np.sqrt(0.05 / 0.95 * 0.3 / 0.7)  # the geometric mean of the odds
    assert read("5% to 30%").median == pytest.approx(odds / (1 + odds))


@pytest.mark.parametrize(
    ("text", "peer"),
    [
        ("normal(3, 2)", stats.norm(3, 2)),
        ("lognormal(0.5, 0.8)", stats.lognorm(0.8, scale=np.exp(0.5))),
        ("uniform(-1, 4)", stats.uniform(-1, 5)),
        ("triangular(1, 2, 6)", stats.triang(0.2, 1, 5)),
        ("triangular(1, 1, 6)", stats.triang(0, 1, 5)),
        ("triangular(1, 6, 6)", stats.triang(1, 1, 5)),
        ("pert(1, 2, 6)", stats.beta(1.8, 4.2, 1, 5)),
        ("pert(1, 1, 6)", stats.beta(1, 5, 1, 5)),
        ("beta(2, 5)", stats.beta(2, 5)),
        ("beta(0.5, 0.5)", stats.beta(0.5, 0.5)),
    ],
)
def test_quantiles_agree_with_scipy(text: str, peer: stats.rv_continuous) -> None:
    np.testing.assert_allclose(read(text).quantile(SHARES), peer.ppf(SHARES), rtol=1e-9, atol=1e-12)


def test_a_choice_takes_each_value_with_its_share() -> None:
    found = read("choice(5 = 70%, -2 = 30%, 9 = 0%)")
    drawn = found.quantile((np.arange(1000) + 0.5) / 1000)
    assert dict(zip(*np.unique(drawn, return_counts=True), strict=True)) == {-2.0: 300, 5.0: 700}
    assert found.median == 5


def test_shares_that_sum_to_one_but_for_rounding() -> None:
    third = "choice(1 = 0.3333333333, 2 = 0.3333333333, 3 = 0.3333333334)"
    assert read(third).quantile(np.array([1 - 1e-16]))[0] == 3


@pytest.mark.parametrize(
    ("text", "code", "marked"),
    [
        ("8 to 2", "F301", "8 to 2"),
        ("30% to 10%", "F301", "30% to 10%"),
        ("5 to 5", "F301", "5 to 5"),
        ("uniform(3, 3)", "F301", "uniform(3, 3)"),
        ("triangular(3, 2, 1)", "F301", "triangular(3, 2, 1)"),
        ("10 to 30%", "F302", "10 to 30%"),
        ("10% to 30", "F302", "10% to 30"),
        ("0% to 20%", "F303", "0% to 20%"),
        ("20% to 100%", "F303", "20% to 100%"),
        ("-5% to 10%", "F303", "-5% to 10%"),
        ("2 to 8 @ 80", "F304", "80"),
        ("2 to 8 @ 0%", "F304", "0%"),
        ("2 to 8 @ 100%", "F304", "100%"),
        ("2 to 8 @ 1e-20%", "F304", "1e-20%"),
        ("normal(1)", "F304", "normal(1)"),
        ("normal(1, 0)", "F304", "0"),
        ("lognormal(1, -1)", "F304", "-1"),
        ("lognormal(800, 1)", "F304", "lognormal(800, 1)"),
        ("normal(stake, 1)", "F304", "stake"),
        ("normal(1e999, 1)", "F304", "1e999"),
        ("uniform(-1e299, 1e299)", "", ""),
        ("pert(1, 9, 3)", "F304", "9"),
        ("beta(0, 1)", "F304", "beta(0, 1)"),
        ("choice(1 = 50%, 2 = 30%)", "F304", "choice(1 = 50%, 2 = 30%)"),
        ("choice(1 = 120%, 2 = -20%)", "F304", "choice(1 = 120%, 2 = -20%)"),
        ("choice(1 = 50%, 1 = 50%)", "F304", "choice(1 = 50%, 1 = 50%)"),
        ("choice(1, 2)", "F304", "choice(1, 2)"),
        ("choice()", "F304", "choice()"),
    ],
)  # fmt: skip
def test_impossible_distributions(text: str, code: str, marked: str) -> None:
    if code:
        assert problem(text) == (code, marked)
    else:
        assert np.isfinite(read(text).quantile(SHARES)).all()


def test_the_cure_of_a_lost_percent_sign_is_written_out() -> None:
    with pytest.raises(SyntaxProblem) as caught:
        read("10 to 30%")
    assert caught.value.cure == "write `10% to 30%` if percentages are meant"


@pytest.mark.parametrize("text", ["stake", "2 + 3", "min(2, 3)", "5%"])
def test_expressions_are_no_distributions(text: str) -> None:
    assert not is_distribution(parse(text))

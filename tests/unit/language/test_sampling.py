from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.stats import qmc

from foederis.language import sampling
from foederis.language.case import Case
from foederis.language.sampling import (
    correlation_matrix,
    draw_quantities,
    draw_shares,
    median_quantities,
    quantities_at,
    quantities_with,
    sobol,
    tied_groups,
)

from .texts import case_of

MANY = "{" + ", ".join(f"q{number:03}: 1 to 2" for number in range(40)) + "}"


def numbers_case(quantities: str, correlated: str | None = None, whatifs: str | None = None) -> Case:
    none = dict.fromkeys(("moves", "events", "interests", "questions"))
    return case_of(quantities=quantities, correlated=correlated, whatifs=whatifs, **none)


def test_unscrambled_points_are_those_of_scipy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "_scramble", lambda dimension, _: (sampling._directions(dimension), np.uint64(0)))
    ours = sobol(4096, 300, seed=0) - 0.5 / 2**32
    theirs = qmc.Sobol(300, scramble=False, bits=32).random(4096)
    # The same points, in another order: SciPy counts in Gray code.
    gray = np.arange(4096) ^ (np.arange(4096) >> 1)
    np.testing.assert_array_equal(ours[gray], theirs)


@pytest.mark.parametrize("seed", [0, 1, 12345])
def test_every_dyadic_interval_holds_one_point_in_every_dimension(seed: int) -> None:
    for power in (0, 1, 5, 10):
        cells = np.sort((sobol(2**power, 64, seed=seed) * 2**power).astype(int), axis=0)
        assert (cells == np.arange(2**power)[:, None]).all()


def test_every_pair_of_the_first_dimensions_fills_the_square() -> None:
    points = sobol(2**8, 2, seed=3)
    for across in range(9):
        cells = (points * [2**across, 2 ** (8 - across)]).astype(int)
        assert len(np.unique(cells, axis=0)) == 2**8


def test_points_do_not_depend_on_how_many_there_are() -> None:
    np.testing.assert_array_equal(sobol(64, 3, seed=7), sobol(64, 9, seed=7)[:, :3])
    np.testing.assert_array_equal(sobol(48, 3, seed=7), sobol(64, 3, seed=7)[:48])


def test_seeds_differ_and_repeat() -> None:
    assert not np.array_equal(sobol(64, 3, seed=0), sobol(64, 3, seed=1))
    np.testing.assert_array_equal(sobol(64, 3, seed=0), sobol(64, 3, seed=0))


def test_more_dimensions_than_the_table_has() -> None:
    points = sobol(512, 530, seed=0)
    assert ((points > 0) & (points < 1)).all()
    assert abs(points[:, 512:].mean() - 0.5) < 0.02
    assert np.abs(np.corrcoef(points[:, 505:], rowvar=False) - np.eye(25)).max() < 0.25


def test_scrambled_points_are_even_on_average() -> None:
    means = [sobol(8, 1, seed=seed)[0, 0] for seed in range(400)]
    assert stats.kstest(means, "uniform").pvalue > 0.001


def test_draws_have_the_quantiles_of_their_distributions() -> None:
    drawn = draw_quantities(numbers_case('{a: 2 to 8, b: 10% to 30%, c: "normal(1, 2)", d: 4}'), 4096)
    assert np.quantile(drawn["a"], [0.05, 0.95]) == pytest.approx([2, 8], rel=0.01)
    assert np.quantile(drawn["b"], [0.05, 0.95]) == pytest.approx([0.1, 0.3], rel=0.01)
    assert drawn["c"].mean() == pytest.approx(1, abs=0.01)
    assert (drawn["d"] == 4).all()
    assert all(values.shape == (4096,) for values in drawn.values())


def test_expressions_of_quantities_are_evaluated_in_their_order() -> None:
    drawn = draw_quantities(numbers_case("{a: b * 2, b: c + 1, c: 2 to 8, d: a if c > 4 else -1}"), 64)
    np.testing.assert_allclose(drawn["a"], 2 * (drawn["c"] + 1))
    np.testing.assert_allclose(drawn["d"], np.where(drawn["c"] > 4, drawn["a"], -1))


def test_the_author_may_list_quantities_in_any_order() -> None:
    first = draw_quantities(numbers_case("{a: 1 to 2, b: 3 to 4}"), 16)
    second = draw_quantities(numbers_case("{b: 3 to 4, a: 1 to 2}"), 16)
    np.testing.assert_array_equal(first["a"], second["a"])


def test_medians() -> None:
    medians = median_quantities(numbers_case("{a: 2 to 8, b: a * 2, c: 4}"))
    assert {name: values.tolist() for name, values in medians.items()} == {
        "a": [pytest.approx(4)],
        "b": [pytest.approx(8)],
        "c": [4],
    }


def test_a_changed_case_keeps_the_draws_of_what_it_shares() -> None:
    case = numbers_case(MANY)
    base = draw_quantities(case, 64)
    changed = case.with_changes({"quantities.q005": "3 to 4", "quantities.q010": "7", "quantities.q001": "q000 * 2"})
    drawn = draw_quantities(changed, 64)
    kept = [name for name in base if name not in ("q001", "q005", "q010")]
    for name in kept:
        np.testing.assert_array_equal(drawn[name], base[name])
    # A new interval of the same quantity keeps its ranks.
    assert stats.spearmanr(drawn["q005"], base["q005"]).statistic == pytest.approx(1)
    again = draw_quantities(changed.with_changes({"quantities.q010": "1 to 2"}), 64)
    np.testing.assert_array_equal(again["q010"], base["q010"])


def test_ranks_go_together_as_the_copula_says() -> None:
    case = numbers_case('{a: 2 to 8, b: 10% to 30%, c: "normal(1, 2)"}', "[[a, b, 0.6], [b, c, -0.3]]")
    drawn = draw_quantities(case, 2**14)
    for one, other, correlation in (("a", "b", 0.6), ("b", "c", -0.3), ("a", "c", 0.0)):
        expected = 6 / np.pi * np.arcsin(correlation / 2)  # Spearman's rank correlation of a Gaussian copula
        assert stats.spearmanr(drawn[one], drawn[other]).statistic == pytest.approx(expected, abs=0.02)
    assert np.quantile(drawn["b"], [0.05, 0.95]) == pytest.approx([0.1, 0.3], rel=0.02)


def test_names_and_matrix_of_the_correlations() -> None:
    names, matrix = correlation_matrix(numbers_case("{a: 1 to 2, b: 1 to 2, c: 1 to 2}", "[[c, a, 60%], [b, c, -0.2]]"))
    assert names == ["a", "b", "c"]
    np.testing.assert_array_equal(matrix, [[1, 0, 0.6], [0, 1, -0.2], [0.6, -0.2, 1]])


@pytest.mark.parametrize("fixed", ["a", "b", "c"])
def test_fixing_one_of_a_pair_leaves_the_draws_of_the_other(fixed: str) -> None:
    case = numbers_case("{a: 2 to 8, b: 10% to 30%, c: 1 to 2}", "[[a, b, 0.6], [b, c, 0.5]]")
    base, drawn = draw_quantities(case, 64), draw_quantities(case.with_changes({f"quantities.{fixed}": "0.2"}), 64)
    assert (drawn[fixed] == 0.2).all()
    for name in {"a", "b", "c"} - {fixed}:
        np.testing.assert_array_equal(drawn[name], base[name])


def test_points_through_the_quantiles_are_the_draws() -> None:
    case = numbers_case("{a: 1 to 2, b: 10% to 20%, c: a * 2, d: 4}", "[[a, b, 0.7]]")
    shares = draw_shares(case, 64, seed=3)
    assert set(shares) == {"a", "b"}
    again = quantities_at(case, shares, 64)
    for name, values in draw_quantities(case, 64, seed=3).items():
        np.testing.assert_array_equal(again[name], values)


def test_given_values_stand_and_the_others_are_at_their_medians() -> None:
    case = numbers_case("{a: 1 to 2, b: 10% to 20%, c: a * 2, d: 4}", "[[a, b, 0.7]]")
    found = quantities_with(case, {"a": np.array([1.5, 7.0])}, 2)
    assert found["a"].tolist() == [1.5, 7.0]
    assert found["c"].tolist() == [3.0, 14.0]
    assert found["b"].tolist() == [case.distribution("b").median] * 2
    assert found["d"].tolist() == [4.0, 4.0]


def test_what_is_tied_together_is_one_group() -> None:
    case = numbers_case("{a: 1 to 2, b: 1 to 2, c: 1 to 2, d: 1 to 2, e: a * 2}", "[[a, c, 0.5], [c, d, 0.1]]")
    assert tied_groups(case) == [("a", "c", "d"), ("b",)]
    fixed = case.with_changes({"quantities.c": 1.5})
    assert tied_groups(fixed) == [("a",), ("b",), ("d",)]


def test_points_at_given_places_are_those_of_the_whole() -> None:
    """Also beyond the table of direction numbers, where points are plain random numbers."""
    places = np.array([0, 1, 40, 41, 63])
    np.testing.assert_array_equal(sobol(5, 530, seed=7, places=places), sobol(64, 530, seed=7)[places])

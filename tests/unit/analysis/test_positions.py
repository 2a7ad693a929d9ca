"""What losses are told for, and rates between units."""

from __future__ import annotations

import numpy as np
import pytest

import foederis as fd
from foederis.analysis.positions import Rate, factors, positions_of, read_rates

CASE = fd.loads("""
foederis: 1
title: An example
clock: {step: 1 week, steps: 2}
state: {lost: flag}
quantities: {usd_per_eur: 1.05 to 1.2, usd_per_rouble: 0.01, nothing: -1 to 1}
exposures:
  works: {holder: a, value: 3, unit: bn EUR, lost: {lost: 40%}}
  ships: {holder: b, value: 3, unit: bn USD, lost: {lost: 40%}}
  mine:  {holder: a, value: 3, unit: bn EUR, lost: {lost: 40%}}
  field: {holder: c, value: 3, unit: bn RUB, lost: {lost: 40%}}
  honour: {holder: d, value: 3, lost: {lost: 40%}}
""")


def codes(error: pytest.ExceptionInfo[fd.CaseError]) -> list[str]:
    return [item.code for item in error.value.diagnostics]


def test_holders_one_after_the_other_each_with_its_sum() -> None:
    found = positions_of(CASE)
    assert [p.name for p in found] == [
        "works", "mine", "a, in all", "ships", "b, in all", "field", "c, in all", "honour", "d, in all",
    ]  # fmt: skip
    assert found[2].members == ("works", "mine")
    assert [p.is_sum for p in found[:3]] == [False, False, True]
    assert found[-1].unit == ""


def test_sums_over_holders_only_within_a_unit() -> None:
    rates = read_rates(CASE, ["bn EUR = usd_per_eur bn USD"])
    assert rates == (Rate("bn EUR", "usd_per_eur", "bn USD"),)
    last = positions_of(CASE, rates)[-1]
    assert (last.name, last.holder, last.unit) == ("all holders, in bn USD", "", "bn USD")
    assert last.members == ("works", "mine", "ships")
    assert {p.unit for p in positions_of(CASE, rates)} == {"bn USD", "bn RUB", ""}


def test_what_turns_losses_into_another_unit() -> None:
    rates = read_rates(CASE, ["bn RUB=usd_per_rouble   bn USD", " bn EUR = usd_per_eur bn USD "])
    worlds = {"usd_per_eur": np.array([1.0, 2.0]), "usd_per_rouble": np.full(2, 0.01)}
    found = factors(CASE, rates, worlds)
    assert set(found) == {"works", "mine", "field"}
    np.testing.assert_array_equal(found["mine"], [1.0, 2.0])


@pytest.mark.parametrize(
    ("texts", "expected", "cure"),
    [
        (["EUR"], ["F743"], "as in `bn EUR = usd_per_eur bn USD`"),
        (["bn EUR = 1.1 bn USD"], ["F743"], "as in"),
        (["bn EUR = usd_per_eur"], ["F743"], "as in"),
        (["bn EURO = usd_per_eur bn USD"], ["F743"], "did you mean `bn EUR`?"),
        (["bn EUR = usd_per_euro bn USD"], ["F102"], "did you mean `usd_per_eur`?"),
        (["bn EUR = usd_per_eur bn USD"] * 2, ["F743"], "one rate"),
        (["bn EUR = usd_per_eur bn EUR"], ["F743"], "one rate"),
        (["bn RUB = usd_per_rouble bn EUR", "bn EUR = usd_per_eur bn USD"], ["F743"], "all of them into one unit"),
        (["x", "bn X = y bn USD"], ["F743", "F743", "F102"], "as in"),
    ],
)
def test_rates_that_are_none(texts: list[str], expected: list[str], cure: str) -> None:
    with pytest.raises(fd.CaseError) as caught:
        read_rates(CASE, texts)
    assert codes(caught) == expected
    assert cure in caught.value.diagnostics[0].help


def test_a_rate_that_is_not_above_0_in_every_world() -> None:
    rates = (Rate("bn EUR", "nothing", "bn USD"), Rate("bn RUB", "gone", "bn USD"))
    with pytest.raises(fd.CaseError) as caught:
        factors(CASE, rates, {"nothing": np.array([1.0, -0.5])})
    assert codes(caught) == ["F743", "F102"]
    assert "`nothing` is -0.5 in draw 1" in caught.value.diagnostics[0].message

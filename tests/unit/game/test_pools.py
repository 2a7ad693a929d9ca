"""Numbers of a case as small tables."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from foederis.diagnostics import CaseError
from foederis.game import pools
from foederis.game.packing import pack
from foederis.game.pools import NEVER, Pool, classify, not_a_probability
from foederis.language.case import Variable
from foederis.language.expressions import Environment, quantity, variable
from foederis.language.kinds import INTEGER, Kind

WAR = Variable("war", "levels", ("on", "over"), 0)
HEAT = Variable("heat", "range", ("1", "2", "3"), 0, low=1)
PACKING = pack([WAR, HEAT], {"war", "heat"})
CODES = np.arange(6)
HEAT_VALUE = variable("heat", INTEGER)
PRICE = quantity("price")
STEPPED = dataclasses.replace(HEAT_VALUE, reads_step=True)


def product(environment: Environment) -> list[np.ndarray]:
    return [HEAT_VALUE(environment) * PRICE(environment)]


@pytest.mark.parametrize("small", [1 << 20, 0])
def test_states_that_read_the_same_share_a_row(monkeypatch: pytest.MonkeyPatch, small: int) -> None:
    monkeypatch.setattr(pools, "_SMALL", small)
    classes, examples = classify(PACKING, CODES, ("heat",))
    assert len(examples) == 3
    np.testing.assert_array_equal(PACKING.digits(examples, "heat")[classes], PACKING.digits(CODES, "heat"))
    both, all_of_them = classify(PACKING, CODES[:5], ("heat", "war"))
    assert sorted(both.tolist()) == list(range(5))
    assert set(all_of_them.tolist()) == set(range(5))
    none, one = classify(PACKING, CODES, ())
    assert none.tolist() == [0] * 6
    assert len(one) == 1


def test_rows_are_found_by_state() -> None:
    pool = Pool(PACKING, CODES, np.zeros(6, dtype=np.int64))
    [first] = pool.add("constant", [], lambda _: [np.array([[7.0]])])
    [second] = pool.add("product", [HEAT_VALUE, PRICE], product)
    rows = pool.evaluate({"price": np.array([10.0, 20.0])}, 2, 0)
    assert rows.shape == (1 + 3, 2)
    np.testing.assert_array_equal(rows[pool.ids[first]], np.full((6, 2), 7.0))
    np.testing.assert_array_equal(
        rows[pool.ids[second]], PACKING.values(CODES, "heat")[:, None] * np.array([[10.0, 20.0]])
    )


def test_several_outputs_of_one_table() -> None:
    pool = Pool(PACKING, CODES, np.zeros(6, dtype=np.int64))
    places = pool.add("two", [HEAT_VALUE], lambda e: [HEAT_VALUE(e), -HEAT_VALUE(e)], 2)
    rows = pool.evaluate({}, 3, 0)
    np.testing.assert_array_equal(rows[pool.ids[places[0]]], -rows[pool.ids[places[1]]])


def test_an_empty_pool() -> None:
    assert Pool(PACKING, CODES, np.zeros(6, dtype=np.int64)).evaluate({}, 4, 0).shape == (0, 4)


def test_an_impossible_number_names_its_draw() -> None:
    pool = Pool(PACKING, CODES, np.zeros(6, dtype=np.int64))
    pool.add("chance", [HEAT_VALUE, PRICE], product, bad=not_a_probability, code="F305", message="the chance of rain")
    pool.evaluate({"price": np.array([0.3, 0.1])}, 2, 0)
    with pytest.raises(CaseError) as caught:
        pool.evaluate({"price": np.array([0.3, 0.4]), "other": np.zeros(2)}, 2, 0, first_draw=32)
    [item] = caught.value.diagnostics
    assert item.code == "F305"
    assert item.message == "the chance of rain is 1.2 where heat = 3, step 0, in draw 33 (price = 0.4)"


def test_what_reads_the_step_is_judged_where_it_is_met_by_then() -> None:
    """Numbers of states not met yet are 0, however impossible they are."""
    since = np.where(PACKING.values(CODES, "heat") == 3, 2, 0)
    pool = Pool(PACKING, CODES, since)
    [place] = pool.add("chance", [STEPPED, PRICE], product, bad=not_a_probability, code="F305")
    worlds = {"price": np.array([0.4])}
    rows = pool.evaluate(worlds, 1, 1)[pool.ids[place]][:, 0]
    np.testing.assert_array_equal(rows, np.where(since == 0, PACKING.values(CODES, "heat") * 0.4, 0))
    with pytest.raises(CaseError, match="heat = 3, step 2"):
        pool.evaluate(worlds, 1, 2)


def test_what_reads_no_step_is_judged_at_once() -> None:
    """It is evaluated once for all steps, so whatever is met at any time counts."""
    since = np.where(PACKING.values(CODES, "heat") == 3, 2, 0)
    pool = Pool(PACKING, CODES, since)
    pool.add("chance", [HEAT_VALUE, PRICE], product, bad=not_a_probability, code="F305")
    with pytest.raises(CaseError, match="heat = 3, step 2"):
        pool.evaluate({"price": np.array([0.4])}, 1, 0)


def test_states_that_do_not_matter_are_not_judged() -> None:
    pool = Pool(PACKING, CODES, np.zeros(6, dtype=np.int64))
    cool = PACKING.values(CODES, "heat") < 3
    [place] = pool.add("chance", [HEAT_VALUE, PRICE], product, bad=not_a_probability, where=[cool])
    rows = pool.evaluate({"price": np.array([0.4])}, 1, 0)
    outside = rows[pool.ids[place]][PACKING.values(CODES, "heat") == 3]
    assert not outside.any()  # the row of a state that is never met is 0, so that nothing impossible spreads
    assert pool.parts[0].since[0].tolist().count(NEVER) == 1


def test_steps_in_which_nothing_is_live_are_not_judged() -> None:
    """In step 0 the phase is live in no state, so what it would do there may be impossible."""
    nowhere, everywhere = np.zeros(6, dtype=bool), np.ones(6, dtype=bool)
    pool = Pool(PACKING, CODES, np.zeros(6, dtype=np.int64), (0, 1, 1))
    pool.add(
        "chance",
        [STEPPED],
        lambda e: [np.array([[0.5 * e.step - 0.3]])],
        bad=not_a_probability,
        where=[nowhere, everywhere],
    )
    assert not pool.evaluate({}, 1, 0).any()
    np.testing.assert_allclose(pool.evaluate({}, 1, 1), 0.2)


@pytest.mark.parametrize("value", [-1e-11, 1 + 1e-11, np.nan, np.inf, -np.inf])
def test_what_is_no_probability(value: float) -> None:
    assert not_a_probability(np.array([value])).all()
    assert not not_a_probability(np.array([0.0, 1.0, 0.5, 1 + 1e-13, -1e-13])).any()


def test_kinds_of_levels_are_read_by_code() -> None:
    pool = Pool(PACKING, CODES, np.zeros(6, dtype=np.int64))
    war = variable("war", Kind("levels", ("on", "over")))
    [place] = pool.add("over", [war], lambda e: [np.equal(war(e), 1) * 1.0])
    rows = pool.evaluate({}, 1, 0)
    np.testing.assert_array_equal(rows[pool.ids[place]][:, 0], PACKING.digits(CODES, "war"))

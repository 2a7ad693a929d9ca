"""States as whole numbers."""

from __future__ import annotations

import numpy as np
import pytest

from foederis.diagnostics import CaseError
from foederis.game.packing import StateView, pack
from foederis.language.case import Variable

WAR = Variable("war", "levels", ("on", "pause", "over"), 1)
HEAT = Variable("heat", "range", ("-1", "0", "1", "2"), 2, low=-1)
FALLEN = Variable("fallen", "flag", ("no", "yes"), 0)
FIXED = Variable("fixed", "levels", ("a", "b", "c"), 2)


def test_every_combination_has_a_code_of_its_own() -> None:
    packing = pack([WAR, HEAT, FALLEN, FIXED], {"war", "heat", "fallen"})
    codes = np.arange(3 * 4 * 2)
    digits = {name: packing.digits(codes, name) for name in ("war", "heat", "fallen")}
    assert len(set(zip(*(part.tolist() for part in digits.values()), strict=True))) == 24
    assert {name: (part.min(), part.max()) for name, part in digits.items()} == {
        "war": (0, 2),
        "heat": (0, 3),
        "fallen": (0, 1),
    }


def test_order_of_declaration_does_not_matter() -> None:
    one, other = pack([WAR, HEAT], {"war", "heat"}), pack([HEAT, WAR], {"heat", "war"})
    assert one.strides == other.strides
    assert list(one.variables) == list(other.variables) == ["heat", "war"]


def test_start_and_values() -> None:
    packing = pack([WAR, HEAT, FALLEN], {"war", "heat", "fallen"})
    start = np.array([packing.start])
    assert [packing.digits(start, name)[0] for name in ("war", "heat", "fallen")] == [1, 2, 0]
    assert packing.values(start, "heat")[0] == 1  # a range reads as its numbers
    assert packing.values(start, "war")[0] == 1


def test_what_never_changes_takes_no_room() -> None:
    packing = pack([FALLEN, FIXED], {"fallen"})
    assert packing.strides["fixed"] is None
    assert packing.digits(np.arange(2), "fixed").tolist() == [2, 2]
    assert packing.levels(np.arange(2)) == {"fallen": 2, "fixed": 1}


def test_replacing_one_digit_leaves_the_others() -> None:
    packing = pack([WAR, HEAT, FALLEN], {"war", "heat", "fallen"})
    codes = np.arange(24)
    after = packing.with_digits(codes, codes, "heat", np.full(24, 3))
    assert (packing.digits(after, "heat") == 3).all()
    for name in ("war", "fallen"):
        np.testing.assert_array_equal(packing.digits(after, name), packing.digits(codes, name))


def test_a_view_decodes_what_is_read() -> None:
    packing = pack([WAR, HEAT], {"war", "heat"})
    codes = np.arange(12)
    flat, column = StateView(packing, codes), StateView(packing, codes, column=True)
    np.testing.assert_array_equal(flat["heat"], packing.values(codes, "heat"))
    assert column["heat"].shape == (12, 1)
    assert set(flat) == {"heat"}


def test_too_many_combinations_to_count() -> None:
    many = [Variable(f"v{k}", "range", tuple(map(str, range(10_000))), 0) for k in range(5)]
    with pytest.raises(CaseError) as caught:
        pack(many, {variable.name for variable in many})
    [item] = caught.value.diagnostics
    assert item.code == "F403"
    assert "5 changing variables" in item.message
    pack(many, {"v0", "v1"})  # what never changes does not count


@pytest.mark.parametrize("packed", [[FALLEN], [WAR, HEAT, FALLEN, Variable("far", "range", tuple("0" * 9999), 0)]])
def test_distinct_codes_are_sorted_and_stand_once(packed: list[Variable]) -> None:
    """Whether they are few beside all that there could be, or many."""
    packing = pack(packed, {variable.name for variable in packed})
    codes = np.random.default_rng(0).integers(0, min(packing.size, 100), 200)
    for parts in ([codes[:0]], [codes[:1]], [codes[:150], codes[:0], codes[100:]]):
        found = packing.distinct(parts)
        assert found.tolist() == sorted({code for part in parts for code in part.tolist()})
        assert found.dtype == np.int64

"""Precedents and their likeness, on a small past that is written down."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from foederis.history import attacks, cases, likeness, precedents
from foederis.history.datasets.alliances import OBLIGATIONS
from tests.unit.history.small_past import FIRST, SECOND, A, B, C, D, E, F, small_past

Tables = dict[str, pd.DataFrame]


@pytest.fixture(autouse=True)
def tables(monkeypatch: pytest.MonkeyPatch) -> Tables:
    made = small_past()
    for module in (attacks, cases, likeness, precedents):
        monkeypatch.setattr(module, "load", made.__getitem__)
    return made


def pairs() -> pd.DataFrame:
    return precedents.precedents(precedents.bonds()).set_index(["war", "helped", "helper"])


def test_each_state_bound_to_an_attacked_one_is_a_precedent() -> None:
    found = pairs()
    assert set(found.index) == {
        (FIRST, B, C), (FIRST, B, D), (FIRST, B, E), (FIRST, B, F), (FIRST, C, B),
        (SECOND, C, B), (SECOND, C, E), (SECOND, A, B), (SECOND, A, D),
    }  # fmt: skip
    # D's own attack on B tests neither pact 8 nor pact 10, of both of which D is a member.
    attacker = precedents.bonds().query("opponent == @D")
    assert set(attacker["alliance"]) == {7, 9}


def test_what_is_known_of_a_precedent_is_of_the_day_of_the_attack() -> None:
    found = pairs()
    one = found.loc[(FIRST, B, C)]
    assert (one["opponent"], str(one["day"])[:10], one["year"]) == (A, "1900-05-01", 1900)
    assert [name for name in OBLIGATIONS if one[name]] == ["defense", "consultation"]
    assert (bool(one["multilateral"]), str(one["since"])[:10]) == (False, "1890-05-01")
    assert bool(found.loc[(FIRST, B, E)]["multilateral"])


def test_what_came_is_told_apart() -> None:
    found = pairs()["outcome"]
    expected = {C: precedents.FOUGHT, D: precedents.AGAINST, E: precedents.STAYED_OUT, F: precedents.STAYED_OUT}
    assert {helper: found[FIRST, B, helper] for helper in expected} == expected
    assert found[SECOND, C, E] == precedents.FOUGHT


def test_a_class_is_of_those_that_the_helper_owes_so_much_and_no_defense() -> None:
    found = precedents.bonds()
    defense = precedents.fought_in_class(found, "defense")
    # F owes defense to B and stayed out, though B owes F none.
    assert sorted(zip(defense["war"], defense["kept"], strict=True)) == [
        (FIRST, False), (FIRST, True), (FIRST, True), (SECOND, False)
    ]  # fmt: skip
    consultation = precedents.fought_in_class(found, "consultation")
    assert sorted(zip(consultation["war"], consultation["kept"], strict=True)) == [
        (FIRST, False), (FIRST, False), (SECOND, False), (SECOND, False), (SECOND, True)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "since", "until", "wars"),
    [
        (date(1901, 6, 30), None, None, set()),  # it ends on that very day
        (date(1901, 7, 1), None, None, {FIRST}),
        (date(1952, 3, 1), None, None, {FIRST}),  # the second fighting was still going on
        (date(1952, 3, 2), None, None, {FIRST, SECOND}),
        (date(1990, 1, 1), 1901, None, {SECOND}),
        (date(1990, 1, 1), None, 1949, {FIRST}),
        (date(1990, 1, 1), 1901, 1949, set()),
    ],
)
def test_only_wars_that_were_over_the_day_before_are_known(
    day: date, since: int | None, until: int | None, wars: set[int]
) -> None:
    found = precedents.known_before(precedents.precedents(precedents.bonds()), day, since, until)
    assert set(found["war"]) == wars
    assert list(found.columns) == list(precedents.precedents(precedents.bonds()).columns)


def test_wars_outside_the_list_are_over_with_the_last_year_in_their_name() -> None:
    listed = pd.DataFrame(
        {"cow_war": pd.array([FIRST, None, None], "Int64"), "war_name": ["x", "Y_1963-1966", "Z1950"]}
    )
    for day, names in ((date(1966, 12, 31), ["x", "Z1950"]), (date(1967, 1, 1), ["x", "Y_1963-1966", "Z1950"])):
        assert list(cases.over_before(listed, day)["war_name"]) == names


def test_pacts_of_two_states_are_those_of_the_day_before(tables: Tables) -> None:
    assert list(precedents.bonds_between(C, B, date(1890, 5, 2))["alliance"]) == [7]
    assert not len(precedents.bonds_between(C, B, date(1890, 5, 1)))
    assert not len(precedents.bonds_between(C, D, date(1900, 1, 1)))
    members = tables["atop-members"]
    tables["atop-members"] = members.assign(
        end=members["end"].mask(members["alliance"].eq(7), pd.Timestamp("1899-01-01"))
    )
    assert not len(precedents.bonds_between(C, B, date(1900, 1, 1)))


def situation(helper: int, helped: int, opponent: int, day: str, **other: object) -> pd.DataFrame:
    row = {"helper": helper, "helped": helped, "opponent": opponent, "day": pd.Timestamp(day)}
    row |= {"multilateral": False, "since": pd.Timestamp("1890-05-01"), **dict.fromkeys(OBLIGATIONS, False)}
    return pd.DataFrame([row | other])


def test_features_are_what_was_known_the_day_before() -> None:
    found = likeness.features(situation(C, B, A, "1900-05-01", defense=True)).iloc[0]
    assert (found["helper_major"], found["opponent_major"]) == (1, 1)
    assert (found["borders_helped"], found["borders_opponent"]) == (1, 0)  # water is no border
    assert found["share_alone"] == pytest.approx(0.1 / 0.5)
    assert found["share_helped"] == pytest.approx(0.4 / 0.8)
    assert found["helped_democracy"] == 0.5
    assert np.isnan(found["helper_democracy"])  # of 1890, too old
    assert found["age"] == pytest.approx(10, abs=0.01)
    assert found["year_of_day"] == 1900
    later = likeness.features(situation(C, F, A, "2020-01-01", since=pd.NaT, multilateral=np.nan)).iloc[0]
    assert (later["helper_major"], later["opponent_major"]) == (1, 0)  # the list ends, the power does not
    assert np.isnan([later[name] for name in ("share_alone", "share_helped", "age", "multilateral")]).all()


def test_on_the_first_day_of_a_year_the_year_before_is_two_back() -> None:
    """The day before 1 January 1900 lies in 1899, of which nothing yearly was known."""
    found = likeness.features(situation(C, B, A, "1900-01-01"))
    assert np.isnan(found["share_alone"].iloc[0])


def test_likeness_is_one_less_the_mean_difference() -> None:
    one = likeness.features(situation(C, B, A, "1900-05-01", defense=True, consultation=True))
    other = likeness.features(
        situation(C, B, A, "1900-05-01", defense=True, multilateral=True, since=pd.Timestamp("1900-04-30"))
    )
    [same], _ = likeness.likeness(one, one)
    assert same == 1
    [value], [differences] = likeness.likeness(one, other)
    parts = dict(zip(likeness.KINDS, differences, strict=True))
    assert np.isnan(parts.pop("regimes"))  # of the helper nothing is known
    assert parts == {
        "promise": 0.5,
        "size": 1,
        "powers": 0,
        "balance": 0,
        "neighbours": 0,
        "age": pytest.approx(np.log(11) / np.log(101), abs=1e-3),
        "era": 0,
    }
    assert value == pytest.approx(1 - sum(parts.values()) / 7)
    assert likeness.likeness(other, one)[0][0] == pytest.approx(value)


def test_far_eras_and_ages_count_no_more_than_a_century() -> None:
    old = situation(C, B, A, "1900-05-01", since=pd.Timestamp("1600-01-01"))
    one, other = (
        likeness.features(old),
        likeness.features(situation(C, B, A, "2016-05-01", since=pd.Timestamp("2016-04-30"))),
    )
    _, [differences] = likeness.likeness(one, other)
    parts = dict(zip(likeness.KINDS, differences, strict=True))
    assert (parts["age"], parts["era"]) == (1, 1)


def test_too_little_known_is_no_likeness() -> None:
    one = likeness.features(situation(C, B, A, "1900-05-01", defense=True))
    other = likeness.features(situation(F, B, F, "1900-05-01", since=pd.NaT, multilateral=np.nan))
    [value], [differences] = likeness.likeness(one, other)
    assert np.isfinite(differences).sum() == likeness.NEEDED - 1
    assert np.isnan(value)

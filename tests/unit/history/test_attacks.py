"""Our count of attacks, on a small world written down here."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from foederis.history import attacks, cases

A, B, C, D, E = 1, 2, 3, 4, 5
ATTACKER, ATTACKED = 1, 3


def world() -> dict[str, pd.DataFrame]:
    """A attacks B on 1 May 1900. B has a pact with C and D, one with A and E, one that ended that day, one of later.

    C fights beside B from the second day on; D fights A too, but B as well.
    """
    pairs = [(A, B, ATTACKER, 1), (B, A, ATTACKED, 1), (C, A, ATTACKER, 2), (A, C, ATTACKED, 2)]
    pairs += [(D, A, ATTACKER, 3), (A, D, ATTACKED, 3), (D, B, ATTACKER, 4), (B, D, ATTACKED, 4)]
    dyads = pd.DataFrame(
        [
            (10, state, other, 1900, role, ATTACKER + ATTACKED - role, np.datetime64(f"1900-05-0{day}", "s"))
            for state, other, role, day in pairs
        ],
        columns=["war", "state", "opponent", "year", "role", "opponent_role", "start"],
    )
    entered = {A: 1, B: 1, C: 2, D: 3}
    wars = pd.DataFrame(
        [(10, "War", state, np.datetime64(f"1900-05-0{day}", "s")) for state, day in entered.items()],
        columns=["war", "war_name", "state", "start"],
    )
    pacts = {7: ((B, C, D), "1890-01-01", None), 8: ((A, B, E), "1890-01-01", None)}
    pacts |= {
        9: ((B, E), "1890-01-01", "1900-05-01"),
        11: ((B, E), "1900-05-05", None),
        12: ((A, E), "1890-01-01", None),
    }
    members = pd.DataFrame(
        [
            (pact, state, pd.Timestamp(start), pd.Timestamp(end), len(states) == 2, pact != 12, pact == 12)
            for pact, (states, start, end) in pacts.items()
            for state in states
        ],
        columns=["alliance", "state", "start", "end", "bilateral", "defense", "neutrality"],
    )
    return {"cow-war-dyads": dyads, "cow-wars": wars, "atop-members": members}


@pytest.fixture
def change(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, pd.DataFrame]], None]:
    def use(tables: dict[str, pd.DataFrame]) -> None:
        monkeypatch.setattr(attacks, "load", lambda name: tables[name])

    use(world())
    return use


@pytest.mark.usefixtures("change")
def test_a_pact_is_tested_if_it_is_in_force_and_the_attacker_is_no_member() -> None:
    found = attacks.defenders()
    first = found[found["attacked"].eq(B)]
    # D's attack on B tests the pact with A and E as well, and the later one not yet.
    assert set(zip(first["alliance"], first["member"], strict=True)) == {(7, C), (7, D), (8, A), (8, E)}
    assert set(found["year"]) == {1900}
    days = {(pact, str(day)[:10]) for pact, day in zip(first["alliance"], first["day"], strict=True)}
    assert days == {(7, "1900-05-01"), (8, "1900-05-03")}


def test_of_an_asymmetric_pact_those_are_tested_that_owe(change: Callable[[dict[str, pd.DataFrame]], None]) -> None:
    tables = world()
    members = tables["atop-members"]

    def without(pact: int, state: int) -> pd.DataFrame:
        """Who is tested by attacks on B, with the day, if one member of a pact owes no defense."""
        owes = members["defense"] & ~(members["alliance"].eq(pact) & members["state"].eq(state))
        change({**tables, "atop-members": members.assign(defense=owes)})
        return attacks.defenders().query("attacked == @B").assign(day=lambda found: found["day"].dt.day)

    # What the attacked state owes in turn is nothing to those that owe it defense.
    whole = {(7, C, 1), (7, D, 1), (8, A, 3), (8, E, 3)}
    for pact, state, tested in (
        (7, B, whole),
        (7, C, whole - {(7, C, 1)}),
        (8, B, whole),
        (8, A, whole - {(8, A, 3)}),  # still a member: its own attack is one inside the pact
    ):
        found = without(pact, state)
        assert set(zip(found["alliance"], found["member"], found["day"], strict=True)) == tested, (pact, state)


@pytest.mark.usefixtures("change")
def test_who_fights_both_sides_has_not_kept_it() -> None:
    found = attacks.defenders().set_index(["attacked", "member"])["kept"]
    assert found[B, C]
    assert not found[B, D]
    assert not found[B, E]


def test_the_day_is_the_later_entry_or_that_of_the_pair(change: Callable[[dict[str, pd.DataFrame]], None]) -> None:
    days = attacks.attacks().set_index(["attacker", "attacked"])["day"]
    assert [str(days[pair])[:10] for pair in ((A, B), (C, A), (D, B))] == ["1900-05-01", "1900-05-02", "1900-05-03"]
    tables = world()
    wars = tables["cow-wars"]
    change({**tables, "cow-wars": wars[~wars["state"].isin([D, B])]})
    days = attacks.attacks().set_index(["attacker", "attacked"])["day"]
    assert str(days[D, B])[:10] == "1900-05-04"


@pytest.mark.usefixtures("change")
def test_counts_differ_by_who_must_fight() -> None:
    members = attacks.defenders()
    members = members[members["attacked"].eq(B) & members["alliance"].eq(7)]
    counted = {way: cases.attacked(members, way) for way in (cases.ONE, cases.EVERY, cases.PAIR)}
    assert [list(found["kept"]) for found in counted.values()] == [[True], [False], [True, False]]
    assert list(counted[cases.ONE]["multilateral"]) == [True]


def test_neutrality_is_broken_by_an_attack_only(change: Callable[[dict[str, pd.DataFrame]], None]) -> None:
    found = attacks.neutrals()
    assert list(zip(found["attacker"], found["member"], found["kept"], strict=True)) == [(A, E, True)]
    tables = world()
    more = tables["cow-war-dyads"].iloc[[2, 3]].replace({C: E})
    for attacker, kept in ((E, False), (A, True)):
        pair = more.assign(role=ATTACKER, opponent_role=ATTACKED)
        pair = pair[pair["state"].eq(attacker)]
        change({**tables, "cow-war-dyads": pd.concat([tables["cow-war-dyads"], pair])})
        found = attacks.neutrals()
        assert list(found.loc[found["attacker"].eq(A) & found["member"].eq(E), "kept"]) == [kept]

"""Precedents: every state that had a pact with one that was attacked, what it owed, and what it did.

Attacks and their days are those of our own count (see attacks). A pact counts if both states are members on that day
and the attacker is not.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from foederis.history.attacks import NEVER, attacks, fought_beside, opponents_in_war
from foederis.history.cases import COUNTED, over_before
from foederis.history.datasets import load
from foederis.history.datasets.alliances import OBLIGATIONS
from foederis.history.datasets.tidy import pandas_module
from foederis.history.likeness import yearly

if TYPE_CHECKING:
    from pandas import DataFrame as Frame

FOUGHT, STAYED_OUT, AGAINST = "fought", "stayed out", "fought against it"
PAIR = ["war", "helped", "helper"]
_BOND = ["alliance", "bilateral", "in_system", "since", *OBLIGATIONS]
_First = dict[tuple[int, int], Any]


def bonds() -> Frame:
    """Each attack, each pact that the attacked state had, and each other member of it.

    Returns:
        war, war_name, year (the war's first), opponent (the attacker), helped (the attacked), helper (the member), day
        (of the attack), alliance, bilateral, in_system (the member is in COW's list), since (the first day on which
        both were members), and a truth for each obligation that the member owes, whatever the attacked state owes.
    Raises:
        DataError: a file is missing.
    """
    spells, of_state, first = _memberships()
    began = load("cow-wars").groupby("war")["start"].min().dt.year
    rows = []
    for attack in attacks().itertuples():
        head = (attack.war, attack.war_name, int(began[attack.war]), attack.attacker, attack.attacked)
        for alliance in sorted(of_state[attack.attacked]):
            there = {spell.state: spell for spell in spells[alliance] if spell.start <= attack.day < spell.end}
            if attack.attacked not in there or attack.attacker in there:
                continue
            for member in sorted(there.keys() - {attack.attacked}):
                rows.append((*head, member, attack.day, *_bond(there, attack.attacked, member, alliance, first)))

    names = ["war", "war_name", "year", "opponent", "helped", "helper", "day", *_BOND]
    return pandas_module().DataFrame(rows, columns=names)


def bonds_between(helper: int, helped: int, day: date) -> Frame:
    """The pacts between two states on the day before a day: the columns of `bonds` from `alliance` on."""
    spells, of_state, first = _memberships()
    before = np.datetime64(day, "s") - np.timedelta64(1, "D")
    rows = []
    for alliance in sorted(of_state[helped] & of_state[helper]):
        there = {spell.state: spell for spell in spells[alliance] if spell.start <= before < spell.end}
        if helped in there and helper in there:
            rows.append(_bond(there, helped, helper, alliance, first))
    return pandas_module().DataFrame(rows, columns=_BOND)


def _bond(
    there: dict[int, Any], helped: int, helper: int, alliance: int, first: dict[tuple[int, int], Any]
) -> tuple[Any, ...]:
    mine = there[helper]
    since = max(first[alliance, helper], first[alliance, helped])
    owes = [bool(getattr(mine, name)) for name in OBLIGATIONS]
    return (alliance, bool(mine.bilateral), bool(mine.in_system), since, *owes)


def _memberships() -> tuple[dict[int, list[Any]], dict[int, set[int]], _First]:
    """ATOP's spells by alliance, the alliances of each state, and the first day of each state in each alliance."""
    members = load("atop-members").assign(end=lambda frame: frame["end"].fillna(NEVER))
    spells, of_state = defaultdict(list), defaultdict(set)
    first: _First = {}
    names = ["alliance", "state", "start", "end", "bilateral", "in_system", *OBLIGATIONS]
    for spell in members[names].sort_values("start", kind="stable").itertuples(index=False):
        spells[spell.alliance].append(spell)
        of_state[spell.state].add(spell.alliance)
        first.setdefault((spell.alliance, spell.state), spell.start)
    return spells, of_state, first


def precedents(found: Frame) -> Frame:
    """One row for each war, attacked state and state of COW's list bound to it: as things stood on the first such day.

    Args:
        found: of `bonds`.
    Returns:
        war, helped, helper, war_name, year, opponent (the strongest by CINC, if several attacked on that day), day,
        multilateral (no pact of the two alone), since (of the oldest pact), the obligations owed under any of the
        pacts, and outcome: FOUGHT if the helper fights in that war at any time and never against the attacked
        state, AGAINST if it ever fights against it, otherwise STAYED_OUT.
    """
    found = found[found["in_system"]]
    opening = found[found["day"].eq(found.groupby(PAIR)["day"].transform("min"))]
    power = yearly("nmc-6", "cinc")
    strength = [power(row.opponent, row.day.year) for row in opening.itertuples()]
    opening = opening.assign(strength=strength).sort_values("strength", ascending=False, kind="stable")
    named = {name: (name, "first") for name in ("war_name", "year", "opponent", "day")}
    owed = {name: (name, "max") for name in OBLIGATIONS}
    pairs = opening.groupby(PAIR, as_index=False)
    made = pairs.agg(**named, multilateral=("bilateral", "max"), since=("since", "min"), **owed)
    opponents = opponents_in_war()

    def outcome(war: int, helper: int, helped: int) -> str:
        if helped in opponents.get((war, helper), ()):
            return AGAINST
        return FOUGHT if (war, helper) in opponents else STAYED_OUT

    outcomes = [outcome(row.war, row.helper, row.helped) for row in made.itertuples()]
    return made.assign(multilateral=~made["multilateral"].astype(bool), outcome=outcomes)


def fought_in_class(found: Frame, obligation: str) -> Frame:
    """Pairs of states of COW's list in which the helper owes an obligation, and whether it fought.

    For an obligation other than defense, pairs in which the helper owes defense by any pact in that war are left out:
    the class is of those that owed so much and no more.

    Args:
        found: of `bonds`.
    Returns:
        As `cases.invoked`, with kept for fought.
    """
    owing = found
    if obligation != "defense":
        owing = found[~found.groupby(PAIR)["defense"].transform("max").astype(bool)]
    owing = owing[owing[obligation].astype(bool) & owing["in_system"].astype(bool)]
    fights = fought_beside()
    fought = [fights(row.war, row.helper, row.helped) for row in owing.itertuples()]
    pairs = owing.assign(kept=np.array(fought, dtype=bool), cow_war=owing["war"]).sort_values("day", kind="stable")
    pairs = pairs.assign(multilateral=~pairs["bilateral"].astype(bool))
    named = {name: (name, "first") for name in COUNTED if name not in PAIR and name != "kept"}
    return pairs.groupby(PAIR, as_index=False).agg(**named, kept=("kept", "max"))[COUNTED]


def known_before(found: Frame, day: date, since: int | None, until: int | None) -> Frame:
    """Those rows with war, war_name and year whose war was over before a day, and began in the years."""
    found = found[found["year"].between(since or 0, until or 9999)]
    return over_before(found.assign(cow_war=found["war"]), day).drop(columns="cow_war")

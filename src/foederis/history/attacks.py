"""Our own count of alliances that were put to the test: every attack on a state with a pact in force on that day.

An attack is a pair of the directed dyadic war data in which one state is the attacker and the other the attacked. Its
day is the first on which both are in the war by the list of participants, or by the dyadic data where the list lacks
one of them. A pact counts if the state that is owed to is a member on that day, and the other of the two is not; one
that ends on that very day does not. Of its members those are tested that owe the obligation themselves, whatever the
state that is owed to owes in turn: Germany owed defense to Turkey in 1914, and Turkey none to Germany. A member keeps a
defense pact if it fights in that war at any time, and never against the attacked state. It keeps neutrality towards an
attacker if it does not attack it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from foederis.history.datasets import load
from foederis.history.datasets.tidy import pandas_module

if TYPE_CHECKING:
    from pandas import DataFrame as Frame

_ATTACKER, _ATTACKED = 1, 3
NEVER = np.datetime64("9999-12-31", "s")


def attacks() -> Frame:
    """Each attack of one state on another: war, war_name, attacker, attacked, day.

    Raises:
        DataError: a file is missing.
    """
    dyads, participants = load("cow-war-dyads"), load("cow-wars")
    made = dyads[dyads["role"].eq(_ATTACKER) & dyads["opponent_role"].eq(_ATTACKED)]
    first = made.groupby(["war", "state", "opponent"], as_index=False)["start"].min()
    first = first.set_axis(["war", "attacker", "attacked", "started"], axis=1)
    entered = participants.groupby(["war", "state"])["start"].min()
    days = []
    for row in first.itertuples():
        days.append(max(entered.get((row.war, state), row.started) for state in (row.attacker, row.attacked)))
    names = participants.groupby("war")["war_name"].first()
    return first.assign(day=days, war_name=first["war"].map(names)).drop(columns="started")


def defenders() -> Frame:
    """Each member that owed defense by a pact which an attack on another member put to the test.

    Returns:
        A row for each war, pact, attacked state and other member: war, war_name, year (the war's first), alliance,
        multilateral, attacked, member, day (of the first such attack), kept (fought at the attacked state's side).
    """
    return _tested("defense", "attacked", "attacker", fought_beside())


def neutrals() -> Frame:
    """Each state that owes neutrality to an attacker, while the attacked state is no member.

    Returns:
        As defenders, with `attacker` for the one that neutrality is owed to, and kept if the member did not attack it.
    """
    made = {(row.war, row.attacker, row.attacked) for row in attacks().itertuples()}
    return _tested("neutrality", "attacker", "attacked", lambda war, member, owed: (war, member, owed) not in made)


def _tested(obligation: str, owed: str, outsider: str, keeps: Callable[[int, int, int], bool]) -> Frame:
    """The members that owe an obligation to one state of each attack, where the other is no member of the pact.

    Obligations are a member's own. In an asymmetric pact ATOP's list of members does not say to whom: a member that
    owes is taken to owe to every other.
    """
    pacts = load("atop-members")
    pacts = pacts.assign(end=pacts["end"].fillna(NEVER), owes=pacts[obligation])
    spells, of_state = defaultdict(list), defaultdict(set)
    for spell in pacts[["alliance", "state", "start", "end", "bilateral", "owes"]].itertuples(index=False):
        spells[spell.alliance].append(spell)
        of_state[spell.state].add(spell.alliance)
    rows = []
    for attack in attacks().itertuples():
        ally, other = getattr(attack, owed), getattr(attack, outsider)
        for alliance in sorted(of_state[ally]):
            there = [spell for spell in spells[alliance] if spell.start <= attack.day < spell.end]
            members = {spell.state for spell in there}
            if ally not in members or other in members:
                continue
            owing = {spell.state for spell in there if spell.owes}
            for member in sorted(owing - {ally}):
                kept = keeps(attack.war, member, ally)
                shared = (attack.war, attack.war_name, alliance, not there[0].bilateral)
                rows.append((*shared, ally, member, attack.day, kept))
    names = ["war", "war_name", "alliance", "multilateral", owed, "member", "day", "kept"]
    found = pandas_module().DataFrame(rows, columns=names).sort_values("day", kind="stable")
    found = found.drop_duplicates(["war", "alliance", owed, "member"])
    began = load("cow-wars").groupby("war")["start"].min().dt.year
    return found.assign(year=found["war"].map(began)).sort_values(["year", "war", "alliance"], ignore_index=True)


def opponents_in_war() -> dict[tuple[int, int], set[int]]:
    """Whom each state fights in each war."""
    opponents: dict[tuple[int, int], set[int]] = defaultdict(set)
    for row in load("cow-war-dyads")[["war", "state", "opponent"]].drop_duplicates().itertuples():
        opponents[row.war, row.state].add(row.opponent)
    return opponents


def fought_beside() -> Callable[[int, int, int], bool]:
    """Whether a state fights in a war, and never against another."""
    opponents = opponents_in_war()
    return lambda war, member, ally: (war, member) in opponents and ally not in opponents[war, member]

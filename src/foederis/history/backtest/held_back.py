"""Disputes that did not become wars: what an opponent chose who reckoned with the alliance."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from foederis.history.backtest.questions import Day, Question, day
from foederis.history.datasets import load
from foederis.history.help_given import FORCE, WAR


@cache
def held_back(until: int) -> tuple[Question, ...]:
    """A question, never answered, for each dispute short of war in which force was used, and each alliance that might
    have been called on: one that promises help or neutrality to a state which was in the dispute on its first day.

    Args:
        until: the last year in which a dispute began.
    """
    acts = load("mid-participants")
    acts = acts[acts["start"].dt.year <= until]
    hostility = acts.groupby("dispute")["hostility"].max()
    short = hostility[hostility.ge(FORCE) & hostility.lt(WAR)].index
    first = acts[acts["dispute"].isin(short) & acts["originator"]]
    pacts = _pacts()
    found = []
    for dispute, rows in first.groupby("dispute"):
        began = min(day(start) for start in rows["start"])
        sides = tuple(frozenset(int(s) for s in rows.loc[rows["side_a"].eq(a), "state"]) for a in (True, False))
        named = (int(dispute), f"dispute {dispute}", began)
        year = int(str(began)[:4])
        for alliance in sorted(_owed(pacts, sides[0] | sides[1], began)):
            found.append(Question(*named, alliance, began, sides, None, year, {}))  # type: ignore[arg-type]
    return tuple(found)


def _pacts() -> dict[int, list[tuple[int, Day, Day]]]:
    """Of each state, the alliances that promise something, with the days of its membership."""
    found = defaultdict(list)
    members = load("atop-members")
    for row in members[members["defense"] | members["offense"] | members["neutrality"]].itertuples():
        found[int(row.state)].append((int(row.alliance), day(row.start), day(row.end)))
    return found


def _owed(pacts: dict[int, list[tuple[int, Day, Day]]], states: frozenset[int], on: Day) -> set[int]:
    return {pact for state in states for pact, start, end in pacts.get(state, ()) if start < on <= end}

"""Past cases in which an alliance was put to the test, under each definition in use."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from foederis.history.datasets import load
from foederis.history.datasets.alliances import OBLIGATIONS

if TYPE_CHECKING:
    from pandas import DataFrame as Frame

ANY = "any"
CHOICES = (ANY, *OBLIGATIONS)

LLM, BF, ATTACKED = "leeds-long-mitchell", "berkemeier-fuhrmann", "attacked"
ONE, EVERY, PAIR = "alliance, one member is enough", "alliance, every member must", "pair of states"
WHOLE = "alliance"
COUNTED = ["war", "cow_war", "war_name", "year", "alliance", "multilateral", "kept"]


def invoked(definition: str, obligation: str) -> Frame:
    """War by alliance, where Berkemeier and Fuhrmann hold the treaty to be invoked.

    Args:
        definition: LLM for the coding that repeats Leeds, Long and Mitchell's, or BF for the authors' own.
        obligation: of CHOICES; an alliance may have several.
    Returns:
        war, cow_war (its number in cow-wars, if it is there), war_name, year, alliance, multilateral, kept; a row for
        each war and alliance.
    """
    kept, broken = ("honoured", "violated") if definition == LLM else ("honoured_bf", "violated_bf")
    found = load("berkemeier-fuhrmann")
    found = found[found[kept] | found[broken]]
    if obligation != ANY:
        found = found[found[obligation]]
    return found.assign(kept=found[kept])[COUNTED].reset_index(drop=True)


def attacked(members: Frame, counted: str) -> Frame:
    """Our own count: war by alliance or by pair of states, for each attack while a pact was in force.

    Args:
        members: of `defenders` or `neutrals`.
        counted: ONE, EVERY or PAIR. An alliance is kept if one other member keeps it, or if every one does.
    Returns:
        As invoked; a pair of states has the first of the members' alliances that bind it.
    """
    owed = "attacked" if "attacked" in members else "attacker"
    by = ["war", owed, "member"] if counted == PAIR else ["war", "alliance"]
    groups = members.assign(cow_war=members["war"]).groupby(by, as_index=False)
    named = {name: (name, "first") for name in COUNTED if name not in (*by, "kept")}
    found = groups.agg(**named, kept=("kept", "min" if counted == EVERY else "max"))
    return found[COUNTED].sort_values(["year", "war"], ignore_index=True)


def with_majors(cases: Frame) -> Frame:
    """The cases with `major_power`: whether a member of the alliance was a major power in the year of the case."""
    members, majors = load("atop-members"), load("majors")
    spells = members.merge(majors, on="state", suffixes=("", "_major"))
    starts = spells[["start", "start_major"]].max(axis=1).dt.year
    ends = spells[["end", "end_major"]].min(axis=1).dt.year
    spells = spells.assign(first=starts, last=ends).query("first <= last")
    found = []
    for case in cases.itertuples():
        there = spells[spells["alliance"].eq(case.alliance)]
        found.append(bool(((there["first"] <= case.year) & (there["last"] >= case.year)).any()))
    return cases.assign(major_power=found)


def over_before(cases: Frame, day: date) -> Frame:
    """The cases of wars that were over before a day, so that on it their outcome was known.

    Args:
        cases: with cow_war and war_name. A war that is not in cow-wars counts as over with the last year in its name.
    """
    wars = load("cow-wars")
    ends = cases["cow_war"].map(wars[["end", "second_end"]].max(axis=1).groupby(wars["war"]).max())
    named = cases["war_name"].astype("string").str.findall(r"\d{4}").str[-1]
    ends = ends.fillna(named.map(lambda year: np.datetime64(f"{year}-12-31", "s"), na_action="ignore"))
    return cases[ends.lt(np.datetime64(day, "s"))]

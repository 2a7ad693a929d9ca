"""What is asked: of an alliance that a war calls on, whether it will be kept; and who is fighting on that day.

A question is put on the first day on which there are both the war and the pact: the day on which the war began or, for
a pact that was made in the war, the first day of the pact. Who fights on that day, and the terms of such a pact, are
part of the question. All else has to be known by the day before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from foederis.history.datasets import load

Day = np.datetime64
States = frozenset[int]
FOREVER = Day("9999-12-31", "D")
# Wars of the Interstate War Data that the Correlates of War do not count as such: their disputes in MID 5.0.
_DISPUTES = {90: 108, 93: 28, 94: 1070}
SPLIT_YEAR, SPLIT_WAR = 1945, 53  # the four alliances of 1945 met the war of 1939


class Spell(NamedTuple):
    """A time in which a state fought on a side, 0 for the side that began the war; both ends included."""

    state: int
    side: int
    start: Day
    end: Day


@dataclass(frozen=True)
class Question:
    """One alliance that a war, or a dispute, called on.

    Attributes:
        war, war_name: the war, by its number in the Interstate War Data; or the dispute.
        began: the day on which it began; asked: the day on which the question is put.
        alliance: ATOP's number.
        sides: who is fighting on that day, on the side that began and on the other.
        kept: whether the alliance was kept; None in a dispute that did not become a war.
        year: by which the authors count the case.
        terms: obligations as the authors have them, and `multilateral`; for baselines.
    """

    war: int
    war_name: str
    began: Day
    alliance: int
    asked: Day
    sides: tuple[States, States]
    kept: bool | None
    year: int
    terms: dict[str, bool]

    @property
    def wartime(self) -> bool:
        """Whether the pact was made in the war itself."""
        return bool(self.asked > self.began)

    @property
    def world_war(self) -> bool:
        return self.war_name.startswith("WorldWar")


def day(stamp: Any) -> Day:
    """A date of a frame as a day; a missing one is far away."""
    return FOREVER if stamp is None or stamp != stamp else Day(stamp, "D")


@cache
def war_spells() -> dict[int, tuple[Spell, ...]]:
    """Of each war of the Correlates of War, who fought when; the side of an initiator is side 0."""
    found = defaultdict(list)
    wars = load("cow-wars")
    first = {war: int(rows.loc[rows["initiator"], "side"].iloc[0]) for war, rows in wars.groupby("war")
             if rows["initiator"].any()}  # fmt: skip
    for row in wars.itertuples():
        side = int(row.side != first.get(row.war, 1))
        found[int(row.war)].append(Spell(int(row.state), side, day(row.start), day(row.end)))
        if row.second_start == row.second_start:
            found[int(row.war)].append(Spell(int(row.state), side, day(row.second_start), day(row.second_end)))
    return {war: tuple(spells) for war, spells in found.items()}


@cache
def dispute_spells() -> dict[int, tuple[Spell, ...]]:
    """Of each dispute of MID 5.0, who was in it when; side A is side 0."""
    found = defaultdict(list)
    for row in load("mid-participants").itertuples():
        found[int(row.dispute)].append(Spell(int(row.state), int(not row.side_a), day(row.start), day(row.end)))
    return {dispute: tuple(spells) for dispute, spells in found.items()}


def fighting(spells: Iterable[Spell], on: Day) -> tuple[States, States]:
    """Who is in it on a day, by side."""
    there = [spell for spell in spells if spell.start <= on <= spell.end]
    return tuple(frozenset(spell.state for spell in there if spell.side == side) for side in (0, 1))  # type: ignore


@cache
def pact_starts() -> dict[int, Day]:
    """The first day of each alliance of ATOP."""
    return {int(row.alliance): day(row.start) for row in load("atop-alliances").itertuples()}


@cache
def questions() -> tuple[Question, ...]:
    """The 146 alliances that a war called on, by Berkemeier and Fuhrmann, in the order of their wars.

    Raises:
        DataError: a file is missing.
    """
    cases = load("berkemeier-fuhrmann")
    cases = cases[cases["honoured"] | cases["violated"]]
    names = ("defense", "offense", "neutrality", "nonaggression", "multilateral")
    found = []
    for row in cases.itertuples():
        war = int(row.war)
        spells = dispute_spells()[_DISPUTES[war]] if war in _DISPUTES else war_spells()[int(row.cow_war)]
        began = min(spell.start for spell in spells)
        asked = max(began, pact_starts()[int(row.alliance)])
        terms = {name: bool(getattr(row, name)) for name in names}
        named = (war, str(row.war_name), began, int(row.alliance), asked, fighting(spells, asked))
        found.append(Question(*named, bool(row.honoured), int(row.year), terms))
    return tuple(sorted(found, key=lambda question: (question.began, question.war, question.alliance)))


def ended(question: Question) -> Day:
    """The last day of the question's war."""
    if question.war in _DISPUTES:
        spells = dispute_spells()[_DISPUTES[question.war]]
    else:
        spells = war_spells()[_cow_numbers()[question.war]]
    return max(spell.end for spell in spells)


@cache
def _cow_numbers() -> dict[int, int]:
    known = load("berkemeier-fuhrmann").dropna(subset=["cow_war"])
    return {int(row.war): int(row.cow_war) for row in known.itertuples()}

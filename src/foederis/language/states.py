"""Codes of states: Correlates of War, Gleditsch & Ward, and ISO 3166, each with the time that it holds for."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Literal

Code = Literal["cow", "gw", "iso3", "iso2"]


@dataclass(frozen=True)
class Spell:
    """A time in which a state was of the COW system, under the same codes.

    Attributes:
        cow, gw: numbers; iso3, iso2: letters, empty where ISO 3166 never had the state.
        start, end: first and last day; no end if it was a state at the end of 2016, where the list ends.
    """

    cow: int
    cow_abbreviation: str
    gw: int
    iso3: str
    iso2: str
    start: date
    end: date | None
    name: str

    def holds_on(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


@cache
def spells() -> tuple[Spell, ...]:
    """Every spell of every state, in the order of COW codes and time."""
    text = resources.files("foederis.language").joinpath("states.csv").read_text(encoding="utf-8")
    return tuple(_spell(row) for row in csv.DictReader(text.splitlines()))


def _spell(row: dict[str, str]) -> Spell:
    start = date.fromisoformat(row["start"])
    end = date.fromisoformat(row["end"]) if row["end"] else None
    codes = (int(row["cow"]), row["cow_abbreviation"], int(row["gw"]), row["iso3"], row["iso2"])
    return Spell(*codes, start, end, row["name"])


def find(code: int | str, by: Code, day: date) -> Spell | None:
    """The state that had a code on a day, or nothing.

    Args:
        code: 220, or "FRA"; letters may be small. by: whose code it is.
    """
    wanted = code.upper() if isinstance(code, str) else code
    if not wanted:
        return None
    return next((spell for spell in spells() if getattr(spell, by) == wanted and spell.holds_on(day)), None)


def meant(text: str, day: date | None = None) -> tuple[Spell, ...]:
    """The states that a text names, by a code of any of the lists or by COW's name; one spell of each, in the order of
    COW codes.

    Args:
        text: `FRN`, `FRA`, `FR`, `220` or `France`; capitals do not count.
        day: only states that were one on this day; any day if None.
    """
    found: dict[int, Spell] = {}
    for spell in _by_name().get(text.strip().casefold(), ()):
        if day is None or spell.holds_on(day):
            found.setdefault(spell.cow, spell)
    return tuple(found.values())


@cache
def _by_name() -> dict[str, list[Spell]]:
    """The spells that each code or name can mean, in the order of COW codes and time."""
    found: dict[str, list[Spell]] = {}
    for spell in spells():
        names = (spell.name, spell.cow_abbreviation, spell.iso3, spell.iso2, str(spell.cow), str(spell.gw))
        for name in {name.casefold() for name in names if name}:
            found.setdefault(name, []).append(spell)
    return found

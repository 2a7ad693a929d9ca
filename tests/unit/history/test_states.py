"""Codes of states hold for a time."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from foederis.history.datasets import load
from foederis.history.states import find, spells


@pytest.mark.parametrize(
    ("code", "by", "day", "name", "cow", "gw", "iso3"),
    [
        ("NA", "iso2", date(2000, 1, 1), "Namibia", 565, 565, "NAM"),
        (255, "cow", date(1938, 1, 1), "Germany", 255, 255, "DEU"),
        (255, "cow", date(2000, 1, 1), "Germany", 255, 260, "DEU"),
        ("deu", "iso3", date(1970, 1, 1), "German Federal Republic", 260, 260, "DEU"),
        (345, "cow", date(2000, 1, 1), "Yugoslavia", 345, 345, "YUG"),
        ("CS", "iso2", date(2005, 1, 1), "Serbia and Montenegro", 345, 345, "SCG"),
        ("CS", "iso2", date(1960, 1, 1), "Czechoslovakia", 315, 315, "CSK"),
        (340, "gw", date(2010, 1, 1), "Serbia", 345, 340, "SRB"),
        (340, "gw", date(1914, 7, 28), "Serbia", 345, 340, "SRB"),
        (345, "gw", date(1939, 1, 1), "Yugoslavia", 345, 345, "YUG"),
        ("gb", "iso2", date(1939, 9, 1), "United Kingdom", 200, 200, "GBR"),
        ("GR", "iso2", date(1940, 10, 28), "Greece", 350, 350, "GRC"),
        (365, "cow", date(1962, 10, 22), "Soviet Union", 365, 365, "SUN"),
        (678, "gw", date(1980, 1, 1), "Yemen Arab Republic", 678, 678, "YEM"),
        (678, "gw", date(2000, 1, 1), "Yemen", 679, 678, "YEM"),
        (972, "gw", date(2010, 1, 1), "Tonga", 955, 972, "TON"),
    ],
)
def test_a_code_means_a_state_on_a_day(
    code: int | str, by: str, day: date, name: str, cow: int, gw: int, iso3: str
) -> None:
    found = find(code, by, day)  # type: ignore[arg-type]
    assert found is not None
    assert (found.name, found.cow, found.gw, found.iso3) == (name, cow, gw, iso3)


def test_codes_are_written_as_their_lists_write_them() -> None:
    for spell in spells():
        for code, letters in ((spell.iso2, 2), (spell.iso3, 3), (spell.cow_abbreviation, 3)):
            assert not code or re.fullmatch(f"[A-Z]{{{letters}}}", code), spell


@pytest.mark.usefixtures("shared_data")
def test_the_spells_are_those_of_the_list_of_states() -> None:
    """Spells of one state that follow each other without a gap differ in codes or names, and are one in COW's list."""
    joined: list[list[Any]] = []
    for spell in spells():
        if joined and joined[-1][0] == spell.cow and joined[-1][2] == spell.start - timedelta(days=1):
            joined[-1][2] = spell.end
        else:
            joined.append([spell.cow, spell.start, spell.end])
    listed = [
        [row.state, row.start.date(), None if row.end.date() == date(2016, 12, 31) else row.end.date()]
        for row in load("states").sort_values(["state", "start"]).itertuples()
    ]
    assert joined == listed


def test_there_is_nobody_between_spells() -> None:
    assert find(305, "cow", date(1940, 1, 1)) is None
    assert find("", "iso3", date(1850, 1, 1)) is None
    assert find(999, "cow", date(2000, 1, 1)) is None


@pytest.mark.parametrize("by", ["cow", "gw", "iso3", "iso2"])
def test_no_two_states_share_a_code_on_a_day(by: str) -> None:
    held: dict[object, list[tuple[date, date]]] = {}
    for spell in spells():
        code = getattr(spell, by)
        if code == "":
            continue
        span = (spell.start, spell.end or date.max)
        for start, end in held.setdefault(code, []):
            assert span[1] < start or end < span[0], (by, code)
        held[code].append(span)

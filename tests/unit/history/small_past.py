"""A small past, written down: who attacked whom, who was bound to whom, and what was known of them.

In 1900 A (1) attacks B (2). By pact 7, of two, C (3) and B owe each other defense and consultation; by pact 8, of many, B,
D (4) and E (5) owe each other consultation; by pact 9 F (6) alone owes B defense. Pact 10, of A, B and D, is no test then.
C fights A. D fights both. E and F stay out. In 1950 A attacks C, while C and E owe each other consultation by pact 11; E attacks A,
which B and D are bound to by pact 10. G (7), a member of pact 8, is not of COW's list.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from foederis.history.datasets.alliances import OBLIGATIONS

A, B, C, D, E, F, G = 1, 2, 3, 4, 5, 6, 7
ATTACKER, ATTACKED = 1, 3
FIRST, SECOND = 10, 20  # the wars


def _day(text: str) -> np.datetime64:
    return np.datetime64(text, "s")


def _dyads() -> pd.DataFrame:
    made = [
        (FIRST, A, B, "1900-05-01"), (FIRST, A, C, "1900-05-02"), (FIRST, D, A, "1900-05-03"), (FIRST, D, B, "1900-05-04"),
        (SECOND, A, C, "1950-01-01"), (SECOND, E, A, "1950-02-01"),
    ]  # fmt: skip
    rows = []
    for war, one, other, day in made:
        rows.append((war, one, other, ATTACKER, ATTACKED, _day(day)))
        rows.append((war, other, one, ATTACKED, ATTACKER, _day(day)))
    return pd.DataFrame(rows, columns=["war", "state", "opponent", "role", "opponent_role", "start"])


def _wars() -> pd.DataFrame:
    rows = [(FIRST, "First", state, _day("1900-05-01"), _day("1901-06-30"), _day("NaT")) for state in (A, B)] + [
        (SECOND, "Second", state, _day("1950-01-01"), _day("1950-12-31"), _day("1952-03-01")) for state in (A, C)
    ]
    return pd.DataFrame(rows, columns=["war", "war_name", "state", "start", "end", "second_end"])


def _members() -> pd.DataFrame:
    pacts: list[tuple[int, str, bool, dict[int, tuple[str, ...]]]] = [
        (7, "1890-05-01", True, {B: ("defense", "consultation"), C: ("defense", "consultation")}),
        (8, "1880-05-01", False, dict.fromkeys((B, D, E, G), ("consultation",))),
        (9, "1895-05-01", True, {B: (), F: ("defense",)}),
        (10, "1895-05-01", False, dict.fromkeys((A, B, D), ("consultation",))),
        (11, "1940-01-01", True, dict.fromkeys((C, E), ("consultation",))),
    ]
    rows = [
        (pact, state, _day(start), _day("NaT"), bilateral, state != G, *(name in owed for name in OBLIGATIONS))
        for pact, start, bilateral, members in pacts
        for state, owed in members.items()
    ]
    return pd.DataFrame(rows, columns=["alliance", "state", "start", "end", "bilateral", "in_system", *OBLIGATIONS])


def small_past() -> dict[str, pd.DataFrame]:
    power = {A: 0.4, B: 0.1, C: 0.3, D: 0.1, E: 0.1}  # nothing is known of F
    years = [(state, year, share) for state, share in power.items() for year in (1899, 1947)]
    majors = [(A, _day("1850-01-01"), _day("1930-01-01")), (C, _day("1890-01-01"), _day("2016-12-31"))]
    land = [(B, C, 1, _day("1816-01-01"), _day("2016-12-31")), (A, C, 4, _day("1816-01-01"), _day("2016-12-31"))]
    return {
        "cow-war-dyads": _dyads(),
        "cow-wars": _wars(),
        "atop-members": _members(),
        "majors": pd.DataFrame(majors, columns=["state", "start", "end"]),
        "nmc-6": pd.DataFrame(years, columns=["state", "year", "cinc"]),
        "contiguity": pd.DataFrame(land, columns=["low", "high", "type", "start", "end"]),
        "democracy": pd.DataFrame([(B, 1899, 0.5), (C, 1890, 0.9)], columns=["state", "year", "polyarchy"]),
    }

"""Wars between states: the Correlates of War lists of participants and of pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foederis.history.datasets.dataset import Column, Dataset, Kind
from foederis.history.datasets.known import COW, COW_CODES, COW_MISSING, COW_TERMS, published
from foederis.history.datasets.tidy import dates, pandas_module

if TYPE_CHECKING:
    import pandas

_TEXT, _WHOLE = Kind.TEXT, Kind.WHOLE


def _start(number: int) -> tuple[str, str, str]:
    return (f"StartYear{number}", f"StartMonth{number}", f"StartDay{number}")


def _end(number: int) -> tuple[str, str, str]:
    return (f"EndYear{number}", f"EndMonth{number}", f"EndDay{number}")


PARTICIPANTS = Dataset(
    name="cow-wars",
    title="COW Inter-State Wars",
    version="4.0",
    citation="Sarkees & Wayman (2010), Resort to War: 1816-2007, CQ Press",
    terms=COW_TERMS,
    page=f"{COW}cow-war/",
    files=published(
        "Inter-StateWarData_v4.0.csv",
        address="https://correlatesofwar.org/wp-content/uploads/Inter-StateWarData_v4.0.csv",
        confirmed=True,
    ),
    missing=COW_MISSING,
    traps=(
        "lines end in a bare carriage return, which many readers take for one long line; all line ends are read",
        "a state that changes sides has a row for each side (Germany 1918-19, France, Italy, Romania and Bulgaria "
        "1939-45): never take one row for a state in a war",
        "a second spell in the same war has dates of its own in the same row",
        "Initiator is 1 for yes and 2 for no",
    ),
    columns={
        "war": Column(_WHOLE, "WarNum", "number of the war"),
        "war_name": Column(_TEXT, "WarName", "its name"),
        "state": Column(_WHOLE, "ccode", "COW code of the participant"),
        "state_name": Column(_TEXT, "StateName", "its name"),
        "side": Column(_WHOLE, "Side", "1 or 2; which of them began differs from war to war"),
        "start": Column(Kind.FIRST_DAY, _start(1), "first day in the war on this side"),
        "end": Column(Kind.LAST_DAY, _end(1), "last day of that spell"),
        "second_start": Column(Kind.FIRST_DAY, _start(2), "first day of a second spell"),
        "second_end": Column(Kind.LAST_DAY, _end(2), "last day of a second spell"),
        "initiator": Column(Kind.ONE, "Initiator", "whether it began the war"),
        "outcome": Column(_WHOLE, "Outcome", "1 won, 2 lost, 3 compromise, 4 became another war, 6 stalemate, 8 "
                          "changed sides"),
        "battle_deaths": Column(_WHOLE, "BatDeath", "battle deaths of the participant"),
    },
    codes=COW_CODES,
)  # fmt: skip


def _dyads(found: pandas.DataFrame) -> pandas.DataFrame:
    """Mends two slips of the file: months above 12, which are days, and the year 19118, which is 1918."""
    swapped = found["start_month"].gt(12).fillna(False)
    for which in ("start", "end"):
        day, month = found[f"{which}_day"].copy(), found[f"{which}_month"].copy()
        found[f"{which}_day"], found[f"{which}_month"] = day.mask(swapped, month), month.mask(swapped, day)
        year = found[f"{which}_year"].replace(19118, 1918)
        parts = pandas_module().DataFrame({"y": year, "m": found[f"{which}_month"], "d": found[f"{which}_day"]})
        found[which] = dates(parts, "y", "m", "d", last=which == "end")
    return found.drop(columns=[f"{which}_{part}" for which in ("start", "end") for part in ("year", "month", "day")])


DYADS = Dataset(
    name="cow-war-dyads",
    title="COW Directed Dyadic Interstate Wars",
    version="May 2018",
    citation="Maoz, Johnson, Kaplan, Ogunkoya & Shreve (2019), Journal of Conflict Resolution 63(3): 811-835",
    terms=COW_TERMS,
    page=f"{COW}cow-war/",
    inside="Dyadic-Interstate-War-Dataset.zip",
    files=published("directed_dyadic_war.csv"),
    missing="empty",
    traps=(
        "one row for each direction and year: take the first row of a pair for the day on which it began",
        "two rows have day and month swapped (month 24), and three the year 19118; both are mended",
        "the authors recommend to drop pairs whose change code is 11; they are kept and can be told by `change`",
        "some states are here and not in cow-wars (Iraq 1967, Thailand 1942)",
    ),
    columns={
        "war": Column(_WHOLE, "warnum", "number of the war, as in cow-wars"),
        "state": Column(_WHOLE, "statea", "COW code of the first state"),
        "opponent": Column(_WHOLE, "stateb", "COW code of the second"),
        "year": Column(_WHOLE, "year", "year that the row is of"),
        "start_year": Column(_WHOLE, "warstrtyr", ""),
        "start_month": Column(_WHOLE, "warstrtmnth", ""),
        "start_day": Column(_WHOLE, "warstrtday", ""),
        "end_year": Column(_WHOLE, "warendyr", ""),
        "end_month": Column(_WHOLE, "warendmnth", ""),
        "end_day": Column(_WHOLE, "warenday", ""),
        "role": Column(_WHOLE, "wardyadrolea", "of the first state in this pair: 1 attacker, 3 attacked"),
        "opponent_role": Column(_WHOLE, "wardyadroleb", "of the second state in this pair"),
        "war_role": Column(
            _WHOLE, "warolea", "in the war: 1 initiator, 2 joined its side, 3 target, 4 joined its side"
        ),
        "opponent_war_role": Column(_WHOLE, "waroleb", "of the second state in the war"),
        "battle_deaths": Column(_WHOLE, "batdtha", "battle deaths of the first state in the war"),
        "change": Column(_WHOLE, "changes_1", "the authors' code for a change against cow-wars"),
    },
    finish=_dyads,
    added={
        "start": Column(Kind.FIRST_DAY, "", "first day of the spell of war between the two that the year is in"),
        "end": Column(Kind.LAST_DAY, "", "last day of that spell"),
    },
)

DATASETS = (PARTICIPANTS, DYADS)

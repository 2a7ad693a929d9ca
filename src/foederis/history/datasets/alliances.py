"""Alliances: ATOP's four tables and the Correlates of War list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foederis.history.datasets.dataset import Column, Dataset, Kind
from foederis.history.datasets.known import COW, COW_TERMS, MILLER, converted, published

if TYPE_CHECKING:
    import pandas

_FIRST, _FLAG, _LAST, _TEXT, _WHOLE = Kind.FIRST_DAY, Kind.FLAG, Kind.LAST_DAY, Kind.TEXT, Kind.WHOLE
_PACT = Column(_WHOLE, "atopid", "ATOP's number of the alliance")
_TERMS = "free; the ATOP project asks to cite the article and the version"
_CITATION = (
    "Leeds, Ritter, Mitchell & Long (2002), International Interactions 28: 237-260; ATOP 5.1 (2022), atopdata.org"
)
_PAGE, _INSIDE = "http://www.atopdata.org/data.html", "the archive of CSV files"
_OPEN = "an open end is written as year, month and day 0; it becomes a missing date, and `in_force` says so"

OBLIGATIONS = {
    "defense": Column(_FLAG, "defense", "promises to defend"),
    "offense": Column(_FLAG, "offense", "promises to help in an attack"),
    "neutrality": Column(_FLAG, "neutral", "promises not to help an enemy of the ally"),
    "nonaggression": Column(_FLAG, "nonagg", "promises not to attack"),
    "consultation": Column(_FLAG, "consul", "promises to consult in a crisis"),
}
_ASIDE = {
    "in_force": Column(_FLAG, "ineffect", "still in force at the end of 2018"),
    "bilateral": Column(_FLAG, "bilat", "has two members"),
    "phase": Column(_WHOLE, "phase", "of an alliance whose obligations changed; 0 if they never did"),
    "wartime": Column(_FLAG, "wartime", "made in a war for that war"),
    **OBLIGATIONS,
    "conditional": Column(_FLAG, "conditio", "obligations hold under conditions only"),
    "asymmetric": Column(_FLAG, "asymm", "members promise different things"),
}


def _span(first: str, last: str) -> dict[str, Column]:
    return {
        "start": Column(_FIRST, (f"{first}yr", f"{first}mo", f"{first}day"), "first day in force"),
        "end": Column(_LAST, (f"{last}yr", f"{last}mo", f"{last}day"), "day on which it ended; missing while in force"),
    }


def _atop(name: str, title: str, file: str, columns: dict[str, Column], *traps: str) -> Dataset:
    return Dataset(
        name, title, "5.1", _CITATION, _TERMS, _PAGE, published(file), "empty; 0 for an open end", traps, columns,
        inside=_INSIDE,
    )  # fmt: skip


_MEMBER = {
    "state": Column(_WHOLE, "member", "COW code of the member"),
    "start": Column(_FIRST, ("yrent", "moent", "dayent"), "its first day in the alliance, in this phase"),
    "end": Column(_LAST, ("yrexit", "moexit", "dayexit"), "day on which it left; missing while it is in"),
    "in_system": Column(_FLAG, "cowsys", "is a state of the COW system in that time"),
}

MEMBERS = _atop(
    "atop-members", "ATOP, members of alliances", "atop5_1m.csv", {"alliance": _PACT, **_MEMBER, **_ASIDE},
    _OPEN,
    "a member has a row for each phase, and one more if it leaves and comes back",
    "asymmetric alliances oblige members to different things: obligations are the member's own",
    "36 days are empty: the first or the last of the month is taken",
)  # fmt: skip
ALLIANCES = _atop(
    "atop-alliances", "ATOP, alliances", "atop5_1a.csv",
    {"alliance": _PACT, **_span("beg", "end"), **{key: _ASIDE[key] for key in _ASIDE if key != "phase"}},
    _OPEN, "obligations are those of any phase: see atop-phases for what held when",
)  # fmt: skip
PHASES = _atop(
    "atop-phases", "ATOP, phases of alliances", "atop5_1aph.csv", {"alliance": _PACT, **_span("beg", "end"), **_ASIDE},
    _OPEN,
)  # fmt: skip
STATE_YEARS = _atop(
    "atop-state-years", "ATOP, states by year", "atop5_1sy.csv",
    {
        "state": Column(_WHOLE, "state", "COW code"),
        "year": Column(_WHOLE, "year", "year"),
        **OBLIGATIONS,
        "alliances": Column(_WHOLE, "number", "how many alliances it is in"),
    },
    "a year counts as a whole if an alliance was in force on any day of it",
)  # fmt: skip
DYAD_YEARS = Dataset(
    name="atop-dyad-years",
    title="ATOP, directed pairs by year",
    version="5.1",
    citation=_CITATION,
    terms="as ATOP; the package that it comes from is under GPL-2",
    page=_PAGE,
    files=converted("atop5_directed_dyad_year.csv", MILLER),
    missing="none",
    traps=(
        "directed: `state` owes the obligation to `ally` (1960: the United States would defend Japan, not Japan them)",
        "the official file is atop5_1ddyr in the archive at ATOP; its columns are others, and it is not read",
    ),
    columns={
        "state": Column(_WHOLE, "ccode1", "COW code of the state that owes"),
        "ally": Column(_WHOLE, "ccode2", "COW code of the one that is owed to"),
        "year": Column(_WHOLE, "year", "year"),
        **{
            name: Column(_FLAG, f"atop_{column.source}", column.meaning)
            for name, column in OBLIGATIONS.items()
        },
    },
)  # fmt: skip


def _phases(found: pandas.DataFrame) -> pandas.DataFrame:
    """The number of the phase, as the other tables have it."""
    behind = found["phase"] - found["alliance"].astype(float)
    return found.assign(phase=(behind * 10).round().astype("Int64"))


INSTITUTIONS = Dataset(
    name="atop-institutions",
    title="ATOP, how far alliances are institutions",
    version="5.1",
    citation=f"Leeds & Anac (2005), International Interactions 31: 183-202; {_CITATION}",
    terms=_TERMS,
    page=_PAGE,
    inside=_INSIDE,
    files=published("atopinst5_1.csv"),
    missing="empty",
    traps=("the phase is written as a decimal behind the number of the alliance: 1020.2 is phase 2 of 1020",),
    columns={
        "alliance": _PACT,
        "phase": Column(Kind.NUMBER, "atopidphase", _ASIDE["phase"].meaning),
        "military": Column(_WHOLE, "milinst", "military institutions in peace: 0 none, 1 some, 2 many"),
        "formal": Column(_WHOLE, "formal", "how formal it is: 0 to 2"),
    },
    finish=_phases,
)

_COW_CITATION = "Gibler (2009), International Military Alliances, 1648-2008, CQ Press"
COW_MEMBERS = Dataset(
    name="cow-alliances",
    title="COW Formal Alliances, members",
    version="4.1",
    citation=_COW_CITATION,
    terms=COW_TERMS,
    page=f"{COW}formal-alliances/",
    inside="version4.1_csv.zip",
    files=published("cow_alliance_v4.1_by_member.csv", official="alliance_v4.1_by_member.csv"),
    missing="empty; an empty end with right_censor 1 is still in force at the end of 2012",
    traps=(
        "starts of membership before 1816 are set to 1 January 1816 and marked `began_before`",
        "an entente does not oblige to fight",
        "a state that leaves an alliance and comes back has a row for each spell",
    ),
    columns={
        "alliance": Column(_WHOLE, "version4id", "COW's number of the alliance"),
        "state": Column(_WHOLE, "ccode", "COW code of the member"),
        "state_name": Column(_TEXT, "state_name", "its name"),
        "type": Column(_TEXT, "ss_type", "COW's type: I defense, II neutrality or non-aggression, III entente"),
        "start": Column(_FIRST, ("mem_st_year", "mem_st_month", "mem_st_day"), "its first day in the alliance"),
        "end": Column(_LAST, ("mem_end_year", "mem_end_month", "mem_end_day"), "its last; missing while it is in"),
        "began_before": Column(_FLAG, "left_censor", "began before 1816"),
        "in_force": Column(_FLAG, "right_censor", "still in force at the end of 2012"),
        "defense": Column(_FLAG, "defense", "promises to defend"),
        "neutrality": Column(_FLAG, "neutrality", "promises neutrality"),
        "nonaggression": Column(_FLAG, "nonaggression", "promises not to attack"),
        "entente": Column(_FLAG, "entente", "promises to consult"),
    },
)
COW_DYAD_YEARS = Dataset(
    name="cow-alliance-dyad-years",
    title="COW Formal Alliances, directed pairs by year",
    version="4.1",
    citation=_COW_CITATION,
    terms="as COW; the package that it comes from is under GPL-2",
    page=f"{COW}formal-alliances/",
    files=converted("cow_alliance_v4.1_directed_dyad_year.csv", MILLER),
    missing="none",
    traps=("the official file is alliance_v4.1_by_directed_yearly.csv; its columns are others, and it is not read",),
    columns={
        "state": Column(_WHOLE, "ccode1", "COW code"),
        "ally": Column(_WHOLE, "ccode2", "COW code of the ally"),
        "year": Column(_WHOLE, "year", "year"),
        "defense": Column(_FLAG, "cow_defense", "a defense pact"),
        "neutrality": Column(_FLAG, "cow_neutral", "a neutrality pact"),
        "nonaggression": Column(_FLAG, "cow_nonagg", "a non-aggression pact"),
        "entente": Column(_FLAG, "cow_entente", "an entente"),
    },
)

DATASETS = (MEMBERS, ALLIANCES, PHASES, STATE_YEARS, DYAD_YEARS, INSTITUTIONS, COW_MEMBERS, COW_DYAD_YEARS)

"""The states themselves: who was one when, major powers, capabilities, neighbours, capitals."""

from __future__ import annotations

from foederis.history.datasets.dataset import Column, Dataset, Kind
from foederis.history.datasets.known import COW, COW_CODES, COW_MISSING, COW_TERMS, MILLER, converted, published

_FIRST, _LAST, _NUMBER, _TEXT, _WHOLE = Kind.FIRST_DAY, Kind.LAST_DAY, Kind.NUMBER, Kind.TEXT, Kind.WHOLE

_STATE = Column(_WHOLE, "ccode", "COW code")
_YEAR = Column(_WHOLE, "year", "year")
_SHORT = Column(_TEXT, "stateabb", "COW's three letters")
_SPAN = {
    "start": Column(_FIRST, ("styear", "stmonth", "stday"), "first day"),
    "end": Column(_LAST, ("endyear", "endmonth", "endday"), "last day; 31 December 2016 means still so at the end"),
}
_SYSTEM = "Correlates of War Project (2017), State System Membership List, v2016"
_SYSTEM_PAGE = f"{COW}state-system-membership/"
_RIGHT = "the list ends with 2016: that day is no end"
_PACKAGE = "; the package that it comes from is under GPL-2"

STATES = Dataset(
    name="states",
    title="COW states",
    version="2016",
    citation=_SYSTEM,
    terms=COW_TERMS,
    page=_SYSTEM_PAGE,
    files=published("states2016.csv", address="https://correlatesofwar.org/wp-content/uploads/states2016.csv"),
    missing="none",
    traps=(_RIGHT, "a state that ceased and came back has a row for each spell"),
    columns={"short": _SHORT, "state": _STATE, "name": Column(_TEXT, "statenme", "COW's name"), **_SPAN},
)
SYSTEM = Dataset(
    name="system",
    title="COW states by year",
    version="2016",
    citation=_SYSTEM,
    terms=COW_TERMS,
    page=_SYSTEM_PAGE,
    files=published("system2016.csv"),
    missing="none",
    traps=("a year counts as a whole if the state was one on any day of it",),
    columns={"short": _SHORT, "state": _STATE, "year": _YEAR},
)
MAJORS = Dataset(
    name="majors",
    title="COW major powers",
    version="2016",
    citation=_SYSTEM,
    terms=COW_TERMS,
    page=_SYSTEM_PAGE,
    files=published("majors2016.csv"),
    missing="none",
    traps=(_RIGHT, "France, Germany, Russia and Japan have gaps, with a row for each spell"),
    columns={"short": _SHORT, "state": _STATE, **_SPAN},
)
_POWER = {
    "state": _STATE,
    "year": _YEAR,
    "spending": Column(_NUMBER, "milex", "military expenditure, thousands of current pounds to 1913, then dollars"),
    "personnel": Column(_NUMBER, "milper", "military personnel, thousands"),
    "iron_steel": Column(_NUMBER, "irst", "iron and steel produced, thousands of tons"),
    "energy": Column(_NUMBER, "pec", "energy used, thousands of tons of coal equivalent"),
    "population": Column(_NUMBER, "tpop", "population, thousands"),
    "urban": Column(_NUMBER, "upop", "population of large cities, thousands"),
    "cinc": Column(_NUMBER, "cinc", "share of the world's capabilities, 0 to 1"),
}
_NMC = "Singer, Bremer & Stuckey (1972); Singer (1987), International Interactions 14: 115-132"
_MONEY = "the unit of `spending` changes with 1914"
NMC_6 = Dataset(
    name="nmc-6",
    title="COW National Material Capabilities",
    version="6.0",
    citation=_NMC,
    terms=COW_TERMS,
    page=f"{COW}national-material-capabilities/",
    inside="NMC_Documentation-6.0.zip",
    files=published("NMC-60-abridged.csv"),
    missing=COW_MISSING,
    traps=(_MONEY, "-9 stands for missing in five of the six components"),
    columns=_POWER,
    codes=COW_CODES,
)
NMC_7 = Dataset(
    name="nmc-7",
    title="COW National Material Capabilities",
    version="7.0",
    citation=_NMC,
    terms=COW_TERMS + _PACKAGE,
    page=f"{COW}national-material-capabilities/",
    files=converted("nmc_v7_state_year.csv", MILLER),
    missing="empty",
    traps=(_MONEY, "the official file is in NMCv7.zip; its format could not be looked at, and it is not read"),
    columns=_POWER,
)
_CONTIGUITY = "Stinnett, Tir, Schafer, Diehl & Gochman (2002), Conflict Management and Peace Science 19(2): 59-67"
_WATER = "1 is the only border on land: types 2 to 5 are stretches of water (2: 12, 3: 24, 4: 150, 5: 400 miles)"
CONTIGUITY = Dataset(
    name="contiguity",
    title="COW Direct Contiguity, spells",
    version="3.2",
    citation=_CONTIGUITY,
    terms=COW_TERMS,
    page=f"{COW}direct-contiguity/",
    inside="DirectContiguity320.zip",
    files=published("contdir.csv"),
    missing="none",
    traps=(_WATER, "each pair once, the lower code first; dates are months", _RIGHT),
    columns={
        "low": Column(_WHOLE, "statelno", "COW code of the state with the lower code"),
        "high": Column(_WHOLE, "statehno", "COW code of the other"),
        "type": Column(_WHOLE, "conttype", "1 land, 2 to 5 water, ever wider"),
        "start": Column(_FIRST, "begin", "first month, its first day"),
        "end": Column(_LAST, "end", "last month, its last day"),
    },
)
CONTIGUITY_DIRECTED = Dataset(
    name="contiguity-directed",
    title="COW Direct Contiguity, directed spells",
    version="3.2",
    citation=_CONTIGUITY,
    terms=COW_TERMS + _PACKAGE,
    page=f"{COW}direct-contiguity/",
    files=converted("cow_contdir_v3.2_directed.csv", MILLER),
    missing="none",
    traps=(_WATER, "each pair twice; dates are first days of months, also the last one"),
    columns={
        "state": Column(_WHOLE, "ccode1", "COW code"),
        "neighbour": Column(_WHOLE, "ccode2", "COW code of the neighbour"),
        "type": Column(_WHOLE, "conttype", "1 land, 2 to 5 water, ever wider"),
        "start": Column(_FIRST, "stdate", "first day of the first month"),
        "end": Column(_LAST, "enddate", "first day of the last month"),
    },
)
CAPITALS = Dataset(
    name="capitals",
    title="capitals with their places",
    version="R package peacesciencer",
    citation="Miller (2022), Conflict Management and Peace Science 39(6): 755-779",
    terms="GPL-2",
    page="https://svmiller.com/peacesciencer/",
    files=converted("cow_capitals.csv", MILLER),
    missing="none",
    traps=("a state whose capital moved has a row for each", "spells end with 2024: that day is no end"),
    columns={
        "state": _STATE,
        "name": Column(_TEXT, "statenme", "COW's name"),
        "capital": Column(_TEXT, "capital", "its name"),
        "start": Column(_FIRST, "stdate", "first day"),
        "end": Column(_LAST, "enddate", "last day"),
        "latitude": Column(_NUMBER, "lat", "degrees north"),
        "longitude": Column(_NUMBER, "lng", "degrees east"),
    },
)

DATASETS = (STATES, SYSTEM, MAJORS, NMC_6, NMC_7, CONTIGUITY, CONTIGUITY_DIRECTED, CAPITALS)

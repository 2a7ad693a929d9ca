"""Support from outside in armed conflicts, rivalries, and how democratic states are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foederis.history.datasets.dataset import Column, Dataset, Kind
from foederis.history.datasets.known import MILLER, converted

if TYPE_CHECKING:
    import pandas

_FLAG, _NUMBER, _TEXT, _WHOLE = Kind.FLAG, Kind.NUMBER, Kind.TEXT, Kind.WHOLE
_PACKAGE = "the package that it comes from is under GPL-2"

SUPPORT_TYPES = {  # from the farthest-going on
    "troops": "x",
    "presence": "p",
    "territory": "l",
    "weapons": "w",
    "materiel": "m",
    "training": "t",
    "funding": "f",
    "intelligence": "i",
    "infrastructure": "y",
    "other": "o",
    "unknown": "u",
}  # letters as in the codebook of the first edition of 2011
_SAYS = {
    "troops": "troops who fight",
    "presence": "foreign troops present who do not fight",
    "territory": "access to its territory",
    "weapons": "weapons",
    "materiel": "materiel and logistics",
    "training": "training and expertise",
    "funding": "money",
    "intelligence": "intelligence",
    "infrastructure": "access to its infrastructure or joint operations",
    "other": "something else",
    "unknown": "nobody knows what",
}
_SWAPPED = {("Ethiopia", 531): 530, ("Eritrea", 530): 531}


def _mend(found: pandas.DataFrame) -> pandas.DataFrame:
    """The codes of Ethiopia and Eritrea where they stand in each other's place."""
    for (name, code), right in _SWAPPED.items():
        wrong = found["state_name"].eq(name) & found["state_gw"].eq(code)
        found.loc[wrong.fillna(False), "state_gw"] = right
    return found


EXTERNAL_SUPPORT = Dataset(
    name="ucdp-external-support",
    title="UCDP External Support, actors by year",
    version="18.1",
    citation="Meier, Karlen, Pettersson & Croicu (2023), Journal of Peace Research 60(3): 545-555",
    terms="CC BY 4.0",
    page="https://ucdp.uu.se/downloads/",
    files=converted("ucdp_esd_ay_181.csv", "the spreadsheet ucdp-esd-ay-181.xlsx, written as CSV"),
    missing="empty",
    traps=(
        "a row for each actor, year and opponent: a government with three opponents has three rows in a year",
        "codes are Gleditsch and Ward's, not COW's",
        "in the war of 1998-2016 the codes of Ethiopia and Eritrea stand in each other's place in 8 rows; mended",
        "one row has all supporters of an actor in a year, with commas between their names",
    ),
    columns={
        "year": Column(_WHOLE, "year", "year"),
        "active": Column(_FLAG, "active", "25 deaths or more in the year"),
        "actor": Column(_TEXT, "actor_name", "who may have been supported"),
        "actor_is_state": Column(_FLAG, "actor_nonstate", "a government"),
        "opponent": Column(_TEXT, "oppo_name", "against whom"),
        "conflict": Column(_WHOLE, "conflict_id", "UCDP's number of the conflict"),
        "location": Column(_TEXT, "location", "where, and about what"),
        "civil": Column(_FLAG, "civil", "within a state"),
        "state_gw": Column(_WHOLE, "gwno_a", "Gleditsch-Ward code of the state on side A"),
        "state_name": Column(_TEXT, "country_a", "its name"),
        "supporters": Column(_TEXT, "ext_name", "who supported the actor"),
        "supported": Column(_FLAG, "ext_sup", "had support from outside"),
        "by_states": Column(_FLAG, "ext_sup_s", "had support from states"),
        **{kind: Column(_FLAG, f"ext_{sign}_s", f"from states: {_SAYS[kind]}") for kind, sign in SUPPORT_TYPES.items()},
    },
    finish=lambda found: _mend(found.assign(actor_is_state=~found["actor_is_state"])),
)  # fmt: skip
_OVER = ("positional", "spatial", "ideological", "interventionary")
RIVALRIES = Dataset(
    name="rivalries",
    title="Thompson-Sakuwa-Suhas strategic rivalries",
    version="2021",
    citation="Thompson, Sakuwa & Suhas (2021), Analyzing Strategic Rivalries in World Politics, Springer",
    terms=f"to be cited; {_PACKAGE}",
    page="https://svmiller.com/peacesciencer/",
    files=converted("tss_rivalries.csv", MILLER),
    missing="empty; an empty type is no",
    traps=("rivalries that end with 2020 were going on when the list was made", "starts reach back to 1494"),
    columns={
        "rivalry": Column(_TEXT, "rivalry", "its name"),
        "state": Column(_WHOLE, "ccode1", "COW code"),
        "rival": Column(_WHOLE, "ccode2", "COW code of the rival"),
        "start": Column(_WHOLE, "start", "first year"),
        "end": Column(_WHOLE, "end", "last year"),
        "positional": Column(_FLAG, "positional", "over rank"),
        "spatial": Column(_FLAG, "spatial", "over territory"),
        "ideological": Column(_FLAG, "ideological", "over ideas"),
        "interventionary": Column(_FLAG, "interventionary", "over meddling"),
    },
    finish=lambda found: found.fillna(dict.fromkeys(_OVER, False)),
)
DEMOCRACY = Dataset(
    name="democracy",
    title="Polity, V-Dem and Unified Democracy Scores by state and year",
    version="R package isard",
    citation="Marshall & Gurr, Polity5; Coppedge et al., V-Dem (v2x_polyarchy); Marquez, extended UDS",
    terms=f"V-Dem is CC BY-SA 4.0; {_PACKAGE}",
    page="https://svmiller.com/isard/",
    files=converted("cow_democracy.csv", "the table of Steven Miller's R package isard, written as CSV"),
    missing="empty",
    traps=("-7, -8 and -9 are values of polity2 (autocracy), and no codes for missing as in other COW files",),
    columns={
        "state": Column(_WHOLE, "ccode", "COW code"),
        "year": Column(_WHOLE, "year", "year"),
        "polity2": Column(_WHOLE, "polity2", "-10 autocracy to 10 democracy"),
        "polyarchy": Column(_NUMBER, "v2x_polyarchy", "electoral democracy, 0 to 1"),
        "uds": Column(_NUMBER, "euds", "Unified Democracy Score, extended"),
    },
)

DATASETS = (EXTERNAL_SUPPORT, RIVALRIES, DEMOCRACY)

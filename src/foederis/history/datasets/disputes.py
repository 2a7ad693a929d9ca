"""Militarized interstate disputes: the Correlates of War files and the corrected list of participants by GML."""

from __future__ import annotations

from foederis.history.datasets.dataset import Column, Dataset, Kind
from foederis.history.datasets.known import COW, COW_CODES, COW_MISSING, COW_TERMS, MILLER, converted, published

_FIRST, _FLAG, _LAST, _WHOLE = Kind.FIRST_DAY, Kind.FLAG, Kind.LAST_DAY, Kind.WHOLE

HOSTILITY = {
    1: "no militarized action",
    2: "threat to use force",
    3: "display of force",
    4: "use of force",
    5: "war",
}
_DISPUTE = Column(_WHOLE, "dispnum", "COW's number of the dispute")
_STATE = Column(_WHOLE, "ccode", "COW code of the participant")
_SPAN = {
    "start": Column(_FIRST, ("styear", "stmon", "stday"), "first day"),
    "end": Column(_LAST, ("endyear", "endmon", "endday"), "last day"),
}
_LEVELS = "1 none, 2 threat, 3 display of force, 4 use of force, 5 war"
_HOSTILITY = Column(_WHOLE, "hostlev", f"highest hostility reached: {_LEVELS}")
_DEATHS = Column(_WHOLE, "fatality", "battle deaths in classes: 0 none, 1 up to 25, … 6 above 999")
_DAYS = "an unknown day is -9: the first or the last of the month is taken"
_AGAIN = "a state that leaves a dispute and comes back, or changes sides, has a row for each spell"
_CITATION = (
    "Palmer, McManus, D'Orazio, Kenwick, Karstens, Bloch, Dietrich, Kahn, Ritter & Soules (2022), Conflict Management "
    "and Peace Science 39(4): 470-482"
)


def _mid(name: str, title: str, file: str, columns: dict[str, Column], *traps: str) -> Dataset:
    return Dataset(
        name, title, "5.0", _CITATION, COW_TERMS, f"{COW}mids/", published(file), COW_MISSING, (_DAYS, *traps), columns,
        codes=COW_CODES, inside="MID-5-Data-and-Supporting-Materials.zip",
    )  # fmt: skip


DISPUTES = _mid(
    "mid-disputes", "MID, disputes (MIDA)", "MIDA 5.0.csv",
    {
        "dispute": _DISPUTE,
        **_SPAN,
        "outcome": Column(_WHOLE, "outcome", "1 victory A, 2 victory B, 3 yield A, 4 yield B, 5 stalemate, "
                          "6 compromise, 7 released, 8 unclear, 9 joins a war"),
        "hostility": _HOSTILITY,
        "reciprocated": Column(_FLAG, "recip", "the other side acted too"),
        "states_a": Column(_WHOLE, "numa", "states on side A"),
        "states_b": Column(_WHOLE, "numb", "states on side B"),
        "fatality": _DEATHS,
    },
)  # fmt: skip
PARTICIPANTS = _mid(
    "mid-participants", "MID, participants (MIDB)", "MIDB 5.0.csv",
    {
        "dispute": _DISPUTE,
        "state": _STATE,
        **_SPAN,
        "side_a": Column(_FLAG, "sidea", "on side A, the side that acted first"),
        "revisionist": Column(_FLAG, "revstate", "wanted the status quo changed"),
        "hostility": _HOSTILITY,
        "action": Column(_WHOLE, "hiact", "highest action, by the list of the codebook; 0 is none"),
        "originator": Column(_FLAG, "orig", "in it on the first day, and no joiner"),
        "fatality": _DEATHS,
    },
    _AGAIN,
)  # fmt: skip
INCIDENTS = _mid(
    "mid-incidents", "MID, incidents (MIDI)", "MIDI 5.0.csv",
    {
        "dispute": _DISPUTE,
        "incident": Column(_WHOLE, "incidnum", "COW's number of the incident"),
        **_SPAN,
        "action": Column(_WHOLE, "action", "action, by the list of the codebook"),
        "hostility": Column(_WHOLE, "hostlev", f"hostility: {_LEVELS}"),
        "fatality": _DEATHS,
    },
    "incidents are coded for late disputes only: see the first year in `start`",
)  # fmt: skip
INCIDENT_PARTICIPANTS = _mid(
    "mid-incident-participants", "MID, participants of incidents (MIDIP)", "MIDIP 5.0.csv",
    {
        "dispute": _DISPUTE,
        "incident": Column(_WHOLE, "incidnum", "COW's number of the incident"),
        "state": _STATE,
        **_SPAN,
        "side_a": Column(_FLAG, "sidea", "on side A of the dispute"),
        "action": Column(_WHOLE, "action", "action, by the list of the codebook"),
        "hostility": Column(_WHOLE, "hostlev", f"hostility: {_LEVELS}"),
        "fatality": _DEATHS,
    },
    "incidents are coded for late disputes only: see the first year in `start`",
    "two rows (incident 4193001) end a week before they start; left as they are",
)  # fmt: skip
GML = Dataset(
    name="gml-participants",
    title="GML MID, participants",
    version="2.2.1",
    citation="Gibler, Miller & Little (2016), International Studies Quarterly 60(4): 719-730",
    terms="to be cited; the package that it comes from is under GPL-2",
    page="https://internationalconflict.ua.edu/data-download/",
    files=converted("gml_2.2.1_participants.csv", MILLER),
    missing=COW_MISSING,
    traps=(_DAYS, _AGAIN, "has the action but not the hostility of each participant"),
    columns={
        "dispute": _DISPUTE,
        "state": _STATE,
        **_SPAN,
        "side_a": Column(_FLAG, "sidea", "on side A, the side that acted first"),
        "action": Column(_WHOLE, "hiact", "highest action, by the list of the codebook; 0 is none"),
        "originator": Column(_FLAG, "orig", "in it on the first day, and no joiner"),
    },
    codes=COW_CODES,
)

DATASETS = (DISPUTES, PARTICIPANTS, INCIDENTS, INCIDENT_PARTICIPANTS, GML)

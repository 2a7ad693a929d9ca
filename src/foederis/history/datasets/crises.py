"""International crises (ICB)."""

from __future__ import annotations

from foederis.history.datasets.dataset import Column, Dataset, Kind
from foederis.history.datasets.known import published

_FIRST, _LAST, _TEXT, _WHOLE = Kind.FIRST_DAY, Kind.LAST_DAY, Kind.TEXT, Kind.WHOLE
_CITATION = (
    "Brecher, Wilkenfeld, Beardsley, James & Quinn (2020), ICB Data Codebook v13; Brecher & Wilkenfeld (2000), A Study "
    "of Crisis"
)
_TERMS = "free for research with citation"
_PAGE = "https://sites.duke.edu/icbdata/data-collections/"
_CRISIS = Column(_WHOLE, "crisno", "ICB's number of the crisis")
_NAME = Column(_TEXT, "crisname", "its name")
_TRIGGER = Column(_FIRST, ("yrtrig", "motrig", "datrig"), "day on which it began")
_END = Column(_LAST, ("yrterm", "moterm", "daterm"), "day on which it ended")
_MARK = "the file begins with a byte order mark, which many readers take into the first name"
_DAYS = (
    "a day is empty, or 66, 77 or 88, where only the month is known: the first or the last of the month is taken; "
    "crisis 474 has no dates"
)
_CODES = "what codes mean stands in the codebook; negative numbers are values (a power difference of -9)"
_US, _USSR = "what the United States did", "what the Soviet Union or Russia did"

CRISES = Dataset(
    name="icb-crises",
    title="ICB, crises",
    version="13",
    citation=_CITATION,
    terms=_TERMS,
    page=_PAGE,
    files=published("icb1v13.csv"),
    missing="empty",
    traps=(_MARK, _DAYS, _CODES),
    columns={
        "crisis": _CRISIS,
        "name": _NAME,
        "start": _TRIGGER,
        "end": _END,
        "trigger": Column(_WHOLE, "break", "what set it off, 1 verbal act to 9 violent act"),
        "gravity": Column(_WHOLE, "gravcr", "gravest threat, 0 economic to 6 existence, 7 other"),
        "violence": Column(_WHOLE, "viol", "1 none, 2 minor clashes, 3 serious clashes, 4 war"),
        "us": Column(_WHOLE, "usinv", f"{_US}, in the codebook's classes"),
        "ussr": Column(_WHOLE, "suinv", f"{_USSR}, in the codebook's classes"),
        "outcome": Column(_WHOLE, "outesr", "what it did to tension, in the codebook's classes"),
    },
)
ACTORS = Dataset(
    name="icb-actors",
    title="ICB, crisis actors",
    version="13",
    citation=_CITATION,
    terms=_TERMS,
    page=_PAGE,
    files=published("icb2v13.csv"),
    missing="empty",
    traps=(_MARK, _DAYS, _CODES),
    columns={
        "crisis": _CRISIS,
        "name": _NAME,
        "state": Column(_WHOLE, "cracid", "COW code of the actor"),
        "actor": Column(_TEXT, "actor", "its three letters"),
        "start": _TRIGGER,
        "end": _END,
        "trigger": Column(_WHOLE, "triggr", "what set it off, 1 verbal act to 9 violent act"),
        "response": Column(_WHOLE, "majres", "major response, 1 none to 9 violent act"),
        "us": Column(_WHOLE, "usinv", f"{_US}, in the codebook's classes"),
        "us_favours": Column(_WHOLE, "usfavr", "how the actor saw that, in the codebook's classes"),
        "ussr": Column(_WHOLE, "suinv", f"{_USSR}, in the codebook's classes"),
        "ussr_favours": Column(_WHOLE, "sufavr", "how the actor saw that, in the codebook's classes"),
        "outcome": Column(_WHOLE, "outcom", "1 victory, 2 compromise, 3 stalemate, 4 defeat, 5 other; 9 in one row"),
        "gravity": Column(_WHOLE, "gravty", "gravest threat, in the codebook's classes"),
        "power_difference": Column(_WHOLE, "powdis", "against the adversary, -179 to 179"),
    },
)

DATASETS = (CRISES, ACTORS)

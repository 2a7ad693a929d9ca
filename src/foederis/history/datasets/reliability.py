"""Were alliances kept? The opportunities to keep one, by Berkemeier and Fuhrmann."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foederis.history.datasets.alliances import OBLIGATIONS
from foederis.history.datasets.dataset import Column, Dataset, Kind
from foederis.history.datasets.known import converted, published

if TYPE_CHECKING:
    import pandas

_FLAG, _TEXT, _WHOLE = Kind.FLAG, Kind.TEXT, Kind.WHOLE
_NO_YEAR = {"WorldWarI": 1914, "WorldWarII": 1939}  # the wars whose name has no year


def _finish(found: pandas.DataFrame) -> pandas.DataFrame:
    """Adds the year, and reads an empty verdict as no."""
    for name in ("honoured", "violated", "honoured_bf", "violated_bf", "one_fought", "none_fought"):
        found[name] = found[name].fillna(False)
    began = found["war_name"].str.extract(r"(\d{4})")[0].astype("Int64")
    began = began.fillna(found["war_name"].map(_NO_YEAR).astype("Int64"))
    found["war_began"] = began
    found["year"] = began.mask(~found["before_1945"] & began.lt(1945), 1945)
    return found


BERKEMEIER_FUHRMANN = Dataset(
    name="berkemeier-fuhrmann",
    title="Berkemeier & Fuhrmann's alliance performance in war",
    version="2018-03-03",
    citation="Berkemeier & Fuhrmann (2018), Research & Politics 5(2)",
    terms="the authors' public replication file; to be cited",
    page="https://journals.sagepub.com/doi/10.1177/2053168018779697",
    files=(
        *published("BerkemeierFuhrmannRAP2018_0303.dta"),
        *converted("berkemeier_fuhrmann_2018.csv", "the Stata file, written as CSV"),
    ),
    missing="empty; an empty verdict is no",
    traps=(
        "the 50 % of the article is in the columns that repeat the coding of Leeds, Long and Mitchell (…LLM), not in "
        "the authors' own (…BF)",
        "no year: `war_began` is read off the name of the war; four alliances made in 1945 met the Second World War, "
        "and the authors count them after 1944, so `year` is 1945 there",
        "most rows are no test: a consultation pact, a non-aggression pact that was kept, or no case of the treaty",
    ),
    columns={
        "war": Column(_WHOLE, "warid", "number of the war in the Interstate War Data 1.1"),
        "cow_war": Column(_WHOLE, "cowwarid", "number of the war in cow-wars"),
        "war_name": Column(_TEXT, "warname", "its name"),
        "alliance": Column(_WHOLE, "atopid", "ATOP's number of the alliance"),
        "before_1945": Column(_FLAG, "sample", "of the authors' first sample, 1816 to 1944"),
        "multilateral": Column(_FLAG, "multilateral", "more than two members"),
        "honoured": Column(_FLAG, "honorLLM", "invoked and kept, coded as by Leeds, Long & Mitchell"),
        "violated": Column(_FLAG, "violateLLM", "invoked and broken, coded as by Leeds, Long & Mitchell"),
        "honoured_bf": Column(_FLAG, "honorBF", "invoked and kept, in the authors' own coding"),
        "violated_bf": Column(_FLAG, "violateBF", "invoked and broken, in the authors' own coding"),
        "one_fought": Column(_FLAG, "sabhon", "multilateral: one member kept it, and none fought an ally"),
        "none_fought": Column(_FLAG, "sabvio", "multilateral: no member kept it, or one fought an ally"),
        **OBLIGATIONS,
    },
    finish=_finish,
    added={
        "war_began": Column(_WHOLE, "", "year in which the war began, by its name"),
        "year": Column(_WHOLE, "", "the same, but 1945 for alliances that the authors count after 1944"),
    },
)

DATASETS = (BERKEMEIER_FUHRMANN,)

"""Base rates: published results come out of the published file, and our own count of the others.

Source of the first: Berkemeier & Fuhrmann (2018), Research & Politics 5(2), their replication file.
"""

from __future__ import annotations

import functools
import json
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from foederis.history.attacks import defenders, neutrals
from foederis.history.base_rates import BaseRate, Rate, base_rate
from foederis.history.cases import ATTACKED, BF, EVERY, LLM, ONE, PAIR, WHOLE, invoked, with_majors
from foederis.history.datasets import DataError, load
from foederis.history.help_given import CONFLICTS, DISPUTES, ladder, support

pytestmark = pytest.mark.usefixtures("shared_data")


count = functools.cache(base_rate)  # many tests look at the same one


def rate(found: BaseRate, definition: str, counted: str = WHOLE) -> Rate:
    [one] = [rate for rate in found.rates if (rate.definition, rate.counted) == (definition, counted)]
    return one


def tally(found: BaseRate, definition: str, counted: str = WHOLE) -> tuple[int, int]:
    one = rate(found, definition, counted)
    return one.kept, one.cases


@pytest.mark.parametrize(
    ("since", "until", "expected", "interval"),
    [(None, None, (73, 146), (0.34, 0.60)), (None, 1944, (61, 92), (0.55, 0.78)), (1945, None, (12, 54), (0.13, 0.33))],
)
def test_alliances_that_were_invoked(
    since: int | None, until: int | None, expected: tuple[int, int], interval: tuple[float, float]
) -> None:
    found = count(since=since, until=until)
    assert tally(found, LLM) == expected
    by_war = rate(found, LLM).by_war
    assert (by_war.low, by_war.high) == pytest.approx(interval, abs=0.01)  # printed in whole percents; a bootstrap


def test_the_authors_own_coding() -> None:
    assert tally(count(), BF) == (69, 139)


@pytest.mark.parametrize(
    ("obligation", "kept", "cases"),
    [("defense", 42, 102), ("offense", 31, 42), ("neutrality", 35, 45), ("nonaggression", 18, 49)],
)
def test_by_obligation(obligation: str, kept: int, cases: int) -> None:
    assert tally(count(obligation), LLM) == (kept, cases)


def test_defense_before_and_after_1945() -> None:
    assert tally(count("defense", until=1944), LLM) == (36, 59)
    assert tally(count("defense", since=1945), LLM) == (6, 43)
    assert tally(count(since=1946), LLM)[1] == 50  # without the four alliances of 1945


def test_our_own_count_of_attacks() -> None:
    """What our definition gives. The notes beside the data have 33 of 74, 29 of 48 and 103 of 323 for one alike."""
    found = count("defense")
    assert tally(found, ATTACKED, ONE) == (35, 77)
    assert tally(found, ATTACKED, EVERY) == (28, 77)
    assert tally(found, ATTACKED, PAIR) == (110, 332)
    assert tally(count("defense", until=1944), ATTACKED, ONE) == (31, 51)
    assert tally(count("defense", since=1945), ATTACKED, ONE) == (4, 26)
    assert tally(count("neutrality"), ATTACKED, EVERY) == (51, 53)


def test_the_yearly_pairs_have_the_same_obligations() -> None:
    """ATOP's yearly pairs say who owed whom. Of the members' list one pair has it that they have not."""
    pairs = load("atop-dyad-years")
    unknown = []
    for obligation, owed, found in (("defense", "attacked", defenders()), ("neutrality", "attacker", neutrals())):
        owing = pairs[pairs[obligation]]
        owes = set(zip(owing["state"], owing["ally"], owing["year"], strict=True))
        cases = zip(found["member"], found[owed], found["day"].dt.year, strict=True)
        unknown += [(obligation, *case) for case in cases if case not in owes]
    assert unknown == [("neutrality", 200, 220, 1956)]


def test_halves_make_the_whole() -> None:
    for name in ("multilateral", "major_power"):
        halves = [count("defense", **{name: half}) for half in (True, False)]  # type: ignore[arg-type]
        for whole in count("defense").rates:
            if whole.counted == PAIR:  # one may be bound by alliances of both halves
                continue
            parts = [tally(half, whole.definition, whole.counted) for half in halves]
            assert tuple(map(sum, zip(*parts, strict=True))) == (whole.kept, whole.cases), (name, whole.definition)


def test_major_powers_are_members_in_the_year(monkeypatch: pytest.MonkeyPatch) -> None:
    spell = ["state", "start", "end"]
    day = pd.Timestamp
    members = [(7, 2, day("1800-06-01"), day("1858-06-01")), (7, 3, day("1860-01-01"), pd.NaT)]
    majors = [(2, day("1850-06-01"), day("1870-01-01")), (3, day("1900-01-01"), day("2016-12-31"))]
    tables = {
        "atop-members": pd.DataFrame(members, columns=["alliance", *spell]),
        "majors": pd.DataFrame(majors, columns=spell),
    }
    monkeypatch.setattr("foederis.history.cases.load", tables.__getitem__)
    years = [1849, 1850, 1858, 1859, 1899, 1900, 1990]
    found = with_majors(pd.DataFrame({"alliance": 7, "year": years}))
    assert found["major_power"].tolist() == [False, True, True, False, False, True, True]
    assert not with_majors(pd.DataFrame({"alliance": [8], "year": [1855]}))["major_power"].any()


def test_major_powers_of_past_wars() -> None:
    found = with_majors(invoked(LLM, "any"))
    # The Triple Alliance of 1882 had great powers in it; the Balkan League of 1912 had none.
    balkan = found[found["war_name"].str.contains("FirstBalkan")]
    assert not balkan["major_power"].any()
    first = found[found["war_name"].eq("WorldWarI") & found["alliance"].eq(1350)]
    assert first["major_power"].all()


def test_wars_that_carry_the_figure_are_told() -> None:
    wars = rate(count(), LLM).wars
    assert sum(war.cases for war in wars) == 146
    assert (wars[0].war, wars[0].kept, wars[0].cases) == ("WorldWarII", 27, 43)
    assert wars[0].rate_without == pytest.approx((73 - 27) / (146 - 43))
    moves = [abs(war.rate_without - 0.5) for war in wars]
    assert moves == sorted(moves, reverse=True)


@pytest.mark.parametrize(
    ("asked", "alliances", "pairs"),
    [
        ({"multilateral": False}, (21, 49), (32, 61)),
        ({"multilateral": True}, (14, 28), (92, 291)),
        ({"multilateral": False, "since": 1945}, (2, 13), (4, 15)),
        ({"major_power": True}, (15, 36), (42, 98)),
        ({"major_power": False}, (20, 41), (76, 244)),
    ],
)
def test_a_pair_counts_for_each_kind_of_alliance_that_binds_it(
    asked: dict[str, Any], alliances: tuple[int, int], pairs: tuple[int, int]
) -> None:
    """Counted from the files apart from this package. 20 pairs are bound by alliances of two and of more members."""
    found = count("defense", **asked)
    assert tally(found, ATTACKED, ONE) == alliances
    assert tally(found, ATTACKED, PAIR) == pairs


def test_the_ladder_counts_every_pair_once() -> None:
    steps = ladder(1816, 2100)
    assert [step.step for step in steps][-1] == "war"
    assert sum(step.war for step in steps) == 195
    assert sum(step.short_of_war for step in steps) == 12334
    began = load("mid-participants")["start"].dt.year
    assert (began.min(), began.max()) == DISPUTES
    later = ladder(1945, 2100)
    assert all(part.war <= whole.war for part, whole in zip(later, steps, strict=True))


def test_support_is_a_share_of_actors_at_war() -> None:
    (governments, rebels), kinds = support(1975, 2017)
    whole = load("ucdp-external-support")
    active = whole[whole["active"]]
    years = {(row.actor_is_state, row.actor, row.year) for row in active.itertuples()}
    assert (governments, rebels) == (1285, 2098)
    assert governments + rebels == len(years) < len(active)  # a year counts once, whatever number of opponents it has
    by_kind = {kind.kind: kind for kind in kinds}
    helped = {(row.actor_is_state, row.actor, row.year) for row in active[active["by_states"]].itertuples()}
    assert by_kind["any"].to_governments + by_kind["any"].to_rebels == len(helped)
    assert all(kind.to_rebels <= by_kind["any"].to_rebels for kind in kinds)
    assert (active["year"].min(), active["year"].max()) == CONFLICTS
    assert support(2018, 2020)[0] == (0, 0)


def test_the_result_is_plain_data() -> None:
    found = count("defense", since=1945, seed=3)
    data = json.loads(json.dumps(found.to_json()))
    assert (data["obligation"], data["since"], data["until"], data["seed"]) == ("defense", 1945, None, 3)
    assert data["rows"] == json.loads(json.dumps(found.rows()))
    assert len(found.to_frame()) == len(data["rows"]) == 5
    assert sum(step["war"] for step in data["ladder"]) == sum(step.war for step in found.ladder)


def test_no_case_is_no_rate() -> None:
    found = count("offense", since=1995)
    assert tally(found, LLM) == (0, 0)
    assert math.isnan(found.rates[0].rate)
    assert found.to_json()["rows"][0]["rate"] is None


def test_what_is_missing_is_left_out_and_said(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "BerkemeierFuhrmannRAP2018_0303.dta"
    (tmp_path / name).write_bytes((shared_data / "reliability" / name).read_bytes())
    monkeypatch.setenv("FOEDERIS_DATA", str(tmp_path))
    found = base_rate("defense")
    assert tally(found, LLM) == (42, 102)
    assert len(found.rates) == 2
    assert [note.partition(" is left out")[0] for note in found.notes] == [
        "our own count of attacks", "how far defenders went", "support from outside"
    ]  # fmt: skip
    (tmp_path / name).unlink()
    with pytest.raises(DataError, match="4 of 4 data files are not in"):
        base_rate("defense")
    with pytest.raises(DataError, match="no file"):
        base_rate("any")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"obligation": "defence"}, "no obligation `defence`"),
        ({"since": 1950, "until": 1900}, "since 1950 and until 1900"),
        ({"seed": -1}, "a seed is 0 or more"),
        ({"since": 45}, "`since` is a year of four digits, not 45"),
        ({"since": 2004}, "there are no cases from 2004 on"),
        ({"until": 0}, "there are no cases until 0"),
        (
            {"obligation": "defnse", "since": 1945, "until": 1815},
            r"3 mistakes:\n .*`defnse`.*\n .*1945.*\n .*until 1815",
        ),
    ],
)
def test_bad_questions_are_messages(asked: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        base_rate(**asked)  # type: ignore[arg-type]

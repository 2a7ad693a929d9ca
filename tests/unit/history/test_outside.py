"""A case held against the past: the gap, the blend, what is known, and the shipped cases with the real data."""

from __future__ import annotations

import dataclasses
import json
import math
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import foederis as fd
from foederis.analysis.answers import Estimate
from foederis.history import attacks, base_rates, cases, likeness, outside, precedents
from foederis.history.cases import ATTACKED, BF, EVERY, LLM, ONE, PAIR
from foederis.history.likeness import KINDS
from foederis.history.outside_results import FAR, NEAREST, PER_WAR, Outside, Precedent
from foederis.report.outside import gap_lines
from tests.unit.history.small_past import small_past

FILE = """\
foederis: 1
title: An example
clock: {start: 1960-01-01, step: 1 week, steps: 3}
actors: {patron: {rationality: 0.5}}
state: {help: flag}
moves:
  - {actor: patron, when: not help, options: {wait: {}, fight: {sets: {help: yes}, pays: {patron: -2}}}}
questions: {fights: {eventually: help}, never: {at_end: help, given: help and not help}}
history: {helper: FRN, helped: USA, opponent: MEX, obligation: consultation, question: fights}
"""


def rate(kept: int, cases_: int) -> base_rates.Rate:
    """So many of one war each."""
    rows = [(number, f"War {number}", 1900, number < kept) for number in range(cases_)]
    frame = pd.DataFrame(rows, columns=["war", "war_name", "year", "kept"])
    return base_rates.rate_of(ATTACKED, PAIR, frame, 0)


def held(kept: int, cases_: int, inside: list[float], weight: float | None = None) -> Outside:
    case = fd.loads(FILE)
    assert case.history is not None
    answer = Estimate(np.array(inside, dtype=float))
    return Outside(case, case.history, (rate(kept, cases_),), (), answer, tuple(KINDS), weight, len(inside), 0)


@pytest.mark.parametrize(
    ("kept", "inside", "times", "large"),
    [
        (10, [0.5], 1, False),
        (10, [0.25], 3.0, True),
        (10, [0.2501], 2.999, False),
        (10, [0.9], 9, True),
        (5, [0.0, 0.1], 1 / 3 / (0.05 / 0.95), True),
    ],
)
def test_a_gap_is_large_from_three_times_the_odds(kept: int, inside: list[float], times: float, large: bool) -> None:
    gap = held(kept, 20, inside).gap
    assert gap is not None
    assert gap.times == pytest.approx(times, rel=1e-3)
    assert (gap.large, gap.outside) == (large, kept / 20)
    assert gap.large == (gap.times >= FAR)


def test_bands_meet_or_do_not() -> None:
    for inside, apart in (([0.4, 0.6], False), ([0.01, 0.02], True), ([0.98, 0.99], True)):
        gap = held(10, 20, inside).gap
        assert gap is not None
        assert gap.apart == apart


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ([0.01, 0.02], "times those by the file, and their bands do not overlap."),
        ([0.01] * 8 + [0.6] * 2, "times those by the file, but their bands overlap."),
        ([0.4, 0.6], "(large is from 3 on), and their bands overlap."),
        ([0.74, 0.749], "(large is from 3 on), but their bands do not overlap."),
    ],
)
def test_what_the_bands_say_of_the_gap(inside: list[float], words: str) -> None:
    assert words in " ".join(gap_lines(held(10, 20, inside)))


def test_wars_that_all_went_one_way_are_no_band_of_no_width() -> None:
    """None of 20, one in each war: the band is the Jeffreys interval, which 5 % is within."""
    found = held(0, 20, [0.05])
    assert found.gap is not None
    assert not found.gap.apart
    assert "Bands: of the past the Jeffreys interval, 95 %" in " ".join(gap_lines(found))


def test_no_or_all_past_cases_are_drawn_in() -> None:
    for kept, share in ((0, 0.5 / 21), (20, 20.5 / 21)):
        gap = held(kept, 20, [0.5]).gap
        assert gap is not None
        assert gap.outside == pytest.approx(share)
        assert math.isfinite(gap.times)


@pytest.mark.parametrize(
    ("kept", "inside", "far"), [(0, 0.001, False), (0, 0.0, False), (0, 0.2, True), (0, 1.0, True)]
)
def test_what_never_was_is_not_far_from_what_hardly_can_be(kept: int, inside: float, far: bool) -> None:
    """Nor is what always was far from what is nearly certain."""
    for so, share in ((kept, inside), (20 - kept, 1 - inside)):
        gap = held(so, 20, [share]).gap
        assert gap is not None
        assert (gap.large, gap.times == 1) == (far, not far)


def test_a_blend_is_in_log_odds() -> None:
    def odds(share: float) -> float:
        return share / (1 - share)

    blend = held(5, 20, [0.8], 0.3).blend
    assert blend is not None
    assert math.log(odds(blend)) == pytest.approx(0.3 * math.log(odds(0.25)) + 0.7 * math.log(odds(0.8)))
    assert held(5, 20, [0.8], 0).blend == pytest.approx(0.8)
    assert held(5, 20, [0.8], 1).blend == pytest.approx(0.25)
    assert held(5, 20, [0.8]).blend is None


@pytest.mark.parametrize("sure", [0.0, 1.0])
def test_a_file_without_doubt_is_far_from_any_past(sure: float) -> None:
    found = held(5, 20, [sure, sure], 0.5)
    assert found.gap is not None
    assert (found.gap.times, found.gap.large, found.blend) == (math.inf, True, sure)
    assert held(5, 20, [sure], 1).blend == 0.25
    assert found.to_json()["gap"]["times"] is None


def test_without_cases_or_answer_there_is_no_gap() -> None:
    for found in (held(0, 0, [0.5], 0.5), held(5, 20, [math.nan], 0.5)):
        assert found.gap is None
        assert found.blend is None
        json.dumps(found.to_json(), allow_nan=False)


def precedent(war: str, value: float) -> Precedent:
    return Precedent(
        war, 1900, date(1900, 1, 1), "A", "B", "C", ("defense",), "fought", value, dict.fromkeys(KINDS, 0.1)
    )


def test_of_each_war_few_are_shown() -> None:
    many = [precedent("Great", 0.9 - number / 100) for number in range(8)]
    many += [precedent(f"War {number}", 0.5) for number in range(12)] + [precedent("Unknown", math.nan)]
    near = dataclasses.replace(held(5, 20, [0.5]), precedents=tuple(many)).nearest
    assert len(near) == NEAREST
    assert [one.war for one in near[: PER_WAR + 1]] == ["Great"] * PER_WAR + ["War 0"]
    few = dataclasses.replace(held(5, 20, [0.5]), precedents=tuple(many[-2:])).nearest
    assert [one.war for one in few] == ["War 11"]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> dict[str, pd.DataFrame]:
    """The small past in place of the data; its states 2 and 3 are the United States' and nobody's codes."""
    tables = small_past()
    for module in (attacks, cases, likeness, precedents, outside):
        monkeypatch.setattr(module, "load", tables.__getitem__)
    monkeypatch.setattr(outside, "require", lambda names: None)
    return tables


@pytest.mark.usefixtures("small")
def test_past_cases_are_ranked_and_told() -> None:
    found = fd.outside(fd.loads(FILE), draws=4, weight=0.25)
    [share] = found.rates
    assert (share.definition, share.counted, share.kept, share.cases) == (ATTACKED, PAIR, 1, 5)
    assert len(found.precedents) == len(found.rows()) == len(found.to_frame()) == 9
    known = [one.likeness for one in found.precedents if not math.isnan(one.likeness)]
    assert known == sorted(known, reverse=True)
    assert "ATOP 5.1 (1815 to 2018) has no pact between France and United States of America" in found.notes[0]
    assert set(found.known).isdisjoint({"size", "age"})
    # What it owes is what the section says.
    owed = {one.owed: one.differences["promise"] for one in found.precedents}
    assert (owed["consultation",], owed["defense", "consultation"]) == (0, 0.5)
    answer = fd.solve(fd.loads(FILE), draws=4).questions["fights"]
    assert isinstance(answer, Estimate)
    assert found.inside.mean == answer.mean
    assert found.weight == 0.25
    assert found.rates_frame()["cases"].tolist() == [5]


@pytest.mark.usefixtures("small")
def test_what_was_not_yet_known_is_not_held_against_it() -> None:
    case = fd.loads(FILE)
    for day, count in (("1952-03-02", 9), ("1952-03-01", 5), ("1901-06-30", 0)):
        found = fd.outside(case.with_changes({"history.day": day}), draws=2)
        assert len(found.precedents) == count
        assert found.to_json()["known_to"] < day
        assert all(one.day.isoformat() < day for one in found.precedents)
    assert found.gap is None
    assert found.nearest == ()


@pytest.mark.usefixtures("small")
def test_the_same_seed_gives_the_same() -> None:
    one, same = (fd.outside(fd.loads(FILE), draws=4, seed=3).to_json() for _ in range(2))
    assert one == same


def test_a_case_without_the_section_says_so() -> None:
    case = fd.loads("\n".join(FILE.splitlines()[:-1]))
    with pytest.raises(fd.CaseError) as caught:
        fd.outside(case)
    assert [item.code for item in caught.value.diagnostics] == ["F809"]


@pytest.mark.parametrize("weight", [-0.1, 1.1, math.nan])
def test_a_weight_that_is_none_is_refused(weight: float) -> None:
    with pytest.raises(fd.CaseError) as caught:
        fd.outside(fd.loads(FILE), weight=weight)
    assert [item.code for item in caught.value.diagnostics] == ["F806"]


def test_all_files_that_are_missing_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOEDERIS_DATA", str(tmp_path))
    with pytest.raises(fd.DataError) as caught:
        fd.outside(fd.loads(FILE))
    assert "8 of 8 data files are not in" in caught.value.message
    for name in outside.NEEDS:
        assert f"{name}: `" in caught.value.message
        assert f"{name}: " in caught.value.help
    assert "Inter-StateWarData_v4.0.csv" in caught.value.message


def test_one_file_that_is_missing_is_named_alone(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in shared_data.rglob("*"):
        if path.is_file() and path.name != "majors2016.csv":
            (tmp_path / path.name).symlink_to(path)
    monkeypatch.setenv("FOEDERIS_DATA", str(tmp_path))
    with pytest.raises(fd.DataError) as caught:
        fd.outside(fd.loads(FILE))
    assert "no file `majors2016.csv`" in caught.value.message
    assert "correlatesofwar.org" in caught.value.help


@pytest.fixture
def shipped(shared_data: Path) -> Any:
    """The section of a shipped case, changed, on a crisis that is solved at once."""

    def hold(name: str, **changes: object) -> Outside:
        wanted = fd.load(name).with_changes(changes).history
        assert wanted is not None
        small = dataclasses.replace(fd.loads(FILE), history=dataclasses.replace(wanted, question="fights"))
        return fd.outside(small, draws=2)

    return hold


def test_sections_of_shipped_cases_name_their_questions() -> None:
    asked = {name: case.history.question for name in fd.gallery() if (case := fd.load(name)).history}
    assert asked == {"czechoslovakia": "france_if_attacked", "kremlin": "intervenes"}


def test_czechoslovakia_is_not_held_against_itself_nor_the_war_after_it(shipped: Any) -> None:
    found = shipped("czechoslovakia")
    counts = {(rate.definition, rate.counted): (rate.kept, rate.cases) for rate in found.rates}
    # The published lists have 22 of 37 defense pacts kept in wars before 1938, as the case's own page says.
    assert counts[LLM, "alliance"] == (22, 37)
    assert found.rates[0].counted == PAIR
    assert set(counts) == {(ATTACKED, PAIR), (ATTACKED, ONE), (ATTACKED, EVERY), (LLM, "alliance"), (BF, "alliance")}
    wars = {war.war for rate in found.rates for war in rate.wars}
    assert not [war for war in wars if "World War II" in war or "WorldWarII" in war]
    assert all(one.day < date(1938, 9, 4) and one.year < 1938 for one in found.precedents)
    assert found.nearest[0].war == "World War I"
    assert found.known == tuple(KINDS)
    assert found.notes == ()


def test_a_period_without_cases_says_nothing(shipped: Any) -> None:
    later = shipped("czechoslovakia", **{"history.day": "1938-12-31", "history.since": 1919})
    assert later.rates[0].cases == 0  # of those attacked between the wars none had a pact of defense with another
    assert later.gap is None


def test_the_kremlin_owes_no_defense(shipped: Any) -> None:
    found = shipped("kremlin")
    [share] = found.rates
    assert (share.kept, share.cases, share.counted) == (3, 33, PAIR)
    assert found.gap is not None
    assert found.gap.large
    assert not [one for one in found.precedents[:3] if "defense" in one.owed]
    assert {one.helper for one in found.nearest} & {"Russia", "Soviet Union"}
    assert any("end with 2003" in note for note in found.notes)


def test_pairs_that_owe_defense_are_those_of_the_base_rates(shared_data: Path) -> None:
    # The base rates take members that are not of COW's list for ones that stayed out.
    ours = precedents.fought_in_class(precedents.bonds().assign(in_system=True), "defense")
    [theirs] = [rate for rate in fd.base_rate("defense").rates if rate.counted == PAIR]
    assert (int(ours["kept"].sum()), len(ours)) == (theirs.kept, theirs.cases)


def test_whether_an_obligation_was_kept_is_that_of_the_base_rates(shipped: Any) -> None:
    changes = {"history.obligation": "neutrality", "history.outcome": "kept"}
    found = shipped("kremlin", **changes)
    expected = {(rate.definition, rate.counted): (rate.kept, rate.cases) for rate in fd.base_rate("neutrality").rates}
    assert {(rate.definition, rate.counted): (rate.kept, rate.cases) for rate in found.rates} == expected
    assert found.rates[0].counted == PAIR


def test_an_obligation_that_atop_does_not_know_is_said(shipped: Any) -> None:
    found = shipped("kremlin", **{"history.obligation": "defense"})
    assert any("Russia owed Iran no defense on the day before" in note for note in found.notes)

"""The files as their authors publish them: read whole, with their traps."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from foederis.history.datasets import datasets, load
from foederis.history.datasets.status import statuses

# Rows of the files, as counted apart from the loaders when the data were collected.
ROWS = {
    "cow-wars": 337, "cow-war-dyads": 1364, "atop-members": 2510, "atop-alliances": 789, "atop-phases": 849,
    "atop-state-years": 11923, "atop-dyad-years": 273296, "cow-alliances": 1221, "cow-alliance-dyad-years": 120784,
    "mid-disputes": 2436, "mid-participants": 5883, "mid-incidents": 4483, "mid-incident-participants": 9619,
    "gml-participants": 5217, "states": 243, "system": 15951, "majors": 14, "nmc-6": 15951, "nmc-7": 17121,
    "contiguity": 847, "contiguity-directed": 1874, "capitals": 242, "icb-crises": 482, "icb-actors": 1065,
    "atop-institutions": 849, "berkemeier-fuhrmann": 576, "ucdp-external-support": 4781, "rivalries": 264, "democracy": 17706,
}  # fmt: skip

pytestmark = pytest.mark.usefixtures("shared_data")


def test_the_list_is_whole() -> None:
    assert set(ROWS) == set(datasets())


@pytest.mark.parametrize("name", ROWS)
def test_every_row_is_read_and_every_column_is_described(name: str) -> None:
    frame = load(name)
    assert len(frame) == ROWS[name]
    assert set(frame.columns) == set(datasets()[name].documented) == set(datasets()[name].to_json()["columns"])
    assert all(column.meaning for column in datasets()[name].documented.values())
    assert not frame.isna().all().any()


def test_all_are_as_known_and_checksums_are_those_of_the_list(shared_data: Path) -> None:
    text = (shared_data / "MANIFEST.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^## \w+/(.*)\n(?:.*\n){2}.*sha256 (\w{64})", text, re.MULTILINE))
    for status in statuses():
        assert status.word == "here", status.dataset.name
        assert status.dataset.files[-1].sha256 == listed[status.dataset.files[-1].name]
    assert {status.path.name for status in statuses() if status.path} <= set(listed)


def test_states_that_change_sides_have_both() -> None:
    wars = load("cow-wars")
    italy = wars[wars["war"].eq(139) & wars["state"].eq(325)]
    assert sorted(italy["side"]) == [1, 2]
    assert wars["start"].notna().all()
    france = wars[wars["war"].eq(139) & wars["state"].eq(220) & wars["second_start"].notna()]
    assert [str(day)[:10] for day in france["second_start"]] == ["1944-10-23"]
    assert wars["initiator"].sum() == 109


def test_slips_of_the_dyadic_wars_are_mended() -> None:
    dyads = load("cow-war-dyads")
    us = dyads[dyads["war"].eq(106) & dyads["state"].eq(2) & dyads["opponent"].eq(300)]
    assert [str(day)[:10] for day in (*us["start"], *us["end"])] == ["1918-10-24", "1918-11-03"]
    assert dyads["end"].max() < pd.Timestamp("2010-01-01")


def test_pacts_in_force_have_no_end() -> None:
    members = load("atop-members")
    assert members["end"].isna().tolist() == members["in_force"].tolist()
    assert members["end"].isna().sum() == 1146
    nato = members[members["alliance"].eq(3180) & members["state"].eq(2)]
    assert [str(day)[:10] for day in nato["start"]] == ["1949-04-04", "1951-06-19"]  # two phases


def test_polity_has_no_codes_for_missing() -> None:
    assert load("democracy")["polity2"].isin([-9, -8, -7]).sum() == 3172


def test_codes_of_nmc_are_missing() -> None:
    assert load("nmc-6")["spending"].isna().sum() == 2217
    assert load("nmc-6")["spending"].min() == 0


def test_unknown_days_of_disputes_are_the_first_or_the_last() -> None:
    first = load("mid-disputes").iloc[0]
    assert (first["dispute"], str(first["start"])[:10]) == (2, "1902-07-01")


@pytest.mark.parametrize("name", datasets())
def test_nothing_ends_before_it_starts(name: str) -> None:
    """But for the two rows that the dataset warns of."""
    frame = load(name)
    for first, last in (("start", "end"), ("second_start", "second_end")):
        if {first, last} <= set(frame.columns):
            wrong = frame[frame[last].lt(frame[first]).fillna(False)]
            assert len(wrong) == 0 or (name == "mid-incident-participants" and set(wrong["incident"]) == {4193001})


def test_codes_of_ethiopia_and_eritrea_stand_by_their_names() -> None:
    support = load("ucdp-external-support")
    for name, code in (("Ethiopia", 530), ("Eritrea", 531)):
        assert set(support.loc[support["state_name"].eq(name), "state_gw"]) == {code}


def test_the_stata_file_holds_what_the_converted_one_holds(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = load("berkemeier-fuhrmann")
    name = "berkemeier_fuhrmann_2018.csv"
    (tmp_path / name).write_bytes((shared_data / "reliability" / name).read_bytes())
    monkeypatch.setenv("FOEDERIS_DATA", str(tmp_path))
    pd.testing.assert_frame_equal(load("berkemeier-fuhrmann"), whole)


def test_every_code_of_a_state_is_in_our_table() -> None:
    from foederis.history.states import spells

    states = load("states")
    ours = {(spell.cow, spell.cow_abbreviation) for spell in spells()}
    assert ours == set(zip(states["state"], states["short"], strict=True))
    gw = {spell.gw for spell in spells()}
    unknown = set(load("ucdp-external-support")["state_gw"].dropna()) - gw
    assert unknown == set()


def test_institutions_are_those_of_the_phases() -> None:
    keys = ["alliance", "phase"]
    institutions, phases = (
        load(name)[keys].sort_values(keys, ignore_index=True) for name in ("atop-institutions", "atop-phases")
    )
    pd.testing.assert_frame_equal(institutions, phases, check_dtype=False)

"""Exposure at risk; that its distributions are right is tested in tests/oracle/test_losses.py."""

from __future__ import annotations

import json

import numpy as np
import pytest

import foederis as fd
from foederis.analysis import exposure as module
from foederis.analysis.risk import round_amounts
from tests.helpers import EVERYTHING


@pytest.fixture(scope="module")
def found() -> fd.ExposureAtRisk:
    case = fd.loads(EVERYTHING)
    return fd.exposure(case, draws=8, seed=3, level="90%", what_ifs="all", by=["war"], given=["falls"])


def codes(error: pytest.ExceptionInfo[fd.CaseError]) -> list[str]:
    return [item.code for item in error.value.diagnostics]


def test_means_are_those_of_solve(found: fd.ExposureAtRisk) -> None:
    answer = fd.solve(found.case, draws=8, seed=3, what_ifs="all")
    for name, losses in answer.losses.items():
        np.testing.assert_allclose(found.losses[name].by_world, losses.draws, rtol=0, atol=1e-9)
        assert found.losses[name].mean == pytest.approx(losses.mean, abs=1e-9)
    assert [s.name for s in found.scenarios] == ["", *answer.what_ifs]
    for scenario in found.scenarios[1:]:
        expected = answer.what_ifs[scenario.name].difference["loss"]
        change = found.difference(scenario, "plant")
        assert change is not None
        assert isinstance(expected, fd.Estimate)
        np.testing.assert_allclose(change.draws, expected.draws, atol=1e-9)
    opened = answer.what_ifs["comes_now"].imposed_open
    assert found.scenarios[-1].imposed_open == pytest.approx({move: share.mean for move, share in opened.items()})
    assert 0 < found.residual < 1e-9


def test_rows_and_facts(found: fd.ExposureAtRisk) -> None:
    rows = found.rows()
    # plant, and the patron's sum; as it stands, three what-ifs; in all, by three levels, by yes and no
    assert len(rows) == 2 * 4 * (1 + 3 + 2)
    assert all(set(row) == set(rows[0]) for row in rows)
    first, total = rows[:2]
    assert (first["position"], first["exposure"], first["holder"]) == ("plant", "plant", "patron")
    assert (total["position"], total["exposure"], total["what_if"], total["given"]) == (
        "patron, in all",
        None,
        None,
        None,
    )
    assert first["probability"] == pytest.approx(1)
    assert first["value_at_risk"] == found.losses["plant"].quantile(0.9)
    by_level = [row for row in rows if row["given"] == "war" and row["exposure"] and not row["what_if"]]
    assert [row["value"] for row in by_level] == ["on", "pause", "over"]
    assert sum(row["probability"] for row in by_level) == pytest.approx(1)
    assert sum(row["probability"] * row["mean"] for row in by_level) == pytest.approx(first["mean"])
    changed = [row["what_if"] for row in rows if row["change_mean"] is not None]
    assert set(changed) == {"weak", "no_pact", "comes_now"}
    data = json.loads(json.dumps(found.to_json()))
    assert (data["draws"], data["seed"], data["level"], data["rates"]) == (8, 3, 0.9, [])
    assert data["exceedance"]["plant"][0] == {"loss": 0.0, "probability": first["any_loss"]}
    assert "plant" in found._repr_html_()


def test_an_ending_that_never_comes_is_empty() -> None:
    case = fd.load("patron").with_changes({"moves.patron.options.intervene.when": "help == troops"})
    found = fd.exposure(case, draws=2, by=["help"])
    words, arms, troops = found.baseline.endings
    assert words.probability + arms.probability == pytest.approx(1)
    assert (troops.probability, troops.losses) == (0, {})
    rows = [row for row in found.rows() if row["value"] == "troops"]
    assert all(row["mean"] is None and row["probability"] == 0 for row in rows)


def test_the_same_seed_gives_the_same_and_another_does_not() -> None:
    case = fd.load("patron")
    one, same, other = (fd.exposure(case, draws=8, seed=seed).to_json() for seed in (1, 1, 2))
    assert one == same
    assert one["rows"] != other["rows"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"level": "150%"}, ["F213"]),
        ({"level": 0.0}, ["F213"]),
        ({"level": "high"}, ["F213"]),
        ({"level": float("nan")}, ["F213"]),
        ({"draws": 0}, ["F213"]),
        ({"what_ifs": ["weka"]}, ["F109"]),
        ({"by": ["wra"]}, ["F102"]),
        ({"given": ["fals"]}, ["F108"]),
        ({"given": ["ever_falls"]}, ["F742"]),
        ({"given": ["loss"]}, ["F742"]),
        ({"rates": ["bn USD = price points"]}, ["F743"]),
        ({"level": 2.0, "by": ["x"], "given": ["y"], "rates": ["z"]}, ["F213", "F102", "F108", "F743"]),
    ],
)
def test_mistakes_all_at_once(asked: dict[str, object], expected: list[str]) -> None:
    with pytest.raises(fd.CaseError) as caught:
        fd.exposure(fd.loads(EVERYTHING), **asked)  # type: ignore[arg-type]
    assert codes(caught) == expected


def test_a_case_without_exposures() -> None:
    with pytest.raises(fd.CaseError) as caught:
        fd.exposure(fd.load("deterrence"))
    assert codes(caught) == ["F741"]
    assert "exposures" in caught.value.diagnostics[0].help


def test_a_what_if_that_can_be_asked_no_more() -> None:
    text = EVERYTHING + "  bare: {set: {exposures: {}}}\n"
    text = text.replace("losses(patron)", "0")
    with pytest.raises(fd.CaseError) as caught:
        fd.exposure(fd.loads(text), draws=2, what_ifs=["bare"])
    assert codes(caught) == ["F741"]
    assert caught.value.diagnostics[0].context == "the what-if `bare`"


def test_too_many_losses_to_keep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST", 10)
    with pytest.raises(fd.CaseError) as caught:
        fd.exposure(fd.load("patron"), draws=8)
    assert codes(caught) == ["F403"]


def test_losses_that_do_not_add_up_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.Endings, "numbers", lambda self, _: np.ones((self.count, self.rows.shape[1])))
    with pytest.raises(fd.ResidualError, match="final states"):
        fd.exposure(fd.load("patron"), draws=2)


def test_amounts_that_are_round() -> None:
    assert round_amounts(0.0, 10) == [0.0]
    assert round_amounts(2.16, 12)[:4] == [0.0, 0.2, 0.4, 0.6]
    assert round_amounts(0.35, 4) == [0.0, 0.1, 0.2, 0.3]
    for largest in (1e-7, 0.3, 1.0, 9.99, 12.3, 5e8):
        amounts = round_amounts(largest, 12)
        assert 4 <= len(amounts) <= 13
        assert amounts[-1] <= largest < amounts[-1] + amounts[1] * (1 + 1e-9)


def test_what_is_in_another_unit_is_not_compared() -> None:
    case = fd.loads(EVERYTHING + "  told_in_yen: {set: {exposures.plant.unit: bn JPY}}\n")
    found = fd.exposure(case, draws=2, what_ifs="all")
    assert found.difference(found.scenarios[1], "plant") is not None
    assert found.difference(found.scenarios[-1], "plant") is None
    assert [row["unit"] for row in found.rows() if row["what_if"] == "told_in_yen"] == ["bn JPY", "bn JPY"]

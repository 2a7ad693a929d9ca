"""The page on the back-test prints what comes out, and says what it prints.

The whole command is run once, and all tests look at what it wrote.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from foederis.cli.app import app
from foederis.history.backtest import baselines, joining
from foederis.history.backtest.baselines import BASELINES
from foederis.history.backtest.choose import TRIED, trials
from foederis.history.backtest.frozen import FADING, OURS, STRATEGIC
from foederis.history.backtest.held_back import held_back
from foederis.history.backtest.predictors import PREDICTORS
from foederis.history.backtest.questions import questions
from foederis.history.backtest.splits import expanding, late, to_1944
from tests.docs.reading import DOCS, blocks, in_code, rows, said, section, text_of
from tests.history_data import SHARED, shared_data

__all__ = ["shared_data"]

PAGE = DOCS / "backtest.md"
WINDOW, BEFORE = "expanding window, wars from 1945", "to 1944, then wars from 1945"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of one run."""
    if not SHARED.is_dir():
        pytest.skip("no folder shared/data with historical data beside the checkout")
    folder = tmp_path_factory.mktemp("backtest")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOEDERIS_DATA", str(SHARED))
        done = CliRunner().invoke(app, ["backtest", "--out", str(folder), "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == json.loads(text_of(folder / "backtest.json"))
    return folder


@pytest.fixture(scope="module")
def found(written: Path) -> dict[str, Any]:
    return dict(json.loads(text_of(written / "backtest.json")))


def score(found: dict[str, Any], split: str, among: str, name: str) -> float:
    [row] = [r for r in found["rows"] if (r["split"], r["among"], r["forecaster"]) == (split, among, name)]
    return float(row["brier"])


def test_the_page_prints_what_comes_out(written: Path) -> None:
    [printed] = blocks(PAGE, "text")
    assert printed == text_of(written / "backtest.txt")


def test_the_plots_are_those_that_come_out(written: Path) -> None:
    for name in ("backtest-calibration.svg", "backtest-brier.svg"):
        assert f"]({name})" in text_of(PAGE)
        shown, made = (re.findall(r"<text[^>]*>([^<]*)</text>", text_of(folder / name)) for folder in (DOCS, written))
        assert shown
        assert shown == made


def test_what_is_said_of_the_scores(found: dict[str, Any]) -> None:
    def told(number: float) -> str:
        return f"{number:.3f}".removeprefix("0")

    first = text_of(PAGE).split("You need pandas")[0]
    ours, strategic = (
        [score(found, split, "all", name) for split in (WINDOW, BEFORE)] for name in ("ours", "strategic")
    )
    assert f"it scores {told(ours[0])}, and the aim was to be below .131" in " ".join(first.split())
    assert f"it scores {told(ours[1])}, and the aim was .171" in " ".join(first.split())
    assert f"it scores {told(strategic[0])} and {told(strategic[1])}, below every baseline" in " ".join(first.split())
    simple = [name for name in found["forecasters"] if name not in found["models"]]
    for split, value in zip((WINDOW, BEFORE), strategic, strict=True):
        assert value < min(score(found, split, "all", name) for name in simple)
    says = said(PAGE, "What it says")
    open_ = {name: told(score(found, WINDOW, "open", name)) for name in ("logit of the terms", "strategic", "ours")}
    assert (
        "scores {} on the 37 open cases of the expanding window, `strategic` {}, `ours` {}".format(*open_.values())
        in says
    )
    assert open_["logit of the terms"] == min(open_.values())
    earlier = told(score(found, WINDOW, "all", "running base rate"))
    assert f"the share of all earlier wars scores {earlier}, and" in says
    own: dict[str, float] = {}  # of the share of the cases themselves
    for among in ("all", "open"):
        [row] = [r for r in found["rows"] if (r["split"], r["among"], r["forecaster"]) == (WINDOW, among, "ours")]
        own[among] = row["kept"] / row["cases"] * (1 - row["kept"] / row["cases"])
    assert f"nobody had beforehand, would score {told(own['all'])}. The models are below that" in says
    assert max(score(found, WINDOW, "all", name) for name in found["models"]) < own["all"]
    models = [score(found, WINDOW, "open", name) for name in found["models"]]
    assert f"would score {told(own['open'])}, the three have {told(min(models))} to {told(max(models))}." in says
    reached = {(aim["split"], aim["among"]): aim["ours_reached"] for aim in found["aims"]}
    assert not any(met for (_, among), met in reached.items() if among in ("all", "defense"))
    assert all(met for (_, among), met in reached.items() if among == "offense")
    assert all(aim["strategic_reached"] for aim in found["aims"])


@pytest.mark.usefixtures("shared_data")
def test_what_is_said_of_the_cases(found: dict[str, Any]) -> None:
    text = said(PAGE, "The question")
    assert f"{found['cases']} cases in {found['wars']} wars, {found['kept']} of them kept" in text
    assert f"The other {found['wartime']} pacts were made in the war itself" in text
    assert f"`settled`: {found['settled']} cases, all broken" in said(PAGE, "What the coding decides")
    assert f"The list has {found['tried']} specifications" in said(PAGE, "How they were chosen")
    assert found["tried"] == len(TRIED)
    assert f"{len(held_back(1944)):,} pairs of a dispute and an alliance to 1944" in said(PAGE, "The models")
    assert len(found["still_on"]) == 4  # "Four times an earlier war was still going on"
    seen = [r for r in found["forecasts"] if (r["split"], r["forecaster"]) == (WINDOW, "ours")]
    assert len(seen) == 50
    assert all(0 < r["foretold"] < 1 for r in seen)


def test_every_predictor_is_named() -> None:
    named = [name for row in rows(section(PAGE, "What was known")) for name in in_code(row[1])]
    assert sorted(named) == sorted(PREDICTORS)


@pytest.mark.usefixtures("shared_data")
def test_the_frozen_models_are_in_the_table_of_what_was_tried() -> None:
    table = {row[0]: row[1:] for row in rows(section(PAGE, "How they were chosen"))}
    assert next(iter(table)) == OURS.name
    assert {FADING.name, STRATEGIC.name} <= set(table)
    [trial] = trials(questions(), (OURS,))
    assert table[OURS.name] == [f"{v:.3f}" for v in (*trial.others, *trial.earlier, trial.log_loss)]
    losses = [float(row[-1]) for name, row in table.items() if not name.startswith("strategic")]
    assert losses == sorted(losses)


def test_the_control_fails(found: dict[str, Any]) -> None:
    for one in found["joining"]:
        assert (one["cases"], one["joined"], one["wars"]) == (979, 29, 38)
        assert one["gain_by_war"]["low"] < 0 < one["gain_by_war"]["high"]
        assert -0.07 < one["skill"] < (0.02 if one["model"] == "pooled logit" else 0.0)
        assert abs(one["auc"] - 0.5) < 2 * np.sqrt(980 / (12 * 29 * 950))  # two standard errors of one without skill


@pytest.mark.usefixtures("shared_data")
def test_what_is_said_of_the_control(monkeypatch: pytest.MonkeyPatch) -> None:
    says = said(PAGE, "The control")
    cases = joining.bystanders()
    joined = sum(case.joined for case in cases)
    assert f"{len(cases):,} cases in 95 wars, of which {joined} joined later" in says
    border = joining._border
    monkeypatch.setattr(joining, "_border", lambda *given: kind if (kind := border(*given)) < 5 else 0)
    nearer = joining.bystanders.__wrapped__()
    told = f"150 miles of water only, it would be {len(nearer):,}, of which {sum(one.joined for one in nearer)} joined"
    assert told in says


@pytest.mark.usefixtures("shared_data")
def test_what_is_said_of_a_logit_without_a_penalty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baselines, "_RIDGE", 1e-8)
    asked = questions()
    came = np.array([bool(one.kept) for one in asked])
    told = []
    for folds in (expanding(asked, late(asked)), to_1944(asked, whole_wars=True)):
        which = np.concatenate([np.flatnonzero(fold.foretold) for fold in folds])
        foretold = np.concatenate([BASELINES[-1].prepare(asked).foretell(fold) for fold in folds])
        told.append(f"{((foretold - came[which]) ** 2).mean():.3f}".removeprefix("0"))
    assert "has {} in the expanding window and {} to 1944".format(*told) in said(PAGE, "What it says")

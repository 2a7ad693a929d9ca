"""Exposure at risk as text."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

import foederis as fd
from foederis.report.exposure import print_exposure
from foederis.report.words import percent, points
from tests.helpers import EVERYTHING
from tests.oracle.test_losses import TWO_HOLDERS


def printed(found: fd.ExposureAtRisk) -> str:
    file = io.StringIO()
    print_exposure(found, Console(file=file, width=110, highlight=False))
    return file.getvalue()


@pytest.fixture(scope="module")
def everything() -> tuple[fd.ExposureAtRisk, str]:
    found = fd.exposure(fd.loads(EVERYTHING), draws=64, what_ifs="all", by=["war"], given=["falls"])
    return found, printed(found)


def line_of(text: str, label: str) -> str:
    return next(line for line in text.splitlines() if line.strip().startswith(label))


def test_the_conclusion_comes_first(everything: tuple[fd.ExposureAtRisk, str]) -> None:
    found, text = everything
    losses = found.losses["patron, in all"]
    first = line_of(text, "patron loses ")
    assert text.splitlines()[2:4] == ["", first]
    assert f"patron loses {points(losses.mean)} on average" in first
    assert percent(1 - float(losses.exceeds(0))) in first


def test_figures(everything: tuple[fd.ExposureAtRisk, str]) -> None:
    found, text = everything
    losses = found.losses["plant"]
    table = text.partition("Losses at the end")[2]
    row = line_of(table, "plant").split("  ")
    figures = [cell.strip() for cell in row if cell.strip()]
    expected = [losses.mean, *map(losses.quantile, (0.5, 0.05, 0.95, 0.95)), losses.shortfall(0.95)]
    assert figures == ["plant", percent(float(losses.exceeds(0))), *map(points, expected)]
    assert "patron, in all  " not in table.partition("How likely")[0]  # one exposure alone is its own sum


def test_how_it_ends_and_what_ifs(everything: tuple[fd.ExposureAtRisk, str]) -> None:
    found, text = everything
    ending = next(e for e in found.baseline.endings if e.what == "war" and e.value == "pause")
    row = line_of(text.partition("Given: war at the end")[2], "pause")
    assert percent(ending.probability) in row
    assert points(ending.losses["patron, in all"].mean) in row
    assert "Given: falls (at the end: fallen)" in text
    weak = found.scenarios[1]
    change = found.difference(weak, "patron, in all")
    assert change is not None
    assert f"{points(change.mean, signed=True)}" in line_of(text.partition("What if (")[2], "weak")
    assert "comes_now: patron.intervene in step 0 was open with probability" in text
    assert "Worlds in which" in text
    assert "Little to go by" not in text


def test_a_tail_that_rests_on_few_worlds_is_flagged() -> None:
    assert "Little to go by: the worst 1 %" in printed(fd.exposure(fd.load("patron"), draws=16, level=0.99))


def test_units_stay_apart_unless_there_is_a_rate() -> None:
    case = fd.loads(TWO_HOLDERS)
    text = printed(fd.exposure(case, draws=8))
    assert "all holders" not in text
    assert "(a, in all, bn USD)" in text
    assert "(b, in all, bn EUR)" in text
    text = printed(fd.exposure(case, draws=8, rates=["bn EUR = usd_per_eur bn USD"]))
    assert "Losses in bn EUR are turned into bn USD, at `usd_per_eur` in each world." in text
    assert "all holders, in bn USD lose " in text
    assert "bn EUR" not in text.partition("in each world.")[2]


def test_a_loss_that_is_the_same_in_all_cases() -> None:
    case = fd.loads(EVERYTHING).with_changes({"exposures.plant.value": "0"})
    text = printed(fd.exposure(case, draws=4))
    assert "the loss is the same in all cases" in text
    assert "How likely" not in text
    assert "nothing with probability 100 %" in text

"""The page on history lists every dataset, and prints the base rates that come out."""

from __future__ import annotations

import re

import pytest

import foederis as fd
from foederis.history import cases
from foederis.history.attacks import defenders
from foederis.history.base_rates import BaseRate
from foederis.history.cases import ATTACKED, BF, CHOICES, EVERY, LLM, ONE, PAIR, WHOLE
from foederis.history.datasets import datasets, load
from foederis.history.intervals import RESAMPLES
from foederis.report.words import percent
from tests.docs.reading import DOCS, rows, said, section
from tests.history_data import shared_data

__all__ = ["shared_data"]

PAGE = DOCS / "history.md"
COLUMNS = [(LLM, WHOLE), (BF, WHOLE), (ATTACKED, ONE), (ATTACKED, EVERY), (ATTACKED, PAIR)]
YEARS = {"all": (None, None), "to 1944": (None, 1944), "from 1945": (1945, None)}


def test_every_dataset_is_listed() -> None:
    table = rows(section(PAGE, "The datasets"))
    expected = []
    for name, known in datasets().items():
        file = known.files[0]
        form, sure = file.form, "yes" if file.confirmed else "no"
        expected.append([f"`{name}`", f"{known.title}, {known.version}", f"`{file.name}`", form, sure])
    assert table == expected


def test_what_can_be_fetched_is_named() -> None:
    plain = [name for name, known in datasets().items() if known.files[0].address]
    assert "where the authors offer a plain one (" + " and ".join(f"`{name}`" for name in plain) + ")" in said(
        PAGE, "Getting a file"
    )


def shown(found: BaseRate, definition: str, counted: str) -> str:
    for rate in found.rates:
        if (rate.definition, rate.counted) == (definition, counted):
            return f"{rate.kept} of {rate.cases} ({percent(rate.rate)})"
    return ""


@pytest.mark.usefixtures("shared_data")
def test_the_table_holds_what_comes_out() -> None:
    table = rows(section(PAGE, "What comes out"))
    assert list(dict.fromkeys(row[0].strip("`") for row in table)) == list(CHOICES)
    for obligation, years, *printed in table:
        since, until = YEARS[years]
        found = fd.base_rate(obligation.strip("`"), since=since, until=until)
        assert printed == [shown(found, *column) for column in COLUMNS], (obligation, years)


@pytest.mark.usefixtures("shared_data")
def test_the_sentences_hold_what_comes_out() -> None:
    found = fd.base_rate()
    by_war, alone = found.rates[0].by_war, found.rates[0].independent
    sure = said(PAGE, "How sure that is")
    assert f"it is {percent(by_war.low)} to {percent(by_war.high)}, where the Jeffreys interval has" in sure
    assert f"has {percent(alone.low)} to {percent(alone.high)}" in sure
    assert f"({RESAMPLES:,} times)" in sure
    assert f"the {found.rates[0].wars[0].kept} alliances kept in the Second World War" in sure
    far = said(PAGE, "How far help went")
    steps = {step.step: step for step in found.ladder}
    forced = sum(steps[name].war for name in ("display of force", "use of force"))
    assert f"Of {sum(step.war for step in found.ladder)} such pairs" in far
    assert f"{steps['war'].war} fought a war, {forced} more used or showed force" in far
    assert (
        f"{steps['not in the dispute'].war} were not in the dispute, and {steps['on the other side'].war} were" in far
    )
    assert f"{sum(step.short_of_war for step in found.ladder):,} pairs" in far
    kinds = {kind.kind: kind for kind in found.support}
    governments, rebels = found.support_years
    shares = [percent(kinds[kind].to_governments / governments) for kind in ("any", "troops")]
    shares += [percent(kinds[kind].to_rebels / rebels) for kind in ("any", "troops")]
    assert "Of governments {} had some support, and {} troops; of rebels {}, and {}.".format(*shares) in far


@pytest.mark.usefixtures("shared_data")
def test_how_far_the_definitions_agree_is_printed() -> None:
    theirs = load("berkemeier-fuhrmann")
    theirs = theirs[(theirs["honoured"] | theirs["violated"]) & theirs["defense"]]
    ours = cases.attacked(defenders(), ONE)
    both = theirs.merge(ours, left_on=["cow_war", "alliance"], right_on=["war", "alliance"])
    agree = (both["honoured"] == both["kept"].astype(bool)).mean()
    assert f"({len(both)} defense pacts), they agree in {percent(float(agree))}" in said(PAGE, "Three definitions")


def test_codes_that_differ_are_named() -> None:
    from foederis.history.states import spells

    text = said(PAGE, "Codes of states")
    for spell in spells():
        if spell.cow != spell.gw:
            assert re.search(rf"{spell.name}\b.*\({spell.gw}\)", text), spell

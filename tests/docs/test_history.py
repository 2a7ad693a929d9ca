"""The page on history lists every dataset, and prints the base rates that come out."""

from __future__ import annotations

import re

import numpy as np
import pytest
from numpy.typing import NDArray

import foederis as fd
from foederis.history import cases, precedents
from foederis.history.attacks import defenders
from foederis.history.base_rates import BaseRate
from foederis.history.cases import ATTACKED, BF, CHOICES, EVERY, LLM, ONE, PAIR, WHOLE
from foederis.history.datasets import datasets, load
from foederis.history.intervals import RESAMPLES
from foederis.history.likeness import KINDS, NEEDED, features, likeness
from foederis.history.outside import NEEDS
from foederis.history.outside_results import FAR, NEAREST, PER_WAR
from foederis.history.reference_rates import reference_rates
from foederis.report.words import percent
from tests.docs.reading import DOCS, rows, said, section
from tests.history_data import shared_data

__all__ = ["shared_data"]

Floats = NDArray[np.float64]
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


@pytest.mark.usefixtures("shared_data")
def test_what_shipped_cases_are_held_against_is_printed() -> None:
    table = {row[0].strip("`"): row[1:] for row in rows(section(PAGE, "Two numbers"))}
    held = {name: case.history for name in fd.gallery() if (case := fd.load(name)).history}
    assert set(table) == set(held)
    found = precedents.bonds()
    for name, wanted in held.items():
        assert wanted is not None
        rate = reference_rates(wanted, found, 0)[0]
        assert table[name][:2] == [f"`{wanted.question}`", f"{rate.kept} of {rate.cases} ({percent(rate.rate)})"]
        page = said(DOCS / f"{name}.md", "Held against the past" if name == "kremlin" else "What it does say")
        assert f"{rate.kept} of {rate.cases}" in page
        assert percent(rate.by_war.high) in page
    owed = precedents.fought_in_class(found, "consultation")
    later = owed[owed["year"].ge(1945)]["kept"]
    assert f"Since 1945 it is {'none' if not later.any() else later.sum()} of {len(later)}." in said(
        PAGE, "Two numbers"
    )


@pytest.mark.usefixtures("shared_data")
def test_what_likeness_foretells_is_printed() -> None:
    """Each past case, and only those of wars that were over before it: squared errors of the share that fought."""
    known = features(precedents.precedents(precedents.bonds()))
    wars = load("cow-wars")
    over = known["war"].map(wars[["end", "second_end"]].max(axis=1).groupby(wars["war"]).max())
    fought = known["outcome"].eq(precedents.FOUGHT).to_numpy(float)
    war, defends = known["war"].to_numpy(int), known["defense"].to_numpy(bool)
    errors = []
    for place, case in enumerate(known.itertuples()):
        before = over.lt(case.day).to_numpy()
        if before.sum() < 20:
            continue
        values, _ = likeness(known.iloc[[place]], known[before])
        earlier = np.flatnonzero(before)
        near: list[int] = []
        for number in earlier[np.argsort(-np.nan_to_num(values, nan=-1.0), kind="stable")]:
            if len(near) < NEAREST and sum(war[near] == war[number]) < PER_WAR:
                near.append(int(number))
        alike = earlier[defends[earlier] == defends[place]]
        alike = alike if len(alike) else earlier
        guesses = np.array([fought[group].mean() for group in (near, alike, earlier)])
        errors.append([war[place], *(guesses - fought[place]) ** 2])
    table = np.array(errors)
    near_error, alike_error, plain_error = table[:, 1:].mean(axis=0)
    text = said(PAGE, "The most like")
    assert f"(Brier score) of {near_error:.3f}, the share among all" in text
    assert f"to defend or not, of {alike_error:.3f}, and among all of {plain_error:.3f}" in text
    assert f"({len(table)} cases in {len(set(table[:, 0]))} wars" in text
    better = by_cluster_mean(table[:, 2] - table[:, 1], table[:, 0])
    assert f"is better than the second by {better[0]:.2f} to {better[1]:.2f}." in text


def by_cluster_mean(values: Floats, clusters: Floats) -> tuple[float, float]:
    """The middle 95 % of a mean over samples of whole clusters."""
    names = np.unique(clusters)
    sums = np.array([values[clusters == name].sum() for name in names])
    sizes = np.array([(clusters == name).sum() for name in names])
    drawn = np.random.default_rng(0).multinomial(len(names), np.full(len(names), 1 / len(names)), size=RESAMPLES)
    low, high = np.quantile((drawn @ sums) / (drawn @ sizes), [0.025, 0.975])
    return float(low), float(high)


def test_every_kind_of_likeness_is_described() -> None:
    text = section(PAGE, "The most like")
    assert [row[0] for row in rows(text)] == list(KINDS)
    words = {3: "three", 5: "five", 10: "ten"}
    assert f"fewer than {words[NEEDED]} kinds known is not compared" in text
    assert f"{words[NEAREST].capitalize()} cases are shown, at most {words[PER_WAR]} of one war" in text
    assert f"differ by {words[int(FAR)]} times or more" in section(PAGE, "A large gap")
    needed = set(re.findall(r"`([\w-]+)`", "".join(row[2] for row in rows(text))))
    assert needed < set(NEEDS)


def test_codes_that_differ_are_named() -> None:
    from foederis.history.states import spells

    text = said(PAGE, "Codes of states")
    for spell in spells():
        if spell.cow != spell.gw:
            assert re.search(rf"{spell.name}\b.*\({spell.gw}\)", text), spell

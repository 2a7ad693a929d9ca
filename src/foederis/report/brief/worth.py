"""What would be worth knowing: which unknowns to look into before the crisis."""

from __future__ import annotations

from foederis.analysis.worth_knowing import Learning, WorthKnowing
from foederis.report.brief.gather import Material
from foederis.report.brief.html import Child, Markup, join, tag
from foederis.report.brief.phrases import Section, asked, nothing, quantity_name
from foederis.report.brief.svg import SHARES, range_bar
from foederis.report.brief.tables import stacked
from foederis.report.words import counted, percent
from foederis.report.worth_knowing import (
    choice_now,
    decision_unit,
    forecast_now,
    learnt_choices,
    learnt_forecasts,
    then_header,
)

TITLE = "What would be worth knowing"


def worth(material: Material) -> Section | None:
    found = material.worth
    if found is None:
        return nothing("worth-knowing", TITLE, material.missing)
    noticed = [item for item in found.plan if item.noticed]
    rest = len(found.plan) - len(noticed)
    body = join(
        tag("h3", found.decision.says or f"The decision {found.decision.name}")
        if found.decision
        else tag("h3", asked(found.question) if found.question else ""),
        tag("p", _now(found)),
        _table(found, noticed) if noticed and found.everything else None,
        tag("p", f"Not to be told from nothing: {counted(rest, 'other')}.", class_="legend") if rest else None,
    )
    return Section("worth-knowing", TITLE, "Worth knowing", body)


def _now(found: WorthKnowing) -> str:
    if found.decision:
        return choice_now(found, decision_unit(found.case, found.decision))
    return forecast_now(found)


def _table(found: WorthKnowing, noticed: list[Learning]) -> Markup:
    reading = (
        f"What it would be worth to learn a number beforehand, as a part of knowing all of them, in {found.draws:,} "
        "worlds; the bar is the 90 % interval. Parts need not add up to 100 %: some things are worth knowing only "
        "together, or in place of others."
    )
    heads = [("To find out", "q"), ("Part of knowing all", "b"), ("", "n"), (_capital(then_header(found)), "why")]
    return join(
        tag("p", reading, class_="legend"), stacked(heads, [_row(found, item) for item in noticed], "labelled worths")
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _row(found: WorthKnowing, item: Learning) -> list[Child]:
    low, value, high = (min(max(x / found.everything, 0.0), 1.0) for x in (item.low, item.value, item.high))
    shown = f"{percent(value)} ({percent(low)} to {percent(high)})"
    bar = range_bar(SHARES, low, value, high, f"{' and '.join(item.quantities)}: worth of knowing it", shown)
    then = learnt_choices(found, item) if item.forecast is None else learnt_forecasts(found, *item.forecast)
    return [join(*(quantity_name(name) for name in item.quantities), between=" and "), bar, shown, then]

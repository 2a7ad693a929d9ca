"""Why each actor chooses as it does: what its options are worth to it, and where the differences come from."""

from __future__ import annotations

import math

from foederis.analysis.why import OptionWhy, Why
from foederis.report.brief.gather import Material
from foederis.report.brief.html import Child, Markup, join, tag
from foederis.report.brief.phrases import Section, sentence_case
from foederis.report.brief.svg import Scale, range_bar, scale_for
from foederis.report.brief.tables import more, stacked, trail
from foederis.report.why import decides_text, decision_text, paragraph, part_rows
from foederis.report.words import fixed, percent, places_for, plain_name

HEADS = (("Option", "q"), ("Taken", "v"), ("Behind the likeliest, in points", "b"), ("", "n"))
PARTS = (("Part of the difference", "q"), ("Paid", "w"), ("Points", "v"), ("Middle 90 % of worlds", "n"))


def whys(material: Material) -> Section | None:
    if not material.whys:
        return None
    first, *rest = material.whys
    others = [join(tag("h3", _title(found)), _decision(found)) for found in rest]
    body = join(
        tag("p", _reading(first), class_="legend"),
        tag("h3", _title(first)),
        _decision(first),
        more("The other actors" if not any(why.type for why in rest) else "The others", others) if others else None,
        [_nothing(name, reason) for name, reason in material.missing.items() if name.startswith("why ")],
    )
    return Section("why", "Why they choose as they do", "Why", body)


def _reading(why: Why) -> str:
    return (
        "What each option of a decision is worth to the actor, looking ahead to the end of the crisis, against the "
        f"option that it takes most often, in {why.draws:,} worlds. The parts sum to the difference exactly, in every "
        "world. Points are the unit in which an actor weighs what it wants; they compare its options, never two actors."
    )


def _nothing(name: str, reason: str) -> Markup:
    return tag("p", f"{sentence_case(plain_name(name.removeprefix('why ')))}: {reason}.", class_="legend")


def _title(why: Why) -> str:
    title = sentence_case(plain_name(why.actor))
    return f"{title}, if it is {plain_name(why.type)}" if why.type else title


def _decision(why: Why) -> Markup:
    gaps = [option.gap for option in why.options if not math.isnan(option.gap.mean)]
    scale = scale_for([end for gap in gaps for end in (gap.p05, gap.mean, gap.p95)])
    rows = [_option(why, option, scale) for option in why.options]
    told = [_told(why, option) for option in why.options if option.option != why.usual]
    return join(tag("p", f"{decision_text(why)} {decides_text(why)}"), stacked(HEADS, rows, "labelled"), told)


def _option(why: Why, option: OptionWhy, scale: Scale) -> list[Child]:
    name, gap = sentence_case(plain_name(option.option)), option.gap
    taken = percent(option.share.mean)
    if option.option == why.usual:
        return [name, taken, "", "the likeliest"]
    if math.isnan(gap.mean):
        return [name, taken, "", "never open together"]
    places = places_for(max(abs(gap.p05), abs(gap.mean), abs(gap.p95)))
    text, low, high = (fixed(value, places, True) for value in (gap.mean, gap.p05, gap.p95))
    around = f" ({low} to {high})" if len(gap.defined) > 1 else ""
    bar = range_bar(scale, gap.p05, gap.mean, gap.p95, f"{name}: points behind", f"{text}{around}")
    return [name, taken, bar, f"{text}{around}"]


def _told(why: Why, option: OptionWhy) -> Markup:
    """A difference in words, and its parts as a table to be opened."""
    text = tag("p", paragraph(why, option))
    if not option.parts:
        return text
    rows: list[list[Child]] = [
        [sentence_case(str(cell)) if k == 0 else str(cell) for k, cell in enumerate(row)] for row in part_rows(option)
    ]
    return join(text, trail(f"{sentence_case(plain_name(option.option))}, part by part", stacked(PARTS, rows)))

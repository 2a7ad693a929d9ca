"""Where it happens: which worlds have an answer among the highest."""

from __future__ import annotations

from foederis.analysis.boxes import Found, Restriction
from foederis.analysis.discover import Discovery
from foederis.report.brief.gather import Material
from foederis.report.brief.html import Child, Markup, join, tag
from foederis.report.brief.phrases import Section, asked, nothing, quantity_name, shower
from foederis.report.brief.tables import stacked
from foederis.report.quantities import quantity_range
from foederis.report.words import percent

TITLE = "In which worlds it is highest"
HEADS = (("Number", "q"), ("Limits", "w"), ("Holds in this part of all worlds", "w"), ("By chance", "w"))


def boxes(material: Material) -> Section | None:
    found = material.boxes
    if found is None:
        return nothing("boxes", TITLE, material.missing)
    box = next((box for box in found.boxes if box.restrictions), None)
    body = join(
        tag("h3", asked(found.case.questions[found.when.question])),
        tag("p", _reading(found), class_="legend"),
        _box(found, box) if box else tag("p", "No number sets these worlds apart from the others."),
    )
    return Section("boxes", TITLE, "Which worlds", body)


def _reading(found: Discovery) -> str:
    first, second = found.worlds
    limit = shower(True)(found.when.value)
    return (
        f"The worlds in which the answer is above {limit}, about the highest quarter, against all others. Limits were "
        f"sought in {len(first.cases):,} worlds and checked in {len(second.cases):,} others."
    )


def _box(found: Discovery, box: Found) -> Markup:
    first, second = found.worlds
    inside, elsewhere = box.offer.found, box.offer.elsewhere
    together = "the limit below holds" if len(box.restrictions) == 1 else "all limits below hold"
    text = (
        f"Where {together}, the answer is so high in {percent(inside.density)} of the worlds, against "
        f"{percent(first.share)} of all; {percent(inside.coverage)} of the highest lie there. In the worlds that were "
        f"not used to find this: {percent(elsewhere.density)}, against {percent(second.share)} of all."
    )
    note = "By chance: how likely the limit would do as well in the worlds for checking if it meant nothing."
    rows = [_row(found, item) for item in box.restrictions]
    return join(tag("p", text), stacked(HEADS, rows, "labelled"), tag("p", note, class_="legend"))


def _row(found: Discovery, item: Restriction) -> list[Child]:
    name = found.quantities[item.place]
    limits = quantity_range(found.case, name, item.lower, item.upper)
    return [quantity_name(name), limits, percent(item.share), "< 0.1 %" if item.p == 0 else percent(item.p)]

"""What is at risk: how much may be lost at the end, and how likely that is."""

from __future__ import annotations

from foederis.analysis.distribution import LossDistribution
from foederis.analysis.positions import Position
from foederis.analysis.risk import ExposureAtRisk, curve
from foederis.report.brief.gather import Material
from foederis.report.brief.html import Child, Markup, join, tag
from foederis.report.brief.phrases import Section, nothing, sentence_case
from foederis.report.brief.svg import Dates, Scale, line_chart, range_bar, scale_for
from foederis.report.brief.tables import data_table, stacked
from foederis.report.brief.through_time import top_of
from foederis.report.exposure import FEW_WORLDS
from foederis.report.words import percent, plain_name, points

STEPS = 40  # points of the curve


def exposures(material: Material) -> Section | None:
    found = material.exposure
    if found is None:
        return nothing("exposures", "What is at risk", material.missing)
    heads = [position for position in found.baseline.positions.values() if position.is_sum]
    parts = [tag("p", _reading(found), class_="legend"), *(_holder(found, head) for head in heads)]
    return Section("exposures", "What is at risk", "At risk", join(parts))


def _reading(found: ExposureAtRisk) -> str:
    return (
        f"What is lost at the end, over all courses that the crisis may take in {found.draws:,} possible worlds: "
        "chance and not knowing the numbers together. The bar holds the middle 90 % of these cases, the mark is their "
        f"mean. At risk: the loss that is not exceeded with {_level(found)}. Shortfall: the mean loss in the worst "
        f"{100 * (1 - found.level):.3g} % of cases."
    )


def _level(found: ExposureAtRisk) -> str:
    return f"{100 * found.level:.3g} %"


def _holder(found: ExposureAtRisk, head: Position) -> Markup:
    """One holder's exposures, or those of all: a sentence, a table and a curve."""
    losses = found.losses[head.name]
    who = sentence_case(plain_name(head.holder or head.name))
    members = [p for p in found.baseline.positions.values() if not p.is_sum and p.name in head.members]
    shown = [*members, head] if len(members) > 1 else members
    table = None
    if head.holder and shown:
        ends = [end for p in shown for end in _ends(found.losses[p.name])]
        heads = _heads(head.unit, found)
        table = stacked(heads, [_row(found, p, scale_for(ends)) for p in shown], "labelled risks")
    return join(
        tag("h3", f"Held by {who}" if head.holder else who),
        tag("p", sentence(found, head)),
        table,
        tag("div", _curve(head, losses), class_="multiples"),
        tag("p", _spread(losses)),
        _few(found, losses),
    )


def sentence(found: ExposureAtRisk, head: Position) -> str:
    """The losses of a holder in two sentences."""
    losses, level = found.losses[head.name], found.level
    mean, shortfall = (f"{points(x)} {head.unit}".strip() for x in (losses.mean, losses.shortfall(level)))
    nothing_lost = percent(1 - float(losses.exceeds(0.0)))
    return (
        f"{mean} are lost on average, and nothing with a probability of {nothing_lost}. In the worst "
        f"{100 * (1 - level):.3g} % of cases it is {shortfall} on average."
    )


def _ends(losses: LossDistribution) -> tuple[float, float, float]:
    return losses.quantile(0.05), losses.mean, losses.quantile(0.95)


def _heads(unit: str, found: ExposureAtRisk) -> list[tuple[str, str]]:
    mean = f"Mean, {unit}" if unit else "Mean"
    rest = [("Any loss", "v"), (mean, "v"), (f"At risk, {_level(found)}", "v"), ("Shortfall", "v")]
    return [("Exposure", "q"), ("", "b"), *rest]


def _row(found: ExposureAtRisk, position: Position, scale: Scale) -> list[Child]:
    losses = found.losses[position.name]
    name = "In all" if position.is_sum else sentence_case(plain_name(position.name))
    low, mean, high = _ends(losses)
    text = f"mean {points(mean)} {position.unit}; middle 90 % of cases {points(low)} to {points(high)}"
    at_risk, shortfall = losses.quantile(found.level), losses.shortfall(found.level)
    bar = range_bar(scale, low, mean, high, f"{name}: loss at the end", text)
    return [name, bar, percent(float(losses.exceeds(0.0))), points(mean), points(at_risk), points(shortfall)]


def _curve(head: Position, losses: LossDistribution) -> Markup | None:
    """How likely a larger loss is."""
    entries = curve(losses, STEPS)
    most = entries[-1]["loss"] if entries else 0.0
    if not most > 0:
        return None
    unit = f" {head.unit}" if head.unit else ""
    places = [entry["loss"] / most for entry in entries]
    shares = [entry["probability"] for entry in entries]
    named = [(0.0, "0"), (0.5, f"{most / 2:.4g}"), (1.0, f"{most:.4g}")]
    title = f"How likely a larger loss is: {sentence_case(plain_name(head.holder or head.name))}"
    title += f", {head.unit}" if head.unit else ""
    top = top_of(max(shares))
    labels = [(0.0, "0 %"), (top / 2, f"{50 * top:g} %"), (top, f"{100 * top:g} %")]
    described = f"More than nothing with {percent(shares[0])}; the largest loss that can be is {points(most)}{unit}."
    chart = line_chart(Dates(places, named), shares, shares, shares, Scale(0, top), labels, [""], title, described)
    rows = [[f"more than {points(entry['loss'])}{unit}", percent(entry["probability"])] for entry in entries]
    return tag("figure", tag("figcaption", title), chart, data_table(title, ("loss", "probability"), rows))


def _spread(losses: LossDistribution) -> str:
    """How much of the spread is chance, and how much not knowing the numbers."""
    whole = losses.between + losses.within
    if not whole > 0:
        return "The loss is the same in all cases."
    share = losses.between / whole
    return (
        f"Of the variance of this loss, {percent(1 - share)} is chance within a world, and {percent(share)} lies "
        "between worlds, since nobody knows the numbers."
    )


def _few(found: ExposureAtRisk, losses: LossDistribution) -> Markup | None:
    worlds = losses.worlds_in_tail(found.level)
    if worlds >= FEW_WORLDS:
        return None
    text = (
        f"Little to go by: the worst {100 * (1 - found.level):.3g} % of cases rest on about {round(worlds):,} worlds."
    )
    return tag("p", text, class_="note")

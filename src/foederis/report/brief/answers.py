"""The answer: a table with a bar for each question, which the page can switch to any what-if."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from foederis.analysis.answers import Estimate
from foederis.analysis.asking import is_share
from foederis.report.brief.gather import Material
from foederis.report.brief.html import Markup, join, tag
from foederis.report.brief.phrases import Section, asked, band, left_out, shower
from foederis.report.brief.svg import SHARES, Scale, axis, range_bar, scale_for
from foederis.report.text import question_text, question_unit
from foederis.report.words import change, percent, plain_name, points, probability_word

PERCENT_TICKS = [(0.0, "0 %"), (0.25, ""), (0.5, "50 %"), (0.75, ""), (1.0, "100 %")]


def answers(material: Material) -> Section | None:
    shares = estimates(material, True)
    amounts = estimates(material, False)
    if not shares and not amounts:
        return None
    tables = [
        _table(material, shares, "Probabilities", SHARES) if shares else None,
        _table(material, amounts, "Amounts", None) if amounts else None,
    ]
    return Section("answer", "The answer", "The answer", join(_switch(material), tables))


def estimates(material: Material, share: bool) -> list[str]:
    """The questions with one number as their answer: probabilities, or the others."""
    questions = material.case.questions
    return [
        name
        for name, reply in material.answer.questions.items()
        if isinstance(reply, Estimate) and is_share(questions[name]) is share
    ]


def scale_of(material: Material, name: str) -> Scale:
    """The axis of a question's bars, wide enough for every what-if."""
    if is_share(material.case.questions[name]):
        return SHARES
    replies = [material.answer.questions[name]]
    replies += [w.questions[name] for w in material.compared.what_ifs.values() if name in w.difference]
    ends = [end for reply in replies if isinstance(reply, Estimate) for end in (reply.p05, reply.p95, reply.mean)]
    return scale_for(ends)


def _switch(material: Material) -> Markup | None:
    """The choice between the file as it stands and its what-ifs; hidden until a script can serve it."""
    if not material.compared.what_ifs:
        return None
    case = material.case
    options = [tag("option", "as the file stands", value="")]
    for name in material.compared.what_ifs:
        options.append(tag("option", f"what if: {case.whatifs[name].says or plain_name(name)}", value=name))
    worlds = f"the first {material.compared.draws:,} of the {material.answer.draws:,} worlds"
    if material.compared.draws == material.answer.draws:
        worlds = f"the same {material.answer.draws:,} worlds"
    return tag(
        "div",
        tag("label", "Show the answer ", tag("select", options, id="what-if"), for_="what-if"),
        tag("p", f"What-ifs are solved in {worlds}; changes are taken world by world.", class_="legend"),
        tag("p", "", id="what-if-said", class_="said", role="status"),
        class_="switch",
        hidden=True,
    )


def _table(material: Material, names: Sequence[str], title: str, scale: Scale | None) -> Markup:
    """Rows of questions; with a scale, one axis stands above all bars."""
    above = axis(scale, PERCENT_TICKS, "Scale of the bars, 0 to 100 %") if scale else "each on a scale of its own"
    head = [("Question", "q"), (above, "b"), ("Mean", "v"), ("Middle 90 % of worlds", "n between")]
    last = [("In words" if scale else "", "w")]
    cells = [tag("th", text, scope="col", role="columnheader", class_=kind) for text, kind in [*head, *last]]
    moved = tag("th", "Change, world by world", scope="col", role="columnheader", class_="n moved", hidden=True)
    return tag(
        "table",
        tag("caption", title),
        tag("thead", tag("tr", cells[:-1], moved, cells[-1], role="row"), role="rowgroup"),
        tag("tbody", [_row(material, name) for name in names], role="rowgroup"),
        class_="stack",
        role="table",
    )


def _row(material: Material, name: str) -> Markup:
    question, reply = material.case.questions[name], material.answer.questions[name]
    assert isinstance(reply, Estimate)
    share, scale = is_share(question), scale_of(material, name)
    unit = question_unit(material.case, question)
    text = question_text(question)
    value, between = with_unit(shower(share)(reply.mean), unit), band(reply, share)
    note = left_out(material.answer, reply)
    bar = join("–")
    if math.isfinite(reply.mean):
        bar = range_bar(scale, reply.p05, reply.mean, reply.p95, text, spoken(value, between))
    said = join(asked(question), tag("small", f" {note}") if note else None)
    empty = tag("span", "", class_="unbroken")  # filled by the switch
    cells = [
        tag("th", said, scope="row", role="rowheader", class_="q"),
        tag("td", bar, role="cell", class_="b"),
        tag("td", value, role="cell", class_="v value"),
        tag("td", tag("span", between, class_="unbroken"), role="cell", class_="n between"),
        tag("td", empty, " ", empty, role="cell", class_="n moved", hidden=True),
        tag("td", probability_word(reply.mean) if share else "", role="cell", class_="w word"),
    ]
    return tag("tr", cells, role="row", data_question=name)


def with_unit(text: str, unit: str) -> str:
    return f"{text} {unit}".strip()


def spoken(value: str, between: str) -> str:
    """What a bar says to those who do not see it."""
    return f"mean {value}; middle 90 % of worlds {between}" if between else value


def switch_data(material: Material) -> dict[str, Any]:
    """What the page shows for each what-if and question: texts, and the places of the bar in percent."""
    baseline = {
        name: _entry(material, name, material.answer.questions[name], None)
        for share in (True, False)
        for name in estimates(material, share)
    }
    found: dict[str, Any] = {"": {"said": "", "rows": baseline}}
    for name, whatif in material.compared.what_ifs.items():
        rows = {
            asked: _entry(material, asked, whatif.questions[asked], difference)
            for asked, difference in whatif.difference.items()
            if asked in baseline
        }
        said = material.case.whatifs[name].says or plain_name(name)
        if whatif.changes_nothing:
            said += " It changes no answer."
        found[name] = {"said": f"What if: {said}", "rows": rows}
    return found


def _entry(material: Material, name: str, reply: Any, difference: Any) -> dict[str, Any]:
    question, scale = material.case.questions[name], scale_of(material, name)
    share = is_share(question)
    value = with_unit(shower(share)(reply.mean), question_unit(material.case, question))
    between = band(reply, share)
    places = [round(scale.at(x), 2) if math.isfinite(x) else None for x in (reply.p05, reply.mean, reply.p95)]
    entry = {"value": value, "between": between, "places": places, "spoken": spoken(value, between)}
    if share:
        entry["word"] = probability_word(reply.mean)
    if difference is not None:
        entry["moved"], _, around = moved(difference, share).partition(" ")
        entry["around"] = around
    return entry


def moved(difference: Estimate, share: bool) -> str:
    """`+0.4 points (−0.1 to +2.0)`."""
    show = change if share else lambda value: points(value, signed=True)
    around = ""
    if len(difference.defined) > 1:
        around = f" ({show(difference.p05)} to {show(difference.p95)})"
    return f"{show(difference.mean)}{around}"


def share_text(estimate: Estimate) -> str:
    """A probability and its band."""
    between = band(estimate, True)
    return f"{percent(estimate.mean)} ({between})" if between else percent(estimate.mean)

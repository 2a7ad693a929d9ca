"""What-ifs side by side: for each question, how far each would move its answer, world by world."""

from __future__ import annotations

from collections.abc import Mapping

from foederis.analysis.answers import Estimate, FirstTime, Reply
from foederis.analysis.asking import is_share
from foederis.language.case import Case, Question
from foederis.report.brief.answers import moved, with_unit
from foederis.report.brief.gather import Material
from foederis.report.brief.html import Child, Markup, join, tag
from foederis.report.brief.phrases import Section, asked, sentence_case, shower
from foederis.report.brief.svg import Scale, axis, range_bar, scale_for
from foederis.report.brief.tables import more, stacked
from foederis.report.setting import differently_text, open_texts
from foederis.report.text import question_unit
from foederis.report.words import counted, plain_name

VISIBLE = 3
# Changes that stay below this are named and not drawn: a probability in itself, an amount as a part of what it is now.
SMALL_SHARE, SMALL_PART = 0.01, 0.02
HEADS = (("What if", "q"), ("", "b"), ("Change", "n"), ("Then", "v"))


def what_ifs(material: Material) -> Section | None:
    found = material.compared.what_ifs
    if not found:
        return None
    tables = [_question(material, name) for name in _compared(material)]
    hidden = tables[VISIBLE:]
    body = join(
        tag("p", _reading(material), class_="legend"),
        _silent(material),
        tables[:VISIBLE],
        more(f"The same for {counted(len(hidden), 'more question')}", hidden) if hidden else None,
        _notes(material),
    )
    return Section("what-ifs", "What if? Side by side", "What if", body)


def _reading(material: Material) -> str:
    few, many = material.compared.draws, material.answer.draws
    worlds = f"the first {few:,} of the {many:,} worlds" if few < many else f"the same {many:,} worlds"
    return (
        f"Each what-if changes the file and is solved in {worlds}. What is shown is the difference that it makes, "
        "world by world; the band is the middle 90 % of the worlds, the upright line no change. A filled mark: nine "
        "worlds in ten or more agree on the direction. A hollow one: they do not. Changes of probabilities are in "
        "percentage points; the largest come first."
    )


def _compared(material: Material) -> list[str]:
    """Questions of which at least one what-if gives a difference."""
    asked = material.answer.questions
    return [name for name in asked if any(name in w.difference for w in material.compared.what_ifs.values())]


def _silent(material: Material) -> Markup | None:
    """What-ifs that change nothing, said before anything else."""
    found = material.compared.what_ifs
    still = [_said(material.case, name) for name, whatif in found.items() if whatif.changes_nothing]
    return tag("p", "Changes no answer at all: ", " ".join(still), class_="note") if still else None


def _said(case: Case, name: str) -> str:
    """A what-if as a sentence."""
    said = case.whatifs[name].says or sentence_case(plain_name(name))
    return said if said[-1:] in ".!?" else f"{said}."


def plain(reply: Reply) -> Estimate:
    """The one number of an answer; for a question with `first`, whether it happens at all."""
    return Estimate(1 - reply.never) if isinstance(reply, FirstTime) else reply


def turned(difference: Reply) -> Estimate:
    """The same for a difference."""
    return Estimate(-difference.never) if isinstance(difference, FirstTime) else difference


def agreed(difference: Estimate) -> bool:
    """Whether nine worlds in ten or more agree with the mean on the direction."""
    if not len(difference.defined) or difference.mean == 0:
        return False
    sign = 1 if difference.mean > 0 else -1
    return float((sign * difference.defined > 0).mean()) >= 0.9


def reach(difference: Estimate) -> float:
    """How far a change goes, in the mean or at either end of its band."""
    if not len(difference.defined):
        return 0.0
    return max(abs(difference.mean), abs(difference.p05), abs(difference.p95))


def _question(material: Material, name: str) -> Markup:
    case, found = material.case, material.compared.what_ifs
    question = case.questions[name]
    share = is_share(question)
    differences = {what: turned(w.difference[name]) for what, w in found.items() if name in w.difference}
    base = plain(material.compared.questions[name])
    small = SMALL_SHARE if share else SMALL_PART * abs(base.mean)
    drawn = {what: change for what, change in differences.items() if reach(change) >= small}
    now = with_unit(shower(share)(base.mean), question_unit(case, question))
    at_all = ", at any time" if question.form == "first" else ""
    title = tag("h3", asked(question), f"{at_all} ", tag("small", f"As things stand: {now}"))
    return join(
        title,
        _table(material, question, drawn) if drawn else None,
        _small(case, [what for what in differences if what not in drawn], share),
    )


def _table(material: Material, question: Question, drawn: Mapping[str, Estimate]) -> Markup:
    ends = [end for change in drawn.values() for end in (change.p05, change.mean, change.p95)]
    scale, share = scale_for(ends, symmetric=True), is_share(question)
    rows: list[list[Child]] = []
    for what in sorted(drawn, key=lambda what: -reach(drawn[what])):
        change, then = drawn[what], plain(material.compared.what_ifs[what].questions[question.name])
        text = moved(change, share)
        label = _said(material.case, what)
        bar = range_bar(scale, change.p05, change.mean, change.p95, label, f"change {text}", hollow=not agreed(change))
        rows.append([label, bar, text, shower(share)(then.mean)])
    return stacked((HEADS[0], (_axis(scale, share), "b"), *HEADS[2:]), rows, "labelled")


def _axis(scale: Scale, share: bool) -> Markup:
    labels = [(value, _short(value, share)) for value in scale.ticks(4)]
    return axis(scale, labels, "Scale of the changes")


def _short(value: float, share: bool) -> str:
    text = f"{100 * value:+g}" if share else f"{value:+g}"
    return "0" if abs(value) < 1e-12 else text.replace("-", "−")


def _small(case: Case, names: list[str], share: bool) -> Markup | None:
    """What hardly matters for a question, in one line."""
    if not names:
        return None
    limit = "1 percentage point" if share else "2 % of what it is now"
    said = " ".join(_said(case, name) for name in names)
    return tag("p", f"Less than {limit} either way: {said}", class_="legend")


def _notes(material: Material) -> Markup | None:
    """Imposed moves that were not always open, where the what-if leaves play as it was; and what is asked otherwise."""
    notes = []
    for name, whatif in material.compared.what_ifs.items():
        texts = open_texts(whatif.imposed_open)
        if whatif.asked_differently:
            texts.append(differently_text(whatif.asked_differently))
        notes += [tag("li", f"{_said(material.case, name)} {text}") for text in texts]
    return tag("ul", notes, class_="notes") if notes else None

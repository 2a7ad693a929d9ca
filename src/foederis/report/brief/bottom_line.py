"""The bottom line: every question answered in a sentence, and what that rests on."""

from __future__ import annotations

import numpy as np

from foederis.analysis.answers import Answer, Estimate, FirstTime, Reply
from foederis.analysis.asking import is_share
from foederis.language.case import Question
from foederis.report.beliefs import doubts_of as doubts_of_beliefs
from foederis.report.brief import drivers, tipping
from foederis.report.brief.gather import Material
from foederis.report.brief.html import Markup, join, tag
from foederis.report.brief.phrases import (
    Section,
    asked,
    band,
    left_out,
    moment,
    sentence_case,
    shower,
    words_of_band,
)
from foederis.report.claims import count_text
from foederis.report.text import question_unit
from foederis.report.together import doubts_of
from foederis.report.words import counted, percent, probability_word

LEADING = 3


def bottom_line(material: Material) -> Section:
    answer = material.answer
    said = [sentence(answer, name, full=place < LEADING) for place, name in enumerate(answer.questions)]
    leading = tag("ul", [tag("li", item) for item in said[:LEADING]], class_="lead")
    rest = tag("ul", [tag("li", item) for item in said[LEADING:]], class_="rest") if said[LEADING:] else None
    reading = tag("p", _how_to_read(answer), class_="legend")
    body = join(
        leading, rest, _doubts(material), reading, tag("ul", _in_short(material), _rests_on(answer), class_="short")
    )
    return Section("bottom-line", "Bottom line", "Bottom line", body)


def _doubts(material: Material) -> list[Markup]:
    """Fixed points, of simultaneous moves and of beliefs, that cannot be relied on."""
    moves = [("", move) for move in material.answer.together]
    moves += [(name, move) for name, found in material.compared.what_ifs.items() for move in found.together]
    said = [(name, line) for name, move in moves for line in doubts_of(move)]
    beliefs = [("", material.answer.beliefs)]
    beliefs += [(name, found.beliefs) for name, found in material.compared.what_ifs.items()]
    said += [(name, line) for name, found in beliefs if found is not None for line in doubts_of_beliefs(found)]
    return [tag("p", tag("strong", f"What if {name}: " if name else "Mind: "), line) for name, line in said]


def _in_short(material: Material) -> list[Markup]:
    """What the sections further down come to, a line each."""
    lines: list[tuple[str, str, str]] = []
    if material.drivers is not None:
        lines.append(("What moves it. ", drivers.headline(material.drivers), "drivers"))
    if material.tipping is not None:
        lines.append(("Where it turns. ", tipping.headline(material.tipping), "tipping"))
    if material.claims is not None:
        lines.append(("Claims. ", count_text(material.claims), "claims"))
    return [
        tag("li", tag("strong", title), text, " ", tag("a", "More", href=f"#{place}", aria_label=f"More: {title}"))
        for title, text, place in lines
    ]


def sentence(answer: Answer, name: str, *, full: bool = True) -> Markup:
    """A question and its answer: the word, the number, and the band; in full, also the words that the band reaches."""
    question, reply = answer.case.questions[name], answer.questions[name]
    return join(tag("span", asked(question), class_="asked"), " ", _reply(answer, question, reply, full))


def _reply(answer: Answer, question: Question, reply: Reply, full: bool) -> Markup:
    missing = left_out(answer, reply)
    if missing and reply.left_out == answer.draws:
        return join(tag("strong", "No answer"), f": {missing}.")
    note = f", {missing}" if missing else ""
    if isinstance(reply, FirstTime):
        return _first(answer, reply, note)
    share = is_share(question)
    between = band(reply, share)
    around = f" ({between})" if between else ""
    if not share:
        unit = question_unit(answer.case, question)
        return join(tag("strong", f"{shower(False)(reply.mean)} {unit}".strip()), f" on average{around}{note}.")
    reach = words_of_band(reply)
    across = f"; {reach} across the worlds" if full and reach and between else ""
    word = sentence_case(probability_word(reply.mean))
    return join(tag("strong", word), f", {percent(reply.mean)}{around}{across}{note}.")


def _first(answer: Answer, reply: FirstTime, note: str) -> Markup:
    """When a condition first holds: by the last step, and by when it is as likely as not."""
    total = np.cumsum(np.nanmean(reply.by_step, axis=0))
    by_end = Estimate(1 - reply.never)
    word = sentence_case(probability_word(by_end.mean))
    last = moment(answer.case, len(total) - 1)
    between = band(by_end, True)
    reached = np.flatnonzero(total >= 0.5)
    even = f"; an even chance by {moment(answer.case, int(reached[0]))}" if len(reached) and reached[0] else ""
    around = f" ({between})" if between else ""
    return join(tag("strong", word), f" by {last}, {percent(by_end.mean)}{around}{even}{note}.")


def _how_to_read(answer: Answer) -> str:
    """One paragraph that tells chance from doubt."""
    if answer.draws == 1:
        return "Worked out in one possible world, so there is no band."
    return (
        f"In brackets: the middle 90 % of {answer.draws:,} possible worlds, that is, how far the answer depends on "
        "the numbers that nobody knows for sure. The percentage itself is chance inside such worlds. The words are "
        "those of Intelligence Community Directive 203. A narrow band does not mean that the answer is right, but "
        "that the stated ranges hardly matter for it."
    )


def _rests_on(answer: Answer) -> Markup:
    """How many numbers rest on a source, in a sentence."""
    numbers = answer.case.numbers
    total = sum(numbers.values())
    if not total:
        return tag("li", "The file holds no numbers.")
    sourced, reasoned, bare = (numbers.get(key, 0) for key in ("sourced", "reasoned", "bare"))
    rest = "rests" if sourced == 1 else "rest"
    return tag(
        "li",
        tag("strong", "What this rests on. "),
        f"Of the {counted(total, 'number')} in the file, {sourced:,} {rest} on a source, {reasoned:,} on a stated "
        f"reason of the author’s, and {bare:,} on nothing that is stated. ",
        tag("a", "More", href="#assumptions", aria_label="More: What this rests on"),
    )

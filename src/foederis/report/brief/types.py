"""Private types: who has them, what each type does first, and the answers type by type."""

from __future__ import annotations

from collections.abc import Mapping

from foederis.analysis.answers import Answer, Estimate
from foederis.analysis.asking import is_share
from foederis.report.beliefs import FEW, by_type, followed_text, labels_of, types_text
from foederis.report.brief.gather import Material
from foederis.report.brief.html import Child, Markup, join, tag
from foederis.report.brief.phrases import Section, asked, sentence_case
from foederis.report.brief.tables import stacked
from foederis.report.words import plain_name

READING = (
    "Only the actor knows its type. The others hold each type for as likely as said here when the crisis begins, and "
    "learn from what they see. The means over the possible worlds, if the actor has the type that stands above:"
)


def types_section(material: Material) -> Section | None:
    answer = material.answer
    if not answer.types:
        return None
    followed = followed_text(answer.beliefs) if answer.beliefs else ""
    body = join(
        tag("p", plain_name(types_text(answer))),
        tag("p", READING, class_="legend"),
        _questions(material),
        [_first(material, actor) for actor in answer.types],
        tag("p", FEW, class_="legend") if answer.standing else None,
        tag("p", followed, class_="legend"),
    )
    return Section("types", "Answers by private type", "By type", body)


def _questions(material: Material) -> Markup | None:
    questions = material.case.questions
    replies = {
        name: reply
        for name, reply in material.answer.questions.items()
        if isinstance(reply, Estimate) and reply.by_type
    }
    return _table(
        material.answer, "Question", {asked(questions[n]): (r, is_share(questions[n])) for n, r in replies.items()}
    )


def _first(material: Material, actor: str) -> Markup | None:
    """What each type of an actor does first."""
    moves = material.answer.first_moves.get(actor, {})
    table = _table(
        material.answer,
        "Option",
        {join(sentence_case(plain_name(option))): (share, True) for option, share in moves.items()},
    )
    return join(tag("h3", f"{sentence_case(plain_name(actor))}, first"), table) if table else None


def _table(answer: Answer, title: str, replies: Mapping[Markup, tuple[Estimate, bool]]) -> Markup | None:
    """A row for each reply, a column for each type."""
    if not replies:
        return None
    names = labels_of(answer, next(iter(replies.values()))[0])
    heads = [(title, "q"), *((plain_name(name), "v") for name in names)]
    rows: list[list[Child]] = [[text, *by_type(*reply)] for text, reply in replies.items()]
    return stacked(heads, rows, "labelled")

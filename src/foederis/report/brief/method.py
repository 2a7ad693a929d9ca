"""The method in plain words, and what the brief is not for."""

from __future__ import annotations

from foederis.report.beliefs import followed_text
from foederis.report.brief.gather import Material
from foederis.report.brief.html import join, tag
from foederis.report.brief.phrases import Section
from foederis.report.together import found_of

HOW = (
    "The crisis is written down as a game: who can do what and when, what can happen by chance, and what each side "
    "wants. The numbers that nobody knows for sure are ranges.",
    "Each range is drawn many times. Each draw is one possible world, in which all numbers are known, and the game is "
    "solved exactly there. Actors look ahead, expect the others to look ahead too, and choose better options more "
    "often than worse ones, but not always: the smaller the difference, the more often they err (logit quantal "
    "response).",
    "The answer to a question is its mean over the worlds. The band is the middle 90 % of them.",
    "A what-if changes the file and is solved in the same worlds, so that the difference is due to the change alone.",
    "A second piece of code checks every solution without using the code that found it.",
)
NOT_FOR = (
    "It is no forecasting machine. It works out what follows from the stated assumptions; its percentages have not "
    "been held against past crises.",
    "It is no oracle on one leader’s mind. In the game, everybody knows the numbers of the world that they live in; "
    "only we do not.",
    "What is not in the file is not in the answer: actors, options or events that nobody thought of. No band shows "
    "them.",
    "It should decide nothing by itself.",
)


TOGETHER = (
    "Where turns are taken at the same time, everybody’s choice answers to everybody else’s. Of several ways in "
    "which that can hold, the one is taken that is come to from even odds when all become more rational together."
)

BELIEFS = (
    "What an actor alone knows of itself is its type. The others learn of it by Bayes’ rule from what they see, and "
    "the actor knows that they do. Where a choice tells something, choices and beliefs answer to each other. Of "
    "several ways in which that can hold, the one is taken that is come to from even odds as all become more rational."
)


def method(material: Material) -> Section:
    moves = [TOGETHER, *map(found_of, material.answer.together)] if material.answer.together else []
    beliefs = material.answer.beliefs
    told = [BELIEFS, followed_text(beliefs)] if beliefs else []
    body = join(
        tag("ol", [tag("li", text) for text in (*HOW, *moves, *told)]),
        tag("h3", "What it is not for"),
        tag("ul", [tag("li", text) for text in NOT_FOR]),
    )
    return Section("method", "How this was worked out, and what it is not for", "Method", body)

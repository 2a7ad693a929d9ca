"""What each actor does first, and whether it ever does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from foederis.analysis.answers import Estimate
from foederis.language.case import Turn
from foederis.report.brief.answers import share_text, spoken
from foederis.report.brief.gather import Material
from foederis.report.brief.html import Child, Markup, join, tag
from foederis.report.brief.phrases import Section, sentence_case
from foederis.report.brief.svg import SHARES, range_bar
from foederis.report.brief.tables import stacked
from foederis.report.words import percent, plain_name

HEADS = (("Option", "q"), ("In the first step", "b"), ("", "n"), ("At any time", "b"), ("", "n"))
LATER = (HEADS[0], *HEADS[3:])


def moves(material: Material) -> Section | None:
    answer = material.answer
    if not answer.ever_taken:
        return None
    seen: set[str] = set()
    parts = []
    for turn in answer.case.turns:
        ever = answer.ever_taken.get(turn.name)
        if ever:
            first = {} if turn.actor in seen else answer.first_moves.get(turn.actor, {})
            seen.add(turn.actor)
            mates = [other.name for other in answer.case.turns if other.together == turn.together and other is not turn]
            parts.append(_turn(turn, first, ever, mates if turn.together is not None else ()))
    reading = (
        "Bars run from 0 to 100 %: the mark is the mean over the possible worlds, the band the middle 90 % of them. An "
        "actor that is not asked in the first step, or lets its turn pass, takes none of its options there."
    )
    return Section("moves", "First moves of each actor", "First moves", join(tag("p", reading, class_="legend"), parts))


def _turn(
    turn: Turn, first: Mapping[str, Estimate], ever: Mapping[str, Estimate], others: Sequence[str] = ()
) -> Markup:
    who = plain_name(turn.actor)
    title = who if turn.name == turn.actor else f"{who}, in the turn “{plain_name(turn.name)}”"
    rows = [
        [
            turn.options[name].says or plain_name(name),
            *(_share(f"{who}, {plain_name(name)}, in the first step", first.get(name)) if first else ()),
            *_share(f"{who}, {plain_name(name)}, at any time", share),
        ]
        for name, share in ever.items()
    ]
    rest = 1 - sum(share.mean for share in first.values()) if first else 0.0
    beside = [plain_name(other) for other in others]
    same = tag("p", f"At the same time as {' and '.join(beside)}.", class_="legend") if beside else None
    passed = tag("p", f"Not asked in the first step, or lets it pass: {percent(rest)}.", class_="legend")
    return join(
        tag("h3", sentence_case(title)),
        same,
        stacked(HEADS if first else LATER, rows, "moves labelled"),
        passed if rest > 0.0005 else None,
    )


def _share(title: str, share: Estimate | None) -> list[Child]:
    if share is None:
        return ["", ""]
    text = share_text(share)
    value, _, between = text.partition(" (")
    return [range_bar(SHARES, share.p05, share.mean, share.p95, title, spoken(value, between.rstrip(")"))), text]

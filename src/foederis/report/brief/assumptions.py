"""Every quantity with its range and what it rests on: the weakest first."""

from __future__ import annotations

import numpy as np

from foederis.analysis.driver_results import Drivers
from foederis.language.case import Because, Case, Quantity, Reasons
from foederis.report.bars import part
from foederis.report.brief.drivers import matter
from foederis.report.brief.evidence import (
    CREDIBILITY,
    FOLLOWS,
    JUDGEMENT,
    NOTHING,
    RELIABILITY,
    RESTS_ON,
    SOURCE,
    grade,
    is_uncertain,
    items,
    standing,
    standing_of,
)
from foederis.report.brief.gather import Material
from foederis.report.brief.html import Child, Markup, join, tag
from foederis.report.brief.phrases import Section, quantity_name
from foederis.report.brief.tables import more, stacked, trail
from foederis.report.words import counted, percent, points

HEADS = (
    ("Number", "q"),
    ("Range or value", "range"),
    ("Rests on", "w"),
    ("Moves the first answer", "share"),
    ("Because", "why"),
)
VISIBLE = 15
# What the game consists of beside its numbers.
STRUCTURE = ("actor", "variable", "fact", "treaty", "exposure", "turn", "option", "event", "outcome", "interest")


def assumptions(material: Material) -> Section:
    case, driven = material.case, material.drivers
    order = sorted(case.quantities.values(), key=lambda q: (-_rank(matter(driven, q.name)), *_weakness(case, q)))
    counts = {level: sum(standing_of(q) == level for q in order) for level in RESTS_ON}
    rows = [_row(case, quantity, matter(driven, quantity.name)) for quantity in order]
    body = join(
        tag("p", _counted(case, counts), class_="note"),
        tag("p", _reading(driven), class_="legend"),
        stacked(HEADS, rows[:VISIBLE]) if rows else None,
        more(f"The other {counted(len(rows) - VISIBLE, 'number')}", stacked(HEADS, rows[VISIBLE:]))
        if len(rows) > VISIBLE
        else None,
        _correlations(case),
        _structure(case),
    )
    return Section("assumptions", "What is assumed", "Assumptions", body)


def _weakness(case: Case, quantity: Quantity) -> tuple[int, int, str, str]:
    """The order of the table: by how little a number rests on; uncertain ones before fixed ones."""
    graded = grade(case, quantity.because)
    worst_first = "".join(chr(255 - ord(sign)) if sign != "–" else "\0" for sign in graded)
    return standing_of(quantity), 0 if is_uncertain(quantity) else 1, worst_first, quantity.name


def _counted(case: Case, counts: dict[int, int]) -> str:
    total = len(case.quantities)
    if not total:
        return "The file names no quantities."
    uncertain = sum(is_uncertain(quantity) for quantity in case.quantities.values())
    said = {
        NOTHING: "without any stated reason",
        JUDGEMENT: "on the author’s judgement, with a reason",
        FOLLOWS: "worked out from others",
        SOURCE: "on a source",
    }
    parts = [f"{counts[level]:,} {words}" for level, words in said.items() if counts[level]]
    return f"{counted(total, 'named number')}, {uncertain:,} of them uncertain. What they rest on: {'; '.join(parts)}."


def _rank(share: float) -> float:
    """Shares of a percent or less do not put one number before another."""
    return share if share > 0.01 else 0.0


def _reading(driven: Drivers | None) -> str:
    first = "Those that rest on least come first. "
    if driven is not None:
        first = "Those on which the first answer hangs most come first, and among the others those that rest on least. "
    return (
        f"{first}“2 to 8” is a range that should hold the true number nine times out of "
        "ten. Grades are those of the Admiralty code: a letter for the source, from A (completely reliable) to F "
        "(cannot be judged), and a digit for the statement, from 1 (confirmed) to 6 (cannot be judged); – is not "
        "graded."
    )


def _row(case: Case, quantity: Quantity, share: float) -> list[Child]:
    level = standing_of(quantity)
    flag = tag("span", RESTS_ON[level], class_=f"rests-{level}")
    return [
        join(quantity_name(quantity.name), tag("small", " where it stands" if quantity.inline else None)),
        _range(quantity),
        join(flag, graded(case, quantity.because), between=" "),
        part(share) if share > 0.01 else "",
        [tag("p", reason(because)) for because in quantity.because],
    ]


def _range(quantity: Quantity) -> Markup:
    """What the author wrote, the unit, and for other forms than an interval where the middle 90 % lie."""
    text = f"{quantity.text} {quantity.unit}".strip()
    distribution = quantity.distribution
    if distribution is None or (distribution.family.endswith("normal") and " to " in quantity.text):
        return join(text)
    show = percent if "%" in quantity.text else points
    low, high = (show(float(end)) for end in distribution.quantile(np.array([0.05, 0.95])))
    return join(text, tag("small", f" {low} to {high} in nine of ten"))


def graded(case: Case, because: Reasons) -> Markup:
    """The grade of what an item rests on, with its meaning where a pointer rests on it."""
    text = grade(case, because)
    if not text:
        return join()
    letter, digit = text[0], text[1:]
    words = [RELIABILITY.get(letter, "source not graded")]
    words.append(CREDIBILITY[int(digit)] if digit.isdigit() else "statement not graded")
    return tag("abbr", text, title=", ".join(words))


def reason(because: Because) -> Markup:
    """A reason: what is said, the quote, and the source with the place in it."""
    parts: list[Child] = [because.says, tag("q", because.quote) if because.quote else None]
    if because.source:
        link = tag("a", because.source, href=f"#source-{because.source}")
        parts.append(tag("small", link, f", {because.where}" if because.where else None))
    elif because.where:
        parts.append(tag("small", because.where))
    return join(*parts, between=" ")


def _correlations(case: Case) -> Markup | None:
    if not case.correlated:
        return None
    pairs = [
        tag(
            "li",
            quantity_name(tie.first),
            " and ",
            quantity_name(tie.second),
            f": {tie.correlation:+g}".replace("-", "−"),
        )
        for tie in case.correlated
    ]
    return join(tag("h3", "Numbers that go together"), tag("ul", pairs))


def _structure(case: Case) -> Markup | None:
    """What the rest of the file rests on: who can do what, what can happen, what each side wants."""
    rows: list[list[Child]] = [
        [
            f"{item.kind} {item.name}",
            RESTS_ON[standing(item.because)],
            [tag("p", reason(because)) for because in item.because],
        ]
        for item in items(case)
        if item.kind in STRUCTURE and item.because
    ]
    bare = sum(item.kind in STRUCTURE and not item.because for item in items(case))
    if not rows:
        return None
    title = f"What the rest of the file rests on ({counted(len(rows), 'part')} with a reason, {bare:,} without)"
    return trail(title, stacked((("Part", "q"), ("Rests on", "w"), ("Because", "why")), rows))

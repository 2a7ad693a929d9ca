"""What the numbers of a case rest on: from nothing stated, over the author's reason, to a graded source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from foederis.language.case import Case, Quantity, Reasons

NOTHING, JUDGEMENT, FOLLOWS, SOURCE = range(4)
RESTS_ON = {NOTHING: "nothing stated", JUDGEMENT: "judgement", FOLLOWS: "other numbers", SOURCE: "a source"}
RELIABILITY = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "reliability cannot be judged",
}
CREDIBILITY = {
    1: "confirmed by others",
    2: "probably true",
    3: "possibly true",
    4: "doubtful",
    5: "improbable",
    6: "truth cannot be judged",
}


@dataclass(frozen=True)
class Cited:
    """An item of the file with its reasons: `kind` is what it is, `name` its path."""

    kind: str
    name: str
    because: Reasons


def standing(because: Reasons) -> int:
    """What an item rests on: NOTHING, its author's JUDGEMENT, or a SOURCE."""
    if any(reason.source for reason in because):
        return SOURCE
    return JUDGEMENT if because else NOTHING


def standing_of(quantity: Quantity) -> int:
    """The same for a quantity; one that is worked out from others FOLLOWS from them, if nothing else is said."""
    found = standing(quantity.because)
    reads_others = quantity.expression is not None and bool(quantity.expression.quantities)
    return FOLLOWS if found == NOTHING and reads_others else found


def grade(case: Case, because: Reasons) -> str:
    """The best grade of the sources of an item in the Admiralty code, as `B2`; what is not graded is `–`."""
    grades = []
    for reason in because:
        if reason.source:
            reliability = case.sources[reason.source].reliability if reason.source in case.sources else ""
            grades.append(f"{reliability or '–'}{reason.credibility or '–'}")
    return min(grades, default="", key=lambda text: text.replace("–", "~"))


def is_uncertain(quantity: Quantity) -> bool:
    return quantity.distribution is not None


def items(case: Case) -> Iterator[Cited]:
    """Everything in a case that may carry a reason, in the order of the file."""
    for kind, mapping in (
        ("actor", case.actors),
        ("variable", case.variables),
        ("fact", case.facts),
        ("quantity", case.quantities),
        ("treaty", case.treaties),
        ("exposure", case.exposures),
    ):
        for name, item in mapping.items():
            yield Cited(kind, name, item.because)
    for turn in case.turns:
        yield Cited("turn", turn.name, turn.because)
        for option in turn.options.values():
            yield Cited("option", f"{turn.name}.{option.name}", option.because)
    for event in case.events:
        yield Cited("event", event.name, event.because)
        for outcome in event.outcomes.values():
            if outcome.name != event.name:
                yield Cited("outcome", f"{event.name}.{outcome.name}", outcome.because)
    for interest in case.interests:
        yield Cited("interest", f"{interest.actor}.{interest.name}", interest.because)
    for kind, asked in (("question", case.questions), ("what-if", case.whatifs), ("claim", case.claims)):
        for name, found in asked.items():
            yield Cited(kind, name, found.because)

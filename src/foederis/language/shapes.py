"""Every key of the crisis file: where it may stand, what it holds and what it means.

One table serves the reader (unknown and missing keys), the JSON Schema and the documentation, so the three
cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# What stands at a key: one of these words, or a Shape, or OneOf two, or MapOf / ListOf of any.
#   text, name, number, condition, word, integer, date, period, levels, value (anything)

PROVISIONS = ("defense", "offense", "neutrality", "nonaggression", "consultation")
PAID = ("each_step", "at_end")
OUTCOMES = ("fought", "kept")
RELIABILITY = ("A", "B", "C", "D", "E", "F")
CREDIBILITY = ("1", "2", "3", "4", "5", "6")


@dataclass(frozen=True)
class MapOf:
    """A mapping to items of one form, from names that the author chooses or, without `named`, from expressions."""

    item: Any
    named: bool = True


@dataclass(frozen=True)
class ListOf:
    """A list of items of one form; with `or_one` a single one may stand alone."""

    item: Any
    or_one: bool = False


@dataclass(frozen=True)
class OneOf:
    """Either of two mappings, told apart by a key that only the second has, and must have."""

    usual: Any
    other: Any
    key: str


@dataclass(frozen=True)
class Key:
    """What may stand at a key and what it means; `words` are all that may stand there, if these are few."""

    form: Any
    doc: str
    required: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shape:
    """A mapping with fixed keys. `short` is the key that a lone scalar or list stands for; `others` is what stands at
    keys that are names of the file, if there may be such."""

    name: str
    keys: dict[str, Key]
    short: str = ""
    doc: str = ""
    others: Any = None


BECAUSE = Shape(
    "reason",
    {
        "source": Key("name", "a name under `sources`; without one, the reason is the author's own judgement"),
        "where": Key("text", "the place in the source"),
        "says": Key("text", "what the source says, or why the author judges so, in the author's words"),
        "quote": Key("text", "a short literal quote; searched for in the source's file, if it names one"),
        "credibility": Key("integer", "1 (confirmed) to 6 (cannot be judged): the Admiralty code", words=CREDIBILITY),
    },
    short="says",
    doc="Why an item says what it says.",
)
_REASONS = Key(
    ListOf(BECAUSE, or_one=True), "the reason: a mapping, a text (the author's own judgement) or a list of either"
)
_SAYS = Key("text", "the item in plain words")
_WHEN = Key("condition", "holds in the states in which this counts; always, if left out")

NUMBER = Shape(
    "number",
    {
        "value": Key("number", "a number, a percentage, an interval, a distribution or an expression", True),
        "unit": Key("text", "the unit, as it is to be printed"),
        "because": _REASONS,
    },
    short="value",
    doc="A number with its unit and reason.",
)

CLOCK = Shape(
    "clock",
    {
        "start": Key("date", "the date on which step 0 begins (2030-01-31)"),
        "step": Key("period", "the length of a step, such as `1 month` or `2 weeks`", True),
        "steps": Key("integer", "how many steps are played", True),
    },
)

TYPE = Shape(
    "type",
    {
        "share": Key("number", "how likely the others hold it to be, before anything has happened; 0 to 1", True),
        "says": _SAYS,
        "because": _REASONS,
    },
    short="share",
    doc="What an actor may be, which it alone knows.",
)

ACTOR = Shape(
    "actor",
    {
        "rationality": Key(NUMBER, "per point: at 0.5, an option 2 points better is e times as likely", True),
        "patience": Key(NUMBER, "what a point in the next step is worth now, above 0 and at most 1; 1 if left out"),
        "reconsiders": Key("period", "`every 4 weeks`: the mean time between two chances to choose anew"),
        "types": Key(MapOf(TYPE), "what only the actor knows of itself: at least two types with their shares"),
        "says": _SAYS,
        "because": _REASONS,
    },
)

VARIABLE = Shape(
    "state variable",
    {
        "levels": Key("levels", "a list of words in order, `flag`, or a range of whole numbers `0..6`", True),
        "start": Key("word", "the level in which it starts; the first if left out"),
        "because": _REASONS,
    },
    short="levels",
    doc="Something that changes in the crisis.",
)

FACT = Shape(
    "fact",
    {"when": Key("condition", "the condition that the name stands for", True), "because": _REASONS},
    short="when",
)

SOURCE = Shape(
    "source",
    {
        "title": Key("text", "what it is called", True),
        "author": Key("text", "who wrote it"),
        "date": Key("text", "when it appeared"),
        "url": Key("text", "where it can be read"),
        "file": Key("text", "a text file beside the crisis file, in which quotes are searched"),
        "reliability": Key(
            "text", "A (completely reliable) to F (cannot be judged): the Admiralty code", words=RELIABILITY
        ),
        "believed": Key("number", "how likely its reports are true, where an observation says `believed: source`"),
        "note": Key("text", "anything else a reader should know of it"),
    },
)

TREATY = Shape(
    "treaty",
    {
        "parties": Key(ListOf("name"), "who signed; they need not be actors", True),
        "provisions": Key(ListOf("word"), "what the parties promise, in the terms of ATOP", True, PROVISIONS),
        "invokes": Key("word", "the provision that the trigger calls on", True, PROVISIONS),
        "triggered": Key("condition", "the case in which the treaty obliges (the casus foederis)", True),
        "honoured_by": Key(MapOf("condition"), "for each actor bound: what counts as keeping it", True),
        "breach_cost": Key(MapOf(NUMBER), "for each actor bound: points lost in each step of breach", True),
        "says": _SAYS,
        "because": _REASONS,
    },
)

EXPOSURE = Shape(
    "exposure",
    {
        "holder": Key("name", "who owns it", True),
        "value": Key(NUMBER, "what it is worth", True),
        "unit": Key("text", "the unit of the value, if the value does not say it"),
        "lost": Key(
            MapOf(NUMBER, named=False), "for each condition the fraction lost while it holds; the largest counts", True
        ),
        "says": _SAYS,
        "because": _REASONS,
    },
)

ODDS = Shape(
    "odds",
    {
        "when": Key("condition", "the condition under which the odds change", True),
        "times": Key(NUMBER, "what the odds p/(1-p) are multiplied by, at least 0", True),
        "because": _REASONS,
    },
)

OPTION = Shape(
    "option",
    {
        "when": _WHEN,
        "sets": Key(MapOf("word"), "the variables it sets, with their new levels"),
        "pays": Key(MapOf(NUMBER), "points paid at once, by actor"),
        "says": _SAYS,
        "because": _REASONS,
    },
)

TURN = Shape(
    "turn",
    {
        "actor": Key("name", "who chooses", True),
        "name": Key("name", "the turn's name; the actor's name if left out"),
        "when": _WHEN,
        "chance": Key(NUMBER, "the probability that the actor gets to choose, in place of `reconsiders`"),
        "options": Key(MapOf(OPTION), "what it can choose from", True),
        "says": _SAYS,
        "because": _REASONS,
    },
)

TOGETHER = Shape(
    "simultaneous move",
    {
        "together": Key(ListOf(TURN), "the turns that are taken at the same time, each as it is written alone", True),
    },
    doc="Turns in which nobody sees what the others choose.",
)

OUTCOME = Shape(
    "outcome",
    {
        "chance": Key(NUMBER, "its probability, if the event has no chance of its own"),
        "share": Key(NUMBER, "its share of the event's chance; shares are made to sum to 1"),
        "odds": Key(ListOf(ODDS, or_one=True), "what multiplies its odds"),
        "sets": Key(MapOf("word"), "the variables it sets, with their new levels"),
        "pays": Key(MapOf(NUMBER), "points paid at once, by actor"),
        "says": _SAYS,
        "because": _REASONS,
    },
)

EVENT = Shape(
    "event",
    {
        "when": _WHEN,
        "chance": Key(NUMBER, "the probability that it happens in a step"),
        "odds": Key(ListOf(ODDS, or_one=True), "what multiplies the odds"),
        "outcomes": Key(MapOf(OUTCOME), "exclusive ways it can go, the rest being that nothing happens"),
        "sets": Key(MapOf("word"), "the variables it sets, with their new levels"),
        "pays": Key(MapOf(NUMBER), "points paid at once, by actor"),
        "says": _SAYS,
        "because": _REASONS,
    },
)

INTEREST = Shape(
    "interest",
    {
        "worth": Key(NUMBER, "points", True),
        "when": _WHEN,
        "paid": Key("word", "each_step (if left out) or at_end", words=PAID),
        "says": _SAYS,
        "because": _REASONS,
    },
)

QUESTION = Shape(
    "question",
    {
        "at_end": Key("condition", "the probability that it holds at the end"),
        "eventually": Key("condition", "the probability that it holds at the start or at the end of any step"),
        "takes": Key("word", "turn.option: the probability that the option is ever chosen"),
        "expected": Key(NUMBER, "the mean of a number at the end"),
        "first": Key("condition", "when it first holds: at the start, at the end of each step, or never"),
        "by": Key("integer", "look no further than the end of this step (steps count from 0)"),
        "given": Key("condition", "only among the courses of events in which this holds at the end"),
        "unit": Key("text", "the unit of an expected number"),
        "says": Key("text", "the question in plain words"),
        "because": _REASONS,
    },
)

DECISION = Shape(
    "decision",
    {
        "options": Key(MapOf(NUMBER), "at least two, each with what it is worth in the final state", True),
        "unit": Key("text", "the unit of the worths"),
        "says": Key("text", "the decision in plain words"),
        "because": _REASONS,
    },
    doc="A choice of the reader's own, taken before the crisis. It changes nothing in the crisis.",
)

WHATIF = Shape(
    "what-if",
    {
        "set": Key(MapOf("value", named=False), "paths into this file with their new contents"),
        "imposed": Key(ListOf(MapOf("word", named=False)), "at a step, a turn takes the named option"),
        "says": Key("text", "the what-if in plain words"),
        "because": _REASONS,
    },
)

CLAIM = Shape(
    "claim",
    {
        "says": Key("text", "what is claimed", True),
        "whatif": Key("name", "the what-if on which it is judged; the file as it stands, if left out"),
        "against": Key("name", "another what-if to compare with, in place of the file as it stands"),
        "expect": Key(MapOf("text"), "for each question: rises, falls, same within 2%, above 20%, below 20%", True),
        "credibility": Key("integer", "1 (confirmed) to 6 (cannot be judged): the Admiralty code", words=CREDIBILITY),
        "because": _REASONS,
    },
)

OBSERVATION = Shape(
    "observation",
    {
        "step": Key("integer", "the step in which it was seen; steps count from 0", True),
        "state": Key(MapOf("word"), "for each variable the level that was seen at the end of the step"),
        "believed": Key("number", "how likely the report is true; `source`: as its source; certain, if left out"),
        "says": Key("text", "the observation in plain words"),
        "because": _REASONS,
    },
    doc="What has happened: any turn with the option that it took, any event with its outcome, levels at a step's end.",
    others="word",
)

HISTORY = Shape(
    "reference class",
    {
        "helper": Key("text", "the state that would help: a code (COW, Gleditsch-Ward, ISO) or COW's name", True),
        "helped": Key("text", "the state that it would help", True),
        "opponent": Key("text", "the state that attacks the helped one, or may", True),
        "obligation": Key("word", "the most that the helper owes the helped, in the terms of ATOP", True, PROVISIONS),
        "question": Key("name", "the question that asks what history answers: a probability", True),
        "outcome": Key(
            "word", "what it asks: did the helper fight (fought; if left out), or keep its obligation (kept)",
            words=OUTCOMES,
        ),
        "day": Key("date", "the day before which all must have been known; the clock's start if left out"),
        "since": Key("integer", "first year in which a past war may have begun"),
        "until": Key("integer", "last year in which a past war may have begun"),
        "weight": Key("number", "of the outside view where the two are blended, 0 to 1"),
        "because": _REASONS,
    },
    doc="The past that a case is held against. It changes nothing in the crisis.",
)  # fmt: skip

CASE = Shape(
    "crisis file",
    {
        "foederis": Key("integer", "the version of the file language: 1", True),
        "title": Key("text", "what the case is called", True),
        "about": Key("text", "what the case is about"),
        "clock": Key(CLOCK, "when it starts, how long a step is and how many are played", True),
        "actors": Key(MapOf(ACTOR), "who chooses"),
        "state": Key(MapOf(VARIABLE), "what changes"),
        "facts": Key(MapOf(FACT), "named conditions"),
        "quantities": Key(MapOf(NUMBER), "named numbers, known or not"),
        "correlated": Key(
            ListOf(ListOf("word")), "pairs of uncertain quantities with the correlation of their Gaussian copula"
        ),
        "sources": Key(MapOf(SOURCE), "what the numbers rest on"),
        "treaties": Key(MapOf(TREATY), "promises, and what breaking them costs"),
        "exposures": Key(MapOf(EXPOSURE), "what can be lost"),
        "moves": Key(ListOf(OneOf(TURN, TOGETHER, "together")), "the turns of a step, in order"),
        "events": Key(MapOf(EVENT), "what happens by chance in a step, in order"),
        "interests": Key(MapOf(MapOf(INTEREST)), "what each actor wants"),
        "questions": Key(MapOf(QUESTION), "what is asked"),
        "decisions": Key(MapOf(DECISION), "what the reader can choose before the crisis"),
        "whatifs": Key(MapOf(WHATIF), "changes to be solved beside the file as it stands"),
        "claims": Key(MapOf(CLAIM), "what sources argue"),
        "observed": Key(ListOf(OBSERVATION), "what has happened"),
        "history": Key(HISTORY, "the past that the case is held against"),
    },
)

NEWS = Shape(
    "file of observations",
    {
        "about": Key("text", "what the news are about"),
        "sources": Key(MapOf(SOURCE), "what the observations rest on; those of the crisis file may be named too"),
        "observed": Key(ListOf(OBSERVATION), "what has happened, after what the crisis file observes", True),
    },
    doc="Observations in a file of their own, for `foederis update FILE --observe NEWS`.",
)

SHAPES = (
    CASE,
    CLOCK,
    ACTOR,
    TYPE,
    VARIABLE,
    FACT,
    NUMBER,
    SOURCE,
    BECAUSE,
    TREATY,
    EXPOSURE,
    TURN,
    TOGETHER,
    OPTION,
    EVENT,
    OUTCOME,
    ODDS,
    INTEREST,
    QUESTION,
    DECISION,
    WHATIF,
    CLAIM,
    OBSERVATION,
    HISTORY,
    NEWS,
)

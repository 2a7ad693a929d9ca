"""The Case: a crisis file whose every word has a meaning. Frozen; made by `check`, read by everything after."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from foederis.diagnostics import Diagnostic, Span
from foederis.language.distributions import Distribution
from foederis.language.expressions import Environment, Expression
from foederis.language.source import Node, Scalar
from foederis.language.states import Spell

if TYPE_CHECKING:
    from foederis.language.memory import Memory

FILE_VERSION = 1


@dataclass(frozen=True)
class Because:
    """Why an item says what it says. Without a source it is the author's own judgement."""

    source: str | None = None
    where: str = ""
    says: str = ""
    quote: str = ""
    credibility: int | None = None


Reasons = tuple[Because, ...]


@dataclass(frozen=True)
class Source:
    name: str
    title: str
    reliability: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    believed: float | None = None  # how likely its reports are true, if the author says so


@dataclass(frozen=True)
class Clock:
    """`step_days` is the length of a step in days (a month counts 30.4375, a year 365.25)."""

    start: datetime.date | None
    step_text: str
    step_days: float
    steps: int


@dataclass(frozen=True)
class Variable:
    """A state variable. Codes run from 0; an integer range's value is `low` plus its code."""

    name: str
    kind: str  # levels, flag or range
    levels: tuple[str, ...]
    start: int
    low: int = 0
    because: Reasons = ()


@dataclass(frozen=True)
class Quantity:
    """A number with a name: fixed or an expression (`expression`), or uncertain (`distribution`).

    `inline` marks a distribution that stands at its place of use; its name is that place's path.
    """

    name: str
    text: str
    expression: Expression | None
    distribution: Distribution | None
    unit: str = ""
    because: Reasons = ()
    inline: bool = False
    span: Span | None = None


@dataclass(frozen=True)
class Tie:
    """A correlation between two uncertain quantities."""

    first: str
    second: str
    correlation: float


@dataclass(frozen=True)
class Actor:
    """`reconsiders_days` is the mean time between two chances to reconsider, None if it always chooses.

    `types` are the shares of its private types, by name in the author's order; empty where it has none.
    """

    name: str
    rationality: Expression
    patience: Expression
    reconsiders_days: Expression | None = None
    because: Reasons = ()
    types: Mapping[str, Expression] = field(default_factory=dict)


@dataclass(frozen=True)
class Fact:
    name: str
    condition: Expression
    text: str = ""
    because: Reasons = ()


@dataclass(frozen=True)
class Setting:
    """One variable set: to a level's code, or for an integer range to a value (kept inside the range)."""

    variable: str
    value: Expression


@dataclass(frozen=True)
class Odds:
    when: Expression
    times: Expression


@dataclass(frozen=True)
class Option:
    name: str
    when: Expression | None
    sets: tuple[Setting, ...]
    pays: Mapping[str, Expression]
    because: Reasons = ()
    says: str = ""


@dataclass(frozen=True)
class Turn:
    """One actor's decision in a step. `chance` is None where the actor's own reconsidering applies. `together` is the
    number of the simultaneous move that it is part of; None for a turn that is taken alone."""

    name: str
    actor: str
    when: Expression | None
    options: Mapping[str, Option]
    chance: Expression | None = None
    because: Reasons = ()
    together: int | None = None


@dataclass(frozen=True)
class Outcome:
    """One way an event can go; exactly one of `chance` and `share` is set."""

    name: str
    chance: Expression | None
    share: Expression | None
    odds: tuple[Odds, ...]
    sets: tuple[Setting, ...]
    pays: Mapping[str, Expression]
    because: Reasons = ()


@dataclass(frozen=True)
class Event:
    """Something that nobody decides. A simple event has one outcome, named as the event is."""

    name: str
    when: Expression | None
    chance: Expression | None
    odds: tuple[Odds, ...]
    outcomes: Mapping[str, Outcome]
    because: Reasons = ()


@dataclass(frozen=True)
class Treaty:
    name: str
    parties: tuple[str, ...]
    provisions: tuple[str, ...]
    invokes: str
    triggered: Expression
    honoured_by: Mapping[str, Expression]
    breach_cost: Mapping[str, Expression]
    because: Reasons = ()

    @property
    def binds(self) -> bool:
        return self.invokes in self.provisions


@dataclass(frozen=True)
class Loss:
    """A fraction of an exposure that is lost while a condition holds."""

    condition: Expression
    fraction: Expression
    text: str


@dataclass(frozen=True)
class Exposure:
    name: str
    holder: str
    value: Expression
    unit: str
    lost: tuple[Loss, ...]
    amount: Expression  # value times the largest fraction whose condition holds
    because: Reasons = ()


@dataclass(frozen=True)
class Interest:
    actor: str
    name: str
    worth: Expression
    when: Expression | None
    at_end: bool
    because: Reasons = ()


@dataclass(frozen=True)
class Question:
    """`form` is at_end, eventually, takes, expected or first; `by` is the last step looked at."""

    name: str
    form: str
    expression: Expression | None
    turn: str = ""
    option: str = ""
    by: int | None = None
    given: Expression | None = None
    unit: str = ""
    says: str = ""
    text: str = ""
    given_text: str = ""
    because: Reasons = ()


@dataclass(frozen=True)
class Decision:
    """A choice of the reader's own, before the crisis: for each option what it is worth in the final state.

    `texts` is what the author wrote for each option. It changes nothing in the crisis.
    """

    name: str
    options: Mapping[str, Expression]
    texts: Mapping[str, str]
    unit: str = ""
    says: str = ""
    because: Reasons = ()


@dataclass(frozen=True)
class Imposed:
    step: int
    turn: str
    option: str
    places: tuple[Span, Span] | None = None  # where the turn and the option stand


@dataclass(frozen=True)
class WhatIf:
    """`changes` are (path, node) pairs in the author's order; `places` is where each path stands."""

    name: str
    changes: tuple[tuple[str, Node], ...]
    imposed: tuple[Imposed, ...]
    says: str = ""
    because: Reasons = ()
    places: tuple[Scalar, ...] = ()


@dataclass(frozen=True)
class Expectation:
    """What a claim expects of one question: rises, falls, same (within `amount`), above or below `amount`."""

    question: str
    verb: str
    amount: float | None = None


@dataclass(frozen=True)
class Claim:
    name: str
    says: str
    expect: tuple[Expectation, ...]
    whatif: str | None = None
    against: str | None = None
    credibility: int | None = None
    because: Reasons = ()


@dataclass(frozen=True)
class ReferenceClass:
    """Which past a case is held against: who would help whom against whom, by what promise, as known before `day`.

    Attributes:
        outcome: what the question asks: whether the helper `fought` beside the helped, or has `kept` the obligation.
        since, until: first and last year in which a past war may have begun; None is no limit.
        weight: of the outside view where both are blended, 0 to 1; None if the file does not say.
    """

    helper: Spell
    helped: Spell
    opponent: Spell
    obligation: str
    question: str
    outcome: str
    day: datetime.date
    since: int | None = None
    until: int | None = None
    weight: float | None = None
    because: Reasons = ()


@dataclass(frozen=True)
class Sighting:
    """One thing that was seen: `kind` is turn, event or state (a variable at the step's end); `agrees` are those of its
    `alternatives` that agree with what was seen. A turn that passed is `none`, an event that did not happen
    `nothing`."""

    kind: str
    name: str
    agrees: frozenset[str]
    alternatives: tuple[str, ...]
    text: str = ""
    span: Span | None = None


@dataclass(frozen=True)
class Observation:
    """One report of what was seen in a step; `believed` is how likely it is true, 1 for what is certain."""

    step: int
    sightings: tuple[Sighting, ...]
    believed: float = 1.0
    says: str = ""
    because: Reasons = ()
    span: Span | None = None


@dataclass(frozen=True)
class News:
    """A file of observations that were added to a case: its name and text, and how many they are."""

    filename: str
    text: str
    count: int


@dataclass(frozen=True)
class Case:
    """A checked crisis file. Mappings keep the author's order."""

    title: str
    clock: Clock
    actors: Mapping[str, Actor]
    variables: Mapping[str, Variable]
    facts: Mapping[str, Fact]
    quantities: Mapping[str, Quantity]
    quantity_order: tuple[str, ...]  # so that each is evaluated after those it reads
    correlated: tuple[Tie, ...]
    sources: Mapping[str, Source]
    treaties: Mapping[str, Treaty]
    exposures: Mapping[str, Exposure]
    turns: tuple[Turn, ...]
    events: tuple[Event, ...]
    interests: tuple[Interest, ...]
    questions: Mapping[str, Question]
    whatifs: Mapping[str, WhatIf]
    claims: Mapping[str, Claim]
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    observed: tuple[Observation, ...] = ()
    history: ReferenceClass | None = None
    news: News | None = None  # the last of the observations stand in this file
    numbers: Mapping[str, int] = field(default_factory=dict)  # how many rest on sources, on reasons, on nothing
    text: str = ""
    filename: str = ""
    name: str = ""
    root: Node | None = None
    warnings: tuple[Diagnostic, ...] = ()
    sha256: str = ""  # of the file's bytes
    folder: Path | None = None  # where its sources' files lie
    draw_order: tuple[str, ...] = ()  # uncertain quantities of the case that this one was changed from
    memory: Memory | None = field(default=None, repr=False, compare=False)

    @property
    def uncertain(self) -> tuple[str, ...]:
        """The uncertain quantities in the order in which they take their places among the points drawn.

        Those of the case that this one was changed from come first, so that both are solved on the same draws.
        """
        mine = sorted(name for name, quantity in self.quantities.items() if quantity.distribution)
        kept = set(self.draw_order)
        return (*self.draw_order, *(name for name in mine if name not in kept))

    @property
    def varying(self) -> tuple[str, ...]:
        """The quantities that are uncertain here: `uncertain` without those that a change has fixed or removed."""
        return tuple(n for n in self.uncertain if n in self.quantities and self.quantities[n].distribution)

    def with_changes(self, changes: Mapping[str, Any]) -> Case:
        """The case with some paths replaced, as a what-if does it; it is solved on the same draws.

        Args:
            changes: {"quantities.p_fall": "30% to 60%", ...}; lists and mappings stand for themselves.
        Raises:
            CaseError: an unknown path, or a case that means nothing once changed.
        """
        from foederis.language import check  # builds cases, and so cannot be imported before them

        return check.change(self, check.as_changes(changes), context="with_changes")

    def distribution(self, name: str) -> Distribution:
        """The distribution of an uncertain quantity."""
        found = self.quantities[name].distribution
        assert found is not None, name
        return found

    def evaluate_quantities(
        self, uncertain: Mapping[str, NDArray[np.float64]], draws: int
    ) -> dict[str, NDArray[np.float64]]:
        """All quantities from the uncertain ones: fixed numbers spread over draws, expressions evaluated."""
        values: dict[str, NDArray[np.float64]] = {}
        for name in self.quantity_order:
            expression = self.quantities[name].expression
            if expression is None:
                values[name] = np.asarray(uncertain[name], dtype=np.float64)
            else:
                raw = np.asarray(expression(Environment({}, values)), dtype=np.float64)
                values[name] = np.broadcast_to(raw, (draws,)).copy()
        return values

    def losses_unit(self, holder: str) -> str:
        return next((e.unit for e in self.exposures.values() if e.holder == holder and e.unit), "")

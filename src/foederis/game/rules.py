"""The structural half of a case: what decides which states can be reached, apart from every number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from foederis.language.case import Case, Event, Setting, Turn
from foederis.language.expressions import Expression


@dataclass(frozen=True)
class Branch:
    """One way a phase can go: an option of a turn, or an outcome of an event."""

    name: str
    when: Expression | None
    sets: tuple[Setting, ...]
    possible: bool = True  # False where its chance is written as 0

    @property
    def canonical(self) -> tuple[str, ...]:
        sets = sorted(f"{s.variable}:={s.value.canonical}" for s in self.sets)
        return (self.name, self.when.canonical if self.when else "", str(self.possible), *sets)


@dataclass(frozen=True)
class Rule:
    """One phase of a step. `waits` is whether it may pass without any branch although it is live."""

    name: str
    kind: str  # turn or event
    actor: str
    when: Expression | None
    branches: tuple[Branch, ...]
    waits: bool

    @property
    def canonical(self) -> tuple[object, ...]:
        when = self.when.canonical if self.when else ""
        return (self.kind, when, self.waits, *(branch.canonical for branch in self.branches))

    @property
    def structural(self) -> list[Expression]:
        found = [self.when] if self.when else []
        for branch in self.branches:
            found += [branch.when] if branch.when else []
            found += [setting.value for setting in branch.sets]
        return found

    @property
    def reads_step(self) -> bool:
        return any(expression.reads_step for expression in self.structural)


def turn_rule(turn: Turn, case: Case) -> Rule:
    branches = tuple(Branch(o.name, o.when, o.sets) for _, o in sorted(turn.options.items()))
    waits = turn.chance is not None or case.actors[turn.actor].reconsiders_days is not None
    if turn.chance is not None and turn.chance.constant == 1:
        waits = False
    return Rule(turn.name, "turn", turn.actor, turn.when, branches, waits)


def event_rule(event: Event) -> Rule:
    branches = []
    total = 0.0
    fixed = True
    for name, outcome in sorted(event.outcomes.items()):
        chance = event.chance if outcome.share is not None else outcome.chance
        constant = chance.constant if chance is not None else None
        branches.append(Branch(name, None, outcome.sets, constant != 0))
        fixed &= constant is not None
        total += (constant or 0.0) if outcome.share is None else 0.0
    if event.chance is not None:
        fixed, total = event.chance.constant is not None, event.chance.constant or 0.0
    return Rule(event.name, "event", "", event.when, tuple(branches), not (fixed and total == 1))


def rules_of(case: Case) -> tuple[Rule, ...]:
    return (*(turn_rule(turn, case) for turn in case.turns), *(event_rule(event) for event in case.events))


def changing(rules: Iterable[Rule]) -> set[str]:
    """The variables that some branch sets."""
    return {setting.variable for rule in rules for branch in rule.branches for setting in branch.sets}


def reads_of(case: Case) -> list[set[str]]:
    """For each phase the variables that anything in it reads, numbers included."""
    found = []
    for turn in case.turns:
        parts: list[Expression | None] = [turn.when, turn.chance]
        for option in turn.options.values():
            parts += [option.when, *(s.value for s in option.sets), *option.pays.values()]
        found.append(_variables(parts))
    for event in case.events:
        parts = [event.when, event.chance, *(e for odds in event.odds for e in (odds.when, odds.times))]
        for outcome in event.outcomes.values():
            parts += [outcome.chance, outcome.share, *(s.value for s in outcome.sets), *outcome.pays.values()]
            parts += [e for odds in outcome.odds for e in (odds.when, odds.times)]
        found.append(_variables(parts))
    return found


def _variables(parts: Iterable[Expression | None]) -> set[str]:
    return set().union(*(part.variables for part in parts if part is not None))


def overwrites(rule: Rule) -> set[str]:
    """Variables that the phase sets whatever happens in it."""
    if rule.when is not None or rule.waits or not rule.branches:
        return set()
    if rule.kind == "turn" and all(branch.when is not None for branch in rule.branches):
        return set()
    sets = [{setting.variable for setting in branch.sets} for branch in rule.branches if branch.possible]
    return set.intersection(*sets) if sets else set()


def forgotten(case: Case, rules: tuple[Rule, ...]) -> frozenset[str]:
    """Variables whose value at the end of a step nothing in the next step reads before it is overwritten.

    They are put back to their start between steps, so that they do not multiply states; what is read at the
    end of a step (payments, questions) reads them before that.
    """
    candidates = changing(rules)
    dead: set[str] = set()
    for rule, reads in zip(rules, reads_of(case), strict=True):
        candidates -= reads
        dead |= candidates & overwrites(rule)
        candidates -= overwrites(rule)
    return frozenset(dead)

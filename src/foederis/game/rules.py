"""The structural half of a case: what decides which states can be reached, apart from every number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from foederis.game.together import Reveal, Sealed, notes_of, order_of_play, seal
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
    """One phase of a step.

    Attributes:
        waits: whether it may pass without any branch although it is live.
        sealed: for a turn of a simultaneous move, how it notes its choice; opens: for a reveal, the rules of its turns.
        types: those of the actor, if some option is open to some of them only.
    """

    name: str
    kind: str  # turn, reveal or event
    actor: str
    when: Expression | None
    branches: tuple[Branch, ...]
    waits: bool
    sealed: Sealed | None = None
    opens: tuple[Rule, ...] = ()
    types: tuple[str, ...] = ()

    @property
    def canonical(self) -> tuple[object, ...]:
        when = self.when.canonical if self.when else ""
        more = (self.sealed.canonical if self.sealed else (), *(rule.name for rule in self.opens), *self.types)
        together = (more,) if any(more) else ()
        return (self.kind, when, self.waits, *(branch.canonical for branch in self.branches), *together)

    @property
    def structural(self) -> list[Expression]:
        found = [self.when] if self.when else []
        for branch in self.branches:
            found += [branch.when] if branch.when else []
            found += [setting.value for setting in branch.sets]
        return found + [expression for rule in self.opens for expression in rule.structural]

    @property
    def reads_step(self) -> bool:
        return any(expression.reads_step for expression in self.structural)


def turn_rule(turn: Turn, case: Case, sealed: Sealed | None = None) -> Rule:
    branches = tuple(Branch(o.name, o.when, o.sets) for _, o in sorted(turn.options.items()))
    waits = turn.chance is not None or case.actors[turn.actor].reconsiders_days is not None
    if turn.chance is not None and turn.chance.constant == 1:
        waits = False
    differ = any(branch.when is not None and branch.when.types for branch in branches)
    types = tuple(sorted(case.actors[turn.actor].types)) if differ else ()
    return Rule(turn.name, "turn", turn.actor, turn.when, branches, waits, sealed, types=types)


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
    found: dict[str, Rule] = {}
    sealed: dict[str, Sealed] = {}
    phases = order_of_play(case)
    for phase in phases:
        if isinstance(phase, Reveal):
            sealed.update(seal(phase.turns))
    for phase in phases:
        if isinstance(phase, Turn):
            found[phase.name] = turn_rule(phase, case, sealed.get(phase.name))
        elif isinstance(phase, Event):
            found[phase.name] = event_rule(phase)
        else:
            opens = tuple(found[turn.name] for turn in phase.turns)
            found[phase.name] = Rule(
                phase.name, "reveal", "", None, (Branch(phase.name, None, ()),), False, None, opens
            )
    return tuple(found.values())


def most_notes(rules: Iterable[Rule]) -> int:
    """How many different notes there can be beside a state."""
    reveals = [[opened.sealed for opened in rule.opens if opened.sealed] for rule in rules if rule.opens]
    return max((notes_of(sealed) for sealed in reveals), default=1)


def changing(rules: Iterable[Rule]) -> set[str]:
    """The variables that some branch sets."""
    return {setting.variable for rule in rules for branch in rule.branches for setting in branch.sets}


def reads_of(case: Case) -> list[set[str]]:
    """For each phase the variables that anything in it reads, numbers included."""
    return [_variables(_parts(phase)) for phase in order_of_play(case)]


def _parts(phase: Turn | Reveal | Event) -> list[Expression | None]:
    if isinstance(phase, Reveal):
        return []  # what it applies was read in the turns
    parts: list[Expression | None] = [phase.when, phase.chance]
    if isinstance(phase, Turn):
        for option in phase.options.values():
            parts += [option.when, *(s.value for s in option.sets), *option.pays.values()]
        return parts
    parts += [e for odds in phase.odds for e in (odds.when, odds.times)]
    for outcome in phase.outcomes.values():
        parts += [outcome.chance, outcome.share, *(s.value for s in outcome.sets), *outcome.pays.values()]
        parts += [e for odds in outcome.odds for e in (odds.when, odds.times)]
    return parts


def _variables(parts: Iterable[Expression | None]) -> set[str]:
    return set().union(*(part.variables for part in parts if part is not None))


def overwrites(rule: Rule) -> set[str]:
    """Variables that the phase sets whatever happens in it."""
    if rule.when is not None or rule.waits or not rule.branches or rule.sealed:
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

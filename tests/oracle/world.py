"""One world: the file with a number for every quantity, its parts as formulas of state and step."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from .evaluation import Formula, Levels, Scope, State, Variable
from .expressions import parse
from .raw import Raw

DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
DISTRIBUTION = re.compile(r"^\s*\S.*\sto\s|@|^\s*(?:normal|lognormal|uniform|triangular|pert|beta|choice)\s*\(")
YES = "yes"


def as_text(value: object) -> str:
    """The number of an item that may also be written `{value: …, because: …}`."""
    return str(value["value"]) if isinstance(value, dict) else str(value)


def days(text: str) -> float:
    """`2 weeks`, `week`, `1 month` in days."""
    match = re.fullmatch(r"\s*([\d._]*)\s*(\w+?)s?\s*", text)
    assert match is not None, text
    count, unit = match.groups()
    return float(count or 1) * DAYS[unit]


@dataclass
class Effect:
    """What an option or an outcome does."""

    pays: list[tuple[int, Formula]]
    sets: list[tuple[int, Variable, Formula]]

    def after(self, state: State, step: int) -> State:
        """All settings read the state before any of them; a range stops at its ends."""
        new = list(state)
        for place, variable, formula in self.sets:
            value = int(formula(state, step))
            new[place] = min(max(value, variable.low), variable.high)
        return tuple(new)

    def payments(self, state: State, step: int, actors: int) -> tuple[float, ...]:
        paid = [0.0] * actors
        for actor, formula in self.pays:
            paid[actor] += formula(state, step)
        return tuple(paid)


@dataclass
class Option:
    name: str
    when: Formula
    effect: Effect


@dataclass
class Turn:
    name: str
    actor: int
    when: Formula
    chance: Formula
    options: list[Option]
    together: int | None = None  # the place in `moves` of the simultaneous move that it is part of


@dataclass
class Outcome:
    name: str
    weight: Formula
    odds: list[tuple[Formula, Formula]]
    effect: Effect


@dataclass
class Event:
    """`chance` is None where every outcome has a chance of its own; otherwise the outcomes have shares."""

    name: str
    when: Formula
    chance: Formula | None
    odds: list[tuple[Formula, Formula]]
    outcomes: list[Outcome]


@dataclass
class Interest:
    actor: int
    worth: Formula
    when: Formula
    at_end: bool


@dataclass
class Treaty:
    triggered: Formula
    parties: list[tuple[int, Formula, Formula]]


@dataclass
class Exposure:
    holder: str
    value: Formula
    lost: list[tuple[Formula, Formula]]

    def loss(self, state: State, step: int) -> float:
        """Value times the largest fraction among the conditions that hold."""
        worst = max((part(state, step) for when, part in self.lost if when(state, step)), default=0.0)
        return self.value(state, step) * worst


class World:
    def __init__(self, raw: Raw, quantities: dict[str, float]) -> None:
        self.raw = raw
        self.drawn = quantities
        self.steps = int(raw["clock"]["steps"])
        self.step_days = days(raw["clock"].get("step", "1 day"))
        self.actors = list(raw["actors"])
        self.variables = [variable(name, kind) for name, kind in raw["state"].items()]
        facts = {name: parse(text) for name, text in (raw.get("facts") or {}).items()}
        self.scope = Scope(self.variables, facts, self.quantity, self.losses)
        self.start: State = tuple(variable.start for variable in self.variables)
        self.rationality = [self.constant(raw["actors"][name]["rationality"]) for name in self.actors]
        self.patience = [self.constant(raw["actors"][name].get("patience", "1")) for name in self.actors]
        self.exposures = {name: self.exposure(item) for name, item in (raw.get("exposures") or {}).items()}
        self.turns: list[Turn] = []
        for place, item in enumerate(raw.get("moves") or []):
            taken = [self.turn(turn) for turn in item.get("together", [item])]
            self.turns += [replace(turn, together=place if len(taken) > 1 else None) for turn in taken]
        self.events = [self.event(name, item) for name, item in (raw.get("events") or {}).items()]
        self.interests = [
            self.interest(actor, item)
            for actor, items in (raw.get("interests") or {}).items()
            for item in (items or {}).values()
        ]
        self.treaties = [self.treaty(item) for item in (raw.get("treaties") or {}).values()]

    def formula(self, text: object, levels: Levels = None) -> Formula:
        return Formula(as_text(text), self.scope, levels)

    def constant(self, text: object) -> Formula:
        """A formula of quantities alone; kept unread, so that a world without draws still has its tree."""
        return self.formula(text)

    def quantity(self, name: str) -> float:
        """Drawn values are given; plain numbers and expressions of other quantities are read here."""
        text = as_text(self.raw["quantities"][name])
        if DISTRIBUTION.search(text):
            return self.drawn[name]
        return self.scope.value(parse(text), (), 0)

    def turn(self, item: Raw) -> Turn:
        actor = self.actors.index(item["actor"])
        chance = self.formula(item["chance"]) if "chance" in item else self.opportunity(item["actor"])
        options = [
            Option(name, self.condition(body or {}), self.effect(body or {})) for name, body in item["options"].items()
        ]
        return Turn(str(item.get("name", item["actor"])), actor, self.condition(item), chance, options)

    def opportunity(self, actor: str) -> Formula:
        """1 − exp(−step/period) for an actor that reconsiders only now and then, else certainty."""
        every = self.raw["actors"][actor].get("reconsiders")
        if not every:
            return self.formula("1")
        period = days(as_text(every).replace("every", "", 1))
        return self.formula(repr(-math.expm1(-self.step_days / period)))

    def condition(self, item: Raw) -> Formula:
        return self.formula(item.get("when", YES))

    def effect(self, item: Raw) -> Effect:
        pays = [(self.actors.index(actor), self.formula(text)) for actor, text in (item.get("pays") or {}).items()]
        sets = []
        for name, text in (item.get("sets") or {}).items():
            place = self.scope.places[name]
            levels = self.variables[place].levels if self.variables[place].kind == "levels" else None
            sets.append((place, self.variables[place], self.formula(text, levels)))
        return Effect(pays, sets)

    def odds(self, item: Raw) -> list[tuple[Formula, Formula]]:
        return [(self.condition(entry), self.formula(entry["times"])) for entry in item.get("odds") or []]

    def event(self, name: str, item: Raw) -> Event:
        when, odds, listed = self.condition(item), self.odds(item), item.get("outcomes")
        if not listed:
            only = Outcome(name, self.formula(item.get("chance", "1")), [], self.effect(item))
            return Event(name, when, None, odds, [only])
        shared = any("share" in outcome for outcome in listed.values())
        weight = "share" if shared else "chance"
        outcomes = [
            Outcome(key, self.formula(body[weight]), self.odds(body), self.effect(body)) for key, body in listed.items()
        ]
        return Event(name, when, self.formula(item.get("chance", "1")) if shared else None, odds, outcomes)

    def interest(self, actor: str, item: Raw) -> Interest:
        at_end = item.get("paid", "each_step") == "at_end"
        return Interest(self.actors.index(actor), self.formula(item["worth"]), self.condition(item), at_end)

    def treaty(self, item: Raw) -> Treaty:
        """Binds nobody unless the provision that its trigger calls on is among its provisions."""
        binding = "invokes" in item and item["invokes"] in (item.get("provisions") or [])
        parties = [
            (self.actors.index(party), self.formula(item["honoured_by"][party]), self.formula(cost))
            for party, cost in (item.get("breach_cost") or {}).items()
            if binding
        ]
        return Treaty(self.formula(item.get("triggered", "no")), parties)

    def exposure(self, item: Raw) -> Exposure:
        lost = [(self.formula(when), self.formula(part)) for when, part in item["lost"].items()]
        return Exposure(item["holder"], self.formula(item["value"]), lost)

    def losses(self, holder: str, state: State, step: int) -> float:
        mine = (exposure for exposure in self.exposures.values() if exposure.holder == holder)
        return math.fsum(exposure.loss(state, step) for exposure in mine)

    def each_step(self, state: State, step: int) -> tuple[float, ...]:
        """What falls due at the end of a step: each-step interests and breaches of treaties."""
        paid = self.interests_paid(state, step, at_end=False)
        for treaty in self.treaties:
            if treaty.triggered(state, step):
                for actor, honoured, cost in treaty.parties:
                    if not honoured(state, step):
                        paid[actor] -= cost(state, step)
        return tuple(paid)

    def at_end(self, state: State) -> tuple[float, ...]:
        return tuple(self.interests_paid(state, self.steps, at_end=True))

    def interests_paid(self, state: State, step: int, *, at_end: bool) -> list[float]:
        paid = [0.0] * len(self.actors)
        for interest in self.interests:
            if interest.at_end == at_end and interest.when(state, step):
                paid[interest.actor] += interest.worth(state, step)
        return paid


def variable(name: str, kind: object) -> Variable:
    """`[a, b]`, `flag`, `0..6`, or any of them as `{levels: …, start: …}`."""
    levels = kind["levels"] if isinstance(kind, dict) else kind
    start = kind.get("start") if isinstance(kind, dict) else None
    if isinstance(levels, list):
        return Variable(name, "levels", tuple(levels), 0, levels.index(start) if start is not None else 0)
    if levels == "flag":
        return Variable(name, "flag", ("no", "yes"), 0, int(start in ("yes", "true")))
    low, high = (int(end) for end in str(levels).split(".."))
    whole = tuple(str(number) for number in range(low, high + 1))
    return Variable(name, "range", whole, low, int(start) if start is not None else low)

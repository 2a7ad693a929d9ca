"""Random crisis files, whole and without mistakes, small enough to be played out path by path.

`crisis_files()` is the Hypothesis strategy (it shrinks); `seeded_file(seed)` gives one file for a number.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from .forms import (
    BECAUSE,
    CHANCES,
    FRACTIONS,
    LEVEL_LISTS,
    PATIENCES,
    PERIODS,
    POINTS,
    RANGES,
    RATIONALITIES,
    STEPS,
    TERMS,
    TIMES,
)
from .phrases import Phrases
from .pick import HypothesisPick, Pick, SeededPick, maybe, some
from .printing import print_file
from .questions import Asked, add_questions
from .raw import Raw
from .reference import count_paths
from .what_ifs import add_what_ifs, replacements

MOST_PATHS = 400


class Builder:
    """Makes one file from top to bottom; each part may name what stands before it."""

    def __init__(self, pick: Pick) -> None:
        self.pick = pick
        self.say = Phrases(pick)
        self.raw: Raw = {"foederis": "1", "title": "A crisis made up by chance"}

    def build(self) -> str:
        pick, raw = self.pick, self.raw
        actors = some(pick, ("patron", "rival", "ally"), 1, 3)
        raw["clock"] = {"start": "2030-01-01", "step": pick.one(STEPS), "steps": str(pick.integer(1, 4))}
        raw["actors"], raw["state"], raw["quantities"] = {}, {}, {}
        self.variables()
        self.facts()
        self.quantities()
        raw["actors"] = {name: self.actor() for name in actors}
        self.exposures(actors)
        raw["moves"] = self.moves(actors)
        self.events(actors)
        self.scratch()
        self.treaties(actors)
        raw["interests"] = {name: self.interests() for name in actors if maybe(pick, 90)}
        self.fit()
        asked = Asked(raw, self.say, pick, MOST_PATHS)
        add_questions(asked)
        add_what_ifs(asked, replacements(self))
        if maybe(pick, 20):
            raw["sources"] = {"memo": {"title": "An invented memo", "reliability": "B"}}
            for item in [*raw["events"].values()] + [x for own in raw["interests"].values() for x in own.values()]:
                item["because"] = dict(BECAUSE)
        return print_file({key: part for key, part in raw.items() if part}, pick.integer(0, 99))

    def variables(self) -> None:
        for name in some(self.pick, ("war", "aid", "tension", "talks", "blockade"), 1, 3):
            kind = self.pick.integer(0, 3)
            if kind == 0:
                self.say.flags.append(name)
                levels: Any = "flag"
            elif kind == 1:
                self.say.ranges[name] = self.pick.one(RANGES)
                levels = "{}..{}".format(*self.say.ranges[name])
            else:
                levels = self.say.levels[name] = self.pick.one(LEVEL_LISTS)
            self.raw["state"][name] = {"levels": levels, "start": self.start(name)} if maybe(self.pick, 40) else levels

    def start(self, name: str) -> str:
        if name in self.say.flags:
            return self.pick.one(("yes", "no"))
        if name in self.say.ranges:
            return str(self.pick.integer(*self.say.ranges[name]))
        return self.pick.one(self.say.levels[name])

    def facts(self) -> None:
        self.raw["facts"] = {}
        for name in some(self.pick, ("fighting", "quiet"), 0, 2):
            self.raw["facts"][name] = self.say.condition(1)
            self.say.facts.append(name)

    def quantities(self) -> None:
        """Names say what a quantity is for, so that it can only be used where its values make sense."""
        forms = {"points": POINTS, "chance": CHANCES, "times": TIMES}
        known = {"points": self.say.points, "chance": self.say.chances, "times": self.say.times}
        for kind, names in known.items():
            for place in range(self.pick.integer(1, 3)):
                self.raw["quantities"][f"{kind}{place}"] = self.quantity(self.pick.one(forms[kind]))
                names.append(f"{kind}{place}")
        self.raw["quantities"] |= {
            "sharpness": self.pick.one(RATIONALITIES),
            "patience_a": self.pick.one(PATIENCES),
        }
        if maybe(self.pick, 50):
            self.raw["quantities"]["derived"] = self.pick.one(("points0 / 2", "-points0", "max(points0, 1 + times0)"))
            self.say.points.append("derived")
        if maybe(self.pick, 25):
            self.raw["quantities"]["derived_chance"] = self.pick.one(("chance0 / 2", "1 - chance0", "chance0 * 20%"))
            self.say.chances.append("derived_chance")
        self.correlated()
        if maybe(self.pick, 25):
            self.raw["facts"]["urgent"] = self.say.condition(1, pure=False)
            self.say.mixed_facts.append("urgent")

    def quantity(self, text: str) -> Any:
        if maybe(self.pick, 20):
            self.raw["sources"] = {"memo": {"title": "An invented memo", "reliability": "C"}}
            return {"value": text, "because": dict(BECAUSE)}
        return text

    def correlated(self) -> None:
        spread = [name for name, text in self.raw["quantities"].items() if isinstance(text, str) and " to " in text]
        if len(spread) > 1 and maybe(self.pick, 40):
            self.raw["correlated"] = [[*some(self.pick, spread, 2, 2), self.pick.one(("0.6", "-0.3"))]]

    def actor(self) -> Raw:
        actor: Raw = {"rationality": self.pick.one(("sharpness", "sharpness / 2", "0.7"))}
        if maybe(self.pick, 50):
            actor["patience"] = self.pick.one(("patience_a", "0.9", "99%"))
        if maybe(self.pick, 25):
            actor["reconsiders"] = self.pick.one(PERIODS)
        return actor

    def exposures(self, actors: list[str]) -> None:
        self.raw["exposures"] = {}
        for name in some(self.pick, ("plant", "fleet", "mine"), 0, 2):
            holder = self.pick.one(actors)
            value = self.pick.one(("4", "2.5", "abs(points0)", "times0 * 3"))
            lost = {
                self.say.condition(0): self.pick.one((*FRACTIONS, "chance0")) for _ in range(self.pick.integer(1, 2))
            }
            self.raw["exposures"][name] = {"holder": holder, "value": value, "lost": lost}
            if holder not in self.say.holders:
                self.say.holders.append(holder)

    def moves(self, actors: list[str]) -> list[Raw]:
        names = ["opening", "reply", "second_thought", "last_word"]
        movers = [self.pick.one(actors) for _ in range(self.pick.integer(1, 4))]
        turns = []
        for place, actor in enumerate(movers):
            turn: Raw = {"actor": actor}
            if movers.count(actor) > 1 or maybe(self.pick, 30):
                turn["name"] = names[place]
            if maybe(self.pick, 50):
                turn["when"] = self.say.condition(1)
            if maybe(self.pick, 20):
                turn["chance"] = self.say.chance()
            options = some(self.pick, ("wait", "push", "strike", "talk"), 1, 3)
            turn["options"] = {name: self.option(actors) for name in options}
            turns.append(turn)
        return turns

    def option(self, actors: list[str]) -> Any:
        option = self.effect(actors)
        if maybe(self.pick, 30):
            option["when"] = self.say.condition(0)
        return option or self.pick.one(({}, ""))

    def effect(self, actors: list[str]) -> Raw:
        effect: Raw = {}
        if maybe(self.pick, 75):
            changed = some(self.pick, list(self.raw["state"]), 1, 2)
            effect["sets"] = {name: self.say.new_value(name) for name in changed}
        if maybe(self.pick, 45):
            effect["pays"] = {name: self.say.number() for name in some(self.pick, actors, 1, 2)}
        return effect

    def odds(self) -> list[Raw]:
        count = self.pick.integer(1, 2)
        return [{"when": self.say.condition(0), "times": self.say.factor()} for _ in range(count)]

    def events(self, actors: list[str]) -> None:
        self.raw["events"] = {}
        for name in some(self.pick, ("shock", "truce", "leak"), 0, 3):
            self.raw["events"][name] = self.event(actors)

    def event(self, actors: list[str]) -> Raw:
        event: Raw = {"when": self.say.condition(1)} if maybe(self.pick, 60) else {}
        form = self.pick.integer(0, 4)
        if form != 1:
            event["chance"] = self.say.chance()
        if maybe(self.pick, 40):
            event["odds"] = self.odds()
        if form > 1:
            return event | self.effect(actors)
        names = some(self.pick, ("good", "bad", "ugly"), 1, 3)
        weights = ["2", "0.5", "25%", "abs(points0) + 1", "times0 + 0.1"]
        if form == 1:
            weights = [*(("25%", "0.5", "25%") if maybe(self.pick, 30) else ("5%", "0.2", "chance0 / 4", "10% * 3"))]
        event["outcomes"] = {}
        for name in names:
            weight = weights.pop(self.pick.integer(0, len(weights) - 1))
            event["outcomes"][name] = {"chance" if form == 1 else "share": weight} | self.effect(actors)
            if maybe(self.pick, 30):
                event["outcomes"][name]["odds"] = self.odds()
        return event

    def scratch(self) -> None:
        """A variable that the first turn always overwrites: solvers like to forget it between steps."""
        if not maybe(self.pick, 25):
            return
        self.raw["state"]["mood"] = self.say.levels["mood"] = ["low", "high"]
        for name, option in self.raw["moves"][0]["options"].items():
            option = option or {}
            option["sets"] = option.get("sets", {}) | {"mood": self.pick.one(("low", "high"))}
            self.raw["moves"][0]["options"][name] = option

    def treaties(self, actors: list[str]) -> None:
        self.raw["treaties"] = {}
        for name in some(self.pick, ("pact", "accord"), 0, 2):
            bound = some(self.pick, actors, 1, 2)
            self.raw["treaties"][name] = {
                "parties": [*bound, "bystander"],
                "provisions": some(self.pick, TERMS, 1, 2),
                "invokes": self.pick.one(TERMS[:3]),
                "triggered": self.say.condition(1),
                "honoured_by": {party: self.say.condition(0) for party in bound},
                "breach_cost": {party: self.pick.one(("2", "abs(points0)", "1.5")) for party in bound},
            }

    def interests(self) -> Raw:
        return {name: self.interest() for name in some(self.pick, ("prestige", "safety", "trade"), 1, 3)}

    def interest(self) -> Raw:
        interest: Raw = {"worth": self.say.number(2)}
        if maybe(self.pick, 60):
            interest["when"] = self.say.condition(1, pure=False)
        if maybe(self.pick, 60):
            interest["paid"] = self.pick.one(("at_end", "at_end", "each_step"))
        return interest

    def fit(self) -> None:
        """Takes away steps, events and turns, whichever comes up, until the tree is small enough."""
        raw = self.raw
        while count_paths(raw) > MOST_PATHS:
            steps = int(raw["clock"]["steps"])
            ways = ["step"] * 2 * (steps > 1) + ["event"] * bool(raw["events"]) + ["turn"] * (len(raw["moves"]) > 1)
            way = self.pick.one(ways)
            if way == "step":
                raw["clock"]["steps"] = str(steps - 1)
            elif way == "event":
                raw["events"].popitem()
            else:
                raw["moves"].pop()


def seeded_file(seed: int) -> str:
    return Builder(SeededPick(seed)).build()


@st.composite
def shrinkable_files(draw: Any) -> str:
    return Builder(HypothesisPick(draw)).build()


def crisis_files() -> st.SearchStrategy[str]:
    """The text of a random crisis file: from seeds, which are richer, as often as from what Hypothesis can shrink."""
    return st.one_of(shrinkable_files(), st.integers(0, 2**32).map(seeded_file))

"""Random small cases with private types, as crisis files.

All of one family are of one size, so that they share compiled programs: as many options, payments and questions.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .printing import print_file
from .raw import Raw

NAMES = ("zealot", "broker", "mimic")
CALLS = {"a": ("loud", "calm", "mute"), "b": ("yield_now", "hold", "rush"), "c": ("yes_vote", "no_vote", "skip_vote")}


@dataclass(frozen=True)
class Family:
    """How many types each actor has, how many options each turn; `again` is a second turn of the first actor, `leak` an
    event whose chance reads a type."""

    types: Mapping[str, int]
    options: int = 2
    again: bool = False
    leak: bool = True


FAMILIES = {
    "leak": Family({"a": 2}, options=3),
    "twice": Family({"a": 2}, again=True, leak=False),
    "three": Family({"a": 3}, leak=False),
    "pair": Family({"a": 2, "b": 2}),
}


class _Maker:
    """Chance decides with numbers of two places, so that a file can be read."""

    def __init__(self, number: int, family: Family):
        self.rng, self.family = random.Random(number), family
        self.types = {actor: NAMES[:count] for actor, count in family.types.items()}
        self.actors = ["a", "b", *(["c"] if len(self.types) > 1 else [])]

    def by_type(self, low: float, high: float, readers: Sequence[str]) -> str:
        """A number, for a good part one that depends on a type that may be read."""
        first, second = (f"{self.rng.uniform(low, high):.2f}" for _ in range(2))
        actors = [actor for actor in readers if actor in self.types]
        if not actors or self.rng.random() < 0.3:
            return first
        actor = self.rng.choice(actors)
        return f"{first} if {actor}.type == {self.rng.choice(self.types[actor])} else {second}"

    def condition(self) -> str:
        """Of the state, and now and then of types."""
        parts = []
        for actor in self.rng.sample(self.actors, self.rng.randint(1, 2)):
            parts.append(f"did_{actor} == {self.rng.choice(CALLS[actor][:2])}")
        parts += ["seen"] if self.rng.random() < 0.3 else []
        for actor in self.types:
            if self.rng.random() < 0.5:
                parts.append(f"{actor}.type == {self.rng.choice(self.types[actor])}")
        return self.rng.choice((" and ", " or ")).join(parts)

    def turn(self, actor: str, name: str) -> Raw:
        options: Raw = {}
        for place, call in enumerate(CALLS[actor][: self.family.options if actor == "a" else 2]):
            options[call] = {"sets": {f"did_{actor}": call}}
            options[call]["pays"] = {who: self.by_type(-1.5, 1.5, self.actors) for who in self.actors}
            if place and actor in self.types and self.rng.random() < 0.2:
                options[call]["when"] = f"type != {self.rng.choice(self.types[actor])}"
        item: Raw = {"actor": actor, "name": name, "options": options}
        if self.rng.random() < 0.2:
            item["chance"] = f"{self.rng.uniform(0.3, 0.9):.2f}"
        return item

    def event(self) -> Raw:
        actor = self.rng.choice(list(self.types))
        first, second = (f"{self.rng.uniform(0.1, 0.9):.2f}" for _ in range(2))
        item: Raw = {"chance": f"{first} if {actor}.type == {NAMES[0]} else {second}", "sets": {"seen": "yes"}}
        if self.rng.random() < 0.5:
            times = f"{self.rng.uniform(0.3, 3):.2f}"
            item["odds"] = [{"when": f"{actor}.type == {self.rng.choice(self.types[actor])}", "times": times}]
        item["pays"] = {who: self.by_type(-1, 1, self.actors) for who in self.actors}
        return {"leak": item}

    def file(self) -> Raw:
        moves = [self.turn(actor, f"turn_{actor}") for actor in self.actors]
        moves += [self.turn("a", "again")] if self.family.again else []
        shares = {2: ("35%", "65%"), 3: ("20%", "50%", "30%")}
        return {
            "foederis": "1",
            "title": "Who knows what",
            "clock": {"step": "1 week", "steps": "1"},
            "actors": {actor: self.actor(actor, shares) for actor in self.actors},
            "state": {**{f"did_{actor}": ["nothing", *CALLS[actor]] for actor in self.actors}, "seen": "flag"},
            "moves": moves,
            **({"events": self.event()} if self.family.leak else {}),
            "interests": {actor: self.interests() for actor in self.actors},
            "questions": self.questions(moves),
        }

    def actor(self, actor: str, shares: dict[int, tuple[str, ...]]) -> Raw:
        item: Raw = {"rationality": self.by_type(0.5, 1.5, [actor]).replace(f"{actor}.", "")}
        if actor in self.types:
            names = self.types[actor]
            item["types"] = dict(zip(names, shares[len(names)], strict=True))
        if self.rng.random() < 0.3:
            item["patience"] = "0.9"
        if self.rng.random() < 0.2:
            item["reconsiders"] = "every 1 week"
        return item

    def interests(self) -> Raw:
        found: Raw = {}
        for name in ("pride", "gain", "fear"):
            found[name] = {"worth": self.by_type(-2, 2, self.actors), "when": self.condition()}
            if self.rng.random() < 0.7:
                found[name]["paid"] = "at_end"
        return found

    def questions(self, moves: list[Raw]) -> Raw:
        found: Raw = {
            "last": {"at_end": self.condition()},
            "ever": {"eventually": self.condition()},
            "worth": {"expected": self.by_type(-5, 5, self.actors)},
            "time": {"first": self.condition()},
            "early": {"at_end": self.condition(), "by": "0"},
            "sure": {"at_end": self.condition(), "given": self.condition()},
            "once": {"eventually": self.condition(), "given": self.condition()},
            "time_given": {"first": self.condition(), "given": self.condition(), "by": "0"},
        }
        for move in moves:
            for call in move["options"]:
                found[f"{move['name']}_{call}"] = {"takes": f"{move['name']}.{call}"}
        call = next(iter(moves[0]["options"]))
        found["takes_given"] = {"takes": f"{moves[0]['name']}.{call}", "given": self.condition(), "by": "0"}
        return found


def random_case(number: int, family: str) -> str:
    return print_file(_Maker(number, FAMILIES[family]).file(), number)

"""Random questions and what-ifs about a random crisis."""

from __future__ import annotations

from dataclasses import dataclass

from .phrases import Phrases
from .pick import Pick, maybe, some
from .raw import Raw

NAMES = ("ends", "comes", "peak", "amount", "timing", "chosen", "outlook")


@dataclass
class Asked:
    raw: Raw
    say: Phrases
    pick: Pick
    most_paths: int

    @property
    def steps(self) -> int:
        return int(self.raw["clock"]["steps"])

    def turns(self) -> list[tuple[str, str]]:
        """(turn, option) of every option in the file."""
        return [(turn.get("name", turn["actor"]), option) for turn in self.raw["moves"] for option in turn["options"]]


def add_questions(asked: Asked) -> None:
    names = some(asked.pick, NAMES, 2, 6)
    asked.raw["questions"] = {name: question(asked) for name in names}


def question(asked: Asked) -> Raw:
    pick, say = asked.pick, asked.say
    form = pick.one(("at_end", "eventually", "takes", "expected", "first", "eventually", "first"))
    if form == "takes":
        item: Raw = {"takes": ".".join(pick.one(asked.turns() or [("", "")]))}
    elif form == "expected":
        item = {"expected": say.number()}
    else:
        item = {form: say.condition(1, pure=not maybe(pick, 20))}
    if maybe(pick, 30):
        item["by"] = str(pick.integer(0, asked.steps - 1))
    if maybe(pick, 30):
        item["given"] = say.condition(0)
    if maybe(pick, 10):
        item["unit"] = "points"
    return item

"""Random what-ifs about a random crisis: paths with something else to stand there, and imposed moves."""

from __future__ import annotations

from typing import Any, Protocol

from .forms import CHANCES, POINTS, TERMS, TIMES
from .phrases import Phrases
from .pick import Pick, maybe, some
from .questions import Asked
from .raw import Raw, with_changes
from .reference import count_paths

WHAT_IFS = ("tougher", "softer", "other_way")

Replacements = list[tuple[str, Any]]


class Parts(Protocol):
    """Who can make another part of the same file; it is the builder of the file."""

    pick: Pick
    say: Phrases
    raw: Raw

    def start(self, name: str) -> str: ...

    def interest(self) -> Raw: ...

    def option(self, actors: list[str]) -> Any: ...

    def event(self, actors: list[str]) -> Raw: ...

    def odds(self) -> list[Raw]: ...


def replacements(parts: Parts) -> Replacements:
    """Paths into this file with something else to stand there."""
    raw, say = parts.raw, parts.say
    found: Replacements = [("clock.steps", str(int(raw["clock"]["steps"]) + 1))]
    for kind, forms in (("points0", POINTS), ("chance0", CHANCES), ("times0", TIMES)):
        tied = any(kind in pair for pair in raw.get("correlated", []))
        # What is correlated must stay uncertain.
        found.append((f"quantities.{kind}", parts.pick.one([form for form in forms if " to " in form or not tied])))
    for name in raw["actors"]:
        found.append((f"actors.{name}.rationality", parts.pick.one(("1.2", "0", "sharpness"))))
    found += [(f"facts.{name}", say.condition(0)) for name in say.mixed_facts]
    found += [
        (f"state.{name}.start", parts.start(name)) for name, kind in raw["state"].items() if isinstance(kind, dict)
    ]
    found += [(f"treaties.{name}.provisions", list(TERMS[:3])) for name in raw["treaties"]]
    found += [(f"exposures.{name}.value", "abs(points0) * 0 + 7") for name in raw["exposures"]]
    return found + of_interests(parts) + of_moves(parts) + of_events(parts)


def of_interests(parts: Parts) -> Replacements:
    found: Replacements = []
    for holder, items in parts.raw["interests"].items():
        for name in items:
            found.append((f"interests.{holder}.{name}", parts.interest()))
            found.append((f"interests.{holder}.{name}.worth", parts.say.number()))
    return found


def of_moves(parts: Parts) -> Replacements:
    found: Replacements = []
    actors = list(parts.raw["actors"])
    for turn in parts.raw["moves"]:
        path = f"moves.{turn.get('name', turn['actor'])}"
        found += [(f"{path}.when", parts.say.condition(1)) for key in turn if key == "when"]
        for name, option in turn["options"].items():
            found.append((f"{path}.options.{name}", parts.option(actors) or {}))
            for who in (option or {}).get("pays", {}):
                found.append((f"{path}.options.{name}.pays.{who}", parts.say.number()))
    return found


def of_events(parts: Parts) -> Replacements:
    found: Replacements = []
    for name, event in parts.raw["events"].items():
        found.append((f"events.{name}", parts.event(list(parts.raw["actors"]))))
        found += [(f"events.{name}.odds", parts.odds()) for key in event if key == "odds"]
        found += [(f"events.{name}.chance", parts.say.chance()) for key in event if key == "chance"]
    return found


def add_what_ifs(asked: Asked, offered: Replacements) -> None:
    what_ifs: Raw = {}
    for name in some(asked.pick, WHAT_IFS, 0, 2):
        item: Raw = {}
        if maybe(asked.pick, 60):
            item["set"] = changes(asked, offered)
        if maybe(asked.pick, 50) and asked.raw["moves"]:
            item["imposed"] = imposed(asked)
        if item.get("set") or item.get("imposed"):
            what_ifs[name] = {key: part for key, part in item.items() if part}
    asked.raw["whatifs"] = what_ifs


def changes(asked: Asked, offered: Replacements) -> dict[str, Any]:
    """One to three changes that do not reach into each other and leave the tree small."""
    kept: dict[str, Any] = {}
    for path, value in some(asked.pick, offered, 1, 3):
        apart = not any(f"{path}.".startswith(f"{old}.") or f"{old}.".startswith(f"{path}.") for old in kept)
        if apart and count_paths(with_changes(asked.raw, {**kept, path: value})) <= 2 * asked.most_paths:
            kept[path] = value
    return kept


def imposed(asked: Asked) -> list[Raw]:
    moves: dict[tuple[int, str], Raw] = {}
    for _ in range(asked.pick.integer(1, 3)):
        step = asked.pick.integer(0, asked.steps - 1)
        turn, option = asked.pick.one(asked.turns())
        moves[step, turn] = {"step": str(step), turn: option}
    return list(moves.values())

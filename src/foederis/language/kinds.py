"""What an expression can yield: a number, a whole number, a condition, a yes/no fact, a level or a type."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """What an expression yields; `levels` are the words of a level or flag, or the types of an `actor`."""

    name: str
    levels: tuple[str, ...] = ()
    actor: str = ""


NUMBER = Kind("number")
INTEGER = Kind("integer")
CONDITION = Kind("condition")
FLAG = Kind("flag", ("no", "yes"))
UNKNOWN = Kind("unknown")


def type_kind(actor: str, types: tuple[str, ...]) -> Kind:
    """What `actor.type` yields."""
    return Kind("type", types, actor)


NUMBERS = (NUMBER, INTEGER)
TRUTHS = (FLAG, CONDITION)
_WORDS = {"number": "a number", "integer": "a whole number", "condition": "a condition", "flag": "a yes/no fact"}


def say(kind: Kind) -> str:
    """The kind in words an author uses."""
    if kind.actor:
        return f"the type of {kind.actor}"
    if len(kind.levels) == 1:
        return f"the level {kind.levels[0]}"
    return _WORDS.get(kind.name, "one of the levels " + ", ".join(kind.levels))


def incomparable(a: Kind, b: Kind) -> str:
    """Why two kinds cannot be compared, or nothing if they can."""
    if a == b or (a in NUMBERS and b in NUMBERS) or (a in TRUTHS and b in TRUTHS):
        return ""
    if a.name == b.name == "level":
        return f"two variables with different levels cannot be compared ({', '.join(a.levels)}; {', '.join(b.levels)})"
    return f"{say(a)} cannot be compared with {say(b)}"


def levels_cure(kind: Kind) -> str:
    return f"its {'types' if kind.actor else 'levels'} are " + ", ".join(f"`{level}`" for level in kind.levels)

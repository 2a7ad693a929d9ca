"""What a crisis file names, read from its nodes alone, so that a file with mistakes has an outline too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from foederis.language.edit import name_of, turns_in
from foederis.language.source import Mapping, Node, Scalar, Sequence

# The sections whose keys are names, and what such a name is.
_SECTIONS = {
    "actors": "actor",
    "state": "variable",
    "facts": "fact",
    "quantities": "quantity",
    "sources": "source",
    "treaties": "treaty",
    "exposures": "exposure",
    "events": "event",
    "questions": "question",
    "decisions": "decision",
    "whatifs": "what-if",
    "claims": "claim",
}
_PARTS = {"actors": ("types", "type"), "events": ("outcomes", "outcome"), "decisions": ("options", "option")}
Name = dict[str, Any]


def worlds(typed: bool) -> int:
    """In how many worlds a case is usually solved, without importing what solves it."""
    return 256 if typed else 1024


def names_in(root: Mapping | None) -> list[Name]:
    """Every name that a file defines: its kind, its path and place, what it says, and the first source it rests on."""
    if root is None:
        return []
    found: list[Name] = []
    for section, kind in _SECTIONS.items():
        node = root.get(section)
        for key, item in node.entries if isinstance(node, Mapping) else ():
            found.append(_name(key, item, kind, f"{section}.{key.text}"))
            if section == "state":
                found += _levels(key.text, item)
            if section in _PARTS:
                part, inner = _PARTS[section]
                found += _named(item, part, inner, f"{section}.{key.text}.{part}")
    found += _turns(root.get("moves"))
    wants = root.get("interests")
    for actor, items in wants.entries if isinstance(wants, Mapping) else ():
        for key, item in items.entries if isinstance(items, Mapping) else ():
            found.append(_name(key, item, "interest", f"interests.{actor.text}.{key.text}"))
    return found


def _name(key: Scalar, item: Node, kind: str, path: str) -> Name:
    return {
        "name": key.text,
        "kind": kind,
        "path": path,
        "line": key.span.line,
        "column": key.span.column,
        "says": _says(item),
        "source": _source(item),
    }


def _named(item: Node, part: str, kind: str, path: str) -> Iterator[Name]:
    inner = item.get(part) if isinstance(item, Mapping) else None
    for key, value in inner.entries if isinstance(inner, Mapping) else ():
        yield _name(key, value, kind, f"{path}.{key.text}")


def _levels(variable: str, item: Node) -> Iterator[Name]:
    levels = item.get("levels") if isinstance(item, Mapping) else item
    for level in levels.items if isinstance(levels, Sequence) else ():
        if isinstance(level, Scalar):
            yield _name(level, level, "level", f"state.{variable}.levels") | {"says": f"a level of {variable}"}


def _turns(moves: Node | None) -> Iterator[Name]:
    for item in moves.items if isinstance(moves, Sequence) else ():
        for turn in turns_in(item):
            key = (turn.get("name") or turn.get("actor")) if isinstance(turn, Mapping) else None
            if isinstance(key, Scalar):
                path = f"moves.{name_of(turn)}"
                yield _name(key, turn, "turn", path)
                yield from _named(turn, "options", "option", f"{path}.options")


def _says(item: Node) -> str:
    """What an item says in plain words, or else what it is."""
    found = (
        item.get("says") or item.get("title") or item.get("value") or item.get("when")
        if isinstance(item, Mapping)
        else item
    )
    return " ".join(found.text.split())[:400] if isinstance(found, Scalar) else ""


def _source(item: Node) -> str:
    reasons = item.get("because") if isinstance(item, Mapping) else None
    for reason in reasons.items if isinstance(reasons, Sequence) else (reasons,):
        source = reason.get("source") if isinstance(reason, Mapping) else None
        if isinstance(source, Scalar):
            return source.text
    return ""

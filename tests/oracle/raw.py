"""The file as plain dictionaries, lists and strings, and what-if paths applied to them."""

from __future__ import annotations

import copy
from typing import Any

import yaml

Raw = dict[str, Any]

VALUE_KEYS = ("value", "levels")


def load_raw(text: str) -> Raw:
    """Every scalar stays the string that was written; nothing is a date, a float or a Norwegian no."""
    raw: Raw = yaml.load(text, Loader=yaml.BaseLoader)
    return raw


def child(node: Any, key: str) -> Any:
    """One part of a path: a key, the name of a turn in `moves`, or a number in another list."""
    if isinstance(node, dict):
        return node[key]
    node = [turn for item in node for turn in (item.get("together", [item]) if isinstance(item, dict) else [item])]
    turns = [item for item in node if isinstance(item, dict) and key in (item.get("name"), item.get("actor"))]
    named = [item for item in turns if item.get("name", item.get("actor")) == key]
    return named[0] if named else node[int(key)]


def turns_of(raw: Raw) -> list[Raw]:
    """The turns of a file, those taken together one by one."""
    return [turn for item in raw.get("moves") or [] for turn in item.get("together", [item])]


def place(node: Any, key: str, value: Any) -> None:
    if isinstance(node, list):
        node[node.index(child(node, key))] = value
        return
    old = node[key]
    inner = next((name for name in VALUE_KEYS if isinstance(old, dict) and name in old), None)
    if isinstance(value, str) and inner is not None:
        old[inner] = value
    else:
        node[key] = value


def with_changes(raw: Raw, changes: dict[str, Any]) -> Raw:
    """A copy in which every path holds its new value; a path that leads nowhere is an error."""
    changed = copy.deepcopy(raw)
    for path, value in changes.items():
        *above, last = path.split(".")
        node: Any = changed
        for key in above:
            node = child(node, key)
        place(node, last, copy.deepcopy(value))
    return changed


def imposed_moves(what_if: Raw) -> dict[tuple[int, str], str]:
    """(step, turn) to the option that the turn is made to take."""
    found: dict[tuple[int, str], str] = {}
    for entry in what_if.get("imposed") or []:
        for turn, option in entry.items():
            if turn != "step":
                found[int(entry["step"]), turn] = option
    return found

"""Crisis files as text: written in many styles, with keys in another order, with other names."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from typing import Any

from .raw import Raw, load_raw, turns_of

PLAIN = re.compile(r"[A-Za-z0-9_.(+-][^\n\"'#:]*")
WIDTH = 100

NAMED_PLACES = (
    "actors",
    "state",
    "facts",
    "quantities",
    "sources",
    "treaties",
    "exposures",
    "events",
    "questions",
)
AWKWARD_NAMES = [
    "null",
    "NO",
    "True",
    "None",
    "on",
    "off",
    "y",
    "n",
    "nan",
    "inf",
    "e1",
    "E5",
    "_",
    "class",
    "lambda",
]


def scalar(text: str, *, flow: bool, rng: random.Random) -> str:
    """Plain where YAML allows it, sometimes in quotes all the same if it is more than a word."""
    plain = bool(PLAIN.fullmatch(text)) and text == text.strip() and not text.startswith(("- ", "-\t"))
    if flow and re.search(r"[,\[\]{}]", text):
        plain = False
    if plain and not (" " in text and rng.random() < 0.1):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def flow_text(node: Any, rng: random.Random) -> str:
    if isinstance(node, dict):
        inside = (f"{scalar(k, flow=True, rng=rng)}: {flow_text(v, rng) or '{}'}" for k, v in node.items())
        return "{" + ", ".join(inside) + "}"
    if isinstance(node, list):
        return "[" + ", ".join(flow_text(item, rng) for item in node) + "]"
    return scalar(node, flow=True, rng=rng) if node else ""


def block_lines(node: Any, rng: random.Random) -> list[str]:
    """The lines of a mapping or list, without indentation of its own."""
    if isinstance(node, list):
        lines: list[str] = []
        for item in node:
            first, *rest = block_lines(item, rng) if isinstance(item, dict) else [flow_text(item, rng)]
            lines += [f"- {first}", *("  " + line for line in rest)]
        return lines
    lines = []
    for key, value in node.items():
        head = scalar(key, flow=False, rng=rng) + ":"
        lines += entry(head, value, rng)
    return lines


def entry(head: str, value: Any, rng: random.Random) -> list[str]:
    if value == "":
        return [head if rng.random() < 0.5 else f"{head} {{}}"]
    if isinstance(value, str):
        return [f"{head} {scalar(value, flow=False, rng=rng)}"]
    short = f"{head} {flow_text(value, rng)}"
    if not value or (len(short) < WIDTH and rng.random() < 0.6):
        return [short]
    return [head, *("  " + line for line in block_lines(value, rng))]


def print_file(raw: Raw, style: int = 0) -> str:
    """The same file in a style of its own for every number."""
    return "\n".join(block_lines(raw, random.Random(style))) + "\n"


def taken_together(text: str, count: int = 2) -> str:
    """The same case with the first of its turns taken at the same time, or as many of them as there are."""
    raw = load_raw(text)
    moves = raw.get("moves") or []
    return print_file({**raw, "moves": [{"together": moves[:count]}, *moves[count:]]} if moves else raw)


def shuffled(text: str, style: int) -> str:
    """The same case with the keys of every mapping in another order; but events keep theirs, it means something."""
    rng = random.Random(style)

    def shuffle(node: Any, keep: bool = False) -> Any:
        if isinstance(node, list):
            return [shuffle(item) for item in node]
        if not isinstance(node, dict):
            return node
        keys = list(node)
        if not keep:
            rng.shuffle(keys)
        return {key: shuffle(node[key]) for key in keys}

    raw = load_raw(text)
    mixed = {key: shuffle(value, keep=key == "events") for key, value in raw.items()}
    keys = list(mixed)
    rng.shuffle(keys)
    return print_file({key: mixed[key] for key in keys}, style)


def names_of(text: str) -> list[str]:
    """Every name that the author chose, section by section: levels, options, outcomes and all."""
    raw = load_raw(text)
    found: dict[str, None] = {}

    def note(names: Iterable[str]) -> None:
        found.update(dict.fromkeys(name for name in names if re.fullmatch(r"[A-Za-z_]\w*", name)))

    for section in (*NAMED_PLACES, "whatifs", "claims"):
        note(raw.get(section) or {})
    for kind in raw["state"].values():
        levels = kind.get("levels") if isinstance(kind, dict) else kind
        note(levels if isinstance(levels, list) else ())
    for turn in turns_of(raw):
        note([turn["name"]] if "name" in turn else [])
        note(turn["options"])
    for event in (raw.get("events") or {}).values():
        note(event.get("outcomes") or {})
    for items in (raw.get("interests") or {}).values():
        note(items or {})
    return list(found)


def renamed(text: str, names: dict[str, str]) -> str:
    """The same case under other names, all distinct. No old name may be a word of the language: this works on
    the text."""
    assert len(set(names.values())) == len(names)
    return re.sub(r"[A-Za-z_]\w*", lambda found: names.get(found[0], found[0]), text)


def in_order(text: str) -> dict[str, str]:
    """New names that sort exactly as the old ones do."""
    return {old: f"n{place:03d}_{old[::-1]}" for place, old in enumerate(sorted(names_of(text)))}


def in_any_order(text: str, seed: int) -> dict[str, str]:
    """New names in an order of their own, some of them awkward: words of Python, YAML, number formats."""
    rng = random.Random(seed)
    old = names_of(text)
    new = [*AWKWARD_NAMES, *(f"name{place}" for place in range(len(old)))]
    return dict(zip(old, rng.sample(new, len(old)), strict=True))

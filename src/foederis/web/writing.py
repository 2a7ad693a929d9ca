"""Nodes to YAML text: as a piece of a line (flow), or as lines of their own (block)."""

from __future__ import annotations

import yaml

from foederis.diagnostics import Report
from foederis.language.forms import is_empty
from foederis.language.source import Mapping, Node, Scalar, Sequence, parse

WIDTH = 110
STEP = 2  # columns that a level is indented


def flow(node: Node) -> str:
    """A node in one line, as it may stand within brackets."""
    if isinstance(node, Scalar):
        return scalar(node, "{{k: {}}}")
    if isinstance(node, Sequence):
        return f"[{', '.join(flow(item) for item in node.items)}]"
    return f"{{{', '.join(pair(key, item) for key, item in node.entries)}}}"


def pair(key: Scalar, item: Node) -> str:
    """A key with what stands there, as it may stand within brackets."""
    return f"{scalar(key, '{{{}: v}}', 0)}: {flow(item)}"


def block(node: Node, column: int) -> str:
    """A node whose first line begins in a column (from 0), where a block may stand."""
    pad = "\n" + " " * column
    if isinstance(node, Mapping) and node.entries:
        return pad.join(entry(key, value, column) for key, value in node.entries)
    if isinstance(node, Sequence) and node.items:
        return pad.join(f"- {_inside(item, column + STEP)}" for item in node.items)
    return value(node)


def entry(key: Scalar, item: Node, column: int, *, lines: bool = False) -> str:
    """A key with what stands there; `lines` puts a collection on lines of its own also where one would do."""
    head = f"{scalar(key, '{}: v', 0)}:"
    empty = isinstance(item, Scalar) or not (item.entries if isinstance(item, Mapping) else item.items)
    if not lines or empty:
        line = f"{head} {value(item)}"
        if empty or len(line) + column <= WIDTH:
            return line.rstrip(" ")
    return f"{head}\n{' ' * (column + STEP)}{block(item, column + STEP)}"


def _inside(item: Node, column: int) -> str:
    line = value(item)
    return line if isinstance(item, Scalar) or len(line) + column <= WIDTH else block(item, column)


def value(node: Node) -> str:
    """A node in one line, as it may stand behind a key."""
    return scalar(node, "k: {}") if isinstance(node, Scalar) else flow(node)


def scalar(node: Scalar, around: str, place: int = 1) -> str:
    """A scalar as it is written at a place: plain if it is read so, or else in quotes.

    Args:
        around: a mapping in which it stands there.
        place: 0 if it is the key there, 1 if it is the value.
    """
    if is_empty(node) and place == 1:
        return ""
    single = "'" + node.text.replace("'", "''") + "'"
    double = yaml.dump(node.text, Dumper=yaml.SafeDumper, default_style='"', allow_unicode=True, width=10**9).strip()
    plain = [] if node.style in ("'", '"') else [node.text]
    for text in (*plain, *((single, double) if node.style == "'" else (double, single))):
        root = parse(around.format(text), Report())
        if isinstance(root, Mapping) and len(root.entries) == 1:
            found = root.entries[0][place]
            if isinstance(found, Scalar) and found.text == node.text:
                return text
    return double

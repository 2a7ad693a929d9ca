"""Nodes of a plan as plain data, which can be hashed and sent to other machines, and back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from foederis.diagnostics import Span
from foederis.language.source import Mapping, Node, Scalar, Sequence

_NOWHERE = Span(1, 1, 1, 2)


def to_plain(node: Node) -> Any:
    """A text, {"quoted": text}, {"list": […]} or {"map": [[key, …], …]}, which keeps the order of keys."""
    if isinstance(node, Scalar):
        return {"quoted": node.text} if node.style in ("'", '"') else node.text
    if isinstance(node, Sequence):
        return {"list": [to_plain(item) for item in node.items]}
    return {"map": [[key.text, to_plain(value)] for key, value in node.entries]}


def from_plain(plain: Any) -> Node:
    """The node that stood for it, in no place."""
    if isinstance(plain, str):
        return Scalar(plain, _NOWHERE)
    if "quoted" in plain:
        return Scalar(plain["quoted"], _NOWHERE, '"')
    if "list" in plain:
        return Sequence(tuple(from_plain(item) for item in plain["list"]), _NOWHERE)
    entries = tuple((Scalar(key, _NOWHERE), from_plain(value)) for key, value in plain["map"])
    return Mapping(entries, _NOWHERE)


def to_words(node: Node) -> str:
    """The node as one would write it in a line."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return "[" + ", ".join(to_words(item) for item in node.items) + "]"
    return "{" + ", ".join(f"{key.text}: {to_words(value)}" for key, value in node.entries) + "}"


def moved(node: Node, lines: int) -> Any:
    """The node with its place, and those of all in it, so many lines farther down."""
    span = moved_span(node.span, lines)
    if isinstance(node, Scalar):
        return replace(node, span=span)
    if isinstance(node, Sequence):
        return replace(node, items=tuple(moved(item, lines) for item in node.items), span=span)
    return replace(node, entries=tuple((moved(k, lines), moved(v, lines)) for k, v in node.entries), span=span)


def moved_span(span: Span, lines: int) -> Span:
    return replace(span, line=span.line + lines, end_line=span.end_line + lines)

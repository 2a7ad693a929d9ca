"""Every number that is written out in a crisis file, with its place and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from foederis.language.case import Because
from foederis.language.distributions import is_distribution
from foederis.language.edit import name_of, turns_in
from foederis.language.shapes import CASE, NUMBER, TYPE, ListOf, MapOf, OneOf, Shape
from foederis.language.source import Mapping, Node, Scalar, Sequence
from foederis.language.syntax import SyntaxProblem, parse
from foederis.language.world import parts_of_period

# Sections whose numbers are no part of the game as the file has it.
_OTHERS = ("foederis", "clock", "sources", "correlated", "whatifs", "claims", "observed")


@dataclass(frozen=True)
class Written:
    """A number of the file: `path` leads to it, `says` is what the item that holds it says."""

    path: str
    text: str
    line: int
    column: int
    unit: str
    says: str
    because: tuple[Because, ...]


@dataclass(frozen=True)
class _Held:
    """What the items around a node say and rest on."""

    says: str = ""
    because: tuple[Because, ...] = ()


def written(root: Mapping) -> Iterator[Written]:
    """The numbers that `foederis check` counts, in the order of the file."""
    for key, node in root.entries:
        if key.text not in _OTHERS and key.text in CASE.keys:
            yield from _in(node, CASE.keys[key.text].form, key.text, _Held())


def _in(node: Node, form: object, path: str, held: _Held) -> Iterator[Written]:
    if form is NUMBER or form is TYPE:
        yield from _number(node, form, path, held)
    elif isinstance(form, Shape):
        yield from _shape(node, form, path, held)
    elif isinstance(form, MapOf) and isinstance(node, Mapping):
        for key, item in node.entries:
            yield from _in(item, form.item, f"{path}.{key.text}", held)
    elif isinstance(form, ListOf):
        yield from _list(node, form, path, held)
    elif form == "period" and isinstance(node, Scalar):
        parts = parts_of_period(node.text)
        if parts is not None and _is_number(node.text[parts[0] : parts[1]]):
            yield Written(path, node.text, node.span.line, node.span.column, f"{parts[2]}s", held.says, held.because)


def _number(node: Node, form: Shape, path: str, held: _Held) -> Iterator[Written]:
    value = node.get(form.short) if isinstance(node, Mapping) else node
    if isinstance(value, Scalar) and _is_number(value.text):
        held = _held(node, held)
        yield Written(
            path, value.text, value.span.line, value.span.column, text_at(node, "unit"), held.says, held.because
        )


def _shape(node: Node, form: Shape, path: str, held: _Held) -> Iterator[Written]:
    if not isinstance(node, Mapping):
        return
    held = _held(node, held)
    for key, item in node.entries:
        if key.text in form.keys:
            yield from _in(item, form.keys[key.text].form, f"{path}.{key.text}", held)


def _list(node: Node, form: ListOf, path: str, held: _Held) -> Iterator[Written]:
    """Turns by their names, other items by their place."""
    if not isinstance(node, Sequence):
        if form.or_one:
            yield from _in(node, form.item, path, held)
        return
    for place, item in enumerate(node.items):
        if isinstance(form.item, OneOf):
            for turn in turns_in(item):
                yield from _in(turn, form.item.usual, f"{path}.{name_of(turn)}", held)
        else:
            yield from _in(item, form.item, f"{path}.{place}", held)


def _held(node: Node, around: _Held) -> _Held:
    own = reasons(node.get("because")) if isinstance(node, Mapping) else ()
    return _Held(text_at(node, "says") or around.says, own or around.because)


def _is_number(text: str) -> bool:
    """Whether a text is a number, plain or a range, and not worked out from others."""
    try:
        tree = parse(text)
    except SyntaxProblem:
        return False
    return is_distribution(tree) or tree.op == "number" or (tree.op == "sign" and tree.items[0].op == "number")


def reasons(node: Node | None) -> tuple[Because, ...]:
    """The reasons at a `because`, as they are written."""
    found = []
    for part in node.items if isinstance(node, Sequence) else (node,):
        if isinstance(part, Scalar) and part.text.strip():
            found.append(Because(says=" ".join(part.text.split())))
        elif isinstance(part, Mapping):
            said = {key: text_at(part, key) for key in ("where", "says", "quote")}
            credibility = text_at(part, "credibility")
            number = int(credibility) if credibility.isascii() and credibility.isdigit() else None
            found.append(Because(text_at(part, "source") or None, **said, credibility=number))
    return tuple(found)


def text_at(node: Node | None, key: str) -> str:
    """The text at a key of a mapping, in one line; "" if there is none."""
    found = node.get(key) if isinstance(node, Mapping) else None
    return " ".join(found.text.split()) if isinstance(found, Scalar) else ""

"""Changes to a case by path, as what-ifs and the command line make them: on the nodes, before any meaning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from foederis.diagnostics import Report, TooMany, nearest
from foederis.language.shapes import CASE, VARIABLE, Key, ListOf, MapOf, OneOf, Shape
from foederis.language.source import Mapping, Node, Scalar, parse
from foederis.language.source import Sequence as SequenceNode


def parse_value(text: str, report: Report) -> Node | None:
    """The node that a text given on the command line stands for; None if it has mistakes, or is none."""
    if not text.strip():
        report.add("F114", "a path must be given a value", None, "as in `--set quantities.p_fall=30%`")
        return None
    found = None
    with suppress(TooMany):
        found = parse(text, report)
    return None if report.has_errors else found  # of two equal keys neither is left out in silence


def apply_changes(
    root: Node, changes: Iterable[tuple[str, Node]], report: Report, places: Sequence[Scalar] = ()
) -> Node:
    """A copy of the tree with each path replaced; unknown paths are reported and left.

    Args:
        places: where each path itself stands, if it stands in the file.
    """
    for number, (path, value) in enumerate(changes):
        place = places[number] if number < len(places) else Scalar(path, value.span)
        changed = _Change(path, value, place, report).replace(root, 0, CASE)
        root = changed if changed is not None else root
    return root


@dataclass(frozen=True)
class _Change:
    path: str
    value: Node
    place: Scalar
    report: Report

    @property
    def parts(self) -> list[str]:
        return self.path.split(".")

    def replace(self, node: Node, depth: int, form: object) -> Node | None:
        """The node with what the rest of the path leads to replaced; None if it leads nowhere."""
        if depth == len(self.parts):
            return _put(node, self.value, form)
        word = self.parts[depth]
        if isinstance(form, ListOf) and form.or_one and not isinstance(node, SequenceNode):
            form = form.item
        if isinstance(form, Shape) and word in form.keys and _is_short(node, form):
            # `quantities.q.unit` where q is a lone scalar: its short form is written out first.
            node = Mapping(((Scalar(form.short, node.span), node),), node.span)
        if isinstance(node, SequenceNode):
            return self._in_list(node, depth, form)
        if not isinstance(node, Mapping):
            self._leads_nowhere(depth, ())
            return None
        found = node.get(word)
        if found is not None:
            changed = self.replace(found, depth + 1, _inner(form, word))
            return None if changed is None else node.with_entry(Scalar(word, self.place.span), changed)
        if isinstance(form, Shape) and word in form.keys and depth == len(self.parts) - 1:
            return node.with_entry(Scalar(word, self.place.span), self.value)
        known = {key.text for key, _ in node.entries} | (set(form.keys) if isinstance(form, Shape) else set())
        self._leads_nowhere(depth, known)
        return None

    def _in_list(self, node: SequenceNode, depth: int, form: object) -> Node | None:
        """Into a list: turns by their name, other items by their place, counted from 0."""
        word = self.parts[depth]
        names = [[name_of(turn) for turn in turns_in(item)] for item in node.items]
        place = next((place for place, found in enumerate(names) if word in found), None)
        if place is not None:
            item = node.items[place]
            turns = item.get("together") if isinstance(item, Mapping) else None
            if isinstance(item, Mapping) and isinstance(turns, SequenceNode):
                inner = form.item.other if isinstance(form, ListOf) and isinstance(form.item, OneOf) else None
                changed = self._in_list(turns, depth, _inner(inner, "together"))
                return None if changed is None else self._with_item(node, place, _with_turns(item, changed))
        elif word.isascii() and word.isdigit() and len(word) < 8 and int(word) < len(node.items):
            place = int(word)
        else:
            counted = [str(number) for number in range(len(node.items))]
            self._leads_nowhere(depth, [name for found in names for name in found if name] or counted)
            return None
        inner = form.item if isinstance(form, ListOf) else None
        if isinstance(inner, OneOf):
            item = node.items[place]
            inner = inner.other if isinstance(item, Mapping) and item.key(inner.key) is not None else inner.usual
        changed = self.replace(node.items[place], depth + 1, inner)
        return None if changed is None else self._with_item(node, place, changed)

    def _with_item(self, node: SequenceNode, place: int, changed: Node) -> SequenceNode:
        return SequenceNode((*node.items[:place], changed, *node.items[place + 1 :]), node.span)

    def _leads_nowhere(self, depth: int, known: Iterable[str]) -> None:
        word, before = self.parts[depth], ".".join(self.parts[:depth])
        start = len(before) + 1 if before else 0
        message = f"the path `{self.path}` leads nowhere: {f'`{before}`' if before else 'the file'} has no `{word}`"
        cure = nearest(word, known) if known else "it has no parts: replace it as a whole"
        self.report.add("F114", message, self.place.part(start, start + len(word)), cure)


def _is_short(node: Node, form: Shape) -> bool:
    """Whether a node stands for its main key alone. A list does so where that key holds a list (levels)."""
    if isinstance(node, SequenceNode):
        return form is VARIABLE
    return bool(form.short) and isinstance(node, Scalar)


def _inner(form: object, word: str) -> object:
    """The form of what stands at a key of this form."""
    if isinstance(form, Shape):
        spec: object = form.keys.get(word)
        return spec.form if isinstance(spec, Key) else None
    return form.item if isinstance(form, MapOf) else None


def turns_in(node: Node) -> tuple[Node, ...]:
    """The turns that an item of `moves` holds: itself, or those taken together."""
    turns = node.get("together") if isinstance(node, Mapping) else None
    return turns.items if isinstance(turns, SequenceNode) else (node,)


def name_of(node: Node) -> str:
    """The name of a turn; empty if it has none."""
    name = (node.get("name") or node.get("actor")) if isinstance(node, Mapping) else None
    return name.text if isinstance(name, Scalar) else ""


def _with_turns(node: Mapping, turns: Node) -> Mapping:
    """A simultaneous move with other turns."""
    key = node.key("together")
    assert key is not None
    return node.with_entry(key, turns)


def _put(node: Node, value: Node, form: object) -> Node:
    """The value in place of a node; a scalar or list put on a written-out short form replaces its main key."""
    if isinstance(form, Shape) and form.short and isinstance(node, Mapping) and not isinstance(value, Mapping):
        key = node.key(form.short) or Scalar(form.short, value.span)
        return node.with_entry(key, value)
    return value

"""Changes to a case by path, as what-ifs and the command line make them: on the nodes, before any meaning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from foederis.diagnostics import Report, nearest
from foederis.language.shapes import CASE, VARIABLE, Key, ListOf, MapOf, Shape
from foederis.language.source import Mapping, Node, Scalar, parse
from foederis.language.source import Sequence as SequenceNode


def parse_value(text: str, report: Report) -> Node | None:
    """The node that a text given on the command line stands for."""
    if not text.strip():
        report.add("F114", "a path must be given a value", None, "as in `--set quantities.p_fall=30%`")
        return None
    return parse(text, report)


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
        names = [_turn_name(item) for item in node.items]
        if word in names:
            place = names.index(word)
        elif word.isascii() and word.isdigit() and len(word) < 8 and int(word) < len(node.items):
            place = int(word)
        else:
            counted = [str(number) for number in range(len(node.items))]
            self._leads_nowhere(depth, [name for name in names if name] or counted)
            return None
        changed = self.replace(node.items[place], depth + 1, form.item if isinstance(form, ListOf) else None)
        if changed is None:
            return None
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


def _turn_name(node: Node) -> str:
    if not isinstance(node, Mapping):
        return ""
    name = node.get("name") or node.get("actor")
    return name.text if isinstance(name, Scalar) else ""


def _put(node: Node, value: Node, form: object) -> Node:
    """The value in place of a node; a scalar or list put on a written-out short form replaces its main key."""
    if isinstance(form, Shape) and form.short and isinstance(node, Mapping) and not isinstance(value, Mapping):
        key = node.key(form.short) or Scalar(form.short, value.span)
        return node.with_entry(key, value)
    return value

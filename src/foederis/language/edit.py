"""Changes to a case by path, as what-ifs and the command line make them: on the nodes, before any meaning."""

from __future__ import annotations

from collections.abc import Iterable

from foederis.diagnostics import Report, Span, nearest
from foederis.language.shapes import CASE, Key, ListOf, MapOf, Shape
from foederis.language.source import Mapping, Node, Scalar, Sequence, parse


def parse_value(text: str, report: Report) -> Node | None:
    """The node that a text given on the command line stands for."""
    if not text.strip():
        report.add("F114", "a path must be given a value", None, "as in `--set quantities.p_fall=30%`")
        return None
    return parse(text, report)


def apply_changes(root: Node, changes: Iterable[tuple[str, Node]], report: Report) -> Node:
    """A copy of the tree with each path replaced; unknown paths are reported and left."""
    for path, value in changes:
        # Levels may not contain dots, conditions under `lost` may: those are replaced as a whole.
        parts = path.split(".")
        changed = _replace(root, parts, value, CASE, path, 0, report)
        root = changed if changed is not None else root
    return root


def _replace(
    node: Node, parts: list[str], value: Node, form: object, path: str, depth: int, report: Report
) -> Node | None:
    if depth == len(parts):
        return _put(node, value, form)
    word = parts[depth]
    if isinstance(form, Shape) and not isinstance(node, Mapping) and form.short and word in form.keys:
        # `quantities.q.unit` where q is a lone scalar: its short form is written out first.
        node = Mapping(((Scalar(form.short, node.span), node),), node.span)
    if isinstance(form, Key):
        form = form.form
    if isinstance(node, Sequence):
        return _replace_item(node, parts, value, form, path, depth, report)
    inner = form.keys.get(word) if isinstance(form, Shape) else form.item if isinstance(form, MapOf) else None
    if not isinstance(node, Mapping):
        return _unknown(parts, path, depth, (), value.span, report)
    found = node.get(word)
    if found is None:
        legal = isinstance(form, Shape) and word in form.keys and depth == len(parts) - 1
        if not legal:
            known = {key.text for key, _ in node.entries} | (set(form.keys) if isinstance(form, Shape) else set())
            return _unknown(parts, path, depth, known, value.span, report)
        return node.with_entry(Scalar(word, value.span), value)
    changed = _replace(found, parts, value, _form(inner), path, depth + 1, report)
    key = node.key(word)
    assert key is not None
    return None if changed is None else node.with_entry(key, changed)


def _form(spec: object) -> object:
    return spec.form if isinstance(spec, Key) else spec


def _replace_item(
    node: Sequence, parts: list[str], value: Node, form: object, path: str, depth: int, report: Report
) -> Node | None:
    """Into a list: turns by their name, other items by their place, counted from 0."""
    word = parts[depth]
    names = [_turn_name(item) for item in node.items]
    if word in names:
        place = names.index(word)
    elif word.isascii() and word.isdigit() and int(word) < len(node.items):
        place = int(word)
    else:
        return _unknown(parts, path, depth, [name for name in names if name], value.span, report)
    inner = form.item if isinstance(form, ListOf) else None
    changed = _replace(node.items[place], parts, value, inner, path, depth + 1, report)
    if changed is None:
        return None
    return Sequence((*node.items[:place], changed, *node.items[place + 1 :]), node.span)


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


def _unknown(
    parts: list[str], path: str, depth: int, known: Iterable[str], span: Span, report: Report
) -> None:
    inside = ".".join(parts[:depth]) or "the file"
    report.add("F114", f"the path `{path}` leads nowhere: {inside} has no `{parts[depth]}`", span,
               nearest(parts[depth], known))

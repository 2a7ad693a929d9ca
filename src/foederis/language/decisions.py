"""Builds the decisions of the reader's own: options taken before the crisis, each with what it is worth at the end."""

from __future__ import annotations

from foederis.language.case import Decision
from foederis.language.expressions import Expression
from foederis.language.reader import Reader
from foederis.language.shapes import DECISION
from foederis.language.source import Mapping as MappingNode
from foederis.language.source import Node, Scalar


def read_decisions(reader: Reader, node: Node | None) -> dict[str, Decision]:
    decisions = {}
    for key, item in reader.items(node, "`decisions`"):
        found = _read_decision(reader, key, item)
        if found is not None:
            decisions[key.text] = found
    return decisions


def _read_decision(reader: Reader, key: Scalar, node: Node) -> Decision | None:
    where = f"the decision `{key.text}`"
    entries = reader.keys(node, DECISION, where)
    reasons = reader.reason(entries.get("because"))
    listed = entries.get("options")
    options: dict[str, Expression] = {}
    texts: dict[str, str] = {}
    names = reader.items(listed, f"`options` of {where}")
    for name, item in names:
        path, scope = f"decisions.{key.text}.options.{name.text}", reader.full(f"the option `{name.text}` of {where}")
        with reader.covered_by(reasons):
            worth = reader.number(item, path, scope)
        inner = item.get("value") if isinstance(item, MappingNode) else item
        if worth is not None:
            options[name.text] = worth
            texts[name.text] = inner.text.strip() if isinstance(inner, Scalar) else ""
    if isinstance(listed, MappingNode) and len(listed.entries) < 2:
        held = "only one option" if listed.entries else "no options"
        cure = "to do nothing is an option too, as in `{leave: -3, stay: -losses(firm)}`"
        reader.report.add("F410", f"{where} has {held}", key.span, cure)
        return None
    if not names or len(options) < len(names):
        return None
    says = reader.text(entries["says"], "`says`") if "says" in entries else ""
    return Decision(key.text, options, texts, _unit(reader, where, entries, names), says, reasons)


def _unit(reader: Reader, where: str, entries: dict[str, Node], options: list[tuple[Scalar, Node]]) -> str:
    """The unit of the decision or of its options, after reporting any that differ."""
    places = [item.get("unit") for _, item in options if isinstance(item, MappingNode)]
    nodes = [node for node in (entries.get("unit"), *places) if node is not None]
    units = [reader.text(node, "`unit`") for node in nodes]
    for unit, node in zip(units, nodes, strict=True):
        if unit != units[0]:
            message = f"the worths of {where} differ in unit: {units[0]} and {unit}"
            reader.report.add("F404", message, node.span, "bring them to one unit, and say it once")
            break
    return units[0] if units else ""

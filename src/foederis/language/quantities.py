"""Builds the numbers that have names: quantities, the order in which to evaluate them, and how they go together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

import numpy as np

from foederis.diagnostics import nearest
from foederis.language import actor_types
from foederis.language.case import Quantity, Tie
from foederis.language.reader import Reader
from foederis.language.shapes import NUMBER as NUMBER_SHAPE
from foederis.language.source import Node, Scalar, Sequence
from foederis.language.syntax import SyntaxProblem, Tree, parse

MAX_TIED = 300


def read_quantity(reader: Reader, name: str, node: Node) -> None:
    """One named quantity, into the reader; whether it goes round in circles is judged by `order_quantities`."""
    where = f"the quantity `{name}`"
    entries = reader.keys(node, NUMBER_SHAPE, where)
    unit = reader.text(entries["unit"], "`unit`") if "unit" in entries else ""
    reasons = reader.reason(entries.get("because"))
    if "value" not in entries or (found := reader.scalar(entries["value"], where)) is None:
        return
    with reader.covered_by(reasons):
        result = reader.slot(found, name, reader.fixed(where, actor_types.QUANTITY), unit, False)
    if name in reader.quantities:
        reader.quantities[name] = replace(reader.quantities[name], because=reasons, inline=False)
    elif result is not None:
        reader.quantities[name] = Quantity(name, found.text, result, None, unit, reasons, span=found.span)


def order_quantities(reader: Reader) -> tuple[str, ...]:
    """Names so that each comes after those that it reads; a cycle is reported."""
    quantities = reader.quantities
    reads = {
        name: sorted(quantity.expression.quantities & quantities.keys()) if quantity.expression else []
        for name, quantity in sorted(quantities.items())
    }
    try:
        return tuple(TopologicalSorter(reads).static_order())
    except CycleError as error:
        _report_cycle(reader, reversed(error.args[1]))
        return ()


def _report_cycle(reader: Reader, names: Iterable[str]) -> None:
    """Reports a cycle, each name followed by one that it reads, from the first in alphabetical order."""
    ring = list(names)[:-1]
    first = ring.index(min(ring))
    cycle = " → ".join([*ring[first:], *ring[:first], ring[first]])
    span = reader.quantities[ring[first]].span
    cure = "write one of them without the others"
    reader.report.add("F401", f"quantities that depend on themselves: {cycle}", span, cure)


def read_correlations(reader: Reader, node: Node | None, changed: bool) -> tuple[Tie, ...]:
    """Pairs that go together. In a changed case one of a pair may be fixed: the other keeps its draws."""
    ties: dict[frozenset[str], Tie] = {}
    for item in reader.sequence(node, "`correlated`"):
        parts = reader.names(item, "a correlation") if isinstance(item, Sequence) else []
        if len(parts) != 3:
            cure = "as in `[stake, price, 0.6]`"
            reader.report.add("F309", "a correlation is a list of two quantities and a number", item.span, cure)
            continue
        tie = _read_tie(reader, parts, changed)
        if tie is None:
            continue
        pair = frozenset({tie.first, tie.second})
        if len(pair) == 1 or pair in ties:
            problem = "a quantity cannot be correlated with itself" if len(pair) == 1 else "this pair stands twice"
            reader.report.add("F309", problem, item.span, "remove it")
            continue
        ties[pair] = tie
    return tuple(ties.values())


def _read_tie(reader: Reader, parts: list[Scalar], changed: bool) -> Tie | None:
    names = []
    for part in parts[:2]:
        quantity = reader.quantities.get(part.text)
        if part.text not in reader.declared:
            message = f"there is no quantity `{part.text}`"
            reader.report.add("F102", message, part.span, nearest(part.text, reader.declared))
        elif quantity is not None and quantity.distribution is None and not changed:
            cure = "only quantities with an interval or a distribution can be correlated"
            reader.report.add("F309", f"`{part.text}` is not uncertain by itself", part.span, cure)
        else:
            names.append(part.text)
    value = literal(parts[2])
    if value is None or not -1 < value < 1:
        cure = "a number between -1 and 1, neither included"
        reader.report.add("F309", f"`{parts[2].text}` is no correlation", parts[2].span, cure)
        return None
    return Tie(names[0], names[1], value) if len(names) == 2 else None


def literal(found: Scalar) -> float | None:
    """The value of a plain number with its sign, None for anything else."""
    try:
        tree: Tree = parse(found.text)
    except SyntaxProblem:
        return None
    sign = -1 if tree.op == "sign" and tree.text == "-" else 1
    tree = tree.items[0] if tree.op == "sign" else tree
    return sign * tree.value if tree.op == "number" else None


def check_correlations(reader: Reader, ties: tuple[Tie, ...], node: Node | None) -> None:
    """Whether any joint distribution has these correlations."""
    names = {name: place for place, name in enumerate(sorted({n for tie in ties for n in (tie.first, tie.second)}))}
    if len(names) > MAX_TIED:
        message = f"more than {MAX_TIED} quantities are correlated"
        reader.report.add("F309", message, node.span if node else None, "correlate only those that matter together")
        return
    matrix = np.eye(len(names))
    for tie in ties:
        i, j = names[tie.first], names[tie.second]
        matrix[i, j] = matrix[j, i] = tie.correlation
    if names and np.linalg.eigvalsh(matrix).min() <= 1e-9:
        cure = "weaken one of them, or say how the others go together"
        message = "these correlations contradict each other (not positive definite)"
        reader.report.add("F309", message, node.span if node else None, cure)

"""Builds the exposures: what can be lost, and the losses of a holder as an expression."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from foederis.diagnostics import Span, nearest
from foederis.language.actor_types import LOST
from foederis.language.case import Exposure, Loss
from foederis.language.expressions import Environment, Expression, constant, join, total
from foederis.language.forms import is_empty, is_open
from foederis.language.kinds import NUMBER
from foederis.language.reader import Reader
from foederis.language.shapes import EXPOSURE
from foederis.language.shapes import NUMBER as NUMBER_SHAPE
from foederis.language.source import Mapping as MappingNode
from foederis.language.source import Node, Scalar
from foederis.language.syntax import SyntaxProblem, parse


class Exposures:
    """Exposures by name, and the sum of losses of a holder as an expression."""

    def __init__(self, reader: Reader, node: Node | None):
        self.reader = reader
        self.span: Span | None = node.span if node is not None else None
        self.nodes = {
            key.text: reader.keys(item, EXPOSURE, f"the exposure `{key.text}`")
            for key, item in reader.items(node, "`exposures`")
        }
        self.holder = {name: self._read_holder(name, entries) for name, entries in self.nodes.items()}
        self.done: dict[str, Exposure] = {}
        self.broken = False
        self._sums: dict[str, Expression] = {}
        self.holders = tuple(dict.fromkeys(holder for holder in self.holder.values() if holder))
        reader.holders = self.holders

    def _read_holder(self, name: str, entries: dict[str, Node]) -> str:
        found = self.reader.scalar(entries["holder"], "`holder`") if "holder" in entries else None
        if found is None or not self.reader.check_name(found):
            return ""
        cure = nearest(found.text, self.reader.actors)
        if found.text not in self.reader.actors and cure.startswith("did you mean"):
            message = f"the holder of the exposure `{name}` is `{found.text}`, who is no actor"
            self.reader.report.add("W608", message, found.span, cure)
        return found.text

    def scalars(self) -> Iterator[Scalar]:
        """Every expression in them, before any has a meaning."""
        for entries in self.nodes.values():
            value, lost = entries.get("value"), entries.get("lost")
            parts = (
                [value, *(part for pair in lost.entries for part in pair)] if isinstance(lost, MappingNode) else [value]
            )
            for part in parts:
                inner = part.get("value") if isinstance(part, MappingNode) else part
                if isinstance(inner, Scalar):
                    yield inner

    def losses(self, holder: str) -> Expression | None:
        """What the holder has lost in a state, in the unit of its exposures; 0 if it holds none."""
        if self.broken:
            return None
        if holder not in self._sums:
            amounts = [item.amount for _, item in sorted(self.done.items()) if item.holder == holder]
            self._sums[holder] = total(amounts) if amounts else constant(0.0)
        return self._sums[holder]

    def read_all(self) -> None:
        for name, entries in self.nodes.items():
            exposure = self._read(name, entries)
            if exposure is None:
                self.broken = True
            else:
                self.done[name] = exposure
        self._check_units()

    def _read(self, name: str, entries: dict[str, Node]) -> Exposure | None:
        reader, where, holder = self.reader, f"the exposure `{name}`", self.holder[name]
        reasons = reader.reason(entries.get("because"))
        with reader.covered_by(reasons):
            scope = reader.full(f"the value of {where}", LOST)
            value = reader.number(entries.get("value"), f"exposures.{name}.value", scope)
            lost = self._read_losses(name, entries.get("lost"), where)
        if value is None or lost is None or not holder:
            return None
        return Exposure(name, holder, value, self._unit(entries), lost, _amount(value, lost), reasons)

    def _read_losses(self, name: str, node: Node | None, where: str) -> tuple[Loss, ...] | None:
        if node is None or is_empty(node):
            return ()
        if not isinstance(node, MappingNode):
            message, cure = f"`lost` of {where} must be a mapping of conditions", "as in `lost: {war == over: 40%}`"
            self.reader.report.add("F201", message, node.span, cure)
            return None
        losses = []
        for place, (key, item) in enumerate(node.entries):
            if place and is_open(node.entries[place - 1][1]):
                continue  # the rest of an expression that a comma tore apart
            condition = self.reader.condition(key, self.reader.full(f"`lost` of {where}", LOST))
            scope = self.reader.full(f"a fraction lost of {where}", LOST)
            fraction = self.reader.number(item, f"exposures.{name}.lost.{place}", scope)
            self.reader.bounded(fraction, item, "F308", f"{scope.place} must be between 0 and 1", 0.0, 1.0)
            if condition is not None and fraction is not None:
                losses.append(Loss(condition, fraction, key.text))
        return tuple(losses) if len(losses) == len(node.entries) else None

    def _unit(self, entries: dict[str, Node]) -> str:
        """The exposure's own unit, else that of its value, else that of the quantity that the value is."""
        reader = self.reader
        if "unit" in entries:
            return reader.text(entries["unit"], "`unit`")
        node = entries.get("value")
        if isinstance(node, MappingNode):
            inner = reader.keys(node, NUMBER_SHAPE, "the value")
            if "unit" in inner:
                return reader.text(inner["unit"], "`unit`")
            node = inner.get("value")
        if isinstance(node, Scalar):
            try:
                tree = parse(node.text)
            except SyntaxProblem:
                return ""
            if tree.op == "name" and tree.text in reader.quantities:
                return reader.quantities[tree.text].unit
        return ""

    def _check_units(self) -> None:
        first: dict[str, Exposure] = {}
        for exposure in self.done.values():
            known = first.setdefault(exposure.holder, exposure)
            if known.unit != exposure.unit:
                named = [f"`{e.name}` is in {e.unit}" if e.unit else f"`{e.name}` has none" for e in (known, exposure)]
                message = f"the exposures of `{exposure.holder}` differ in unit: {', '.join(named)}"
                cure = "bring them to one unit, and say it with `unit` where the value does not"
                self.reader.report.add("F404", message, self.nodes[exposure.name]["value"].span, cure)


def _amount(value: Expression, lost: Sequence[Loss]) -> Expression:
    """value × the largest fraction whose condition holds, 0 if none does."""
    parts = [value, *(loss.condition for loss in lost), *(loss.fraction for loss in lost)]
    pairs = [(loss.condition.function, loss.fraction.function) for loss in lost]
    worth = value.function

    def function(environment: Environment) -> Any:
        largest: Any = 0.0
        for holds, fraction in pairs:
            largest = np.maximum(largest, np.where(holds(environment), fraction(environment), 0.0))
        return worth(environment) * largest

    inside = sorted(f"{loss.condition.canonical}:{loss.fraction.canonical}" for loss in lost)
    return join(parts, NUMBER, function, f"({value.canonical}*lost[{','.join(inside)}])")

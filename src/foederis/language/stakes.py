"""Builds what is at stake: treaties, exposures and the interests of the actors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foederis.diagnostics import nearest
from foederis.language.case import Exposure, Interest, Loss, Treaty
from foederis.language.expressions import NUMBER, Environment, Expression, Scope, constant
from foederis.language.reader import Reader, is_empty
from foederis.language.shapes import EXPOSURE, INTEREST, TREATY
from foederis.language.shapes import NUMBER as NUMBER_SHAPE
from foederis.language.source import Mapping as MappingNode
from foederis.language.source import Node, Scalar
from foederis.language.syntax import SyntaxProblem, parse

PROVISIONS = ("defense", "offense", "neutrality", "nonaggression", "consultation")


def read_treaties(reader: Reader, node: Node | None) -> dict[str, Treaty]:
    treaties = {}
    for key, item in reader.items(node, "`treaties`"):
        where = f"the treaty `{key.text}`"
        entries = reader.keys(item, TREATY, where)
        reasons = reader.reason(entries.get("because"))
        parties = [name.text for name in reader.names(entries["parties"], "a party")] if "parties" in entries else []
        provisions = reader.words(entries["provisions"], "a provision", PROVISIONS, "F116") \
            if "provisions" in entries else []
        invokes = reader.word(entries["invokes"], "`invokes`", PROVISIONS, "F116") if "invokes" in entries else None
        with reader.covered_by(reasons):
            scope = reader.full(f"the trigger of {where}")
            triggered = reader.condition(entries["triggered"], scope) if "triggered" in entries else None
            honoured, costs = _read_bound(reader, entries, key.text, where, parties)
        if triggered is not None and invokes is not None:
            treaties[key.text] = Treaty(key.text, tuple(parties), tuple(provisions), invokes, triggered, honoured,
                                        costs, reasons)
    return treaties


def _read_bound(
    reader: Reader, entries: dict[str, Node], name: str, where: str, parties: list[str]
) -> tuple[dict[str, Expression], dict[str, Expression]]:
    honoured, costs = {}, {}
    for key, item in reader.items(entries.get("honoured_by"), f"`honoured_by` of {where}"):
        _check_bound(reader, key, where, parties)
        found = reader.condition(item, reader.full(f"`honoured_by` of {where}"))
        if found is not None:
            honoured[key.text] = found
    for key, item in reader.items(entries.get("breach_cost"), f"`breach_cost` of {where}"):
        _check_bound(reader, key, where, parties)
        path = f"treaties.{name}.breach_cost.{key.text}"
        found = reader.number(item, path, reader.full(f"`breach_cost` of {where}"))
        if found is not None:
            costs[key.text] = found
    if "honoured_by" in entries and "breach_cost" in entries:
        kept = {key.text for key, _ in reader.items(entries["honoured_by"], "")}
        paid = {key.text for key, _ in reader.items(entries["breach_cost"], "")}
        if kept != paid:
            odd = ", ".join(f"`{word}`" for word in sorted(kept ^ paid))
            reader.report.add("F405", f"`honoured_by` and `breach_cost` of {where} name different actors: {odd}",
                              entries["breach_cost"].span, "name the same actors under both")
    return honoured, costs


def _check_bound(reader: Reader, key: Scalar, where: str, parties: list[str]) -> None:
    if key.text not in reader.actors:
        reader.report.add("F105", f"{where} binds `{key.text}`, who is no actor", key.span,
                          nearest(key.text, reader.actors))
    elif key.text not in parties:
        reader.report.add("F405", f"{where} binds `{key.text}`, who is no party to it", key.span,
                          "add it to `parties`")


class Exposures:
    """Exposures by name, and the sum of losses of a holder as an expression."""

    def __init__(self, reader: Reader, node: Node | None):
        self.reader = reader
        self.nodes = {
            key.text: reader.keys(item, EXPOSURE, f"the exposure `{key.text}`")
            for key, item in reader.items(node, "`exposures`")
        }
        self.done: dict[str, Exposure] = {}
        self.broken = False
        self.busy = False
        reader.holders = tuple(dict.fromkeys(h for h in map(self._holder, self.nodes) if h))
        reader.losses = self.losses

    def _holder(self, name: str) -> str:
        node = self.nodes[name].get("holder")
        return node.text if isinstance(node, Scalar) else ""

    def losses(self, holder: str) -> Expression | None:
        """What the holder has lost in a state, in the unit of its exposures; 0 if it holds none."""
        if self.busy:
            node = next(iter(self.nodes.values())).get("lost")
            self.reader.report.add("F401", "exposures that depend on their own losses", node.span if node else None,
                                   "let `lost` and `value` read the state, not `losses`")
            return None
        self.read_all()
        if self.broken:
            return None
        amounts = [item.amount for _, item in sorted(self.done.items()) if item.holder == holder]
        if not amounts:
            return constant(0.0)
        return total(amounts)

    def read_all(self) -> dict[str, Exposure]:
        if self.done or self.broken or not self.nodes:
            return self.done
        self.busy = True
        done = {}
        for name, entries in self.nodes.items():
            exposure = self._read(name, entries)
            if exposure is None:
                self.broken = True
            else:
                done[name] = exposure
        self.busy = False
        self.done = done
        self._check_units()
        return done

    def _read(self, name: str, entries: dict[str, Node]) -> Exposure | None:
        reader, where = self.reader, f"the exposure `{name}`"
        reasons = reader.reason(entries.get("because"))
        with reader.covered_by(reasons):
            scope = reader.full(f"the value of {where}")
            value = reader.number(entries.get("value"), f"exposures.{name}.value", scope)
            lost = self._read_losses(name, entries.get("lost"), where)
        if value is None or not self._holder(name):
            return None
        unit = self._unit(entries, value)
        return Exposure(name, self._holder(name), value, unit, lost, _amount(value, lost), reasons)

    def _read_losses(self, name: str, node: Node | None, where: str) -> tuple[Loss, ...]:
        if node is None or is_empty(node):
            return ()
        if not isinstance(node, MappingNode):
            self.reader.report.add("F201", f"`lost` of {where} must be a mapping of conditions", node.span,
                                   "as in `lost: {war == over: 40%}`")
            return ()
        losses = []
        for place, (key, item) in enumerate(node.entries):
            condition = self.reader.condition(key, self.reader.full(f"`lost` of {where}"))
            scope = self.reader.full(f"a fraction lost of {where}")
            fraction = self.reader.number(item, f"exposures.{name}.lost.{place}", scope)
            self.reader.bounded(fraction, item, "F308", "a fraction lost must be between 0 and 1", 0.0, 1.0)
            if condition is not None and fraction is not None:
                losses.append(Loss(condition, fraction, key.text))
        return tuple(losses)

    def _unit(self, entries: dict[str, Node], value: Expression) -> str:
        reader = self.reader
        if "unit" in entries:
            return reader.text(entries["unit"], "unit")
        node = entries.get("value")
        if isinstance(node, MappingNode):
            shape = reader.keys(node, NUMBER_SHAPE, "value")
            if "unit" in shape:
                return reader.text(shape["unit"], "unit")
            node = shape.get("value")
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
                a, b = (f"`{e.name}` is in {e.unit or 'no unit'}" for e in (known, exposure))
                self.reader.report.add("F404", f"the exposures of `{exposure.holder}` differ in unit: {a}, {b}",
                                       self.nodes[exposure.name]["value"].span, "bring them to one unit")


def _amount(value: Expression, lost: Sequence[Loss]) -> Expression:
    """value × the largest fraction whose condition holds, 0 if none does."""
    parts = [value, *(loss.condition for loss in lost), *(loss.fraction for loss in lost)]

    def function(environment: Environment) -> object:
        largest: object = 0.0
        for loss in lost:
            held = np.where(loss.condition.function(environment), loss.fraction.function(environment), 0.0)
            largest = np.maximum(largest, held)
        return value.function(environment) * largest

    inside = sorted(f"{loss.condition.canonical}:{loss.fraction.canonical}" for loss in lost)
    return combine(parts, function, f"({value.canonical}*lost[{','.join(inside)}])")


def total(parts: Sequence[Expression]) -> Expression:
    """The sum of numbers as one expression."""

    def function(environment: Environment) -> object:
        return sum(part.function(environment) for part in parts)

    return combine(parts, function, "(" + "+".join(part.canonical for part in parts) + ")")


def combine(parts: Sequence[Expression], function: object, canonical: str) -> Expression:
    variables = frozenset[str]().union(*(part.variables for part in parts))
    quantities = frozenset[str]().union(*(part.quantities for part in parts))
    return Expression(NUMBER, function, canonical, variables, quantities, any(p.reads_step for p in parts))  # type: ignore[arg-type]


def read_interests(reader: Reader, node: Node | None) -> tuple[Interest, ...]:
    interests = []
    for actor, items in reader.items(node, "`interests`"):
        if actor.text not in reader.actors:
            reader.report.add("F105", f"`interests` names `{actor.text}`, who is no actor", actor.span,
                              nearest(actor.text, reader.actors))
            continue
        for key, item in reader.items(items, f"the interests of `{actor.text}`"):
            found = _read_interest(reader, actor.text, key.text, item)
            if found is not None:
                interests.append(found)
    return tuple(interests)


def _read_interest(reader: Reader, actor: str, name: str, node: Node) -> Interest | None:
    where = f"the interest `{name}` of `{actor}`"
    entries = reader.keys(node, INTEREST, where)
    reasons = reader.reason(entries.get("because"))
    with reader.covered_by(reasons):
        scope: Scope = reader.full(where)
        worth = reader.number(entries.get("worth"), f"interests.{actor}.{name}.worth", scope)
        when = reader.condition(entries["when"], scope) if "when" in entries else None
    paid = "each_step"
    if "paid" in entries:
        paid = reader.word(entries["paid"], "`paid`", ("each_step", "at_end"), "F117") or paid
    return None if worth is None else Interest(actor, name, worth, when, paid == "at_end", reasons)

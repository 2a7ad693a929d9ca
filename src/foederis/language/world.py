"""Builds who is there, what changes and which numbers nobody knows: clock, actors, state, facts, quantities."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping

import numpy as np

from foederis.diagnostics import nearest
from foederis.language.case import Actor, Clock, Fact, Quantity, Tie, Variable
from foederis.language.expressions import FLAG, INTEGER, Expression, Kind, constant
from foederis.language.reader import Reader
from foederis.language.shapes import ACTOR, CLOCK, FACT, VARIABLE
from foederis.language.shapes import NUMBER as NUMBER_SHAPE
from foederis.language.source import Node, Scalar, Sequence
from foederis.language.syntax import FLAG_WORDS, SyntaxProblem, Tree, parse

MAX_STEPS = 5_000
MAX_LEVELS = 10_000
DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 365.25 / 12, "quarter": 365.25 / 4, "year": 365.25}
_UNIT = re.compile(r"(.*?)\b(hour|day|week|month|quarter|year)s?\s*\Z", re.DOTALL)
_RANGE = re.compile(r"\s*(-?\d{1,9})\s*\.\.\s*(-?\d{1,9})\s*\Z")


def read_clock(reader: Reader, node: Node | None) -> Clock | None:
    if node is None:
        return None
    entries = reader.keys(node, CLOCK, "`clock`")
    start = _read_date(reader, entries["start"]) if "start" in entries else None
    steps = reader.integer(entries["steps"], "`steps`", 1, MAX_STEPS) if "steps" in entries else None
    days, text = None, ""
    if "step" in entries and (found := reader.scalar(entries["step"], "`step`")) is not None:
        text = found.text.strip()
        match = _UNIT.match(found.text)
        amount = match.group(1).strip() or "1" if match else ""
        if match and re.fullmatch(r"\d{1,6}(\.\d+)?", amount) and float(amount) > 0:
            days = float(amount) * DAYS[match.group(2)]
        else:
            reader.report.add("F212", f"`{text}` is not a length of time", found.span, "as in `1 month` or `2 weeks`")
    if steps is None or days is None:
        return None
    return Clock(start, text, days, steps)


def _read_date(reader: Reader, node: Node) -> datetime.date | None:
    found = reader.scalar(node, "`start`")
    if found is None:
        return None
    try:
        return datetime.date.fromisoformat(found.text.strip())
    except ValueError:
        reader.report.add("F212", f"`{found.text}` is not a date", found.span, "write it as 2030-01-31")
        return None


def read_variables(reader: Reader, node: Node | None) -> dict[str, Variable]:
    """The state variables; their kinds are put into the reader for expressions."""
    variables = {}
    for key, item in reader.items(node, "`state`"):
        where = f"the variable `{key.text}`"
        entries = reader.keys(item, VARIABLE, where)
        if "levels" not in entries:
            continue
        variable = _read_levels(reader, key.text, entries["levels"], where)
        if variable is None:
            continue
        start = variable.start
        if "start" in entries:
            start = _read_start(reader, variable, entries["start"], where)
        reasons = reader.reason(entries.get("because"))
        variables[key.text] = Variable(key.text, variable.kind, variable.levels, start, variable.low, reasons)
        reader.variables[key.text] = kind_of(variable)
    return variables


def kind_of(variable: Variable) -> Kind:
    if variable.kind == "range":
        return INTEGER
    return FLAG if variable.kind == "flag" else Kind("level", variable.levels)


def _read_levels(reader: Reader, name: str, node: Node, where: str) -> Variable | None:
    if isinstance(node, Sequence):
        words = [item.text for item in reader.names(node, f"a level of {where}") if reader.check_name(item)]
        if len(words) != len(node.items):
            return None
        if not words:
            reader.report.add("F402", f"{where} has no levels", node.span, "list at least one")
            return None
        if len(set(words)) != len(words):
            reader.report.add("F402", f"a level stands twice in {where}", node.span, "each level once, in order")
            return None
        return Variable(name, "levels", tuple(words), 0)
    found = reader.scalar(node, where)
    if found is None:
        return None
    if found.text == "flag":
        return Variable(name, "flag", FLAG.levels, 0)
    match = _RANGE.match(found.text)
    if not match:
        reader.report.add("F402", f"`{found.text}` are no levels", found.span,
                          "a list of words, `flag`, or a range such as 0..6")
        return None
    low, high = int(match.group(1)), int(match.group(2))
    if not low <= high < low + MAX_LEVELS:
        reader.report.add("F402", f"the range {found.text} is empty or has more than {MAX_LEVELS} numbers", found.span)
        return None
    return Variable(name, "range", tuple(str(value) for value in range(low, high + 1)), 0, low)


def _read_start(reader: Reader, variable: Variable, node: Node, where: str) -> int:
    found = reader.scalar(node, f"the start of {where}")
    if found is None:
        return 0
    word = found.text.strip()
    if variable.kind == "flag" and word in FLAG_WORDS:
        return int(FLAG_WORDS[word])
    if variable.kind == "range" and re.fullmatch(r"-?\d{1,9}", word):
        word = str(int(word))
    if word in variable.levels:
        return variable.levels.index(word)
    levels = variable.levels if len(variable.levels) < 50 else ()
    reader.report.add("F103", f"`{found.text}` is not a level of {where}", found.span, nearest(word, levels))
    return 0


def read_actors(reader: Reader, node: Node | None) -> dict[str, Actor]:
    actors = {}
    for key, item in reader.items(node, "`actors`"):
        where = f"the actor `{key.text}`"
        entries = reader.keys(item, ACTOR, where)
        if "types" in entries:
            reader.report.add("F210", "private types are not supported yet", entries["types"].span, "remove `types`")
        path = f"actors.{key.text}"
        reasons = reader.reason(entries.get("because"))
        with reader.covered_by(reasons):
            scope = reader.fixed(f"the rationality of `{key.text}`")
            rationality = reader.bounded(
                reader.number(entries.get("rationality"), f"{path}.rationality", scope),
                entries.get("rationality"), "F306", "rationality must be at least 0", 0.0)
            scope = reader.fixed(f"the patience of `{key.text}`")
            patience = reader.bounded(
                reader.number(entries.get("patience"), f"{path}.patience", scope),
                entries.get("patience"), "F307", "patience must be above 0 and at most 1", 0.0, 1.0, open_low=True)
            period = _read_period(reader, entries.get("reconsiders"), f"{path}.reconsiders")
        missing = constant(1.0)
        actors[key.text] = Actor(key.text, rationality or missing, patience or missing, period, reasons)
    return actors


def _read_period(reader: Reader, node: Node | None, path: str) -> Expression | None:
    """Mean days between two chances to reconsider, from `every 4 weeks` or `every 2 to 6 weeks`."""
    found = reader.scalar(node, "`reconsiders`") if node is not None else None
    if found is None:
        return None
    match = _UNIT.match(found.text)
    body = match.group(1) if match else ""
    if not match or not re.match(r"\s*every\b", body):
        reader.report.add("F212", f"`{found.text}` is not a period", found.span, "as in `every 4 weeks`")
        return None
    amount = re.sub(r"\s*every\b", "", body, count=1).strip() or "1"
    whole = Scalar(amount, found.span, "period")
    number = reader.slot(whole, path, reader.fixed("the period of `reconsiders`"), f"{match.group(2)}s", False)
    if number is None:
        return None
    if number.constant is not None and number.constant <= 0:
        reader.report.add("F212", "the period of `reconsiders` must be above 0", found.span, "as in `every 4 weeks`")
        return None
    days, inner = DAYS[match.group(2)], number.function
    fixed = None if number.constant is None else number.constant * days
    return Expression(number.kind, lambda e: inner(e) * days, f"({days}*{number.canonical})",
                      quantities=number.quantities, constant=fixed)


class Facts(Mapping[str, Expression | None]):
    """Facts compiled when first read, so that they may stand in any order; None marks a broken one."""

    def __init__(self, reader: Reader, nodes: dict[str, Node]):
        self.reader, self.nodes = reader, nodes
        self.done: dict[str, Expression | None] = {}
        self.open: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return iter(self.nodes)

    def __len__(self) -> int:
        return len(self.nodes)

    def __contains__(self, name: object) -> bool:
        return name in self.nodes

    def __getitem__(self, name: str) -> Expression | None:
        if name in self.open:
            cycle = " → ".join([*self.open[self.open.index(name) :], name])
            self.reader.report.add("F401", f"facts that depend on themselves: {cycle}", self.nodes[name].span,
                                   "write one of them without the others")
            return None
        if len(self.open) > 50:
            self.reader.report.add("F401", "facts nested more than 50 deep", self.nodes[name].span, "flatten them")
            return None
        if name not in self.done:
            self.open.append(name)
            found = self.reader.condition(self.nodes[name], self.reader.full(f"the fact `{name}`"))
            self.open.pop()
            self.done[name] = found
        return self.done[name]


def read_facts(reader: Reader, node: Node | None) -> dict[str, Fact]:
    nodes, reasons = {}, {}
    for key, item in reader.items(node, "`facts`"):
        entries = reader.keys(item, FACT, f"the fact `{key.text}`")
        reasons[key.text] = reader.reason(entries.get("because"))
        if "when" in entries:
            nodes[key.text] = entries["when"]
    lazy = Facts(reader, nodes)
    reader.facts = lazy
    facts = {}
    for name, where in nodes.items():
        condition = lazy[name]
        if condition is not None:
            text = where.text if isinstance(where, Scalar) else ""
            facts[name] = Fact(name, condition, text, reasons[name])
    return facts


def read_quantities(reader: Reader, node: Node | None) -> None:
    """The named quantities, into the reader; whether they go round in circles is judged by `order_quantities`."""
    named = reader.items(node, "`quantities`")
    reader.declared = frozenset(key.text for key, _ in named)
    for key, item in named:
        where = f"the quantity `{key.text}`"
        entries = reader.keys(item, NUMBER_SHAPE, where)
        found = reader.scalar(entries.get("value"), where)
        if found is None:
            continue
        unit = reader.text(entries["unit"], "unit") if "unit" in entries else ""
        reasons = reader.reason(entries.get("because"))
        with reader.covered_by(reasons):
            result = reader.slot(found, key.text, reader.fixed(where), unit, False)
        if key.text in reader.quantities:
            made = reader.quantities[key.text]
            reader.quantities[key.text] = Quantity(key.text, made.text, None, made.distribution, unit, reasons,
                                                   span=found.span)
        elif result is not None:
            reader.quantities[key.text] = Quantity(key.text, found.text, result, None, unit, reasons, span=found.span)


def order_quantities(reader: Reader) -> tuple[str, ...]:
    """Names so that each comes after those that it reads; a cycle is reported."""
    done: dict[str, None] = {}
    ready = dict(sorted(reader.quantities.items()))
    while ready:
        free = [name for name, q in ready.items() if q.expression is None or q.expression.quantities <= done.keys()]
        if not free:
            _report_cycle(reader, ready)
            return tuple(done)
        for name in free:
            done[name] = None
            del ready[name]
    return tuple(done)


def _report_cycle(reader: Reader, ready: Mapping[str, Quantity]) -> None:
    name = next(iter(ready))
    path: list[str] = []
    while name not in path:
        path.append(name)
        expression = ready[name].expression
        inner = sorted(expression.quantities & ready.keys()) if expression else []
        if not inner:
            return  # reads a quantity that is broken and reported already
        name = inner[0]
    cycle = " → ".join([*path[path.index(name) :], name])
    reader.report.add("F401", f"quantities that depend on themselves: {cycle}", ready[name].span,
                      "write one of them without the others")


def read_correlations(reader: Reader, node: Node | None) -> tuple[Tie, ...]:
    ties: dict[frozenset[str], Tie] = {}
    for item in reader.sequence(node, "`correlated`"):
        parts = reader.names(item, "a correlation") if isinstance(item, Sequence) else []
        if len(parts) != 3:
            reader.report.add("F309", "a correlation is a list of two quantities and a number", item.span,
                              "as in `[stake, price, 0.6]`")
            continue
        tie = _read_tie(reader, parts, item)
        if tie is None:
            continue
        pair = frozenset({tie.first, tie.second})
        if len(pair) == 1 or pair in ties:
            reader.report.add("F309", "this pair stands twice, or is a quantity with itself", item.span, "remove it")
            continue
        ties[pair] = tie
    return tuple(ties.values())


def _read_tie(reader: Reader, parts: list[Scalar], item: Node) -> Tie | None:
    names = []
    for part in parts[:2]:
        quantity = reader.quantities.get(part.text)
        if part.text not in reader.declared:
            reader.report.add("F102", f"there is no quantity `{part.text}`", part.span,
                              nearest(part.text, reader.declared))
        elif quantity is None or quantity.distribution is None:
            reader.report.add("F309", f"`{part.text}` is not uncertain by itself", part.span,
                              "only quantities with an interval or a distribution can be correlated")
        else:
            names.append(part.text)
    value = literal(parts[2])
    if value is None or not -1 < value < 1:
        reader.report.add("F309", f"`{parts[2].text}` is no correlation", parts[2].span, "a number between -1 and 1")
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
    names = sorted({name for tie in ties for name in (tie.first, tie.second)})
    matrix = np.eye(len(names))
    for tie in ties:
        i, j = names.index(tie.first), names.index(tie.second)
        matrix[i, j] = matrix[j, i] = tie.correlation
    if names and np.linalg.eigvalsh(matrix).min() <= 1e-12:
        reader.report.add("F309", "these correlations contradict each other (not positive definite)",
                          node.span if node else None, "weaken one of them, or say how the others go together")

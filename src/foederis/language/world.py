"""Builds who is there and what changes: the clock, the actors, the state variables."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

from foederis.diagnostics import nearest
from foederis.language import actor_types
from foederis.language.case import Actor, Clock, Variable
from foederis.language.expressions import Expression, constant, join
from foederis.language.kinds import FLAG, INTEGER, NUMBER, Kind
from foederis.language.reader import Reader
from foederis.language.shapes import ACTOR, CLOCK, VARIABLE
from foederis.language.source import Node, Scalar, Sequence
from foederis.language.syntax import FLAG_WORDS

MAX_STEPS = 5_000
MAX_LEVELS = 10_000
DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 365.25 / 12, "quarter": 365.25 / 4, "year": 365.25}
_UNIT = re.compile(r"(.*?)\b(hour|day|week|month|quarter|year)s?\s*\Z", re.DOTALL)
_EVERY = re.compile(r"\s*every\b\s*")
_RANGE = re.compile(r"\s*(-?[0-9]{1,9})\s*\.\.\s*(-?[0-9]{1,9})\s*\Z")


def read_clock(reader: Reader, node: Node | None) -> Clock | None:
    if node is None:
        return None
    entries = reader.keys(node, CLOCK, "`clock`")
    start = read_date(reader, entries["start"], "`start`") if "start" in entries else None
    steps = reader.integer(entries["steps"], "`steps`", 1, MAX_STEPS) if "steps" in entries else None
    days, text = None, ""
    if "step" in entries and (found := reader.scalar(entries["step"], "`step`")) is not None:
        text = found.text.strip()
        match = _UNIT.match(found.text)
        amount = match.group(1).strip() or "1" if match else ""
        if match and re.fullmatch(r"[0-9]{1,6}(\.[0-9]+)?", amount) and float(amount) > 0:
            days = float(amount) * DAYS[match.group(2)]
        else:
            reader.report.add("F212", f"`{text}` is not a length of time", found.span, "as in `1 month` or `2 weeks`")
    if steps is None or days is None:
        return None
    return Clock(start, text, days, steps)


def read_date(reader: Reader, node: Node, where: str) -> datetime.date | None:
    found = reader.scalar(node, where)
    if found is None:
        return None
    try:
        return datetime.date.fromisoformat(found.text.strip())
    except ValueError:
        reader.report.add("F212", f"`{found.text}` is not a date", found.span, "write it as 2030-01-31")
        return None


def read_variables(reader: Reader, node: Node | None) -> dict[str, Variable]:
    """The state variables."""
    variables = {}
    for key, item in reader.items(node, "`state`"):
        where = f"the variable `{key.text}`"
        entries = reader.keys(item, VARIABLE, where)
        reasons = reader.reason(entries.get("because"))
        variable = _read_levels(reader, key.text, entries["levels"], where) if "levels" in entries else None
        if variable is None:
            reader.broken["state"].add(key.text)
            continue
        start = variable.start
        if "start" in entries:
            start = _read_start(reader, variable, entries["start"], where)
        variables[key.text] = Variable(key.text, variable.kind, variable.levels, start, variable.low, reasons)
    return variables


def kind_of(variable: Variable) -> Kind:
    if variable.kind == "range":
        return INTEGER
    return FLAG if variable.kind == "flag" else Kind("level", variable.levels)


def _read_levels(reader: Reader, name: str, node: Node, where: str) -> Variable | None:
    if isinstance(node, Sequence):
        return _read_words(reader, name, node, where)
    found = reader.scalar(node, where)
    if found is None:
        return None
    if found.text == "flag":
        return Variable(name, "flag", FLAG.levels, 0)
    match = _RANGE.match(found.text)
    if not match:
        cure = "a list of words as in `[low, high]`, `flag`, or a range such as 0..6"
        reader.report.add("F402", f"`{found.text}` does not say which levels {where} has", found.span, cure)
        return None
    low, high = int(match.group(1)), int(match.group(2))
    if not low <= high < low + MAX_LEVELS:
        problem = "is empty" if high < low else f"has more than {MAX_LEVELS:,} numbers"
        cure = f"write `{high}..{low}`" if high < low else "count in larger units"
        reader.report.add("F402", f"the range {found.text} {problem}", found.span, cure)
        return None
    return Variable(name, "range", tuple(str(value) for value in range(low, high + 1)), 0, low)


def _read_words(reader: Reader, name: str, node: Sequence, where: str) -> Variable | None:
    words = [item for item in reader.names(node, f"a level of {where}") if reader.check_name(item)]
    if len(words) != len(node.items):
        return None
    if not words:
        reader.report.add("F402", f"{where} has no levels", node.span, "list at least one")
        return None
    if len(words) > MAX_LEVELS:
        reader.report.add("F402", f"{where} has more than {MAX_LEVELS:,} levels", node.span, "put some together")
        return None
    seen: set[str] = set()
    for word in words:
        if word.text in seen:
            message = f"the level `{word.text}` stands twice in {where}"
            reader.report.add("F402", message, word.span, "each level stands once, from the lowest to the highest")
            return None
        seen.add(word.text)
    return Variable(name, "levels", tuple(word.text for word in words), 0)


def _read_start(reader: Reader, variable: Variable, node: Node, where: str) -> int:
    found = reader.scalar(node, f"the start of {where}")
    if found is None:
        return 0
    word = found.text.strip()
    if variable.kind == "flag" and word in FLAG_WORDS:
        return int(FLAG_WORDS[word])
    if variable.kind == "range" and re.fullmatch(r"[+-]?[0-9]{1,9}", word):
        word = str(int(word))
    if word in variable.levels:
        return variable.levels.index(word)
    cure = f"from {variable.levels[0]} to {variable.levels[-1]}"
    cure = cure if variable.kind == "range" else nearest(word, variable.levels)
    reader.report.add("F103", f"`{found.text}` is not a level of {where}", found.span, cure)
    return 0


def read_actors(reader: Reader, node: Node | None, original: Mapping[str, Actor]) -> dict[str, Actor]:
    """The actors; `original` are those of the case that this one is a change of, and decide only messages."""
    return {
        key.text: _read_actor(reader, key.text, item, original.get(key.text))
        for key, item in reader.items(node, "`actors`")
    }


def _read_actor(reader: Reader, name: str, node: Node, original: Actor | None) -> Actor:
    entries = reader.keys(node, ACTOR, f"the actor `{name}`")
    path, missing = f"actors.{name}", constant(1.0)
    reasons = reader.reason(entries.get("because"))
    with reader.covered_by(reasons):
        place, item = f"the rationality of `{name}`", entries.get("rationality")
        found = reader.number(item, f"{path}.rationality", reader.fixed(place, actor_types.RATIONALITY, name))
        rationality = reader.bounded(found, item, "F306", f"{place} must be at least 0", 0.0)
        place, item = f"the patience of `{name}`", entries.get("patience")
        found = reader.number(item, f"{path}.patience", reader.fixed(place, actor_types.PATIENCE))
        message = f"{place} must be above 0 and at most 1"
        patience = reader.bounded(found, item, "F307", message, 0.0, 1.0, open_low=True)
        period = _read_period(reader, entries.get("reconsiders"), f"{path}.reconsiders")
        types = actor_types.read_types(reader, name, entries.get("types"), original.types if original else {})
    return Actor(name, rationality or missing, patience or missing, period, reasons, types)


def _read_period(reader: Reader, node: Node | None, path: str) -> Expression | None:
    """Mean days between two chances to reconsider, from `every 4 weeks` or `every 2 to 6 weeks`."""
    found = reader.scalar(node, "`reconsiders`") if node is not None else None
    if found is None:
        return None
    parts = parts_of_period(found.text)
    if parts is None:
        reader.report.add("F212", f"`{found.text}` is not a period", found.span, "as in `every 4 weeks`")
        return None
    start, end, unit = parts
    amount = found.text[start:end]
    number: Expression | None = constant(1, INTEGER)
    if amount.strip():
        inner = Scalar(amount, found.part(start, end))
        scope = reader.fixed("the period of `reconsiders`", actor_types.ASKED)
        number = reader.slot(inner, path, scope, f"{unit}s", False)
    if number is None:
        return None
    if number.constant is not None and number.constant <= 0:
        reader.report.add("F212", "the period of `reconsiders` must be above 0", found.span, "as in `every 4 weeks`")
        return None
    return _in_days(number, DAYS[unit])


def parts_of_period(text: str) -> tuple[int, int, str] | None:
    """From where to where the number of `every 2 to 6 weeks` stands, and the unit; None if it is no period."""
    unit, every = _UNIT.match(text), _EVERY.match(text)
    return (every.end(), unit.end(1), unit.group(2)) if unit and every else None


def _in_days(number: Expression, days: float) -> Expression:
    inner = number.function
    if number.constant is not None:
        return constant(number.constant * days)
    return join([number], NUMBER, lambda e: inner(e) * days, f"({days}*{number.canonical})")

"""Builds what happens in a step: the turns in which actors choose, and what options set and pay."""

from __future__ import annotations

from collections.abc import Mapping

from foederis.diagnostics import nearest
from foederis.language.case import Option, Setting, Turn, Variable
from foederis.language.expressions import Expression
from foederis.language.reader import Reader, is_empty
from foederis.language.scope import Scope
from foederis.language.shapes import OPTION, TURN
from foederis.language.source import Mapping as MappingNode
from foederis.language.source import Node, Scalar
from foederis.language.world import kind_of


def read_turns(reader: Reader, node: Node | None, variables: Mapping[str, Variable]) -> tuple[Turn, ...]:
    turns: dict[str, Turn] = {}
    for item in reader.sequence(node, "`moves`"):
        if isinstance(item, MappingNode) and (key := item.key("together")) is not None:
            message = "simultaneous moves (`together`) are not supported yet"
            reader.report.add("F210", message, key.span, "write the turns one after the other")
            continue
        turn = _read_turn(reader, item, variables)
        if turn is None:
            continue
        if turn.name in turns:
            where = (item.get("name") or item.get("actor")) if isinstance(item, MappingNode) else None
            cure = "give one of them a `name:` of its own"
            reader.report.add("F111", f"two turns are called `{turn.name}`", (where or item).span, cure)
            continue
        turns[turn.name] = turn
    return tuple(turns.values())


def _read_turn(reader: Reader, node: Node, variables: Mapping[str, Variable]) -> Turn | None:
    entries = reader.keys(node, TURN, "a turn")
    actor = reader.word(entries["actor"], "`actor`", reader.actors, "F105", "actor") if "actor" in entries else None
    written = entries.get("actor")
    name = written.text if isinstance(written, Scalar) else ""
    if "name" in entries and (found := reader.scalar(entries["name"], "`name`")) and reader.check_name(found):
        name = found.text
    where = f"the turn `{name}`" if name else "a turn"
    path = f"moves.{name}"
    reasons = reader.reason(entries.get("because"))
    with reader.covered_by(reasons):
        when = None
        if "when" in entries:
            when = reader.condition(entries["when"], reader.structure(f"`when` of {where}"))
        chance = None
        if "chance" in entries:
            scope = reader.full(f"the chance of {where}")
            chance = read_probability(reader, entries["chance"], f"{path}.chance", scope)
        options = _read_options(reader, entries.get("options"), path, where, variables)
    if actor is None:
        reader.broken["moves"].add(name)
        return None
    return Turn(name, actor, when, options, chance, reasons)


def _read_options(
    reader: Reader, node: Node | None, path: str, where: str, variables: Mapping[str, Variable]
) -> dict[str, Option]:
    options = {}
    found = reader.items(node, f"`options` of {where}")
    if node is not None and (is_empty(node) or (isinstance(node, MappingNode) and not node.entries)):
        reader.report.add("F201", f"`options` of {where} needs at least one option", node.span, "as in `wait: {}`")
    for key, item in found:
        if key.text == "none":
            reader.report.add("F112", "`none` stands for a turn that passed", key.span, "choose another name")
            continue
        options[key.text] = _read_option(reader, key.text, item, f"{path}.options.{key.text}", variables)
    return options


def _read_option(reader: Reader, name: str, node: Node, path: str, variables: Mapping[str, Variable]) -> Option:
    where = f"the option `{name}`"
    entries = reader.keys(node, OPTION, where)
    reasons = reader.reason(entries.get("because"))
    with reader.covered_by(reasons):
        when = None
        if "when" in entries:
            when = reader.condition(entries["when"], reader.structure(f"`when` of {where}"))
        sets = read_settings(reader, entries.get("sets"), variables, where)
        pays = read_payments(reader, entries.get("pays"), path, where)
    says = reader.text(entries["says"], "`says`") if "says" in entries else ""
    return Option(name, when, sets, pays, reasons, says)


def read_settings(
    reader: Reader, node: Node | None, variables: Mapping[str, Variable], where: str
) -> tuple[Setting, ...]:
    """What an option or event sets, to what."""
    settings = []
    scope = reader.structure(f"what {where} sets")
    for key, item in reader.items(node, f"`sets` of {where}"):
        variable = variables.get(key.text)
        if variable is None:
            if key.text not in reader.broken["state"]:
                message = f"{where} sets `{key.text}`, which is no state variable"
                reader.report.add("F107", message, key.span, nearest(key.text, variables))
            continue
        found = reader.scalar(item, f"`{key.text}`")
        value = reader.expression(found, scope, kind_of(variable)) if found is not None else None
        if found is None or value is None:
            continue
        if variable.kind == "range" and value.constant is not None:
            _check_range(reader, variable, value.constant, found)
        settings.append(Setting(key.text, value))
    return tuple(settings)


def _check_range(reader: Reader, variable: Variable, value: float, found: Scalar) -> None:
    top = variable.low + len(variable.levels) - 1
    if not variable.low <= value <= top:
        end = variable.low if value < variable.low else top
        message = f"`{variable.name}` runs from {variable.low} to {top}, so this sets it to {end}"
        reader.report.add("W606", message, found.span, f"write {end} if that is meant")


def read_payments(reader: Reader, node: Node | None, path: str, where: str) -> dict[str, Expression]:
    """What is paid at once, by actor."""
    payments = {}
    for key, item in reader.items(node, f"`pays` of {where}"):
        if key.text not in reader.actors:
            message = f"{where} pays `{key.text}`, who is no actor"
            reader.report.add("F105", message, key.span, nearest(key.text, reader.actors))
            continue
        found = reader.number(item, f"{path}.pays.{key.text}", reader.full(f"what {where} pays"))
        if found is not None:
            payments[key.text] = found
    return payments


def read_probability(reader: Reader, node: Node, path: str, scope: Scope) -> Expression | None:
    """A number that must be a probability; a plain interval there is worth a warning."""
    found = reader.number(node, path, scope, warn_interval=True)
    return reader.bounded(found, node, "F305", f"{scope.place} must be between 0 and 1", 0.0, 1.0)

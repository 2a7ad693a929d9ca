"""Builds what happens in a step: the turns in which actors choose, and what options set and pay."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from foederis.diagnostics import nearest
from foederis.language import actor_types
from foederis.language.case import Option, Setting, Turn, Variable
from foederis.language.expressions import Expression
from foederis.language.reader import Reader, is_empty
from foederis.language.scope import UNREAD, Scope
from foederis.language.shapes import OPTION, TOGETHER, TURN
from foederis.language.source import Mapping as MappingNode
from foederis.language.source import Node, Scalar
from foederis.language.source import Sequence as SequenceNode
from foederis.language.world import kind_of

# The most ways in which a simultaneous move can go: an option of each turn, or that it passes.
MAX_JOINT = 4096


def read_turns(reader: Reader, node: Node | None, variables: Mapping[str, Variable]) -> tuple[Turn, ...]:
    turns: dict[str, Turn] = {}
    for place, item in enumerate(reader.sequence(node, "`moves`")):
        if isinstance(item, MappingNode) and item.key("together") is not None:
            _read_together(reader, item, variables, turns, place)
        else:
            _add_turn(reader, item, variables, turns)
    return tuple(turns.values())


def _add_turn(reader: Reader, item: Node, variables: Mapping[str, Variable], turns: dict[str, Turn]) -> Turn | None:
    """Reads a turn and puts it with the others, whose names it must not repeat."""
    turn = _read_turn(reader, item, variables)
    if turn is None:
        return None
    if turn.name in turns:
        where = (item.get("name") or item.get("actor")) if isinstance(item, MappingNode) else None
        cure = "give one of them a `name:` of its own"
        reader.report.add("F111", f"two turns are called `{turn.name}`", (where or item).span, cure)
        return None
    turns[turn.name] = turn
    return turn


def _read_together(
    reader: Reader, item: MappingNode, variables: Mapping[str, Variable], turns: dict[str, Turn], place: int
) -> None:
    """A simultaneous move; of one turn alone it is that turn."""
    key = item.key("together")
    assert key is not None
    listed = reader.keys(item, TOGETHER, "a simultaneous move").get("together")
    items = reader.sequence(listed, "`together`")
    if listed is not None and not items and (is_empty(listed) or isinstance(listed, SequenceNode)):
        cure = "as in `together: [{actor: a, options: …}, {actor: b, options: …}]`"
        reader.report.add("F201", "`together` needs at least one turn", listed.span, cure)
    found = [turn for node in items if (turn := _add_turn(reader, node, variables, turns)) is not None]
    ways = math.prod(len(turn.options) + 1 for turn in found)
    if ways > MAX_JOINT:
        message = f"the turns taken together can go in {ways:,} ways, and {MAX_JOINT:,} are the most"
        reader.report.add(
            "F321", message, key.span, "give them fewer options, or take some of them one after the other"
        )
    if len(found) > 1:
        turns.update({turn.name: replace(turn, together=place) for turn in found})
        _warn_of_clashes(reader, items)


def _warn_of_clashes(reader: Reader, items: tuple[Node, ...]) -> None:
    """Of two turns taken together that set one variable, the later has the last word."""
    first: dict[str, int] = {}
    for place, item in enumerate(items):
        options = item.get("options") if isinstance(item, MappingNode) else None
        for _, option in options.entries if isinstance(options, MappingNode) else ():
            sets = option.get("sets") if isinstance(option, MappingNode) else None
            for key, _ in sets.entries if isinstance(sets, MappingNode) else ():
                if first.setdefault(key.text, place) != place:
                    message = f"two turns that are taken together set `{key.text}`"
                    cure = "where both do, the one that is listed last counts"
                    reader.report.add("W621", message, key.span, cure)


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
            when = reader.condition(entries["when"], reader.structure(f"`when` of {where}", actor_types.TURN))
        chance = None
        if "chance" in entries:
            scope = reader.full(f"the chance of {where}", actor_types.ASKED)
            chance = read_probability(reader, entries["chance"], f"{path}.chance", scope)
        options = _read_options(reader, entries.get("options"), path, where, variables, actor or UNREAD)
    if actor is None:
        reader.broken["moves"].add(name)
        return None
    return Turn(name, actor, when, options, chance, reasons)


def _read_options(
    reader: Reader, node: Node | None, path: str, where: str, variables: Mapping[str, Variable], actor: str
) -> dict[str, Option]:
    options = {}
    found = reader.items(node, f"`options` of {where}")
    if node is not None and (is_empty(node) or (isinstance(node, MappingNode) and not node.entries)):
        reader.report.add("F201", f"`options` of {where} needs at least one option", node.span, "as in `wait: {}`")
    for key, item in found:
        if key.text == "none":
            reader.report.add("F112", "`none` stands for a turn that passed", key.span, "choose another name")
            continue
        options[key.text] = _read_option(reader, key.text, item, f"{path}.options.{key.text}", variables, actor)
    return options


def _read_option(
    reader: Reader, name: str, node: Node, path: str, variables: Mapping[str, Variable], actor: str
) -> Option:
    where = f"the option `{name}`"
    entries = reader.keys(node, OPTION, where)
    reasons = reader.reason(entries.get("because"))
    with reader.covered_by(reasons):
        when = None
        if "when" in entries:
            when = reader.condition(entries["when"], reader.structure(f"`when` of {where}", actor_types.OPTION, actor))
        sets = read_settings(reader, entries.get("sets"), variables, where)
        pays = read_payments(reader, entries.get("pays"), path, where, actor)
    says = reader.text(entries["says"], "`says`") if "says" in entries else ""
    return Option(name, when, sets, pays, reasons, says)


def read_settings(
    reader: Reader, node: Node | None, variables: Mapping[str, Variable], where: str
) -> tuple[Setting, ...]:
    """What an option or event sets, to what."""
    settings = []
    scope = reader.structure(f"what {where} sets", actor_types.SET)
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


def read_payments(reader: Reader, node: Node | None, path: str, where: str, owner: str = "") -> dict[str, Expression]:
    """What is paid at once, by actor; `owner` is the actor whose option pays."""
    payments = {}
    for key, item in reader.items(node, f"`pays` of {where}"):
        if key.text not in reader.actors:
            message = f"{where} pays `{key.text}`, who is no actor"
            reader.report.add("F105", message, key.span, nearest(key.text, reader.actors))
            continue
        found = reader.number(item, f"{path}.pays.{key.text}", reader.full(f"what {where} pays", owner=owner))
        if found is not None:
            payments[key.text] = found
    return payments


def read_probability(reader: Reader, node: Node, path: str, scope: Scope) -> Expression | None:
    """A number that must be a probability; a plain interval there is worth a warning."""
    found = reader.number(node, path, scope, warn_interval=True)
    return reader.bounded(found, node, "F305", f"{scope.place} must be between 0 and 1", 0.0, 1.0)

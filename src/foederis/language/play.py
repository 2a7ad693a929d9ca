"""Builds what happens in a step: the turns in which actors choose, and the events that nobody decides."""

from __future__ import annotations

from foederis.diagnostics import nearest
from foederis.language.case import Event, Odds, Option, Outcome, Setting, Turn, Variable
from foederis.language.expressions import Expression, Scope, compile_scalar
from foederis.language.reader import Reader, is_empty
from foederis.language.shapes import EVENT, ODDS, OPTION, OUTCOME, TURN
from foederis.language.source import Mapping as MappingNode
from foederis.language.source import Node, Scalar
from foederis.language.world import kind_of


def read_settings(
    reader: Reader, node: Node | None, variables: dict[str, Variable], where: str
) -> tuple[Setting, ...]:
    settings = []
    scope = reader.structure(f"what {where} sets")
    for key, item in reader.items(node, f"`sets` of {where}"):
        variable = variables.get(key.text)
        if variable is None:
            cure = nearest(key.text, variables)
            reader.report.add("F107", f"{where} sets `{key.text}`, which is no state variable", key.span, cure)
            continue
        found = reader.scalar(item, f"`{key.text}`")
        if found is None:
            continue
        value = compile_scalar(found, scope, reader.report, kind_of(variable))
        if value is None:
            continue
        if variable.kind == "range" and value.constant is not None:
            top = variable.low + len(variable.levels) - 1
            if not variable.low <= value.constant <= top:
                message = f"`{key.text}` runs from {variable.low} to {top}"
                reader.report.add("F208", message, found.span, "set it inside its range")
        settings.append(Setting(key.text, value))
    return tuple(settings)


def read_payments(reader: Reader, node: Node | None, path: str, where: str) -> dict[str, Expression]:
    payments = {}
    for key, item in reader.items(node, f"`pays` of {where}"):
        if key.text not in reader.actors:
            reader.report.add("F105", f"{where} pays `{key.text}`, who is no actor", key.span,
                              nearest(key.text, reader.actors))
            continue
        found = reader.number(item, f"{path}.pays.{key.text}", reader.full(f"what {where} pays"))
        if found is not None:
            payments[key.text] = found
    return payments


def read_turns(reader: Reader, node: Node | None, variables: dict[str, Variable]) -> tuple[Turn, ...]:
    turns: dict[str, Turn] = {}
    for item in reader.sequence(node, "`moves`"):
        if isinstance(item, MappingNode) and item.get("together") is not None:
            key = item.key("together")
            reader.report.add("F210", "simultaneous moves (`together`) are not supported yet",
                              key.span if key else item.span, "write the turns one after the other")
            continue
        turn = _read_turn(reader, item, variables)
        if turn is None:
            continue
        if turn.name in turns:
            reader.report.add("F111", f"two turns are called `{turn.name}`", item.span,
                              "give one of them a `name:` of its own")
            continue
        turns[turn.name] = turn
    return tuple(turns.values())


def _read_turn(reader: Reader, node: Node, variables: dict[str, Variable]) -> Turn | None:
    entries = reader.keys(node, TURN, "a turn")
    actor = reader.word(entries.get("actor"), "a turn", reader.actors, "F105") if "actor" in entries else None
    name = actor or ""
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
            chance = _probability(reader, entries["chance"], f"{path}.chance", scope, True)
        options = _read_options(reader, entries.get("options"), path, where, variables)
    if actor is None:
        return None
    return Turn(name, actor, when, options, chance, reasons)


def _probability(reader: Reader, node: Node, path: str, scope: Scope, warn: bool = False) -> Expression | None:
    found = reader.number(node, path, scope, warn)
    return reader.bounded(found, node, "F305", f"{scope.place} is not between 0 and 1", 0.0, 1.0)


def _read_options(
    reader: Reader, node: Node | None, path: str, where: str, variables: dict[str, Variable]
) -> dict[str, Option]:
    options = {}
    if node is not None and is_empty(node):
        reader.report.add("F201", f"`options` of {where} needs at least one option", node.span, "as in `wait: {}`")
    for key, item in reader.items(node, f"`options` of {where}"):
        name = f"the option `{key.text}`"
        if key.text == "none":
            reader.report.add("F112", "`none` stands for a turn that passed", key.span, "choose another name")
            continue
        entries = reader.keys(item, OPTION, name)
        inner = f"{path}.options.{key.text}"
        reasons = reader.reason(entries.get("because"))
        with reader.covered_by(reasons):
            when = None
            if "when" in entries:
                when = reader.condition(entries["when"], reader.structure(f"`when` of {name}"))
            sets = read_settings(reader, entries.get("sets"), variables, name)
            pays = read_payments(reader, entries.get("pays"), inner, name)
        says = reader.text(entries["says"], "says") if "says" in entries else ""
        options[key.text] = Option(key.text, when, sets, pays, reasons, says)
    return options


def read_events(reader: Reader, node: Node | None, variables: dict[str, Variable]) -> tuple[Event, ...]:
    return tuple(
        event for key, item in reader.items(node, "`events`") if (event := _read_event(reader, key, item, variables))
    )


def _read_event(reader: Reader, key: Scalar, node: Node, variables: dict[str, Variable]) -> Event | None:
    where = f"the event `{key.text}`"
    entries = reader.keys(node, EVENT, where)
    path = f"events.{key.text}"
    reasons = reader.reason(entries.get("because"))
    with reader.covered_by(reasons):
        when = None
        if "when" in entries:
            when = reader.condition(entries["when"], reader.structure(f"`when` of {where}"))
        chance = None
        if "chance" in entries:
            scope = reader.full(f"the chance of {where}")
            chance = _probability(reader, entries["chance"], f"{path}.chance", scope, True)
        odds = _read_odds(reader, entries.get("odds"), path, where)
        if "outcomes" in entries:
            outcomes = _read_outcomes(reader, key, entries, path, variables)
        else:
            sets = read_settings(reader, entries.get("sets"), variables, where)
            pays = read_payments(reader, entries.get("pays"), path, where)
            outcomes = {key.text: Outcome(key.text, chance, None, (), sets, pays, reasons)}
            if "chance" not in entries:
                reader.report.add("F202", f"{where} lacks `chance`", key.span, "how likely is it in a step?")
    return Event(key.text, when, chance, odds, outcomes, reasons)


def _read_odds(reader: Reader, node: Node | None, path: str, where: str) -> tuple[Odds, ...]:
    odds = []
    parts: tuple[Node, ...] = () if node is None else (node,)
    if node is not None and not isinstance(node, MappingNode):
        parts = reader.sequence(node, f"`odds` of {where}")
    for place, item in enumerate(parts):
        name = f"the odds of {where}"
        entries = reader.keys(item, ODDS, name)
        reasons = reader.reason(entries.get("because"))
        with reader.covered_by(reasons):
            when = reader.condition(entries["when"], reader.full(name)) if "when" in entries else None
            found = reader.number(entries.get("times"), f"{path}.odds.{place}.times", reader.full(f"`times` in {name}"))
            times = reader.bounded(found, entries.get("times"), "F306", "`times` must be at least 0", 0.0)
        if when is not None and times is not None:
            odds.append(Odds(when, times))
    return tuple(odds)


def _read_outcomes(
    reader: Reader, event: Scalar, entries: dict[str, Node], path: str, variables: dict[str, Variable]
) -> dict[str, Outcome]:
    where = f"the event `{event.text}`"
    for key in ("sets", "pays"):
        if key in entries:
            reader.report.add("F407", f"{where} has both `outcomes` and `{key}`", entries[key].span,
                              f"put `{key}` into the outcomes")
    has_chance = "chance" in entries
    outcomes = {}
    for key, item in reader.items(entries["outcomes"], f"`outcomes` of {where}"):
        name = f"the outcome `{key.text}`"
        parts = reader.keys(item, OUTCOME, name)
        inner = f"{path}.outcomes.{key.text}"
        wanted, other = ("share", "chance") if has_chance else ("chance", "share")
        if wanted not in parts or other in parts:
            cure = "with a chance of the event, outcomes have shares; without, each has a chance"
            reader.report.add("F407", f"{name} needs `{wanted}` and no `{other}`", key.span, cure)
        reasons = reader.reason(parts.get("because"))
        with reader.covered_by(reasons):
            scope = reader.full(f"the {wanted} of {name}")
            chance = share = None
            if "chance" in parts and not has_chance:
                chance = _probability(reader, parts["chance"], f"{inner}.chance", scope, True)
            if "share" in parts and has_chance:
                found = reader.number(parts["share"], f"{inner}.share", scope)
                share = reader.bounded(found, parts["share"], "F310", "a share must be at least 0", 0.0)
            odds = _read_odds(reader, parts.get("odds"), inner, name)
            sets = read_settings(reader, parts.get("sets"), variables, name)
            pays = read_payments(reader, parts.get("pays"), inner, name)
        outcomes[key.text] = Outcome(key.text, chance, share, odds, sets, pays, reasons)
    if not outcomes:
        reader.report.add("F201", f"{where} has no outcomes", event.span, "list at least one, or remove `outcomes`")
    return outcomes

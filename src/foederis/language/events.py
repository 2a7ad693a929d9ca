"""Builds the events that nobody decides: their chances, odds and outcomes."""

from __future__ import annotations

from collections.abc import Mapping

from foederis.language import actor_types
from foederis.language.case import Event, Odds, Outcome, Variable
from foederis.language.expressions import Expression
from foederis.language.play import read_payments, read_probability, read_settings
from foederis.language.reader import Reader, is_empty
from foederis.language.shapes import EVENT, ODDS, OUTCOME
from foederis.language.source import Mapping as MappingNode
from foederis.language.source import Node, Scalar


def read_events(reader: Reader, node: Node | None, variables: Mapping[str, Variable]) -> tuple[Event, ...]:
    return tuple(_read_event(reader, key, item, variables) for key, item in reader.items(node, "`events`"))


def _read_event(reader: Reader, key: Scalar, node: Node, variables: Mapping[str, Variable]) -> Event:
    where = f"the event `{key.text}`"
    entries = reader.keys(node, EVENT, where)
    path = f"events.{key.text}"
    reasons = reader.reason(entries.get("because"))
    with reader.covered_by(reasons):
        when = chance = None
        if "when" in entries:
            when = reader.condition(entries["when"], reader.structure(f"`when` of {where}", actor_types.EVENT))
        if "chance" in entries:
            scope = reader.full(f"the chance of {where}")
            chance = read_probability(reader, entries["chance"], f"{path}.chance", scope)
        odds = _read_odds(reader, entries.get("odds"), path, where)
        if "outcomes" in entries:
            outcomes = _read_outcomes(reader, key, entries, path, variables)
        else:
            sets = read_settings(reader, entries.get("sets"), variables, where)
            pays = read_payments(reader, entries.get("pays"), path, where)
            outcomes = {key.text: Outcome(key.text, chance, None, (), sets, pays, reasons)}
            if "chance" not in entries and (is_empty(node) or isinstance(node, MappingNode)):
                cure = "`chance`: how likely it is in a step"
                reader.report.add("F202", f"{where} lacks `chance`", key.span, cure)
    _check_types(reader, key, chance, odds, outcomes)
    return Event(key.text, when, chance, odds, outcomes, reasons)


def _check_types(
    reader: Reader, event: Scalar, chance: Expression | None, odds: tuple[Odds, ...], outcomes: Mapping[str, Outcome]
) -> None:
    read, entries = [chance], list(odds)
    for outcome in outcomes.values():
        read += [outcome.chance, outcome.share]
        entries += outcome.odds
    read += [part for entry in entries for part in (entry.when, entry.times)]
    actor_types.check_event(reader, event, read)


def _read_odds(reader: Reader, node: Node | None, path: str, where: str) -> tuple[Odds, ...]:
    odds = []
    parts: tuple[Node, ...] = () if node is None else (node,)
    if node is not None and not isinstance(node, MappingNode):
        parts = reader.sequence(node, f"`odds` of {where}")
    for place, item in enumerate(parts):
        name = f"an entry of `odds` of {where}"
        entries = reader.keys(item, ODDS, name)
        reasons = reader.reason(entries.get("because"))
        with reader.covered_by(reasons):
            when = reader.condition(entries["when"], reader.full(f"`when` of {name}")) if "when" in entries else None
            scope = reader.full(f"`times` of {name}")
            found = reader.number(entries.get("times"), f"{path}.odds.{place}.times", scope)
            times = reader.bounded(found, entries.get("times"), "F306", f"{scope.place} must be at least 0", 0.0)
        if when is not None and times is not None:
            odds.append(Odds(when, times))
    return tuple(odds)


def _read_outcomes(
    reader: Reader, event: Scalar, entries: dict[str, Node], path: str, variables: Mapping[str, Variable]
) -> dict[str, Outcome]:
    where = f"the event `{event.text}`"
    for key in ("sets", "pays"):
        if key in entries:
            message = f"{where} has both `outcomes` and `{key}`"
            reader.report.add("F407", message, entries[key].span, f"put `{key}` into the outcomes")
    wanted, other = ("share", "chance") if "chance" in entries else ("chance", "share")
    outcomes = {}
    for name, item in reader.items(entries["outcomes"], f"`outcomes` of {where}"):
        parts = reader.keys(item, OUTCOME, f"the outcome `{name.text}`")
        if wanted not in parts or other in parts:
            message = f"the outcome `{name.text}` needs `{wanted}` and no `{other}`"
            cure = "with a chance of the event, outcomes have shares; without, each has a chance"
            reader.report.add("F407", message, name.span, cure)
        parts.pop(other, None)
        outcomes[name.text] = _read_outcome(reader, name.text, parts, f"{path}.outcomes.{name.text}", variables)
    shares = [outcome.share.constant for outcome in outcomes.values() if outcome.share is not None]
    if shares and all(share == 0 for share in shares):
        cure = "shares are made to sum to 1, so one at least must be above 0"
        reader.report.add("F310", f"the shares of the outcomes of {where} are all 0", event.span, cure)
    if not outcomes:
        reader.report.add("F201", f"{where} has no outcomes", event.span, "list at least one, or remove `outcomes`")
    return outcomes


def _read_outcome(
    reader: Reader, name: str, parts: dict[str, Node], path: str, variables: Mapping[str, Variable]
) -> Outcome:
    where = f"the outcome `{name}`"
    reasons = reader.reason(parts.get("because"))
    chance: Expression | None = None
    share: Expression | None = None
    with reader.covered_by(reasons):
        if "chance" in parts:
            scope = reader.full(f"the chance of {where}")
            chance = read_probability(reader, parts["chance"], f"{path}.chance", scope)
        if "share" in parts:
            scope = reader.full(f"the share of {where}")
            found = reader.number(parts["share"], f"{path}.share", scope)
            share = reader.bounded(found, parts["share"], "F310", f"{scope.place} must be at least 0", 0.0)
        odds = _read_odds(reader, parts.get("odds"), path, where)
        sets = read_settings(reader, parts.get("sets"), variables, where)
        pays = read_payments(reader, parts.get("pays"), path, where)
    return Outcome(name, chance, share, odds, sets, pays, reasons)

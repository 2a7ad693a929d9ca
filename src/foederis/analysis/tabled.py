"""What a solution holds of options and of states through time, as an answer tells it."""

from __future__ import annotations

from collections.abc import Mapping

from foederis.analysis.answers import Estimate, FirstTime, Floats
from foederis.language.case import Case


def first_time(table: Floats, weights: Floats | None, by_type: Mapping[str, FirstTime] | None = None) -> FirstTime:
    return FirstTime(table[:, :-1], table[:, -1], weights, by_type or {})


def options(case: Case, tables: Mapping[str, Floats], weights: Floats | None = None) -> dict[str, dict[str, Estimate]]:
    """By turn and option, in the author's order; the tables' options stand in the order of their names."""
    found = {}
    for turn in case.turns:
        if turn.name in tables:
            places = {name: place for place, name in enumerate(sorted(turn.options))}
            found[turn.name] = {
                name: Estimate(tables[turn.name][:, places[name]], "", weights) for name in turn.options
            }
    return found


def moves(case: Case, tables: Mapping[str, Floats], weights: Floats | None = None) -> dict[str, dict[str, Estimate]]:
    """By actor: its first turn in the order of play."""
    by_turn = options(case, tables, weights)
    found: dict[str, dict[str, Estimate]] = {}
    for turn in case.turns:
        if turn.name in by_turn:
            found.setdefault(turn.actor, by_turn[turn.name])
    return found


def through_time(case: Case, levels: Mapping[str, Floats]) -> dict[str, dict[str, Floats]]:
    return {
        name: {level: levels[name][:, :, place] for place, level in enumerate(variable.levels)}
        for name, variable in case.variables.items()
    }

"""A case with some of its what-ifs switched on and some of its numbers changed, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from foederis.diagnostics import CaseError, Diagnostic, Report, nearest
from foederis.language import asks, check, edit
from foederis.language.case import Case, Imposed, WhatIf
from foederis.language.source import Node

Change = tuple[str, Node]


@dataclass(frozen=True)
class Switched:
    """Attributes:
    case: the changed case. If moves are imposed, a what-if of the name of `moves` imposes them.
    moves: all the imposed moves together, as a what-if that changes nothing else; None if there are none.
    """

    case: Case
    moves: WhatIf | None


def switch(case: Case, settings: Mapping[str, str], what_ifs: Iterable[str] = ()) -> Switched:
    """The case with what-ifs switched on, in the order of the file, and then changed by {path: text}; where two change
    the same path, the later one wins.

    Raises:
        CaseError: an unknown what-if or path, two moves imposed on one turn, or a case that means nothing so.
    """
    on = switched_on(case, what_ifs)
    changes = all_changes(on, settings)
    context = ", ".join([*(f"the what-if `{whatif.name}`" for whatif in on), *settings])
    changed = check.change(case, changes, context=context) if changes else case
    moves = moves_of(on, changed)
    if moves is None:
        return Switched(changed, None)
    return Switched(replace(changed, whatifs={**changed.whatifs, moves.name: moves}), moves)


def switched_on(case: Case, names: Iterable[str]) -> list[WhatIf]:
    """The what-ifs of exactly these names, in the order of the file; `all` is a name like any other.

    Raises:
        CaseError: F109 for each that is not in the file.
    """
    wanted = dict.fromkeys(names)
    unknown = [
        Diagnostic("F109", f"there is no what-if `{name}`", help=nearest(name, case.whatifs))
        for name in wanted
        if name not in case.whatifs
    ]
    if unknown:
        raise CaseError(unknown, case.text, case.filename)
    return [whatif for name, whatif in case.whatifs.items() if name in wanted]


def all_changes(on: Iterable[WhatIf], settings: Mapping[str, str]) -> list[Change]:
    """Every change in the order in which it is made: a number set by hand wins over what a what-if says of it.

    Raises:
        CaseError: a text that is not YAML.
    """
    found = [change for whatif in on for change in whatif.changes]
    for path, text in settings.items():
        report = Report(context=f"{path}={text}")
        node = edit.parse_value(text, report)
        if node is None:
            raise CaseError(report.in_order(), text, path)
        found.append((path, node))
    return found


def moves_of(on: Iterable[WhatIf], case: Case) -> WhatIf | None:
    """The imposed moves of all of them as one what-if that changes nothing else; None if there are none.

    Args:
        case: as it is once they are switched on.
    Raises:
        CaseError: two moves are imposed on one turn, or one that the case has no room for.
    """
    whatifs = [whatif for whatif in on if whatif.imposed]
    if not whatifs:
        return None
    name = " and ".join(whatif.name for whatif in whatifs)
    found: dict[tuple[int, str], tuple[Imposed, str]] = {}
    report = Report(context=f"the what-ifs {name}")
    for whatif in whatifs:
        for move in whatif.imposed:
            before, by = found.setdefault((move.step, move.turn), (move, whatif.name))
            if before.option != move.option:
                message = f"`{by}` and `{whatif.name}` impose different moves on `{move.turn}` at step {move.step}"
                report.add("F006", message, None, "switch one of them off")
    moves = WhatIf(name, (), tuple(move for move, _ in found.values()))
    if not report.has_errors:
        asks.check_imposed(moves, case.turns, case.clock.steps, report)
    if report.has_errors:
        raise CaseError(report.in_order(), case.text, case.filename)
    return moves


def refuse_moves(moves: WhatIf | None, what: str) -> None:
    """
    Raises:
        CaseError: F213 if moves are imposed, which this analysis does not know.
    """
    if moves is not None:
        message = f"{what} cannot look at imposed moves, and {moves.name} imposes some"
        raise CaseError([Diagnostic("F213", message, help="switch it off for this")])

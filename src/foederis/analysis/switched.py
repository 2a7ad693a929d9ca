"""A case with some of its what-ifs switched on and some of its numbers changed, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from foederis.analysis.solving import choose
from foederis.diagnostics import CaseError, Diagnostic, Report
from foederis.language import asks, check
from foederis.language.case import Case, Imposed, WhatIf


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
    chosen = {whatif.name for whatif in choose(case, what_ifs)}
    on = [whatif for whatif in case.whatifs.values() if whatif.name in chosen]
    changes = [change for whatif in on for change in whatif.changes]
    changes += check.parse_settings(f"{path}={text}" for path, text in settings.items())
    context = ", ".join([*(f"the what-if `{whatif.name}`" for whatif in on), *(f"--set {path}" for path in settings)])
    changed = check.change(case, changes, context=context) if changes else case
    moves = _together([whatif for whatif in on if whatif.imposed], changed)
    if moves is None:
        return Switched(changed, None)
    return Switched(replace(changed, whatifs={**changed.whatifs, moves.name: moves}), moves)


def _together(whatifs: list[WhatIf], case: Case) -> WhatIf | None:
    """The imposed moves of all of them."""
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

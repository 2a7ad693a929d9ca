"""What the page changes against the saved file: what-ifs that are switched on, then paths with their new texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from foederis.diagnostics import CaseError, Diagnostic, Report, nearest
from foederis.language import edit
from foederis.language.case import Case, Imposed, WhatIf
from foederis.language.source import Node

Change = tuple[str, Node]


def switched_on(case: Case, on: Sequence[str]) -> list[WhatIf]:
    """The named what-ifs in the order of the file.

    Raises:
        CaseError: F109 if one is not in the file.
    """
    for name in on:
        if name not in case.whatifs:
            cure = nearest(name, case.whatifs)
            raise CaseError([Diagnostic("F109", f"there is no what-if `{name}`", help=cure)], case.text, case.filename)
    wanted = set(on)
    return [whatif for name, whatif in case.whatifs.items() if name in wanted]


def all_changes(case: Case, settings: Mapping[str, str], on: Sequence[str]) -> list[Change]:
    """Every change in the order in which it is made: a number set by hand wins over what a what-if says of it.

    Raises:
        CaseError: an unknown what-if, or a text that is not YAML.
    """
    found = [change for whatif in switched_on(case, on) for change in whatif.changes]
    for path, text in settings.items():
        report = Report(context=f"{path}={text}")
        node = edit.parse_value(text, report)
        if node is None:
            raise CaseError(report.in_order(), text, path)
        found.append((path, node))
    return found


def imposed_moves(case: Case, on: Sequence[str]) -> list[Imposed]:
    """The moves that the what-ifs that are on impose, all together.

    Raises:
        CaseError: an unknown what-if.
    """
    return [move for whatif in switched_on(case, on) for move in whatif.imposed]

"""What came of an ensemble, and the answer to a query of it, as text."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from foederis.ensembles.query import Table
from foederis.ensembles.run import Ensemble, Failed
from foederis.report.tables import Cell, print_line, print_rows
from foederis.report.words import counted


def print_ensemble(found: Ensemble, console: Console) -> None:
    print_line(console, found.title or str(found.folder), style="bold")
    parts = [counted(found.pieces, "piece"), f"{found.solved:,} solved now"]
    if found.found:
        parts.append(f"{found.found:,} there already")
    if found.failed:
        parts.append(f"{len(found.failed):,} failed")
    print_line(console, f"{', '.join(parts)}, in {found.folder}.")
    for (case, setting, seed, _), items in _grouped(found.failed).items():
        console.print()
        where = f"{case}, setting {setting}, seed {seed}: {counted(len(items), 'piece')} failed"
        print_line(console, where + (", the first because of" if len(items) > 1 else ""), style="bold")
        for line in items[0].failure.message.splitlines():
            print_line(console, line, indent=2)
    if len(found.processors) > 1:
        console.print()
        kinds = ", ".join(found.processors)
        print_line(console, f"Solved on different processors ({kinds}): between these, last digits may differ.")
    console.print()
    print_line(console, f"Fingerprint {found.fingerprint[:16]}.", style="dim")


def _grouped(failed: tuple[Failed, ...]) -> dict[tuple[str, str, int, str], list[Failed]]:
    """By study, and by the code of the message or the message itself."""
    groups: dict[tuple[str, str, int, str], list[Failed]] = {}
    for item in failed:
        why = item.failure.code or item.failure.message
        groups.setdefault((item.case, item.setting, item.seed, why), []).append(item)
    return groups


def print_table(found: Table, console: Console) -> None:
    if not found.rows:
        print_line(console, "no rows", style="dim")
        return
    numbers = [
        place
        for place in range(len(found.columns))
        if all(row[place] is None or _is_number(row[place]) for row in found.rows)
    ]
    words = [place for place in range(len(found.columns)) if place not in numbers]
    rows: list[list[Cell]] = [[_cell(value) for value in row] for row in found.rows]
    print_rows(console, rows, headers=found.columns, words=words, indent=0)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, float) else str(value)

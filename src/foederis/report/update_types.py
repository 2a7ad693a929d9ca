"""What an update says of private types: how likely each is before and now, and which observation has moved that."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from foederis.analysis.update_results import Update, Weighed, odds_times
from foederis.report.odds import few, log_size, log_text, ratio_text
from foederis.report.setting import observation_text, spread_text
from foederis.report.tables import Cell, print_line, print_rows
from foederis.report.words import change, percent


def print_types(found: Update, console: Console) -> None:
    console.print()
    print_line(console, "Private types", style="bold")
    rows: list[list[Cell]] = []
    for actor, types in found.before.types.items():
        for name, before in types.items():
            now = found.answer.types_given[actor][name]
            rows.append(
                [
                    f"{actor} is {name}",
                    percent(before.mean),
                    spread_text(before, percent),
                    Text(percent(now.mean), style="bold"),
                    spread_text(now, percent),
                    change(now.mean - before.mean),
                    ratio_text(odds_times(now, before)),
                ]
            )
    print_rows(console, rows, headers=("", "before", "", "now", "", "change", "odds times"))


def print_type_weights(found: Update, console: Console) -> None:
    """For each actor with types: how likely they would be without each observation."""
    for actor, types in found.before.types.items():
        names = list(types)
        names = names[:1] if len(names) == 2 else names  # of two, one says what the other is
        for name in names:
            console.print()
            print_line(console, f"Which observation moved it: {actor} is {name}", style="bold")
            now = found.answer.types_given[actor][name].mean
            items = sorted(found.weighed, key=lambda item: log_size(item.of_type[actor][name]), reverse=True)
            rows = [_row(item, actor, name, now) for item in items]
            print_rows(console, rows, headers=("", "without it", "it adds", "odds times", "log-odds"))


def _row(item: Weighed, actor: str, name: str, now: float) -> list[Cell]:
    without, ratio = item.types[actor][name].mean, item.of_type[actor][name]
    shown = percent(without) + few(item.effective)
    return [observation_text(item.observation), shown, change(now - without), ratio_text(ratio), log_text(ratio)]

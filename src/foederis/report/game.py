"""A case as the game it makes, as text."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from foederis.game.compile import Game
from foederis.language.case import Case, Variable


def print_game(case: Case, game: Game, console: Console) -> None:
    """Actors and options, state variables, events, states per phase and the horizon."""
    clock = case.clock
    begins = f" from {clock.start.isoformat()}" if clock.start else ""
    console.print(Text(case.title, style="bold"))
    console.print(f"{clock.steps} steps of {clock.step_text}{begins}.")
    for title, rows in (
        ("State", _variables(case)),
        ("Turns, in order", _turns(case)),
        ("Events, in order", _events(case)),
        ("States in which a phase can begin", _states(game)),
    ):
        if not rows:
            continue
        console.print()
        console.print(Text(title, style="bold"))
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
        for row in rows:
            table.add_row(*row)
        console.print(Padding(table, (0, 0, 0, 2), expand=False))
    lost = ", ".join(sorted(game.structure.forgotten))
    console.print()
    if lost:
        console.print(f"Put back between steps, since nothing reads it before it is set again: {lost}.")
    console.print(f"Game {game.hash[:12]}.", style="dim")


def _levels(variable: Variable) -> str:
    if variable.kind == "range":
        return f"{variable.levels[0]}..{variable.levels[-1]}"
    return ", ".join(variable.levels)


def _variables(case: Case) -> list[tuple[str, ...]]:
    return [(v.name, _levels(v), f"starts at {v.levels[v.start]}") for v in case.variables.values()]


def _turns(case: Case) -> list[tuple[str, ...]]:
    return [
        (turn.name if turn.name == turn.actor else f"{turn.name} ({turn.actor})", ", ".join(turn.options))
        for turn in case.turns
    ]


def _events(case: Case) -> list[tuple[str, ...]]:
    return [(event.name, ", ".join(n for n in event.outcomes if n != event.name)) for event in case.events]


def _states(game: Game) -> list[tuple[str, ...]]:
    return [(name, f"{count:,}") for name, count in game.states_per_phase.items()]

"""A case as the game it makes, as text."""

from __future__ import annotations

from rich.console import Console

from foederis.game.compile import Game
from foederis.language.case import Case, Variable
from foederis.report.tables import print_line, print_rows
from foederis.report.words import counted


def print_game(case: Case, game: Game, console: Console) -> None:
    """Actors and options, state variables, events, states per phase and the horizon."""
    clock = case.clock
    begins = f" from {clock.start.isoformat()}" if clock.start else ""
    print_line(console, case.title, style="bold")
    print_line(console, f"{counted(clock.steps, 'step')} of {clock.step_text}{begins}.")
    for title, rows, words in (
        ("State", _variables(case), (0, 1, 2)),
        ("Turns, in order", _turns(case), (0, 1)),
        ("Events, in order", _events(case), (0, 1)),
        ("States in which a phase can begin", _states(game), (0,)),
    ):
        if rows:
            console.print()
            print_line(console, title, style="bold")
            print_rows(console, rows, words=words)
    lost = ", ".join(sorted(game.structure.forgotten))
    console.print()
    if lost:
        print_line(console, f"Put back between steps, since nothing reads it before it is set again: {lost}.")
    print_line(console, f"Game {game.hash[:12]}.", style="dim")


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

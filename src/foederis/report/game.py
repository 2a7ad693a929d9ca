"""A case as the game it makes, as text."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from foederis.analysis.solving import memory_of, usual_draws
from foederis.game.alike import idle, stand_ins
from foederis.game.compile import Game
from foederis.game.room import gigabytes, said_of
from foederis.language.case import Case, Turn, Variable
from foederis.language.expressions import Environment, Expression
from foederis.language.sampling import median_quantities
from foederis.report.tables import print_line, print_rows
from foederis.report.words import counted, percent


def print_game(case: Case, game: Game, console: Console) -> None:
    """Actors and options, state variables, events, states per phase and the horizon."""
    clock = case.clock
    begins = f" from {clock.start.isoformat()}" if clock.start else ""
    print_line(console, case.title, style="bold")
    print_line(console, f"{counted(clock.steps, 'step')} of {clock.step_text}{begins}.")
    for title, rows, words in (
        ("Types, which only the actor knows", _types(case), (0, 1, 2)),
        ("State", _variables(case), (0, 1, 2)),
        ("Turns, in order", _turns(case), (0, 1, 2)),
        ("Events, in order", _events(case), (0, 1)),
        ("States in which a phase can begin", _states(game), (0,)),
    ):
        if rows:
            console.print()
            print_line(console, title, style="bold")
            print_rows(console, rows, words=words)
    lost = ", ".join(sorted(game.structure.forgotten))
    console.print()
    for line in shown_by(game):
        print_line(console, line)
    if alike := not_worked_out(game):
        print_line(console, alike)
    if lost:
        print_line(console, f"Put back between steps, since nothing reads it before it is set again: {lost}.")
    if needs := memory_needed(case, game):
        print_line(console, needs)
    print_line(console, f"Game {game.hash[:12]}.", style="dim")


def memory_needed(case: Case, game: Game) -> str:
    """What a large game takes in memory; nothing of another."""
    said = said_of(*memory_of(game, usual_draws(case)))
    return f"It takes {gigabytes(game.bytes)} of memory as it is. {said}" if said else ""


def _types(case: Case) -> list[tuple[str, ...]]:
    """Actor by actor the types, how likely all hold them to be at the start, and what the file says of them."""
    medians = median_quantities(case)
    return [
        (actor.name if not place else "", name, _share(actor.types[name], medians))
        for actor in case.actors.values()
        for place, name in enumerate(actor.types)
    ]


def _share(share: Expression, medians: Mapping[str, NDArray[np.float64]]) -> str:
    value = percent(float(np.ravel(share(Environment({}, medians)))[0]))
    return f"{value} at medians" if share.quantities else value


def not_worked_out(game: Game) -> str:
    """How many states have the same future as another one, and in how many nothing can happen; nothing if none."""
    stands = stand_ins(game)
    states = sum(int((stand >= 0).sum()) for stand in stands)
    spared = states - sum(len(np.unique(stand[stand >= 0])) for stand in stands)
    said = []
    if spared:
        said.append(
            f"Of {states:,} states in which something is decided or may happen, {spared:,} have the same future as "
            "another one and need not be worked out."
        )
    if passed := idle(game):
        said.append(f"In {counted(passed, 'state')} an event is due whose chance is 0: they are left out.")
    return " ".join(said)


def shown_by(game: Game) -> list[str]:
    """For each actor with types, by which turns and events all can tell them apart."""
    found = []
    for place, typed in enumerate(game.roster.typed):
        mine = [phase for phase in game.phases if phase.signal is not None and phase.signal.typed == place]
        names = [phase.name if phase.mover >= 0 else f"{phase.name} (an event)" for phase in mine]
        by = ", ".join(names)
        found.append(
            f"What type {typed.actor} is shows itself in {by}."
            if names
            else f"Nothing shows what type {typed.actor} is."
        )
    return found


def _levels(variable: Variable) -> str:
    if variable.kind == "range":
        return f"{variable.levels[0]}..{variable.levels[-1]}"
    return ", ".join(variable.levels)


def _variables(case: Case) -> list[tuple[str, ...]]:
    return [(v.name, _levels(v), f"starts at {v.levels[v.start]}") for v in case.variables.values()]


def _turns(case: Case) -> list[tuple[str, ...]]:
    return [
        (
            turn.name if turn.name == turn.actor else f"{turn.name} ({turn.actor})",
            ", ".join(turn.options),
            _beside(case, turn),
        )
        for turn in case.turns
    ]


def _beside(case: Case, turn: Turn) -> str:
    """Those that are taken at the same time."""
    others = [other.name for other in case.turns if other.together == turn.together and other is not turn]
    return f"together with {', '.join(others)}" if turn.together is not None else ""


def _events(case: Case) -> list[tuple[str, ...]]:
    return [(event.name, ", ".join(n for n in event.outcomes if n != event.name)) for event in case.events]


def _states(game: Game) -> list[tuple[str, ...]]:
    reveals = {phase.name for phase in game.phases if phase.states.rule.opens}
    return [(name, f"{count:,}") for name, count in game.states_per_phase.items() if name not in reveals]

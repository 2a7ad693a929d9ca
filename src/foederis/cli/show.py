"""`foederis show FILE`"""

from __future__ import annotations

from foederis.cli.common import MAX_STATES, FileOrCase, MaxStates, clear_errors, output


def show(file: FileOrCase, max_states: MaxStates = MAX_STATES) -> None:
    """Show a case as the game it makes: who can do what, how many states, how long."""
    from foederis.analysis.gallery import load
    from foederis.game.compile import compile_game
    from foederis.report.game import print_game

    with clear_errors():
        case = load(file)
        print_game(case, compile_game(case, max_states=max_states), output())

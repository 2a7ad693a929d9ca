"""`foederis show FILE`"""

from __future__ import annotations

from typing import Annotated

import typer

from foederis.cli.common import clear_errors, output


def show(
    file: Annotated[str, typer.Argument(metavar="FILE_OR_CASE", help="A crisis file, or the name of a shipped case.")],
    max_states: Annotated[int, typer.Option(help="The most states a phase may have.")] = 2_000_000,
) -> None:
    """Show a case as the game it makes: who can do what, how many states, how long."""
    from foederis.analysis.gallery import load
    from foederis.game.compile import compile_game
    from foederis.report.game import print_game

    with clear_errors():
        case = load(file)
        print_game(case, compile_game(case, max_states=max_states), output())

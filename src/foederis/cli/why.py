"""`foederis why FILE_OR_CASE`"""

from __future__ import annotations

from typing import Annotated

import typer

from foederis.cli.common import (
    MAX_STATES,
    AsJson,
    Draws,
    FileOrCase,
    MaxStates,
    Seed,
    Settings,
    analyse,
)


def why(
    file: FileOrCase,
    actor: Annotated[
        str | None, typer.Option(help="Whose decision; without it, that of the first question about a move.")
    ] = None,
    turn: Annotated[str | None, typer.Option(help="Which of its turns; without it, the first.")] = None,
    step: Annotated[
        int | None, typer.Option(help="In which step, counted from 0; the first that is not past, if left out.")
    ] = None,
    in_state: Annotated[
        str | None,
        typer.Option(metavar="NAME=LEVEL,…", help="Only where the state is so, as in war=over,regime=shaken."),
    ] = None,
    what_if: Annotated[str | None, typer.Option(metavar="NAME", help="Look at the case under a what-if.")] = None,
    type_: Annotated[
        str | None,
        typer.Option("--type", metavar="NAME", help="Of an actor with private types, this one only."),
    ] = None,
    draws: Draws = 256,
    seed: Seed = 0,
    set_: Settings = None,
    as_json: AsJson = False,
    max_states: MaxStates = MAX_STATES,
) -> None:
    """Say why an actor chooses as it does: what its options are worth, by interest, treaty and price."""
    from foederis.analysis.states import parse_levels
    from foederis.analysis.why import why as explain
    from foederis.report.why import print_why

    analyse(
        file,
        set_,
        as_json,
        lambda case, progress: explain(
            case,
            actor=actor,
            turn=turn,
            step=step,
            in_state=parse_levels(in_state) if in_state is not None else None,
            what_if=what_if,
            type=type_,
            draws=draws,
            seed=seed,
            max_states=max_states,
            progress=progress,
        ),
        print_why,
    )

"""`foederis tipping FILE_OR_CASE`"""

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


def tipping(
    file: FileOrCase,
    when: Annotated[
        str | None, typer.Option(metavar="COMPARISON", help='A question and a value, as in "intervenes > 20%".')
    ] = None,
    move: Annotated[
        str | None, typer.Option(metavar="NAME", help="Follow the likeliest first move of this actor or turn instead.")
    ] = None,
    quantity: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Move this quantity only; repeatable. Without it, all.")
    ] = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH=RANGE", help="Move another number of the file through a range; repeatable."),
    ] = None,
    two_way: Annotated[
        str | None, typer.Option("--map", metavar="NAME,NAME", help="Move two quantities together, as a map.")
    ] = None,
    draws: Draws = 32,
    seed: Seed = 0,
    set_: Settings = None,
    as_json: AsJson = False,
    max_states: MaxStates = MAX_STATES,
) -> None:
    """Find the values at which an answer crosses a threshold, or another move becomes the likeliest."""
    from foederis.analysis.tipping import tipping as find
    from foederis.report.tipping import print_tipping

    analyse(
        file,
        set_,
        as_json,
        lambda case, progress: find(
            case,
            when=when,
            move=move,
            quantities=list(quantity or []),
            vary=list(vary or []),
            two_way=two_way,
            draws=draws,
            seed=seed,
            max_states=max_states,
            progress=progress,
        ),
        print_tipping,
    )

"""`foederis histories FILE_OR_CASE`"""

from __future__ import annotations

from typing import Annotated

import typer

from foederis.cli.common import (
    MAX_STATES,
    AsJson,
    FileOrCase,
    MaxStates,
    Seed,
    Settings,
    analyse,
)


def histories(
    file: FileOrCase,
    draws: Annotated[int, typer.Option(help="How many histories, each in a possible world of its own.")] = 5,
    seed: Seed = 0,
    given: Annotated[
        str | None, typer.Option(metavar="QUESTION", help="Only histories in which the answer is yes.")
    ] = None,
    most_likely: Annotated[
        bool, typer.Option("--most-likely", help="The most likely history, every quantity at its median.")
    ] = False,
    set_: Settings = None,
    what_if: Annotated[str | None, typer.Option(metavar="NAME", help="In the case that a what-if makes.")] = None,
    as_json: AsJson = False,
    max_states: MaxStates = MAX_STATES,
) -> None:
    """How the crisis may go, step by step: histories drawn as they are likely, or the most likely one."""
    from foederis.analysis.histories import histories as follow
    from foederis.report.histories import print_histories

    analyse(
        file,
        set_,
        as_json,
        lambda case, progress: follow(
            case,
            draws=draws,
            seed=seed,
            given=given,
            most_likely=most_likely,
            what_if=what_if,
            max_states=max_states,
            progress=progress,
        ),
        print_histories,
    )

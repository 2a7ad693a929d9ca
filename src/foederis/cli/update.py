"""`foederis update FILE_OR_CASE`"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foederis.cli.common import (
    MAX_STATES,
    AsJson,
    FileOrCase,
    MaxStates,
    Seed,
    Settings,
    UsualDraws,
    analyse,
)


def update(
    file: FileOrCase,
    observe: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file of observations, added to those of the case.")
    ] = None,
    question: Annotated[
        list[str] | None,
        typer.Option(metavar="QUESTION", help="Weigh the observations for this question; repeatable."),
    ] = None,
    between: Annotated[
        list[str] | None,
        typer.Option(metavar="HYPOTHESIS", help='Weigh them for a hypothesis: "stake > 12"; repeatable.'),
    ] = None,
    draws: UsualDraws = None,
    seed: Seed = 0,
    set_: Settings = None,
    what_if: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Solve a what-if too (`all` for every one); repeatable.")
    ] = None,
    as_json: AsJson = False,
    max_states: MaxStates = MAX_STATES,
) -> None:
    """Update a case on what has happened: judgements before and after, and which observation moved which."""
    from foederis.analysis.update import update as update_case
    from foederis.report.update import print_update

    analyse(
        file,
        set_,
        as_json,
        lambda case, progress: update_case(
            case,
            observe,
            questions=list(question or []),
            between=list(between or []),
            draws=draws,
            seed=seed,
            what_ifs=list(what_if or []),
            max_states=max_states,
            progress=progress,
        ),
        print_update,
    )

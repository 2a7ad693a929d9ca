"""`foederis worth-knowing FILE_OR_CASE`"""

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


def worth_knowing(
    file: FileOrCase,
    question: Annotated[str | None, typer.Option(metavar="NAME", help="For the forecast of a question.")] = None,
    decision: Annotated[str | None, typer.Option(metavar="NAME", help="For a decision of the file.")] = None,
    accuracy: Annotated[
        str | None, typer.Option(metavar="SHARE", help="Also value reports of this accuracy, such as 70%.")
    ] = None,
    draws: Draws = 2048,
    seed: Seed = 0,
    set_: Settings = None,
    as_json: AsJson = False,
    max_states: MaxStates = MAX_STATES,
) -> None:
    """Say what would be worth knowing before the crisis: for a decision, or for the forecast of a question."""
    from foederis.analysis.worth_knowing import worth_knowing as find_worth
    from foederis.report.worth_knowing import print_worth_knowing

    analyse(
        file,
        set_,
        as_json,
        lambda case, progress: find_worth(
            case,
            question=question,
            decision=decision,
            draws=draws,
            seed=seed,
            accuracy=accuracy,
            max_states=max_states,
            progress=progress,
        ),
        print_worth_knowing,
    )

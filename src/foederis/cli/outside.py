"""`foederis outside FILE_OR_CASE`"""

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
    UsualDraws,
    analyse,
)
from foederis.cli.data import data_errors


def outside(
    file: FileOrCase,
    weight: Annotated[
        float | None, typer.Option(help="Blend both views in log-odds, the past with this weight from 0 to 1.")
    ] = None,
    draws: UsualDraws = None,
    seed: Seed = 0,
    set_: Settings = None,
    as_json: AsJson = False,
    max_states: MaxStates = MAX_STATES,
) -> None:
    """Hold a case against the past: the cases most like it, a base rate, and its own answer beside them."""
    from foederis.history.outside import outside as hold
    from foederis.report.outside import print_outside

    with data_errors():
        analyse(
            file,
            set_,
            as_json,
            lambda case, progress: hold(
                case, weight=weight, draws=draws, seed=seed, max_states=max_states, progress=progress
            ),
            print_outside,
        )

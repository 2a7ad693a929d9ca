"""`foederis exposure FILE_OR_CASE`"""

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


def exposure(
    file: FileOrCase,
    draws: UsualDraws = None,
    seed: Seed = 0,
    level: Annotated[str, typer.Option(help="Of value at risk and expected shortfall.")] = "95%",
    by: Annotated[
        list[str] | None, typer.Option(metavar="VARIABLE", help="Losses given each level at the end; repeatable.")
    ] = None,
    given: Annotated[
        list[str] | None, typer.Option(metavar="QUESTION", help="Losses given yes and no (at_end); repeatable.")
    ] = None,
    rate: Annotated[
        list[str] | None,
        typer.Option(metavar="RATE", help="Turn a unit into another: `bn EUR = usd_per_eur bn USD`; repeatable."),
    ] = None,
    set_: Settings = None,
    what_if: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A what-if beside it (`all` for every one); repeatable.")
    ] = None,
    as_json: AsJson = False,
    max_states: MaxStates = MAX_STATES,
) -> None:
    """What may be lost, and how likely: value at risk, shortfall, by scenario and by how the crisis ends."""
    from foederis.analysis.exposure import exposure as weigh
    from foederis.report.exposure import print_exposure

    analyse(
        file,
        set_,
        as_json,
        lambda case, progress: weigh(
            case,
            draws=draws,
            seed=seed,
            level=level,
            what_ifs=list(what_if or []),
            by=list(by or []),
            given=list(given or []),
            rates=list(rate or []),
            max_states=max_states,
            progress=progress,
        ),
        print_exposure,
    )

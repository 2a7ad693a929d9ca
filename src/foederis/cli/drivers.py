"""`foederis drivers FILE_OR_CASE`"""

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


def drivers(
    file: FileOrCase,
    question: Annotated[
        str | None, typer.Option(metavar="NAME", help="The question; the first of the file if left out.")
    ] = None,
    given: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="A question about an outcome: look at the worlds in which it comes about."),
    ] = None,
    what_if: Annotated[str | None, typer.Option(metavar="NAME", help="Look at the case under a what-if.")] = None,
    draws: Annotated[
        int | None,
        typer.Option(help="Worlds in each of the two samples, 256 to 1,024 if left out; with --given, all worlds."),
    ] = None,
    keep: Annotated[int, typer.Option(min=1, help="How many groups of quantities are looked at one by one.")] = 16,
    seed: Seed = 0,
    set_: Settings = None,
    as_json: AsJson = False,
    max_states: MaxStates = MAX_STATES,
) -> None:
    """Say which uncertain numbers move an answer, how much, and whether alone or together."""
    from foederis.analysis.drivers import drivers as find_drivers
    from foederis.analysis.drivers_given import WORLDS, drivers_given
    from foederis.report.drivers import budget_words, print_drivers
    from foederis.report.drivers_given import print_drivers_given

    if given is None:
        analyse(
            file,
            set_,
            as_json,
            lambda case, progress: find_drivers(
                case,
                question,
                what_if=what_if,
                draws=draws,
                keep=keep,
                seed=seed,
                max_states=max_states,
                progress=progress,
                announce=lambda budget: typer.echo(f"To solve: {budget_words(budget)}.", err=True),
            ),
            print_drivers,
        )
        return
    analyse(
        file,
        set_,
        as_json,
        lambda case, progress: drivers_given(
            case,
            given,
            question,
            what_if=what_if,
            draws=WORLDS if draws is None else draws,
            seed=seed,
            max_states=max_states,
            progress=progress,
            announce=lambda solves: typer.echo(f"To solve: {solves:,} worlds.", err=True),
        ),
        lambda result, console: print_drivers_given(result, console, keep),
    )

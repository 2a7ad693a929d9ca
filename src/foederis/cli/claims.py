"""`foederis claims FILE_OR_CASE`"""

from __future__ import annotations

from typing import Annotated

import typer

from foederis.cli.common import (
    FAILED,
    MAX_STATES,
    AsJson,
    Draws,
    FileOrCase,
    MaxStates,
    Seed,
    Settings,
    analyse,
)


def claims(
    file: FileOrCase,
    claim: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Judge this claim only; repeatable. Without it, all.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with code 1 if a claim fails.")] = False,
    draws: Draws = 128,
    seed: Seed = 0,
    set_: Settings = None,
    as_json: AsJson = False,
    max_states: MaxStates = MAX_STATES,
) -> None:
    """Judge the claims of a case: which hold, in what share of the worlds, and what they rest on."""
    from foederis.analysis.claims import claims as judge
    from foederis.report.claims import print_claims

    found = analyse(
        file,
        set_,
        as_json,
        lambda case, progress: judge(
            case, list(claim or []), draws=draws, seed=seed, max_states=max_states, progress=progress
        ),
        print_claims,
    )
    if strict and found.failed:
        raise typer.Exit(FAILED)

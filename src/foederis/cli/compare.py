"""`foederis compare FILE_OR_CASE [FILE_OR_CASE …]`"""

from __future__ import annotations

from typing import Annotated

import typer

from foederis.cli.common import (
    MAX_STATES,
    AsJson,
    Draws,
    MaxStates,
    Seed,
    Settings,
    clear_errors,
    read_case,
    show_result,
)
from foederis.cli.progress import Bar


def compare(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE_OR_CASE…", help="Crisis files or shipped cases; the first is the base.")
    ],
    what_if: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A what-if of the first file (`all` for every one); repeatable."),
    ] = None,
    draws: Draws = 256,
    seed: Seed = 0,
    set_: Settings = None,
    as_json: AsJson = False,
    max_states: MaxStates = MAX_STATES,
) -> None:
    """Compare cases, or what-ifs of one, side by side in the same worlds."""
    from foederis.analysis.compare import compare as compare_cases
    from foederis.report.compare import print_comparison

    with clear_errors():
        cases = [read_case(file, set_) for file in files]
        with Bar() as bar:
            found = compare_cases(
                *cases,
                what_ifs=list(what_if or []),
                draws=draws,
                seed=seed,
                max_states=max_states,
                progress=bar.update,
            )
        show_result(found, as_json, print_comparison)

"""`foederis solve FILE_OR_CASE`"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from foederis.cli.common import (
    BAD_INPUT,
    MAX_STATES,
    AsJson,
    FileOrCase,
    MaxStates,
    Seed,
    Settings,
    UsualDraws,
    clear_errors,
    output,
    print_diagnostics,
    read_case,
)
from foederis.cli.progress import Bar


def solve(
    file: FileOrCase,
    draws: UsualDraws = None,
    seed: Seed = 0,
    at: Annotated[str | None, typer.Option(help="`median`: solve one world, every quantity at its median.")] = None,
    set_: Settings = None,
    what_if: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Solve a what-if too (`all` for every one); repeatable.")
    ] = None,
    as_json: AsJson = False,
    out: Annotated[
        Path | None, typer.Option(help="Keep every draw in a Parquet file (needs foederis\\[runs]).")
    ] = None,
    max_states: MaxStates = MAX_STATES,
) -> None:
    """Solve a case and print the answers to its questions."""
    from foederis.analysis.runs import RunError, can_write, write
    from foederis.analysis.solving import solve as solve_case
    from foederis.report.text import print_answer

    with clear_errors():
        case = read_case(file, set_)
        try:
            if out is not None:
                can_write(out)
            with Bar() as bar:
                answer = solve_case(
                    case,
                    draws=draws,
                    seed=seed,
                    at=at,
                    what_ifs=list(what_if or []),
                    max_states=max_states,
                    progress=bar.update,
                    notice=lambda said: typer.echo(said, err=True),
                )
            if out is not None:
                write(answer, out)
        except RunError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(BAD_INPUT) from None
        if as_json:
            typer.echo(json.dumps(answer.to_json(), ensure_ascii=False))
            return
        print_diagnostics(case.warnings, case.text, case.filename)
        print_answer(answer, output())

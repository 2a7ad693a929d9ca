"""`foederis report FILE_OR_CASE`"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foederis.cli.common import (
    BAD_INPUT,
    MAX_STATES,
    FileOrCase,
    MaxStates,
    Seed,
    Settings,
    UsualDraws,
    clear_errors,
    print_diagnostics,
)
from foederis.cli.progress import Bar


def report(
    file: FileOrCase,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Where to write it; NAME-brief.html in this folder if left out.")
    ] = None,
    draws: UsualDraws = None,
    seed: Seed = 0,
    set_: Settings = None,
    what_if: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this what-if; repeatable. `none` for none; all if left out."),
    ] = None,
    max_states: MaxStates = MAX_STATES,
) -> None:
    """Write a brief: one HTML file, to be read anywhere, with the answers, what they rest on and the file itself."""
    from foederis.analysis.gallery import load
    from foederis.analysis.solving import usual_draws
    from foederis.report.brief.make import BriefError
    from foederis.report.brief.make import report as write_report
    from foederis.report.words import counted

    with clear_errors():
        case = load(file)
        try:
            with Bar(only_running=True) as bar:
                path = write_report(
                    case,
                    out,
                    draws=draws,
                    seed=seed,
                    what_ifs=chosen(what_if),
                    settings=list(set_ or []),
                    max_states=max_states,
                    progress=bar.update,
                )
        except BriefError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(BAD_INPUT) from None
        print_diagnostics(case.warnings, case.text, case.filename)
    size = path.stat().st_size / 1e6
    typer.echo(f"{path} is written ({size:.1f} MB), from {counted(draws or usual_draws(case), 'possible world')}.")
    typer.echo("Open it in a browser; it needs no network. To make a PDF, print it there.")


def chosen(names: list[str] | None) -> list[str] | str:
    """The what-ifs that were asked for."""
    if not names:
        return "all"
    return [] if names == ["none"] else names

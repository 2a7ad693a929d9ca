"""`foederis ensemble PLAN`"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from foederis.cli.common import BAD_INPUT, FAILED, AsJson, clear_errors, output
from foederis.cli.progress import Bar


def ensemble(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="The plan, a YAML file.")],
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where all is kept, a folder of its own.")],
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Processes on this machine; as many as it has processors.", show_default=False),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="A Dask scheduler, whose workers solve (needs foederis\\[cluster])."),
    ] = None,
    discard: Annotated[bool, typer.Option("--discard", help="Remove pieces that do not fit any more.")] = False,
    as_json: AsJson = False,
) -> None:
    """Solve an ensemble: many cases, settings and worlds, kept on disk; goes on where it was ended."""
    from foederis.ensembles.errors import EnsembleError
    from foederis.ensembles.run import ensemble as carry_out
    from foederis.report.ensemble import print_ensemble

    with clear_errors():
        try:
            with Bar() as bar:
                found = carry_out(
                    plan,
                    out,
                    workers=workers,
                    scheduler=scheduler,
                    discard=discard,
                    progress=bar.update,
                    say=lambda text: typer.echo(text, err=True),
                )
        except EnsembleError as error:
            typer.echo(f"error: {error}", err=True)
            raise typer.Exit(BAD_INPUT) from None
        except KeyboardInterrupt:
            typer.echo(f"stopped; the same command goes on from what is in {out}", err=True)
            raise typer.Exit(FAILED) from None
        if as_json:
            typer.echo(json.dumps(found.to_json(), ensure_ascii=False))
        else:
            print_ensemble(found, output())
        if not found.complete:
            raise typer.Exit(FAILED)

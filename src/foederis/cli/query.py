"""`foederis query FOLDER SQL`"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from foederis.cli.common import BAD_INPUT, AsJson, clear_errors, output


def query(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder of an ensemble.")],
    sql: Annotated[str, typer.Argument(metavar="SQL", help='One SELECT, as in "SELECT * FROM questions LIMIT 5".')],
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values.")] = False,
) -> None:
    """Ask an ensemble in SQL."""
    from foederis.ensembles.errors import EnsembleError
    from foederis.ensembles.query import query as ask
    from foederis.report.ensemble import print_table

    with clear_errors():
        try:
            if as_json and as_csv:
                raise EnsembleError("--json and --csv cannot be had at once")
            found = ask(folder, sql)
        except EnsembleError as error:
            typer.echo(f"error: {error}", err=True)
            raise typer.Exit(BAD_INPUT) from None
        if found.done < found.pieces:
            text = f"note: {found.pieces - found.done:,} of the {found.pieces:,} pieces are not there, and left out"
            typer.echo(text, err=True)
        if as_json:
            typer.echo(json.dumps(found.to_json(), ensure_ascii=False))
        elif as_csv:
            typer.echo(found.to_csv(), nl=False)
        else:
            print_table(found, output())

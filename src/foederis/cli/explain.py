"""`foederis explain CODE`"""

from __future__ import annotations

from typing import Annotated

import typer

from foederis.cli.common import BAD_INPUT


def explain(code: Annotated[str, typer.Argument(help="The code of a message, such as F104.")]) -> None:
    """Print what a message means, with an example and its cure."""
    from foederis.diagnostics import explanation

    try:
        typer.echo(explanation(code))
    except LookupError as problem:
        typer.echo(problem.args[0], err=True)
        raise typer.Exit(BAD_INPUT) from None

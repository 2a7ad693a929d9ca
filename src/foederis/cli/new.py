"""`foederis new NAME`"""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from foederis.cli.common import BAD_INPUT


def new(
    name: Annotated[str, typer.Argument(help="What the file is to be called; `.yaml` is added.")],
) -> None:
    """Write a commented crisis file to start from, into this folder."""
    stem = name.removesuffix(".yaml").removesuffix(".yml")
    path = Path(f"{stem}.yaml")
    if not re.fullmatch(r"[\w.\- ]+", Path(stem).name):
        typer.echo(f"`{name}` is no good name for a file: use letters, digits, - and _", err=True)
        raise typer.Exit(BAD_INPUT)
    text = resources.files("foederis.cli").joinpath("starter.yaml").read_text(encoding="utf-8")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        typer.echo(f"{path} is there already; choose another name, or move it away", err=True)
        raise typer.Exit(BAD_INPUT) from None
    except OSError as error:
        typer.echo(f"{path} cannot be written: {error.strerror}", err=True)
        raise typer.Exit(BAD_INPUT) from None
    typer.echo(f"{path} is written. Next: foederis check {path}, then foederis solve {path}")

"""`foederis explain CODE`"""

from __future__ import annotations

from importlib import resources
from typing import Annotated

import typer

from foederis.cli.common import BAD_INPUT


def explain(code: Annotated[str, typer.Argument(help="The code of a message, such as F104.")]) -> None:
    """Print what a message means, with an example and its cure."""
    from foederis.diagnostics import nearest

    pages = {
        page.name[:-3]: page
        for page in resources.files("foederis").joinpath("pages").iterdir()
        if page.name.endswith(".md")
    }
    wanted = code.strip().strip("[]").upper()
    if wanted not in pages:
        cure = nearest(wanted, pages) or f"codes run from {min(pages)} to {max(pages)}"
        typer.echo(f"there is no message `{code}`: {cure}", err=True)
        raise typer.Exit(BAD_INPUT)
    typer.echo(pages[wanted].read_text(encoding="utf-8"))

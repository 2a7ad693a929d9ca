"""`foederis cases`"""

from __future__ import annotations

import typer


def cases() -> None:
    """List the cases that ship with Foederis."""
    from foederis.analysis.gallery import gallery, load

    found = gallery()
    width = max((len(name) for name in found), default=0)
    for name in found:
        typer.echo(f"{name:<{width}}  {load(name).title}")

"""The commands, each in the file of its name, and the program that they make together."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import Annotated

import typer

from foederis._version import __version__

# In the order of the help.
COMMANDS = (
    "check",
    "solve",
    "update",
    "why",
    "drivers",
    "tipping",
    "claims",
    "discover",
    "exposure",
    "histories",
    "worth-knowing",
    "compare",
    "report",
    "ensemble",
    "query",
    "serve",
    "outside",
    "base-rate",
    "backtest",
    "data",
    "show",
    "new",
    "cases",
    "schema",
    "explain",
)


def make_app(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The program with these commands. Each one costs a few milliseconds to import and to look at."""
    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        help="When a crisis comes, who will back whom, how far, why, and what would change it?",
    )
    app.callback()(_options)
    for name in names:
        place = name.replace("-", "_")
        command = getattr(importlib.import_module(f"foederis.cli.{place}"), place)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass

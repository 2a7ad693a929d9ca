"""What the commands share: consoles, errors and exit codes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from foederis.diagnostics import CaseError, Diagnostic, render
from foederis.report.words import counted

BAD_INPUT = 2
FAILED = 1


def output() -> Console:
    """The console for answers: as wide as the terminal, or 110 columns where there is none."""
    return Console(width=None if sys.stdout.isatty() else 110, highlight=False, soft_wrap=False)


def print_diagnostics(items: tuple[Diagnostic, ...], source: str, filename: str) -> None:
    """Mistakes and warnings on the error stream, coloured on a terminal."""
    colours = {True: typer.colors.RED, False: typer.colors.YELLOW}
    for item in items:
        first, *rest = render(item, source, filename).splitlines()
        typer.secho(first, fg=colours[item.is_error], bold=True, err=True)
        typer.echo("\n".join(rest) + "\n" if rest else "", err=True)


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turns the mistakes of a file into messages and exit code 2, a failed check into exit code 1."""
    try:
        yield
    except CaseError as error:
        print_diagnostics(error.diagnostics, error.source, error.filename)
        mistakes = counted(sum(item.is_error for item in error.diagnostics), "mistake")
        codes = sorted({item.code for item in error.diagnostics if item.is_error})
        known = f"; `foederis explain {codes[0]}` says more" if codes else ""
        typer.echo(f"{mistakes}{known}", err=True)
        raise typer.Exit(BAD_INPUT) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise typer.Exit(FAILED) from None

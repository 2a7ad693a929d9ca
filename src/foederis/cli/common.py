"""What the commands share: arguments, consoles, errors and exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from foederis.cli.progress import Bar
from foederis.diagnostics import CaseError, Diagnostic, ResidualError, render

if TYPE_CHECKING:
    from rich.console import Console

    from foederis.analysis.result import Result
    from foederis.language.case import Case

BAD_INPUT = 2
FAILED = 1

FileOrCase = Annotated[
    str, typer.Argument(metavar="FILE_OR_CASE", help="A crisis file, or the name of a shipped case.")
]
Draws = Annotated[int, typer.Option(help="How many possible worlds to solve; powers of 2 spread them best.")]
UsualDraws = Annotated[
    int | None,
    typer.Option(
        "--draws",
        help="How many possible worlds to solve; powers of 2 spread them best; 1024, or 256 with private types.",
        show_default=False,
    ),
]
Seed = Annotated[int, typer.Option(help="Another seed draws other worlds.")]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="Change the file at a path; repeatable.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")]
MaxStates = Annotated[int, typer.Option(help="The most states a phase may have.")]
MAX_STATES = 2_000_000

Kind = TypeVar("Kind", bound="Result")
Update = Callable[[str, int, int], None]  # how an analysis tells of its progress


def output() -> Console:
    """The console for answers: as wide as the terminal, or 110 columns where there is none."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 110, highlight=False, soft_wrap=False)


def print_diagnostics(items: tuple[Diagnostic, ...], source: str, filename: str) -> None:
    """Mistakes and warnings on the error stream, coloured on a terminal."""
    colours = {True: typer.colors.RED, False: typer.colors.YELLOW}
    for item in items:
        first, *rest = render(item, source, filename).splitlines()
        typer.secho(first, fg=colours[item.is_error], bold=True, err=True)
        typer.echo("\n".join(rest) + "\n" if rest else "", err=True)


def read_case(file: str, settings: list[str] | None) -> Case:
    """The case in a file or of the gallery, changed by `--set`."""
    from foederis.analysis.gallery import load, with_settings

    return with_settings(load(file), list(settings or []))


def analyse(
    file: str,
    settings: list[str] | None,
    as_json: bool,
    work: Callable[[Case, Update], Kind],
    print_result: Callable[[Kind, Console], None],
) -> Kind:
    """Reads a case, changed by `--set`, works on it under a bar, and prints the result: as text or one JSON object."""
    with clear_errors():
        case = read_case(file, settings)
        with Bar() as bar:
            result = work(case, bar.update)
        show_result(result, as_json, print_result)
        return result


def show_result(result: Kind, as_json: bool, print_result: Callable[[Kind, Console], None]) -> None:
    """Prints a result as one JSON object or as text."""
    if as_json:
        typer.echo(json.dumps(result.to_json(), ensure_ascii=False))
    else:
        console = output()
        print_result(result, console)
        if result.together:
            from foederis.report.together import print_tallies

            print_tallies(console, result.together)
        if result.beliefs:
            from foederis.report.beliefs import print_belief_tally

            print_belief_tally(console, result.beliefs)


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turns the mistakes of a file into messages and exit code 2, a failed check into exit code 1."""
    try:
        yield
    except CaseError as error:
        from foederis.report.words import counted  # imports NumPy

        print_diagnostics(error.diagnostics, error.source, error.filename)
        mistakes = counted(sum(item.is_error for item in error.diagnostics), "mistake")
        codes = sorted({item.code for item in error.diagnostics if item.is_error})
        known = f"; `foederis explain {codes[0]}` says more" if codes else ""
        typer.echo(f"{mistakes}{known}", err=True)
        raise typer.Exit(BAD_INPUT) from None
    except ResidualError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(FAILED) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise typer.Exit(FAILED) from None

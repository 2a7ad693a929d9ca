"""`foederis data`: which datasets there are, where their files lie, getting and checking them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from foederis.cli.common import BAD_INPUT, FAILED, AsJson, output

data = typer.Typer(no_args_is_help=True, help="Historical data: what there is, where it lies, getting and checking it.")

Names = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Datasets; all if left out.")]


@contextmanager
def data_errors() -> Iterator[None]:
    """Turns what is wrong with a data file into a message and exit code 2."""
    from foederis.history.datasets import DataError

    try:
        yield
    except DataError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(BAD_INPUT) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise typer.Exit(FAILED) from None


@data.command("list")
def list_(names: Names = None, as_json: AsJson = False) -> None:
    """List the datasets; with a name, all that is known of one."""
    from foederis.history.datasets.status import statuses
    from foederis.report.data import print_dataset, print_datasets

    with data_errors():
        found = statuses(names or ())
        if as_json:
            typer.echo(json.dumps([status.to_json() for status in found], ensure_ascii=False))
        elif names:
            for status in found:
                print_dataset(status, output())
        else:
            print_datasets(found, output())


@data.command()
def path(name: Annotated[str | None, typer.Argument(help="A dataset; left out, the folder.")] = None) -> None:
    """Print where the file of a dataset lies, or the folder in which files are looked for."""
    from foederis.history.datasets import dataset
    from foederis.history.datasets.files import folder, locate

    with data_errors():
        typer.echo(locate(dataset(name)).path if name else folder())


@data.command()
def fetch(names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Datasets.")]) -> None:
    """Get files from their authors, where they offer a plain one, and check them."""
    from foederis.history.datasets import DataError, named
    from foederis.history.datasets import fetch as get
    from foederis.history.datasets.dataset import raise_all

    with data_errors():
        named(names)  # nothing is fetched where a name is wrong
        failed = []
        for name in names:
            try:
                typer.echo(get(name))
            except DataError as error:  # the others can still be had
                failed.append((error.message, error.help))
        raise_all(failed)


@data.command()
def check(names: Names = None, as_json: AsJson = False) -> None:
    """Say of each file whether it is the version that is known; exit code 1 if one that is there is not."""
    from foederis.history.datasets.files import require_folder
    from foederis.history.datasets.status import statuses
    from foederis.report.data import print_check

    with data_errors():
        require_folder()
        found = statuses(names or ())
        if as_json:
            typer.echo(json.dumps([status.brief() for status in found], ensure_ascii=False))
        else:
            print_check(found, output())
        if any(status.problem for status in found) or (names and not all(status.path for status in found)):
            raise typer.Exit(FAILED)

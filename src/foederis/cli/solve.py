"""`foederis solve FILE_OR_CASE`"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foederis.cli.common import BAD_INPUT, FAILED, clear_errors, output, print_diagnostics

if TYPE_CHECKING:
    from rich.progress import Progress


def solve(
    file: Annotated[str, typer.Argument(metavar="FILE_OR_CASE", help="A crisis file, or the name of a shipped case.")],
    draws: Annotated[int, typer.Option(help="How many possible worlds to solve; powers of 2 spread them best.")] = 1024,
    seed: Annotated[int, typer.Option(help="Another seed draws other worlds.")] = 0,
    at: Annotated[str | None, typer.Option(help="`median`: solve one world, every quantity at its median.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="Change the file at a path; repeatable.")
    ] = None,
    what_if: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Solve a what-if too (`all` for every one); repeatable.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as one JSON object.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Keep every draw in a Parquet file (needs foederis\\[runs]).")
    ] = None,
    max_states: Annotated[int, typer.Option(help="The most states a phase may have.")] = 2_000_000,
) -> None:
    """Solve a case and print the answers to its questions."""
    from foederis.analysis.gallery import load, with_settings
    from foederis.analysis.runs import RunError, can_write, write
    from foederis.analysis.solving import ResidualError
    from foederis.analysis.solving import solve as solve_case
    from foederis.report.text import print_answer

    names = list(what_if or [])
    with clear_errors():
        case = with_settings(load(file), list(set_ or []))
        try:
            if out is not None:
                can_write(out)
            with _Bar() as bar:
                answer = solve_case(
                    case,
                    draws=draws,
                    seed=seed,
                    at=at,
                    what_ifs="all" if "all" in names else names,
                    max_states=max_states,
                    progress=bar.update,
                )
            if out is not None:
                write(answer, out)
        except RunError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(BAD_INPUT) from None
        except ResidualError as error:
            typer.echo(f"error: {error}", err=True)
            raise typer.Exit(FAILED) from None
        if as_json:
            typer.echo(json.dumps(answer.to_json(), ensure_ascii=False))
            return
        print_diagnostics(case.warnings, case.text, case.filename)
        print_answer(answer, output())


class _Bar:
    """A progress bar on the error stream, once something takes more than a second."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.bar: Progress | None = None
        self.tasks: dict[str, object] = {}

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()

    def update(self, what: str, done: int, total: int) -> None:
        if self.bar is None:
            if not sys.stderr.isatty() or time.monotonic() - self.begun < 1:
                return
            from rich.console import Console
            from rich.progress import Progress

            self.bar = Progress(console=Console(stderr=True), transient=True)
            self.bar.start()
        if what not in self.tasks:
            self.tasks[what] = self.bar.add_task(f"{what}, draws", total=total)
        self.bar.update(self.tasks[what], completed=done)  # type: ignore[arg-type]

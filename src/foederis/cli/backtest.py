"""`foederis backtest`"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from foederis.cli.common import BAD_INPUT, AsJson, output
from foederis.cli.data import data_errors
from foederis.cli.progress import Bar

if TYPE_CHECKING:
    from foederis.history.backtest.result import BackTest

_WIDTH = 110


def backtest(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write the text, the JSON and the plots into this folder too."),
    ] = None,
    choose: Annotated[
        bool, typer.Option("--choose", help="Try every specification on the cases to 1944 again; takes minutes.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Another seed draws other samples of wars.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Foretell past alliances with what was known the day before, and score it against simple rules."""
    from foederis.history.backtest.running import backtest as run
    from foederis.report.backtest import print_backtest
    from foederis.report.plots import PlotError

    try:
        if out is not None:
            _ready(out)
        with data_errors(), Bar(unit="{what}") as bar:
            found = run(choose=choose, seed=seed, progress=bar.update)
        written = _write(found, out) if out is not None else []
    except PlotError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(BAD_INPUT) from None
    except OSError as error:
        typer.echo(f"error: {out} cannot be written to ({error.strerror})\n = help: name another folder", err=True)
        raise typer.Exit(BAD_INPUT) from None
    if as_json:
        typer.echo(json.dumps(found.to_json(), ensure_ascii=False))
    else:
        print_backtest(found, output())
    for path in written:
        typer.echo(f"wrote {path}", err=True)


def _ready(out: Path) -> None:
    """Looks before the work begins whether its result can be written."""
    from foederis.report.backtest_plots import check_plots

    check_plots()
    out.mkdir(parents=True, exist_ok=True)


def _write(found: BackTest, out: Path) -> list[Path]:
    from rich.console import Console

    from foederis.report.backtest import print_backtest
    from foederis.report.backtest_plots import write_plots

    text, plain = out / "backtest.txt", out / "backtest.json"
    with text.open("w", encoding="utf-8") as file:
        print_backtest(found, Console(file=file, width=_WIDTH, highlight=False))
    plain.write_text(json.dumps(found.to_json(), ensure_ascii=False) + "\n", encoding="utf-8")
    return [text, plain, *write_plots(found, out)]

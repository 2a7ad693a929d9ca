"""The commands together."""

from __future__ import annotations

from typing import Annotated

import typer

from foederis._version import __version__
from foederis.cli import (
    backtest,
    base_rate,
    cases,
    check,
    claims,
    compare,
    data,
    discover,
    drivers,
    ensemble,
    explain,
    exposure,
    histories,
    new,
    outside,
    query,
    report,
    schema,
    serve,
    show,
    solve,
    tipping,
    update,
    why,
    worth_knowing,
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="When a crisis comes, who will back whom, how far, why, and what would change it?",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


app.command("check")(check.check)
app.command("solve")(solve.solve)
app.command("update")(update.update)
app.command("why")(why.why)
app.command("drivers")(drivers.drivers)
app.command("tipping")(tipping.tipping)
app.command("claims")(claims.claims)
app.command("discover")(discover.discover)
app.command("exposure")(exposure.exposure)
app.command("histories")(histories.histories)
app.command("worth-knowing")(worth_knowing.worth_knowing)
app.command("compare")(compare.compare)
app.command("report")(report.report)
app.command("ensemble")(ensemble.ensemble)
app.command("query")(query.query)
app.command("serve")(serve.serve)
app.command("outside")(outside.outside)
app.command("base-rate")(base_rate.base_rate)
app.command("backtest")(backtest.backtest)
app.add_typer(data.data, name="data")
app.command("show")(show.show)
app.command("new")(new.new)
app.command("cases")(cases.cases)
app.command("schema")(schema.schema)
app.command("explain")(explain.explain)

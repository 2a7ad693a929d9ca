"""`foederis base-rate`"""

from __future__ import annotations

import json
from typing import Annotated

import typer

from foederis.cli.common import AsJson, output
from foederis.cli.data import data_errors


def base_rate(
    obligation: Annotated[
        str, typer.Option(help="any, defense, offense, neutrality, nonaggression or consultation.")
    ] = "any",
    since: Annotated[int | None, typer.Option(metavar="YEAR", help="Cases from this year on.")] = None,
    until: Annotated[int | None, typer.Option(metavar="YEAR", help="Cases up to this year.")] = None,
    multilateral: Annotated[
        bool | None, typer.Option("--multilateral/--bilateral", help="Alliances of more than two members, or of two.")
    ] = None,
    major_power: Annotated[
        bool | None,
        typer.Option("--major-power/--no-major-power", help="Alliances with a major power in them, or without."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed draws other samples of wars.")] = 0,
    as_json: AsJson = False,
) -> None:
    """How often alliances were kept when it came to war, how sure that is, and how far help went."""
    from foederis.history.base_rates import base_rate as count
    from foederis.report.base_rate import print_base_rate

    with data_errors():
        found = count(
            obligation, since=since, until=until, multilateral=multilateral, major_power=major_power, seed=seed
        )
        if as_json:
            typer.echo(json.dumps(found.to_json(), ensure_ascii=False))
        else:
            print_base_rate(found, output())

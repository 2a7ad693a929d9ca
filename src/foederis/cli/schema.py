"""`foederis schema`"""

from __future__ import annotations

import json
from typing import Annotated

import typer


def schema(
    plan: Annotated[bool, typer.Option("--plan", help="That of the plans of ensembles instead.")] = False,
) -> None:
    """Print the JSON Schema of crisis files, with which editors complete and check."""
    from foederis.ensembles.shapes import plan_schema
    from foederis.language.schema import json_schema

    typer.echo(json.dumps(plan_schema() if plan else json_schema(), indent=2))

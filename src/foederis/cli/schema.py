"""`foederis schema`"""

from __future__ import annotations

import json

import typer


def schema() -> None:
    """Print the JSON Schema of crisis files, with which editors complete and check."""
    from foederis.language.schema import json_schema

    typer.echo(json.dumps(json_schema(), indent=2))

"""`foederis check FILE`"""

from __future__ import annotations

import json
from typing import Annotated

import typer

from foederis.cli.common import BAD_INPUT, clear_errors, print_diagnostics


def check(
    file: Annotated[str, typer.Argument(help="A crisis file, or the name of a shipped case.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as one JSON object.")] = False,
) -> None:
    """Read a crisis file and say everything that is wrong with it."""
    from foederis.analysis.checking import look
    from foederis.analysis.gallery import load
    from foederis.diagnostics import CaseError
    from foederis.report.words import counted

    if as_json:
        try:
            warnings = look(load(file)).warnings
        except CaseError as error:
            typer.echo(json.dumps({"ok": False, "diagnostics": [item.to_json() for item in error.diagnostics]}))
            raise typer.Exit(BAD_INPUT) from None
        typer.echo(json.dumps({"ok": True, "diagnostics": [item.to_json() for item in warnings]}))
        return
    with clear_errors():
        case = load(file)
        found = look(case)
    print_diagnostics(found.warnings, case.text, case.filename)
    numbers = case.numbers
    total = sum(numbers.values())
    alone = numbers["reasoned"] + numbers["bare"]
    warned = counted(len(found.warnings), "warning") if found.warnings else "no mistakes"
    typer.echo(f"{case.filename}: {warned}.")
    parts = [
        (len(case.actors), "actor"),
        (len(case.variables), "state variable"),
        (len(case.turns), "turn"),
        (len(case.events), "event"),
        (len(case.questions), "question"),
        (len(case.decisions), "decision"),
        (len(case.whatifs), "what-if"),
        (len(case.claims), "claim"),
        *([(len(case.observed), "observation")] if case.observed else []),
    ]
    typer.echo(", ".join(counted(count, word) for count, word in parts) + ".")
    typer.echo(
        f"{counted(total, 'number')}: {rest(numbers['sourced'])} on a source; {rest(alone)} on nothing but the author "
        f"({numbers['reasoned']} with a reason, {numbers['bare']} without one)."
    )


def rest(count: int) -> str:
    return f"{count} rests" if count == 1 else f"{count} rest"

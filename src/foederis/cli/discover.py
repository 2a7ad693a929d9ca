"""`foederis discover FILE_OR_CASE --when CONDITION`"""

from __future__ import annotations

from typing import Annotated

import typer

from foederis.cli.common import (
    MAX_STATES,
    AsJson,
    Draws,
    FileOrCase,
    MaxStates,
    Seed,
    Settings,
    analyse,
)


def discover(
    file: FileOrCase,
    when: Annotated[
        str, typer.Option(metavar="CONDITION", help='A question compared with a value: "intervenes > 20%".')
    ],
    draws: Draws = 2048,
    seed: Seed = 0,
    set_: Settings = None,
    what_if: Annotated[str | None, typer.Option(metavar="NAME", help="Ask under a what-if of the file.")] = None,
    box: Annotated[int | None, typer.Option(metavar="NUMBER", min=0, help="Take another box of the menu.")] = None,
    as_json: AsJson = False,
    max_states: MaxStates = MAX_STATES,
) -> None:
    """Say in which worlds something comes about: within which limits of the uncertain quantities."""
    from foederis.analysis.discover import discover as discover_boxes
    from foederis.report.discover import print_discover

    analyse(
        file,
        set_,
        as_json,
        lambda case, progress: discover_boxes(
            case, when=when, draws=draws, seed=seed, what_if=what_if, box=box, max_states=max_states, progress=progress
        ),
        print_discover,
    )

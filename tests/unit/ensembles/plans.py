"""Plans that several test files share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from foederis.ensembles.crew import Task
from foederis.ensembles.pieces import Piece, pieces_of, studies_of
from foederis.ensembles.plan import Plan, read_plan_text
from foederis.ensembles.run import Ensemble, carry_out
from foederis.ensembles.solving import Outcome
from foederis.ensembles.store import hold
from foederis.ensembles.versions import versions

# Two settings, one what-if that imposes a move and others that change the file; 3 pieces each, the last one shorter.
SMALL = """
ensemble: 1
title: How far does the patron go?
cases: {p: {file: patron, what_ifs: all}}
settings: {as_written: {}, weak: {set: {quantities.p_fall: 20% to 40%}, says: The client is weak}}
draws: 80
piece: 32
seeds: 3
"""


def small(**changes: object) -> Plan:
    """The small plan, with other lines at some keys."""
    lines = [line for line in SMALL.splitlines() if line.split(":")[0] not in changes]
    return read_plan_text("\n".join([*lines, *(f"{key}: {value}" for key, value in changes.items())]))


def pieces(plan: Plan) -> list[Piece]:
    return [piece for study in studies_of(plan, versions()) for piece in pieces_of(plan, study)]


def contents(folder: Path) -> dict[str, bytes]:
    """All that is in a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


class Here:
    """A crew that works in this process, which starts none."""

    def __init__(self) -> None:
        self.asked: list[Task] = []

    def carry_out(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Outcome]]:
        for task in tasks:
            self.asked.append(task)
            yield task, task.function(*task.arguments)


def solve_here(plan: Plan, folder: Path, *, discard: bool = False, said: list[str] | None = None) -> Ensemble:
    """An ensemble carried out in this process."""
    with hold(folder) as store:
        return carry_out(plan, store, Here(), discard=discard, say=(said if said is not None else []).append)

"""Which outcome each case had, from one column of outcomes or from one column for each move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.diagnostics import nearest
from foederis.history.estimate.errors import FitError
from foederis.history.estimate.forms import Form
from foederis.history.estimate.table import Table

Rows = NDArray[np.bool_]
_MANY = 10  # values of a column that a message lists


def outcomes_of(
    form: Form, columns: Sequence[str], table: Table, rows: Rows, outcomes: Sequence[Any] | None
) -> tuple[NDArray[np.int32], tuple[str, ...], Rows]:
    """int32[rows that count], the names of the outcomes, and bool[rows]: which of `rows` count.

    Args:
        outcomes: the values of the one column, in the order of the form's outcomes.
    Raises:
        FitError: columns or values that do not fit the form, or an outcome that no case has.
    """
    players = form.players
    if len(columns) == 1:
        seen, names, rows = _from_outcomes(form, columns[0], table, rows, outcomes)
    elif len(columns) == players:
        if outcomes is not None:
            raise FitError("`outcomes` are named where one column says which it was; here each move has a column")
        seen, names, rows = _from_moves(form, columns, table, rows)
    else:
        raise FitError(f"{form.name} wants one column of outcomes before `~`, or {players}, one for each player's move")
    found = seen[rows]
    if not len(found):
        raise FitError("no row has a value in every column of the formula")
    for place, name in enumerate(names):
        if not np.any(found == place):
            raise FitError(f"no complete case has the outcome `{name}`, so nothing can be said of it")
    return found, names, rows


def _from_outcomes(
    form: Form, name: str, table: Table, rows: Rows, outcomes: Sequence[Any] | None
) -> tuple[NDArray[np.int32], tuple[str, ...], Rows]:
    column, wanted = table.column(name), len(form.outcomes)
    there = rows & ~column.missing
    values = column.words if column.levels else column.numbers
    found = sorted(set(values[there]))
    shown = ", ".join([_text(value) for value in found[:_MANY]] + ["…"] * (len(found) > _MANY))
    if outcomes is None and column.levels:
        raise FitError(
            f"say with `outcomes` which words in `{name}` are the outcomes {', '.join(form.outcomes)}, in this order; "
            f"there are: {shown}"
        )
    order = list(outcomes) if outcomes is not None else found
    order = [str(value) if column.levels else value for value in order]
    unknown = [_text(value) for value in order if value not in found]
    if unknown:
        cure = nearest(unknown[0], map(_text, found))
        raise FitError(f"`{name}` has no value `{unknown[0]}`, which `outcomes` names{f'; {cure}' if cure else ''}")
    if len(order) != wanted or set(order) != set(found):
        here = f"`{name}` has {len(found)} values: {shown}"
        named = f", of which `outcomes` names {len(order)}" if outcomes is not None else ""
        raise FitError(f"{form.name} has {wanted} outcomes, and {here}{named}")
    place = {value: index for index, value in enumerate(order)}
    seen = np.array([place.get(value, -1) for value in values], dtype=np.int32)
    return seen, tuple(_text(value) for value in order), there


def _from_moves(
    form: Form, columns: Sequence[str], table: Table, rows: Rows
) -> tuple[NDArray[np.int32], tuple[str, ...], Rows]:
    """What comes after the end, and what is missing there, is not looked at."""
    seen = np.full(table.rows, -1, dtype=np.int32)
    there = rows.copy()
    at: list[tuple[str, Rows]] = [(form.moves[0].name, rows)]
    while at:
        name, here = at.pop()
        move = form.move(name)
        column = table.column(columns[move.player - 1])
        said = column.levels or [_text(value) for value in np.unique(column.numbers[here & ~column.missing])]
        if not set(said) <= {"0", "1"} or column.levels:
            raise FitError(
                f"`{columns[move.player - 1]}` says how player {move.player} moved: 0 for left, 1 for right; it has "
                f"{', '.join(said[:_MANY])}{', …' if len(said) > _MANY else ''}"
            )
        there &= ~(here & column.missing)
        for target, went in ((move.left, 0.0), (move.right, 1.0)):
            reached = here & (column.numbers == went)
            if isinstance(target, int):
                seen[reached] = target
            else:
                at.append((target, reached))
    return seen, _move_names(form, columns), there


def _move_names(form: Form, columns: Sequence[str]) -> tuple[str, ...]:
    """Outcomes by the moves that lead to them, as in `esc,~war`."""
    names = {}

    def walk(target: int | str, said: tuple[str, ...]) -> None:
        if isinstance(target, int):
            names[target] = ",".join(said)
            return
        move = form.move(target)
        name = columns[move.player - 1]
        walk(move.left, (*said, f"~{name}"))
        walk(move.right, (*said, name))

    walk(form.moves[0].name, ())
    return tuple(names[place] for place in range(len(names)))


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, (int, float, np.number)) else str(value)

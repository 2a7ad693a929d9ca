"""What questions, exposures and the picture through time read from the states at the end of a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foederis.game.expand import Structure
from foederis.game.packing import Codes, Packing, StateView
from foederis.game.pools import Floats, Pool, Worlds
from foederis.language.case import Case
from foederis.language.expressions import Environment, Expression


@dataclass(frozen=True)
class Ask:
    """One question in places: `table` and `given` in the pool's ids (-1 where there is none).

    `phase` and `branch` are those of a `takes` question. `by` is the last step looked at.
    """

    name: str
    form: str
    table: int
    given: int
    by: int
    to_final: bool
    phase: int = -1
    branch: int = -1
    expression: Expression | None = None


@dataclass(frozen=True)
class Asked:
    """The questions, each exposure's loss, and every variable's level, by state at the end of a step."""

    pool: Pool
    questions: tuple[Ask, ...]
    losses: Mapping[str, int]
    levels: Mapping[str, NDArray[np.int32]]
    packing: Packing

    def at_start(self, expression: Expression, worlds: Worlds, draws: int) -> Floats:
        """float64[draws]: a condition or number in the state in which the case starts, before step 0."""
        codes = np.array([self.packing.start], dtype=np.int64)
        view = StateView(self.packing, codes, column=True)
        quantities = {name: values[None, :] for name, values in worlds.items()}
        value = np.asarray(expression(Environment(view, quantities, 0)), dtype=np.float64)
        return np.broadcast_to(value, (1, draws))[0]

    def holds(self, condition: Expression, codes: Codes) -> NDArray[np.bool_]:
        """bool[states]: a condition that reads the state alone."""
        value = condition(Environment(StateView(self.packing, codes), {}, 0))
        return np.broadcast_to(np.asarray(value, dtype=bool), codes.shape)


def ask(case: Case, structure: Structure) -> Asked:
    pool = Pool(structure.packing, structure.end_codes, structure.end_since)
    tables: dict[str, int] = {}

    def table(label: str, expression: Expression | None) -> int:
        if expression is None:
            return -1
        key = expression.canonical
        if key not in tables:
            inner = expression
            [tables[key]] = pool.add(label, [inner], lambda e: [np.asarray(inner(e), dtype=np.float64)])
        return tables[key]

    asks = []
    for name, question in sorted(case.questions.items()):
        label = f"the question `{name}`"
        found = table(label, question.expression)
        given = table(label, question.given)
        phase, branch = -1, -1
        if question.form == "takes":
            phase = _turn_place(case, question.turn)
            branch = [b.name for b in structure.phases[phase].rule.branches].index(question.option)
        last = case.clock.steps - 1
        by = last if question.by is None else question.by
        asks.append(Ask(name, question.form, found, given, by, question.by is None, phase, branch, question.expression))
    losses = {name: table(f"the loss of `{name}`", e.amount) for name, e in sorted(case.exposures.items())}
    levels = {n: structure.packing.digits(structure.end_codes, n).astype(np.int32) for n in structure.packing.variables}
    return Asked(pool, tuple(asks), losses, levels, structure.packing)


def _turn_place(case: Case, turn: str) -> int:
    return [t.name for t in case.turns].index(turn)

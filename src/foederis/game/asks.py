"""What questions, exposures and the picture through time read from the states at the end of a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.game.expand import Structure
from foederis.game.packing import Codes, Packing, StateView
from foederis.game.pools import Floats, Pool, Worlds
from foederis.game.types import Profile, Roster
from foederis.language.case import Case
from foederis.language.expressions import Environment, Expression


@dataclass(frozen=True)
class Ask:
    """One question in places: `table` and `given` in the pool's ids (-1 where there is none).

    `phase` and `branch` are those of a `takes` question. `by` is the last step looked at. Where types are read, there
    is one question for each profile.
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
    """The questions, each exposure's loss, and every variable's level, by state at the end of a step.

    `by_profile` are the questions under each profile of types; `questions` those under the first.
    """

    pool: Pool
    by_profile: tuple[tuple[Ask, ...], ...]
    losses: Mapping[str, int]
    levels: Mapping[str, NDArray[Any]]
    packing: Packing
    profiles: tuple[Profile, ...]

    @property
    def questions(self) -> tuple[Ask, ...]:
        return self.by_profile[0]

    def at_start(self, expression: Expression, worlds: Worlds, draws: int, profile: int = 0) -> Floats:
        """float64[draws]: a condition or number in the state in which the case starts, before step 0."""
        codes = np.array([self.packing.start], dtype=np.int64)
        view = StateView(self.packing, codes, column=True)
        quantities = {name: values[None, :] for name, values in worlds.items()}
        environment = Environment(view, quantities, 0, self.profiles[profile])
        value = np.asarray(expression(environment), dtype=np.float64)
        return np.broadcast_to(value, (1, draws))[0]

    def holds(self, condition: Expression, codes: Codes) -> NDArray[np.bool_]:
        """bool[states]: a condition that reads the state alone."""
        value = condition(Environment(StateView(self.packing, codes), {}, 0))
        return np.broadcast_to(np.asarray(value, dtype=bool), codes.shape)


def ask(case: Case, structure: Structure, roster: Roster) -> Asked:
    pool = Pool(structure.packing, structure.end_codes, structure.end_since)
    tables: dict[tuple[object, ...], int] = {}

    def table(label: str, expression: Expression | None, profile: Profile) -> int:
        if expression is None:
            return -1
        known = {actor: profile[actor] for actor in sorted(expression.types)}
        key = (expression.canonical, *known.items())
        if key not in tables:
            inner = expression

            def rows(environment: Environment) -> list[Floats]:
                return [np.asarray(inner(replace(environment, types=known)), dtype=np.float64)]

            [tables[key]] = pool.add(label, [inner], rows)
        return tables[key]

    def asked(profile: Profile) -> tuple[Ask, ...]:
        found = []
        for name, question in sorted(case.questions.items()):
            label = f"the question `{name}`"
            phase, branch = -1, -1
            if question.form == "takes":
                phase = structure.place(question.turn)
                branch = [b.name for b in structure.phases[phase].rule.branches].index(question.option)
            by = case.clock.steps - 1 if question.by is None else question.by
            places = table(label, question.expression, profile), table(label, question.given, profile)
            found.append(Ask(name, question.form, *places, by, question.by is None, phase, branch, question.expression))
        return tuple(found)

    profiles = roster.profiles
    by_profile = tuple(asked(profile) for profile in profiles)
    losses = {n: table(f"the loss of `{n}`", e.amount, profiles[0]) for n, e in sorted(case.exposures.items())}
    levels = {n: structure.packing.narrow(structure.end_codes, n) for n in structure.packing.variables}
    return Asked(pool, by_profile, losses, levels, structure.packing, profiles)

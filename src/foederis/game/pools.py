"""Numbers of a case as small tables: one row for each distinct reading of the state, one column a draw.

An expression that reads two variables takes few different values over thousands of states. Each state holds
the row it reads; the rows are evaluated anew for each block of draws, and only they change when a number does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.diagnostics import CaseError, Diagnostic
from foederis.game.packing import Codes, Packing, StateView, stretches
from foederis.game.types import Profile, Roster
from foederis.language.expressions import Environment, Expression

Floats = NDArray[np.float64]
Worlds = Mapping[str, Floats]
# The values of each output, [rows, draws] or what broadcasts to it.
Rows = Callable[[Environment], Sequence[Floats]]
Check = Callable[[Floats], NDArray[np.bool_]]
_SMALL = 1 << 20
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Part:
    """One table of a pool: `outputs` stacked tables that share their rows.

    `view` has a state of each row. `since`, int64[patterns, rows], is the first step by which a row can be met where
    it counts, under each pattern of the phase's links; NEVER if at no time. `bad` marks impossible values, reported
    with `code` and `message`. `reads` are quantities, `variables` what of the state is read.
    """

    label: str
    rows: Rows
    outputs: int
    view: StateView
    since: NDArray[np.int64]
    reads_step: bool
    bad: Check
    code: str
    message: str
    reads: frozenset[str]
    variables: tuple[str, ...]

    @property
    def count(self) -> int:
        return self.since.shape[1]

    def met(self, step: int, pattern: int) -> NDArray[np.bool_]:
        """bool[rows]: which can be met in a step; what does not read the step is the same in all of them."""
        if self.reads_step:
            return self.since[pattern] <= step
        return self.since.min(axis=0) < NEVER

    def evaluate(self, worlds: Worlds, draws: int, step: int, pattern: int, first_draw: int) -> Floats:
        """float64[outputs, rows, draws]; 0 in rows that are not met, whose numbers may be impossible.

        Raises:
            CaseError: a value that is impossible in some draw, naming the draw's quantities.
        """
        quantities = {name: worlds[name][None, :] for name in self.reads}
        environment = Environment(self.view, quantities, step)
        result = np.empty((self.outputs, self.count, draws))
        for place, rows in enumerate(self.rows(environment)):
            result[place] = rows
        result[:, ~self.met(step, pattern)] = 0.0
        wrong = self.bad(result)
        if wrong.any():
            raise CaseError([self._explain(result, wrong, worlds, step, first_draw)])
        return result

    def _explain(
        self, result: Floats, wrong: NDArray[np.bool_], worlds: Worlds, step: int, first_draw: int
    ) -> Diagnostic:
        output, row, draw = (int(places[0]) for places in np.nonzero(wrong))
        step = max(step, int(self.since[:, row].min())) if self.reads_step else int(self.since[:, row].min())
        value = result[output, row, draw]
        read = sorted(self.reads)
        named = ", ".join(f"{name} = {worlds[name][draw]:.6g}" for name in read if name in worlds)
        state = {name: self.view.packing.digits(self.view.codes[row : row + 1], name)[0] for name in self.variables}
        levels = ", ".join(f"{n} = {self.view.packing.variables[n].levels[code]}" for n, code in state.items())
        drawn = f"draw {first_draw + draw}" + (f" ({named})" if named else "")
        where = f" where {levels}" if levels else ""
        message = f"{self.message} is {value:.6g}{where}, step {step}, in {drawn}"
        return Diagnostic(self.code, message, help="narrow the quantities, or bound the expression with min and max")


@dataclass(frozen=True)
class Mix:
    """Rows that are means over types which nobody but their actor knows: `count` rows from `first` on are the mean of
    the same rows for each combination of types, which follow them; `combinations` holds {actor: type} of each."""

    first: int
    count: int
    combinations: tuple[Mapping[str, str], ...]


class Ids(Sequence[NDArray[np.int32]]):
    """For each table of a pool int32[states], the row of every state: made anew whenever it is asked for. What is kept
    are classes of states, once for all tables that read the same variables, and as narrow as they can be."""

    def __init__(self) -> None:
        self._tables: list[tuple[NDArray[Any], int]] = []

    def add(self, classes: NDArray[Any], first: int) -> int:
        """A table whose rows begin at `first`; its place."""
        self._tables.append((classes, first))
        return len(self._tables) - 1

    def __len__(self) -> int:
        return len(self._tables)

    def __getitem__(self, table: Any) -> Any:
        return self.at(table, slice(None))

    def at(self, table: int, states: Any) -> NDArray[np.int32]:
        """int32[states]: the rows of some states alone."""
        classes, first = self._tables[table]
        found = classes[states].astype(np.int32)
        found += np.int32(first)
        return found


@dataclass
class Pool:
    """The tables of one phase, one above the other; `pattern_of_step` says which of its links hold in a step; `mixes`
    are rows that beliefs fill in."""

    packing: Packing
    codes: Codes
    since: NDArray[np.int32]
    pattern_of_step: tuple[int, ...] = ()
    parts: list[Part] = field(default_factory=list)
    ids: Ids = field(default_factory=Ids)
    mixes: list[Mix] = field(default_factory=list)
    size: int = 0
    _classes: dict[tuple[str, ...], tuple[NDArray[Any], Codes]] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """What it takes to know the class of every state; what reads nothing of the state has one class for all."""
        return sum(classes.nbytes for variables, (classes, _) in self._classes.items() if variables)

    @property
    def reads_step(self) -> bool:
        return any(part.reads_step for part in self.parts)

    def add(
        self,
        label: str,
        reads: Iterable[Expression],
        rows: Rows,
        outputs: int = 1,
        *,
        bad: Check | None = None,
        code: str = "F311",
        message: str = "",
        where: Sequence[NDArray[np.bool_]] | None = None,
    ) -> list[int]:
        """Adds a table; returns the places in `ids` of its outputs' rows by state.

        What the table says of states outside `where`, by pattern of the phase's links, counts for nothing and is not
        judged.
        """
        expressions = list(reads)
        variables = tuple(sorted(set().union(*(e.variables for e in expressions)))) if expressions else ()
        quantities = frozenset[str]().union(*(e.quantities for e in expressions))
        if variables not in self._classes:
            self._classes[variables] = classify(self.packing, self.codes, variables)
        classes, representatives = self._classes[variables]
        since = _first_met(classes, len(representatives), self.since, [None] if where is None else where)
        part = Part(
            label,
            rows,
            outputs,
            StateView(self.packing, representatives, column=True),
            since,
            any(e.reads_step for e in expressions),
            bad or not_finite,
            code,
            message or label,
            quantities,
            variables,
        )
        self.parts.append(part)
        places = []
        for _ in range(outputs):
            places.append(self.ids.add(classes, self.size))
            self.size += part.count
        return places

    def add_mean(
        self,
        label: str,
        reads: Iterable[Expression],
        value: Callable[[Environment], Floats],
        roster: Roster,
        known: Profile,
        where: Sequence[NDArray[np.bool_]] | None = None,
    ) -> int:
        """Adds a table of one number that may read types, those in `known` known and the others not: of these it is
        the mean under the public belief."""
        expressions = list(reads)
        unknown = sorted(frozenset[str]().union(*(e.types for e in expressions)) - known.keys())
        if not unknown:
            return self.add(label, expressions, lambda e: [value(replace(e, types=known))], where=where)[0]
        combinations = tuple(roster.combinations(unknown))

        def rows(environment: Environment) -> list[Floats]:
            each = [value(replace(environment, types={**known, **types})) for types in combinations]
            return [np.zeros((1, 1)), *each]

        first = self.size
        places = self.add(label, expressions, rows, 1 + len(combinations), where=where)
        self.mixes.append(Mix(first, self.parts[-1].count, combinations))
        return places[0]

    def evaluate(self, worlds: Worlds, draws: int, step: int, first_draw: int = 0) -> Floats:
        """float64[size, draws]: the rows of all parts at a step."""
        if not self.parts:
            return np.zeros((0, draws))
        found = [self.evaluate_part(part, worlds, draws, step, first_draw).reshape(-1, draws) for part in self.parts]
        return np.concatenate(found)

    def evaluate_part(self, part: Part, worlds: Worlds, draws: int, step: int, first_draw: int = 0) -> Floats:
        """float64[outputs, rows, draws]: one part's rows at a step."""
        split = len(part.since) > 1 and step < len(self.pattern_of_step)
        return part.evaluate(worlds, draws, step, self.pattern_of_step[step] if split else 0, first_draw)


def not_finite(values: Floats) -> NDArray[np.bool_]:
    return ~np.isfinite(values)


def not_a_probability(values: Floats) -> NDArray[np.bool_]:
    return ~((values >= -1e-12) & (values <= 1 + 1e-12))


def not_at_least_zero(values: Floats) -> NDArray[np.bool_]:
    return ~((values >= 0) & np.isfinite(values))


def _first_met(
    classes: NDArray[Any], count: int, since: NDArray[np.int32], masks: Sequence[NDArray[np.bool_] | None]
) -> NDArray[np.int64]:
    """int64[masks, classes]: the first step in which a state of a class is met that is in a mask (None: in any)."""
    found = np.full((len(masks), count), NEVER)
    for row, mask in zip(found, masks, strict=True):
        if count == 1:
            met = since if mask is None else since[mask]
            row[0] = met.min() if len(met) else NEVER
            continue
        for here in stretches(len(classes)):
            counts = slice(None) if mask is None else mask[here]
            np.minimum.at(row, classes[here][counts], since[here][counts])
    return found


def classify(packing: Packing, codes: Codes, variables: tuple[str, ...]) -> tuple[NDArray[Any], Codes]:
    """Groups states by what some variables say: the group of each state, a small whole number, and a state of each
    group."""
    if not variables and len(codes):
        return np.broadcast_to(np.uint8(0), codes.shape), codes[:1]
    sizes = [len(packing.variables[name].levels) for name in variables]
    room = math.prod(sizes)
    if room > max(_SMALL, 4 * len(codes)):
        _, example, classes = np.unique(_keys(packing, codes, variables), return_index=True, return_inverse=True)
        return classes.astype(_least(len(example))), codes[example]
    example = np.full(room, -1, dtype=np.int64)
    keys = np.empty(len(codes), dtype=_least(room))
    for here in stretches(len(codes)):
        keys[here] = key = _keys(packing, codes[here], variables)
        example[key] = np.arange(here.start, here.stop)
    present = example >= 0
    classes = (np.cumsum(present) - 1).astype(_least(int(present.sum())))
    return classes[keys], codes[example[present]]


def _keys(packing: Packing, codes: Codes, variables: tuple[str, ...]) -> NDArray[np.int64]:
    key = np.zeros(len(codes), dtype=np.int64)
    for name in variables:
        key = key * len(packing.variables[name].levels) + packing.digits(codes, name)
    return key


def _least(count: int) -> Any:
    """The narrowest type for numbers below a count."""
    return np.min_scalar_type(max(count - 1, 0))

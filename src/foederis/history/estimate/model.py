"""From a formula and a table to a problem that can be solved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.history.estimate.errors import FitError
from foederis.history.estimate.forms import Form
from foederis.history.estimate.formula import Formula, Part, parse, parse_parts
from foederis.history.estimate.kernels import Floats, Problem
from foederis.history.estimate.likelihood import Errors, FormLikelihood
from foederis.history.estimate.observed import outcomes_of
from foederis.history.estimate.table import CONSTANT, Coding, Table

_NEW = 1e-7  # the least part of a column that counts as new, as in R's lm


@dataclass(frozen=True)
class Named:
    """A coefficient's name: of which utility or scale, and of which term."""

    equation: str
    term: str

    def __str__(self) -> str:
        return f"{self.equation}: {self.term}"


@dataclass(frozen=True)
class Model:
    """A form with its data.

    Attributes:
        problem: what is to be solved.
        names: one for each coefficient.
        predicted: what is predicted for each case: the outcomes, by name.
        parts, scale_parts: the formula's sums.
        rows: bool[rows of the table]: those that are used.
        table: the data; coding: how words in them become numbers.
    """

    problem: Problem
    names: tuple[Named, ...]
    predicted: tuple[str, ...]
    parts: tuple[Part, ...]
    scale_parts: tuple[Part, ...]
    rows: NDArray[np.bool_]
    table: Table
    coding: Coding
    fixed: tuple[float, ...] | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that predictions need."""
        return columns_of((*self.parts, *self.scale_parts))

    def data_of(self, table: Table) -> Any:
        """What predictions need, from another table without missing values in these columns."""
        rows = np.ones(table.rows, dtype=bool)
        return designs(self.parts, self.scale_parts, self.fixed, table, rows, self.coding)


def columns_of(parts: Sequence[Part]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in parts for name in part.columns))


def designs(
    parts: Sequence[Part],
    scale_parts: Sequence[Part],
    fixed: Sequence[float] | None,
    table: Table,
    rows: NDArray[np.bool_],
    coding: Coding,
) -> dict[str, Any]:
    """The regressors of each utility and scale, in the rows that count."""
    count = int(rows.sum())
    made: list[Floats] = (
        [np.zeros((count, 0))] * len(fixed) if fixed else [coding.design(p, table, rows) for p in parts]
    )
    offsets = [np.full(count, value) for value in fixed or [0.0] * len(parts)]
    return {
        "designs": made,
        "offsets": offsets,
        "scale_designs": [coding.design(part, table, rows) for part in scale_parts],
    }


def model_of(
    form: Form,
    formula: str,
    data: Any,
    errors: Errors,
    outcomes: Sequence[Any] | None,
    fixed: Sequence[float] | None,
    scale: str | None,
) -> Model:
    """
    Raises:
        FitError: a formula that does not fit the form or the data, outcomes that are not those of the form, too few
            cases, or coefficients that no data could tell apart.
    """
    table, read = Table(data), parse(formula)
    parts = _parts(form, read, fixed)
    scale_parts = _scale_parts(form, scale, fixed)
    rows = table.complete(columns_of((*parts, *scale_parts)))
    seen, names, rows = outcomes_of(form, read.observed, table, rows, outcomes)
    coding = Coding.of(table, columns_of((*parts, *scale_parts)), rows)
    made = designs(parts, scale_parts, fixed, table, rows, coding)
    utilities, size = blocks_of([design.shape[1] for design in made["designs"]], 0)
    scales, size = blocks_of([design.shape[1] for design in made["scale_designs"]], size)
    named = names_of(form.utility_names(names) if parts else [], parts, coding)
    # With words, columns can turn out to be the same only once they are coded.
    _identified(form, parts, coding)
    for name, part, design in zip(form.utility_names(names), parts, made["designs"], strict=False):
        independent(design, f"of {name}", coding.labels(part))
    if not size:
        raise FitError("the formula leaves nothing to be estimated; write `1` or a column in one of its parts")
    scale_names = ["log(sigma)"] if len(scale_parts) == 1 else [f"log(sigma{k + 1})" for k in range(len(scale_parts))]
    for name, part, design in zip(scale_names, scale_parts, made["scale_designs"], strict=True):
        # Unless utilities are known, their size says what a column that is the same everywhere would.
        known = fixed is not None
        taken = design if known else np.column_stack([np.ones(len(design)), design])
        independent(taken, f"of {name}", [*([] if known else [CONSTANT]), *coding.labels(part)])
    named += names_of(scale_names, scale_parts, coding)
    enough(len(seen), size, coding)
    units = units_of([*made["designs"], *made["scale_designs"]])
    problem = Problem(FormLikelihood(form, errors, utilities, scales), {**made, "outcome": seen}, len(seen), units)
    kept = tuple(float(value) for value in fixed) if fixed else None
    return Model(problem, tuple(named), names, tuple(parts), tuple(scale_parts), rows, table, coding, kept)


def _parts(form: Form, read: Formula, fixed: Sequence[float] | None) -> tuple[Part, ...]:
    wanted = len(form.utilities)
    labels = ", ".join(form.utility_names(form.outcomes))
    if fixed is not None:
        try:
            known = np.isfinite(np.asarray(fixed, dtype=float)).all() and len(fixed) == wanted
        except (TypeError, ValueError):
            known = False
        if not known:
            raise FitError(f"`fixed` is a list of {wanted} numbers, the utilities of {form.name}: {labels}")
        return ()
    if len(read.parts) != wanted:
        raise FitError(
            f"the formula has {len(read.parts)} parts behind `~` and {form.name} wants {wanted}, set apart by `|`: "
            f"{labels}"
        )
    return read.parts


def _scale_parts(form: Form, scale: str | None, fixed: Sequence[float] | None) -> tuple[Part, ...]:
    if scale is None:
        # Utilities that are known leave nothing but the scale to be found.
        return parse_parts("1") if fixed is not None else ()
    parts = parse_parts(scale)
    if len(parts) not in (1, form.players):
        raise FitError(f"`scale` has {len(parts)} parts; write one for all players, or {form.players}, one for each")
    if fixed is None and any(part.constant for part in parts):
        message = "a constant in the scale cannot be told from the size of all utilities"
        raise FitError(f"{message}; write `{' | '.join(['column - 1'] * len(parts))}`, or fix the utilities")
    return parts


def blocks_of(sizes: Sequence[int], first: int) -> tuple[tuple[tuple[int, int], ...], int]:
    blocks = []
    for size in sizes:
        blocks.append((first, first + size))
        first += size
    return tuple(blocks), first


def names_of(equations: Sequence[str], parts: Sequence[Part], coding: Coding) -> list[Named]:
    """The coefficients of the parts; what has a name and no part is one coefficient by itself."""
    named = [
        Named(equation, label)
        for equation, part in zip(equations, parts, strict=False)
        for label in coding.labels(part)
    ]
    return named + [Named(equation, CONSTANT) for equation in equations[len(parts) :]]


def _identified(form: Form, parts: Sequence[Part], coding: Coding) -> None:
    """A regressor in all utilities between which a move decides cancels out (Lewis & Schultz 2003, Political Analysis
    11(4): 345-367)."""
    labels = {utility: set(coding.labels(part)) for utility, part in zip(form.utilities, parts, strict=False)}
    for move in form.moves if parts else ():
        reached = [(move.player, outcome) for outcome in form.reached(move.name)]
        everywhere = set.intersection(*(labels.get(utility, set()) for utility in reached))
        if everywhere:
            raise FitError(
                f"`{sorted(everywhere)[0]}` stands in every utility of player {move.player} between which move "
                f"{move.name} decides, so its coefficients cannot be told apart; leave it out of one of them"
            )


def independent(design: Floats, where: str, labels: Sequence[str]) -> None:
    """
    Raises:
        FitError: a column that is a sum of those before it, or nearly so, with its name.
    """
    sizes = np.linalg.norm(design, axis=0)
    # On the diagonal stands how much of each column the ones before it leave over.
    left = np.abs(np.diagonal(np.linalg.qr(design / np.where(sizes > 0, sizes, 1.0), mode="r")))
    left = np.append(left, np.zeros(len(labels) - len(left)))
    if (left <= _NEW).any():
        label = labels[int(np.argmax(left <= _NEW))]
        raise FitError(f"`{label}` {where} says nothing that the terms before it do not say; leave it out")


def enough(cases: int, size: int, coding: Coding) -> None:
    """
    Raises:
        FitError: less cases than coefficients.
    """
    if cases >= size:
        return
    cure = "; take terms out of the formula"
    name = max(coding.levels, key=lambda column: len(coding.levels[column]), default=None)
    if name is not None and 2 * len(coding.levels[name]) > size:
        words = len(coding.levels[name])
        cure = f"; the column `{name}` has {words} different words, each with a dummy: make it numbers if it is numbers"
    raise FitError(f"{cases} complete cases are too few for {size} coefficients{cure}")


def units_of(designs: Sequence[Floats]) -> Floats:
    """float64[coefficients]: by how much a coefficient changes what it is part of by about 1."""
    sizes = np.concatenate([np.sqrt(np.mean(design**2, axis=0)) for design in designs])
    return np.asarray(1 / np.where(sizes > 0, sizes, 1.0))

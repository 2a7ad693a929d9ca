"""Columns of data as numbers: missing values, words as dummies, terms as columns of a design."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.diagnostics import nearest
from foederis.history.estimate.errors import FitError
from foederis.history.estimate.formula import Part

Floats = NDArray[np.float64]
CONSTANT = "constant"


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        numbers: float64[rows]; nan where missing, and for columns of words.
        words: object[rows] of texts, None where missing; empty for numbers.
        levels: the words that there are, in their order; empty for numbers.
        missing: bool[rows].
    """

    numbers: Floats
    words: NDArray[np.object_]
    levels: tuple[str, ...]
    missing: NDArray[np.bool_]


class Table:
    """Columns by name: a mapping of names to sequences, or a pandas DataFrame."""

    def __init__(self, data: Any):
        """
        Raises:
            FitError: no table, or columns of different lengths.
        """
        if not hasattr(data, "keys") or not hasattr(data, "__getitem__"):
            raise FitError("data are a table: a pandas DataFrame, or a mapping of names of columns to their values")
        self._data = data
        self._read: dict[str, Column] = {}
        names = list(data.keys())
        for name in names:
            if names.count(name) > 1:
                raise FitError(f"the data have two columns `{name}`; name them apart")
            if isinstance(data[name], str) or not hasattr(data[name], "__len__"):
                raise FitError(f"the column `{name}` is one value; give a value for each case")
        lengths = {len(data[name]) for name in names}
        if len(lengths) != 1:
            raise FitError(
                "all columns of the data must have the same number of rows" if lengths else "there are no data"
            )
        self.rows = lengths.pop()

    @property
    def names(self) -> list[str]:
        return [str(name) for name in self._data.keys()]  # noqa: SIM118

    def column(self, name: str) -> Column:
        """
        Raises:
            FitError: there is none of that name.
        """
        if name not in self._read:
            if name not in self.names:
                cure = nearest(str(name), self.names)
                raise FitError(f"the data have no column `{name}`{f'; {cure}' if cure else ''}")
            self._read[name] = _read(self._data[name])
        return self._read[name]

    def complete(self, names: Iterable[str]) -> NDArray[np.bool_]:
        """bool[rows]: where none of these columns is missing."""
        complete = np.ones(self.rows, dtype=bool)
        for name in names:
            complete &= ~self.column(name).missing
        return complete


def _read(values: Any) -> Column:
    categories = getattr(getattr(values, "cat", None), "categories", None)
    plain = np.asarray(values, dtype=object)
    # Missing values of all kinds (None, nan, NaT, pandas' NA) are those that do not equal themselves, or None.
    missing = np.array([value is None or not _equals_itself(value) for value in plain], dtype=bool)
    known = plain[~missing]
    if all(isinstance(value, (Real, Decimal, np.bool_)) for value in known) and categories is None:
        numbers = np.full(len(plain), np.nan)
        numbers[~missing] = known.astype(np.float64)
        return Column(numbers, np.empty(0, dtype=object), (), missing | ~np.isfinite(numbers))
    words = np.array([None if gone else str(value) for value, gone in zip(plain, missing, strict=True)], dtype=object)
    present = set(words[~missing])
    levels = [str(c) for c in categories if str(c) in present] if categories is not None else sorted(present)
    return Column(np.full(len(plain), np.nan), words, tuple(levels), missing)


def _equals_itself(value: Any) -> bool:
    same = value == value
    return same is True or (isinstance(same, np.bool_) and bool(same))


@dataclass(frozen=True)
class Coding:
    """How columns of words become numbers: {column: its levels}; kept, so that new data are coded in the same way."""

    levels: Mapping[str, tuple[str, ...]]

    @staticmethod
    def of(table: Table, names: Iterable[str], rows: NDArray[np.bool_]) -> Coding:
        """The levels that there are in the rows that count.

        Raises:
            FitError: a column that says the same word in all of them.
        """
        found = {}
        for name in names:
            column = table.column(name)
            if column.levels:
                there = set(column.words[rows])
                found[name] = tuple(level for level in column.levels if level in there)
                if len(found[name]) == 1:
                    raise FitError(f"`{name}` is `{found[name][0]}` in every case that is used; leave it out")
        return Coding(found)

    def labels(self, part: Part) -> list[str]:
        """The names of a part's columns."""
        named = [":".join(labels) for term in part.terms for labels in product(*self._labels(part, term))]
        return ([CONSTANT] if part.constant else []) + named

    def design(self, part: Part, table: Table, rows: NDArray[np.bool_]) -> Floats:
        """float64[rows that count, columns]: a constant first, if there is one; then each term.

        Raises:
            FitError: a word that the coding does not know.
        """
        columns = [np.ones(int(rows.sum()))] if part.constant else []
        for term in part.terms:
            for parts in product(*(self._numbers(part, term, name, table, rows) for name in term)):
                columns.append(np.prod(parts, axis=0))
        return np.stack(columns, axis=1) if columns else np.zeros((int(rows.sum()), 0))

    def _kept(self, part: Part, term: tuple[str, ...], name: str) -> tuple[str, ...]:
        """The levels with a dummy of their own: all but the first; all of the first column of words where there is no
        constant."""
        first = next((t[0] for t in part.terms if len(t) == 1 and t[0] in self.levels), None)
        whole = not part.constant and term == (name,) and name == first
        return self.levels[name] if whole else self.levels[name][1:]

    def _labels(self, part: Part, term: tuple[str, ...]) -> list[list[str]]:
        return [
            [f"{name}[{level}]" for level in self._kept(part, term, name)] if name in self.levels else [name]
            for name in term
        ]

    def _numbers(
        self, part: Part, term: tuple[str, ...], name: str, table: Table, rows: NDArray[np.bool_]
    ) -> Sequence[Floats]:
        column = table.column(name)
        if name not in self.levels:
            if column.levels:
                raise FitError(f"the column `{name}` has words where the data that were fitted have numbers")
            return [column.numbers[rows]]
        words = column.words[rows] if column.levels else column.numbers[rows].astype(str).astype(object)
        unknown = sorted(set(words) - set(self.levels[name]))
        if unknown:
            known = ", ".join(self.levels[name])
            raise FitError(f"`{unknown[0]}` in the column `{name}` was not among the data fitted: {known}")
        return [(words == level).astype(np.float64) for level in self._kept(part, term, name)]

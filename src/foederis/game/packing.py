"""States as whole numbers: each variable that can change is a digit, so that arrays of states are cheap."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.diagnostics import CaseError, Diagnostic
from foederis.language.case import Variable

Codes = NDArray[np.int64]
_STRETCH = 1 << 18  # states that are looked at together, so that what is worked out in between stays small


def stretches(count: int) -> Iterator[slice]:
    """Places from 0 to `count`, a stretch at a time."""
    for begin in range(0, count, _STRETCH):
        yield slice(begin, min(begin + _STRETCH, count))


@dataclass(frozen=True)
class Packing:
    """Variables in the order of their names; `stride` is None for one that nothing ever sets.

    `notes` is how many different notes of turns taken together there can be beside a state (see game.together): they
    stand in a code above the variables' digits.
    """

    variables: dict[str, Variable]
    strides: dict[str, int | None]
    notes: int = 1

    @property
    def start(self) -> int:
        """The code of the state in which the case starts."""
        return sum(self.variables[n].start * stride for n, stride in self.strides.items() if stride is not None)

    @cached_property
    def states(self) -> int:
        """One more than the largest code of a state without notes."""
        return math.prod(len(self.variables[n].levels) for n, stride in self.strides.items() if stride is not None)

    @property
    def size(self) -> int:
        """One more than the largest code that there could be."""
        return self.states * self.notes

    def distinct(self, parts: Sequence[Codes]) -> Codes:
        """The different codes in some arrays, sorted."""
        if self.size > 8 * sum(map(len, parts)) + 4096:
            found = np.concatenate(parts)
            found.sort()  # ten times as fast as np.unique, which hashes whole numbers before it sorts them
            new = np.ones(len(found), dtype=bool)
            np.not_equal(found[1:], found[:-1], out=new[1:])
            return found[new]
        seen = np.zeros(self.size, dtype=bool)  # where codes are many, marking each is much faster than sorting them
        for part in parts:
            seen[part] = True
        return np.flatnonzero(seen)

    def digits(self, codes: Codes, name: str) -> Codes:
        """The level codes of one variable in the given states; same shape."""
        variable, stride = self.variables[name], self.strides[name]
        if stride is None:
            return np.full(codes.shape, variable.start, dtype=np.int64)
        return codes // stride % len(variable.levels)

    def narrow(self, codes: Codes, name: str) -> NDArray[Any]:
        """As digits, in as few bytes as the levels need."""
        found = np.empty(codes.shape, dtype=np.min_scalar_type(len(self.variables[name].levels) - 1))
        for here in stretches(len(codes)):
            found[here] = self.digits(codes[here], name)
        return found

    def values(self, codes: Codes, name: str) -> Codes:
        """As digits, but an integer range gives its numbers: what expressions read."""
        variable = self.variables[name]
        return self.digits(codes, name) + (variable.low if variable.kind == "range" else 0)

    def with_digits(self, codes: Codes, before: Codes, name: str, digits: Any) -> Codes:
        """Codes with one variable's digit replaced; `before` are the codes whose digit it is now."""
        stride = self.strides[name]
        assert stride is not None, name
        return codes + (digits - self.digits(before, name)) * stride

    def levels(self, codes: Codes) -> dict[str, int]:
        """How many different levels each variable takes in the given states."""
        return {name: len(np.unique(self.digits(codes, name))) for name in self.variables}


def pack(variables: Iterable[Variable], changing: set[str], notes: int = 1) -> Packing:
    """A packing in which the changing variables have digits, with room for notes.

    Raises:
        CaseError: F403 if the combinations of levels do not even fit into 62 bits.
    """
    ordered = {variable.name: variable for variable in sorted(variables, key=lambda v: v.name)}
    sizes = [len(v.levels) for name, v in ordered.items() if name in changing]
    if math.prod(sizes) * notes >= 2**62:
        message = f"the levels of {len(sizes)} changing variables combine in more than 4·10¹⁸ ways"
        raise CaseError([Diagnostic("F403", message, help="use fewer variables, or fewer levels")])
    strides: dict[str, int | None] = {}
    stride = 1
    for name, variable in ordered.items():
        strides[name] = stride if name in changing else None
        stride *= len(variable.levels) if name in changing else 1
    return Packing(ordered, strides, notes)


class StateView(dict[str, Any]):
    """Variables of an array of states, decoded when an expression first reads them."""

    def __init__(self, packing: Packing, codes: Codes, column: bool = False):
        super().__init__()
        self.packing, self.codes, self.column = packing, codes, column

    def __missing__(self, name: str) -> Codes:
        values = self.packing.values(self.codes, name)
        self[name] = values[:, None] if self.column else values
        return self[name]

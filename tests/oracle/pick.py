"""Where random files get their choices from: Hypothesis, which can shrink them, or a seed, which is quick."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


class Pick(Protocol):
    def integer(self, low: int, high: int) -> int: ...

    def one(self, of: Sequence[T]) -> T: ...


class HypothesisPick:
    """Shrinks towards small numbers and towards what stands first."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.draw = draw

    def integer(self, low: int, high: int) -> int:
        return int(self.draw(st.integers(low, high)))

    def one(self, of: Sequence[T]) -> T:
        return of[self.integer(0, len(of) - 1)]


class SeededPick:
    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def integer(self, low: int, high: int) -> int:
        return self.rng.randint(low, high)

    def one(self, of: Sequence[T]) -> T:
        return self.rng.choice(of)


def maybe(pick: Pick, percent: int) -> bool:
    """Shrinks to no."""
    return pick.integer(0, 99) >= 100 - percent


def some(pick: Pick, of: Sequence[T], low: int, high: int) -> list[T]:
    """Between `low` and `high` different ones, in random order."""
    rest = list(of)
    count = pick.integer(low, min(high, len(rest)))
    return [rest.pop(pick.integer(0, len(rest) - 1)) for _ in range(count)]

"""Where arrays lie in memory, for the engine in C, and the form that it works on.

It takes 8 draws at once, so that what it reads again soon is still in the processor's caches. Where a block has more
draws, its arrays have an axis before all others, for each 8 of them; a block of 8 does without.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

DRAWS = 8  # as in group.h


@dataclass(frozen=True)
class Held:
    """Places of arrays in memory, which `arrays` keeps there."""

    places: tuple[int | None, ...]
    arrays: tuple[Any, ...]


def place(array: Any) -> int | None:
    """Where an array of NumPy's lies; None is none."""
    return None if array is None else int(array.__array_interface__["data"][0])


def each(tables: int, *arrays: Any) -> NDArray[np.int64]:
    """int64[tables, arrays]: for each 8 draws of a block, where the parts of the arrays lie; 0 for none."""
    begins = [place(array) or 0 for array in arrays]
    far = [0 if array is None or tables == 1 else array.strides[0] for array in arrays]
    return np.array(begins) + np.arange(tables)[:, None] * np.array(far)


def far(tables: int, array: Any) -> int:
    """How many cells of 8 draws lie between the parts of an array."""
    return 0 if array is None or tables == 1 else int(array.strides[0]) // (8 * DRAWS)


def begins(tables: int, *arrays: Any) -> list[int | None]:
    """Where arrays lie, each with how far its tables are from each other."""
    return [part for array in arrays for part in (place(array), far(tables, array))]


def view(array: Any) -> Any:
    """An array of JAX's, or one of ours, as NumPy's, without a copy where it is whole."""
    return None if array is None else np.ascontiguousarray(array)


def hold(*arrays: Any) -> Held:
    kept = tuple(map(view, arrays))
    return Held(tuple(map(place, kept)), kept)


def blank(*shape: int) -> Any:
    """Zeros [..., draws] for the engine."""
    *inner, draws = shape
    return np.zeros((*((draws // DRAWS,) if draws > DRAWS else ()), *inner, DRAWS))


def apart(array: Any) -> Any:
    """An array [..., draws] in the engine's form."""
    if array.shape[-1] <= DRAWS:
        return view(array)
    split = array.reshape(*array.shape[:-1], array.shape[-1] // DRAWS, DRAWS)
    last = split.ndim - 1
    return np.ascontiguousarray(split.transpose(last - 1, *range(last - 1), last))


def together(array: Any, inner: int) -> Any:
    """The way back: [..., draws], of so many axes before the draws."""
    if array.ndim == inner + 1:
        return array
    inner_first = array.transpose(*range(1, inner + 1), 0, inner + 1)
    return inner_first.reshape(*array.shape[1:-1], len(array) * DRAWS)

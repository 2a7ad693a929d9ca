"""Where arrays lie in memory, for the engine in C."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Held:
    """Places of arrays in memory, which `arrays` keeps there."""

    places: tuple[int | None, ...]
    arrays: tuple[Any, ...]


def place(array: Any) -> int | None:
    """Where an array of NumPy's lies; None is none."""
    return None if array is None else int(array.__array_interface__["data"][0])


def view(array: Any) -> Any:
    """An array of JAX's, or one of ours, as NumPy's, without a copy where it is whole."""
    return None if array is None else np.ascontiguousarray(array)


def hold(*arrays: Any) -> Held:
    kept = tuple(map(view, arrays))
    return Held(tuple(map(place, kept)), kept)

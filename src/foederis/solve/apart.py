"""Events whose probabilities are set apart: a row among the weights for every branch in every state, as turns have
them, where otherwise states share the rows of the game's numbers. So they can be changed by what was seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from foederis.solve import kernels
from foederis.solve.device import kernel
from foederis.solve.groups import Group
from foederis.solve.kernels import Array
from foederis.solve.lazy import lax


def set_apart(group: Group, base: int) -> tuple[Group, int]:
    """The group with rows of its own from `base` on, and how many they are; turns have theirs already."""
    if group.turns:
        return group, 0
    # By branch and state; where the chances read a type, by type before that.
    tables = [np.asarray(arrays.chances) for arrays in group.arrays]
    size = tables[0].size
    own = np.moveaxis((base + np.arange(size, dtype=np.int32)).reshape(group.length, *tables[0].shape[:-1]), 0, -1)
    shared = tuple(group.put(np.moveaxis(table, -1, 0).ravel()) for table in tables)
    rows = []
    for arrays in group.arrays:
        apart = replace(arrays, chances=group.put(np.ascontiguousarray(own)), base=group.put(np.int32(base)))
        rows.append(replace(apart, expected=arrays.chances) if group.typed >= 0 else apart)
    return replace(group, arrays=tuple(rows), shared=shared), size


def fill(weights: Array, group: Group, step: int) -> Array:
    """The weights of a step with an event group's own rows filled from the numbers at their top."""
    if not group.shared:
        return weights
    return copy_rows(weights, group.shared[group.pattern_of_step[step]], group.at(step).base)


def _copy_rows(weights: Array, places: Array, base: Array) -> Array:
    return lax.dynamic_update_slice_in_dim(weights, kernels.rows(weights, places), base, axis=0)


copy_rows = kernel(_copy_rows, donate=[0])

"""Events whose probabilities are set apart: a row among the weights for every branch in every state, as turns have
them, where otherwise states share the rows of the game's numbers. So they can be changed by what was seen."""

from __future__ import annotations

from dataclasses import replace

import jax
import numpy as np
from jax import lax

from foederis.solve import kernels
from foederis.solve.device import kernel
from foederis.solve.groups import Group
from foederis.solve.kernels import Array


def set_apart(group: Group, base: int) -> tuple[Group, int]:
    """The group with rows of its own from `base` on, and how many they are; turns have theirs already."""
    if group.turns:
        return group, 0
    size = (group.width + 1) * group.length
    own = (base + np.arange(size, dtype=np.int32)).reshape(group.length, group.width + 1).T
    shared = tuple(jax.device_put(np.asarray(arrays.chances).T.ravel()) for arrays in group.arrays)
    rows = tuple(replace(a, chances=jax.device_put(own), base=jax.device_put(np.int32(base))) for a in group.arrays)
    return replace(group, arrays=rows, shared=shared), size


def fill(weights: Array, group: Group, step: int) -> Array:
    """The weights of a step with an event group's own rows filled from the numbers at their top."""
    if not group.shared:
        return weights
    return copy_rows(weights, group.shared[group.pattern_of_step[step]], group.at(step).base)


def _copy_rows(weights: Array, places: Array, base: Array) -> Array:
    return lax.dynamic_update_slice_in_dim(weights, kernels.rows(weights, places), base, axis=0)


copy_rows = kernel(_copy_rows, donate=[0])

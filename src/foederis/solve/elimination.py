"""Small systems of linear equations, one in every lane, by Gauss-Jordan elimination with partial pivoting."""

from __future__ import annotations

from foederis.solve.kernels import Array
from foederis.solve.lazy import jnp, lax


def eliminate(matrix: Array, sides: Array) -> tuple[Array, Array]:
    """Solves `matrix` times x = `sides` in every lane.

    Args:
        matrix: float64[equations, equations, lanes]; sides: float64[equations, right-hand sides, lanes].
    Returns:
        float64[equations, right-hand sides, lanes], not finite where a matrix is singular; and the sign of each
        determinant, float64[lanes].
    """
    size, lanes = matrix.shape[0], matrix.shape[2]
    places = jnp.arange(size)[:, None]

    def column(k: Array, carried: tuple[Array, Array]) -> tuple[Array, Array]:
        table, sign = carried
        sizes = jnp.where(places < k, -1.0, jnp.abs(lax.dynamic_index_in_dim(table, k, axis=1, keepdims=False)))
        pivot = jnp.argmax(sizes, axis=0)
        chosen = jnp.take_along_axis(table, pivot[None, None, :], axis=0)[0]
        swapped = lax.dynamic_index_in_dim(table, k, axis=0, keepdims=False)
        value = lax.dynamic_index_in_dim(chosen, k, axis=0, keepdims=False)
        table = jnp.where(places[:, :, None] == pivot, swapped, table)
        row = chosen / value
        factors = jnp.where(places == k, 0.0, lax.dynamic_index_in_dim(table, k, axis=1, keepdims=False))
        table = jnp.where(places[:, :, None] == k, row, table - factors[:, None] * row)
        return table, sign * jnp.sign(value) * jnp.where(pivot == k, 1.0, -1.0)

    table, sign = lax.fori_loop(0, size, column, (jnp.concatenate([matrix, sides], axis=1), jnp.ones(lanes)))
    return table[:, size:], sign

"""Where play lands among beliefs, given what was seen: a belief between nodes goes on as one of them, and more often as
one from which what was seen is likelier."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from foederis.solve import kernels
from foederis.solve.kernels import Array
from foederis.solve.lazy import jnp, lax
from foederis.solve.signalling import WRITTEN_OUT


def tilted(hats: Array, hopes: Array, sizes: tuple[int, int, int]) -> tuple[Array, Array]:
    """How likely what was seen is from each lane on, and how much each node counts given that.

    Args:
        hats: float64[nodes, ..., lanes], how much each node along the coordinates of an actor counts.
        hopes: float64[..., lanes], logarithms of how likely what was seen is from every node on.
        sizes: see beliefs.Axes.split.
    Returns:
        float64[..., lanes], the logarithm of its mean over nodes; float64[nodes, ..., lanes], which sum to 1 over
        nodes.
    """
    before, along, _ = sizes
    rest = hopes.shape[-1] // (before * along)
    counts = hats.reshape(*hats.shape[:-1], before, along, rest)
    ahead = jnp.moveaxis(hopes.reshape(*hopes.shape[:-1], before, along, rest), -2, 0)[..., None, :]
    can = (counts > 0) & (ahead > -jnp.inf)
    best = _over_nodes(jnp.maximum, jnp.where(can, ahead, -jnp.inf))
    top = jnp.where(best > -jnp.inf, best, 0.0)
    odds = jnp.where(can, counts * jnp.exp(jnp.minimum(ahead - top, 0.0)), 0.0)
    total = _over_nodes(jnp.add, odds)
    known = total > 0
    whole = jnp.where(known, total, 1.0)
    mean = jnp.where(known, top + jnp.log(whole), -jnp.inf)
    return mean.reshape(hopes.shape), jnp.where(known, odds / whole, counts).reshape(hats.shape)


def conditioned(shares: Array, follows: Array) -> tuple[Array, Array]:
    """Branches given what was seen from there on.

    Args:
        shares: float64[branches, ...], how likely each is; follows: likewise, logarithms of how likely what was seen
            is with it.
    Returns:
        float64[branches, ...], how likely each is given that, 0 where it cannot be; float64[...], the logarithm of how
        likely it is before the branches.
    """
    can = shares > 0
    ways = jnp.where(can, jnp.log(jnp.where(can, shares, 1.0)) + follows, -jnp.inf)
    best = reduce(jnp.maximum, list(ways))
    top = jnp.where(best > -jnp.inf, best, 0.0)
    odds = jnp.exp(ways - top)
    total = kernels.add_up(odds)
    known = total > 0
    whole = jnp.where(known, total, 1.0)
    return jnp.where(known, odds / whole, 0.0), jnp.where(known, top + jnp.log(whole), -jnp.inf)


def _over_nodes(join: Callable[[Array, Array], Array], parts: Array) -> Array:
    """Written out for few nodes, since plain reductions were measured several times slower."""
    if len(parts) <= WRITTEN_OUT:
        return reduce(join, list(parts))
    return lax.fori_loop(1, len(parts), lambda node, found: join(found, parts[node]), parts[0])

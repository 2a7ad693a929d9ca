"""Draws: each quantity's value in each possible world, by scrambled Sobol points through quantile functions.

Sources: Joe & Kuo (2008), SIAM J. Sci. Comput. 30(5): 2635-2654 (direction numbers); Matousek (1998), J.
Complexity 14(4): 527-556 (random linear scrambling with a digital shift).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from foederis.language.case import Case
from foederis.language.normal import normal_quantile, normal_share

_BITS = 32
_DOUBLED = 10  # bits of a place in the sequence that are looked up in a list of its first points


@functools.cache
def _table() -> tuple[tuple[int, ...], ...]:
    """For each dimension the primitive polynomial and the initial numbers."""
    text = resources.files("foederis.language").joinpath("sobol.txt").read_text(encoding="utf-8")
    return tuple(tuple(map(int, line.split())) for line in text.splitlines() if not line.startswith("#"))


@functools.cache
def _directions(dimension: int) -> NDArray[np.uint64]:
    """uint64[32]: the direction numbers of a dimension, first bit in the highest place."""
    polynomial, *initial = _table()[dimension]
    numbers = _recur(polynomial, initial) if dimension else [1] * _BITS
    return np.array([number << (_BITS - 1 - bit) for bit, number in enumerate(numbers)], dtype=np.uint64)


def _recur(polynomial: int, initial: Sequence[int]) -> list[int]:
    """m_1..m_32 from the recurrence of a primitive polynomial (Bratley & Fox 1988)."""
    degree = polynomial.bit_length() - 1
    numbers = list(initial[:degree])
    for place in range(degree, _BITS):
        value = numbers[place - degree] ^ (numbers[place - degree] << degree)
        for k in range(1, degree):
            if polynomial >> (degree - k) & 1:
                value ^= numbers[place - k] << k
        numbers.append(value)
    return numbers


def sobol(points: int, dimensions: int, *, seed: int, places: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
    """float64[points, dimensions] in (0, 1), scrambled: the first of the sequence, or those at given `places`.

    A dimension's points do not depend on how many others there are, so that a changed case keeps the draws of
    what it shares with the original. Dimensions beyond the table of direction numbers are plain random numbers.
    """
    index = np.arange(points, dtype=np.uint64) if places is None else places.astype(np.uint64)
    last = int(index.max(initial=0))
    result = np.empty((len(index), dimensions))
    for dimension in range(dimensions):
        if dimension >= len(_table()):
            random = np.random.default_rng([seed, dimension])
            result[:, dimension] = (random.integers(0, 2**_BITS, last + 1)[index] + 0.5) / 2.0**_BITS
            continue
        columns, shift = _scramble(dimension, seed)
        first = np.full(1, shift)
        for bit in range(min(last.bit_length(), _DOUBLED)):
            first = np.concatenate([first, first ^ columns[bit]])
        value = first[index & np.uint64(len(first) - 1)]
        for bit in range(_DOUBLED, last.bit_length()):
            value ^= np.where(index >> np.uint64(bit) & np.uint64(1), columns[bit], np.uint64(0))
        result[:, dimension] = (value.astype(np.float64) + 0.5) / 2.0**_BITS
    return result


@functools.lru_cache(maxsize=4096)
def _scramble(dimension: int, seed: int) -> tuple[NDArray[np.uint64], np.uint64]:
    """Direction numbers times a random lower triangular binary matrix, and a digital shift."""
    random = np.random.default_rng([seed, dimension])
    numbers = _directions(dimension)
    places = np.arange(_BITS - 1, -1, -1, dtype=np.uint64)
    bits = (numbers[:, None] >> places[None, :]).astype(np.int64) & 1
    lower = np.tril(random.integers(0, 2, (_BITS, _BITS)), -1) + np.eye(_BITS, dtype=np.int64)
    mixed = (bits @ lower.T & 1).astype(np.uint64)
    return (mixed << places[None, :]).sum(axis=1, dtype=np.uint64), np.uint64(random.integers(0, 2**_BITS))


def draw_quantities(case: Case, draws: int, *, seed: int = 0) -> dict[str, NDArray[np.float64]]:
    """Each quantity's value in each draw.

    Args:
        draws: how many possible worlds; a power of 2 spreads the points best.
        seed: 0 or more; the same seed gives the same draws.
    Returns:
        {quantity: float64[draws]}, the case's own unit; expressions of quantities included.
    """
    return quantities_at(case, draw_shares(case, draws, seed=seed), draws)


def dimensions(case: Case) -> list[str]:
    """The uncertain quantities, each with a place among the points drawn."""
    # A change may have fixed one of a pair; the other then keeps its draws only if the pair is still drawn.
    return list(dict.fromkeys([*case.uncertain, *correlation_matrix(case)[0]]))


def draw_shares(
    case: Case, draws: int, *, seed: int = 0, places: NDArray[np.int64] | None = None
) -> dict[str, NDArray[np.float64]]:
    """{quantity: float64[draws] in (0, 1)}: the points drawn, before correlation and quantile functions.

    Args:
        places: int64[draws], where the draws stand among all that could be drawn with the seed; the first if None.
    """
    names = dimensions(case)
    points = sobol(draws, len(names), seed=seed, places=places)
    return {name: points[:, column] for column, name in enumerate(names)}


def quantities_at(case: Case, shares: Mapping[str, NDArray[np.float64]], draws: int) -> dict[str, NDArray[np.float64]]:
    """{quantity: float64[draws]} at given points, {quantity: float64[draws] in (0, 1)} for all dimensions."""
    mixed = {**shares, **_correlate(case, shares)}
    drawn = {name: q.distribution.quantile(mixed[name]) for name, q in case.quantities.items() if q.distribution}
    return case.evaluate_quantities(drawn, draws)


def quantities_with(
    case: Case, values: Mapping[str, NDArray[np.float64]], draws: int
) -> dict[str, NDArray[np.float64]]:
    """{quantity: float64[draws]}: some uncertain quantities at given values, the others at their medians."""
    medians = {
        name: np.full(draws, quantity.distribution.median)
        for name, quantity in case.quantities.items()
        if quantity.distribution
    }
    return case.evaluate_quantities({**medians, **values}, draws)


def median_quantities(case: Case) -> dict[str, NDArray[np.float64]]:
    """As draw_quantities, for one world in which every quantity stands at its median."""
    return quantities_with(case, {}, 1)


def tied_groups(case: Case) -> list[tuple[str, ...]]:
    """The uncertain quantities in groups that are drawn independently of each other: those that correlations tie
    together are one group. In the order of the names."""
    group = {name: {name} for name in case.varying}
    for tie in case.correlated:
        if tie.first in group and tie.second in group:
            joined = group[tie.first] | group[tie.second]
            group.update(dict.fromkeys(joined, joined))
    return sorted({tuple(sorted(members)) for members in group.values()})


def correlation_matrix(case: Case) -> tuple[list[str], NDArray[np.float64]]:
    """Names and their Gaussian copula's correlations; identity where nothing is said."""
    names = sorted({name for tie in case.correlated for name in (tie.first, tie.second)})
    matrix = np.eye(len(names))
    for tie in case.correlated:
        i, j = names.index(tie.first), names.index(tie.second)
        matrix[i, j] = matrix[j, i] = tie.correlation
    return names, matrix


def _correlate(case: Case, shares: Mapping[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
    names, matrix = correlation_matrix(case)
    if not names:
        return {}
    normal = np.stack([normal_quantile(shares[name]) for name in names])
    mixed = normal_share(np.linalg.cholesky(matrix) @ normal)
    inside = np.clip(mixed, 2.0**-34, 1 - 2.0**-34)
    return dict(zip(names, inside, strict=True))

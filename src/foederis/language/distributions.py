"""The distribution forms of the crisis file. Everything is sampled through its quantile function."""

from __future__ import annotations

import bisect
import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foederis.language.normal import normal_quantile
from foederis.language.syntax import SyntaxProblem, Tree, interval_of

Floats = NDArray[np.float64]
# Beyond every point that is ever drawn, and how many deviations out they lie.
_EXTREMES = np.array([2.0**-34, 0.5, 1 - 2.0**-34])
_FARTHEST = 6.6


@dataclass(frozen=True)
class Distribution:
    """A quantity's uncertainty.

    family is lognormal, logitnormal, normal, uniform, triangular, pert, beta or choice; `parameters` are those
    of the family (for choice: values, then their cumulative shares); `text` is what the author wrote.
    """

    family: str
    parameters: tuple[float, ...]
    text: str

    def quantile(self, share: Floats) -> Floats:
        """Values below which the given shares (each in (0, 1)) of the distribution lie; same shape."""
        with np.errstate(all="ignore"):
            return _QUANTILES[self.family](share, *self.parameters)

    @property
    def median(self) -> float:
        return float(self.quantile(np.array([0.5]))[0])

    @property
    def support(self) -> tuple[float, ...]:
        """The values of a choice, in ascending order; empty for the other families, whose values fill a line."""
        return self.parameters[: len(self.parameters) // 2] if self.family == "choice" else ()

    def share_below(self, value: float) -> float:
        """The probability that a choice is below a value."""
        cumulative = (0.0, *self.parameters[len(self.parameters) // 2 :])
        return cumulative[bisect.bisect_left(self.support, value)]


def _logitnormal(u: Floats, m: float, s: float) -> Floats:
    return np.asarray(1 / (1 + np.exp(-(m + s * normal_quantile(u)))), dtype=np.float64)


def _triangular(u: Floats, a: float, m: float, b: float) -> Floats:
    split = (m - a) / (b - a)
    left = a + np.sqrt(u * (b - a) * (m - a))
    right = b - np.sqrt((1 - u) * (b - a) * (b - m))
    return np.where(u < split, left, right)


def _beta(u: Floats, a: float, b: float) -> Floats:
    from scipy.special import betaincinv  # here, because few files need it and its import is slow

    return np.asarray(betaincinv(a, b, u), dtype=np.float64)


def _pert(u: Floats, a: float, m: float, b: float) -> Floats:
    # Malcolm et al. (1959), Operations Research 7(5): a beta distribution whose mean weighs the mode by 4.
    return a + (b - a) * _beta(u, 1 + 4 * (m - a) / (b - a), 1 + 4 * (b - m) / (b - a))


def _choice(u: Floats, *parameters: float) -> Floats:
    half = len(parameters) // 2
    values, cumulative = np.array(parameters[:half]), np.array(parameters[half:])
    return values[np.minimum(np.searchsorted(cumulative, u, side="left"), half - 1)]


_QUANTILES: dict[str, Callable[..., Floats]] = {
    "normal": lambda u, m, s: m + s * normal_quantile(u),
    "lognormal": lambda u, m, s: np.exp(m + s * normal_quantile(u)),
    "logitnormal": _logitnormal,
    "uniform": lambda u, a, b: a + (b - a) * u,
    "triangular": _triangular,
    "pert": _pert,
    "beta": _beta,
    "choice": _choice,
}

_ARGUMENTS = {
    "normal": ("mean", "deviation"),
    "lognormal": ("mean of the logarithm", "its deviation"),
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "pert": ("low", "mode", "high"),
    "beta": ("a", "b"),
    "choice": (),
}


def is_distribution(tree: Tree) -> bool:
    """Whether a parsed slot is an interval or a distribution rather than an expression."""
    return tree.op == "interval" or (tree.op == "call" and tree.text in _ARGUMENTS)


def read_distribution(tree: Tree, text: str) -> Distribution:
    """The distribution that a parsed slot names.

    Raises:
        SyntaxProblem: reversed ends, mixed percentages, impossible parameters.
    """
    parameters: tuple[float, ...]
    if tree.op == "interval":
        family, parameters = _read_interval(tree, text)
    elif tree.text == "choice":
        family, parameters = "choice", _read_choice(tree)
    else:
        family, parameters = tree.text, _read_parameters(tree)
    found = Distribution(family, parameters, text)
    if not _is_finite(found):
        raise _bad(tree, "this distribution reaches numbers too large to calculate with", "choose a larger unit")
    return found


def _is_finite(found: Distribution) -> bool:
    """Whether every value that can be drawn is a number to calculate with."""
    if found.family in ("normal", "lognormal", "logitnormal"):
        middle, deviation = found.parameters
        farthest = abs(middle) + _FARTHEST * deviation
        return farthest < (690 if found.family == "lognormal" else 1e300)
    return bool(np.isfinite(found.quantile(_EXTREMES)).all())


def _bad(tree: Tree, message: str, cure: str, code: str = "F304") -> SyntaxProblem:
    return SyntaxProblem(message, tree.start, tree.end, cure, code)


def _literal(tree: Tree) -> float:
    if tree.op == "number":
        value = tree.value
    elif tree.op == "sign" and tree.items[0].op == "number":
        value = tree.items[0].value * (-1 if tree.text == "-" else 1)
    else:
        raise _bad(tree, "a distribution takes plain numbers", "for other shapes, write an expression of quantities")
    if not abs(value) < 1e300:
        raise _bad(tree, "this number is too large to calculate with", "choose a larger unit")
    return value


def _read_parameters(tree: Tree) -> tuple[float, ...]:
    name, names = tree.text, _ARGUMENTS[tree.text]
    values = [_literal(item) for item in tree.items]
    if len(values) != len(names):
        raise _bad(tree, f"`{name}` takes {len(names)} numbers", f"write `{name}({', '.join(names)})`")
    if name in ("normal", "lognormal") and values[1] <= 0:
        raise _bad(tree.items[1], "the deviation must be above 0", "for a fixed number, write it alone")
    if name == "beta" and min(values) <= 0:
        raise _bad(
            tree, "both numbers of a beta distribution must be above 0", "1 and 1 make all values equally likely"
        )
    if name in ("uniform", "triangular", "pert"):
        if values[0] >= values[-1]:
            raise _bad(tree, "the low end is not below the high end", "write the smaller number first", "F301")
        if not values[0] <= values[len(values) // 2] <= values[-1]:
            raise _bad(tree.items[1], "the mode lies outside the ends", f"write `{name}(low, mode, high)`")
    return tuple(values)


def _read_interval(tree: Tree, text: str) -> tuple[str, tuple[float, float]]:
    """The family and parameters for which the ends are the outer quantiles of the central share."""
    low_tree, high_tree, level_tree = interval_of(tree)
    low, high = _literal(low_tree), _literal(high_tree)
    if low_tree.percent != high_tree.percent:
        written = [text[end.start : end.end] for end in (low_tree, high_tree)]
        both = " to ".join(word if "%" in word else f"{word}%" for word in written)
        cure = f"write `{both}` if percentages are meant"
        raise _bad(tree, "one end is a percentage, the other is not", cure, "F302")
    if low == high:
        raise _bad(tree, "both ends of the interval are the same", "write the number alone", "F301")
    if low > high:
        raise _bad(tree, "the ends of the interval are reversed", "write the smaller number first", "F301")
    distance = _distance(level_tree)
    if not low_tree.percent:
        a, b = (math.log(low), math.log(high)) if low > 0 else (low, high)
        return "lognormal" if low > 0 else "normal", _centred(a, b, distance)
    if low <= 0 or high >= 1:
        cure = "use ends such as 1% and 99%; for growth, which may pass them, write numbers without %"
        raise _bad(tree, "an interval of percentages must end above 0 % and below 100 %", cure, "F303")
    return "logitnormal", _centred(math.log(low / (1 - low)), math.log(high / (1 - high)), distance)


def _centred(a: float, b: float, distance: float) -> tuple[float, float]:
    """Mean and deviation of the normal distribution whose quantiles a and b lie that many deviations out."""
    return (a / 2 + b / 2, (b / 2 - a / 2) / distance)


def _distance(level: Tree | None) -> float:
    """How many deviations out the ends of a central interval of this level (90 % if left out) lie."""
    share = 0.9 if level is None else level.value
    if level is not None and not (level.percent and 0.01 <= share <= 0.9999):
        raise _bad(level, "the level of an interval is a percentage from 1 % to 99.99 %", "write it as in `@ 80%`")
    return _deviations(share)


@functools.lru_cache(maxsize=256)
def _deviations(share: float) -> float:
    """How many deviations out a normal distribution's central interval of this share ends."""
    return float(normal_quantile(np.array([0.5 + share / 2]))[0])


def _read_choice(tree: Tree) -> tuple[float, ...]:
    if not tree.items or any(item.op != "pair" for item in tree.items):
        raise _bad(tree, "`choice` takes values with their shares", "write `choice(2 = 30%, 5 = 70%)`")
    pairs = sorted((_literal(pair.items[0]), _literal(pair.items[1])) for pair in tree.items)
    values, shares = [value for value, _ in pairs], [share for _, share in pairs]
    if min(shares) < 0:
        raise _bad(tree, "a share of a choice is negative", "shares are at least 0 % and sum to 100 %")
    if abs(sum(shares) - 1) > 1e-9:
        message = f"the shares of a choice must sum to 100 %, and these sum to {100 * sum(shares):g} %"
        raise _bad(tree, message, "change one of them")
    if len(set(values)) != len(values):
        raise _bad(tree, "a value stands twice in this choice", "write it once, with the sum of its shares")
    kept = [(value, share) for value, share in pairs if share > 0]
    cumulative = np.cumsum([share for _, share in kept])
    return (*(value for value, _ in kept), *(float(c) for c in cumulative))

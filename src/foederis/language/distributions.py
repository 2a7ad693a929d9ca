"""The distribution forms of the crisis file. Everything is sampled through its quantile function."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, expit, ndtri

from foederis.language.syntax import SyntaxProblem, Tree, interval_of

Floats = NDArray[np.float64]


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
        return _QUANTILES[self.family](share, *self.parameters)

    @property
    def median(self) -> float:
        return float(self.quantile(np.array([0.5]))[0])


def _triangular(u: Floats, a: float, m: float, b: float) -> Floats:
    split = (m - a) / (b - a)
    left = a + np.sqrt(u * (b - a) * (m - a))
    right = b - np.sqrt((1 - u) * (b - a) * (b - m))
    return np.where(u < split, left, right)


def _pert(u: Floats, a: float, m: float, b: float) -> Floats:
    # Malcolm et al. (1959), Operations Research 7(5): a beta distribution whose mean weighs the mode by 4.
    alpha, beta = 1 + 4 * (m - a) / (b - a), 1 + 4 * (b - m) / (b - a)
    return a + (b - a) * betaincinv(alpha, beta, u)


def _choice(u: Floats, *parameters: float) -> Floats:
    half = len(parameters) // 2
    values, cumulative = np.array(parameters[:half]), np.array(parameters[half:])
    return values[np.minimum(np.searchsorted(cumulative, u, side="left"), half - 1)]


_QUANTILES: dict[str, Callable[..., Floats]] = {
    "normal": lambda u, m, s: m + s * ndtri(u),
    "lognormal": lambda u, m, s: np.exp(m + s * ndtri(u)),
    "logitnormal": lambda u, m, s: expit(m + s * ndtri(u)),
    "uniform": lambda u, a, b: a + (b - a) * u,
    "triangular": _triangular,
    "pert": _pert,
    "beta": lambda u, a, b: betaincinv(a, b, u),
    "choice": _choice,
}


def is_distribution(tree: Tree) -> bool:
    """Whether a parsed slot is an interval or a distribution rather than an expression."""
    return tree.op == "interval" or (tree.op == "call" and tree.text in _ARGUMENTS)


def read_distribution(tree: Tree, text: str) -> Distribution:
    """The distribution that a parsed slot names.

    Raises:
        SyntaxProblem: reversed ends, mixed percentages, impossible parameters.
    """
    if tree.op == "interval":
        return _read_interval(tree, text)
    if tree.text == "choice":
        return _read_choice(tree, text)
    names = _ARGUMENTS[tree.text]
    values = [_literal(item) for item in tree.items]
    if len(values) != len(names):
        raise _bad(tree, f"`{tree.text}` takes {len(names)} numbers", f"{tree.text}({', '.join(names)})")
    _check_parameters(tree, values)
    return Distribution(tree.text, tuple(values), text)


_ARGUMENTS = {
    "normal": ("mean", "deviation"),
    "lognormal": ("mean of the logarithm", "its deviation"),
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "pert": ("low", "mode", "high"),
    "beta": ("a", "b"),
    "choice": (),
}


def _literal(tree: Tree) -> float:
    if tree.op == "number":
        value = tree.value
    elif tree.op == "sign" and tree.items[0].op == "number":
        value = tree.items[0].value * (-1 if tree.text == "-" else 1)
    else:
        raise _bad(tree, "a distribution takes plain numbers", "for other shapes, write an expression of quantities")
    if not math.isfinite(value):
        raise _bad(tree, "this number is too large", "choose a larger unit")
    return value


def _bad(tree: Tree, message: str, cure: str = "", code: str = "F304") -> SyntaxProblem:
    return SyntaxProblem(message, tree.start, tree.end, cure, code)


def _check_parameters(tree: Tree, values: list[float]) -> None:
    name = tree.text
    if name in ("normal", "lognormal") and values[1] <= 0:
        raise _bad(tree, "the deviation must be above 0", "for a fixed number, write it plainly")
    if name == "beta" and min(values) <= 0:
        raise _bad(tree, "both numbers of a beta distribution must be above 0")
    if name in ("uniform", "triangular", "pert"):
        if values[0] >= values[-1]:
            raise _bad(tree, "the low end is not below the high end", "swap them", "F301")
        if not values[0] <= values[len(values) // 2] <= values[-1]:
            raise _bad(tree, "the mode lies outside the ends", f"{name}(low, mode, high)")


def _read_interval(tree: Tree, text: str) -> Distribution:
    low_tree, high_tree, level_tree = interval_of(tree)
    low, high = _literal(low_tree), _literal(high_tree)
    level = 0.9
    if level_tree is not None:
        level = level_tree.value
        if not level_tree.percent or not 0 < level < 1:
            raise _bad(level_tree, "the level of an interval is a percentage between 0 % and 100 %", "as in `@ 80%`")
    if low_tree.percent != high_tree.percent:
        fixed = f"{text.split(' to ')[0].strip()}% to" if high_tree.percent else "…% to …%"
        raise _bad(tree, "one end is a percentage, the other is not", f"write `{fixed} …`" if high_tree.percent else
                   "write % at both ends or at none", "F302")
    if low == high:
        raise _bad(tree, "both ends of the interval are the same", "write the number alone", "F301")
    if low > high:
        raise _bad(tree, "the ends of the interval are reversed", "write the smaller number first", "F301")
    z = float(ndtri(0.5 + level / 2))
    if low_tree.percent:
        if low <= 0 or high >= 1:
            raise _bad(tree, "a percentage interval must end inside 0 % and 100 %",
                       "use ends such as 1% and 99%, `uniform(0%, 100%)`, or plain numbers for growth", "F303")
        a, b = math.log(low / (1 - low)), math.log(high / (1 - high))
        return Distribution("logitnormal", ((a + b) / 2, (b - a) / (2 * z)), text)
    if low > 0:
        a, b = math.log(low), math.log(high)
        return Distribution("lognormal", ((a + b) / 2, (b - a) / (2 * z)), text)
    return Distribution("normal", ((low + high) / 2, (high - low) / (2 * z)), text)


def _read_choice(tree: Tree, text: str) -> Distribution:
    if not tree.items or any(item.op != "pair" for item in tree.items):
        raise _bad(tree, "`choice` takes values with their shares", "as in `choice(2 = 30%, 5 = 70%)`")
    pairs = sorted((_literal(pair.items[0]), _literal(pair.items[1])) for pair in tree.items)
    values, shares = [value for value, _ in pairs], [share for _, share in pairs]
    if min(shares) < 0 or abs(sum(shares) - 1) > 1e-9:
        raise _bad(tree, f"the shares of a choice must sum to 100 %, these sum to {100 * sum(shares):g} %")
    if len(set(values)) != len(values):
        raise _bad(tree, "a value stands twice in this choice", "add up its shares")
    kept = [(value, share) for value, share in pairs if share > 0]
    cumulative = np.cumsum([share for _, share in kept])
    return Distribution("choice", (*(value for value, _ in kept), *(float(c) for c in cumulative)), text)

"""Expressions with a meaning: functions over NumPy arrays that know what they read and what they yield."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from foederis.language.kinds import CONDITION, FLAG, INTEGER, NUMBER, UNKNOWN, Kind

# Facts and losses are put in where they are named. If each names the one before twice, sizes double with
# every fact, so what comes out has a limit.
MAX_SIZE = 20_000
MAX_DEPTH = 150
_LONGEST = 500
_EXACT = 2.0**53


@dataclass(frozen=True, slots=True)
class Environment:
    """What an expression reads: level codes (integer ranges: values) and drawn quantities, broadcastable.

    `types` names the type that each actor has: one profile of types at a time.
    """

    variables: Mapping[str, Any]
    quantities: Mapping[str, Any]
    step: Any = 0
    types: Mapping[str, str] = field(default_factory=dict)


Function = Callable[[Environment], Any]


@dataclass(frozen=True)
class Expression:
    """A compiled expression.

    `canonical` is the same for expressions of the same meaning in the same names (facts and losses are put
    in); `constant` is its value where it reads nothing. `size` and `depth` count the operations in it. `types`
    are the actors whose type it reads.
    """

    kind: Kind
    function: Function = field(repr=False, compare=False)
    canonical: str
    variables: frozenset[str] = frozenset()
    quantities: frozenset[str] = frozenset()
    reads_step: bool = False
    constant: float | None = None
    size: int = 1
    depth: int = 1
    types: frozenset[str] = frozenset()

    def __call__(self, environment: Environment) -> Any:
        with np.errstate(all="ignore"):
            return self.function(environment)


BROKEN = Expression(UNKNOWN, lambda _: 0, "?")  # in place of what has been reported already


def constant(value: float, kind: Kind = NUMBER) -> Expression:
    """An expression that is one number everywhere."""
    return Expression(kind, lambda _: value, repr(value), constant=float(value))


def quantity(name: str) -> Expression:
    """An expression that is one quantity."""
    return Expression(NUMBER, lambda e: e.quantities[name], f"<{name}>", quantities=frozenset((name,)))


def variable(name: str, kind: Kind) -> Expression:
    """An expression that is one state variable."""
    return Expression(kind, lambda e: e.variables[name], f"[{name}]", frozenset((name,)))


def type_of(kind: Kind) -> Expression:
    """An expression that is the type of an actor, as its place among the types of its kind."""
    actor, places = kind.actor, {word: place for place, word in enumerate(kind.levels)}
    return Expression(kind, lambda e: places[e.types[actor]], f"type:{actor}", types=frozenset((actor,)))


def join(
    items: Sequence[Expression], kind: Kind, function: Function, canonical: str, value: float | None = None
) -> Expression:
    """An expression made of others; it reads what they read."""
    if len(canonical) > _LONGEST:
        # Only sameness matters; a digest keeps a file of many long expressions small.
        canonical = "#" + hashlib.sha256(canonical.encode()).hexdigest()
    return Expression(
        kind,
        function,
        canonical,
        _union([item.variables for item in items]),
        _union([item.quantities for item in items]),
        any(item.reads_step for item in items),
        value,
        1 + sum(item.size for item in items),
        1 + max((item.depth for item in items), default=0),
        _union([item.types for item in items]),
    )


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    """The union, as one of the sets themselves where that holds all, so that many expressions share one."""
    largest = max(sets, key=len, default=frozenset[str]())
    return largest if all(part <= largest for part in sets) else largest.union(*sets)


def fold(items: Sequence[Expression], function: Function) -> float | None:
    """The value of a function of numbers that read nothing."""
    if any(item.constant is None for item in items):
        return None
    with np.errstate(all="ignore"):
        return float(function(Environment({}, {})))


def as_kind(item: Expression, kind: Kind, function: Function) -> Expression:
    """The same expression, yielding its values in another form."""
    return Expression(
        kind,
        function,
        item.canonical,
        item.variables,
        item.quantities,
        item.reads_step,
        item.constant,
        item.size,
        item.depth,
        item.types,
    )


def as_condition(item: Expression) -> Expression:
    if item.kind == CONDITION:
        return item
    inner = item.function
    return as_kind(item, CONDITION, lambda e: np.not_equal(inner(e), 0))


def as_flag(item: Expression) -> Expression:
    inner = item.function
    return as_kind(item, FLAG, lambda e: np.asarray(inner(e)).astype(np.int64))


def as_whole(item: Expression) -> Expression:
    """Whole numbers that were calculated in floating point, which does not wrap around, as integers."""
    inner = item.function
    return as_kind(item, INTEGER, lambda e: np.clip(inner(e), -_EXACT, _EXACT).astype(np.int64))


def total(parts: Sequence[Expression]) -> Expression:
    """The sum of numbers as one expression."""

    def function(environment: Environment) -> Any:
        return sum(part.function(environment) for part in parts)

    return join(parts, NUMBER, function, "(" + "+".join(part.canonical for part in parts) + ")", fold(parts, function))

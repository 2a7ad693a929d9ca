"""What an expression is worth in one state of one world.

States are tuples of whole numbers: the place of a level in its list, 0 or 1 for a flag, the number itself for a
range. Levels are looked up in the list of the variable on the other side, which is handed down as `levels`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field

from .expressions import Among, Binary, Call, Choice, Expression, Name, Number, Unary, parse

State = tuple[int, ...]
Levels = tuple[str, ...] | None

FLAGS = {"yes": True, "true": True, "no": False, "false": False}
ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
COMPARING: dict[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Variable:
    name: str
    kind: str
    levels: tuple[str, ...]
    low: int
    start: int

    @property
    def high(self) -> int:
        return self.low + len(self.levels) - 1

    def level(self, code: int) -> str:
        return self.levels[code - self.low]


@dataclass
class Scope:
    """Everything that a name may stand for, in one world."""

    variables: list[Variable]
    facts: dict[str, Expression]
    quantity: Callable[[str], float]
    losses: Callable[[str, State, int], float]
    places: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.places = {variable.name: place for place, variable in enumerate(self.variables)}

    def read(self, name: str, state: State, step: int, levels: Levels) -> float:
        if levels is not None and name in levels:
            return levels.index(name)
        if name in FLAGS:
            return FLAGS[name]
        if name == "step":
            return step
        if name in self.places:
            code = state[self.places[name]]
            return bool(code) if self.variables[self.places[name]].kind == "flag" else code
        if name in self.facts:
            return self.value(self.facts[name], state, step)
        return self.quantity(name)

    def levels_of(self, expression: Expression) -> Levels:
        """The list in which the levels on the other side are looked up, if this side has one."""
        match expression:
            case Name(name) if name in self.places:
                variable = self.variables[self.places[name]]
                return variable.levels if variable.kind == "levels" else None
            case Call("min" | "max", parts):
                return self.first_levels(*parts)
            case Choice(_, then, otherwise):
                return self.first_levels(then, otherwise)
        return None

    def first_levels(self, *parts: Expression) -> Levels:
        return next((levels for part in parts if (levels := self.levels_of(part)) is not None), None)

    def value(self, expression: Expression, state: State, step: int, levels: Levels = None) -> float:
        def of(part: Expression, among: Levels = levels) -> float:
            return self.value(part, state, step, among)

        match expression:
            case Number(value):
                return value
            case Name(name):
                return self.read(name, state, step, levels)
            case Unary("not", body):
                return not of(body, None)
            case Unary(sign, body):
                return -of(body, None) if sign == "-" else of(body, None)
            case Binary("and", left, right):
                return bool(of(left, None)) and bool(of(right, None))
            case Binary("or", left, right):
                return bool(of(left, None)) or bool(of(right, None))
            case Binary(sign, left, right) if sign in ARITHMETIC:
                return ARITHMETIC[sign](of(left, None), of(right, None))
            case Binary(sign, left, right):
                known = self.first_levels(left, right)
                return COMPARING[sign](of(left, known), of(right, known))
            case Among(body, members):
                known = self.first_levels(body, *members)
                return any(of(member, known) == of(body, known) for member in members)
            case Choice(condition, then, otherwise):
                known = levels or self.levels_of(expression)
                return of(then, known) if of(condition, None) else of(otherwise, known)
            case Call():
                return self.call(expression, state, step, levels)

    def call(self, expression: Call, state: State, step: int, levels: Levels) -> float:
        if expression.function == "losses":
            (holder,) = expression.arguments
            assert isinstance(holder, Name)
            return self.losses(holder.name, state, step)
        known = levels or self.levels_of(expression)
        numbers = [self.value(part, state, step, known) for part in expression.arguments]
        if expression.function == "abs":
            return abs(numbers[0])
        return {"min": min, "max": max}[expression.function](numbers)


class Formula:
    """One expression of the file; remembers its values, which within a world depend on state and step alone."""

    def __init__(self, text: str, scope: Scope, levels: Levels = None) -> None:
        self.expression = parse(text)
        self.scope = scope
        self.levels = levels
        self.known: dict[tuple[State, int], float] = {}

    def __call__(self, state: State, step: int) -> float:
        if (state, step) not in self.known:
            self.known[state, step] = self.scope.value(self.expression, state, step, self.levels)
        return self.known[state, step]

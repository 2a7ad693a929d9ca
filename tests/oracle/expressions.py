"""The oracle's own reading of expressions: a tokenizer and a recursive descent.

Grammar, loosest first: `a if c else b`, `or`, `and`, `not`, one comparison or `in a | b`, `+ -`, `* /`, sign,
atom. Shares nothing with the package.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?P<percent>\s*%)?"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<mark>==|!=|<=|>=|[-+*/<>()|,]))"
)
WORDS = {"and", "or", "not", "in", "if", "else"}
COMPARISONS = {"==", "!=", "<", "<=", ">", ">="}


@dataclass(frozen=True)
class Number:
    value: float


@dataclass(frozen=True)
class Name:
    name: str


@dataclass(frozen=True)
class Call:
    function: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True)
class Unary:
    sign: str
    body: Expression


@dataclass(frozen=True)
class Binary:
    sign: str
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Among:
    body: Expression
    members: tuple[Expression, ...]


@dataclass(frozen=True)
class Choice:
    condition: Expression
    then: Expression
    otherwise: Expression


Expression = Number | Name | Call | Unary | Binary | Among | Choice


def tokens(text: str) -> list[str | float]:
    """Marks and names as strings, numbers as floats (whole ones as ints), a percentage divided by 100."""
    found: list[str | float] = []
    position = 0
    while text[position:].strip():
        match = TOKEN.match(text, position)
        if match is None:
            raise ValueError(f"cannot read {text[position:]!r} in {text!r}")
        position = match.end()
        if match["number"]:
            found.append(number(match["number"], percent=bool(match["percent"])))
        else:
            found.append(match["name"] or match["mark"])
    return found


def number(digits: str, *, percent: bool) -> float:
    """Read as written: `010` is ten, `1_000` a thousand."""
    plain = digits.replace("_", "")
    value: float = int(plain) if plain.isdigit() else float(plain)
    return value / 100 if percent else value


class Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.rest = tokens(text)
        self.position = 0

    def next(self) -> str | float | None:
        return self.rest[self.position] if self.position < len(self.rest) else None

    def accept(self, *marks: str) -> str | None:
        token = self.next()
        if isinstance(token, str) and token in marks:
            self.position += 1
            return token
        return None

    def demand(self, mark: str) -> None:
        if self.accept(mark) is None:
            raise ValueError(f"expected {mark!r}, found {self.next()!r} in {self.text!r}")

    def whole(self) -> Expression:
        expression = self.conditional()
        if self.next() is not None:
            raise ValueError(f"{self.next()!r} left over in {self.text!r}")
        return expression

    def conditional(self) -> Expression:
        then = self.disjunction()
        if self.accept("if") is None:
            return then
        condition = self.disjunction()
        self.demand("else")
        return Choice(condition, then, self.conditional())

    def chain(self, below: Callable[[], Expression], *marks: str) -> Expression:
        left = below()
        while (mark := self.accept(*marks)) is not None:
            left = Binary(mark, left, below())
        return left

    def disjunction(self) -> Expression:
        return self.chain(self.conjunction, "or")

    def conjunction(self) -> Expression:
        return self.chain(self.negation, "and")

    def negation(self) -> Expression:
        if self.accept("not"):
            return Unary("not", self.negation())
        return self.comparison()

    def comparison(self) -> Expression:
        left = self.sum()
        if (mark := self.accept(*COMPARISONS)) is not None:
            return Binary(mark, left, self.sum())
        if self.accept("in") is None:
            return left
        members = [self.sum()]
        while self.accept("|"):
            members.append(self.sum())
        return Among(left, tuple(members))

    def sum(self) -> Expression:
        return self.chain(self.product, "+", "-")

    def product(self) -> Expression:
        return self.chain(self.signed, "*", "/")

    def signed(self) -> Expression:
        if (mark := self.accept("-", "+")) is not None:
            return Unary(mark, self.signed())
        return self.atom()

    def atom(self) -> Expression:
        token = self.next()
        self.position += 1
        if isinstance(token, int | float):
            return Number(token)
        if token == "(":
            inside = self.conditional()
            self.demand(")")
            return inside
        if token is None or token in WORDS or not (token[0].isalpha() or token[0] == "_"):
            raise ValueError(f"did not expect {token!r} in {self.text!r}")
        return Call(token, self.arguments()) if self.accept("(") else Name(token)

    def arguments(self) -> tuple[Expression, ...]:
        found = [self.conditional()]
        while self.accept(","):
            found.append(self.conditional())
        self.demand(")")
        return tuple(found)


def parse(text: str) -> Expression:
    return Parser(text).whole()

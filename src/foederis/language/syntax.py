"""The grammar of expressions: text to a small syntax tree that remembers character positions."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import lark

from foederis.language.parser import parser

MAX_LENGTH = 4_000  # characters of an expression
MAX_DEPTH = 60  # parentheses and operators inside each other

OPERATORS = frozenset({"and", "or", "not", "in", "if", "else", "to"})
FUNCTIONS = frozenset({"min", "max", "abs", "losses"})
FLAG_WORDS = {"yes": True, "true": True, "no": False, "false": False}
RESERVED = OPERATORS | FUNCTIONS | frozenset({"step", "type"}) | frozenset(FLAG_WORDS)
DISTRIBUTIONS = frozenset({"normal", "lognormal", "uniform", "triangular", "pert", "beta", "choice"})

_REMEMBERED = 200  # characters; longer expressions are rare and their trees large
QUOTE_IT = "close it; inside {…} a comma or `: ` ends the value, so put the whole expression in quotes"
_CURES = {
    "**": "write a product, as in `x * x`",
    "&": "write `and`",
    "||": "write `or`",
    "|": "`|` stands only between the levels after `in`; write `or`",
    "<>": "write `!=`",
    "=>": "write `>=`",
    "=<": "write `<=`",
    "==": "compare two things at a time and join with `and`",
    "=": "compare with `==`",
    "!": "write `not`",
    "≤": "write `<=`",
    "≥": "write `>=`",
    "≠": "write `!=`",
    "×": "write `*`",
    "·": "write `*`",
    "÷": "write `/`",
    "^": "write a product, as in `x * x`",
    "..": "a range of whole numbers stands only in `state`; an interval is written `2 to 8`",
    "<": "compare two things at a time and join with `and`",
    ">": "compare two things at a time and join with `and`",
    "–": "write an ordinary minus sign, or `to` between the ends of an interval",
    "—": "write an ordinary minus sign, or `to` between the ends of an interval",
    "−": "write an ordinary minus sign",
    ",": "write numbers without commas (2700 or 2_700), and expressions with commas in quotes",
    "{": "write names plainly, without braces",
    "[": "write `in a | b` for several levels",
    "?": "write `a if … else b`",
    ":": "write `a if … else b`",
    '"': "write levels and names without quotes",
    "'": "write levels and names without quotes",
    "%": "only a number can be a percentage",
    "to": "an interval stands alone, between two plain numbers; give it a name under `quantities`",
    "not": "write `not x in a | b`, or put what is negated in parentheses",
    "if": "write `a if … else b`",
    "$": "a unit stands under `unit`",
    "€": "a unit stands under `unit`",
    "£": "a unit stands under `unit`",
}


class SyntaxProblem(Exception):
    """Text that is not an expression: what is wrong, where (character offsets) and what to do."""

    def __init__(self, message: str, start: int, end: int, cure: str = "", code: str = "F203"):
        super().__init__(message)
        self.message, self.start, self.end, self.cure, self.code = message, start, end, cure, code


@dataclass(frozen=True, slots=True)
class Tree:
    """One node: `op` names it, `text` holds a word or operator signs, `items` the operands.

    op is one of: number, name, attribute, call, pair, sign, sum, product, compare, member, not, and, or,
    conditional, interval. For sum and product, `text` has one operator character per item ("+" or "*" first).
    """

    op: str
    items: tuple[Tree, ...] = ()
    text: str = ""
    value: float = 0.0
    percent: bool = False
    start: int = 0
    end: int = 0


def parse(text: str) -> Tree:
    """The syntax tree of an expression, an interval or a distribution.

    Raises:
        SyntaxProblem: with offsets into `text` and a cure.
    """
    return _remember(text) if len(text) <= _REMEMBERED else _parse(text)


def _parse(text: str) -> Tree:
    if len(text) > MAX_LENGTH:
        message = f"this expression is longer than {MAX_LENGTH} characters"
        raise SyntaxProblem(message, 0, len(text), "divide it with facts or quantities")
    _check_parentheses(text)
    try:
        return _convert(parser().parse(text).children[0], 0)
    except lark.UnexpectedCharacters as error:
        at = error.pos_in_stream or 0
        raise SyntaxProblem(f"`{text[at]}` has no meaning here", at, at + 1, _cure(text, at)) from None
    except lark.UnexpectedToken as error:
        raise _unexpected(text, error.token) from None


_remember = functools.lru_cache(maxsize=4_096)(_parse)


def _check_parentheses(text: str) -> None:
    opened: list[int] = []
    for at, character in enumerate(text):
        if character == "(":
            opened.append(at)
            if len(opened) > MAX_DEPTH:
                raise SyntaxProblem("too many parentheses inside each other", at, at + 1, "divide it with facts")
        elif character == ")":
            if not opened:
                message = "a parenthesis is closed that was never opened"
                raise SyntaxProblem(message, at, at + 1, QUOTE_IT, "F204")
            opened.pop()
    if opened:
        raise SyntaxProblem("a parenthesis is not closed", opened[-1], opened[-1] + 1, QUOTE_IT, "F204")


def _unexpected(text: str, token: lark.Token) -> SyntaxProblem:
    if token.type == "$END":
        end = max(len(text.rstrip()), 1)
        if not text.strip():
            return SyntaxProblem("an expression is missing", 0, end, "write a number or a condition")
        cure = "write `a if … else b`" if " if " in text and " else " not in text else "say what follows, or remove it"
        return SyntaxProblem("the expression ends too early", end - 1, end, cure)
    start = token.start_pos if token.start_pos is not None else 0
    return SyntaxProblem(f"`{token}` is not expected here", start, start + len(token), _cure(text, start))


def _cure(text: str, at: int) -> str:
    """What to write in place of what stands at this offset."""
    rest, before = text[at:], text[:at].rstrip()
    word = rest.split(maxsplit=1)[0] if rest.strip() else ""
    for sign, cure in _CURES.items():
        if word == sign or (not sign.isalpha() and (rest.startswith(sign) or text[max(0, at - 1) : at + 1] == sign)):
            return cure
    if before and (before[-1].isdigit() or before[-1] == "%") and (rest[0].isalpha() or rest[0] == "_"):
        return "a product is written with `*`; a unit stands under `unit`"
    if before and before[-1].isdigit() and rest[0].isdigit():
        return "write numbers without spaces (2700 or 2_700)"
    if before.endswith("to"):
        return "the ends of an interval are plain numbers; for others write an expression of quantities"
    if rest[0].isalpha() and not rest[0].isascii():
        return "names are written with the letters a-z, digits and _"
    return "see `foederis explain F203` for what an expression may contain"


_NAMES = {"negated": "not", "disjunction": "or", "conjunction": "and", "comparison": "compare", "call": "call"}


def _convert(node: lark.Tree[lark.Token] | lark.Token, depth: int) -> Tree:
    if isinstance(node, lark.Token):
        return Tree("name", text=str(node), start=node.start_pos or 0, end=node.end_pos or 0)
    start, end = getattr(node.meta, "start_pos", 0), getattr(node.meta, "end_pos", 0)
    if depth > MAX_DEPTH:
        raise SyntaxProblem("this expression is nested too deeply", start, end, "divide it with facts or quantities")
    kind, parts = str(node.data), node.children
    if kind == "literal":
        return _convert(parts[0], depth)
    if kind in ("number", "signed"):
        words = [str(part) for part in parts]
        negative, percent = words[0] == "-", words[-1] == "%"
        value = float(words[-2 if percent else -1].replace("_", "")) / (100 if percent else 1)
        return Tree("number", value=-value if negative else value, percent=percent, start=start, end=end)
    if kind in ("name", "attribute"):
        return Tree(kind, text=".".join(str(part) for part in parts), start=start, end=end)
    text, operands = "", parts
    if kind in ("call", "sign"):
        text, operands = str(parts[0]), parts[1:]
    elif kind == "comparison":
        text, operands = str(parts[1]), parts[::2]
    elif kind in ("sum", "product"):
        text = ("+" if kind == "sum" else "*") + "".join(str(part) for part in parts[1::2])
        operands = parts[::2]
    items = tuple(_convert(part, depth + 1) for part in operands)
    return Tree(_NAMES.get(kind, kind), items, text, start=start, end=end)


def interval_of(tree: Tree) -> tuple[Tree, Tree, Tree | None]:
    """The ends and the level of an `a to b @ p` node."""
    low, high, *level = tree.items
    return low, high, level[0] if level else None

"""The grammar of expressions: text to a small syntax tree that remembers character positions."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib import resources

import lark

MAX_LENGTH = 4_000
MAX_TOKENS = 400
MAX_DEPTH = 60

OPERATORS = frozenset({"and", "or", "not", "in", "if", "else", "to"})
FUNCTIONS = frozenset({"min", "max", "abs", "losses"})
FLAG_WORDS = {"yes": True, "true": True, "no": False, "false": False}
RESERVED = OPERATORS | FUNCTIONS | frozenset({"step", "type"}) | frozenset(FLAG_WORDS)
DISTRIBUTIONS = frozenset({"normal", "lognormal", "uniform", "triangular", "pert", "beta", "choice"})


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


@functools.cache
def _parser() -> lark.Lark:
    grammar = resources.files("foederis.language").joinpath("grammar.lark").read_text(encoding="utf-8")
    return lark.Lark(grammar, parser="lalr", propagate_positions=True, maybe_placeholders=False)


@functools.lru_cache(maxsize=65_536)
def parse(text: str) -> Tree:
    """The syntax tree of an expression, an interval or a distribution.

    Raises:
        SyntaxProblem: with offsets into `text` and a cure.
    """
    if len(text) > MAX_LENGTH:
        raise SyntaxProblem(f"an expression longer than {MAX_LENGTH} characters", 0, len(text), "use facts")
    _check_parentheses(text)
    try:
        tokens = list(_parser().lex(text))
        if len(tokens) > MAX_TOKENS:
            raise SyntaxProblem("this expression is too long", 0, len(text), "divide it with facts or quantities")
        return _convert(_parser().parse(text).children[0], 0)
    except lark.UnexpectedCharacters as error:
        at = error.pos_in_stream
        raise SyntaxProblem(f"`{text[at]}` has no meaning here", at, at + 1, _cure(text, at)) from None
    except lark.UnexpectedToken as error:
        raise _unexpected(text, error) from None


def _check_parentheses(text: str) -> None:
    depth = 0
    for at, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth > MAX_DEPTH:
            raise SyntaxProblem("too many parentheses inside each other", at, at + 1, "divide it with facts")
        if depth < 0:
            raise _unbalanced("a parenthesis is closed that was never opened", at, at + 1)
    if depth:
        raise _unbalanced("a parenthesis is not closed", 0, len(text))


def _unbalanced(message: str, start: int, end: int) -> SyntaxProblem:
    cure = "inside {…} a comma or `: ` ends the value: put the whole expression in quotes"
    return SyntaxProblem(message, start, end, cure, "F204")


def _unexpected(text: str, error: lark.UnexpectedToken) -> SyntaxProblem:
    token = error.token
    if token.type == "$END":
        return SyntaxProblem("the expression ends too early", len(text) - 1, len(text), "complete it")
    start = token.start_pos if token.start_pos is not None else 0
    end = start + len(token)
    return SyntaxProblem(f"`{token}` is not expected here", start, end, _cure(text, start))


def _cure(text: str, at: int) -> str:
    rest = text[at:]
    pairs = {"&&": "and", "||": "or", "!=": "!=", "**": "a product", "<>": "!="}
    for sign, word in pairs.items():
        if rest.startswith(sign) or text[max(0, at - 1) : at + 1] == sign:
            return f"write `{word}`"
    if rest.startswith("="):
        return "compare with `==`"
    if rest.startswith("!"):
        return "write `not`"
    if rest.startswith(".."):
        return "a range of whole numbers stands only in `state`; an interval is written `2 to 8`"
    if rest[0] in "<>=":
        return "compare two things at a time and join with `and`"
    if rest[0] in "–—−":
        return "write an ordinary minus sign, or `to` between the ends of an interval"
    if rest[0] == ",":
        return "write numbers without thousands commas (2700 or 2_700)"
    if rest[0] == "{":
        return "write names plainly, without braces"
    return "see `foederis explain F203` for what an expression may contain"


def _convert(node: lark.Tree | lark.Token, depth: int) -> Tree:
    if isinstance(node, lark.Token):
        return Tree("name", text=str(node), start=node.start_pos or 0, end=node.end_pos or 0)
    if depth > MAX_DEPTH:
        raise SyntaxProblem("this expression is nested too deeply", node.meta.start_pos, node.meta.end_pos)
    start, end = getattr(node.meta, "start_pos", 0), getattr(node.meta, "end_pos", 0)
    kind, parts = str(node.data), node.children
    if kind in ("number", "signed"):
        words = [str(part) for part in parts]
        negative, percent = words[0] == "-", words[-1] == "%"
        value = float(words[-2 if percent else -1].replace("_", "")) / (100 if percent else 1)
        return Tree("number", value=-value if negative else value, percent=percent, start=start, end=end)
    if kind in ("name", "attribute"):
        return Tree(kind, text=".".join(str(part) for part in parts), start=start, end=end)
    if kind == "word":
        return Tree("name", text=str(parts[0]), start=start, end=end)
    if kind == "call":
        items = tuple(_convert(part, depth + 1) for part in parts[1:])
        return Tree("call", items, str(parts[0]), start=start, end=end)
    if kind in ("sum", "product"):
        signs = ("+" if kind == "sum" else "*") + "".join(str(part) for part in parts[1::2])
        return Tree(kind, tuple(_convert(part, depth + 1) for part in parts[::2]), signs, start=start, end=end)
    if kind == "comparison":
        items = (_convert(parts[0], depth + 1), _convert(parts[2], depth + 1))
        return Tree("compare", items, str(parts[1]), start=start, end=end)
    if kind == "sign":
        return Tree("sign", (_convert(parts[1], depth + 1),), str(parts[0]), start=start, end=end)
    names = {"negated": "not", "disjunction": "or", "conjunction": "and"}
    items = tuple(_convert(part, depth + 1) for part in parts)
    return Tree(names.get(kind, kind), items, start=start, end=end)


def interval_of(tree: Tree) -> tuple[Tree, Tree, Tree | None]:
    """The ends and the level of an `a to b @ p` node."""
    low, high, *level = tree.items
    return low, high, level[0] if level else None

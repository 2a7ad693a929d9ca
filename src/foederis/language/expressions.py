"""Expressions with a meaning: names looked up, kinds checked, compiled to functions over NumPy arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from foederis.diagnostics import Report, Span, nearest
from foederis.language.source import Scalar
from foederis.language.syntax import DISTRIBUTIONS, FLAG_WORDS, FUNCTIONS, OPERATORS, SyntaxProblem, Tree, parse


@dataclass(frozen=True, slots=True)
class Kind:
    """What an expression yields; `levels` are the words of a level or flag."""

    name: str
    levels: tuple[str, ...] = ()


NUMBER = Kind("number")
INTEGER = Kind("integer")
CONDITION = Kind("condition")
FLAG = Kind("flag", ("no", "yes"))
UNKNOWN = Kind("unknown")
_WORDS = {"number": "a number", "integer": "a whole number", "condition": "a condition", "flag": "a yes/no fact"}


def say(kind: Kind) -> str:
    """The kind in words an author uses."""
    return _WORDS.get(kind.name, "one of the levels " + ", ".join(kind.levels))


@dataclass(frozen=True, slots=True)
class Environment:
    """What an expression reads: level codes (integer ranges: values) and drawn quantities, broadcastable."""

    variables: Mapping[str, Any]
    quantities: Mapping[str, Any]
    step: Any = 0


Function = Callable[[Environment], Any]


@dataclass(frozen=True)
class Expression:
    """A compiled expression.

    `canonical` is the same for expressions of the same meaning in the same names (facts and losses are put
    in); `constant` is its value where it reads nothing.
    """

    kind: Kind
    function: Function = field(repr=False, compare=False)
    canonical: str
    variables: frozenset[str] = frozenset()
    quantities: frozenset[str] = frozenset()
    reads_step: bool = False
    constant: float | None = None

    def __call__(self, environment: Environment) -> Any:
        with np.errstate(all="ignore"):
            return self.function(environment)


def constant(value: float, kind: Kind = NUMBER) -> Expression:
    """An expression that is one number everywhere."""
    return Expression(kind, lambda _: value, repr(value), constant=float(value))


@dataclass
class Scope:
    """The names an expression may use. What is None may not be read here, and `place` says where `here` is."""

    variables: Mapping[str, Kind]
    facts: Mapping[str, Expression | None]
    quantities: Iterable[str]
    actors: Iterable[str] = ()
    losses: Callable[[str], Expression | None] | None = None
    place: str = ""
    state: bool = True
    drawn: bool = True

    def everything(self) -> set[str]:
        names = set(self.facts) | {"step"} if self.state else set()
        names |= set(self.variables) if self.state else set()
        return names | (set(self.quantities) if self.drawn else set())


def compile_scalar(scalar: Scalar, scope: Scope, report: Report, wanted: Kind | None = None) -> Expression | None:
    """The meaning of a scalar as one expression, or None after reporting what is wrong with it."""
    text = scalar.text
    try:
        tree = parse(text)
    except SyntaxProblem as problem:
        report.add(problem.code, problem.message, scalar.part(problem.start, problem.end), problem.cure)
        return None
    return compile_tree(tree, scalar, scope, report, wanted)


def compile_tree(
    tree: Tree, scalar: Scalar, scope: Scope, report: Report, wanted: Kind | None = None
) -> Expression | None:
    """As compile_scalar, from a parsed tree; `wanted` is the kind the place demands."""
    compiler = _Compiler(scalar, scope, report)
    result = compiler.expression(tree, wanted if wanted and wanted.levels else None)
    if compiler.failed or result.kind == UNKNOWN:
        return None
    return compiler.demand(result, wanted, tree)


class _Compiler:
    def __init__(self, scalar: Scalar, scope: Scope, report: Report):
        self.scalar, self.scope, self.report = scalar, scope, report
        self.failed = False

    def fail(self, code: str, message: str, tree: Tree, cure: str = "") -> Expression:
        self.failed = True
        self.report.add(code, message, self.span(tree), cure)
        return Expression(UNKNOWN, lambda _: 0, "?")

    def span(self, tree: Tree) -> Span:
        return self.scalar.part(tree.start, tree.end)

    def demand(self, result: Expression, wanted: Kind | None, tree: Tree) -> Expression | None:
        """The result as the wanted kind, or a report that it is something else."""
        kind = result.kind
        if wanted is None or kind == wanted:
            return result
        if wanted == NUMBER and kind == INTEGER:
            return result
        if wanted == CONDITION and kind == FLAG:
            return _as_condition(result)
        if wanted == FLAG and kind == CONDITION:
            function = result.function
            return _like(result, FLAG, lambda e: np.asarray(function(e)).astype(np.int64))
        cure = ""
        if wanted == NUMBER and kind in (CONDITION, FLAG):
            cure = "write `1 if … else 0`, or use `when`"
        elif wanted == INTEGER:
            cure = "only +, -, *, min, max and abs of whole numbers can be set"
        elif wanted == CONDITION and kind.levels:
            cure = f"compare it, as in `{tree.text or 'x'} == {kind.levels[-1]}`"
        elif wanted == CONDITION:
            cure = "compare it, as in `x > 0`"
        self.fail("F205", f"{say(wanted)} is needed here, but this is {say(kind)}", tree, cure)
        return None

    def expression(self, tree: Tree, levels: Kind | None = None) -> Expression:
        """Compiles a node; bare words are looked up among `levels` first where these are given."""
        method = getattr(self, "_" + tree.op)
        return method(tree, levels)

    # Words

    def _number(self, tree: Tree, levels: Kind | None) -> Expression:
        whole = not tree.percent and tree.value.is_integer() and abs(tree.value) < 2**53
        if whole:
            return constant(int(tree.value), INTEGER)
        return constant(tree.value)

    def _name(self, tree: Tree, levels: Kind | None, variables_first: bool = False) -> Expression:
        word, scope = tree.text, self.scope
        is_level = levels is not None and (word in levels.levels or (levels == FLAG and word in FLAG_WORDS))
        known = word in scope.everything()
        if is_level and not (variables_first and known):
            assert levels is not None
            code = int(FLAG_WORDS[word]) if levels == FLAG else levels.levels.index(word)
            return Expression(levels, lambda _: code, f"{code}", constant=float(code))
        if word in FLAG_WORDS:
            return self.fail("F209", f"`{word}` is for yes/no facts only", tree, "compare it with a flag")
        if word == "step" and scope.state:
            return Expression(INTEGER, lambda e: e.step, "step", reads_step=True)
        if word in scope.variables and scope.state:
            kind = scope.variables[word]
            return Expression(kind, lambda e: e.variables[word], f"[{word}]", frozenset({word}))
        if word in scope.facts and scope.state:
            return self._fact(tree)
        if word in scope.quantities and scope.drawn:
            return Expression(NUMBER, lambda e: e.quantities[word], f"<{word}>", quantities=frozenset({word}))
        return self._unknown_word(tree, levels)

    def _fact(self, tree: Tree) -> Expression:
        fact = self.scope.facts[tree.text]
        if fact is None:
            self.failed = True
            return Expression(UNKNOWN, lambda _: 0, "?")
        if fact.quantities and not self.scope.drawn:
            names = ", ".join(f"`{name}`" for name in sorted(fact.quantities))
            return self.fail("F206", f"the fact `{tree.text}` reads {names}, which {self.scope.place} may not", tree,
                             "the states that can be reached must be the same in every draw")
        return fact

    def _unknown_word(self, tree: Tree, levels: Kind | None) -> Expression:
        word, scope = tree.text, self.scope
        if word in scope.variables or word in scope.facts or word == "step":
            return self.fail("F206", f"{scope.place} may not read the state (`{word}`)", tree,
                             "only numbers and other quantities")
        if word in scope.quantities:
            return self.fail("F206", f"{scope.place} may not read the quantity `{word}`", tree,
                             "the states that can be reached must be the same in every draw: use state and facts")
        if levels is not None:
            message = f"`{word}` is not a level here"
            return self.fail("F103", message, tree, nearest(word, levels.levels))
        owners = [name for name, kind in scope.variables.items() if word in kind.levels]
        if owners:
            return self.fail("F102", f"`{word}` is a level, and needs its variable beside it", tree,
                             f"write `{owners[0]} == {word}`")
        if word in DISTRIBUTIONS:
            return self.fail("F203", f"`{word}` is a distribution and needs numbers in parentheses", tree)
        return self.fail("F102", f"nothing is called `{word}`", tree, nearest(word, scope.everything()))

    def _attribute(self, tree: Tree, levels: Kind | None) -> Expression:
        if tree.text.endswith(".type"):
            return self.fail("F210", "private types are not supported yet", tree, "remove what reads a type")
        return self.fail("F102", f"nothing is called `{tree.text}`", tree, "only `actor.type` has a dot")

    # Numbers

    def numeric(self, tree: Tree, levels: Kind | None = None) -> Expression:
        result = self.expression(tree, levels)
        if result.kind in (NUMBER, INTEGER, UNKNOWN):
            return result
        cure = f"compare it, or write `1 if {tree.text or '…'} … else 0`"
        return self.fail("F205", f"one cannot calculate with {say(result.kind)}", tree, cure)

    def _sign(self, tree: Tree, levels: Kind | None) -> Expression:
        item = self.numeric(tree.items[0])
        if tree.text == "+":
            return item
        function = item.function
        value = None if item.constant is None else -item.constant
        return _join([item], item.kind, lambda e: -_plain(function(e)), f"(-{item.canonical})", value)

    def _sum(self, tree: Tree, levels: Kind | None) -> Expression:
        return self._chain(tree, {"+": np.add, "-": np.subtract})

    def _product(self, tree: Tree, levels: Kind | None) -> Expression:
        return self._chain(tree, {"*": np.multiply, "/": np.divide})

    def _chain(self, tree: Tree, functions: dict[str, Callable[..., Any]]) -> Expression:
        items = [self.numeric(item) for item in tree.items]
        steps = list(zip([functions[sign] for sign in tree.text], items, strict=True))
        kind = INTEGER if all(item.kind == INTEGER for item in items) and "/" not in tree.text else NUMBER

        def function(environment: Environment) -> Any:
            total = items[0].function(environment)
            for apply, item in steps[1:]:
                total = apply(total, item.function(environment))
            return total

        canonical = "(" + "".join(s + i.canonical for s, i in zip(tree.text, items, strict=True)) + ")"
        return _join(items, kind, function, canonical, _fold(items, function))

    def _call(self, tree: Tree, levels: Kind | None) -> Expression:
        if tree.text == "losses":
            return self._losses(tree)
        if tree.text in DISTRIBUTIONS:
            return self.fail("F203", f"`{tree.text}(…)` cannot stand inside an expression", tree,
                             "give it a name under `quantities`")
        if tree.text not in FUNCTIONS:
            known = (FUNCTIONS | DISTRIBUTIONS) - {"losses"}
            return self.fail("F102", f"there is no function `{tree.text}`", tree, nearest(tree.text, known))
        if not tree.items or (tree.text == "abs" and len(tree.items) != 1):
            return self.fail("F203", f"`{tree.text}` needs {'one number' if tree.text == 'abs' else 'arguments'}", tree)
        if any(item.op == "pair" for item in tree.items):
            return self.fail("F203", f"`{tree.text}` takes no `=`", tree)
        if tree.text == "abs":
            item = self.numeric(tree.items[0])
            inner = item.function
            canonical = f"abs({item.canonical})"
            return _join([item], item.kind, lambda e: np.abs(inner(e)), canonical, _fold([item], lambda e: abs(inner(e))))
        return self._extreme(tree, levels)

    def _extreme(self, tree: Tree, levels: Kind | None) -> Expression:
        hint = self.hint(tree) or levels
        items = [self._side(item, hint, True) for item in tree.items]
        if any(item.kind == UNKNOWN for item in items):
            return Expression(UNKNOWN, lambda _: 0, "?")
        if hint is None:
            for item, part in zip(items, tree.items, strict=True):
                if item.kind not in (NUMBER, INTEGER):
                    return self.fail("F205", f"one cannot calculate with {say(item.kind)}", part)
            kind = INTEGER if all(item.kind == INTEGER for item in items) else NUMBER
        else:
            kind = hint
            for item, part in zip(items, tree.items, strict=True):
                if item.kind != hint:
                    return self.fail("F207", f"`{tree.text}` needs equal levels everywhere", part, _levels_cure(hint))
        apply = np.minimum if tree.text == "min" else np.maximum

        def function(environment: Environment) -> Any:
            best = items[0].function(environment)
            for item in items[1:]:
                best = apply(best, item.function(environment))
            return best

        canonical = f"{tree.text}({','.join(item.canonical for item in items)})"
        return _join(items, kind, function, canonical, _fold(items, function))

    def _losses(self, tree: Tree) -> Expression:
        if len(tree.items) != 1 or tree.items[0].op != "name":
            return self.fail("F203", "`losses` takes the name of one actor", tree, "write `losses(actor)`")
        actor = tree.items[0]
        if self.scope.losses is None:
            return self.fail("F206", f"{self.scope.place} may not read losses", tree, "use the state and facts")
        if actor.text not in self.scope.actors:
            return self.fail("F105", f"there is no actor or holder `{actor.text}`", actor,
                             nearest(actor.text, self.scope.actors))
        result = self.scope.losses(actor.text)
        if result is None:
            self.failed = True
            return Expression(UNKNOWN, lambda _: 0, "?")
        return result

    # Conditions

    def hint(self, tree: Tree) -> Kind | None:
        """The levels that words beside this node are looked up in: those of a variable inside it."""
        if tree.op == "name":
            kind = self.scope.variables.get(tree.text)
            return kind if kind is not None and kind.levels else None
        if tree.op == "call" and tree.text in ("min", "max"):
            parts = tree.items
        elif tree.op == "conditional":
            parts = (tree.items[0], tree.items[2])
        else:
            return None
        return next((kind for part in parts if (kind := self.hint(part)) is not None), None)

    def _side(self, tree: Tree, levels: Kind | None, variables_first: bool) -> Expression:
        if tree.op == "name":
            return self._name(tree, levels, variables_first)
        return self.expression(tree, levels)

    def _compare(self, tree: Tree, levels: Kind | None) -> Expression:
        left, right = tree.items
        left_hint, right_hint = self.hint(left), self.hint(right)
        hint = left_hint or right_hint
        if hint is None and any(side.op == "name" and side.text in FLAG_WORDS for side in tree.items):
            hint = FLAG
        a = self._side(left, hint, left_hint is not None)
        b = self._side(right, hint, left_hint is None and right_hint is not None)
        if UNKNOWN in (a.kind, b.kind):
            return Expression(UNKNOWN, lambda _: 0, "?")
        problem = _incomparable(a.kind, b.kind)
        if problem:
            return self.fail("F207", problem, tree, _levels_cure(hint) if hint else "")
        apply = _COMPARISONS[tree.text]
        left_function, right_function = a.function, b.function
        canonical = f"({a.canonical}{tree.text}{b.canonical})"
        return _join([a, b], CONDITION, lambda e: apply(left_function(e), right_function(e)), canonical)

    def _member(self, tree: Tree, levels: Kind | None) -> Expression:
        subject = self.expression(tree.items[0])
        if subject.kind == UNKNOWN:
            return subject
        codes: list[float] = []
        for word in tree.items[1:]:
            if subject.kind.levels:
                item = self._name(word, subject.kind)
                codes.append(item.constant if item.constant is not None else -1)
            elif word.text[0].isdigit() or word.text[0] == ".":
                codes.append(float(word.text.replace("_", "")))
            else:
                return self.fail("F207", f"`{word.text}` is not a number", word, "`in` takes levels or numbers")
        inner = subject.function
        canonical = f"({subject.canonical} in {sorted(codes)})"
        return _join([subject], CONDITION, lambda e: np.isin(inner(e), codes), canonical)

    def condition(self, tree: Tree) -> Expression:
        result = self.expression(tree)
        if result.kind == UNKNOWN:
            return result
        return self.demand(result, CONDITION, tree) or Expression(UNKNOWN, lambda _: 0, "?")

    def _not(self, tree: Tree, levels: Kind | None) -> Expression:
        item = self.condition(tree.items[0])
        inner = item.function
        return _join([item], CONDITION, lambda e: np.logical_not(inner(e)), f"(not {item.canonical})")

    def _and(self, tree: Tree, levels: Kind | None) -> Expression:
        return self._logic(tree, np.logical_and)

    def _or(self, tree: Tree, levels: Kind | None) -> Expression:
        return self._logic(tree, np.logical_or)

    def _logic(self, tree: Tree, apply: Callable[..., Any]) -> Expression:
        items = [self.condition(item) for item in tree.items]

        def function(environment: Environment) -> Any:
            result = items[0].function(environment)
            for item in items[1:]:
                result = apply(result, item.function(environment))
            return result

        canonical = "(" + f" {tree.op} ".join(item.canonical for item in items) + ")"
        return _join(items, CONDITION, function, canonical)

    def _conditional(self, tree: Tree, levels: Kind | None) -> Expression:
        hint = levels or self.hint(tree)
        yes = self._side(tree.items[0], hint, levels is None)
        test = self.condition(tree.items[1])
        no = self._side(tree.items[2], hint, levels is None)
        if UNKNOWN in (yes.kind, test.kind, no.kind):
            return Expression(UNKNOWN, lambda _: 0, "?")
        kind = yes.kind
        if yes.kind != no.kind:
            if {yes.kind, no.kind} == {NUMBER, INTEGER}:
                kind = NUMBER
            elif {yes.kind, no.kind} == {FLAG, CONDITION}:
                yes, no, kind = _as_condition(yes), _as_condition(no), CONDITION
            else:
                message = f"one side is {say(yes.kind)}, the other {say(no.kind)}"
                return self.fail("F207", message, tree, "both sides of `if … else` must be of one kind")
        a, c, b = yes.function, test.function, no.function
        canonical = f"({yes.canonical} if {test.canonical} else {no.canonical})"
        return _join([yes, test, no], kind, lambda e: np.where(c(e), a(e), b(e)), canonical)

    def _interval(self, tree: Tree, levels: Kind | None) -> Expression:
        return self.fail("F203", "an interval cannot stand here", tree, "give it a name under `quantities`")

    def _pair(self, tree: Tree, levels: Kind | None) -> Expression:
        return self.fail("F203", "`=` stands only inside `choice(…)`", tree, "compare with `==`")


_COMPARISONS: dict[str, Callable[..., Any]] = {
    "==": np.equal, "!=": np.not_equal, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}


def _incomparable(a: Kind, b: Kind) -> str:
    numbers, truths = {NUMBER, INTEGER}, {FLAG, CONDITION}
    if (a in numbers and b in numbers) or (a in truths and b in truths) or a == b:
        return ""
    return f"{say(a)} cannot be compared with {say(b)}"


def _levels_cure(kind: Kind) -> str:
    return "its levels are " + ", ".join(f"`{level}`" for level in kind.levels)


def _plain(value: Any) -> Any:
    return value.astype(np.int64) if isinstance(value, np.ndarray) and value.dtype.kind in "bu" else value


def _as_condition(item: Expression) -> Expression:
    if item.kind == CONDITION:
        return item
    inner = item.function
    return _like(item, CONDITION, lambda e: np.not_equal(inner(e), 0))


def _like(item: Expression, kind: Kind, function: Function) -> Expression:
    return Expression(
        kind, function, item.canonical, item.variables, item.quantities, item.reads_step, item.constant
    )


def _join(
    items: list[Expression], kind: Kind, function: Function, canonical: str, value: float | None = None
) -> Expression:
    variables = frozenset[str]().union(*(item.variables for item in items))
    quantities = frozenset[str]().union(*(item.quantities for item in items))
    return Expression(kind, function, canonical, variables, quantities, any(i.reads_step for i in items), value)


def _fold(items: list[Expression], function: Function) -> float | None:
    if any(item.constant is None for item in items):
        return None
    with np.errstate(all="ignore"):
        return float(function(Environment({}, {})))

"""Trees to expressions: kinds checked, compiled to functions over NumPy arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from foederis.diagnostics import Report
from foederis.language.arithmetic import Arithmetic
from foederis.language.expressions import (
    BROKEN,
    MAX_DEPTH,
    MAX_SIZE,
    Environment,
    Expression,
    as_condition,
    as_flag,
    as_whole,
    join,
)
from foederis.language.kinds import (
    CONDITION,
    FLAG,
    INTEGER,
    NUMBER,
    NUMBERS,
    TRUTHS,
    UNKNOWN,
    Kind,
    incomparable,
    levels_cure,
    say,
)
from foederis.language.scope import Scope
from foederis.language.source import Scalar
from foederis.language.syntax import FLAG_WORDS, SyntaxProblem, Tree, parse


def compile_scalar(scalar: Scalar, scope: Scope, report: Report, wanted: Kind | None = None) -> Expression | None:
    """The meaning of a scalar as one expression, or None after reporting what is wrong with it."""
    try:
        tree = parse(scalar.text)
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
    if result.kind == UNKNOWN or compiler.failed:
        return None
    return compiler.demand(result, wanted, tree)


class _Compiler(Arithmetic):
    """One method for each `op` of a tree."""

    def expression(self, tree: Tree, levels: Kind | None = None) -> Expression:
        result: Expression = getattr(self, "_" + tree.op)(tree, levels)
        if result.size > MAX_SIZE or result.depth > MAX_DEPTH:
            message = "this becomes too large once its facts and losses are put in"
            cure = "facts that name other facts several times multiply: name each once, or use a state variable"
            return self.fail("F211", message, tree, cure)
        return result

    def demand(self, result: Expression, wanted: Kind | None, tree: Tree) -> Expression | None:
        """The result as the wanted kind, or a report that it is something else."""
        kind = result.kind
        if wanted is None or kind == wanted:
            return as_whole(result) if wanted == INTEGER and result.constant is None else result
        if wanted == NUMBER and kind == INTEGER:
            return result
        if wanted == CONDITION and kind == FLAG:
            return as_condition(result)
        if wanted == FLAG and kind == CONDITION:
            return as_flag(result)
        cure = "a number stands here: check that nothing else was meant"
        if wanted == NUMBER and kind in TRUTHS:
            cure = "write `1 if … else 0`, or use `when`"
        elif wanted == NUMBER:
            cure = f"write `1 if {self.written(tree)} == {kind.levels[-1]} else 0`, or use `when`"
        elif wanted == INTEGER:
            cure = "only whole numbers, joined by +, -, *, min, max and abs, can be set"
        elif wanted == CONDITION and kind.levels:
            cure = f"compare it, as in `{self.written(tree)} == {kind.levels[-1]}`"
        elif wanted == CONDITION:
            cure = f"compare it, as in `{self.written(tree)} > 0`"
        elif wanted is not None and wanted.levels:
            cure = levels_cure(wanted)
        self.fail("F205", f"{say(wanted or kind)} is needed here, but this is {say(kind)}", tree, cure)
        return None

    def _name(self, tree: Tree, levels: Kind | None) -> Expression:
        return self.name(tree, levels)

    def _attribute(self, tree: Tree, levels: Kind | None) -> Expression:
        if tree.text.endswith(".type"):
            return self.type_of(tree.text.removesuffix(".type"), tree)
        return self.fail("F102", f"nothing is called `{tree.text}`", tree, "only `actor.type` has a dot")

    def _interval(self, tree: Tree, levels: Kind | None) -> Expression:
        return self.fail("F203", "an interval cannot stand here", tree, "give it a name under `quantities`")

    def _pair(self, tree: Tree, levels: Kind | None) -> Expression:
        return self.fail("F203", "`=` stands only inside `choice(…)`", tree, "compare with `==`")

    # Conditions

    def _compare(self, tree: Tree, levels: Kind | None) -> Expression:
        left, right = tree.items
        left_hint, right_hint = self.hint(left), self.hint(right)
        hint = left_hint or right_hint
        if wrong := self.to_blame(tree.items, hint):
            for side in wrong:
                self.expression(side)
            return BROKEN
        if hint is None and any(side.op == "name" and side.text in FLAG_WORDS for side in tree.items):
            hint = FLAG
        a = self.beside(left, hint, left_hint is not None)
        b = self.beside(right, hint, left_hint is None and right_hint is not None)
        if UNKNOWN in (a.kind, b.kind):
            return BROKEN
        problem = incomparable(a.kind, b.kind)
        if problem:
            cure = levels_cure(hint) if hint else "compare numbers with numbers, and conditions with yes or no"
            return self.fail("F207", problem, tree, cure)
        if a.kind.actor and tree.text not in ("==", "!="):
            return self.fail("F207", "types have no order", tree, "write `==`, `!=`, or `in a | b` for several")
        apply, first, second = _COMPARISONS[tree.text], a.function, b.function
        canonical = f"({a.canonical}{tree.text}{b.canonical})"
        return join([a, b], CONDITION, lambda e: apply(first(e), second(e)), canonical)

    def _member(self, tree: Tree, levels: Kind | None) -> Expression:
        subject = self.expression(tree.items[0])
        if subject.kind == UNKNOWN:
            return subject
        codes: list[float] = []
        for word in tree.items[1:]:
            if subject.kind.levels and word.op == "name":
                item = self.name(word, subject.kind)
                if item.constant is None:
                    cure = levels_cure(subject.kind)
                    return (
                        self.fail("F207", f"`{word.text}` is not a level", word, cure) if item.kind != UNKNOWN else item
                    )
                codes.append(item.constant)
            elif subject.kind in NUMBERS and word.op == "number":
                codes.append(word.value)
            else:
                cure = "`in` takes levels of a variable, or numbers, with `|` between them"
                return self.fail("F207", f"`{self.written(word)}` is not {say(subject.kind)}", word, cure)
        inner, kind = subject.function, subject.kind
        listed = sorted(kind.levels[int(code)] for code in codes) if kind.actor else sorted(codes)
        return join([subject], CONDITION, lambda e: np.isin(inner(e), codes), f"({subject.canonical} in {listed})")

    def condition(self, tree: Tree) -> Expression:
        result = self.expression(tree)
        return result if result.kind == UNKNOWN else self.demand(result, CONDITION, tree) or BROKEN

    def _not(self, tree: Tree, levels: Kind | None) -> Expression:
        item = self.condition(tree.items[0])
        inner = item.function
        return join([item], CONDITION, lambda e: np.logical_not(inner(e)), f"(not {item.canonical})")

    def _and(self, tree: Tree, levels: Kind | None) -> Expression:
        return self._logic(tree, np.logical_and)

    def _or(self, tree: Tree, levels: Kind | None) -> Expression:
        return self._logic(tree, np.logical_or)

    def _logic(self, tree: Tree, apply: Callable[..., Any]) -> Expression:
        items = [self.condition(item) for item in tree.items]
        first, later = items[0].function, [item.function for item in items[1:]]

        def function(environment: Environment) -> Any:
            result = first(environment)
            for inner in later:
                result = apply(result, inner(environment))
            return result

        canonical = "(" + f" {tree.op} ".join(item.canonical for item in items) + ")"
        return join(items, CONDITION, function, canonical)

    def _conditional(self, tree: Tree, levels: Kind | None) -> Expression:
        hint = levels or self.hint(tree)
        yes = self.beside(tree.items[0], hint, levels is None)
        test = self.condition(tree.items[1])
        no = self.beside(tree.items[2], hint, levels is None)
        if UNKNOWN in (yes.kind, test.kind, no.kind):
            return BROKEN
        kind = yes.kind
        if yes.kind != no.kind:
            if yes.kind in NUMBERS and no.kind in NUMBERS:
                kind = NUMBER
            elif yes.kind in TRUTHS and no.kind in TRUTHS:
                yes, no, kind = as_condition(yes), as_condition(no), CONDITION
            else:
                message = f"one side is {say(yes.kind)}, the other {say(no.kind)}"
                return self.fail("F207", message, tree, "both sides of `if … else` must be of one kind")
        a, c, b = yes.function, test.function, no.function
        canonical = f"({yes.canonical} if {test.canonical} else {no.canonical})"
        return join([yes, test, no], kind, lambda e: np.where(c(e), a(e), b(e)), canonical)


_COMPARISONS: dict[str, Callable[..., Any]] = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}

"""The numbers in an expression: sums, products and functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from foederis.diagnostics import nearest
from foederis.language.expressions import BROKEN, Environment, Expression, constant, fold, join
from foederis.language.kinds import INTEGER, NUMBER, NUMBERS, UNKNOWN, Kind, levels_cure, say
from foederis.language.lookup import Lookup
from foederis.language.syntax import DISTRIBUTIONS, FUNCTIONS, Tree


class Arithmetic(Lookup):
    """One method for each `op` of a tree that yields a number."""

    def _number(self, tree: Tree, levels: Kind | None) -> Expression:
        if not tree.percent and tree.value.is_integer() and abs(tree.value) < 2**53:
            return constant(int(tree.value), INTEGER)
        return constant(tree.value)

    def numeric(self, tree: Tree) -> Expression:
        result = self.expression(tree)
        if result.kind in (*NUMBERS, UNKNOWN):
            return result
        inside = f"{self.written(tree)} == {result.kind.levels[-1]}" if result.kind.levels else self.written(tree)
        cure = f"write `(1 if {inside} else 0)`"
        return self.fail("F205", f"one cannot calculate with {say(result.kind)}", tree, cure)

    def _sign(self, tree: Tree, levels: Kind | None) -> Expression:
        item = self.numeric(tree.items[0])
        if tree.text == "+" or item.kind == UNKNOWN:
            return item
        inner = item.function
        value = None if item.constant is None else -item.constant
        return join([item], item.kind, lambda e: np.negative(inner(e)), f"(-{item.canonical})", value)

    def _sum(self, tree: Tree, levels: Kind | None) -> Expression:
        return self._chain(tree, {"+": np.add, "-": np.subtract})

    def _product(self, tree: Tree, levels: Kind | None) -> Expression:
        return self._chain(tree, {"*": np.multiply, "/": np.divide})

    def _chain(self, tree: Tree, functions: dict[str, Callable[..., Any]]) -> Expression:
        items = [self.numeric(item) for item in tree.items]
        if any(item.kind == UNKNOWN for item in items):
            return BROKEN
        first, later = items[0].function, [(functions[s], i.function) for s, i in zip(tree.text, items, strict=True)]
        del later[0]
        whole = all(item.kind == INTEGER for item in items) and "/" not in tree.text

        def function(environment: Environment) -> Any:
            # In floating point: integers would wrap around where numbers grow large.
            result = np.asarray(first(environment), dtype=np.float64)
            for apply, inner in later:
                result = apply(result, inner(environment))
            return result

        canonical = "(" + "".join(s + i.canonical for s, i in zip(tree.text, items, strict=True)) + ")"
        return join(items, INTEGER if whole else NUMBER, function, canonical, fold(items, function))

    def _call(self, tree: Tree, levels: Kind | None) -> Expression:
        name, inside = tree.text, tree.items
        if name in DISTRIBUTIONS:
            cure = "give it a name under `quantities`"
            return self.fail("F203", f"`{name}(…)` cannot stand inside an expression", tree, cure)
        if name not in FUNCTIONS:
            return self.fail("F102", f"there is no function `{name}`", tree, nearest(name, FUNCTIONS | DISTRIBUTIONS))
        if any(item.op == "pair" for item in inside):
            return self.fail("F203", f"`{name}` takes no `=`", tree, "compare with `==`, as a condition of its own")
        if name == "losses":
            return self._losses(tree)
        if not inside or (name == "abs" and len(inside) != 1):
            cure = "write `abs(x)`" if name == "abs" else f"write `{name}(a, b)`"
            return self.fail("F203", f"`{name}` needs {'one number' if name == 'abs' else 'arguments'}", tree, cure)
        return self._abs(tree) if name == "abs" else self._extreme(tree, levels)

    def _abs(self, tree: Tree) -> Expression:
        item = self.numeric(tree.items[0])
        if item.kind == UNKNOWN:
            return item
        inner = item.function
        value = None if item.constant is None else abs(item.constant)
        return join([item], item.kind, lambda e: np.abs(inner(e)), f"abs({item.canonical})", value)

    def _extreme(self, tree: Tree, levels: Kind | None) -> Expression:
        hint = self.hint(tree) or levels
        items = [self.beside(item, hint, True) for item in tree.items]
        if any(item.kind == UNKNOWN for item in items):
            return BROKEN
        for item, part in zip(items, tree.items, strict=True):
            if item.kind.actor:
                return self.fail("F207", "types have no order", part, "choose by `a if … else b`")
            if hint is not None and item.kind != hint:
                return self.fail("F207", f"`{tree.text}` needs equal levels everywhere", part, levels_cure(hint))
            if hint is None and item.kind not in NUMBERS:
                cure = f"write `(1 if {self.written(part)} else 0)`"
                return self.fail("F205", f"one cannot calculate with {say(item.kind)}", part, cure)
        whole = INTEGER if all(item.kind == INTEGER for item in items) else NUMBER
        apply = np.minimum if tree.text == "min" else np.maximum
        first, later = items[0].function, [item.function for item in items[1:]]

        def function(environment: Environment) -> Any:
            best = first(environment)
            for inner in later:
                best = apply(best, inner(environment))
            return best

        canonical = f"{tree.text}({','.join(item.canonical for item in items)})"
        return join(items, hint or whole, function, canonical, fold(items, function))

    def _losses(self, tree: Tree) -> Expression:
        if len(tree.items) != 1 or tree.items[0].op != "name":
            return self.fail("F203", "`losses` takes the name of one actor", tree, "write `losses(actor)`")
        actor = tree.items[0]
        if self.scope.losses is None:
            cure = "use the state and facts" if self.scope.state else "only numbers and other quantities may stand here"
            return self.fail("F206", f"{self.scope.place} may not read losses", tree, cure)
        if actor.text not in self.scope.actors:
            message = f"there is no actor or holder `{actor.text}`"
            return self.fail("F105", message, actor, nearest(actor.text, self.scope.actors))
        result = self.scope.losses(actor.text)
        if result is None:
            self.failed = True
            return BROKEN
        return result

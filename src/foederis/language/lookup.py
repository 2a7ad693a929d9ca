"""What the words of an expression mean: levels, state variables, facts, quantities, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from foederis.diagnostics import Report, nearest
from foederis.language.expressions import BROKEN, Expression, quantity, type_of, variable
from foederis.language.kinds import FLAG, INTEGER, Kind, levels_cure
from foederis.language.scope import Scope
from foederis.language.source import Scalar
from foederis.language.syntax import DISTRIBUTIONS, FLAG_WORDS, FUNCTIONS, Tree

_SAME_STATES = "the states that can be reached must be the same in every draw"


class Lookup:
    """What is common to all parts of the compiler: reporting, and looking up words."""

    def __init__(self, scalar: Scalar, scope: Scope, report: Report):
        self.scalar, self.scope, self.report = scalar, scope, report
        self.failed = False

    def fail(self, code: str, message: str, tree: Tree, cure: str = "") -> Expression:
        self.failed = True
        self.report.add(code, message, self.scalar.part(tree.start, tree.end), cure)
        return BROKEN

    def written(self, tree: Tree) -> str:
        """What the author wrote at a node."""
        return self.scalar.text[tree.start : tree.end]

    def name(self, tree: Tree, levels: Kind | None, variables_first: bool = False) -> Expression:
        """A word; a level if `levels` has it, unless variables come first, and else what may be read here."""
        word, scope = tree.text, self.scope
        if word == "type":
            return self.own_type(tree)
        if levels is not None and not (variables_first and word in scope.variables):
            if levels == FLAG and word in FLAG_WORDS:
                return _level(levels, int(FLAG_WORDS[word]))
            if word in levels.levels:
                return _level(levels, levels.levels.index(word))
        if scope.state:
            if word in scope.variables:
                return variable(word, scope.variables[word])
            if word == "step":
                return Expression(INTEGER, lambda e: e.step, "step", reads_step=True)
            if word in scope.facts:
                return self.fact(tree)
        if scope.drawn and word in scope.quantities:
            return quantity(word)
        return self.unknown(tree, levels)

    def fact(self, tree: Tree) -> Expression:
        fact = self.scope.facts[tree.text]
        if fact is None:
            self.failed = True
            return BROKEN
        if fact.quantities and not self.scope.drawn:
            named = ", ".join(f"`{name}`" for name in sorted(fact.quantities)[:3])
            message = f"the fact `{tree.text}` reads {named}, which {self.scope.place} may not"
            return self.fail("F206", message, tree, f"{_SAME_STATES}: name a fact that reads no numbers")
        secret = sorted(actor for actor in fact.types if not self.scope.shows(actor))
        if secret:
            message = f"the fact `{tree.text}` reads the type of `{secret[0]}`, which {self.scope.place} may not"
            return self.fail("F206", message, tree, self.scope.hidden)
        return fact

    def own_type(self, tree: Tree) -> Expression:
        """Plain `type`: that of the actor whose item this is."""
        scope = self.scope
        if scope.owner and scope.owner not in scope.types:
            self.failed = True
            return BROKEN
        if scope.owner:
            return self.type_of(scope.owner, tree)
        if scope.hidden:
            return self.fail("F206", f"{scope.place} may not read a type", tree, scope.hidden)
        typed = next((actor for actor, kind in scope.types.items() if kind is not None and kind.levels), "actor")
        message = f"`type` is the type of the actor whose item this is, and {scope.place} is nobody's"
        return self.fail("F206", message, tree, f"say whose type it is, as in `{typed}.type`")

    def type_of(self, actor: str, tree: Tree) -> Expression:
        """The type of an actor, where it has one and it may be read."""
        scope = self.scope
        if actor not in scope.types:
            named = replace(tree, end=tree.start + len(actor))
            return self.fail("F105", f"there is no actor `{actor}`", named, nearest(actor, scope.types))
        kind = scope.types[actor]
        if kind is None:
            self.failed = True
            return BROKEN
        if not kind.levels:
            cure = "give it some under `actors`, as in `types: {weak: 40%, strong: 60%}`"
            return self.fail("F113", f"`{actor}` has no types", tree, cure)
        if not scope.shows(actor):
            return self.fail("F206", f"{scope.place} may not read the type of `{actor}`", tree, scope.hidden)
        return type_of(kind)

    def _type_read(self, tree: Tree) -> Kind | None:
        """What a node yields if it is a type that an actor has."""
        if tree.op == "attribute" and tree.text.endswith(".type"):
            actor = tree.text.removesuffix(".type")
        elif tree.op == "name" and tree.text == "type":
            actor = self.scope.owner
        else:
            return None
        kind = self.scope.types.get(actor)
        return kind if kind is not None and kind.levels else None

    def unknown(self, tree: Tree, levels: Kind | None) -> Expression:
        """Reports a word that means nothing here, with what it may have been meant to be."""
        word, scope = tree.text, self.scope
        if word in scope.broken:
            self.failed = True
            return BROKEN
        if word in FLAG_WORDS:
            cure = levels_cure(levels) if levels is not None else "compare it with a flag"
            return self.fail("F209", f"`{word}` is for yes/no facts only", tree, cure)
        if word in scope.variables or word in scope.facts or word == "step":
            message = f"{scope.place} may not read the state (`{word}`)"
            return self.fail("F206", message, tree, "only numbers and other quantities may stand here")
        if word in scope.quantities:
            message = f"{scope.place} may not read the quantity `{word}`"
            return self.fail("F206", message, tree, f"{_SAME_STATES}: use state and facts")
        if levels is not None:
            message = f"`{word}` is no type of {levels.actor}" if levels.actor else f"`{word}` is not a level here"
            return self.fail("F103", message, tree, nearest(word, levels.levels))
        owners = [name for name, kind in scope.variables.items() if word in kind.levels]
        if owners and scope.state:
            message = f"`{word}` is a level, and needs its variable beside it"
            return self.fail("F102", message, tree, f"write `{owners[0]} == {word}`")
        typed = [actor for actor, kind in scope.types.items() if kind is not None and word in kind.levels]
        if typed:
            message = f"`{word}` is a type, and needs its actor beside it"
            return self.fail("F102", message, tree, f"write `{typed[0]}.type == {word}`")
        if word in FUNCTIONS:
            return self.fail("F203", f"`{word}` needs something in parentheses", tree, f"write `{word}(…)`")
        if word in DISTRIBUTIONS:
            message = f"`{word}` is a distribution and needs numbers in parentheses"
            return self.fail("F203", message, tree, f"write `{word}(…)`")
        kind = scope.types.get(word)
        if kind is not None and kind.levels:
            return self.fail("F102", f"`{word}` is an actor, and means nothing by itself", tree, f"write `{word}.type`")
        return self.fail("F102", f"nothing is called `{word}`", tree, nearest(word, scope.everything()))

    def to_blame(self, sides: Sequence[Tree], hint: Kind | None) -> list[Tree]:
        """The sides of a comparison that are wrong whatever stands on the other, which may be a level of them."""
        for side in sides:
            if side.op == "attribute" or (side.op == "name" and side.text == "type"):
                kind = self._type_read(side)
                if kind is None or not self.scope.shows(kind.actor):
                    return [side]
            elif side.op == "name" and side.text in self.scope.broken:
                return [side]
        return [side for side in sides if hint is None and self._means_nothing(side)]

    def _means_nothing(self, tree: Tree) -> bool:
        """Whether a node is a word that stands for nothing anywhere."""
        word, scope = tree.text, self.scope
        if tree.op != "name" or word in FLAG_WORDS or scope.mentions(word):
            return False
        kinds = (*scope.variables.values(), *(kind for kind in scope.types.values() if kind is not None))
        return word != "type" and not any(word in kind.levels for kind in kinds)

    def expression(self, tree: Tree, levels: Kind | None = None) -> Expression:
        """The meaning of a node. Bare words are looked up among `levels` where these are given."""
        raise NotImplementedError

    def hint(self, tree: Tree) -> Kind | None:
        """The levels that words beside this node are looked up in: those of a variable or type inside it."""
        if (typed := self._type_read(tree)) is not None:
            return typed
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

    def beside(self, tree: Tree, levels: Kind | None, variables_first: bool) -> Expression:
        """A node whose bare words may be levels of what stands beside it."""
        if tree.op == "name":
            return self.name(tree, levels, variables_first)
        return self.expression(tree, levels)


def _level(levels: Kind, code: int) -> Expression:
    # A type by its name: the order in which types are written means nothing.
    canonical = levels.levels[code] if levels.actor else f"{code}"
    return Expression(levels, lambda _: code, canonical, constant=float(code))

"""Reads nodes by their shapes: keys known and present, words well formed, numbers and conditions compiled."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from foederis.diagnostics import Report, Span, nearest
from foederis.language.case import Quantity, Reasons
from foederis.language.distributions import is_distribution, read_distribution
from foederis.language.expressions import (
    CONDITION,
    NUMBER,
    Expression,
    Kind,
    Scope,
    compile_scalar,
    compile_tree,
)
from foederis.language.shapes import NUMBER as NUMBER_SHAPE
from foederis.language.shapes import Shape
from foederis.language.source import Mapping as MappingNode
from foederis.language.source import Node, Scalar, Sequence
from foederis.language.syntax import RESERVED, SyntaxProblem, parse

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_INTEGER = re.compile(r"[+-]?\d+(_\d+)*\Z")


@dataclass
class Reader:
    """What has been read so far, shared by the builders of the parts of a case."""

    report: Report
    variables: dict[str, Kind] = field(default_factory=dict)
    facts: Mapping[str, Expression | None] = field(default_factory=dict)
    quantities: dict[str, Quantity] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()
    actors: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()
    losses: Callable[[str], Expression | None] | None = None
    reason: Callable[[Node | None], Reasons] = lambda node: ()
    numbers: dict[str, int] = field(default_factory=lambda: {"sourced": 0, "reasoned": 0, "bare": 0})
    _covering: list[Reasons] = field(default_factory=list)

    # Scopes

    def structure(self, place: str) -> Scope:
        """What may be read where the reachable states are decided: state, facts and `step`."""
        return Scope(self.variables, self.facts, self.declared, place=place, drawn=False)

    def full(self, place: str) -> Scope:
        holders = (*self.actors, *self.holders)
        return Scope(self.variables, self.facts, self.declared, holders, self.losses, place)

    def fixed(self, place: str) -> Scope:
        """What may be read where the state plays no part: other quantities."""
        return Scope(self.variables, self.facts, self.declared, place=place, state=False)

    # Shapes

    def keys(self, node: Node | None, shape: Shape, where: str) -> dict[str, Node]:
        """The entries of a mapping by key, after reporting unknown and missing ones."""
        if node is None or is_empty(node):
            entries: dict[str, Node] = {}
        elif isinstance(node, MappingNode):
            entries = self._known_entries(node, shape, where)
        elif shape.short:
            return {shape.short: node}
        else:
            self.report.add("F201", f"{where} must be a mapping of keys", node.span, "as in `key: value`")
            return {}
        missing = [f"`{key}`" for key, spec in shape.keys.items() if spec.required and key not in entries]
        if missing:
            self.report.add("F202", f"{where} lacks {' and '.join(missing)}", node.span if node else None,
                            "; ".join(f"{m}: {shape.keys[m.strip('`')].doc}" for m in missing[:2]))
        return entries

    def _known_entries(self, node: MappingNode, shape: Shape, where: str) -> dict[str, Node]:
        entries = {}
        for key, value in node.entries:
            if key.text in shape.keys:
                entries[key.text] = value
            elif key.text.count("(") != key.text.count(")") or "," in key.text:
                self.report.add("F204", f"`{key.text}` is not a key but the rest of an expression", key.span,
                                "inside {…} a comma or `: ` ends the value: put the whole expression in quotes")
            else:
                self.report.add("F101", f"{where} has no key `{key.text}`", key.span, nearest(key.text, shape.keys))
        return entries

    def items(self, node: Node | None, where: str) -> list[tuple[Scalar, Node]]:
        """The entries of a mapping whose keys are names that the author chose."""
        if node is None or is_empty(node):
            return []
        if not isinstance(node, MappingNode):
            self.report.add("F201", f"{where} must be a mapping of names", node.span, "as in `name: …`")
            return []
        return [(key, value) for key, value in node.entries if self.check_name(key)]

    def sequence(self, node: Node | None, where: str) -> tuple[Node, ...]:
        if node is None or is_empty(node):
            return ()
        if isinstance(node, Sequence):
            return node.items
        self.report.add("F201", f"{where} must be a list", node.span, "as in `[a, b]`, or lines that begin with `- `")
        return ()

    def check_name(self, key: Scalar) -> bool:
        """Whether a key can be a name; reports why not."""
        if not _NAME.match(key.text):
            suggestion = re.sub(r"\W+", "_", key.text, flags=re.ASCII).strip("_")
            cure = f"write `{suggestion}`" if _NAME.match(suggestion) else "use letters a-z, digits and _"
            self.report.add("F112", f"`{key.text}` cannot be a name", key.span, cure)
            return False
        if key.text in RESERVED:
            self.report.add("F112", f"`{key.text}` is a word of the language", key.span, "choose another name")
            return False
        return True

    # Scalars

    def scalar(self, node: Node | None, where: str) -> Scalar | None:
        if isinstance(node, Scalar) and (node.text.strip() or node.style in ("'", '"')):
            return node
        if node is not None:
            message = f"{where} needs a value" if is_empty(node) else f"{where} must be one value"
            self.report.add("F201", message, node.span, "write it after the colon")
        return None

    def text(self, node: Node | None, where: str) -> str:
        found = self.scalar(node, where)
        return " ".join(found.text.split()) if found else ""

    def word(self, node: Node | None, where: str, known: Collection[str], code: str = "F102") -> str | None:
        """A word that must be one of a known set."""
        found = self.scalar(node, where)
        if found is None:
            return None
        if found.text in known:
            return found.text
        self.report.add(code, f"{where}: nothing is called `{found.text}`", found.span, nearest(found.text, known))
        return None

    def integer(self, node: Node | None, where: str, low: int, high: int) -> int | None:
        found = self.scalar(node, where)
        if found is None:
            return None
        short = len(found.text) < 20
        value = int(found.text.replace("_", "")) if short and _INTEGER.match(found.text) else None
        if value is None or not low <= value <= high:
            self.report.add("F213", f"{where} must be a whole number from {low} to {high}", found.span)
            return None
        return value

    def names(self, node: Node | None, where: str) -> list[Scalar]:
        found = [self.scalar(item, where) for item in self.sequence(node, where)]
        return [item for item in found if item is not None]

    def words(self, node: Node, where: str, known: Collection[str], code: str) -> list[str]:
        """A list of words, each one of a known set."""
        found = []
        for item in self.names(node, where):
            word = self.word(item, where, known, code)
            if word is not None:
                found.append(word)
        return found

    # Meaning

    def condition(self, node: Node | None, scope: Scope) -> Expression | None:
        found = self.scalar(node, scope.place)
        return compile_scalar(found, scope, self.report, CONDITION) if found else None

    def number(self, node: Node | None, path: str, scope: Scope, warn_interval: bool = False) -> Expression | None:
        """The number at a place of the file; a distribution there becomes a quantity named by its path."""
        if node is None:
            return None
        entries = self.keys(node, NUMBER_SHAPE, scope.place)
        found = self.scalar(entries.get("value"), scope.place)
        with self.covered_by(self.reason(entries.get("because"))):
            if found is None:
                return None
            return self.slot(found, path, scope, self.text(entries.get("unit"), "unit"), warn_interval)

    def slot(self, found: Scalar, path: str, scope: Scope, unit: str, warn_interval: bool) -> Expression | None:
        try:
            tree = parse(found.text)
            if is_distribution(tree):
                distribution = read_distribution(tree, found.text)
                if warn_interval:
                    self.report.add("W603", f"{scope.place} is a plain interval", found.span,
                                    "it is our doubt about the chance, drawn once for the whole crisis; give it a "
                                    "name under `quantities` to say so and to give its reason")
                reasons = self.cover()
                self.count_number(reasons)
                self.quantities[path] = Quantity(path, found.text, None, distribution, unit, reasons, True, found.span)
                return Expression(NUMBER, lambda e: e.quantities[path], f"<{path}>", quantities=frozenset({path}))
        except SyntaxProblem as problem:
            self.report.add(problem.code, problem.message, found.part(problem.start, problem.end), problem.cure)
            return None
        result = compile_tree(tree, found, scope, self.report, NUMBER)
        if result is not None and result.constant is not None and not abs(result.constant) < 1e300:
            self.report.add("F311", "this number is not finite", found.span, "check divisions and exponents")
            return None
        if tree.op in ("number", "sign"):
            self.count_number(self.cover())
        return result

    def bounded(self, found: Expression | None, node: Node | None, code: str, message: str,
                low: float, high: float = float("inf"), open_low: bool = False) -> Expression | None:
        """Reports a fixed number outside its bounds; what is drawn is judged in each draw."""
        if found is not None and found.constant is not None and node is not None:
            value = found.constant
            if value < low or value > high or (open_low and value == low):
                self.report.add(code, message, value_span(node))
        return found

    # Reasons

    @contextmanager
    def covered_by(self, reasons: Reasons) -> Iterator[None]:
        """Numbers read meanwhile rest on these reasons, unless they have their own."""
        self._covering.append(reasons)
        try:
            yield
        finally:
            self._covering.pop()

    def cover(self) -> Reasons:
        return next((reasons for reasons in reversed(self._covering) if reasons), ())

    def count_number(self, reasons: Reasons) -> None:
        kind = "sourced" if any(r.source for r in reasons) else "reasoned" if reasons else "bare"
        self.numbers[kind] += 1


def is_empty(node: Node) -> bool:
    """Whether nothing stands here: no text, and no quotes around it."""
    return isinstance(node, Scalar) and not node.text.strip() and node.style not in ("'", '"')


def value_span(node: Node) -> Span:
    """Where the number itself stands, in either way of writing it."""
    inner = node.get("value") if isinstance(node, MappingNode) else None
    return (inner or node).span

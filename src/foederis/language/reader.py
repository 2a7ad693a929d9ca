"""What has been read of a file so far, and the reading of its conditions and numbers in that light."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from foederis.language.case import Quantity, Reasons
from foederis.language.compiler import compile_scalar, compile_tree
from foederis.language.distributions import is_distribution, read_distribution
from foederis.language.expressions import Expression, quantity
from foederis.language.forms import Forms, is_empty, value_span
from foederis.language.kinds import CONDITION, NUMBER, Kind
from foederis.language.scope import Scope
from foederis.language.shapes import NUMBER as NUMBER_SHAPE
from foederis.language.source import Node, Scalar
from foederis.language.syntax import SyntaxProblem, Tree, parse

__all__ = ["Reader", "is_empty", "value_span"]

MAX_WORK = 3_000_000  # operations in all expressions of a file, facts and losses put in


@dataclass
class Reader(Forms):
    """What has been read so far, shared by the builders of the parts of a case.

    `declared` are the quantities that have a name of their own; `broken` holds, by section, names that stand
    in the file but could not be read, so that what uses them is not reported again.
    """

    variables: dict[str, Kind] = field(default_factory=dict)
    facts: Mapping[str, Expression | None] = field(default_factory=dict)
    quantities: dict[str, Quantity] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()
    actors: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()
    types: Mapping[str, Kind | None] = field(default_factory=dict)
    losses: Callable[[str], Expression | None] | None = None
    reason: Callable[[Node | None], Reasons] = lambda node: ()
    numbers: dict[str, int] = field(default_factory=lambda: {"sourced": 0, "reasoned": 0, "bare": 0})
    broken: dict[str, set[str]] = field(default_factory=lambda: {"state": set(), "questions": set(), "moves": set()})
    work: int = 0
    compiled: int = 0  # how many expressions
    _covering: list[Reasons] = field(default_factory=list)

    # Scopes

    # `owner` and `hidden` say whose type may be read, as in Scope.

    def structure(self, place: str, hidden: str, owner: str = "") -> Scope:
        """What may be read where the reachable states are decided: state, facts and `step`."""
        return replace(self.full(place, hidden, owner), actors=(), losses=None, drawn=False)

    def full(self, place: str, hidden: str = "", owner: str = "") -> Scope:
        return Scope(
            self.variables,
            self.facts,
            self.declared,
            (*self.actors, *self.holders),
            self.losses,
            place,
            broken=self.broken["state"],
            types=self.types,
            owner=owner,
            hidden=hidden,
        )

    def fixed(self, place: str, hidden: str, owner: str = "") -> Scope:
        """What may be read where the state plays no part: other quantities."""
        return replace(self.full(place, hidden, owner), actors=(), losses=None, state=False, broken=())

    # Conditions and numbers

    def expression(self, found: Scalar, scope: Scope, wanted: Kind) -> Expression | None:
        return self._limited(compile_scalar(found, scope, self.report, wanted), found)

    def _limited(self, result: Expression | None, found: Scalar) -> Expression | None:
        before = self.work
        self.compiled += 1
        self.work += result.size if result is not None else 0
        if self.work <= MAX_WORK:
            return result
        if before > MAX_WORK:
            return None  # said already
        cure = "facts and losses that read very much, named very often, multiply: name them less often"
        self.report.add("F211", "the expressions up to here are too large altogether", found.span, cure)
        return None

    def condition(self, node: Node | None, scope: Scope) -> Expression | None:
        found = self.scalar(node, scope.place)
        return self.expression(found, scope, CONDITION) if found else None

    def number(self, node: Node | None, path: str, scope: Scope, warn_interval: bool = False) -> Expression | None:
        """The number at a place of the file; a distribution there becomes a quantity named by its path."""
        if node is None:
            return None
        entries = self.keys(node, NUMBER_SHAPE, scope.place)
        found = self.scalar(entries.get("value"), scope.place)
        with self.covered_by(self.reason(entries.get("because"))):
            if found is None:
                return None
            unit = self.text(entries["unit"], "`unit`") if "unit" in entries else ""
            return self.slot(found, path, scope, unit, warn_interval)

    def slot(self, found: Scalar, path: str, scope: Scope, unit: str, warn_interval: bool) -> Expression | None:
        """The number in a scalar, as `number`."""
        try:
            tree = parse(found.text)
            if is_distribution(tree):
                distribution = read_distribution(tree, found.text)
                if warn_interval:
                    cure = "it is our doubt about the chance, drawn once for the whole crisis; give it a name under"
                    cure += " `quantities` to say so and to give its reason"
                    self.report.add("W603", f"{scope.place} is a plain interval", found.span, cure)
                reasons = self.cover()
                self.count_number(reasons)
                self.quantities[path] = Quantity(path, found.text, None, distribution, unit, reasons, True, found.span)
                return quantity(path)
        except SyntaxProblem as problem:
            self.report.add(problem.code, problem.message, found.part(problem.start, problem.end), problem.cure)
            return None
        if _looks_like_an_interval(tree, found.text):
            sign = "%" if "%" in found.text else ""
            interval = " to ".join(found.text[part.start : part.end].strip("%") + sign for part in tree.items)
            cure = f"an interval is written `{interval}`; for a difference, put spaces around the minus sign"
            self.report.add("W609", f"`{found.text.strip()}` is a difference of two numbers", found.span, cure)
        result = self._limited(compile_tree(tree, found, scope, self.report, NUMBER), found)
        if result is not None and result.constant is not None and not abs(result.constant) < 1e300:
            cure = "check divisions, and the number of digits"
            self.report.add("F311", "this number is not finite", found.span, cure)
            return None
        if tree.op == "number" or (tree.op == "sign" and tree.items[0].op == "number"):
            self.count_number(self.cover())
        return result

    def bounded(
        self,
        found: Expression | None,
        node: Node | None,
        code: str,
        message: str,
        low: float,
        high: float = float("inf"),
        open_low: bool = False,
    ) -> Expression | None:
        """Reports a fixed number outside its bounds; what is drawn is judged in each draw."""
        if found is not None and found.constant is not None and node is not None:
            value = found.constant
            if value < low or value > high or (open_low and value == low):
                cure = "percentages and fractions both will do: 30% is 0.3" if high == 1 else "check its sign"
                self.report.add(code, f"{message}, and this is {value:g}", value_span(node), cure)
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


def _looks_like_an_interval(tree: Tree, text: str) -> bool:
    """Whether an author who writes `10-30%` may have meant `10% to 30%`."""
    plain = tree.op == "sum" and tree.text == "+-" and all(item.op == "number" for item in tree.items)
    return plain and len(text.split()) == 1

"""Builds the private types of actors, and says why some places of a file may not read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from foederis.language.expressions import Expression
from foederis.language.kinds import Kind, type_kind
from foederis.language.reader import Reader, is_empty, value_span
from foederis.language.shapes import TYPE
from foederis.language.source import Mapping as MappingNode
from foederis.language.source import Node, Scalar

Names = tuple[tuple[str, tuple[str, ...] | None], ...]

# Why a type may not be read at a place, and what to do: a type is known to its actor alone, and only what
# happens may tell the others of it.
ASKED = "everybody sees whether an actor gets to choose, which would tell its type: let an interest or `pays` read it"
BREACH = "what breaking a treaty costs an actor may depend on its own type alone: let an interest read the other's"
EVENT = "everybody sees what can happen, which would tell the type: let `chance` or `odds` read it"
LOST = "everybody sees what is lost, which would tell the type: let an interest read it"
OPTION = "an actor knows its own type alone, so its options can depend on no other"
PATIENCE = "types differ in interests, payments and rationality: let one of these read it"
QUANTITY = (
    "a quantity is one number in each draw, whatever the types: write `a if actor.type == x else b` where it is used"
)
RATIONALITY = "how closely an actor follows its interest may depend on its own type alone"
SET = "everybody sees the state, which would tell the type: let an option's `when` or an event's `chance` read it"
SHARE = "a share is what the others believe before anything has happened: it may read quantities only"
TREATY = "everybody sees whether a treaty is kept, which would tell the type: let `breach_cost` read it"
TURN = "everybody sees whose turn it is, which would tell the type: let the `when` of its options read it"


def names_of_types(reader: Reader, node: Node | None) -> Names:
    """For each actor the names of its types, in the author's order; None where they cannot be read."""
    return tuple((key.text, _names(reader, key.text, item)) for key, item in reader.items(node, "`actors`"))


def kinds_of_types(names: Names) -> dict[str, Kind | None]:
    """What `actor.type` yields, by actor; a kind without words where the actor has no types."""
    return {actor: None if words is None else type_kind(actor, words) for actor, words in names}


def _names(reader: Reader, actor: str, node: Node) -> tuple[str, ...] | None:
    types = node.get("types") if isinstance(node, MappingNode) else None
    if types is None or is_empty(types) or (isinstance(types, MappingNode) and not types.entries):
        return ()
    return tuple(key.text for key, _ in reader.items(types, f"the types of `{actor}`")) or None


def read_types(
    reader: Reader, actor: str, node: Node | None, before: Mapping[str, Expression]
) -> dict[str, Expression]:
    """The shares of an actor's types, by name.

    Args:
        before: those of the case that this one is a change of; they decide only what a message says.
    """
    items = reader.items(node, f"the types of `{actor}`")
    types: dict[str, Expression] = {}
    for key, item in items:
        share = _read_share(reader, actor, key.text, item)
        if share is not None:
            types[key.text] = share
    if node is None or not isinstance(node, MappingNode) or len(types) < len(node.entries):
        return types
    if len(items) == 1:
        cure = "to know something of itself, an actor needs two types at least; leave `types` out if it has no secret"
        reader.report.add("F312", f"`{actor}` has only one type", items[0][0].span, cure)
    elif types:
        _check_sum(reader, actor, node, types, before)
    return types


def _read_share(reader: Reader, actor: str, name: str, node: Node) -> Expression | None:
    entries = reader.keys(node, TYPE, f"the type `{name}` of `{actor}`")
    place, path = f"the share of the type `{name}`", f"actors.{actor}.types.{name}"
    with reader.covered_by(reader.reason(entries.get("because"))):
        found = reader.scalar(entries.get("share"), place)
        share = None if found is None else reader.slot(found, path, reader.fixed(place, SHARE), "", False)
    if found is not None and path in reader.quantities:
        cure = "name it under `quantities`, and let another share be the rest, as in `{weak: 1 - p, strong: p}`"
        message = f"{place} is a range by itself, so the shares cannot sum to 1 in every draw"
        reader.report.add("F312", message, found.span, cure)
    return reader.bounded(share, entries.get("share"), "F312", f"{place} must be between 0 and 1", 0.0, 1.0)


def _check_sum(
    reader: Reader, actor: str, node: MappingNode, types: Mapping[str, Expression], before: Mapping[str, Expression]
) -> None:
    """Reports shares that are written out and do not sum to 1; those that read quantities are judged in each draw."""
    shares = {name: share.constant for name, share in types.items() if share.constant is not None}
    total = sum(shares.values())
    possible = abs(total - 1) <= 1e-9 if len(shares) == len(types) else total <= 1 + 1e-9
    if possible or any(not 0 <= share <= 1 for share in shares.values()):
        return
    changed = [name for name in types if name in before and types[name].constant != before[name].constant]
    where = value_span(node.get(changed[0]) or node) if len(changed) == 1 else node.span
    cure = "shares are not rescaled: mend them so that they sum to 100%"
    if len(types) == len(shares) == 2:
        kept = (changed if len(changed) == 1 else list(types))[0]
        [other] = [name for name in types if name != kept]
        rest = _percent(1 - shares[kept])
        cure = f"shares are not rescaled: with `{kept}` at {_percent(shares[kept])}, `{other}` must be {rest}"
        cure += f"; set `actors.{actor}.types.{other}` too" if before else ""
    elif before:
        cure = f"shares are not rescaled: set all of them, or `actors.{actor}.types` as a whole"
    least = "" if len(shares) == len(types) else " at least"
    message = f"the shares of the types of `{actor}` sum to {_percent(total)}{least}, and must sum to 100%"
    reader.report.add("F312", message, where, cure)


def _percent(share: float) -> str:
    return f"{100 * share:.10g}%"


def check_event(reader: Reader, event: Scalar, chances: Iterable[Expression | None]) -> None:
    """Reports an event whose probabilities read the types of two actors: what is believed of them would be tied."""
    actors = sorted(frozenset[str]().union(*(chance.types for chance in chances if chance is not None)))
    if len(actors) > 1:
        named = " and ".join(f"`{actor}`" for actor in actors)
        message = f"the chance of the event `{event.text}` reads the types of {named}"
        cure = "seen, it would tie together what is believed of them: write an event for each, or read one type only"
        reader.report.add("F206", message, event.span, cure)

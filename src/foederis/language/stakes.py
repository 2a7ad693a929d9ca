"""Builds what is at stake for the actors: treaties and interests."""

from __future__ import annotations

from foederis.diagnostics import nearest
from foederis.language import actor_types
from foederis.language.case import Interest, Treaty
from foederis.language.expressions import Expression
from foederis.language.reader import Reader
from foederis.language.shapes import INTEREST, PAID, PROVISIONS, TREATY
from foederis.language.source import Node, Scalar, Sequence


def read_treaties(reader: Reader, node: Node | None) -> dict[str, Treaty]:
    treaties = {}
    for key, item in reader.items(node, "`treaties`"):
        treaty = _read_treaty(reader, key.text, item)
        if treaty is not None:
            treaties[key.text] = treaty
    return treaties


def _read_treaty(reader: Reader, name: str, node: Node) -> Treaty | None:
    where = f"the treaty `{name}`"
    entries = reader.keys(node, TREATY, where)
    reasons = reader.reason(entries.get("because"))
    parties, provisions, invokes, triggered = None, [], None, None
    if isinstance(entries.get("parties"), Sequence):
        names = reader.names(entries["parties"], f"a party to {where}")
        parties = [item.text for item in names if reader.check_name(item)]
    elif "parties" in entries:
        reader.sequence(entries["parties"], f"`parties` of {where}")
    if "provisions" in entries:
        provisions = reader.words(entries["provisions"], "a provision", PROVISIONS)
    if "invokes" in entries:
        invokes = reader.word(entries["invokes"], "`invokes`", PROVISIONS)
    with reader.covered_by(reasons):
        if "triggered" in entries:
            triggered = reader.condition(
                entries["triggered"], reader.full(f"the trigger of {where}", actor_types.TREATY)
            )
        honoured, costs = _read_bound(reader, entries, name, parties)
    if triggered is None or invokes is None or parties is None:
        return None
    return Treaty(name, tuple(parties), tuple(provisions), invokes, triggered, honoured, costs, reasons)


def _read_bound(
    reader: Reader, entries: dict[str, Node], name: str, parties: list[str] | None
) -> tuple[dict[str, Expression], dict[str, Expression]]:
    """What counts as keeping the treaty and what breaking it costs, by actor."""
    where = f"the treaty `{name}`"
    kept, paid = (reader.items(entries.get(word), f"`{word}` of {where}") for word in ("honoured_by", "breach_cost"))
    honoured, costs = {}, {}
    for key, item in kept:
        _check_bound(reader, key, where, parties)
        found = reader.condition(item, reader.full(f"`honoured_by` of {where}", actor_types.TREATY))
        if found is not None:
            honoured[key.text] = found
    for key, item in paid:
        _check_bound(reader, key, where, parties)
        path = f"treaties.{name}.breach_cost.{key.text}"
        scope = reader.full(f"`breach_cost` of {where}", actor_types.BREACH, key.text)
        found = reader.number(item, path, scope)
        if found is not None:
            costs[key.text] = found
    odd = {key.text for key, _ in kept} ^ {key.text for key, _ in paid}
    if odd and "honoured_by" in entries and "breach_cost" in entries:
        named = ", ".join(f"`{word}`" for word in sorted(odd))
        message = f"`honoured_by` and `breach_cost` of {where} name different actors: {named}"
        reader.report.add("F405", message, entries["breach_cost"].span, "name the same actors under both")
    return honoured, costs


def _check_bound(reader: Reader, key: Scalar, where: str, parties: list[str] | None) -> None:
    if key.text not in reader.actors:
        message = f"{where} binds `{key.text}`, who is no actor"
        reader.report.add("F105", message, key.span, nearest(key.text, reader.actors))
    elif parties is not None and key.text not in parties:
        message = f"{where} binds `{key.text}`, who is no party to it"
        reader.report.add("F405", message, key.span, "add it to `parties`")


def read_interests(reader: Reader, node: Node | None) -> tuple[Interest, ...]:
    interests = []
    for actor, items in reader.items(node, "`interests`"):
        if actor.text not in reader.actors:
            message = f"`interests` names `{actor.text}`, who is no actor"
            reader.report.add("F105", message, actor.span, nearest(actor.text, reader.actors))
            continue
        for key, item in reader.items(items, f"the interests of `{actor.text}`"):
            found = _read_interest(reader, actor.text, key.text, item)
            if found is not None:
                interests.append(found)
    return tuple(interests)


def _read_interest(reader: Reader, actor: str, name: str, node: Node) -> Interest | None:
    where = f"the interest `{name}` of `{actor}`"
    entries = reader.keys(node, INTEREST, where)
    reasons = reader.reason(entries.get("because"))
    with reader.covered_by(reasons):
        scope = reader.full(where, owner=actor)
        worth = reader.number(entries.get("worth"), f"interests.{actor}.{name}.worth", scope)
        scope = reader.full(f"`when` of {where}", owner=actor)
        when = reader.condition(entries["when"], scope) if "when" in entries else None
    paid = reader.word(entries["paid"], "`paid`", PAID) if "paid" in entries else None
    return None if worth is None else Interest(actor, name, worth, when, paid == "at_end", reasons)

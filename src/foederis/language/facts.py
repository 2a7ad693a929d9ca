"""Builds the facts, named conditions, in whatever order the author wrote them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from foederis.diagnostics import Report
from foederis.language.case import Fact, Reasons
from foederis.language.compiler import compile_scalar
from foederis.language.exposures import Exposures
from foederis.language.expressions import Expression, constant
from foederis.language.kinds import CONDITION
from foederis.language.reader import Reader
from foederis.language.shapes import FACT
from foederis.language.source import Node, Scalar

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LOSSES = "losses"  # stands for all exposures, which may read facts and be read by them; no name can be this word


def read_facts(reader: Reader, node: Node | None, exposures: Exposures) -> dict[str, Fact]:
    """The facts, and on the way the exposures; both into the reader, so that expressions can read them."""
    nodes: dict[str, Node] = {}
    reasons: dict[str, Reasons] = {}
    for key, item in reader.items(node, "`facts`"):
        entries = reader.keys(item, FACT, f"the fact `{key.text}`")
        reasons[key.text] = reader.reason(entries.get("because"))
        if "when" in entries:
            nodes[key.text] = entries["when"]
        else:
            reader.broken["state"].add(key.text)
    reads = {name: _names_read(reader, nodes, [where]) for name, where in nodes.items()}
    reads[_LOSSES] = _names_read(reader, nodes, exposures.scalars())
    done: dict[str, Expression | None] = dict.fromkeys(_circular(reader, reads, nodes, exposures))
    reader.facts = done
    reader.losses = exposures.losses
    for name in TopologicalSorter(_sorted(reads)).static_order():
        if name == _LOSSES:
            exposures.read_all()
        else:
            done[name] = reader.condition(nodes[name], reader.full(f"the fact `{name}`"))
    texts = {name: where.text if isinstance(where, Scalar) else "" for name, where in nodes.items()}
    return {
        name: Fact(name, condition, texts[name], reasons[name])
        for name in nodes
        if (condition := done.get(name)) is not None
    }


class _Recorder(Mapping[str, Expression | None]):
    """Stands in for the facts while it is found out which of them an expression reads."""

    def __init__(self, names: Mapping[str, object]):
        self.names, self.read = names, set[str]()

    def __getitem__(self, name: str) -> Expression:
        self.read.add(name)
        return constant(0.0, CONDITION)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


def _names_read(reader: Reader, facts: dict[str, Node], nodes: Iterable[Node]) -> set[str]:
    """The facts, and perhaps the losses, that expressions read."""
    recorder = _Recorder(facts)
    scope = replace(reader.full(""), facts=recorder, losses=lambda _: recorder[_LOSSES])
    for node in nodes:
        if isinstance(node, Scalar) and any(word in facts or word == _LOSSES for word in _WORD.findall(node.text)):
            compile_scalar(node, scope, Report())
    return recorder.read


def _circular(reader: Reader, reads: dict[str, set[str]], nodes: dict[str, Node], exposures: Exposures) -> list[str]:
    """Reports facts and losses that depend on themselves, takes them out of `reads` and returns them."""
    found: list[str] = []
    while True:
        try:
            TopologicalSorter(_sorted(reads)).prepare()
            return found
        except CycleError as error:
            ring = list(reversed(error.args[1]))[:-1]
        first = ring.index(min(ring))
        ring = [*ring[first:], *ring[:first]]
        cycle = " → ".join([*ring, ring[0]])
        named = next((name for name in ring if name != _LOSSES), None)
        what, span = ("facts", nodes[named].span) if named else ("losses", exposures.span)
        cure = "write one of them without the others" if named else "let `lost` and `value` read the state only"
        reader.report.add("F401", f"{what} that depend on themselves: {cycle}", span, cure)
        found += ring
        for name in ring:
            reads.pop(name)
            exposures.broken |= name == _LOSSES
        for inner in reads.values():
            inner.difference_update(ring)


def _sorted(reads: dict[str, set[str]]) -> dict[str, list[str]]:
    return {name: sorted(inner) for name, inner in reads.items()}

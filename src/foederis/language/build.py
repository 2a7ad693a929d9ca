"""From nodes to a Case: every part read in the light of those that it may name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from foederis.diagnostics import Report
from foederis.language import (
    actor_types,
    asks,
    claims,
    decisions,
    events,
    evidence,
    facts,
    observed,
    play,
    quantities,
    reference_class,
    stakes,
    world,
)
from foederis.language.case import Case, Claim, Event, Exposure, Fact, Question, Turn, WhatIf
from foederis.language.exposures import Exposures
from foederis.language.expressions import Expression
from foederis.language.memory import Memory
from foederis.language.reader import Reader
from foederis.language.shapes import CASE
from foederis.language.source import Mapping as MappingNode
from foederis.language.source import Node, Scalar

T = TypeVar("T")


def build(root: Node, report: Report, folder: Path | None, memory: Memory, original: Case | None = None) -> Case | None:
    """A case from nodes; None if something has no meaning (and the report says what).

    Args:
        original: the case that `root` is a change of; its what-ifs and claims belong to it and are not judged
            again, unless the change is to them.
    """
    return _Builder(root, report, folder, memory, original).build()


class _Builder:
    def __init__(self, root: Node, report: Report, folder: Path | None, memory: Memory, original: Case | None):
        self.report, self.folder, self.memory, self.original = report, folder, memory, original
        self.reader = Reader(report)
        self.entries = self.reader.keys(root, CASE, "the file")
        self.root = root

    def build(self) -> Case | None:
        reader, entries = self.reader, self.entries
        self._check_names()
        clock = world.read_clock(reader, entries.get("clock"))
        self._read_names()
        self._read_quantities()
        before = self.original.actors if self.original is not None else {}
        actors = self._part("actors", lambda node: world.read_actors(reader, node, before), self.declared)
        found, held = self._read_facts()
        ties = quantities.read_correlations(reader, entries.get("correlated"), self.original is not None)
        treaties = self._part("treaties", lambda node: stakes.read_treaties(reader, node), *self.context)
        turns = self._part("moves", lambda node: play.read_turns(reader, node, self.variables), *self.context)
        chances = self._part("events", lambda node: events.read_events(reader, node, self.variables), *self.context)
        interests = self._part("interests", lambda node: stakes.read_interests(reader, node), *self.context)
        self._check_play(turns, chances)
        by_name = {turn.name: turn for turn in turns}
        steps = clock.steps if clock else world.MAX_STEPS
        asked = self._part(
            "questions",
            lambda node: asks.read_questions(reader, node, by_name, steps),
            *self.context,
            turns,
            self.memory.same((steps,)),
        )
        decided = self._part("decisions", lambda node: decisions.read_decisions(reader, node), *self.context)
        whatifs, argued = self._read_whatifs(turns, steps, asked)
        played = observed.Played(turns, chances, self.variables, steps)
        seen = observed.read_observed(reader, entries.get("observed"), played, self.sources)
        past = reference_class.read_history(reader, entries.get("history"), asked, clock)
        order = quantities.order_quantities(reader)
        if not self.report.has_errors:
            quantities.check_correlations(reader, ties, entries.get("correlated"))
        title = reader.text(entries.get("title"), "`title`")
        self.memory.reread += reader.compiled if self.original is not None else 0
        if clock is None or self.report.has_errors:
            return None
        return Case(
            title=title,
            clock=clock,
            actors=actors,
            variables=self.variables,
            facts=found,
            quantities=reader.quantities,
            quantity_order=order,
            correlated=ties,
            sources=self.sources,
            treaties=treaties,
            exposures=held,
            turns=turns,
            events=chances,
            interests=interests,
            questions=asked,
            whatifs=whatifs,
            claims=argued,
            decisions=decided,
            observed=seen,
            history=past,
            numbers=reader.numbers,
            root=self.root,
            memory=self.memory,
            folder=self.folder,
        )

    def _read_whatifs(
        self, turns: Iterable[Turn], steps: int, asked: Mapping[str, Question]
    ) -> tuple[dict[str, WhatIf], dict[str, Claim]]:
        """What-ifs and claims; those of the original where a change does not touch them."""
        if self.original is not None and not self._has_changed("whatifs", "claims"):
            return dict(self.original.whatifs), dict(self.original.claims)
        reader = self.reader
        whatifs = asks.read_whatifs(reader, self.entries.get("whatifs"))
        for whatif in whatifs.values():
            if not whatif.changes:  # the others are judged on the case that they make
                asks.check_imposed(whatif, turns, steps, self.report, reader.broken["moves"])
        return whatifs, claims.read_claims(reader, self.entries.get("claims"), asked, whatifs)

    def _part(self, section: str, read: Callable[[Node | None], T], *inputs: object) -> T:
        """A section of the file, read or remembered; `inputs` are what else decides its meaning."""
        node = self.entries.get(section)
        return self.memory.read(self.reader, section, (node, self.evidence, *inputs), lambda: read(node))

    def _read_names(self) -> None:
        """What the other sections may name: sources, variables, quantities, actors."""
        reader, entries, memory = self.reader, self.entries, self.memory
        node = entries.get("sources")
        self.evidence = memory.read(
            reader, f"sources in {self.folder}", (node,), lambda: evidence.read_sources(reader, node, self.folder)
        )
        self.sources = self.evidence[0]
        reader.reason = evidence.ReasonReader(reader, *self.evidence).read
        self.variables = self._part("state", lambda node: world.read_variables(reader, node))
        reader.variables = {name: world.kind_of(variable) for name, variable in self.variables.items()}
        self.shape = memory.same(tuple((v.name, v.kind, v.levels, v.low) for v in self.variables.values()))
        self.named = reader.items(entries.get("quantities"), "`quantities`")
        self.declared = memory.same(frozenset(key.text for key, _ in self.named))
        reader.declared = self.declared
        self.names = memory.same(tuple(key.text for key, _ in reader.items(entries.get("actors"), "`actors`")))
        reader.actors = self.names
        self.types = memory.same(actor_types.names_of_types(reader, entries.get("actors")))
        reader.types = actor_types.kinds_of_types(self.types)
        # Quantities cannot read facts, but are told so rather than that there are none.
        reader.facts = dict.fromkeys(key.text for key, _ in reader.items(entries.get("facts"), "`facts`"))

    def _read_quantities(self) -> None:
        """One by one: what-ifs mostly change a single number."""
        reader = self.reader
        for key, item in self.named:
            name, node = key.text, item
            self.memory.read(
                reader,
                f"quantity {name}",
                (node, self.evidence, self.declared),
                lambda name=name, node=node: quantities.read_quantity(reader, name, node),  # type: ignore[misc]
            )

    def _read_facts(self) -> tuple[dict[str, Fact], dict[str, Exposure]]:
        """Facts and exposures, which may read each other."""
        reader, exposed = self.reader, self.entries.get("exposures")
        units = self.memory.same(tuple((name, q.unit) for name, q in reader.quantities.items() if q.unit))

        def read(node: Node | None) -> tuple[dict[str, Fact], Mapping[str, Expression | None], Exposures]:
            exposures = Exposures(reader, exposed)
            found = facts.read_facts(reader, node, exposures)
            return found, reader.facts, exposures

        conditions = self._part("facts", read, exposed, self.shape, self.declared, self.names, self.types, units)
        found, reader.facts, exposures = conditions
        reader.losses = exposures.losses
        reader.holders = exposures.holders
        self.context = (self.shape, self.declared, self.names, self.types, conditions)
        return found, exposures.done

    def _has_changed(self, *sections: str) -> bool:
        before = self.original.root if self.original is not None else None
        return not isinstance(before, MappingNode) or any(before.get(s) is not self.entries.get(s) for s in sections)

    def _check_names(self) -> None:
        """Variables, facts and quantities share one space of names."""
        seen: dict[str, str] = {}
        for section in ("state", "facts", "quantities"):
            node = self.entries.get(section)
            for key, _ in node.entries if isinstance(node, MappingNode) else ():
                if key.text in seen:
                    message = f"`{key.text}` stands under `{seen[key.text]}` and under `{section}`"
                    self.report.add("F111", message, key.span, "give one of them another name")
                seen.setdefault(key.text, section)

    def _check_play(self, turns: tuple[Turn, ...], chances: tuple[Event, ...]) -> None:
        """Turns and events share another, since observations name both."""
        taken = {turn.name for turn in turns}
        node = self.entries.get("events")
        for event in chances:
            if event.name in taken:
                key: Scalar | None = node.key(event.name) if isinstance(node, MappingNode) else None
                message = f"`{event.name}` is the name of a turn and of an event"
                self.report.add("F111", message, key.span if key else None, "give one of them another name")

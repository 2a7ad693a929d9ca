"""News: observations that stand in a file of their own, or come from Python, added to a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from foederis.diagnostics import CaseError, Report, TooMany
from foederis.language import check, source
from foederis.language.build import build
from foederis.language.case import Case, News
from foederis.language.evidence import ReasonReader, read_sources, without_files
from foederis.language.memory import Memory
from foederis.language.observed import Played, read_observed
from foederis.language.reader import Reader
from foederis.language.shapes import NEWS
from foederis.language.source import Mapping as MappingNode
from foederis.language.source import Node, Scalar
from foederis.language.source import Sequence as SequenceNode


def read_news(case: Case, path: Path) -> Case:
    """The case with the observations of a file, `observed:` and its own `sources:`, after its own.

    Raises:
        CaseError: with every mistake of the file, which it points into.
    """
    text = source.decode(source.read_bytes(path), path.name)
    return add_news(case, text, path.name, path.parent)


def add_observed(case: Case, observed: Sequence[Mapping[str, Any]]) -> Case:
    """The case with observations as a list of mappings, written as in a file.

    Raises:
        CaseError: with every mistake.
    """
    plain = {"observed": [_in_words(item) for item in observed]}
    text = yaml.dump(plain, Dumper=check.Plain, default_flow_style=None, width=10**6, sort_keys=False)
    return add_news(case, text, "<observed>", None)


def _in_words(value: Any) -> Any:
    """Truths as `yes` and `no`, at any depth."""
    if isinstance(value, Mapping):
        return {key: _in_words(item) for key, item in value.items()}
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def add_news(case: Case, text: str, filename: str, folder: Path | None) -> Case:
    """As read_news, for a text; `folder` is where the files of its sources lie."""
    report = Report()
    changed = None
    try:
        root = source.parse(text, report)
        if root is not None:
            changed = _added(case, root, report, folder)
    except TooMany:
        pass
    if changed is None or report.has_errors:
        raise CaseError(report.in_order(), text, filename)
    return replace(
        changed,
        text=case.text,
        filename=case.filename,
        name=case.name,
        sha256=case.sha256,
        warnings=case.warnings,
        draw_order=case.uncertain,
        news=News(filename, text, len(changed.observed) - len(case.observed)),
    )


def _added(case: Case, root: Node, report: Report, folder: Path | None) -> Case | None:
    """The case read anew with what stands in the file, once that is in order by itself."""
    reader = Reader(report)
    entries = reader.keys(root, NEWS, "the file")
    own, texts = read_sources(reader, entries.get("sources"), folder)
    node = entries.get("sources")
    for key in (key for key, _ in node.entries) if isinstance(node, MappingNode) else ():
        if key.text in case.sources:
            cure = "give one of them another name, or leave this one out to mean the same source"
            report.add("F111", f"the crisis file has a source `{key.text}` too", key.span, cure)
    sources = {**case.sources, **own}
    reader.reason = ReasonReader(reader, sources, texts).read
    reader.actors = tuple(case.actors)
    played = Played(case.turns, case.events, case.variables, case.clock.steps)
    seen = read_observed(reader, entries.get("observed"), played, sources)
    if not seen and not report.has_errors:
        report.add("F338", "the file observes nothing", root.span, "as in `observed: [{step: 0, patron: stand_aside}]`")
    if report.has_errors:
        return None
    assert isinstance(case.root, MappingNode)
    merged = _with_items(_without_files(case.root, entries), entries["observed"])
    inner = Report()
    changed = build(merged, inner, case.folder, case.memory or Memory(), case)
    for item in inner.in_order():
        if item.is_error:
            report.include(item)
    return changed


def _without_files(root: MappingNode, entries: Mapping[str, Node]) -> MappingNode:
    """The crisis file's root with the file's sources, whose own files have been searched already."""
    added = entries.get("sources")
    if not isinstance(added, MappingNode):
        return root
    bare = without_files(added)
    assert isinstance(bare, MappingNode)
    before = root.get("sources")
    known = before.entries if isinstance(before, MappingNode) else ()
    return root.with_entry(Scalar("sources", added.span), MappingNode((*known, *bare.entries), added.span))


def _with_items(root: MappingNode, items: Node) -> MappingNode:
    """The root with more observations."""
    before = root.get("observed")
    known = before.items if isinstance(before, SequenceNode) else ()
    added = items.items if isinstance(items, SequenceNode) else ()
    return root.with_entry(Scalar("observed", items.span), SequenceNode((*known, *added), items.span))

"""From the text of a crisis file to a Case, or to all of its mistakes at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from foederis.diagnostics import CaseError, Diagnostic, Report
from foederis.language import asks, edit, evidence, play, source, stakes, world
from foederis.language.case import FILE_VERSION, Case, Turn
from foederis.language.reader import Reader
from foederis.language.shapes import CASE
from foederis.language.source import Mapping as MappingNode
from foederis.language.source import Node


def read_file(path: Path, *, name: str = "") -> Case:
    """The case in a file.

    Raises:
        CaseError: with every mistake found.
    """
    data = source.read_bytes(path)
    text = source.decode(data, path.name)
    case = read_text(text, filename=path.name, folder=path.parent, name=name or path.stem)
    return replace(case, sha256=hashlib.sha256(data).hexdigest())


def read_text(text: str, *, filename: str = "<text>", folder: Path | None = None, name: str = "") -> Case:
    """The case in a text; `folder` is where its sources' files lie.

    Raises:
        CaseError: with every mistake found.
    """
    report = Report()
    root = source.parse(text, report)
    if root is not None and not isinstance(root, MappingNode):
        report.add("F201", "a crisis file is a mapping of keys", None, "begin with `foederis: 1` and `title: …`")
    case = None
    if isinstance(root, MappingNode) and _version_is_known(root, report):
        case = _build(root, report, folder)
        if case is not None and not report.has_errors:
            case = replace(case, text=text, filename=filename, name=name, folder=folder,
                           sha256=hashlib.sha256(text.encode()).hexdigest())
            _check_whatifs(case, report, folder)
    if case is None or report.has_errors:
        raise CaseError(report.in_order(), text, filename)
    return replace(case, warnings=tuple(report.in_order()))


def change(case: Case, changes: Iterable[tuple[str, Node]], *, context: str = "") -> Case:
    """The case with some paths replaced, to be solved on the same draws.

    Raises:
        CaseError: unknown paths, or a file that means nothing once changed.
    """
    report = Report(context=context)
    assert case.root is not None
    root = edit.apply_changes(case.root, changes, report)
    changed = None if report.has_errors else _build(root, report, case.folder)
    if changed is None or report.has_errors:
        raise CaseError(report.in_order(), case.text, case.filename)
    return replace(changed, text=case.text, filename=case.filename, name=case.name, sha256=case.sha256,
                   folder=case.folder, draw_order=case.uncertain)


def parse_settings(settings: Iterable[str]) -> list[tuple[str, Node]]:
    """(path, node) pairs from `path=value` texts.

    Raises:
        CaseError: a text without a path or a value.
    """
    changes = []
    for setting in settings:
        report = Report(context=f"--set {setting}")
        path, sign, text = setting.partition("=")
        node = edit.parse_value(text, report) if sign and path.strip() else None
        if node is None:
            if not report.found:
                report.add("F114", "a change is written path=value", None, "as in `quantities.p_fall=30%`")
            raise CaseError(report.found)
        changes.append((path.strip(), node))
    return changes


def as_changes(changes: Mapping[str, Any]) -> list[tuple[str, Node]]:
    """(path, node) pairs from Python values: texts as one writes them in a file; lists and mappings as such."""
    texts = []
    for path, value in changes.items():
        text = value if isinstance(value, str) else str(value)
        if isinstance(value, bool):
            text = "yes" if value else "no"
        elif isinstance(value, (list, tuple, dict)):
            plain = list(value) if isinstance(value, tuple) else value
            text = yaml.safe_dump(plain, default_flow_style=True, width=10**6)
        texts.append(f"{path}={text}")
    return parse_settings(texts)


def _version_is_known(root: MappingNode, report: Report) -> bool:
    node = root.get("foederis")
    if node is None:
        report.add("F009", "this is not marked as a crisis file", root.span, f"begin with `foederis: {FILE_VERSION}`")
        return False
    if getattr(node, "text", None) != str(FILE_VERSION):
        cure = f"this version of Foederis reads version {FILE_VERSION}"
        report.add("F009", f"the file language has no version `{getattr(node, 'text', '…')}`", node.span, cure)
        return False
    return True


def _build(root: Node, report: Report, folder: Path | None) -> Case | None:
    """A case from nodes; None if something has no meaning (and the report says what)."""
    reader = Reader(report)
    entries = reader.keys(root, CASE, "the file")
    if "observed" in entries and not _is_empty_list(entries["observed"]):
        report.add("F210", "observations are not supported yet", entries["observed"].span, "remove `observed`")
    sources, texts = evidence.read_sources(reader, entries.get("sources"), folder)
    reader.reason = evidence.ReasonReader(reader, sources, texts).read
    clock = world.read_clock(reader, entries.get("clock"))
    variables = world.read_variables(reader, entries.get("state"))
    world.read_quantities(reader, entries.get("quantities"))
    reader.actors = tuple(key.text for key, _ in reader.items(entries.get("actors"), "`actors`"))
    exposures = stakes.Exposures(reader, entries.get("exposures"))
    actors = world.read_actors(reader, entries.get("actors"))
    facts = world.read_facts(reader, entries.get("facts"))
    _check_names(reader, root, report)
    ties = world.read_correlations(reader, entries.get("correlated"))
    held = exposures.read_all()
    treaties = stakes.read_treaties(reader, entries.get("treaties"))
    turns = play.read_turns(reader, entries.get("moves"), variables)
    events = play.read_events(reader, entries.get("events"), variables)
    interests = stakes.read_interests(reader, entries.get("interests"))
    by_name: dict[str, Turn] = {turn.name: turn for turn in turns}
    steps = clock.steps if clock else world.MAX_STEPS
    questions = asks.read_questions(reader, entries.get("questions"), by_name, steps)
    whatifs = asks.read_whatifs(reader, entries.get("whatifs"), by_name, steps)
    claims = asks.read_claims(reader, entries.get("claims"), questions, whatifs)
    order = world.order_quantities(reader)
    if not report.has_errors:
        world.check_correlations(reader, ties, entries.get("correlated"))
    if clock is None or report.has_errors:
        return None
    title = reader.text(entries.get("title"), "`title`")
    return Case(
        title, clock, actors, variables, facts, reader.quantities, order, ties, sources, treaties, held, turns,
        events, interests, questions, whatifs, claims, reader.numbers, root=root,
    )


def _is_empty_list(node: Node) -> bool:
    return isinstance(node, source.Sequence) and not node.items


def _check_names(reader: Reader, root: Node, report: Report) -> None:
    """Variables, facts and quantities share one space of names; turns and events another."""
    seen: dict[str, str] = {}
    for section in ("state", "facts", "quantities"):
        node = root.get(section) if isinstance(root, MappingNode) else None
        for key, _ in node.entries if isinstance(node, MappingNode) else ():
            if key.text in seen:
                report.add("F111", f"`{key.text}` stands under `{seen[key.text]}` and under `{section}`", key.span,
                           "give one of them another name")
            seen.setdefault(key.text, section)


def _check_whatifs(case: Case, report: Report, folder: Path | None) -> None:
    """Builds the case of every what-if, so that its mistakes are found together with the others."""
    for whatif in case.whatifs.values():
        inner = Report()
        assert case.root is not None
        root = edit.apply_changes(case.root, whatif.changes, inner)
        if not inner.has_errors:
            _build(root, inner, folder)
        for item in inner.in_order():
            if item.is_error:
                message = f"in the what-if `{whatif.name}`: {item.message}"
                report.found.append(Diagnostic(item.code, message, item.span, item.help))
        for move in whatif.imposed:
            if not inner.has_errors:
                _check_imposed(case, whatif.name, move.turn, move.option, report)


def _check_imposed(case: Case, whatif: str, turn: str, option: str, report: Report) -> None:
    if not any(t.name == turn and option in t.options for t in case.turns):
        report.add("F104", f"in the what-if `{whatif}`: {turn} has no option `{option}`")

"""From the text of a crisis file to a Case, or to all of its mistakes at once."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from foederis.diagnostics import CaseError, Diagnostic, Report, TooMany
from foederis.language import asks, edit, source
from foederis.language.build import build
from foederis.language.case import FILE_VERSION, Case
from foederis.language.evidence import without_files
from foederis.language.memory import Memory
from foederis.language.source import Mapping as MappingNode
from foederis.language.source import Node

# What the what-ifs of a file may cost: nodes of the file times what-ifs, and expressions that they compile anew.
MAX_VISITS = 3_000_000
MAX_REREAD = 30_000


def read_file(path: Path, *, name: str = "") -> Case:
    """The case in a file.

    Raises:
        CaseError: with every mistake found.
    """
    data = source.read_bytes(path)
    text = source.decode(data, path.name)
    case = read_text(text, filename=path.name, folder=path.parent, name=name or path.stem)
    return replace(case, sha256=hashlib.sha256(data).hexdigest())


def read_text(
    text: str, *, filename: str = "<text>", folder: Path | None = None, name: str = "", searched: bool = False
) -> Case:
    """The case in a text; `folder` is where its sources' files lie. Where they have been `searched` for quotes already,
    they are not looked at.

    Raises:
        CaseError: with every mistake found.
    """
    report = Report()
    case = None
    try:
        root = source.parse(text, report)
        if searched and isinstance(root, MappingNode):
            root = _with_quotes_searched(root)
        if isinstance(root, MappingNode) and _version_is_known(root, report):
            memory = Memory()
            case = build(root, report, folder, memory)
            memory.sealed = True
            if case is not None:
                _check_whatifs(case, report)
        elif root is not None and not isinstance(root, MappingNode):
            cure = f"begin with `foederis: {FILE_VERSION}` and `title: …`"
            report.add("F201", "a crisis file is a mapping of keys", root.span, cure)
    except TooMany:
        message = f"there are more than {len(report.found)} mistakes; the rest is not listed"
        report.found.append(Diagnostic("F010", message, help="mend those above and check again"))
    if case is None or report.has_errors:
        raise CaseError(report.in_order(), text, filename)
    return replace(
        case,
        text=text,
        filename=filename,
        name=name,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        warnings=tuple(report.in_order()),
    )


def _with_quotes_searched(root: MappingNode) -> MappingNode:
    key, sources = root.key("sources"), without_files(root.get("sources"))
    return root.with_entry(key, sources) if key is not None and sources is not None else root


def change(
    case: Case, changes: Iterable[tuple[str, Node]], *, context: str = "", places: tuple[source.Scalar, ...] = ()
) -> Case:
    """The case with some paths replaced, to be solved on the same draws. `places` is where each path itself stands, if
    it stands in a file.

    Raises:
        CaseError: unknown paths, or a file that means nothing once changed.
    """
    report = Report(context=context)
    changed = None
    with contextlib.suppress(TooMany):
        changed = _changed(case, changes, report, places)
    if changed is None or report.has_errors:
        raise CaseError(report.in_order(), case.text, case.filename)
    return replace(
        changed,
        text=case.text,
        filename=case.filename,
        name=case.name,
        sha256=case.sha256,
        draw_order=case.uncertain,
        news=case.news if len(changed.observed) == len(case.observed) else None,
    )


def parse_settings(settings: Iterable[str], *, context: str = "") -> list[tuple[str, Node]]:
    """(path, node) pairs from `path=value` texts.

    Args:
        context: where they come from, for messages; the option `--set` if empty.
    Raises:
        CaseError: a text without a path or a value.
    """
    changes = []
    for setting in settings:
        report = Report(context=context or f"--set {setting}")
        path, sign, text = setting.partition("=")
        node = edit.parse_value(text, report) if sign and path.strip() else None
        if node is None:
            if not report.found:
                report.add("F114", "a change is written path=value", None, "as in `quantities.p_fall=30%`")
            raise CaseError(report.found)
        changes.append((path.strip(), node))
    return changes


class Plain(yaml.SafeDumper):
    """Writes an object that stands in two places twice: crisis files have no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def as_changes(changes: Mapping[str, Any]) -> list[tuple[str, Node]]:
    """(path, node) pairs from Python values: texts as one writes them in a file; lists and mappings as such."""
    texts = []
    for path, value in changes.items():
        text = value if isinstance(value, str) else str(value)
        if isinstance(value, bool):
            text = "yes" if value else "no"
        elif isinstance(value, (list, tuple, dict)):
            plain = list(value) if isinstance(value, tuple) else value
            text = yaml.dump(plain, Dumper=Plain, default_flow_style=True, width=10**6, sort_keys=False)
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


def _changed(
    case: Case,
    changes: Iterable[tuple[str, Node]],
    report: Report,
    places: tuple[source.Scalar, ...] = (),
) -> Case | None:
    assert case.root is not None
    root = edit.apply_changes(case.root, changes, report, places)
    if report.has_errors or not (isinstance(root, MappingNode) and _version_is_known(root, report)):
        return None
    return build(root, report, case.folder, case.memory or Memory(), case)


def _check_whatifs(case: Case, report: Report) -> None:
    """Builds the case of every what-if, so that its mistakes are found together with the others."""
    assert case.root is not None
    visits = len(case.whatifs) * source.size(case.root)
    for whatif in case.whatifs.values():
        if visits > MAX_VISITS or (case.memory is not None and case.memory.reread > MAX_REREAD):
            message = f"{len(case.whatifs)} what-ifs are too many for a file of this size"
            report.add("F003", message, None, "put some of them into a file of their own, or use `--set`")
            return
        inner = Report()
        changed = _changed(case, whatif.changes, inner, whatif.places)
        if changed is not None:
            asks.check_imposed(whatif, changed.turns, changed.clock.steps, inner)
        for item in inner.in_order():
            if item.is_error:
                report.include(replace(item, message=f"in the what-if `{whatif.name}`: {item.message}"))

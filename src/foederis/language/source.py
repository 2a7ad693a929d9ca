"""YAML text to nodes that remember where they stand.

Scalars stay the text that the author wrote (`NO` is Norway, `010` is ten); what a scalar means is decided by
the place where it stands. Nodes are built from parser events by our own loop, so that depth, size, aliases
and duplicate keys are dealt with before anything is built.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from foederis.diagnostics import CaseError, Diagnostic, Report, Span, lines_of

MAX_BYTES = 2_000_000
MAX_NODES = 20_000
MAX_DEPTH = 100
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_SHORTEN = "a crisis file is short; keep data in files of its own and cite them"


@dataclass(frozen=True, slots=True)
class Scalar:
    """One piece of text; `style` is the quotation mark around it, `|` or `>` for a block, or nothing."""

    text: str
    span: Span
    style: str = ""

    def part(self, start: int, end: int) -> Span:
        """The span of characters start..end of the text, or of the whole scalar where that is unknowable."""
        span = self.span
        width = span.end_column - span.column
        offset = 1 if self.style in ("'", '"') else 0
        if span.line != span.end_line or width != len(self.text) + 2 * offset:
            return span
        end = max(end, start + 1)
        return Span(span.line, span.column + offset + start, span.line, span.column + offset + end)


@dataclass(frozen=True, slots=True)
class Mapping:
    entries: tuple[tuple[Scalar, Node], ...]
    span: Span

    def get(self, key: str) -> Node | None:
        return next((value for name, value in self.entries if name.text == key), None)

    def key(self, key: str) -> Scalar | None:
        return next((name for name, _ in self.entries if name.text == key), None)

    def with_entry(self, key: Scalar, value: Node) -> Mapping:
        """A copy with one entry replaced, or added at the end."""
        if self.get(key.text) is None:
            return Mapping((*self.entries, (key, value)), self.span)
        return Mapping(tuple((k, value if k.text == key.text else v) for k, v in self.entries), self.span)


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Node, ...]
    span: Span


Node = Scalar | Mapping | Sequence


def size(node: Node) -> int:
    """How many nodes a tree has."""
    if isinstance(node, Mapping):
        return 1 + sum(1 + size(value) for _, value in node.entries)
    return 1 + sum(map(size, node.items)) if isinstance(node, Sequence) else 1


def read_bytes(path: Path) -> bytes:
    """The bytes of a crisis file, or a CaseError that says why there are none."""
    shown = path.name
    if path.is_dir():
        raise CaseError([Diagnostic("F001", f"{path} is a folder", help="name a crisis file inside it")], "", shown)
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "cannot be read"
        raise CaseError([Diagnostic("F001", f"{path}: {reason}", help="check the path")], "", shown) from None


def decode(data: bytes, filename: str) -> str:
    """UTF-8 text of a crisis file; refuses what is too large or not text."""
    if len(data) > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES // 1_000_000} MB"
        raise CaseError([Diagnostic("F003", message, help=_SHORTEN)], "", filename)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"the file is not UTF-8 text (byte {error.start + 1}, line {line})"
        raise CaseError([Diagnostic("F002", message, help="save it as UTF-8")], "", filename) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse(text: str, report: Report) -> Node | None:
    """The root node of a one-document YAML text; mistakes go to the report, None if nothing can be built."""
    try:
        return _Builder(report).build(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        span = Span(mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2) if mark else None
        problem = error.problem or error.context or "not YAML"
        report.add("F005", f"this is not YAML: {problem}", span, _yaml_cure(problem))
    except yaml.YAMLError:
        report.add("F005", "this is not YAML: a character that YAML does not allow", _odd(text), "remove it")
    return None


def _odd(text: str) -> Span | None:
    """The place of the first character that may not stand in YAML."""
    for line, content in enumerate(lines_of(text), start=1):
        for column, character in enumerate(content, start=1):
            code = ord(character)
            if code in (0xFEFF, 0xFFFE, 0xFFFF, 0x7F) or (code < 0x20 and character != "\t") or 0x80 <= code < 0xA0:
                return Span(line, column, line, column + 1)
            if 0xD800 <= code < 0xE000:
                return Span(line, column, line, column + 1)
    return None


def _yaml_cure(problem: str) -> str:
    if "tab" in problem or "\\t" in problem or "cannot start any token" in problem:
        return "indent with spaces, not tabs, and put text that begins with @, %, ` or | in quotes"
    if "mapping values are not allowed" in problem:
        return "put text that contains `: ` in quotes, and check the indentation"
    if "expected ',' or" in problem or "flow" in problem:
        return "close every bracket, and put expressions with commas or `: ` in quotes"
    return "check indentation, quotes and brackets just before this place"


class _Stop(Exception):
    """Ends the building of nodes after a mistake that leaves no tree."""


class _Builder:
    def __init__(self, report: Report):
        self.report = report
        self.count = 0

    def build(self, text: str) -> Node | None:
        self.events = iter(yaml.parse(text, Loader=_LOADER))
        documents: list[Node] = []
        try:
            for event in self.events:
                if isinstance(event, yaml.DocumentStartEvent):
                    if documents:
                        self._fail("F005", "a crisis file is one document", event, "remove everything from `---` on")
                    documents.append(self._node(next(self.events), 0))
        except _Stop:
            return None
        root = documents[0] if documents else None
        if root is None or (isinstance(root, Scalar) and not root.text.strip()):
            self.report.add("F004", "the file is empty", None, "start from `foederis new NAME`")
            return None
        return root

    def _fail(self, code: str, message: str, event: Any, cure: str) -> None:
        self.report.add(code, message, _span(event.start_mark, event.end_mark), cure)
        raise _Stop

    def _node(self, event: Any, depth: int) -> Node:
        self.count += 1
        if self.count > MAX_NODES:
            self._fail("F003", f"the file has more than {MAX_NODES:,} entries", event, _SHORTEN)
        if depth > MAX_DEPTH:
            self._fail("F008", f"nested more than {MAX_DEPTH} deep", event, "flatten the file")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self._fail("F007", "anchors (&) and aliases (*) are not used in crisis files", event, "write it out")
        if getattr(event, "tag", None):
            cure = "remove the tag, or put text that begins with `!` in quotes"
            self._fail("F007", f"the tag {event.tag} is not used in crisis files", event, cure)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, depth)
        return Scalar(event.value, _span(event.start_mark, event.end_mark), event.style or "")

    def _mapping(self, start: Any, depth: int) -> Mapping:
        entries: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            value = self._node(next(self.events), depth + 1)
            if not isinstance(key, Scalar):
                self.report.add("F201", "a key must be a plain word", key.span, "put expressions in quotes")
            elif key.text in entries:
                first = entries[key.text][0].span.line
                cure = f"it stands in line {first} already; keep one of them"
                self.report.add("F006", f"the key `{key.text}` stands twice", key.span, cure)
            else:
                entries[key.text] = (key, value)
        return Mapping(tuple(entries.values()), _span(start.start_mark, event.end_mark))

    def _sequence(self, start: Any, depth: int) -> Sequence:
        items = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return Sequence(tuple(items), _span(start.start_mark, event.end_mark))


def _span(start: Any, end: Any) -> Span:
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)

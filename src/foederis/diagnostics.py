"""One kind of message for every mistake in a crisis file: where it is, what the author wrote, what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the author's text; lines and columns count from 1, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake (codes F...) or one warning (codes W...).

    `context` names the place where the text itself is not in the file, such as a what-if given on the
    command line.
    """

    code: str
    message: str
    span: Span | None = None
    help: str = ""
    context: str = ""

    @property
    def is_error(self) -> bool:
        return self.code.startswith("F")

    def to_json(self) -> dict[str, Any]:
        span = self.span
        place = None
        if span is not None:
            place = {"line": span.line, "column": span.column, "end_line": span.end_line, "end_column": span.end_column}
        return {
            "code": self.code,
            "severity": "error" if self.is_error else "warning",
            "message": self.message,
            "span": place,
            "help": self.help,
            "context": self.context,
        }


class CaseError(Exception):
    """A crisis file (or a change to one) that means nothing as it stands; carries every mistake found."""

    def __init__(self, diagnostics: Iterable[Diagnostic], source: str = "", filename: str = ""):
        self.diagnostics = tuple(diagnostics)
        self.source = source
        self.filename = filename
        super().__init__(str(self))

    def __str__(self) -> str:
        return render_all(self.diagnostics, self.source, self.filename)


@dataclass
class Report:
    """Collects diagnostics while a file is read; the same mistake at the same place is kept once."""

    found: list[Diagnostic] = field(default_factory=list)
    context: str = ""
    _seen: set[tuple[str, str, Span | None]] = field(default_factory=set)

    def add(self, code: str, message: str, span: Span | None = None, help: str = "") -> None:
        key = (code, message, span)
        if key not in self._seen:
            self._seen.add(key)
            self.found.append(Diagnostic(code, message, span, help, self.context))

    @property
    def has_errors(self) -> bool:
        return any(item.is_error for item in self.found)

    def in_order(self) -> list[Diagnostic]:
        """Errors and warnings in the order of the file; those without a place come first."""
        return sorted(self.found, key=lambda item: (item.span.line, item.span.column) if item.span else (0, 0))


def nearest(name: str, known: Iterable[str]) -> str:
    """The help line that names the closest known word, or the known words when they are few."""
    words = sorted(set(known))
    close = difflib.get_close_matches(name, words, n=1, cutoff=0.6)
    if not close:
        folded = {word.casefold(): word for word in words}
        close = [folded[name.casefold()]] if name.casefold() in folded else []
    if close:
        return f"did you mean `{close[0]}`?"
    if 0 < len(words) <= 8:
        return "known here: " + ", ".join(f"`{word}`" for word in words)
    return ""


def render(item: Diagnostic, source: str, filename: str) -> str:
    """One diagnostic as text, with the author's line and a mark under the mistake."""
    lines = [f"{'error' if item.is_error else 'warning'}[{item.code}]: {item.message}"]
    margin = " "
    if item.context:
        lines.append(f"  --> {item.context}")
    if item.span is not None and not item.context:
        span = item.span
        margin = " " * len(str(span.line))
        lines.append(f" {margin}--> {filename}:{span.line}:{span.column}")
        text = source.splitlines()[span.line - 1 : span.line]
        if text:
            lines += _marked_line(text[0], span, margin)
    if item.help:
        lines.append(f" {margin} = help: {item.help}")
    return "\n".join(lines)


def _marked_line(text: str, span: Span, margin: str) -> list[str]:
    """The author's line, cut to a window around the mistake where it is very long."""
    start = span.column - 1
    end = span.end_column - 1 if span.end_line == span.line else len(text)
    cut = 0
    if len(text) > 160:
        cut = max(0, start - 60)
        text = ("…" if cut else "") + text[cut : cut + 140] + "…"
        start, end = start - cut + (1 if cut else 0), end - cut + (1 if cut else 0)
    width = max(1, min(end, len(text)) - start)
    printable = "".join(c if c.isprintable() or c == "\t" else "·" for c in text).replace("\t", " ")
    return [f" {margin} |", f" {span.line} | {printable}", f" {margin} | {' ' * start}{'^' * width}"]


def render_all(items: Iterable[Diagnostic], source: str, filename: str) -> str:
    return "\n\n".join(render(item, source, filename) for item in items)

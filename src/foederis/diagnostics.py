"""One kind of message for every mistake in a crisis file: where it is, what the author wrote, what to do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

MOST = 200  # mistakes reported of one file
_LONGEST = 400  # characters of a message
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # where YAML ends a line


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


class ResidualError(Exception):
    """A solution that its own check does not accept."""


class CaseError(Exception):
    """A crisis file (or a change to one) that means nothing as it stands; carries every mistake found."""

    def __init__(self, diagnostics: Iterable[Diagnostic], source: str = "", filename: str = ""):
        self.diagnostics = tuple(diagnostics)
        self.source = source
        self.filename = filename
        super().__init__(self.diagnostics, source, filename)

    def __str__(self) -> str:
        return render_all(self.diagnostics, self.source, self.filename)


class TooMany(Exception):
    """Ends the reading of a file in which almost everything is wrong."""


@dataclass
class Report:
    """Collects diagnostics while a file is read; the same mistake at the same place is kept once."""

    found: list[Diagnostic] = field(default_factory=list)
    context: str = ""
    _seen: set[tuple[str, str, Span | None]] = field(default_factory=set)

    def add(self, code: str, message: str, span: Span | None = None, help: str = "") -> None:
        """Notes a mistake.

        Raises:
            TooMany: the file has MOST mistakes already.
        """
        self.include(Diagnostic(code, legible(message), span, legible(help), self.context))

    def include(self, item: Diagnostic) -> None:
        """As add, for a mistake that was noted elsewhere."""
        key = (item.code, item.message, item.span)
        if key in self._seen:
            return
        if len(self.found) >= MOST:
            raise TooMany
        self._seen.add(key)
        self.found.append(item)

    @property
    def has_errors(self) -> bool:
        return any(item.is_error for item in self.found)

    def in_order(self) -> list[Diagnostic]:
        """Errors and warnings in the order of the file; those without a place come first."""
        return sorted(self.found, key=lambda item: (item.span.line, item.span.column) if item.span else (0, 0))


def legible(text: str) -> str:
    """One line of printable text, whatever the author's own words in it hold; cut in the middle if very long."""
    plain = "".join(c if c.isprintable() else "·" for c in " ".join(text.split()))
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 101]} … {plain[-98:]}"


def lines_of(text: str) -> list[str]:
    """The lines of a text, as YAML counts them."""
    return _LINE_BREAK.split(text)


def nearest(name: str, known: Iterable[str]) -> str:
    """The help line that names the closest known word, or the known words where none is close."""
    words = set(known)
    close = close_to(name, words)
    if close:
        return f"did you mean `{close}`?"
    listed = ", ".join(f"`{word}`" for word in sorted(words)[:8])
    if not words:
        return "none are listed in this file"
    return f"known here: {listed}" + (f" and {len(words) - 8} more" if len(words) > 8 else "")


def close_to(name: str, known: Iterable[str]) -> str:
    """The known word that is most like a name; empty where none is."""
    words = set(known)
    same = sorted(word for word in words if word.casefold() == name.casefold())
    found = same or difflib.get_close_matches(name, _alike(name, words), n=1, cutoff=0.6)
    return found[0] if found else ""


def _alike(name: str, words: Iterable[str]) -> list[str]:
    """The words worth a closer look, in alphabetical order: a file may have thousands of them."""
    if not name:
        return []
    room = max(2, len(name) // 2)
    ends = {name[0], name[-1]}
    alike = [w for w in words if w and abs(len(w) - len(name)) <= room and (w[0] in ends or w[-1] in ends)]
    return sorted(alike)[:300]


def explanation(code: str) -> str:
    """The page of a code, in Markdown: what its message means, with an example and its cure.

    Args:
        code: as in F104, in capitals or not.
    Raises:
        LookupError: no message has this code; its text says which may be meant.
    """
    folder = resources.files("foederis").joinpath("pages")
    pages = {page.name[:-3]: page for page in folder.iterdir() if page.name.endswith(".md")}
    wanted = code.strip().strip("[]").upper()
    if wanted not in pages:
        cure = nearest(wanted, pages) or f"codes run from {min(pages)} to {max(pages)}"
        raise LookupError(f"there is no message `{code}`: {cure}")
    return pages[wanted].read_text(encoding="utf-8")


def render(item: Diagnostic, source: str, filename: str) -> str:
    """One diagnostic as text, with the author's line and a mark under the mistake."""
    return _render(item, lines_of(source), filename)


def render_all(items: Iterable[Diagnostic], source: str, filename: str) -> str:
    lines = lines_of(source)
    return "\n\n".join(_render(item, lines, filename) for item in items)


def _render(item: Diagnostic, source: list[str], filename: str) -> str:
    lines = [f"{'error' if item.is_error else 'warning'}[{item.code}]: {item.message}"]
    span = item.span if not item.context else None
    margin = " " * len(str(span.line)) if span else " "
    place = f"{filename}:{span.line}:{span.column}" if span else item.context or filename
    if place:
        lines.append(f"{margin}--> {place}")
    if span and span.line <= len(source):
        lines += _marked_line(source[span.line - 1], span, margin)
    if item.help:
        lines.append(f"{margin} = help: {item.help}")
    return "\n".join(lines)


def _marked_line(text: str, span: Span, margin: str) -> list[str]:
    """The author's line with a mark under the mistake, cut to a window around it where it is very long."""
    start = min(span.column - 1, len(text))
    end = min(span.end_column - 1 if span.end_line == span.line else len(text), len(text))
    cut = max(0, start - 60) if len(text) > 160 else 0
    shown = text[cut : cut + 140] if len(text) > 160 else text
    shown = "".join(c if c.isprintable() else " " if c == "\t" else "·" for c in shown)
    before, after = "…" if cut else "", "…" if cut + len(shown) < len(text) else ""
    width = max(1, min(end - cut, len(shown)) - (start - cut))
    mark = " " * (len(before) + start - cut) + "^" * width
    return [f"{margin} |", f"{span.line} | {before}{shown}{after}", f"{margin} | {mark}"]

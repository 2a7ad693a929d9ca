"""Reads nodes by their shapes: keys known and present, names and words well formed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from foederis.diagnostics import Report, Span, nearest
from foederis.language.shapes import Shape
from foederis.language.source import Mapping as MappingNode
from foederis.language.source import Node, Scalar, Sequence
from foederis.language.syntax import FLAG_WORDS, RESERVED

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_INTEGER = re.compile(r"[+-]?[0-9]+(_[0-9]+)*\Z")


@dataclass
class Forms:
    """Reads what any part of the file may hold, and reports what is not well formed."""

    report: Report

    def keys(self, node: Node | None, shape: Shape, where: str) -> dict[str, Node]:
        """The entries of a mapping by key, after reporting unknown and missing ones."""
        entries: dict[str, Node] = {}
        if node is None or is_empty(node):
            pass
        elif isinstance(node, MappingNode):
            entries = self._known_entries(node, shape, where)
        elif shape.short:
            return {shape.short: node}
        else:
            self.report.add("F201", f"{where} must be a mapping of keys", node.span, "as in `key: value`")
            return {}
        missing = [key for key, spec in shape.keys.items() if spec.required and key not in entries]
        if missing:
            *most, last = [f"`{key}`" for key in missing]
            named = f"{', '.join(most)} and {last}" if most else last
            cure = "; ".join(f"`{key}`: {shape.keys[key].doc}" for key in missing[:2])
            self.report.add("F202", f"{where} lacks {named}", node.span if node else None, cure)
        return entries

    def _known_entries(self, node: MappingNode, shape: Shape, where: str) -> dict[str, Node]:
        entries = {}
        torn = False
        for key, value in node.entries:
            spec = shape.keys.get(key.text)
            if spec is not None:
                optional = spec.form == "text" and not spec.required
                if not optional or self._is_text(value, f"`{key.text}` of {where}"):
                    entries[key.text] = value
            elif not (torn and ")" in key.text) and not self.is_rest(key):
                self.report.add("F101", f"{where} has no key `{key.text}`", key.span, nearest(key.text, shape.keys))
            torn = is_open(value) and not (spec is not None and spec.form == "text")
        return entries

    def _is_text(self, node: Node, where: str) -> bool:
        """Whether a text stands here; one that is left empty is as good as none."""
        return not is_empty(node) and self.scalar(node, where) is not None

    def is_rest(self, key: Scalar) -> bool:
        """Whether a key is the rest of an expression that a comma or colon tore apart; reports it."""
        if key.text.count("(") == key.text.count(")") and "," not in key.text:
            return False
        cure = "inside {…} a comma or `: ` ends the value: put the whole expression in quotes"
        self.report.add("F204", f"`{key.text}` is not a key but the rest of an expression", key.span, cure)
        return True

    def items(self, node: Node | None, where: str) -> list[tuple[Scalar, Node]]:
        """The entries of a mapping whose keys are names that the author chose."""
        if node is None or is_empty(node):
            return []
        if not isinstance(node, MappingNode):
            self.report.add("F201", f"{where} must be a mapping of names", node.span, "as in `name: …`")
            return []
        found, torn = [], False
        for key, value in node.entries:
            # What follows an expression that a comma tore apart is its rest, and reported with it.
            if not (torn and ")" in key.text) and self.check_name(key):
                found.append((key, value))
            torn = is_open(value)
        return found

    def sequence(self, node: Node | None, where: str) -> tuple[Node, ...]:
        if node is None or is_empty(node):
            return ()
        if isinstance(node, Sequence):
            return node.items
        self.report.add("F201", f"{where} must be a list", node.span, "as in `[a, b]`, or lines that begin with `- `")
        return ()

    def check_name(self, key: Scalar) -> bool:
        """Whether a key can be a name; reports why not."""
        if key.text in FLAG_WORDS:
            cure = "choose another name; capitals count, so `NO` is one"
            self.report.add("F112", f"`{key.text}` is for yes/no facts and cannot be a name", key.span, cure)
        elif key.text in RESERVED:
            self.report.add("F112", f"`{key.text}` is a word of the language", key.span, "choose another name")
        elif not _NAME.match(key.text):
            if not self.is_rest(key):
                plain = unicodedata.normalize("NFKD", key.text.replace("ß", "ss"))
                plain = "".join(character for character in plain if not unicodedata.combining(character))
                suggestion = re.sub(r"\W+", "_", plain, flags=re.ASCII).strip("_")
                fits = _NAME.match(suggestion) and suggestion not in RESERVED
                cure = f"write `{suggestion}`" if fits else "use the letters a-z, digits and _, and begin with a letter"
                self.report.add("F112", f"`{key.text}` cannot be a name", key.span, cure)
        else:
            return True
        return False

    def scalar(self, node: Node | None, where: str) -> Scalar | None:
        if isinstance(node, Scalar) and not is_empty(node):
            return node
        if node is not None:
            message = f"{where} needs a value" if is_empty(node) else f"{where} must be one value"
            self.report.add("F201", message, node.span, "write it after the colon")
        return None

    def text(self, node: Node | None, where: str) -> str:
        found = self.scalar(node, where)
        return " ".join(found.text.split()) if found else ""

    def word(
        self, node: Node | None, where: str, known: Collection[str], code: str = "F116", what: str = ""
    ) -> str | None:
        """A word that must be one of a known set: of names of one kind (`what`), or of words of the language."""
        found = self.scalar(node, where)
        if found is None:
            return None
        if found.text in known:
            return found.text
        message = f"there is no {what} `{found.text}`" if what else f"{where} cannot be `{found.text}`"
        self.report.add(code, message, found.span, nearest(found.text, known))
        return None

    def integer(self, node: Node | None, where: str, low: int, high: int) -> int | None:
        found = self.scalar(node, where)
        if found is None:
            return None
        short = len(found.text) < 20
        value = int(found.text.replace("_", "")) if short and _INTEGER.match(found.text) else None
        if value is None or not low <= value <= high:
            cure = "write a plain number in digits" if value is None else f"{low} is the least, {high} the most"
            self.report.add("F213", f"{where} must be a whole number from {low} to {high}", found.span, cure)
            return None
        return value

    def names(self, node: Node | None, where: str) -> list[Scalar]:
        found = [self.scalar(item, where) for item in self.sequence(node, where)]
        return [item for item in found if item is not None]

    def words(self, node: Node, where: str, known: Collection[str]) -> list[str]:
        """A list of words, each one of a known set of words of the language."""
        found = [self.word(item, where, known) for item in self.names(node, where)]
        return [word for word in found if word is not None]


def is_empty(node: Node) -> bool:
    """Whether nothing stands here: no text, and no quotes around it."""
    return isinstance(node, Scalar) and not node.text.strip() and node.style not in ("'", '"')


def is_open(node: Node) -> bool:
    """Whether an expression has parentheses that are not closed."""
    return isinstance(node, Scalar) and node.text.count("(") > node.text.count(")")


def value_span(node: Node) -> Span:
    """Where the number itself stands, in either way of writing it."""
    inner = node.get("value") if isinstance(node, MappingNode) else None
    return (inner or node).span

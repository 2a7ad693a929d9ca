"""A text changed at the places where its tree of nodes differs from the one that is wanted; the rest stays as it is.

What comes out is read again, and is only given back if its tree is the wanted one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from foederis.diagnostics import Report, lines_of
from foederis.language.forms import is_empty
from foederis.language.source import Mapping, Node, Scalar, Sequence, parse
from foederis.web import writing
from foederis.web.plain import Refusal

# Where a change cannot be made in its own place, what holds it is written anew: at most an item of a section.
_LEAST_DEPTH, _MOST_DEPTH = 2, 12
Replacement = tuple[int, int, str]  # from, to (characters of the text), and what is to stand there


def same(one: Node | None, other: Node | None) -> bool:
    """Whether two trees say the same, however they are written."""
    if one is other:
        return True
    if isinstance(one, Scalar) and isinstance(other, Scalar):
        return one.text == other.text and is_empty(one) == is_empty(other)
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return len(one.entries) == len(other.entries) and all(
            a.text == b.text and same(x, y) for (a, x), (b, y) in zip(one.entries, other.entries, strict=True)
        )
    if isinstance(one, Sequence) and isinstance(other, Sequence):
        return len(one.items) == len(other.items) and all(map(same, one.items, other.items))
    return False


def edited(text: str, root: Mapping, wanted: Node) -> str:
    """The text with its tree changed from `root` to `wanted`.

    Args:
        text: with plain line breaks and without a byte-order mark, as `root` was read from.
    Raises:
        Refusal: there is no way to write this that leaves the rest of the file alone.
    """
    for depth in range(_MOST_DEPTH, _LEAST_DEPTH - 1, -1):
        found = replaced(text, list(_Differences(text, depth).between(root, wanted, 0)))
        if same(parse(found, Report()), wanted):
            return found
    raise Refusal(422, "this change cannot be written into the text", "make it in the editor")


def replaced(text: str, replacements: list[Replacement]) -> str:
    """The text with stretches replaced; they do not overlap."""
    for start, end, new in sorted(replacements, reverse=True):
        text = text[:start] + new + text[end:]
    return text


class Places:
    """Where nodes stand in a text, in characters from its start."""

    def __init__(self, text: str):
        self.text = text
        lengths = (len(line) + 1 for line in lines_of(text))
        self.lines = [0, *accumulate(lengths)]

    def at(self, line: int, column: int) -> int:
        """The place of a line and a column, both from 1."""
        return min(self.lines[line - 1] + column - 1, len(self.text)) if line <= len(self.lines) else len(self.text)

    def start(self, node: Node) -> int:
        return self.at(node.span.line, node.span.column)

    def end(self, node: Node) -> int:
        """Behind the last character that says something: blocks do not end with comments and empty lines."""
        if isinstance(node, Scalar):
            start, end = self.start(node), self.at(node.span.end_line, node.span.end_column)
            return start + len(self.text[start:end].rstrip()) if node.style in ("|", ">") else end
        if self.is_flow(node):
            return self.at(node.span.end_line, node.span.end_column)
        last = node.entries[-1][1] if isinstance(node, Mapping) else node.items[-1]
        return self.end(last)

    def is_flow(self, node: Node) -> bool:
        """Whether a collection stands in brackets."""
        first = self.text[self.start(node) : self.start(node) + 1]
        return not isinstance(node, Scalar) and first == ("{" if isinstance(node, Mapping) else "[")

    def end_of_line(self, place: int) -> int:
        found = self.text.find("\n", place)
        return len(self.text) if found < 0 else found


class _Differences:
    """The stretches of a text to be replaced. Below `depth`, nodes are replaced as a whole."""

    def __init__(self, text: str, depth: int):
        self.text = text
        self.depth = depth
        self.places = Places(text)

    def between(
        self, old: Node, new: Node, depth: int, within: bool = False, key: Scalar | None = None
    ) -> Iterator[Replacement]:
        """Args: `within` says whether what holds the node stands in brackets; `key` is where it hangs, if at one."""
        if same(old, new):
            return
        inside = within or self.places.is_flow(old)
        if depth < self.depth and isinstance(old, Mapping) and isinstance(new, Mapping) and _begins(old, new):
            for (name, before), (_, after) in zip(old.entries, new.entries, strict=False):
                yield from self.between(before, after, depth + 1, inside, name)
            if len(new.entries) > len(old.entries):
                yield self._added(old, new, inside)
        elif depth < self.depth and isinstance(old, Sequence) and isinstance(new, Sequence) and _is_longer(old, new):
            for before, after in zip(old.items, new.items, strict=False):
                yield from self.between(before, after, depth + 1, inside)
            if len(new.items) > len(old.items):
                yield self._appended(old, new, inside)
        else:
            yield self._instead(old, new, within, key)

    def _instead(self, old: Node, new: Node, within: bool, key: Scalar | None) -> Replacement:
        """A node in the place of another."""
        start, end = self.places.start(old), self.places.end(old)
        if within:
            return start, end, self._gap(old, start) + writing.flow(new)
        if key is None:
            return start, end, self._gap(old, start) + writing.block(new, old.span.column - 1)
        colon = self.places.at(key.span.end_line, key.span.end_column)
        between = self.text[colon:start]
        if between.strip() != ":":  # a comment stands there
            return start, end, writing.value(new)
        column = key.span.column - 1
        line = writing.entry(key, new, column, lines=column == 0)
        if "\n" in line:
            return colon, end, line[line.index("\n") - 1 :]
        return colon, end, (": " if between == ":" or "\n" in between else between) + writing.value(new)

    def _gap(self, old: Node, start: int) -> str:
        """What has to stand before a node where none stood."""
        if not (isinstance(old, Scalar) and is_empty(old)) or self.text[:start].endswith((" ", "[", "\n")):
            return ""
        return " " if self.text[:start].endswith((":", "-", ",")) else ": "

    def _added(self, old: Mapping, new: Mapping, within: bool) -> Replacement:
        """Entries at the end of a mapping."""
        more = new.entries[len(old.entries) :]
        end = self.places.end(old.entries[-1][1])
        if within:
            return end, end, "".join(f", {writing.pair(name, item)}" for name, item in more)
        column = old.entries[0][0].span.column - 1
        last = old.entries[-1][1]
        lines = column == 0 or not (isinstance(last, Scalar) or self.places.is_flow(last))
        pad = "\n" + " " * column
        place = self.places.end_of_line(end)
        if column == 0:  # a section: at the end of the file, and apart from the others if they stand apart
            place = len(self.text.rstrip())
            pad = "\n\n" if "\n\n" in self.text else "\n"
        return place, place, "".join(pad + writing.entry(name, item, column, lines=lines) for name, item in more)

    def _appended(self, old: Sequence, new: Sequence, within: bool) -> Replacement:
        """Items at the end of a list."""
        more = new.items[len(old.items) :]
        end = self.places.end(old.items[-1])
        if within:
            return end, end, "".join(f", {writing.flow(item)}" for item in more)
        place = self.places.end_of_line(end)
        column = old.span.column - 1
        pad = "\n" + " " * column
        return place, place, pad + writing.block(Sequence(more, old.span), column)


def _begins(old: Mapping, new: Mapping) -> bool:
    """Whether the new one has the keys of the old one, and then perhaps more."""
    keys = [key.text for key, _ in old.entries]
    return bool(keys) and keys == [key.text for key, _ in new.entries[: len(keys)]]


def _is_longer(old: Sequence, new: Sequence) -> bool:
    return 0 < len(old.items) <= len(new.items)

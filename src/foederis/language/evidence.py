"""Sources and reasons: what the numbers of a case rest on, and whether the quotes are really there."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import Path

from foederis.diagnostics import Report, nearest
from foederis.language.case import Because, Reasons, Source
from foederis.language.forms import Forms, is_empty
from foederis.language.quantities import literal
from foederis.language.shapes import BECAUSE, CREDIBILITY, RELIABILITY, SOURCE
from foederis.language.source import MAX_BYTES, Node, Sequence
from foederis.language.source import Mapping as MappingNode

_DETAILS = ("author", "date", "url", "file", "note")
_RELIABILITY = "A (completely reliable), B, C, D, E (unreliable) or F (cannot be judged)"
_CREDIBILITY = "1 (confirmed), 2, 3, 4, 5 (improbable) or 6 (cannot be judged)"
_TYPOGRAPHY = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "\u00a0": " "})


def read_sources(reader: Forms, node: Node | None, folder: Path | None) -> tuple[dict[str, Source], dict[str, str]]:
    """The sources by name, and the text of those that name a local file."""
    sources, texts = {}, {}
    for key, item in reader.items(node, "`sources`"):
        entries = reader.keys(item, SOURCE, f"the source `{key.text}`")
        details = {name: reader.text(entries[name], f"`{name}`") for name in _DETAILS if name in entries}
        reliability = reader.text(entries["reliability"], "`reliability`") if "reliability" in entries else ""
        if reliability and reliability not in RELIABILITY:
            message = f"`{reliability}` is no reliability of a source"
            reader.report.add("F503", message, entries["reliability"].span, _RELIABILITY)
        title = reader.text(entries["title"], "`title`") if "title" in entries else ""
        believed = read_believed(reader, entries["believed"]) if "believed" in entries else None
        sources[key.text] = Source(key.text, title, reliability, details, believed)
        if "file" in entries:
            text = _read_file(reader.report, entries["file"], details["file"], folder)
            if text is not None:
                texts[key.text] = normalise(text)
    return sources, texts


def without_files(sources: Node | None) -> Node | None:
    """The sources as they stand, but for the files that quotes are searched in."""
    if not isinstance(sources, MappingNode):
        return sources
    bare = tuple(
        (key, MappingNode(tuple(e for e in item.entries if e[0].text != "file"), item.span))
        if isinstance(item, MappingNode)
        else (key, item)
        for key, item in sources.entries
    )
    return MappingNode(bare, sources.span)


def read_believed(reader: Forms, node: Node) -> float | None:
    """How likely a report is true: a number above 0 and at most 1."""
    found = reader.scalar(node, "`believed`")
    if found is None:
        return None
    value = literal(found)
    if value is None or not 0 < value <= 1:
        cure = "a percentage above 0 %, as in `believed: 70%`"
        reader.report.add("F334", f"`{found.text}` is not how likely a report is true", found.span, cure)
        return None
    return value


def _read_file(report: Report, node: Node, name: str, folder: Path | None) -> str | None:
    """The text of a source's file; it must lie in the folder of the crisis file or below."""
    if folder is None:
        message = f"the file `{name}` cannot be found for a case without a folder"
        report.add("F502", message, node.span, "save the case beside its sources")
        return None
    try:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            message = f"the file `{name}` lies outside the folder of the case"
            report.add("F502", message, node.span, "copy it into the folder")
            return None
        if not path.is_file():  # to open a pipe takes until somebody writes into it
            raise FileNotFoundError
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            report.add("F502", f"the file `{name}` is too large to search", node.span, "cite a plain text extract")
            return None
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        report.add("F502", f"the file `{name}` is not UTF-8 text", node.span, "cite a plain text extract")
    except (OSError, ValueError, RuntimeError):
        report.add("F502", f"there is no readable file `{name}` beside the case", node.span, "check its name")
    return None


def normalise(text: str) -> str:
    """Text for comparison: case, line breaks and the shape of quotation marks and dashes do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY).casefold().split())


class ReasonReader:
    """Reads `because`, with the sources at hand."""

    def __init__(self, reader: Forms, sources: Mapping[str, Source], texts: Mapping[str, str]):
        self.reader, self.sources, self.texts = reader, sources, texts

    def read(self, node: Node | None) -> Reasons:
        if node is None or is_empty(node):
            return ()
        parts = node.items if isinstance(node, Sequence) else (node,)
        return tuple(self._one(part) for part in parts)

    def _one(self, node: Node) -> Because:
        reader = self.reader
        entries = reader.keys(node, BECAUSE, "a reason")
        source = None
        if "source" in entries:
            found = reader.scalar(entries["source"], "`source`")
            source = found.text if found else None
            if found is not None and found.text not in self.sources:
                cure = nearest(found.text, self.sources) if self.sources else "list it under `sources`"
                reader.report.add("F110", f"there is no source `{found.text}`", found.span, cure)
        where, says, quote = (
            reader.text(entries[name], f"`{name}`") if name in entries else "" for name in ("where", "says", "quote")
        )
        if quote and source is not None and source in self.texts and normalise(quote) not in self.texts[source]:
            file = self.sources[source].details.get("file", "")
            cure = "copy it letter by letter, or say it in your own words under `says`"
            reader.report.add("F501", f"this quote is not in {file}", entries["quote"].span, cure)
        return Because(source, where, says, quote, credibility(reader, entries.get("credibility")))


def credibility(reader: Forms, node: Node | None) -> int | None:
    """The Admiralty code's credibility of a piece of information, 1 to 6."""
    if node is None:
        return None
    found = reader.scalar(node, "`credibility`")
    if found is None:
        return None
    if found.text not in CREDIBILITY:
        reader.report.add("F503", f"`{found.text}` is no credibility", found.span, _CREDIBILITY)
        return None
    return int(found.text)

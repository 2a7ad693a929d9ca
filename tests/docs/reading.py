"""Takes the documents apart: sections, tables, fenced blocks, the commands in them."""

from __future__ import annotations

import os
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
README, USING, LANGUAGE, METHOD = ROOT / "README.md", DOCS / "using.md", DOCS / "language.md", DOCS / "method.md"
REWRITE = bool(os.environ.get("FOEDERIS_REWRITE"))


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def blocks(path: Path, language: str) -> list[str]:
    """The fenced blocks of a document that are in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text_of(path), re.DOTALL | re.MULTILINE)


def without_blocks(path: Path) -> str:
    return re.sub(r"(?ms)^```.*?^```", "", text_of(path))


def commands(path: Path) -> list[str]:
    """What a reader is told to type."""
    return [line for block in blocks(path, "sh") for line in block.splitlines() if line]


def section(path: Path, title: str) -> str:
    """What stands under a heading, up to the next heading of its own rank or a higher one."""
    found = re.search(rf"^(#+) {title}$\n(.*)\Z", text_of(path), re.DOTALL | re.MULTILINE)
    assert found, f"{path.name} has no heading {title}"
    return re.split(rf"^#{{1,{len(found.group(1))}}} ", found.group(2), flags=re.MULTILINE)[0]


def said(path: Path, title: str) -> str:
    """A section as one line."""
    return " ".join(section(path, title).split())


def rows(text: str) -> list[list[str]]:
    """The cells of the tables in a text, heads left out."""
    lines = re.findall(r"^\|(.*)\|$", text.replace(r"\|", "¦"), re.MULTILINE)
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    rules = {place for place, row in enumerate(cells) if set("".join(row)) == {"-"}}
    return [row for place, row in enumerate(cells) if place not in rules and place + 1 not in rules]


def in_code(text: str) -> list[str]:
    """The single words that are set as code."""
    return re.findall(r"`(\w+)`", text)


[EXAMPLE] = blocks(README, "yaml")
[WHOSE_WORD] = blocks(LANGUAGE, "yml")  # a file of its own, apart from those that are one
STRAIT = "\n".join(blocks(LANGUAGE, "yaml"))

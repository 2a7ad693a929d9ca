"""Every code and every dependency is listed, and links lead somewhere.

To write the table of codes anew: FOEDERIS_REWRITE=1 pytest tests/docs
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.docs.reading import DOCS, README, REWRITE, ROOT, rows, section, text_of, without_blocks

PAGES = ROOT / "src" / "foederis" / "pages"
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.glob("*.md")), *sorted((ROOT / "src").rglob("README.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")


def test_every_code_is_listed() -> None:
    titles = {page.stem: text_of(page).splitlines()[0].partition(": ")[2] for page in sorted(PAGES.glob("*.md"))}
    path = DOCS / "errors.md"
    if REWRITE:
        path.write_text(with_codes(text_of(path), titles), encoding="utf-8")
    listed = {re.sub(r"\[(\w+)\].*", r"\1", row[0]): row[1] for row in rows(text_of(path))}
    assert listed == titles


def with_codes(text: str, titles: dict[str, str]) -> str:
    """The page with the table of each heading that ends in `(F1…)` made anew."""
    parts = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    for place, part in enumerate(parts):
        if group := re.match(r"## .*\((\w\d)…\)", part):
            codes = [code for code in titles if code.startswith(group[1])]
            lines = [f"| [{code}](../src/foederis/pages/{code}.md) | {titles[code]} |" for code in codes]
            parts[place] = "\n".join([group[0], "", "| Code | |", "|---|---|", *lines, "", ""])
    return "".join(parts).strip() + "\n"


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    named = [row[0].strip("`") for row in rows(section(DOCS / "design-notes.md", "Dependencies"))]
    needed = [re.sub(r"[^\w-].*", "", requirement) for requirement in project["dependencies"]]
    assert sorted(named) == sorted([*needed, *project["optional-dependencies"]])


def anchors(path: Path) -> set[str]:
    """The anchors that headings get: small letters, spaces as dashes, other signs left out."""
    heads = re.findall(r"^#+ (.*)$", without_blocks(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    for link in LINK.findall(without_blocks(path)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.is_relative_to(ROOT), link
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_document_can_be_reached_from_the_readme() -> None:
    linked = {link.partition("#")[0] for link in LINK.findall(text_of(README))}
    # Pictures stand in a page that can be reached.
    linked |= {
        f"docs/{link}" for page in DOCS.glob("*.md") for link in LINK.findall(text_of(page)) if link.endswith(".svg")
    }
    assert {f"docs/{path.name}" for path in DOCS.iterdir()} <= linked

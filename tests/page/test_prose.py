"""Pages of codes are taken apart without losing a word."""

from __future__ import annotations

import re
from importlib import resources

from tests.page.conftest import Ask

PAGES = [page.read_text(encoding="utf-8") for page in resources.files("foederis").joinpath("pages").iterdir()]


def test_every_page_of_a_code_is_shown_whole(ask: Ask) -> None:
    assert PAGES
    for page, blocks in zip(PAGES, ask([["blocksOf", page] for page in PAGES]), strict=True):
        shown = [text for block in blocks for text in block.get("items", [block.get("text")])]
        parts = re.split(r"^```\w*\n(.*?)^```$", page, flags=re.DOTALL | re.MULTILINE)
        parts[::2] = [re.sub(r"^(#+ |- )", "", part, flags=re.MULTILINE) for part in parts[::2]]
        assert " ".join(shown).split() == " ".join(parts).split()
        code = [block["text"] for block in blocks if block["kind"] == "code"]
        assert code == [part.rstrip("\n") for part in parts[1::2]]
        assert not any("\n" in block["text"] for block in blocks if block["kind"] in ("text", "title"))
        assert blocks[0]["kind"] == "title"


def test_lists_and_headings_are_told_apart_from_words(ask: Ask) -> None:
    found = ask("blocksOf", "# One\n\ntwo\nthree\n\n- a\n  b\n- c\n\n```yaml\n# four\n\n- d\n```\n")
    assert found == [
        {"kind": "title", "text": "One"},
        {"kind": "text", "text": "two three"},
        {"kind": "list", "items": ["a b", "c"]},
        {"kind": "code", "text": "# four\n\n- d"},
    ]

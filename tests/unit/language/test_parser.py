"""The parser that is kept, and read back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import lark
import pytest

from foederis.language import parser as made

TEXTS = [
    "1",
    "2 to 8",
    "30%",
    "max(0, min(1, pr)) * 2",
    "not x in a | b",
    "a if b == c and d < 3 else -e",
    "pert(1, 2, 4)",
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty cache folder, of which the process knows nothing yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made.parser.cache_clear()
    yield tmp_path / "foederis" / "kernels"
    made.parser.cache_clear()


def again() -> lark.Lark:
    made.parser.cache_clear()
    return made.parser()


def test_what_was_kept_reads_as_what_was_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = made.parser()
    [kept] = folder.iterdir()
    monkeypatch.setattr(made, "_text_of", lambda _: pytest.fail("it was made anew"))
    read = again()
    assert list(folder.iterdir()) == [kept]
    for text in TEXTS:
        one, other = fresh.parse(text), read.parse(text)
        assert one == other
        assert [(t.meta.start_pos, t.meta.end_pos) for t in one.iter_subtrees() if not t.meta.empty] == [
            (t.meta.start_pos, t.meta.end_pos) for t in other.iter_subtrees() if not t.meta.empty
        ]
    for text in ("1 +", "a = b", "2 ;"):
        told = []
        for each in (fresh, read):
            with pytest.raises(lark.UnexpectedInput) as caught:
                each.parse(text)
            told.append((type(caught.value), caught.value.pos_in_stream, getattr(caught.value, "token", None)))
        assert told[0] == told[1]


def test_what_is_broken_is_made_anew(folder: Path) -> None:
    made.parser()
    [kept] = folder.iterdir()
    whole = kept.read_text()
    another_word = whole.replace('"value": "to"', '"value": "of"')  # all else of it is in order
    assert another_word != whole
    for broken in ("", "nonsense", "{}", whole[:-100], another_word):
        kept.write_text(broken)
        assert again().parse("2 to 8")
        assert made._read(kept.read_text()).parse("2 to 8")


def test_where_nothing_may_be_kept_it_is_made_each_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("no home")

    folder.parent.write_text("no folder")
    assert again().parse("2 to 8")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", homeless)
    assert again().parse("2 to 8")


def test_another_grammar_is_another_parser(folder: Path) -> None:
    assert made._place("one") != made._place("other")
    assert made._place("one").parent == folder

from __future__ import annotations

import os
from pathlib import Path

import pytest

from foederis.diagnostics import CaseError, Report, Span
from foederis.language import source
from foederis.language.check import read_file, read_text
from foederis.language.source import Mapping, Scalar, Sequence, parse


def node(text: str) -> source.Node:
    report = Report()
    found = parse(text, report)
    assert found is not None
    assert not report.found
    return found


def problem(text: str) -> tuple[str, Span | None]:
    report = Report()
    parse(text, report)
    [item] = report.found
    assert item.help
    return item.code, item.span


def refused(path: Path) -> tuple[str, str]:
    with pytest.raises(CaseError) as caught:
        read_file(path)
    [item] = caught.value.diagnostics
    return item.code, item.message


def scalar(text: str, key: str = "a") -> Scalar:
    root = node(text)
    assert isinstance(root, Mapping)
    found = root.get(key)
    assert isinstance(found, Scalar)
    return found


@pytest.mark.parametrize(
    "text", ["010", "1_000", "NO", "no", "2030-01-01", "12:30", "1e3", "~", "0x10", "null", ".inf"]
)
def test_scalars_stay_the_text_that_was_written(text: str) -> None:
    assert scalar(f"a: {text}").text == text


def test_spans_count_from_one_and_end_after_the_last_character() -> None:
    root = node("a: 1\nb:\n  - x\n  - {c: 'd e'}\n")
    assert isinstance(root, Mapping)
    items = root.get("b")
    assert isinstance(items, Sequence)
    assert items.items[0].span == Span(3, 5, 3, 6)
    inner = items.items[1]
    assert isinstance(inner, Mapping)
    assert inner.span == Span(4, 5, 4, 15)
    assert inner.get("c") == Scalar("d e", Span(4, 9, 4, 14), "'")


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("a: one two", Span(1, 8, 1, 11)),
        ("a: 'one two'", Span(1, 9, 1, 12)),
        ('a: "one two"', Span(1, 9, 1, 12)),
        ('a: "one tw\\u006f"', Span(1, 4, 1, 18)),  # an escape shifts what follows: the whole scalar is marked
        ("a: |\n  one two\n", Span(1, 4, 3, 1)),
        ("a: one\n  two", Span(1, 4, 2, 6)),
        ("é国: one two", Span(1, 9, 1, 12)),  # columns count characters, not bytes
    ],
)
def test_a_part_of_a_scalar_is_placed_where_that_is_knowable(text: str, span: Span) -> None:
    found = scalar(text, text.split(":")[0])
    assert found.part(4, 7) == span


def test_a_change_shares_what_it_leaves_alone() -> None:
    root = node("a: {x: 1}\nb: {y: 2}")
    assert isinstance(root, Mapping)
    new = Scalar("3", root.span)
    changed = root.with_entry(Scalar("b", root.span), new)
    assert changed.get("a") is root.get("a")
    assert changed.get("b") is new
    assert [key.text for key, _ in changed.entries] == ["a", "b"]
    assert [key.text for key, _ in root.with_entry(Scalar("c", root.span), new).entries] == ["a", "b", "c"]
    assert source.size(root) == 9


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a: 1\nb: [1, 2\n", "F005", (3, 1)),
        ("a: b: c", "F005", (1, 5)),
        ("\ta: 1", "F005", (1, 1)),
        ("a: @b", "F005", (1, 4)),
        ("a: 1\n---\nb: 2", "F005", (2, 1)),
        ("aé: 1\nb: \x07", "F005", (2, 4)),
        ("a: &x 1", "F007", (1, 4)),
        ("a: *x", "F007", (1, 4)),
        ("a: !!str 1", "F007", (1, 4)),
        ("a: 1\na: 2", "F006", (2, 1)),
        ("{a: 1, [b]: 2}", "F201", (1, 8)),
        ("[" * 102, "F008", (1, 102)),
        ("", "F004", None),
        ("# a comment\n", "F004", None),
        ("---\n", "F004", None),
    ],
)
def test_mistakes_of_yaml_have_their_place(text: str, code: str, place: tuple[int, int] | None) -> None:
    found, span = problem(text)
    assert found == code
    assert (span and (span.line, span.column)) == place


def test_the_first_of_two_equal_keys_is_named() -> None:
    report = Report()
    parse("a: 1\nb: 2\na: 3", report)
    assert report.found[0].help == "it stands in line 1 already; keep one of them"


def test_a_folder(tmp_path: Path) -> None:
    assert refused(tmp_path) == ("F001", f"{tmp_path} is a folder")


def test_a_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "missing.yaml"
    assert refused(path) == ("F001", f"{path}: No such file or directory")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "secret.yaml"
    path.touch(mode=0)
    assert refused(path) == ("F001", f"{path}: Permission denied")


def test_an_impossible_path() -> None:
    assert refused(Path("a\0b"))[0] == "F001"


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.yaml"
    path.touch()
    assert refused(path) == ("F004", "the file is empty")


def test_a_binary_file(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    assert refused(path) == ("F002", "the file is not UTF-8 text (byte 1, line 1)")


def test_a_large_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    assert refused(path) == ("F003", "the file is larger than 2 MB")
    assert len(source.read_bytes(path)) == source.MAX_BYTES + 1


def test_a_file_of_the_largest_size_is_read(tmp_path: Path) -> None:
    path = tmp_path / "long.yaml"
    text = "foederis: 1\ntitle: x\nclock: {step: 1 week, steps: 1}\n"
    path.write_text(text + "#" * (source.MAX_BYTES - len(text)), encoding="utf-8")
    assert read_file(path).title == "x"


def test_too_many_entries() -> None:
    assert problem(f"[{'a,' * source.MAX_NODES}]")[0] == "F003"


def test_a_byte_order_mark_and_line_ends_of_all_systems_are_no_matter() -> None:
    data = b"\xef\xbb\xbffoederis: 1\r\ntitle: x\rclock: {step: 1 week, steps: 1}\r\n"
    assert read_text(source.decode(data, "x")).title == "x"


def test_the_place_of_what_is_not_utf_8() -> None:
    with pytest.raises(CaseError) as caught:
        source.decode(b"a: 1\nb: \xff", "x")
    assert caught.value.diagnostics[0].message == "the file is not UTF-8 text (byte 9, line 2)"

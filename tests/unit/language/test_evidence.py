from __future__ import annotations

import os
from pathlib import Path

import pytest

from foederis.diagnostics import CaseError, Diagnostic
from foederis.language.case import Because, Case
from foederis.language.check import read_file, read_text
from foederis.language.evidence import normalise
from foederis.language.source import MAX_BYTES

from .texts import case_of, marked, only, text_of

MEMO = "To us – so the minister said –\nthe client ‘matters’ more\u00a0than Straße and ﬁre."


def with_quote(folder: Path, quote: str, file: str = "memo.txt") -> Case:
    sections = {
        "sources": f'{{memo: {{title: A memo, file: "{file}"}}}}',
        "quantities": f'{{stake: {{value: 1, because: {{source: memo, quote: "{quote}"}}}}, chance: 10%}}',
    }
    path = folder / "case.yaml"
    path.write_text(text_of(**sections), encoding="utf-8")
    return read_file(path)


def refused(folder: Path, quote: str, file: str = "memo.txt") -> Diagnostic:
    with pytest.raises(CaseError) as caught:
        with_quote(folder, quote, file)
    [item] = caught.value.diagnostics
    assert item.help
    return item


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "memo.txt").write_text(MEMO, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("because", "expected"),
    [
        ("the client matters", [Because(says="the client matters")]),
        ("{source: memo}", [Because("memo")]),
        ("{source: memo, where: page 3, says: a, quote: b, credibility: 2}", [Because("memo", "page 3", "a", "b", 2)]),
        ("[a, {source: memo, where: page 3}]", [Because(says="a"), Because("memo", "page 3")]),
        ("", []),
        ("[]", []),
    ],
)
def test_reasons(because: str, expected: list[Because]) -> None:
    case = case_of(quantities=f"{{stake: {{value: 1, because: {because}}}, chance: 10%}}")
    assert list(case.quantities["stake"].because) == expected


@pytest.mark.parametrize(
    "sections",
    [
        {"actors": "{patron: {rationality: 1, because: WHY}, rival: {rationality: 1}}"},
        {"state": "{war: {levels: [on, over], because: WHY}, help: [words, arms], fallen: flag}"},
        {"facts": "{fighting: {when: war == on, because: WHY}}"},
        {"moves": "[{actor: patron, because: WHY, options: {send: }}]"},
        {"moves": "[{actor: patron, options: {send: {because: WHY}}}]"},
        {"moves": "[{actor: patron, options: {send: {pays: {patron: {value: 1, because: WHY}}}}}]"},
        {"events": "{fall: {chance: 1, because: WHY}}"},
        {"events": "{fall: {chance: 1, odds: {when: fallen, times: 2, because: WHY}}}"},
        {"events": "{fall: {outcomes: {a: {chance: 1, because: WHY}}}}"},
        {"interests": "{patron: {a: {worth: 1, because: WHY}}}"},
        {"questions": "{q: {at_end: fallen, because: WHY}}"},
        {"exposures": "{a: {holder: patron, value: 1, lost: {fallen: 1}, because: WHY}}"},
        {"whatifs": "{w: {set: {quantities.stake: 1}, because: WHY}}"},
        {"claims": "{c: {says: x, expect: {falls: above 1%}, because: WHY}}"},
    ],
    ids=lambda sections: next(iter(sections)),
)
def test_every_item_may_carry_a_reason_and_its_source_is_checked(sections: dict[str, str]) -> None:
    [(section, content)] = sections.items()
    good = content.replace("WHY", "{source: memo, where: page 3}")
    bad = content.replace("WHY", "{source: memmo, where: page 3}")
    case_of(**{section: good})
    item = only(**{section: bad})
    assert (item.code, marked(item, text_of(**{section: bad})), item.help) == ("F110", "memmo", "did you mean `memo`?")


def test_a_treaty_may_carry_a_reason() -> None:
    pact = "{pact: {parties: [patron], provisions: [], invokes: defense, triggered: fighting, honoured_by: {}, breach_cost: {}, because: a}}"
    assert case_of(treaties=pact).treaties["pact"].because == (Because(says="a"),)


@pytest.mark.parametrize("grade", "ABCDEF")
def test_reliability(grade: str) -> None:
    assert case_of(sources=f"{{memo: {{title: A memo, reliability: {grade}}}}}").sources["memo"].reliability == grade


@pytest.mark.parametrize(
    ("sections", "code", "place"),
    [
        ({"sources": "{memo: {title: A memo, reliability: G}}"}, "F503", "G"),
        ({"sources": "{memo: {title: A memo, reliability: AB}}"}, "F503", "AB"),
        ({"sources": "{memo: {author: x}}"}, "F202", "{author: x}"),
        ({"sources": "{memo: A memo}"}, "F201", "A memo"),
        ({"quantities": "{stake: {value: 1, because: {credibility: 0}}, chance: 1}"}, "F503", "0"),
        ({"quantities": "{stake: {value: 1, because: {sourc: memo}}, chance: 1}"}, "F101", "sourc"),
        ({"quantities": "{stake: {value: 1, because: {source: [memo]}}, chance: 1}"}, "F201", "[memo]"),
        ({"sources": "{memo: {title: A memo, file: memo.txt}}"}, "F502", "memo.txt"),
    ],
)
def test_wrong_evidence(sections: dict[str, str], code: str, place: str) -> None:
    item = only(**sections)
    assert (item.code, marked(item, text_of(**sections))) == (code, place)


@pytest.mark.parametrize(
    "quote",
    [
        "To us",
        "TO US - so the minister said - the client 'matters'",
        "client  'Matters' more than",
        "strasse and fire",
        "\u2019matters\u2018",
    ],
)
def test_a_quote_is_found_whatever_its_case_spaces_dashes_and_quotation_marks(folder: Path, quote: str) -> None:
    case = with_quote(folder, quote)
    assert case.quantities["stake"].because[0].quote == quote.replace("  ", " ")


@pytest.mark.parametrize("quote", ["the client matters most", "us the client", "minister, said"])
def test_a_quote_that_is_not_there_is_refused(folder: Path, quote: str) -> None:
    item = refused(folder, quote)
    assert (item.code, item.message) == ("F501", "this quote is not in memo.txt")


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("missing.txt", "there is no readable file"),
        (".", "there is no readable file"),
        ("../secret.txt", "outside the folder"),
        ("/etc/passwd", "outside the folder"),
        ("link.txt", "outside the folder"),
        ("latin.txt", "is not UTF-8 text"),
        ("large.txt", "is too large"),
        ("a\\0b", "there is no readable file"),
    ],
)
def test_files_that_cannot_be_searched(folder: Path, file: str, part: str) -> None:
    inner = folder / "inner"
    inner.mkdir()
    (folder / "secret.txt").write_text("To us", encoding="utf-8")
    (inner / "link.txt").symlink_to(folder / "secret.txt")
    (inner / "latin.txt").write_bytes("Größe".encode("latin-1"))
    (inner / "large.txt").write_bytes(b"x" * (MAX_BYTES + 1))
    item = refused(inner, "To us", file)
    assert item.code == "F502"
    assert part in item.message


def test_a_file_in_a_folder_below(folder: Path) -> None:
    (folder / "sources").mkdir()
    (folder / "memo.txt").rename(folder / "sources" / "memo.txt")
    assert with_quote(folder, "To us", "sources/memo.txt")


def test_a_changed_case_still_finds_the_files(folder: Path) -> None:
    changed = with_quote(folder, "To us").with_changes({"sources.memo.title": "Another"})
    assert changed.sources["memo"].title == "Another"


def test_normalise() -> None:
    assert normalise("  „A“ –\n ‘b’ ﬁ ") == "\"a\" - 'b' fi"


def test_a_pipe_is_not_read(folder: Path) -> None:
    """To open it would take until somebody writes into it."""
    os.mkfifo(folder / "pipe.txt")
    assert "no readable file" in refused(folder, "x", "pipe.txt").message


def test_files_that_were_searched_before_need_not_be_there(folder: Path) -> None:
    """As where a case is sent to another machine."""
    case = with_quote(folder, "To us")
    sent = read_text(case.text, searched=True)
    assert sent.quantities["stake"].because == case.quantities["stake"].because
    assert sent.sources["memo"].title == "A memo"
    with pytest.raises(CaseError):
        read_text(case.text)

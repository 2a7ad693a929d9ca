from __future__ import annotations

import json

import pytest

from foederis.diagnostics import (
    MOST,
    CaseError,
    Diagnostic,
    Report,
    Span,
    TooMany,
    legible,
    nearest,
    render,
    render_all,
)


def test_a_mistake_is_shown_with_the_line_and_a_mark_under_the_word() -> None:
    source = "\n" * 87 + "  comes: {takes: russia.intervine}\n"
    item = Diagnostic("F104", "russia has no option `intervine`", Span(88, 25, 88, 34), "did you mean `intervene`?")
    assert render(item, source, "kremlin.yaml") == (
        "error[F104]: russia has no option `intervine`\n"
        "  --> kremlin.yaml:88:25\n"
        "   |\n"
        "88 |   comes: {takes: russia.intervine}\n"
        "   |                         ^^^^^^^^^\n"
        "   = help: did you mean `intervene`?"
    )


def test_without_a_place_the_file_is_named() -> None:
    assert (
        render(Diagnostic("W601", "never", help="do"), "", "a.yaml")
        == "warning[W601]: never\n --> a.yaml\n  = help: do"
    )


def test_a_change_from_elsewhere_is_named_instead_of_a_line() -> None:
    item = Diagnostic("F102", "x", Span(1, 1, 1, 2), "y", context="--set a=b")
    assert render(item, "foederis: 1", "a.yaml") == "error[F102]: x\n --> --set a=b\n  = help: y"


@pytest.mark.parametrize(
    ("line", "span", "shown", "mark"),
    [
        ("a\tb", Span(1, 3, 1, 4), "a b", "  ^"),
        ("a\x1b[31mb", Span(1, 7, 1, 8), "a·[31mb", "      ^"),
        ("abc", Span(1, 2, 3, 1), "abc", " ^^"),
        ("abc", Span(1, 4, 1, 4), "abc", "   ^"),
        (
            "x" * 100 + "here" + "y" * 100,
            Span(1, 101, 1, 105),
            "…" + "x" * 60 + "here" + "y" * 76 + "…",
            " " * 61 + "^^^^",
        ),
    ],
)
def test_lines_are_made_legible(line: str, span: Span, shown: str, mark: str) -> None:
    lines = render(Diagnostic("F102", "m", span), line, "f").splitlines()
    assert lines[3] == f"1 | {shown}"
    assert lines[4] == f"  | {mark}"


def test_lines_are_counted_as_yaml_counts_them() -> None:
    source = "a\x0bb\x0cc\u2028d\ne"
    assert "2 | d" in render(Diagnostic("F102", "m", Span(2, 1, 2, 2)), source, "f")
    assert "3 | e" in render(Diagnostic("F102", "m", Span(3, 1, 3, 2)), source, "f")


def test_words_of_the_author_cannot_break_the_message() -> None:
    assert legible("a\nb \x1b[2Jc\u202e") == "a b ·[2Jc·"
    assert len(legible("x" * 10_000)) < 500


@pytest.mark.parametrize(
    ("word", "known", "cure"),
    [
        ("intervine", ["intervene", "wait"], "did you mean `intervene`?"),
        ("NATO", ["nato", "us"], "did you mean `nato`?"),
        ("zzz", ["b", "a"], "known here: `a`, `b`"),
        ("zzz", [f"w{n}" for n in range(10)], "known here: `w0`, `w1`, `w2`, `w3`, `w4`, `w5`, `w6`, `w7` and 2 more"),
        ("x", [], "none are listed in this file"),
        ("", ["a"], "known here: `a`"),
    ],
)
def test_the_nearest_known_word(word: str, known: list[str], cure: str) -> None:
    assert nearest(word, known) == cure


def test_a_mistake_is_noted_once_and_mistakes_stand_in_the_order_of_the_file() -> None:
    report = Report()
    report.add("F102", "b", Span(2, 1, 2, 2))
    report.add("F102", "a", Span(1, 5, 1, 6))
    report.add("F102", "b", Span(2, 1, 2, 2))
    report.add("W601", "c")
    assert [item.message for item in report.in_order()] == ["c", "a", "b"]
    assert report.has_errors


def test_warnings_are_no_errors() -> None:
    report = Report()
    report.add("W601", "c")
    assert not report.has_errors


def test_a_report_has_an_end() -> None:
    report = Report()
    for number in range(MOST):
        report.add("F102", str(number))
    with pytest.raises(TooMany):
        report.add("F102", "one more")
    report.add("F102", "0")  # known already


def test_json() -> None:
    item = Diagnostic("F102", "m", Span(1, 2, 3, 4), "h", "c")
    assert json.loads(json.dumps(item.to_json())) == {
        "code": "F102",
        "severity": "error",
        "message": "m",
        "span": {"line": 1, "column": 2, "end_line": 3, "end_column": 4},
        "help": "h",
        "context": "c",
    }
    assert Diagnostic("W601", "m").to_json()["span"] is None


def test_an_error_shows_all_of_its_mistakes() -> None:
    items = [Diagnostic("F102", "a", Span(1, 1, 1, 2)), Diagnostic("F103", "b")]
    assert str(CaseError(items, "x", "f")) == render_all(items, "x", "f")
    assert "error[F102]: a\n" in str(CaseError(items, "x", "f"))

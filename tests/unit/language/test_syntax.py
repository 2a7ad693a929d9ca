from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foederis.language.syntax import DISTRIBUTIONS, MAX_DEPTH, MAX_LENGTH, RESERVED, SyntaxProblem, Tree, parse


def shown(tree: Tree) -> str:
    """A tree in prefix form, to compare with."""
    if tree.op == "number":
        return f"{tree.value * 100:g}%" if tree.percent else f"{tree.value:g}"
    if tree.op in ("name", "attribute"):
        return tree.text
    return f"({' '.join([tree.op + (':' + tree.text if tree.text else ''), *map(shown, tree.items)])})"


def problem(text: str) -> SyntaxProblem:
    with pytest.raises(SyntaxProblem) as caught:
        parse(text)
    assert caught.value.cure
    return caught.value


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1 + 2 * 3 - 4", "(sum:++- 1 (product:** 2 3) 4)"),
        ("(1 + 2) * 3 / 4", "(product:**/ (sum:++ 1 2) 3 4)"),
        ("-a * -b", "(product:** (sign:- a) (sign:- b))"),
        ("not a and b or c", "(or (and (not a) b) c)"),
        ("not a == b", "(not (compare:== a b))"),
        ("a + 1 < b * 2", "(compare:< (sum:++ a 1) (product:** b 2))"),
        ("x in a | b and c", "(and (member x a b) c)"),
        ("x in 1 | -2", "(member x 1 -2)"),
        ("a if b else c if d else e", "(conditional a b (conditional c d e))"),
        ("1 if a or b else 2", "(conditional 1 (or a b) 2)"),
        ("min(a, b + 1)", "(call:min a (sum:++ b 1))"),
        ("russia.type == weak", "(compare:== russia.type weak)"),
        ("2 to 8", "(interval 2 8)"),
        ("-2 to +8 @ 80%", "(interval -2 8 80%)"),
        ("choice(-2 = 30%, 5 = 70%)", "(call:choice (pair -2 30%) (pair 5 70%))"),
        ("android or inform", "(or android inform)"),  # words become operators only where they stand alone
        ("a\n  and\tb", "(and a b)"),
    ],
)
def test_what_binds_how(text: str, tree: str) -> None:
    assert shown(parse(text)) == tree


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("010", 10),
        ("1_000", 1000),
        ("2.50", 2.5),
        (".5", 0.5),
        ("1e3", 1000),
        ("2E-1", 0.2),
        ("30%", 0.3),
        ("30 %", 0.3),
    ],
)
def test_numbers_mean_what_they_look_like(text: str, value: float) -> None:
    assert parse(text).value == value


def test_nodes_remember_where_they_stand() -> None:
    text = "stake * (price + help)"
    total = parse(text).items[1]
    assert [text[item.start : item.end] for item in total.items] == ["price", "help"]


@pytest.mark.parametrize(
    ("text", "marked", "cure"),
    [
        ("war = on", "=", "compare with `==`"),
        ("a == b == c", "==", "compare two things at a time and join with `and`"),
        ("a => b", "=", "write `>=`"),
        ("a && b", "&", "write `and`"),
        ("a || b", "|", "write `or`"),
        ("a | b", "|", "`|` stands only between the levels after `in`; write `or`"),
        ("a <> b", ">", "write `!=`"),
        ("a ** 2", "*", "write a product, as in `x * x`"),
        ("a ^ 2", "^", "write a product, as in `x * x`"),
        ("!a", "!", "write `not`"),
        ("a ≥ b", "≥", "write `>=`"),
        ("10–30", "–", "write an ordinary minus sign, or `to` between the ends of an interval"),
        ("2,700", ",", "write numbers without commas (2700 or 2_700), and expressions with commas in quotes"),
        ("2 700", "700", "write numbers without spaces (2700 or 2_700)"),
        ("5 bn", "bn", "a product is written with `*`; a unit stands under `unit`"),
        ("2x", "x", "a product is written with `*`; a unit stands under `unit`"),
        ("€5", "€", "a unit stands under `unit`"),
        ("war == 'on'", "'", "write levels and names without quotes"),
        ("x in [a]", "[", "write `in a | b` for several levels"),
        ("a not in b", "not", "write `not x in a | b`, or put what is negated in parentheses"),
        ("a ? b : c", "?", "write `a if … else b`"),
        ("1 if a", "a", "write `a if … else b`"),
        ("0..6", ".", "a range of whole numbers stands only in `state`; an interval is written `2 to 8`"),
        ("(2 to 8)", "to", "an interval stands alone, between two plain numbers; give it a name under `quantities`"),
        ("2 to x", "x", "the ends of an interval are plain numbers; for others write an expression of quantities"),
        ("größe > 1", "ö", "names are written with the letters a-z, digits and _"),
        ("x % 2", "%", "only a number can be a percentage"),
    ],
)
def test_habits_from_elsewhere_get_a_cure(text: str, marked: str, cure: str) -> None:
    found = problem(text)
    assert (found.code, text[found.start : found.end], found.cure) == ("F203", marked, cure)


@pytest.mark.parametrize(("text", "place"), [("min(a", 3), ("a)", 1), ("(a (b)", 0), ("f(g(x)", 1)])
def test_parentheses_must_close(text: str, place: int) -> None:
    found = problem(text)
    assert (found.code, found.start) == ("F204", place)
    assert "in quotes" in found.cure


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_is_no_expression(text: str) -> None:
    assert problem(text).message == "an expression is missing"


@pytest.mark.parametrize(
    "text",
    ["(" * (MAX_DEPTH + 1), "not " * 500 + "a", "- " * 500 + "1", "1 if a else " * 100 + "2", "1+" * MAX_LENGTH + "1"],
)
def test_depth_and_length_have_limits(text: str) -> None:
    assert problem(text).code == "F203"


@pytest.mark.parametrize("text", ["(" * 50 + "a" + ")" * 50, "not " * 50 + "a", " and ".join(["a"] * 500)])
def test_what_people_write_is_within_the_limits(text: str) -> None:
    assert parse(text)


@given(st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,12}", fullmatch=True))
def test_any_identifier_but_a_word_of_the_language_is_a_name(word: str) -> None:
    if word not in RESERVED:
        assert parse(word) == Tree("name", text=word, start=0, end=len(word))


@pytest.mark.parametrize("word", sorted(DISTRIBUTIONS))
def test_distributions_are_names_too(word: str) -> None:
    assert shown(parse(f"{word} * 2")) == f"(product:** {word} 2)"

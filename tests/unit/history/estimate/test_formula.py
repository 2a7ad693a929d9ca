from __future__ import annotations

import re

import pytest

from foederis.history.estimate.errors import FitError
from foederis.history.estimate.formula import Part, parse, parse_parts


def test_parts_and_constants() -> None:
    formula = parse("esc + war ~ s_wt_re1 + revis1 | 0 | a:b - 1 | 1")
    assert formula.observed == ("esc", "war")
    assert formula.parts == (
        Part((("s_wt_re1",), ("revis1",)), True),
        Part((), False),
        Part((("a", "b"),), False),
        Part((), True),
    )


def test_a_constant_is_taken_out_in_three_ways() -> None:
    for text in ("x - 1", "x + 0", "0 + x", "-1 + x"):
        assert parse_parts(text) == (Part((("x",),), False),)


def test_terms_are_counted_once() -> None:
    assert parse_parts("x + x:y + x")[0].terms == (("x",), ("x", "y"))
    assert parse_parts("x + x:y")[0].columns == ("x", "y")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("esc + war", "no `~`"),
        ("y ~ x | | z", "is empty"),
        ("y ~ x * z", "write `a + b + a:b`"),
        ("y ~ x^2", "put the power into a column"),
        ("y ~ log(x)", "put the result into a column"),
        ("y ~ x - z", "only `- 1` can be taken out; leave the term out, or rename a column with a dash"),
        ("y ~ GDP per capita", "names of columns have letters, digits, `_` and `.` only"),
        ("y:z ~ x", "say what was observed"),
        (" ~ x", "is empty"),
        ("y ~ __import__('os')", "put the result into a column"),
    ],
)
def test_what_is_no_formula_is_said(text: str, says: str) -> None:
    with pytest.raises(FitError, match=re.escape(says)):
        parse(text)

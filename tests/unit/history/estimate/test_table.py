from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from foederis.history.estimate.errors import FitError
from foederis.history.estimate.formula import parse_parts
from foederis.history.estimate.table import Coding, Table

DATA = {"x": [1.0, 2.0, float("nan"), 4.0], "word": ["b", "a", "c", "b"], "flag": [True, False, True, True]}


def coded(formula: str, data: object = DATA) -> tuple[list[str], np.ndarray]:
    table, [part] = Table(data), parse_parts(formula)
    rows = table.complete(part.columns)
    coding = Coding.of(table, part.columns, rows)
    return coding.labels(part), coding.design(part, table, rows)


def test_words_are_dummies_without_their_first_level() -> None:
    labels, design = coded("word")
    assert labels == ["constant", "word[b]", "word[c]"]
    assert design.tolist() == [[1, 1, 0], [1, 0, 0], [1, 0, 1], [1, 1, 0]]


def test_without_a_constant_the_first_words_have_all_levels() -> None:
    labels, design = coded("word - 1")
    assert labels == ["word[a]", "word[b]", "word[c]"]
    assert design.sum(axis=1).tolist() == [1, 1, 1, 1]


def test_levels_are_those_of_complete_rows() -> None:
    labels, design = coded("x + word")
    assert labels == ["constant", "x", "word[b]"]
    assert design.tolist() == [[1, 1, 1], [1, 2, 0], [1, 4, 1]]


def test_interactions_multiply() -> None:
    labels, design = coded("x:word + flag:x - 1")
    assert labels == ["x:word[b]", "flag:x"]
    assert design.tolist() == [[1, 1], [0, 0], [4, 4]]


def test_missing_values_of_all_kinds() -> None:
    frame = pd.DataFrame({"a": pd.array([1, None, 3], dtype="Int64"), "b": ["u", None, "v"], "c": [1.0, 2.0, np.inf]})
    table = Table(frame)
    assert table.column("a").missing.tolist() == [False, True, False]
    assert table.column("b").missing.tolist() == [False, True, False]
    assert table.column("c").missing.tolist() == [False, False, True]


def test_categories_keep_their_order() -> None:
    frame = pd.DataFrame({"w": pd.Categorical(["low", "high", "low"], categories=["low", "high", "never"])})
    assert coded("w", frame)[0] == ["constant", "w[high]"]


def test_new_data_are_coded_alike_and_unknown_words_are_refused() -> None:
    table, [part] = Table(DATA), parse_parts("word")
    coding = Coding.of(table, ["word"], np.ones(4, dtype=bool))
    one = np.ones(1, dtype=bool)
    assert coding.design(part, Table({"word": ["c"]}), one).tolist() == [[1, 0, 1]]
    with pytest.raises(FitError, match="`d` in the column `word` was not among the data fitted: a, b, c"):
        coding.design(part, Table({"word": ["d"]}), one)


def test_tables_that_are_none() -> None:
    with pytest.raises(FitError, match="a pandas DataFrame, or a mapping"):
        Table([1, 2])
    with pytest.raises(FitError, match="the same number of rows"):
        Table({"a": [1], "b": [1, 2]})
    with pytest.raises(FitError, match="no column `wor`; did you mean `word`"):
        Table(DATA).column("wor")
    with pytest.raises(FitError, match="two columns `a`; name them apart"):
        Table(pd.DataFrame([[1, 2]], columns=["a", "a"]))
    for one in (3, "words"):
        with pytest.raises(FitError, match="the column `b` is one value"):
            Table({"a": [1], "b": one})


def test_a_word_that_all_cases_have_is_refused() -> None:
    """Without a dummy it would be left out in silence."""
    with pytest.raises(FitError, match="`word` is `a` in every case that is used; leave it out"):
        Coding.of(Table({"word": ["a", "a", "b"]}), ["word"], np.array([True, True, False]))


def test_decimals_are_numbers() -> None:
    column = Table({"a": [Decimal("1.5"), 2, None]}).column("a")
    assert column.levels == ()
    assert column.numbers[:2].tolist() == [1.5, 2.0]

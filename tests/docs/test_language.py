"""The reference of the file language agrees with the table of keys, the grammar and the limits in the code."""

from __future__ import annotations

import re

import pytest

import foederis as fd
from foederis import diagnostics
from foederis.analysis.checking import look
from foederis.analysis.solving import MAX_DRAWS
from foederis.game.expand import MAX_STATES
from foederis.language import expressions, observed, play, quantities, source, stakes, syntax, world
from foederis.language.shapes import SHAPES, Shape
from tests.docs.reading import LANGUAGE, STRAIT, WHOSE_WORD, in_code, rows, section, text_of


def test_the_examples_are_one_whole_file() -> None:
    case = fd.loads(STRAIT, filename="strait.yaml")
    assert look(case).warnings == ()
    answer = fd.solve(case, draws=8, what_ifs="all")
    assert all(reply.left_out == 0 for reply in answer.questions.values())
    assert not any(whatif.changes_nothing for whatif in answer.what_ifs.values())


def test_the_example_of_types_is_a_whole_file() -> None:
    case = fd.loads(WHOSE_WORD, filename="whose_word.yaml")
    assert case.warnings == ()
    assert list(case.actors["patron"].types) == ["firm", "bluffing"]


def test_the_examples_use_every_key() -> None:
    words = set(re.findall(r"(\w+):", STRAIT))
    keys = {key for shape in SHAPES for key in shape.keys}
    assert keys - words == {"types", "file", "url"}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_every_key_is_described(shape: Shape) -> None:
    described = section(LANGUAGE, f"Keys of (?:an? |the )?{re.escape(shape.name)}")
    table = {row[0].strip("`"): row[2] for row in rows(described) if row[0].startswith("`") and len(row) == 3}
    assert list(table) == list(shape.keys)
    for key, spec in shape.keys.items():
        assert (table[key] == "needed") == spec.required, key
    if shape.short:
        assert f"short form is `{shape.short}`" in described


def test_every_word_is_described() -> None:
    names = section(LANGUAGE, "How a file is written")
    for word in syntax.RESERVED:
        assert re.search(rf"`[^`]*\b{word}\b[^`]*`", names), word
    for word in (*world.DAYS, *stakes.PROVISIONS, *stakes.PAID, "rises", "falls", "same within", "above", "below"):
        assert re.search(rf"`{word}\b", text_of(LANGUAGE)), word
    for name in syntax.DISTRIBUTIONS:
        assert f"`{name}(" in section(LANGUAGE, "Numbers"), name
    for name in syntax.FUNCTIONS:
        assert f"{name}(" in section(LANGUAGE, "Expressions"), name


def test_the_limits_are_as_described() -> None:
    table = {row[0]: row[1] for row in rows(section(LANGUAGE, "Limits"))}
    megabytes, entries, depth = source.MAX_BYTES // 10**6, source.MAX_NODES, source.MAX_DEPTH
    assert table["a file"] == f"{megabytes} MB, {entries:,} entries, nested {depth} deep"
    assert table["mistakes that are listed"] == f"{diagnostics.MOST}"
    assert table["steps"] == f"{world.MAX_STEPS:,}"
    assert table["levels of a variable"] == f"{world.MAX_LEVELS:,}"
    assert table["states of a phase"].startswith(f"{MAX_STATES // 10**6} million")
    assert table["ways in which turns taken together can go"].startswith(f"{play.MAX_JOINT:,}, ")
    assert table["correlated quantities"] == f"{quantities.MAX_TIED}"
    length, depth, operations = syntax.MAX_LENGTH, syntax.MAX_DEPTH, expressions.MAX_SIZE
    assert table["an expression"].startswith(f"{length:,} characters, nested {depth} deep; {operations:,} operations")
    assert table["draws"] == f"{MAX_DRAWS:,}"
    assert f"{world.DAYS['month']} days" in section(LANGUAGE, "Keys of the clock")


def test_what_is_not_supported_is_refused() -> None:
    tried = {}
    described = [in_code(row[1])[0] for row in rows(section(LANGUAGE, "Not supported yet"))]
    assert described == list(tried)
    for more in tried.values():
        with pytest.raises(fd.CaseError) as caught:
            look(fd.loads(f"foederis: 1\ntitle: T\nclock: {{step: 1 week, steps: 1}}\n{more}\n"))
        assert [item.code for item in caught.value.diagnostics] == ["F210"]


def test_what_reports_are_believed_is_as_described() -> None:
    table = {row[0]: row[1] for row in rows(section(LANGUAGE, "Observations")) if len(row[0]) == 1}
    assert {letter: f"{100 * share:.0f} %" for letter, share in observed.BELIEVED.items()} == {
        letter: text for letter, text in table.items() if letter != "F"
    }
    assert table["F"].startswith("none")

"""Words, kinds and values: kinds.py, scope.py, lookup.py, arithmetic.py and compiler.py together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foederis.diagnostics import Report, Span
from foederis.language.compiler import compile_scalar
from foederis.language.expressions import MAX_DEPTH, Environment, Expression, constant, fold, join, total
from foederis.language.kinds import CONDITION, FLAG, INTEGER, NUMBER, Kind
from foederis.language.scope import Scope
from foederis.language.source import Scalar

HELP = Kind("level", ("words", "arms", "troops"))
VARIABLES = {
    "help": HELP,
    "aid": HELP,  # the levels of another variable, word for word
    "war": Kind("level", ("on", "over")),
    "fallen": FLAG,
    "lost": FLAG,
    "count": INTEGER,
    "twin": Kind("level", ("help", "stake", "twin")),  # levels that share the names of others
}
# Three states, two draws.
STATE = {
    "help": np.array([[0], [1], [2]]),
    "aid": np.array([[0], [2], [1]]),
    "war": np.array([[0], [0], [1]]),
    "fallen": np.array([[0], [1], [1]]),
    "lost": np.array([[1], [1], [0]]),
    "count": np.array([[-2], [0], [7]]),
    "twin": np.array([[0], [1], [2]]),
}
DRAWS = {"stake": np.array([[2.0, 10.0]]), "price": np.array([[0.5, 4.0]]), "words": np.array([[5.0, 6.0]])}


def scope(**changes: Any) -> Scope:
    found = Scope(VARIABLES, {}, set(DRAWS), ("patron",), lambda holder: constant(3.0), "this place")
    fighting = compiled("war == on", CONDITION, found)
    drawn = compiled("stake > 5", CONDITION, found)
    found.facts = {"fighting": fighting, "dear": drawn, "broken": None}
    for name, value in changes.items():
        setattr(found, name, value)
    return found


def attempt(text: str, wanted: Kind | None = None, place: Scope | None = None) -> tuple[Expression | None, Report]:
    report = Report()
    found = compile_scalar(Scalar(text, Span(1, 1, 1, len(text) + 1)), place or scope(), report, wanted)
    assert (found is None) == (bool(report.found) or "broken" in text)
    return found, report


def compiled(text: str, wanted: Kind | None = None, place: Scope | None = None) -> Expression:
    found, report = attempt(text, wanted, place)
    assert found is not None, report.found
    return found


def value(text: str, wanted: Kind | None = None, step: int = 4) -> list[list[float]]:
    """[states][draws]"""
    found = np.asarray(compiled(text, wanted)(Environment(STATE, DRAWS, step)), dtype=float)
    spread: list[list[float]] = np.broadcast_to(found, (3, 2)).tolist()
    return spread


def states(text: str, wanted: Kind | None = CONDITION) -> list[float]:
    """One value a state, of what does not differ between draws."""
    rows = value(text, wanted)
    assert all(first == second for first, second in rows)
    return [row[0] for row in rows]


def problem(text: str, wanted: Kind | None = None, **changes: Any) -> tuple[str, str]:
    """The code of the one mistake, and the words that it marks."""
    found, report = attempt(text, wanted, scope(**changes))
    assert found is None
    [item] = report.found
    assert item.help
    assert item.span is not None
    return item.code, text[item.span.column - 1 : item.span.end_column - 1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("help == arms", [0, 1, 0]),
        ("arms == help", [0, 1, 0]),
        ("help != arms", [1, 0, 1]),
        ("help >= arms", [0, 1, 1]),
        ("arms < help", [0, 0, 1]),
        ("help == aid", [1, 0, 0]),
        ("help < aid", [0, 1, 0]),
        ("help in words | troops", [1, 0, 1]),
        ("not help in words | troops", [0, 1, 0]),
        ("max(help, aid) == troops", [0, 1, 1]),
        ("min(help, arms) == arms", [0, 1, 1]),
        ("(arms if war == on else troops) == help", [0, 1, 1]),
        ("help == (arms if war == on else aid)", [0, 1, 0]),
        ("fallen", [0, 1, 1]),
        ("fallen == yes", [0, 1, 1]),
        ("no == fallen", [1, 0, 0]),
        ("fallen == true", [0, 1, 1]),
        ("fallen < lost", [1, 0, 0]),
        ("fallen == (war == on)", [0, 1, 0]),
        ("fallen in yes", [0, 1, 1]),
        ("fallen and lost or war == over", [0, 1, 1]),
        ("not fallen and not war == over", [1, 0, 0]),
        ("fighting", [1, 1, 0]),
        ("fighting == yes", [1, 1, 0]),
        ("(fallen if war == on else lost)", [0, 1, 0]),
        ("(fallen if war == on else fighting)", [0, 1, 0]),
        ("count in -2 | 7", [1, 0, 1]),
        ("count > 0 or step == 4", [1, 1, 1]),
        ("step in 1 | 2", [0, 0, 0]),
        ("max(fallen, lost) == yes", [1, 1, 1]),
    ],
)
def test_conditions(text: str, expected: list[float]) -> None:
    assert states(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("help == words", [1, 0, 0]),  # the level, although a quantity has its name
        ("max(help, words) == words", [1, 0, 0]),
        ("twin == help", [1, 0, 0]),  # the level of the variable on the left
        ("twin == twin", [0, 0, 1]),
        ("twin in stake | help", [1, 1, 0]),
    ],
)
def test_levels_may_share_the_names_of_other_things(text: str, expected: list[float]) -> None:
    assert states(text) == expected
    assert value("words + 1", NUMBER)[0] == [6, 7]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 + 3 * 4 - 10 / 4", [11.5, 11.5]),
        ("-stake + +price", [-1.5, -6]),
        ("stake / price - 1", [3, 1.5]),
        ("stake - price - 1", [0.5, 5]),
        ("stake / price / 2", [2, 1.25]),
        ("30% * stake", [0.6, 3]),
        ("min(stake, price, 3)", [0.5, 3]),
        ("max(stake, 3) * abs(1 - price)", [1.5, 30]),
        ("1 if stake > 5 else 2 if price < 1 else 3", [2, 1]),
        ("stake if dear else price", [0.5, 10]),
        ("losses(patron) * 2", [6, 6]),
        ("step", [4, 4]),
        ("2 if 30% < 1 / 3 else 1", [2, 2]),
    ],
)
def test_numbers(text: str, expected: list[float]) -> None:
    assert value(text, NUMBER)[0] == pytest.approx(expected)


def test_whole_numbers() -> None:
    assert states("count + 1", INTEGER) == [-1, 1, 8]
    assert states("max(count, 0) * 2 - abs(count)", INTEGER) == [-2, 0, 7]
    assert np.asarray(compiled("count * 2 + step", INTEGER)(Environment(STATE, {}, 1))).dtype == np.int64


def test_large_whole_numbers_do_not_wrap_around() -> None:
    product = " * ".join(["count"] * 40)
    assert states(f"({product}) > 0")[2] == 1
    assert states(product, INTEGER)[2] == 2**53  # as far as whole numbers are exact
    assert states("-1 * " + " * ".join(["9007199254740991"] * 5), INTEGER)[0] < 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("help", [0, 1, 2]),
        ("troops", [2, 2, 2]),
        ("aid", [0, 2, 1]),
        ("arms if fallen else words", [0, 1, 1]),
        ("max(help, arms)", [1, 1, 2]),
    ],
)
def test_levels_to_set(text: str, expected: list[float]) -> None:
    assert states(text, HELP) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("yes", [1, 1, 1]), ("fighting", [1, 1, 0]), ("help > words", [0, 1, 1]), ("lost", [1, 1, 0])],
)
def test_flags_to_set(text: str, expected: list[float]) -> None:
    assert states(text, FLAG) == expected


@pytest.mark.parametrize(
    ("text", "wanted", "code", "marked"),
    [
        ("stakes + 1", NUMBER, "F102", "stakes"),
        ("wra == on", CONDITION, "F102", "wra"),
        ("on", CONDITION, "F102", "on"),
        ("help == armz", CONDITION, "F103", "armz"),
        ("help in words | armz", CONDITION, "F103", "armz"),
        ("max(help, armz) == arms", CONDITION, "F103", "armz"),
        ("losses(rival)", NUMBER, "F105", "rival"),
        ("losses(1 + 1)", NUMBER, "F203", "losses(1 + 1)"),
        ("help", NUMBER, "F205", "help"),
        ("stake + help", NUMBER, "F205", "help"),
        ("-fallen", NUMBER, "F205", "fallen"),
        ("abs(war)", NUMBER, "F205", "war"),
        ("min(fighting, 1)", NUMBER, "F205", "fighting"),
        ("war == on", NUMBER, "F205", "war == on"),
        ("stake", CONDITION, "F205", "stake"),
        ("help", CONDITION, "F205", "help"),
        ("not count", CONDITION, "F205", "count"),
        ("fallen and help", CONDITION, "F205", "help"),
        ("1 if help else 2", NUMBER, "F205", "help"),
        ("war", HELP, "F205", "war"),
        ("3", HELP, "F205", "3"),
        ("count / 2", INTEGER, "F205", "count / 2"),
        ("1.5", INTEGER, "F205", "1.5"),
        ("help > 1", CONDITION, "F207", "help > 1"),
        ("help == war", CONDITION, "F207", "help == war"),
        ("fallen == 1", CONDITION, "F207", "fallen == 1"),
        ("max(help, war) == arms", CONDITION, "F207", "war"),
        ("count in 1 | x", CONDITION, "F207", "x"),
        ("help in 1 | 2", CONDITION, "F207", "1"),
        ("help in arms | aid", CONDITION, "F207", "aid"),
        ("1 if fallen else help", NUMBER, "F207", "1 if fallen else help"),
        ("yes", NUMBER, "F209", "yes"),
        ("help == yes", CONDITION, "F209", "yes"),
        ("stake == no", CONDITION, "F207", "stake == no"),
        ("russia.mood", NUMBER, "F102", "russia.mood"),
        ("2 to 8", NUMBER, "F203", "2 to 8"),
        ("stake + normal(1, 2)", NUMBER, "F203", "normal(1, 2)"),
        ("normal + 1", NUMBER, "F203", "normal"),
        ("minimum(1, 2)", NUMBER, "F102", "minimum(1, 2)"),
        ("max()", NUMBER, "F203", "max()"),
        ("abs(1, 2)", NUMBER, "F203", "abs(1, 2)"),
        ("max(1 = 2)", NUMBER, "F203", "max(1 = 2)"),
        ("min + 1", NUMBER, "F203", "min"),
    ],
)
def test_mistakes(text: str, wanted: Kind, code: str, marked: str) -> None:
    assert problem(text, wanted) == (code, marked)


@pytest.mark.parametrize(
    ("text", "changes", "code", "marked"),
    [
        ("stake > 1", {"drawn": False}, "F206", "stake"),
        ("fighting and dear", {"drawn": False}, "F206", "dear"),
        ("losses(patron) > 1", {"losses": None}, "F206", "losses(patron)"),
        ("help == arms", {"state": False}, "F206", "help"),
        ("step > 1", {"state": False}, "F206", "step"),
        ("fighting", {"state": False}, "F206", "fighting"),
    ],
)
def test_what_may_not_be_read_at_a_place(text: str, changes: dict[str, Any], code: str, marked: str) -> None:
    assert problem(text, CONDITION, **changes) == (code, marked)


def test_structure_may_read_state_facts_and_step() -> None:
    assert compiled("fighting and step > 1 and help == arms", CONDITION, scope(drawn=False, losses=None))


@pytest.mark.parametrize(
    "text", ["broken", "broken and help == arms", "not broken", "1 if broken else 2", "gone == 3", "help == gone"]
)
def test_what_is_broken_elsewhere_is_not_reported_again(text: str) -> None:
    report = Report()
    place = scope(broken={"gone"})
    if text == "help == gone":  # beside a variable with levels it is a word that is no level
        place = scope(broken={"gone", "help"}, variables={k: v for k, v in VARIABLES.items() if k != "help"})
    assert compile_scalar(Scalar(text, Span(1, 1, 1, 9)), place, report, None) is None
    assert not report.found


def test_several_mistakes_of_one_expression_are_all_reported() -> None:
    _, report = attempt("stakes * 2 + prise", NUMBER)
    assert [item.message for item in report.found] == ["nothing is called `stakes`", "nothing is called `prise`"]


def test_what_is_read() -> None:
    found = compiled("stake * losses(patron) if fighting and count > step else price", NUMBER)
    assert found.variables == {"war", "count"}
    assert found.quantities == {"stake", "price"}
    assert found.reads_step
    assert not compiled("stake * 2").reads_step


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 * 3 - 1", 5),
        ("-(1 / 4)", -0.25),
        ("min(1, 2, -3)", -3),
        ("abs(-2)", 2),
        ("30%", 0.3),
        ("stake", None),
        ("2 + count", None),
    ],
)
def test_constants_are_known(text: str, expected: float | None) -> None:
    assert compiled(text).constant == expected


def test_canonical_forms_tell_meanings_apart() -> None:
    texts = [
        "help == arms", "help == troops", "help != arms", "aid == arms", "help >= arms", "war == over", "fallen",
        "not fallen", "fallen and lost", "fallen or lost", "lost and fallen", "count + 1", "count - 1", "count * 1",
        "stake - price", "price - stake", "stake / price", "(stake - price) - 1", "stake - (price - 1)", "-stake",
        "min(stake, price)", "max(stake, price)", "abs(stake)", "1 if fallen else 2", "2 if fallen else 1",
        "count in 1 | 2", "count in 1 | 3", "step", "1", "1.5", "stake > 1", "stake >= 1",
    ]  # fmt: skip
    assert len({compiled(text).canonical for text in texts}) == len(texts)


def test_facts_are_put_in() -> None:
    assert compiled("fighting and fallen").canonical == compiled("war == on and fallen").canonical
    assert compiled("help in arms | words").canonical == compiled("help in words | arms").canonical


def test_long_canonical_forms_are_digests() -> None:
    long = " and ".join(["fallen == lost"] * 100)
    found = compiled(long, CONDITION)
    assert len(found.canonical) < 100
    assert found.canonical == compiled(long, CONDITION).canonical
    assert found.canonical != compiled(long + " and fallen", CONDITION).canonical


def test_facts_that_double_are_refused_before_they_fill_the_memory() -> None:
    place = scope()
    facts = dict(place.facts)
    for number in range(40):
        place.facts = facts
        report = Report()
        inner = f"f{number - 1}" if number else "fallen"
        facts[f"f{number}"] = compile_scalar(
            Scalar(f"{inner} and not {inner}", Span(1, 1, 1, 9)), place, report, CONDITION
        )
        if report.found:
            assert [item.code for item in report.found] == ["F211"]
            assert number < 15
            return
    pytest.fail("never refused")


def test_facts_nested_too_deeply_are_refused() -> None:
    inner = constant(1.0, CONDITION)
    for _ in range(MAX_DEPTH):
        inner = join([inner], CONDITION, inner.function, "x")
    assert problem("deep", CONDITION, facts={"deep": inner}) == ("F211", "deep")


def test_sums_and_folding() -> None:
    assert total([constant(2.0), constant(3.0)]).constant == 5
    assert fold([constant(1.0)], lambda e: 1 / np.float64(0)) == np.inf
    assert fold([constant(1.0), compiled("stake")], lambda e: 1) is None


def test_dividing_by_zero_is_silent() -> None:
    with np.errstate(all="raise"):
        assert value("1 / (stake - 2)", NUMBER)[0] == [np.inf, 0.125]


NUMBERS = st.recursive(
    st.sampled_from(["1", "2.5", "30%", "stake", "price", "count"]),
    lambda inner: (
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda part: f"({part[0]} {part[1]} {part[2]})")
        | inner.map(lambda part: f"-{part}")
        | st.tuples(inner, inner).map(lambda part: f"max({part[0]}, {part[1]})")
        | st.tuples(inner, inner).map(lambda part: f"({part[0]} if fallen else {part[1]})")
    ),
    max_leaves=8,
)


@given(NUMBERS)
def test_arithmetic_agrees_with_python(text: str) -> None:
    found = value(text, NUMBER)
    for row, draw in ((0, 0), (1, 1), (2, 0)):
        names: dict[str, Any] = {name: np.float64(values[0, draw]) for name, values in DRAWS.items()}
        names.update({name: np.float64(values[row, 0]) for name, values in STATE.items()})
        with np.errstate(all="ignore"):
            expected = eval(text.replace("30%", "0.3"), {"max": np.maximum}, names)  # noqa: S307
        np.testing.assert_allclose(found[row][draw], expected, rtol=1e-12)

"""Quantities, correlations and facts."""

from __future__ import annotations

import numpy as np
import pytest

from foederis.language.expressions import Environment

from .texts import case_of, marked, mistakes, only, text_of


def quantities(content: str) -> dict[str, str]:
    """What is left out of a file is not asked, so that only the numbers count."""
    return {"quantities": content, **dict.fromkeys(("moves", "events", "interests", "questions"))}  # type: ignore[dict-item]


def wrong(**sections: str | None) -> tuple[str, str]:
    item = only(**sections)
    return item.code, marked(item, text_of(**sections))


def test_fixed_uncertain_and_calculated_quantities() -> None:
    case = case_of(**quantities("{a: 30%, b: {value: 2 to 8, unit: bn USD}, c: a * b}"))
    a, b, c = (case.quantities[name] for name in "abc")
    assert (a.text, a.distribution, a.expression and a.expression.constant) == ("30%", None, 0.3)
    assert (b.unit, b.expression, b.inline, b.distribution and b.distribution.family) == (
        "bn USD",
        None,
        False,
        "lognormal",
    )
    assert c.expression is not None
    assert c.expression.quantities == {"a", "b"}
    assert case.quantity_order.index("c") == 2


@pytest.mark.parametrize(
    "name", ["beta", "normal", "choice", "on", "null", "NaN", "inf", "NO", "actors", "value", "_x1", "none"]
)
def test_names_that_mean_something_elsewhere(name: str) -> None:
    case = case_of(**quantities(f"{{{name}: 3, twice: 2 * {name}}}"))
    assert case.evaluate_quantities({}, 1)["twice"].tolist() == [6]


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        ("{a: b, b: a}", "F401", "b"),
        ("{a: a + 1}", "F401", "a + 1"),
        ("{a: b, b: c, c: b}", "F401", "c"),
        ("{a: war == on}", "F206", "war"),
        ("{a: fighting}", "F206", "fighting"),
        ("{a: losses(patron)}", "F206", "losses(patron)"),
        ("{a: b}", "F102", "b"),
        ("{a: 1 / 0}", "F311", "1 / 0"),
        ("{a: 1e999}", "F311", "1e999"),
        ("{a: yes}", "F209", "yes"),
        ("{a: }", "F202", ""),
        ("{a: [1, 2]}", "F201", "[1, 2]"),
        ("{a: {value: 1, units: x}}", "F101", "units"),
        ("{a b: 1}", "F112", "a b"),
        ("{yes: 1}", "F112", "yes"),
        ("{a: normal(1, 2)}", "F204", "("),
        ("[a]", "F201", "[a]"),
    ],
)
def test_wrong_quantities(content: str, code: str, place: str) -> None:
    assert wrong(**quantities(content)) == (code, place)


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("10-30%", ["W609"]),
        ("2-8", ["W609"]),
        ("8 - 2", []),
        ("fixed-2", []),
        ("1-fixed", []),
        ("2+8", []),
        ("8-2-1", []),
    ],
)
def test_an_interval_written_with_a_minus_sign_gives_a_warning(written: str, codes: list[str]) -> None:
    case = case_of(quantities=f"{{stake: {written}, fixed: 1, chance: 10%}}")
    assert [item.code for item in case.warnings] == codes


def test_a_ring_is_shown_from_its_first_name() -> None:
    assert only(**quantities("{z: y, y: x, x: z}")).message == "quantities that depend on themselves: x → z → y → x"


def test_an_uncertain_number_at_its_place_of_use_is_a_quantity_named_by_the_place() -> None:
    case = case_of(interests="{patron: {client: {worth: 2 to 8, paid: at_end}}}")
    assert case.quantities["interests.patron.client.worth"].inline
    assert case.interests[0].worth.quantities == {"interests.patron.client.worth"}


def test_numbers_are_counted_by_what_they_rest_on() -> None:
    case = case_of(
        quantities="""
          sourced: {value: 1, because: {source: memo}}
          reasoned: {value: 2 to 3, because: I think so}
          bare: 4
          calculated: 2 * bare
          chance: 10%
          stake: 3
        """,
        actors="{patron: {rationality: 1, because: a guess}, rival: {rationality: {value: 1, because: {source: memo}}}}",
        moves=None,
        questions=None,
    )
    assert case.numbers == {"sourced": 2, "reasoned": 2, "bare": 3}


@pytest.mark.parametrize(
    ("ties", "code", "place"),
    [
        ("[[a, b, 1]]", "F309", "1"),
        ("[[a, b, high]]", "F309", "high"),
        ("[[a, b]]", "F309", "[a, b]"),
        ("[a, b, 0.5]", "F309", None),
        ("[[a, a, 0.5]]", "F309", "[a, a, 0.5]"),
        ("[[a, b, 0.5], [b, a, 0.5]]", "F309", "[b, a, 0.5]"),
        ("[[a, d, 0.5]]", "F309", "d"),
        ("[[a, e, 0.5]]", "F309", "e"),
        ("[[a, x, 0.5]]", "F102", "x"),
        ("[[a, b, 0.9], [b, c, 0.9], [a, c, -0.9]]", "F309", "[[a, b, 0.9], [b, c, 0.9], [a, c, -0.9]]"),
        ("3", "F201", "3"),
    ],
)
def test_wrong_correlations(ties: str, code: str, place: str | None) -> None:
    sections = {**quantities("{a: 1 to 2, b: 1 to 2, c: 1 to 2, d: 4, e: a * 2}"), "correlated": ties}
    if place is None:
        assert {item.code for item in mistakes(**sections)} == {code}
    else:
        assert wrong(**sections) == (code, place)


def facts(content: str, **sections: str | None) -> dict[str, str | None]:
    return {"facts": content, **dict.fromkeys(("moves", "events", "questions")), **sections}


PLANT = "{plant: {holder: patron, value: 10, lost: {%s: 20%%}}}"


def test_facts_may_stand_in_any_order() -> None:
    case = case_of(**facts("{late: fighting and long, long: step > 2, fighting: war == on}"))
    late = case.facts["late"]
    assert late.text == "fighting and long"
    assert late.condition(Environment({"war": np.array([0, 1])}, {}, 3)).tolist() == [True, False]
    assert list(case.facts) == ["late", "long", "fighting"]


def test_a_fact_may_have_the_name_of_a_level() -> None:
    case = case_of(**facts("{over: war == over, on: not over}"))
    assert case.facts["on"].condition.canonical == "(not ([war]==1))"


def test_facts_and_exposures_may_read_each_other_without_a_ring() -> None:
    content = "{poor: losses(patron) > 1, ruined: fallen or poor, dark: fallen}"
    case = case_of(**facts(content, exposures=PLANT % "dark"))
    state = {"fallen": np.array([0, 1])}
    assert case.facts["ruined"].condition(Environment(state, {})).tolist() == [False, True]


@pytest.mark.parametrize("order", [1, -1])
def test_a_long_chain_of_facts_in_either_order(order: int) -> None:
    lines = ["f0: fallen", *(f"f{k}: f{k - 1} and fighting" for k in range(1, 100)), "fighting: war == on"][::order]
    case = case_of(**facts("\n  " + "\n  ".join(lines)))
    assert case.facts["f99"].condition.variables == {"fallen", "war"}


@pytest.mark.parametrize(
    ("content", "exposures", "message"),
    [
        ("{a: b, b: not a}", None, "facts that depend on themselves: a → b → a"),
        ("{a: not a}", None, "facts that depend on themselves: a → a"),
        ("{a: losses(patron) > 1}", PLANT % "a", "facts that depend on themselves: a → losses → a"),
        ("{a: fallen}", PLANT % "losses(patron) > 1", "losses that depend on themselves: losses → losses"),
    ],
)
def test_rings(content: str, exposures: str | None, message: str) -> None:
    item = only(**facts(content, exposures=exposures))
    assert (item.code, item.message) == ("F401", message)


def test_two_rings_are_both_reported() -> None:
    found = mistakes(**facts("{a: b, b: a, c: d, d: c, fine: a or fallen}"))
    assert [item.message for item in found] == [
        "facts that depend on themselves: a → b → a",
        "facts that depend on themselves: c → d → c",
    ]


def test_a_broken_fact_is_reported_where_it_stands_only() -> None:
    assert only(facts="{fighting: wra == on}").message == "nothing is called `wra`"


def test_a_fact_that_reads_numbers_may_not_decide_who_moves() -> None:
    found = mistakes(facts="{fighting: stake > 3}")
    assert {item.code for item in found} == {"F206"}
    assert len(found) == 3


@pytest.mark.parametrize(
    ("sections", "name"),
    [
        ({"state": "{war: [on, over], help: [words, arms], fallen: flag, fixed: flag}"}, "fixed"),
        ({"facts": "{fighting: war == on, war: fallen}"}, "war"),
        ({"facts": "{fighting: war == on, fixed: fallen}"}, "fixed"),
    ],
)
def test_two_things_of_one_name(sections: dict[str, str], name: str) -> None:
    assert wrong(**sections) == ("F111", name)

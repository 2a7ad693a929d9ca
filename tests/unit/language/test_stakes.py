"""Treaties, exposures and interests."""

from __future__ import annotations

import numpy as np
import pytest

from foederis.language.expressions import Environment

from .texts import case_of, marked, mistakes, only, text_of

PACT = {
    "parties": "[patron, client]",
    "provisions": "[consultation, defense]",
    "invokes": "defense",
    "triggered": "fighting",
    "honoured_by": "{patron: help >= arms}",
    "breach_cost": "{patron: 2}",
}


def pact(**changes: str | None) -> dict[str, str | None]:
    entries = ", ".join(f"{key}: {value}" for key, value in {**PACT, **changes}.items() if value is not None)
    return {"treaties": f"{{pact: {{{entries}}}}}"}


def exposures(content: str, **sections: str | None) -> dict[str, str | None]:
    return {"exposures": content, **sections}


def wrong(sections: dict[str, str | None]) -> tuple[str, str]:
    item = only(**sections)
    return item.code, marked(item, text_of(**sections))


def test_a_treaty() -> None:
    found = case_of(**pact()).treaties["pact"]
    assert (found.parties, found.provisions, found.binds) == (("patron", "client"), ("consultation", "defense"), True)
    assert found.triggered.canonical == "([war]==0)"
    assert found.honoured_by["patron"].canonical == "([help]>=1)"
    assert found.breach_cost["patron"].constant == 2


def test_a_treaty_without_the_invoked_provision_binds_nobody() -> None:
    assert not case_of(**pact(provisions="[consultation]")).treaties["pact"].binds


@pytest.mark.parametrize(
    ("changes", "code", "place"),
    [
        ({"provisions": "[defence]"}, "F116", "defence"),
        ({"invokes": "war"}, "F116", "war"),
        ({"parties": "patron"}, "F201", "patron"),
        ({"honoured_by": "{patron: help >= arms, rival: fallen}", "parties": "[patron, rival]"}, "F405", "{patron: 2}"),
        ({"triggered": "stakes > 1"}, "F102", "stakes"),
        ({"triggered": "stake"}, "F205", "stake"),
        ({"breach_cost": "{patron: fallen}"}, "F205", "fallen"),
        ({"honored_by": "{}"}, "F101", "honored_by"),
    ],
)
def test_wrong_treaties(changes: dict[str, str | None], code: str, place: str) -> None:
    assert wrong(pact(**changes)) == (code, place)


def test_a_treaty_that_lacks_a_key() -> None:
    assert only(**pact(invokes=None)).message == "the treaty `pact` lacks `invokes`"


@pytest.mark.parametrize(
    ("changes", "code", "place"),
    [
        ({"parties": "[client]"}, "F405", "patron"),
        ({"honoured_by": "{client: fallen}", "breach_cost": "{client: 2}"}, "F105", "client"),
    ],
)
def test_whom_a_treaty_may_bind(changes: dict[str, str | None], code: str, place: str) -> None:
    sections = pact(**changes)
    found = [(item.code, marked(item, text_of(**sections))) for item in mistakes(**sections)]
    assert found == [(code, place), (code, place)]  # under `honoured_by` and under `breach_cost`


def test_losses_are_the_largest_fraction_that_holds() -> None:
    content = "{plant: {holder: patron, value: stake, lost: {fallen: 80%, fighting: 10%, help == arms: share}}}"
    case = case_of(**exposures(content, quantities="{stake: 5 to 20, share: 30% to 50%, chance: 10%}"))
    state = {
        "fallen": np.array([[0], [0], [1], [0]]),
        "war": np.array([[1], [0], [0], [0]]),
        "help": np.array([[0], [0], [0], [1]]),
    }
    amount = case.exposures["plant"].amount
    found = amount(Environment(state, {"stake": np.array([[10.0, 20.0]]), "share": np.array([[0.4, 0.05]])}))
    assert found == pytest.approx(np.array([[0, 0], [1, 2], [8, 16], [4, 2]]))
    assert amount.variables == {"fallen", "war", "help"}
    assert amount.quantities == {"stake", "share"}


def test_losses_of_a_holder_are_summed_and_of_others_are_0() -> None:
    content = "{a: {holder: patron, value: 3, lost: {fallen: 1}}, b: {holder: patron, value: 4, lost: {fallen: 50%}}, c: {holder: client, value: 9, lost: {fallen: 1}}}"
    questions = "{p: {expected: losses(patron)}, r: {expected: losses(rival)}, c: {expected: losses(client)}}"
    case = case_of(**exposures(content, questions=questions))
    values = {}
    for name, question in case.questions.items():
        assert question.expression is not None
        values[name] = float(question.expression(Environment({"fallen": 1}, {})))
    assert values == {"p": 5, "r": 0, "c": 9}


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        ("3, unit: bn USD", "bn USD"),
        ("{value: 3, unit: bn USD}", "bn USD"),
        ("worth", "bn USD"),
        ("worth, unit: bn EUR", "bn EUR"),
        ("2 * worth", ""),
        ("3", ""),
    ],
)
def test_the_unit_of_an_exposure(value: str, unit: str) -> None:
    numbers = "{worth: {value: 3, unit: bn USD}, stake: 1, chance: 10%}"
    case = case_of(**exposures(f"{{a: {{holder: patron, value: {value}, lost: {{fallen: 1}}}}}}", quantities=numbers))
    assert case.exposures["a"].unit == unit
    assert case.losses_unit("patron") == unit


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        ("{a: {holder: patron, value: 1, lost: {fallen: 110%}}}", "F308", "110%"),
        ("{a: {holder: patron, value: 1, lost: {fallen: -1}}}", "F308", "-1"),
        ("{a: {holder: patron, value: 1, lost: {falln: 10%}}}", "F102", "falln"),
        ("{a: {holder: patron, value: 1, lost: {fallen: max(10%, 20%)}}}", "F204", "("),
        ("{a: {holder: patron, value: 1, lost: [fallen]}}", "F201", "[fallen]"),
        ("{a: {holder: [patron], value: 1, lost: {fallen: 1}}}", "F201", "[patron]"),
        ("{a: {holder: the patron, value: 1, lost: {fallen: 1}}}", "F112", "the patron"),
        ("{a: {holder: patron, lost: {fallen: 1}}}", "F202", "{holder: patron, lost: {fallen: 1}}"),
        ("{a: {holder: patron, value: losses(patron), lost: {fallen: 1}}}", "F401", None),
        ("{a: {holder: patron, value: 1, unit: USD, lost: {fallen: 1}}, b: {holder: patron, value: 7, unit: EUR, lost: {fallen: 1}}}", "F404", "7"),
        ("{a: {holder: patron, value: 1, unit: USD, lost: {fallen: 1}}, b: {holder: patron, value: 7, lost: {fallen: 1}}}", "F404", "7"),
    ],
)  # fmt: skip
def test_wrong_exposures(content: str, code: str, place: str | None) -> None:
    if place is None:
        assert only(**exposures(content)).code == code
    else:
        assert wrong(exposures(content)) == (code, place)


def test_different_holders_may_count_in_different_units() -> None:
    content = "{a: {holder: patron, value: 1, unit: USD, lost: {fallen: 1}}, b: {holder: rival, value: 7, unit: EUR, lost: {fallen: 1}}}"
    case = case_of(**exposures(content))
    assert (case.losses_unit("patron"), case.losses_unit("rival")) == ("USD", "EUR")


def test_what_reads_broken_exposures_is_not_reported_again() -> None:
    content = "{a: {holder: patron, value: stakes, lost: {fallen: 1}}}"
    assert (
        only(**exposures(content, interests="{patron: {a: {worth: -losses(patron)}}}")).message
        == "nothing is called `stakes`"
    )


@pytest.mark.parametrize(("holder", "codes"), [("patron", []), ("patronn", ["W608"]), ("client", [])])
def test_a_holder_who_is_almost_an_actor_gives_a_warning(holder: str, codes: list[str]) -> None:
    case = case_of(**exposures(f"{{a: {{holder: {holder}, value: 1, lost: {{fallen: 1}}}}}}"))
    assert [item.code for item in case.warnings] == codes


def test_interests_are_paid_in_each_step_unless_they_say_otherwise() -> None:
    case = case_of(
        interests="{patron: {a: {worth: 1}, b: {worth: stake, when: fallen, paid: at_end}}, rival: {a: {worth: 2, paid: each_step}}}"
    )
    assert [(i.actor, i.name, i.at_end, i.when is not None) for i in case.interests] == [
        ("patron", "a", False, False),
        ("patron", "b", True, True),
        ("rival", "a", False, False),
    ]


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        ("{patronn: {a: {worth: 1}}}", "F105", "patronn"),
        ("{patron: {a: 3}}", "F201", "3"),
        ("{patron: 3}", "F201", "3"),
        ("{patron: {a: {worth: big}}}", "F102", "big"),
        ("{patron: {a: {worth: fallen}}}", "F205", "fallen"),
        ("{patron: {a: {worth: 1, when: stake}}}", "F205", "stake"),
        ("{patron: {a: {worth: 1, paid: at_once}}}", "F116", "at_once"),
        ("{patron: {a: {when: fallen}}}", "F202", "{when: fallen}"),
        ("{patron: {a: {worth: min(stake, 1), when: fallen}}}", "F204", "("),
    ],
)
def test_wrong_interests(content: str, code: str, place: str) -> None:
    assert wrong({"interests": content}) == (code, place)

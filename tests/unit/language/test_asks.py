"""Questions, what-ifs and claims."""

from __future__ import annotations

import pytest

from foederis.language.case import Expectation, Imposed

from .texts import case_of, marked, only, text_of


def wrong(**sections: str | None) -> tuple[str, str]:
    item = only(**sections)
    return item.code, marked(item, text_of(**sections))


@pytest.mark.parametrize(
    ("content", "form", "canonical"),
    [
        ("at_end: fallen", "at_end", "[fallen]"),
        ("eventually: help >= arms", "eventually", "([help]>=1)"),
        ("first: fighting and stake > 2", "first", "(([war]==0) and (<stake>>2))"),
        ("expected: count * stake", "expected", "(*[count]*<stake>)"),
        ("expected: {value: stake, unit: points}", "expected", "<stake>"),
    ],
)
def test_forms_of_questions(content: str, form: str, canonical: str) -> None:
    found = case_of(questions=f"{{q: {{{content}}}}}").questions["q"]
    assert found.expression is not None
    assert (found.form, found.expression.canonical) == (form, canonical)


def test_a_question_in_all_its_parts() -> None:
    content = "{q: {takes: patron.send, by: 2, given: fallen, says: Does it send?, unit: x, because: I wonder}}"
    found = case_of(questions=content).questions["q"]
    assert (found.turn, found.option, found.by, found.says, found.unit) == ("patron", "send", 2, "Does it send?", "x")
    assert (found.text, found.given_text) == ("patron.send", "fallen")
    assert found.given is not None
    assert found.because[0].says == "I wonder"


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        ("takes: patron.sendd", "F104", "sendd"),
        ("takes: ' patron.sendd '", "F104", "sendd"),
        ("takes: patronn.send", "F106", "patronn"),
        ("takes: patron", "F203", "patron"),
        ("takes: [patron, send]", "F201", "[patron, send]"),
        ("at_end: fallen, eventually: fallen", "F407", "q"),
        ("says: What?", "F407", "q"),
        ("at_end: falln", "F102", "falln"),
        ("at_end: stake", "F205", "stake"),
        ("expected: fallen", "F205", "fallen"),
        ("at_end: fallen, by: 4", "F213", "4"),
        ("at_end: fallen, by: -1", "F213", "-1"),
        ("at_end: fallen, by: 1.5", "F213", "1.5"),
        ("at_end: fallen, given: stakes > 1", "F102", "stakes"),
        ("at_and: fallen, at_end: fallen", "F101", "at_and"),
    ],
)
def test_wrong_questions(content: str, code: str, place: str) -> None:
    assert wrong(questions=f"{{q: {{{content}}}}}") == (code, place)


def test_what_asks_of_a_broken_turn_is_not_reported_again() -> None:
    moves = "[{actor: patronn, name: patron, options: {send: }}]"
    whatifs = "{w: {imposed: [{step: 0, patron: send}]}}"
    assert only(moves=moves, whatifs=whatifs).message == "there is no actor `patronn`"


PACT = """
  pact:
    parties: [patron]
    provisions: [consultation]
    invokes: defense
    triggered: fighting
    honoured_by: {patron: help >= arms}
    breach_cost: {patron: 2}
"""


def whatif(content: str) -> dict[str, str]:
    return {"whatifs": f"\n  w: {{{content}}}\n", "treaties": PACT}


def test_a_whatif_keeps_its_changes_in_order() -> None:
    case = case_of(
        **whatif("set: {quantities.stake: 1 to 2, clock.steps: 3}, says: Less is at stake, because: why not")
    )
    found = case.whatifs["w"]
    assert [path for path, _ in found.changes] == ["quantities.stake", "clock.steps"]
    assert (found.says, found.because[0].says, found.imposed) == ("Less is at stake", "why not", ())


def test_imposed_moves() -> None:
    case = case_of(**whatif("imposed: [{step: 0, patron: send, rival: press}, {step: 2, rival: stop}]"))
    found = [(move.step, move.turn, move.option) for move in case.whatifs["w"].imposed]
    assert found == [(0, "patron", "send"), (0, "rival", "press"), (2, "rival", "stop")]
    assert isinstance(case.whatifs["w"].imposed[0], Imposed)


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        ("set: {quantities.stak: 3}", "F114", "stak"),
        ("set: {quantitys.stake: 3}", "F114", "quantitys"),
        ("set: {quantities.stake.value.low: 3}", "F114", "low"),
        ("set: {moves.patron.options.snd: {}}", "F114", "snd"),
        ("set: {moves.2.when: fallen}", "F114", "2"),
        ("set: {quantities.stake: 3 to 2}", "F301", "3 to 2"),
        ("set: {treaties.pact.provisions: [defence]}", "F116", "defence"),
        ("set: {moves.patron.when: stake > 3}", "F206", "stake"),
        ("set: {facts.fighting: not fighting}", "F401", "not fighting"),
        ("set: {foederis: 2}", "F009", "2"),
        ("set: {title: [x]}", "F201", "[x]"),
        ("set: {}", "F409", "w"),
        ("says: Nothing", "F409", "w"),
        ("imposed: []", "F409", "w"),
        ("set: 3", "F201", "3"),
        ("imposed: {step: 0, patron: send}", "F201", "{step: 0, patron: send}"),
        ("imposed: [send]", "F201", "send"),
        ("imposed: [{patron: send}]", "F202", "{patron: send}"),
        ("imposed: [{step: 0}]", "F202", "{step: 0}"),
        ("imposed: [{step: 4, patron: send}]", "F213", "patron"),
        ("imposed: [{step: one, patron: send}]", "F213", "one"),
        ("imposed: [{step: 0, patronn: send}]", "F106", "patronn"),
        ("imposed: [{step: 0, patron: sendd}]", "F104", "sendd"),
        ("imposed: [{step: 0, patron: send}, {step: 0, patron: wait}]", "F006", "patron"),
        ("set: {clock.steps: 2}, imposed: [{step: 3, patron: send}]", "F213", "patron"),
    ],
)
def test_wrong_whatifs(content: str, code: str, place: str) -> None:
    assert wrong(**whatif(content)) == (code, place)


def test_imposed_moves_are_judged_on_the_case_that_the_whatif_makes() -> None:
    longer = "set: {clock.steps: 9}, imposed: [{step: 8, patron: send}]"
    assert case_of(**whatif(longer)).whatifs["w"].imposed[0].step == 8
    other = "set: {moves.patron.options: {beg: }, questions.sends: {at_end: fallen}}, imposed: [{step: 0, patron: %s}]"
    assert case_of(**whatif(other % "beg")).whatifs["w"].imposed[0].option == "beg"
    assert only(**whatif(other % "send")).message == "in the what-if `w`: patron has no option `send`"


def test_one_whatif_does_not_spoil_another() -> None:
    whatifs = """
      mute: {set: {moves.patron.options: {beg: }, questions: {falls: {at_end: fallen}}}}
      sends: {imposed: [{step: 0, patron: send}]}
    """
    claims = "{c: {says: x, expect: {sends: above 1%}}}"
    assert list(case_of(whatifs=whatifs, claims=claims).whatifs) == ["mute", "sends"]


def test_a_mistake_that_a_change_brings_to_light_names_the_whatif() -> None:
    item = only(**whatif("set: {state.fallen: [maybe, surely]}"), questions=None, interests=None)
    assert item.message.startswith("in the what-if `w`: ")
    assert marked(item, text_of(**whatif(""), questions=None, interests=None)) == "yes"


def claim(content: str) -> dict[str, str]:
    return {
        "claims": f"\n  c: {{{content}}}\n",
        "whatifs": "{w: {set: {quantities.stake: 3}}}",
        "questions": "{falls: {at_end: fallen}, sends: {takes: patron.send}, when: {first: fallen}}",
    }


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ("rises", Expectation("falls", "rises")),
        ("falls", Expectation("falls", "falls")),
        ("same within 2%", Expectation("falls", "same", 0.02)),
        ("same  within 0.5", Expectation("falls", "same", 0.5)),
        ("above 20%", Expectation("falls", "above", 0.2)),
        ("below -3", Expectation("falls", "below", -3)),
    ],
)
def test_expectations(wish: str, expected: Expectation) -> None:
    case = case_of(**claim(f"says: A, whatif: w, expect: {{falls: {wish}}}, credibility: 2, because: {{source: memo}}"))
    found = case.claims["c"]
    assert found.expect == (expected,)
    assert (found.whatif, found.against, found.credibility, found.because[0].source) == ("w", None, 2, "memo")


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        ("says: A, expect: {falls: rises}", "F408", "rises"),
        ("says: A, expect: {falls: same within 2%}", "F408", "same within 2%"),
        ("says: A, expect: {falls: about 20%}", "F408", "about 20%"),
        ("says: A, expect: {falls: below}", "F408", "below"),
        ("says: A, expect: {falls: below stake}", "F408", "below stake"),
        ("says: A, whatif: w, expect: {falls: rises 3}", "F408", "rises 3"),
        ("says: A, whatif: w, expect: {falls: same within -2%}", "F408", "same within -2%"),
        ("says: A, expect: {when: below 20%}", "F408", "when"),
        ("says: A, expect: {}", "F408", "{}"),
        ("says: A, against: w, expect: {falls: below 20%}", "F408", "c"),
        ("says: A, expect: {fals: below 20%}", "F108", "fals"),
        ("says: A, whatif: v, expect: {falls: rises}", "F109", "v"),
        ("says: A, whatif: w, against: v, expect: {falls: rises}", "F109", "v"),
        ("says: A, expect: {falls: below 20%}, credibility: 7", "F503", "7"),
        ("expect: {falls: below 20%}", "F202", "{expect: {falls: below 20%}}"),
        ("says: A, expect: [falls]", "F201", "[falls]"),
    ],
)
def test_wrong_claims(content: str, code: str, place: str) -> None:
    assert wrong(**claim(content)) == (code, place)


def test_a_claim_about_a_broken_question_is_not_reported_again() -> None:
    claims = "{c: {says: x, expect: {falls: above 1%}}}"
    assert only(questions="{falls: {}}", claims=claims).code == "F407"

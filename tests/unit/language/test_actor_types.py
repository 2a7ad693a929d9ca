"""Private types: their shares, the events that read them and changes to them."""

from __future__ import annotations

import pytest

from foederis.diagnostics import CaseError, Diagnostic
from foederis.language.case import Case
from foederis.language.expressions import Environment

from .texts import case_of, marked, mistakes, only, text_of, typed

Sections = dict[str, str | None]


def types(written: str) -> Sections:
    return {"actors": f"\n  patron: {{rationality: 0.5, types: {written}}}\n  rival: {{rationality: 0.5}}"}


def shares(case: Case, draws: dict[str, float] | None = None) -> dict[str, float]:
    return {name: float(share(Environment({}, draws or {}))) for name, share in case.actors["patron"].types.items()}


def test_an_actor_has_no_types_unless_it_says_so() -> None:
    assert case_of().actors["patron"].types == {}
    for nothing in ("", "{}"):
        assert case_of(**types(nothing)).actors["patron"].types == {}


def test_shares_keep_the_order_of_the_author() -> None:
    case = case_of(**types("{weak: 40%, strong: {share: 0.6, says: Means it., because: a guess}}"))
    assert list(shares(case).items()) == [("weak", 0.4), ("strong", 0.6)]
    assert shares(case_of(**types("{a: 0%, b: 100%, c: 0}"))) == {"a": 0, "b": 1, "c": 0}
    assert shares(case_of(**types("{a: 10%, b: 20%, c: 70%}"))) == {"a": 0.1, "b": 0.2, "c": 0.7}


def test_shares_may_read_quantities() -> None:
    case = case_of(**types("{weak: chance, strong: 1 - chance}"))
    assert shares(case, {"chance": 0.3}) == {"weak": 0.3, "strong": 0.7}
    assert case.actors["patron"].types["strong"].quantities == {"chance"}


@pytest.mark.parametrize(
    ("written", "code", "place"),
    [
        ("{weak: 40%, strong: 70%}", "F312", "{weak: 40%, strong: 70%}"),
        ("{weak: 40%, strong: 59.9%}", "F312", "{weak: 40%, strong: 59.9%}"),
        ("{weak: 80%, strong: 30%, odd: chance}", "F312", "{weak: 80%, strong: 30%, odd: chance}"),
        ("{weak: 140%, strong: 0%}", "F312", "140%"),
        ("{weak: -40%, strong: 140%}", "F312", "-40%"),
        ("{weak: 1}", "F312", "weak"),
        ("{weak: 10% to 30%, strong: 80%}", "F312", "10% to 30%"),
        ("{weak: chanse, strong: 60%}", "F102", "chanse"),
        ("{weak: step / 10, strong: 60%}", "F206", "step"),
        ("{weak: fighting, strong: 60%}", "F206", "fighting"),
        ("{weak: , strong: 60%}", "F202", ""),
        ("{weak: {because: x}, strong: 60%}", "F202", "{because: x}"),
        ("{weak: {share: 40%, chance: 1}, strong: 60%}", "F101", "chance"),
        ("{weak: [40%], strong: 60%}", "F201", "[40%]"),
        ("{type: 40%, strong: 60%}", "F112", "type"),
        ("{not sure: 40%, strong: 60%}", "F112", "not sure"),
        ("[weak, strong]", "F201", "[weak, strong]"),
        ("weak", "F201", "weak"),
    ],
)
def test_wrong_types(written: str, code: str, place: str) -> None:
    found = mistakes(**types(written))
    if written.startswith("{weak: -40%"):  # both are impossible
        found = found[:1]
    [item] = found
    assert (item.code, marked(item, text_of(**types(written)))) == (code, place)
    assert item.help


def test_the_sum_of_wrong_shares_is_said() -> None:
    def said(written: str) -> tuple[str, str]:
        item = only(**types(written))
        return item.message, item.help

    message = "the shares of the types of `patron` sum to {}, and must sum to 100%"
    assert said("{weak: 40%, strong: 70%}") == (
        message.format("110%"),
        "shares are not rescaled: with `weak` at 40%, `strong` must be 60%",
    )
    assert said("{weak: 40%, strong: 30%, odd: 20%}") == (
        message.format("90%"),
        "shares are not rescaled: mend them so that they sum to 100%",
    )
    assert said("{weak: 80%, strong: 30%, odd: chance}")[0] == message.format("110% at least")


@pytest.mark.parametrize("written", ["[weak, strong]", "{weak: chanse, strong: 60%}", "{weak: 50%, strong: 60%}"])
def test_types_that_are_wrong_are_not_reported_again_where_they_are_read(written: str) -> None:
    interests = "{patron: {client: {worth: 1 if type == weak else 2, when: patron.type == strong}}}"
    assert len(mistakes(**types(written), interests=interests)) == 1


def test_items_of_an_actor_that_is_not_there_are_not_reported_again() -> None:
    moves = "\n  - actor: patrn\n    options: {send: {when: type == weak, pays: {patron: 1 if type == weak else 0}}}"
    assert only(**{**typed(), "moves": moves, "questions": None}).code == "F105"


def test_shares_are_counted_with_their_reasons() -> None:
    def counted(written: str) -> dict[str, int]:
        before, after = case_of(**types("")).numbers, case_of(**types(written)).numbers
        return {kind: after[kind] - before[kind] for kind in after}

    assert counted("{weak: 40%, strong: 60%}") == {"sourced": 0, "reasoned": 0, "bare": 2}
    both = "{weak: {share: 40%, because: a guess}, strong: {share: 60%, because: {source: memo}}}"
    assert counted(both) == {"sourced": 1, "reasoned": 1, "bare": 0}
    assert counted("{weak: chance, strong: 1 - chance}") == {"sourced": 0, "reasoned": 0, "bare": 0}


def test_an_event_reads_the_type_of_one_actor_at_most() -> None:
    def wrong(event: str) -> tuple[str, str]:
        sections = {**typed(), "events": f"{{fall: {event}}}"}
        item = only(**sections)
        assert item.code == "F206"
        return marked(item, text_of(**sections)), item.message

    expected = ("fall", "the chance of the event `fall` reads the types of `patron` and `rival`")
    both = "1% if patron.type == weak and rival.type == weak else 2%"
    one, other = "1% if patron.type == weak else 2%", "rival.type == weak"
    assert wrong(f"{{chance: {both}}}") == expected
    assert wrong(f"{{chance: {one}, odds: {{when: {other}, times: 2}}}}") == expected
    assert wrong(f"{{chance: 1%, odds: [{{when: tender, times: 2}}, {{when: {other}, times: 2}}]}}") == expected
    assert (
        wrong(f"{{outcomes: {{a: {{chance: {one}}}, b: {{chance: 1%, odds: {{when: {other}, times: 2}}}}}}}}")
        == expected
    )
    assert wrong(f"{{chance: {one}, outcomes: {{a: {{share: 1 if {other} else 2}}}}}}") == expected
    paid = f"{{chance: {one}, pays: {{patron: 1 if {other} else 0}}}}"  # nobody sees what is paid
    assert not mistakes(**{**typed(), "events": f"{{fall: {paid}, rise: {{chance: 1% if {other} else 2%}}}}"})


def test_all_mistakes_are_reported_at_once() -> None:
    sections = {
        **typed(PATIENCE="0.9 if type == weak else 1", SHARE="50%"),
        "moves": """
            - actor: patron
              when: patron.type == weak
              options: {send: {when: rival.type == bold, sets: {fallen: type == weak}, pays: {patron: 1 if type == wek else 0}}}
        """,
        "interests": "{patron: {client: {worth: 1 if bystander.type == weak else 2, when: type < strong}}}",
        "questions": "{q: {at_end: type == weak}}",
    }
    text = text_of(**sections)
    assert [(item.code, marked(item, text)) for item in mistakes(**sections)] == [
        ("F206", "type"),
        ("F312", "{weak: 50%, strong: 60%}"),
        ("F206", "patron.type"),
        ("F206", "rival.type"),
        ("F206", "type"),
        ("F103", "wek"),
        ("F113", "bystander.type"),
        ("F207", "type < strong"),
        ("F206", "type"),
    ]


# Changes


def changed(changes: dict[str, object], **sections: str | None) -> Case:
    interests = "{patron: {client: {worth: 1, when: type == weak}}}"
    return case_of(**{**typed(), "interests": interests, **sections}).with_changes(changes)


def refused(changes: dict[str, object], **sections: str | None) -> Diagnostic:
    with pytest.raises(CaseError) as caught:
        changed(changes, **sections)
    [item] = caught.value.diagnostics
    return item


def test_shares_are_changed_by_path() -> None:
    weak, strong = "actors.patron.types.weak", "actors.patron.types.strong"
    assert shares(changed({weak: "0%", strong: "100%"})) == {"weak": 0, "strong": 1}
    assert shares(changed({"actors.patron.types": {"strong": "30%", "weak": "70%"}})) == {"strong": 0.3, "weak": 0.7}
    found = changed({weak: "stake", strong: "1 - stake"})
    assert shares(found, {"stake": 0.25}) == {"weak": 0.25, "strong": 0.75}
    reason = typed(SHARE="{share: 40%, because: a guess}")
    assert shares(changed({weak: "0%", strong: "100%"}, **reason)) == {"weak": 0, "strong": 1}
    assert shares(changed({f"{weak}.share": "0%", strong: "100%"})) == {"weak": 0, "strong": 1}


def test_types_in_another_order_keep_their_meaning() -> None:
    for case in (changed({}), changed({"actors.patron.types": {"strong": "30%", "weak": "70%"}})):
        when = case.interests[0].when
        assert when is not None
        assert [bool(when(Environment({}, {}, 0, {"patron": name}))) for name in ("weak", "strong")] == [True, False]


def test_what_reads_a_type_is_judged_anew_when_the_types_change() -> None:
    new = {"actors.patron.types": {"firm": "30%", "soft": "70%"}}
    assert refused(new, interests=None).message == "`weak` is no type of patron"  # in the fact
    interests = "{patron: {client: {worth: 1 if type == weak else 2}}}"
    assert refused(new, interests=interests, facts="{fighting: war == on}").code == "F103"
    assert changed(new, interests=None, facts="{fighting: war == on}").actors["patron"].types.keys() == {"firm", "soft"}


def test_types_can_be_added_and_taken_away() -> None:
    case = case_of(**types("")).with_changes(
        {"actors.patron.types": {"weak": "40%", "strong": "60%"}, "interests.patron.client.when": "type == weak"}
    )
    assert list(case.actors["patron"].types) == ["weak", "strong"]
    assert refused({"actors.patron.types": {}}, facts="{fighting: war == on}").code == "F113"
    without = case_of(**types("{weak: 40%, strong: 60%}")).with_changes({"actors.patron.types": {}})
    assert without.actors["patron"].types == {}


def test_one_share_alone_is_not_made_to_fit() -> None:
    item = refused({"actors.patron.types.strong": "70%"})
    assert (item.code, item.message, item.help) == (
        "F312",
        "the shares of the types of `patron` sum to 110%, and must sum to 100%",
        "shares are not rescaled: with `strong` at 70%, `weak` must be 30%; set `actors.patron.types.weak` too",
    )
    item = refused({"actors.patron.types": {"weak": "10%", "strong": "10%"}})
    assert item.help.endswith("with `weak` at 10%, `strong` must be 90%; set `actors.patron.types.strong` too")
    three = "\n  patron: {rationality: 1, types: {weak: 40%, strong: 50%, odd: 10%}}\n  rival: {rationality: 1}"
    item = refused({"actors.patron.types.odd": "0%"}, actors=three)
    assert "sum to 90%" in item.message
    assert item.help == "shares are not rescaled: set all of them, or `actors.patron.types` as a whole"


def test_a_type_that_is_not_there_cannot_be_set() -> None:
    item = refused({"actors.patron.types.strog": "70%"})
    assert (item.code, item.help) == ("F114", "did you mean `strong`?")


def test_what_ifs_change_shares_and_are_judged_with_the_file() -> None:
    good = "{w: {set: {actors.patron.types.weak: 0%, actors.patron.types.strong: 100%}}}"
    assert case_of(**typed(), whatifs=good).whatifs["w"].name == "w"
    sections = {**typed(), "whatifs": "{w: {set: {actors.patron.types.weak: 70%}}}"}
    item = only(**sections)
    assert item.message.startswith("in the what-if `w`: the shares of the types of `patron` sum to 130%")
    assert marked(item, text_of(**sections)) == "70%"

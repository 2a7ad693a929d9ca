"""Where a private type may be read, what it means there, and what is said where it may not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from foederis.language.expressions import Environment, Expression

from .texts import case_of, marked, mistakes, only, text_of, typed

Sections = dict[str, str | None]


def move(turn: str = "", option: str = "") -> Callable[[str], Sections]:
    return lambda text: {
        "moves": f"\n  - actor: patron\n    {turn.replace('X', text) or 'because: x'}"
        f"\n    options: {{send: {{{option.replace('X', text)}}}}}",
        "questions": None,
    }


def section(name: str, content: str) -> Callable[[str], Sections]:
    return lambda text: {name: content.replace("X", text)}


def treaty(**changes: str) -> Callable[[str], Sections]:
    def written(text: str) -> Sections:
        parts = {"triggered": "fighting", "honoured_by": "help > words", "breach_cost": "2", **changes}
        found = {key: value.replace("X", text) for key, value in parts.items()}
        return {
            "treaties": "{pact: {parties: [patron], provisions: [defense], invokes: defense, "
            f"triggered: {found['triggered']}, honoured_by: {{patron: {found['honoured_by']}}}, "
            f"breach_cost: {{patron: {found['breach_cost']}}}}}}}"
        }

    return written


# By place: what stands there (a condition or a number), the file, and whose type may be read: that of any actor, or of
# any but only by its name, or of the item's own actor, or of none.
PLACES: dict[str, tuple[str, Callable[[str], Sections], str]] = {
    "worth": ("number", section("interests", "{patron: {client: {worth: X}}}"), "any"),
    "when of an interest": ("condition", section("interests", "{patron: {client: {worth: 1, when: X}}}"), "any"),
    "pays oneself": ("number", move(option="pays: {patron: X}"), "any"),
    "pays another": ("number", move(option="pays: {rival: X}"), "any"),
    "when of an option": ("condition", move(option="when: X"), "own"),
    "rationality": ("number", lambda text: typed(RATIONALITY=text), "own"),
    "breach cost": ("number", treaty(breach_cost="X"), "own"),
    "chance": ("number", section("events", "{fall: {chance: X}}"), "named"),
    "when of odds": ("condition", section("events", "{fall: {chance: 1%, odds: {when: X, times: 2}}}"), "named"),
    "times": ("number", section("events", "{fall: {chance: 1%, odds: {when: fighting, times: X}}}"), "named"),
    "pays of an event": ("number", section("events", "{fall: {chance: 1%, pays: {patron: X}}}"), "named"),
    "outcome's chance": ("number", section("events", "{fall: {outcomes: {a: {chance: X}}}}"), "named"),
    "outcome's share": ("number", section("events", "{fall: {chance: 1%, outcomes: {a: {share: X}}}}"), "named"),
    "outcome's odds": (
        "condition",
        section("events", "{fall: {outcomes: {a: {chance: 1%, odds: [{when: X, times: 2}]}}}}"),
        "named",
    ),
    "at_end": ("condition", section("questions", "{q: {at_end: X}}"), "named"),
    "eventually": ("condition", section("questions", "{q: {eventually: X}}"), "named"),
    "first": ("condition", section("questions", "{q: {first: X}}"), "named"),
    "expected": ("number", section("questions", "{q: {expected: X}}"), "named"),
    "given": ("condition", section("questions", "{q: {at_end: fallen, given: X}}"), "named"),
    "decision": ("number", section("decisions", "{d: {options: {a: X, b: 0}}}"), "named"),
    "fact": ("condition", section("facts", "{fighting: war == on, tender: patron.type == weak, odd: X}"), "named"),
    "when of a turn": ("condition", move(turn="when: X"), "none"),
    "chance of a turn": ("number", move(turn="chance: X"), "none"),
    "sets of an option": ("condition", move(option="sets: {fallen: X}"), "none"),
    "sets of an event": ("condition", section("events", "{fall: {chance: 1%, sets: {fallen: X}}}"), "none"),
    "when of an event": ("condition", section("events", "{fall: {chance: 1%, when: X}}"), "none"),
    "value": ("number", section("exposures", "{e: {holder: patron, value: X, lost: {fallen: 1%}}}"), "none"),
    "lost": ("condition", section("exposures", "{e: {holder: patron, value: 1, lost: {X: 1%}}}"), "none"),
    "fraction": ("number", section("exposures", "{e: {holder: patron, value: 1, lost: {fallen: X}}}"), "none"),
    "triggered": ("condition", treaty(triggered="X"), "none"),
    "honoured_by": ("condition", treaty(honoured_by="X"), "none"),
    "patience": ("number", lambda text: typed(PATIENCE=text), "none"),
    "reconsiders": ("number", lambda text: typed(RECONSIDERS=f"({text})"), "none"),
    "share": ("number", lambda text: typed(SHARE=text), "none"),
    "quantity": ("number", section("quantities", "{stake: 1, chance: 10%, odd: X}"), "none"),
}
NO_STATE = {"rationality", "patience", "reconsiders", "share", "quantity"}


def at(place: str, condition: str) -> Sections:
    kind, written, _ = PLACES[place]
    return {**typed(), **written(condition if kind == "condition" else f"(1 if {condition} else 0.5)")}


def readable(place: str, condition: str) -> bool:
    """Whether a condition may stand at a place; if not, one message says so, marks it and gives a cure."""
    sections = at(place, condition)
    if not mistakes(**sections):
        return True
    item = only(**sections)
    assert item.code == "F206"
    assert marked(item, text_of(**sections)) == condition.split(" ")[0]
    assert item.help
    return False


@pytest.mark.parametrize("place", PLACES)
def test_where_a_type_may_be_read(place: str) -> None:
    whose = PLACES[place][2]
    assert readable(place, "type == weak") == (whose in ("any", "own"))
    assert readable(place, "patron.type == weak") == (whose != "none")
    assert readable(place, "rival.type == bold") == (whose in ("any", "named"))


@pytest.mark.parametrize("place", [place for place in PLACES if place not in NO_STATE])
def test_a_fact_that_reads_a_type_may_stand_where_the_type_may(place: str) -> None:
    assert readable(place, "tender") == readable(place, "patron.type == weak")


def test_the_messages_say_why_and_what_to_do() -> None:
    def said(place: str, condition: str) -> tuple[str, str]:
        item = only(**at(place, condition))
        return item.message, item.help

    assert said("when of a turn", "patron.type == weak") == (
        "`when` of the turn `patron` may not read the type of `patron`",
        "everybody sees whose turn it is, which would tell the type: let the `when` of its options read it",
    )
    assert said("when of an option", "rival.type == bold") == (
        "`when` of the option `send` may not read the type of `rival`",
        "an actor knows its own type alone, so its options can depend on no other",
    )
    assert said("sets of an event", "tender") == (
        "the fact `tender` reads the type of `patron`, which what the event `fall` sets may not",
        "everybody sees the state, which would tell the type: let an option's `when` or an event's `chance` read it",
    )
    assert said("patience", "type == weak") == (
        "the patience of `patron` may not read a type",
        "types differ in interests, payments and rationality: let one of these read it",
    )
    assert said("at_end", "type == weak") == (
        "`type` is the type of the actor whose item this is, and the question `q` is nobody's",
        "say whose type it is, as in `patron.type`",
    )


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("patrn.type == weak", "F105", "patrn"),
        ("bystander.type == weak", "F113", "bystander.type"),
        ("patron.type == strog", "F103", "strog"),
        ("patron.type == bold", "F103", "bold"),  # a type of another
        ("strog == type", "F103", "strog"),
        ("type in weak | strog", "F103", "strog"),
        ("patron.type == help", "F207", "patron.type == help"),
        ("help == patron.type", "F207", "help == patron.type"),
        ("patron.type == rival.type", "F207", "patron.type == rival.type"),
        ("type == 1", "F207", "type == 1"),
        ("type == yes", "F209", "yes"),
        ("type < strong", "F207", "type < strong"),
        ('"max(type, strong) == strong"', "F207", "type"),
        ("type in 1 | 2", "F207", "1"),
        ("type", "F205", "type"),
        ("not patron.type", "F205", "patron.type"),
        ("strong", "F102", "strong"),
        ("patron.mood == weak", "F102", "patron.mood"),
        ("patron == weak", "F102", "patron"),
    ],
)
def test_mistakes_in_reading_a_type(text: str, code: str, place: str) -> None:
    sections = at("when of an interest", text)
    item = only(**sections)
    assert (item.code, marked(item, text_of(**sections))) == (code, place)
    assert item.help


def test_what_is_meant_is_suggested() -> None:
    def cure(text: str) -> str:
        return only(**at("when of an interest", text)).help

    assert cure("patrn.type == weak") == "did you mean `patron`?"
    assert cure("patron.type == strog") == "did you mean `strong`?"
    assert cure("patron.type == help") == "its types are `weak`, `strong`"
    assert cure("strong") == "write `patron.type == strong`"
    assert cure("patron == weak") == "write `patron.type`"
    assert cure("bystander.type == weak").startswith("give it some under `actors`")


def condition(text: str, **sections: str | None) -> Expression:
    found = case_of(**{**at("when of an interest", text), **sections}).interests[0].when
    assert found is not None
    return found


def holds(found: Expression, patron: str, rival: str = "bold") -> bool:
    state = {"war": 0, "help": np.array([0, 1]), "fallen": 0, "count": 2, "strong": 1}
    values = found(Environment(state, {}, 0, {"patron": patron, "rival": rival}))
    assert len(set(np.broadcast_to(values, 2).tolist())) == 1
    return bool(np.all(values))


@pytest.mark.parametrize(
    ("text", "weak", "strong"),
    [
        ("type == strong", False, True),
        ("strong == type", False, True),
        ("type != strong", True, False),
        ("patron.type == weak", True, False),
        ("type in strong", False, True),
        ("type in weak | strong", True, True),
        ("not type in weak", False, True),
        ("(weak if war == on else strong) == type", True, False),
        ("(1 if type == strong else 0) + count == 3", False, True),
        ("tender", True, False),
        ("tender == yes", True, False),
        ("tender and rival.type == bold", True, False),
        ("tender and rival.type == weak", False, False),
        ("fighting and type == strong", False, True),
    ],
)
def test_values(text: str, weak: bool, strong: bool) -> None:
    found = condition(text)
    assert (holds(found, "weak"), holds(found, "strong")) == (weak, strong)


def test_a_type_may_have_the_name_of_a_variable_or_a_level() -> None:
    state = "{war: [on, over], help: [weak, arms, troops], fallen: flag, count: 0..6, strong: flag}"
    found = condition("type == strong and rival.type == weak and help != troops", state=state)
    assert (holds(found, "strong", "weak"), holds(found, "strong"), holds(found, "weak", "weak")) == (
        True,
        False,
        False,
    )
    assert found.variables == {"help"}


def test_what_is_read() -> None:
    assert condition("fighting").types == frozenset()
    assert condition("tender").types == {"patron"}
    assert condition("type == weak or rival.type == weak").types == {"patron", "rival"}
    assert condition("not (1 if type == weak else 0) > 0").types == {"patron"}
    assert condition("(fallen if type == weak else fallen)").types == {"patron"}
    paid = case_of(**at("sets of an option", "fighting")).turns[0].options["send"].sets[0].value
    assert paid.types == frozenset()
    cost = case_of(**at("breach cost", "type == weak")).treaties["pact"].breach_cost["patron"]
    assert cost.types == {"patron"}


def test_own_and_named_types_are_the_same() -> None:
    assert condition("type == weak").canonical == condition("patron.type == weak").canonical == "(type:patron==weak)"
    assert condition("type in strong | weak").canonical == condition("patron.type in weak | strong").canonical
    assert condition("type == weak").canonical == condition("tender").canonical


def test_canonical_forms_tell_types_apart_whatever_their_order() -> None:
    texts = ["type == weak", "type == strong", "rival.type == weak", "type != weak", "type in weak", "type in strong"]
    assert len({condition(text).canonical for text in texts}) == len(texts)
    turned = {"actors": "\n  patron: {rationality: 1, types: {strong: 60%, weak: 40%}}\n  rival: {rationality: 1}"}
    for text in ("type == weak", "type in weak", "strong == type"):
        assert condition(text, **turned).canonical == condition(text).canonical

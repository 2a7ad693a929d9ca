"""What any part of a file may hold: keys, names, words, texts; YAML as people write it."""

from __future__ import annotations

import pytest

from foederis.diagnostics import Report
from foederis.language.reader import Reader
from foederis.language.shapes import Key, Shape
from foederis.language.source import Node, parse
from foederis.language.syntax import RESERVED

from .texts import case_of, marked, mistakes, only, text_of

SHAPE = Shape(
    "thing",
    {
        "size": Key("word", "how large it is", True),
        "mood": Key("word", "how it feels", True),
        "says": Key("text", "a text"),
    },
)
SHORT = Shape(
    "short thing", {"size": Key("word", "how large it is", True), "says": Key("text", "a text")}, short="size"
)


def node(text: str) -> Node:
    found = parse(text, Report())
    assert found is not None
    return found


def read(text: str, shape: Shape) -> tuple[list[str], list[str]]:
    """The keys that are accepted, and the messages."""
    reader = Reader(Report())
    entries = reader.keys(node(text), shape, "the thing")
    return list(entries), [item.message for item in reader.report.found]


@pytest.mark.parametrize(
    ("text", "shape", "keys", "messages"),
    [
        ("{size: 1, mood: good}", SHAPE, ["size", "mood"], []),
        ("{size: 1, mood: good, says: }", SHAPE, ["size", "mood"], []),
        ("{size: 1, mood: good, says: [a]}", SHAPE, ["size", "mood"], ["`says` of the thing must be one value"]),
        ("{size: 1, mod: good}", SHAPE, ["size"], ["the thing has no key `mod`", "the thing lacks `mood`"]),
        ("{}", SHAPE, [], ["the thing lacks `size` and `mood`"]),
        ("'x'", SHAPE, [], ["the thing must be a mapping of keys"]),
        ("[a]", SHAPE, [], ["the thing must be a mapping of keys"]),
        ("large", SHORT, ["size"], []),
        ("[a, b]", SHORT, ["size"], []),
        ("{size: 1, says: x}", SHORT, ["size", "says"], []),
        ("{says: x}", SHORT, ["says"], ["the thing lacks `size`"]),
        ("{size: f(a, b), mood: x}", SHAPE, ["size", "mood"], []),  # the value is reported where it is read
        ("{size: 1, mood: x, says: in (a, b)}", SHAPE, ["size", "mood", "says"], ["`b)` is not a key but the rest of an expression"]),
    ],
)  # fmt: skip
def test_keys(text: str, shape: Shape, keys: list[str], messages: list[str]) -> None:
    assert read(text, shape) == (keys, messages)


def test_an_unknown_key_gets_the_nearest_and_a_missing_one_its_meaning() -> None:
    reader = Reader(Report())
    reader.keys(node("{size: 1, modd: x}"), SHAPE, "the thing")
    assert [item.help for item in reader.report.found] == ["did you mean `mood`?", "`mood`: how it feels"]


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_words_of_the_language_are_no_names(word: str) -> None:
    assert only(state=f"{{war: [on, over], help: [words, arms], fallen: flag, {word}: flag}}").code == "F112"


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("client fallen", "write `client_fallen`"),
        ("größe", "write `grosse`"),
        ("Île-de-France", "write `Ile_de_France`"),
        ("国", "use the letters a-z, digits and _, and begin with a letter"),
        ("2nd", "use the letters a-z, digits and _, and begin with a letter"),
        ("a.b", "write `a_b`"),
        ("no!", "use the letters a-z, digits and _, and begin with a letter"),
        ("''", "use the letters a-z, digits and _, and begin with a letter"),
    ],
)
def test_what_cannot_be_a_name_gets_one_that_can(name: str, cure: str) -> None:
    item = only(state=f"{{war: [on, over], help: [words, arms], fallen: flag, {name}: flag}}")
    assert (item.code, item.help) == ("F112", cure)


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("+12", 12), ("1_0", 10), ("010", 10), ("0", 0), ("20", 20), ("21", None), ("-1", None), ("1.0", None), ("1e1", None), ("９", None), ("9" * 5_000, None), ("yes", None)],
)  # fmt: skip
def test_whole_numbers(text: str, value: int | None) -> None:
    reader = Reader(Report())
    assert reader.integer(node(text), "it", 0, 20) == value
    assert [item.message for item in reader.report.found] == (
        ["it must be a whole number from 0 to 20"] if value is None else []
    )


def test_words_of_a_fixed_set() -> None:
    reader = Reader(Report())
    assert reader.words(node("[b, x, a]"), "a choice", ("a", "b")) == ["b", "a"]
    assert reader.word(node("c"), "", ["a"], "F105", "actor") is None
    assert [(i.code, i.message) for i in reader.report.found] == [
        ("F116", "a choice cannot be `x`"),
        ("F105", "there is no actor `c`"),
    ]


def test_texts_are_one_line() -> None:
    assert Reader(Report()).text(node(">-\n  a\n\n  b  c\n"), "it") == "a b c"


# YAML as people write it


@pytest.mark.parametrize(
    ("written", "value"),
    [("010", 10), ("1_000", 1000), ("1e3", 1000), ("'4'", 4), ('"4"', 4), ("+4", 4), ("4 # four", 4), (".5", 0.5), ("40 %", 0.4), (">-\n    2\n    + 2", 4), ("|\n    4", 4)],
)  # fmt: skip
def test_numbers_mean_what_they_look_like(written: str, value: float) -> None:
    found = case_of(quantities=f"\n  fixed: {written}\n  stake: 1\n  chance: 10%").quantities["fixed"].expression
    assert found is not None
    assert found.constant == value


@pytest.mark.parametrize("written", ["12:30", "0x10", ".inf", ".nan", "1.000,5", "1,000", "~", "null"])
def test_what_is_no_number_is_refused(written: str) -> None:
    assert only(quantities=f"\n  fixed: {written}\n  stake: 1\n  chance: 10%").code in ("F203", "F102")


def test_norway_is_a_level() -> None:
    case = case_of(
        state="{war: [on, over], help: [words, arms, troops], fallen: flag, side: [NO, DK, No, Yes]}",
        questions="{q: {at_end: side == NO}}",
    )
    question = case.questions["q"].expression
    assert question is not None
    assert question.canonical == "([side]==0)"


def test_dates_and_truths_are_texts_where_texts_stand() -> None:
    case = case_of(title="2030-01-01", sources="{memo: {title: yes, date: 2025-06-28, note: 1_000}}")
    assert (case.title, case.sources["memo"].title) == ("2030-01-01", "yes")
    assert dict(case.sources["memo"].details) == {"date": "2025-06-28", "note": "1_000"}


@pytest.mark.parametrize("word", ["yes", "no", "true", "false"])
@pytest.mark.parametrize(
    "section", ["quantities: {stake: %s, chance: 10%%}", "actors: {patron: {rationality: %s}, rival: {rationality: 1}}", "events: {fall: {chance: %s}}"]
)  # fmt: skip
def test_yes_and_no_are_for_flags_only(word: str, section: str) -> None:
    name, _, content = section.partition(": ")
    assert only(**{name: content % word}).code == "F209"


@pytest.mark.parametrize("section", ["interests", "quantities", "moves", "exposures"])
def test_a_comma_inside_braces_gives_one_message_about_quotes(section: str) -> None:
    content = {
        "interests": "{patron: {a: {worth: min(stake, 3), paid: at_end}}}",
        "quantities": "{stake: uniform(1, 2), chance: 10%}",
        "moves": "[{actor: patron, options: {send: {pays: {patron: max(1, 2)}}}}, {actor: rival, options: {stop: }}]",
        "exposures": "{a: {holder: patron, value: 1, lost: {fallen: min(10%, 20%), fighting: 1}}}",
    }[section]
    item = only(**{section: content})
    assert item.code == "F204"
    assert "put the whole expression in quotes" in item.help


def test_a_comma_inside_a_text_is_seen_too() -> None:
    sections = {"interests": "{patron: {a: {worth: 1, says: it matters (much, perhaps), paid: at_end}}}"}
    item = only(**sections)
    assert (item.code, marked(item, text_of(**sections))) == ("F204", "perhaps)")


def test_text_of_all_alphabets_is_welcome_outside_names() -> None:
    case = case_of(
        title="Größe und Macht 国 🕊",
        sources="{memo: {title: „Записка“, author: Ñandú}}",
        interests="{patron: {a: {worth: 1, says: naïve, because: {source: memo, says: 因为}}}}",
    )
    assert case.title == "Größe und Macht 国 🕊"
    assert case.interests[0].because[0].says == "因为"


def test_folded_and_literal_expressions() -> None:
    case = case_of(
        facts="""
          fighting: war == on
          long: >-
            fighting
            and not fallen
          literal: |
            help == arms or
            help == troops
          plain: fighting
            or fallen
        """
    )
    assert case.facts["long"].condition.canonical == "(([war]==0) and (not [fallen]))"
    assert case.facts["literal"].condition.canonical == "(([help]==1) or ([help]==2))"
    assert case.facts["plain"].condition.canonical == "(([war]==0) or [fallen])"


def test_a_mistake_in_a_folded_expression_is_placed_at_its_beginning() -> None:
    sections = {"facts": "\n  fighting: war == on\n  long: >-\n    fighting\n    and falln"}
    span = only(**sections).span
    assert span is not None
    assert (span.line, span.column) == (14, 9)


def test_sections_may_be_empty_or_missing() -> None:
    empty = dict.fromkeys(("facts", "sources", "moves", "events", "interests", "questions"), "")
    assert case_of(**empty).turns == ()
    assert case_of(**dict.fromkeys(("moves", "events", "interests", "questions", "facts"))).events == ()


def test_all_mistakes_of_a_file_at_once_in_their_order() -> None:
    found = mistakes(
        clock="{step: 1 week}",
        state="{war: [on, on], help: [words], fallen: flag}",
        quantities="{stake: 3 to 2, chance: 10%}",
        moves="[{actor: nobody, options: {go: }}]",
        questions="{q: {at_end: helpp == words}}",
        interests="{patron: {a: {worth: lots}}}",
    )
    assert [item.code for item in found] == ["F202", "F402", "F301", "F105", "F102", "F102"]

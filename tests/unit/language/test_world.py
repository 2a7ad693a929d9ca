from __future__ import annotations

import datetime

import pytest

from foederis.language.expressions import Environment

from .texts import case_of, marked, only, text_of


def variable(levels: str) -> tuple[str, tuple[str, ...], int, int]:
    found = case_of(state=f"\n  v: {levels}\n  war: [on, over]\n  help: [words, arms]\n  fallen: flag").variables["v"]
    return found.kind, found.levels, found.start, found.low


def wrong(section: str, content: str) -> tuple[str, str]:
    """The code of the one mistake, and what is marked."""
    item = only(**{section: content})
    return item.code, marked(item, text_of(**{section: content}))


def wrong_levels(levels: str) -> tuple[str, str]:
    return wrong("state", f"\n  war: [on, over]\n  help: [words, arms]\n  fallen: flag\n  v: {levels}")


def wrong_actor(entries: str) -> tuple[str, str]:
    return wrong("actors", f"\n  patron: {{{entries}}}\n  rival: {{rationality: 1}}")


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ("[low, high]", ("levels", ("low", "high"), 0, 0)),
        ("[low]", ("levels", ("low",), 0, 0)),
        ("{levels: [low, high], start: high}", ("levels", ("low", "high"), 1, 0)),
        ("flag", ("flag", ("no", "yes"), 0, 0)),
        ("{levels: flag, start: yes}", ("flag", ("no", "yes"), 1, 0)),
        ("{levels: flag, start: true}", ("flag", ("no", "yes"), 1, 0)),
        ("0..3", ("range", ("0", "1", "2", "3"), 0, 0)),
        ("-1 .. 1", ("range", ("-1", "0", "1"), 0, -1)),
        ("{levels: -1..1, start: 1}", ("range", ("-1", "0", "1"), 2, -1)),
        ("{levels: 0..12, start: 010}", ("range", tuple(map(str, range(13))), 10, 0)),
        ("[NO, SE, Yes]", ("levels", ("NO", "SE", "Yes"), 0, 0)),
        ("[beta, normal, null, v, war, on]", ("levels", ("beta", "normal", "null", "v", "war", "on"), 0, 0)),
    ],
)
def test_levels(levels: str, expected: tuple[str, tuple[str, ...], int, int]) -> None:
    assert variable(levels) == expected


@pytest.mark.parametrize(
    ("levels", "code", "place"),
    [
        ("[]", "F402", "[]"),
        ("[low, low]", "F402", "low"),
        ("6..0", "F402", "6..0"),
        ("0..10000", "F402", "0..10000"),
        ("low", "F402", "low"),
        ("{levels: 0..3, start: 4}", "F103", "4"),
        ("{levels: [low, high], start: hi}", "F103", "hi"),
        ("{levels: flag, start: maybe}", "F103", "maybe"),
        ("[very low]", "F112", "very low"),
        ("[low, no]", "F112", "no"),
        ("[low, step]", "F112", "step"),
        ("[1]", "F112", "1"),
        ("[low, [high]]", "F201", "[high]"),
        ("{start: low}", "F202", "{start: low}"),
        ("{levels: flag, starts: yes}", "F101", "starts"),
    ],
)
def test_wrong_levels(levels: str, code: str, place: str) -> None:
    assert wrong_levels(levels) == (code, place)


def test_a_variable_that_cannot_be_read_is_reported_once() -> None:
    assert only(state="\n  war: [on, on]\n  help: [words, arms]\n  fallen: flag").code == "F402"


def test_the_clock() -> None:
    clock = case_of(clock="{start: 2030-01-31, step: 2 weeks, steps: 1_2}", questions=None).clock
    assert (clock.start, clock.step_text, clock.step_days, clock.steps) == (
        datetime.date(2030, 1, 31),
        "2 weeks",
        14,
        12,
    )


@pytest.mark.parametrize(
    ("step", "days"),
    [
        ("week", 7),
        ("1 day", 1),
        ("12 hours", 0.5),
        ("1.5 days", 1.5),
        ("1 month", 30.4375),
        ("1 quarter", 91.3125),
        ("2 years", 730.5),
    ],
)
def test_lengths_of_time(step: str, days: float) -> None:
    assert case_of(clock=f"{{step: {step}, steps: 4}}").clock.step_days == days


@pytest.mark.parametrize(
    ("clock", "code", "place"),
    [
        ("{start: 2030-02-30, step: 1 week, steps: 4}", "F212", "2030-02-30"),
        ("{step: 1 fortnight, steps: 4}", "F212", "1 fortnight"),
        ("{step: 0 weeks, steps: 4}", "F212", "0 weeks"),
        ("{step: -1 weeks, steps: 4}", "F212", "-1 weeks"),
        ("{step: 1 week, steps: 0}", "F213", "0"),
        ("{step: 1 week, steps: 5001}", "F213", "5001"),
        ("{step: 1 week, steps: 4.5}", "F213", "4.5"),
        ("{step: 1 week}", "F202", "{step: 1 week}"),
        ("week", "F201", "week"),
    ],
)
def test_wrong_clocks(clock: str, code: str, place: str) -> None:
    assert wrong("clock", clock) == (code, place)


def test_an_actor_has_a_patience_of_1_unless_it_says_otherwise() -> None:
    actors = case_of(actors="{patron: {rationality: fixed / 8}, rival: {rationality: 50%, patience: 0.9}}").actors
    patron, rival = actors["patron"], actors["rival"]
    assert patron.rationality(Environment({}, {"fixed": 4.0})) == 0.5
    assert patron.patience.constant == 1
    assert patron.reconsiders_days is None
    assert (rival.rationality.constant, rival.patience.constant) == (0.5, 0.9)


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("every week", 7),
        ("every 4 weeks", 28),
        ("every 1.5 days", 1.5),
        ("every fixed days", 4),
        ("every fixed / 2 weeks", 14),
    ],
)
def test_reconsidering(period: str, days: float) -> None:
    case = case_of(actors=f"{{patron: {{rationality: 1, reconsiders: {period}}}, rival: {{rationality: 1}}}}")
    found = case.actors["patron"].reconsiders_days
    assert found is not None
    assert found(Environment({}, {"fixed": 4.0})) == days


def test_an_uncertain_period_is_a_quantity_of_its_own() -> None:
    case = case_of(actors="{patron: {rationality: 1, reconsiders: every 2 to 6 weeks}, rival: {rationality: 1}}")
    quantity = case.quantities["actors.patron.reconsiders"]
    assert (quantity.inline, quantity.unit, case.distribution(quantity.name).family) == (True, "weeks", "lognormal")
    found = case.actors["patron"].reconsiders_days
    assert found is not None
    assert found(Environment({}, {quantity.name: 3.0})) == 21


@pytest.mark.parametrize(
    ("entries", "code", "place"),
    [
        ("rationality: -0.5", "F306", "-0.5"),
        ("rationality: {value: -0.5, unit: points}", "F306", "-0.5"),
        ("rationality: 1, patience: 0", "F307", "0"),
        ("rationality: 1, patience: 101%", "F307", "101%"),
        ("rationality: 1, reconsiders: 4 weeks", "F212", "4 weeks"),
        ("rationality: 1, reconsiders: every 4", "F212", "every 4"),
        ("rationality: 1, reconsiders: every 0 weeks", "F212", "every 0 weeks"),
        ("rationality: 1, reconsiders: every 6 to 2 weeks", "F301", "6 to 2"),
        ("rationality: 1, reconsiders: every fxed weeks", "F102", "fxed"),
        ("rationality: count", "F206", "count"),
        ("rationality: fighting", "F206", "fighting"),
        ("patience: 1", "F202", "{patience: 1}"),
        ("rationality: 1, types: {weak: 1}", "F312", "weak"),
    ],
)
def test_wrong_actors(entries: str, code: str, place: str) -> None:
    assert wrong_actor(entries) == (code, place)

"""The split of a decision: by hand, against the behaviour that it explains, and against games without one part."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

import foederis as fd
from foederis.analysis import why as module
from foederis.analysis.why import OptionWhy, Why
from tests.helpers import EVERYTHING

BY_HAND = """
foederis: 1
title: Two weeks
clock: {step: 1 week, steps: 2}
actors: {a: {rationality: 0.7, patience: 0.9}}
state: {built: flag}
moves:
  - actor: a
    options:
      build: {when: not built, sets: {built: yes}, pays: {a: -2}}
      wait: {}
interests:
  a:
    use: {worth: 1.5, when: built}
    prize: {worth: 3, when: built, paid: at_end}
"""


@pytest.fixture(scope="module")
def everything() -> fd.Case:
    return fd.loads(EVERYTHING)


def parts_of(option: OptionWhy) -> dict[tuple[str, str], float]:
    return {(part.ledger.kind, part.ledger.name): part.gap.mean for part in option.parts}


def test_two_weeks_by_hand() -> None:
    found = fd.why(fd.loads(BY_HAND), draws=2)
    last = -2 + 1.5 + 0.9 * 3  # building in the second week
    share = 1 / (1 + math.exp(-0.7 * last))
    now = {"price": -2.0, "use": 1.5 + 0.9 * 1.5, "prize": 0.9**2 * 3}
    later = {"price": 0.9 * share * -2, "use": 0.9 * share * 1.5, "prize": 0.9 * share * 0.9 * 3}
    build, wait = found.options
    assert (found.actor, found.turn, found.usual) == ("a", "a", "build")
    assert parts_of(wait) == pytest.approx(
        {
            ("price", "a.build"): now["price"] - later["price"],
            ("interest", "use"): now["use"] - later["use"],
            ("interest", "prize"): now["prize"] - later["prize"],
        },
        abs=1e-12,
    )
    assert wait.gap.mean == pytest.approx(sum(now.values()) - sum(later.values()), abs=1e-12)
    assert wait.at_once.mean == pytest.approx(-2)
    assert wait.this_step.mean == pytest.approx(1.5)
    assert build.best.mean == 1
    assert found.decides.mean == pytest.approx(1)
    at_end = {part.ledger.name: part.ledger.at_end for part in wait.parts}
    assert at_end == {"a.build": False, "use": False, "prize": True}


def test_the_final_reckoning_is_later_even_in_the_last_step() -> None:
    found = fd.why(fd.loads(BY_HAND), step=1, in_state={"built": "no"}, draws=2)
    wait = next(option for option in found.options if option.option == "wait")
    split = [wait.gap.mean, wait.at_once.mean, wait.this_step.mean, wait.later.mean]
    assert split == pytest.approx([2.2, -2, 1.5, 2.7], abs=1e-12)


TURNS = [("rival", 0), ("patron", 0), ("rival", 1), ("patron", 1), ("patron", 2)]


@pytest.mark.parametrize(("turn", "step"), TURNS)
def test_the_parts_sum_to_the_whole_in_every_draw(everything: fd.Case, turn: str, step: int) -> None:
    found = fd.why(everything, turn=turn, step=step, draws=16)
    others = [option for option in found.options if option.option != found.usual]
    assert others
    for option in others:
        whole = option.gap.draws
        assert np.isfinite(whole).all()
        np.testing.assert_allclose(sum(part.gap.draws for part in option.parts), whole, rtol=0, atol=1e-9)
        timed = option.at_once.draws + option.this_step.draws + option.later.draws
        np.testing.assert_allclose(timed, whole, rtol=0, atol=1e-9)
    assert found.residual < 1e-12
    assert found.split_error < 1e-12


@pytest.mark.parametrize("turn", ["rival", "patron"])
def test_differences_are_those_that_behaviour_shows(everything: fd.Case, turn: str) -> None:
    """In a single state the log odds of two options are rationality times the difference of what they are worth."""
    calm = everything.with_changes(
        {"interests.rival.gains.worth": 1}
    )  # or the patron's choice would depend on the heat
    found = fd.why(calm, turn=turn, step=0, in_state={"war": "on"}, draws=16)
    answer = fd.solve(calm, draws=16)
    sharpness = answer.quantities["sharpness"] if turn == "patron" else 0.7
    first = answer.first_moves[turn]
    usual = first[found.usual].draws
    for option in found.options:
        if option.option != found.usual:
            odds = np.log(usual / first[option.option].draws) / sharpness
            np.testing.assert_allclose(option.gap.draws, odds, rtol=0, atol=1e-9)
        np.testing.assert_allclose(option.share.draws * found.decides.draws, first[option.option].draws, atol=1e-12)


def test_a_part_is_what_is_missing_without_it(everything: fd.Case) -> None:
    """At rationality 0 behaviour stays as it is whatever is worth what, so each part can be taken away by itself."""
    even = everything.with_changes({"actors.patron.rationality": 0, "actors.rival.rationality": 0})
    whole = fd.why(even, turn="patron", step=1, draws=4)
    changes = {
        ("interest", "client"): {"interests.patron.client.worth": 0},
        ("interest", "money"): {"interests.patron.money.worth": 0},
        ("interest", "quiet"): {"interests.patron.quiet.worth": 0},
        ("treaty", "pact"): {"treaties.pact.provisions": ["consultation"]},
        ("price", "patron.intervene"): {"moves.patron.options.intervene.pays": {"patron": 0}},
        ("price", "patron.send_arms"): {"moves.patron.options.send_arms.pays": {"rival": "-half_price"}},
    }
    usual = whole.usual
    options = {option.option: option for option in whole.options}
    for ledger, change in changes.items():
        found = fd.why(even.with_changes(change), turn="patron", step=1, draws=4)
        other = {option.option: option for option in found.options}
        assert found.usual == usual  # all are taken equally often
        for name in set(options) - {usual}:
            missing = options[name].gap.mean - other[name].gap.mean
            assert parts_of(options[name]).get(ledger, 0.0) == pytest.approx(missing, abs=1e-12), (ledger, name)
    received = fd.why(even, turn="rival", step=1, draws=4)
    assert any(("received", "patron.send_arms") in parts_of(option) for option in received.options)


def test_states_are_weighed_by_how_likely_they_are(everything: fd.Case) -> None:
    whole = fd.why(everything, turn="patron", step=1, draws=4)
    parts = [
        fd.why(everything, turn="patron", step=1, in_state={"help": level}, draws=4)
        for level in ("words", "arms", "troops")
    ]
    np.testing.assert_allclose(sum(part.decides.draws for part in parts), whole.decides.draws, rtol=0, atol=1e-12)
    stand = [next(o for o in part.options if o.option == "stand_aside") for part in (whole, *parts)]
    taken = sum(option.share.draws * part.decides.draws for option, part in zip(stand[1:], parts, strict=True))
    np.testing.assert_allclose(taken, stand[0].share.draws * whole.decides.draws, rtol=0, atol=1e-12)


def test_options_that_are_never_open_together_are_not_compared(everything: fd.Case) -> None:
    found = fd.why(everything, turn="patron", step=1, in_state={"help": "troops"}, draws=4)
    gaps = {option.option: option.gap.mean for option in found.options}
    assert found.usual == "stand_aside"
    assert all(math.isnan(gap) for name, gap in gaps.items())


def test_what_ifs(everything: fd.Case) -> None:
    weak = fd.why(everything, turn="patron", what_if="weak", draws=4)
    by_hand = fd.why(everything.with_changes({"quantities.p_fall": "30% to 60%"}), turn="patron", draws=4)
    assert weak.options[1].gap.mean == pytest.approx(by_hand.options[1].gap.mean)
    # Where the turn is taken in the first step, troops come for certain, so after it nobody is left with words.
    imposed = fd.why(everything, turn="patron", step=1, in_state={"help": "troops"}, what_if="comes_now", draws=4)
    everywhere = fd.why(everything, turn="patron", step=1, what_if="comes_now", draws=4)
    assert imposed.decides.mean == pytest.approx(everywhere.decides.mean)
    with pytest.raises(fd.CaseError) as caught:
        fd.why(everything, turn="patron", step=1, in_state={"help": "words"}, what_if="comes_now", draws=4)
    assert [item.code for item in caught.value.diagnostics] == ["F704"]


def test_blocks_do_not_matter(everything: fd.Case) -> None:
    few, many = (fd.why(everything, turn="patron", step=1, draws=draws) for draws in (3, 40))
    for one, other in zip(few.options, many.options, strict=True):
        np.testing.assert_allclose(one.gap.draws, other.gap.draws[:3], rtol=0, atol=1e-12)


def test_the_default_is_the_move_that_is_asked_about(everything: fd.Case) -> None:
    assert fd.why(everything, draws=2).turn == "patron"
    silent = replace(everything, questions={})
    assert fd.why(silent, draws=2).turn == "rival"
    assert fd.why(everything, actor="rival", draws=2).turn == "rival"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"actor": "patrn"}, "F105"),
        ({"turn": "patrn"}, "F106"),
        ({"actor": "rival", "turn": "patron"}, "F704"),
        ({"step": 3}, "F213"),
        ({"step": -1}, "F213"),
        ({"in_state": {"wa": "on"}}, "F102"),
        ({"in_state": {"war": "off"}}, "F103"),
        ({"in_state": {"war": "over"}}, "F704"),
        ({"step": 0, "in_state": {"fallen": "yes"}}, "F704"),
        ({"what_if": "strong"}, "F109"),
        ({"draws": 0}, "F213"),
    ],
)
def test_mistakes(everything: fd.Case, asked: dict[str, object], code: str) -> None:
    with pytest.raises(fd.CaseError) as caught:
        fd.why(everything, **asked)  # type: ignore[arg-type]
    assert [item.code for item in caught.value.diagnostics] == [code]
    assert caught.value.diagnostics[0].help


def test_an_actor_without_a_turn() -> None:
    lone = fd.loads(BY_HAND.replace("actors: {", "actors: {b: {rationality: 1}, "))
    with pytest.raises(fd.CaseError) as caught:
        fd.why(lone, actor="b", draws=2)
    assert "never decides" in caught.value.diagnostics[0].message


def test_a_split_that_does_not_add_up_is_refused(everything: fd.Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SPLIT_LIMIT", -1.0)
    with pytest.raises(fd.ResidualError):
        fd.why(everything, draws=2)


def test_as_data(everything: fd.Case) -> None:
    found: Why = fd.why(everything, turn="patron", draws=4)
    data = found.to_json()
    assert data["most_likely"] == found.usual
    rows = [row for row in data["rows"] if row["option"] == "intervene"]
    assert {row["against"] for row in rows} == {found.usual}
    assert sum(row["mean"] for row in rows) == pytest.approx(data["options"]["intervene"]["gap"]["mean"])
    assert {row["paid"] for row in rows} <= {"at_end", "each_step", "with_the_move"}
    assert list(found.to_frame()["option"]) == [row["option"] for row in data["rows"]]


def test_large_numbers_are_no_error() -> None:
    large = BY_HAND.replace("    use:", "    base: {worth: 1.7e9}\n    use:")
    found = fd.why(fd.loads(large), draws=2)
    assert found.options[1].gap.mean == pytest.approx(fd.why(fd.loads(BY_HAND), draws=2).options[1].gap.mean, abs=1e-5)

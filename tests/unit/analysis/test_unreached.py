"""Numbers of states that play cannot be in (yet) are impossible without harm, and do not hide where they count."""

from __future__ import annotations

import numpy as np
import pytest

import foederis as fd

HEAD = """
foederis: 1
title: Numbers that are impossible where nobody is
clock: {start: 2030-01-01, step: 1 month, steps: 3}
actors: {a: {rationality: 1}}
state: {x: 0..5, hit: flag}
"""
MOVES = "moves: [{actor: a, options: {go: {sets: {x: x + 1}}, wait: {}}}]\n"
TWICE = (
    "moves: [{actor: a, options: {go: {sets: {x: x + 1}}, wait: {}}}, "
    '{actor: a, name: b, when: x > 0, options: {pay: {pays: {a: "1 / step if x > 1 else 0"}}, keep: {}}}]\n'
)


@pytest.mark.parametrize(
    "text",
    [
        MOVES + "interests: {a: {w: {worth: 1 / step, when: x > 1}}}",
        MOVES + 'events: {e: {when: x > 1, chance: "1 - 0.3 / step", sets: {hit: yes}}}',
        MOVES + 'events: {e: {when: x > 0, chance: "0.5 * step - 0.3 if x > 1 else 0.5", sets: {hit: yes}}}',
        MOVES + 'events: {e: {when: step > 0, chance: "0.5 * step - 0.3", sets: {hit: yes}}}',
        TWICE,
        "moves: [{actor: a, options: {go: {sets: {x: x + 1}}, late: {when: step > 0, pays: {a: 1 / step}}, wait: {}}}]",
    ],
)
def test_what_is_impossible_where_nobody_can_be(text: str) -> None:
    answer = fd.solve(fd.loads(HEAD + text + "\nquestions: {q: {at_end: x > 0}}"), draws=4)
    assert answer.check.residual < 1e-12
    assert np.isfinite(answer.questions["q"].draws).all()


def test_a_number_that_is_asked_for_early() -> None:
    text = HEAD + MOVES + 'questions: {m: {expected: "1/step if x > 1 else 0", by: 0}}'
    np.testing.assert_array_equal(fd.solve(fd.loads(text), draws=4).questions["m"].draws, 0.0)


@pytest.mark.parametrize("other", ["", "a: {at_end: x > 0, by: 0}, "])
def test_another_question_hides_no_impossible_number(other: str) -> None:
    text = HEAD + "events: {up: {chance: 50%, sets: {x: x + 1}}}\n"
    with pytest.raises(fd.CaseError, match="F311"):
        fd.solve(fd.loads(text + f"questions: {{{other}z: {{expected: 1 / (3 - x)}}}}"), draws=4)


def test_payments_that_cancel_within_a_step_are_right_all_the_same() -> None:
    """The range of payoffs is that of all values on the way, not only of those between steps."""
    text = HEAD.replace("rationality: 1", "rationality: 0.3") + (
        "moves: [{actor: a, options: {p: {pays: {a: 12345678.9}}, q: {pays: {a: 12345677.9}}}}]\n"
        "events: {e: {chance: 1, pays: {a: -12345678}}}\nquestions: {p: {takes: a.p}}"
    )
    assert fd.solve(fd.loads(text), draws=4).check.residual < 1e-12

"""Figures and tables on the page about the method are those of the code."""

from __future__ import annotations

import foederis as fd
from foederis.report.words import probability_word
from tests.docs.reading import METHOD, rows, said, section


def acts(steps: int, pace: str = "") -> float:
    """How likely an actor of rationality 0.2 ever does what is irreversible and 15 points worse than waiting."""
    text = f"""
        foederis: 1
        title: Asked again and again
        clock: {{step: 1 week, steps: {steps}}}
        actors: {{a: {{rationality: 0.2{pace}}}}}
        state: {{done: flag}}
        moves: [{{actor: a, when: not done, options: {{wait: , act: {{sets: {{done: yes}}, pays: {{a: -15}}}}}}}}]
        questions: {{acts: {{at_end: done}}}}
    """
    found = fd.solve(fd.loads(text), at="median").questions["acts"]
    assert isinstance(found, fd.Estimate)
    return found.mean


def test_an_actor_that_is_asked_again_and_again() -> None:
    text = said(METHOD, "Asked again and again")
    always = [acts(steps) for steps in (3, 12, 84)]
    assert [f"{100 * share:.0f}" for share in always] == ["16", "87", "100"]
    assert "16 % in 3 weeks, 87 % in 12, and 100 % in 84" in text
    thrice = [acts(steps, f", reconsiders: every {steps // 3} weeks") for steps in (3, 12, 84)]
    assert [f"{100 * share:.2g}" for share in thrice] == ["9.5", "14", "16"]
    assert "9.5 %, 14 % and 16 %" in text


def test_a_copy_of_an_option() -> None:
    text = """
        foederis: 1
        title: A copy
        clock: {step: 1 week, steps: 1}
        actors: {a: {rationality: 1}}
        state: {gone: flag}
        moves: [{actor: a, options: {stay: , red: {sets: {gone: yes}}, blue: {sets: {gone: yes}}}}]
        questions: {goes: {at_end: gone}}
    """
    goes = fd.solve(fd.loads(text), at="median").questions["goes"]
    assert isinstance(goes, fd.Estimate)
    assert abs(goes.mean - 2 / 3) < 1e-12
    assert "two times in three" in said(METHOD, "Copies of an option")


def test_the_words_for_probabilities() -> None:
    table = rows(section(METHOD, "Words for probabilities"))
    assert len(table) == 7
    for words, low, high in table:
        ends = [float(end.removesuffix(" %")) / 100 for end in (low, high)]
        assert probability_word(ends[0]) == probability_word(sum(ends) / 2) == words

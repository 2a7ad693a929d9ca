"""Histories from the public face; how they are distributed is tested in tests/oracle/test_histories.py."""

from __future__ import annotations

import json

import numpy as np
import pytest

import foederis as fd
from foederis.analysis import following
from foederis.analysis import histories as module
from foederis.language.sampling import draw_quantities
from tests.helpers import EVERYTHING

CASE = fd.loads(EVERYTHING)


def codes(error: pytest.ExceptionInfo[fd.CaseError]) -> list[str]:
    return [item.code for item in error.value.diagnostics]


@pytest.mark.parametrize("given", [None, "falls"])
def test_the_same_seed_tells_the_same_and_more_draws_add_to_it(given: str | None) -> None:
    five = fd.histories(CASE, draws=5, seed=7, given=given)
    assert fd.histories(CASE, draws=5, seed=7, given=given) == five
    forty = fd.histories(CASE, draws=40, seed=7, given=given)
    assert forty.histories[:5] == five.histories
    more = fd.histories(CASE, draws=70, seed=7, given=given)
    assert more.histories[:40] == forty.histories
    other = fd.histories(CASE, draws=5, seed=8, given=given)
    assert other.histories != five.histories


def test_each_in_a_world_of_its_own() -> None:
    found = fd.histories(CASE, draws=40)
    assert [history.world for history in found.histories] == list(range(40))
    assert (found.worlds, found.probability, found.chance) == (40, 1.0, None)
    given = fd.histories(CASE, draws=40, given="falls")
    solved = fd.solve(CASE, draws=1024).questions["falls"]
    assert isinstance(solved, fd.Estimate)
    assert given.worlds == 1024
    assert given.probability == pytest.approx(solved.mean, abs=1e-12)
    # The chance of a move is that of its world.
    p_fall = draw_quantities(CASE, 1024)["p_fall"]
    chances = {
        happening.chance: p_fall[history.world]
        for history in given.histories
        for happening in history.happenings
        if happening.what == "fall"
    }
    assert len(chances) > 10
    assert np.corrcoef(list(chances), list(chances.values()))[0, 1] > 0.5


def test_rows_and_facts() -> None:
    found = fd.histories(CASE, draws=3, given="arms", what_if="weak")
    rows = found.rows()
    assert all(set(row) == set(rows[0]) for row in rows)
    assert {row["history"] for row in rows} == {1, 2, 3}
    assert all(any(row["what"] == "send_arms" for row in rows if row["history"] == place) for place in (1, 2, 3))
    data = json.loads(json.dumps(found.to_json()))
    assert (data["draws"], data["seed"], data["given"], data["what_if"]) == (3, 0, "arms", "weak")
    assert (data["most_likely"], data["chance"], data["worlds"]) == (False, None, 1024)
    assert [history["answers"]["arms"] for history in data["histories"]] == [True] * 3
    assert set(data["histories"][0]["final"]) == set(CASE.variables)
    assert found.case.quantities["p_fall"].text == "30% to 60%"


def test_imposed_moves_are_marked() -> None:
    found = fd.histories(CASE, draws=20, what_if="comes_now")
    imposed = [
        (h.step, h.name, h.what, h.chance) for history in found.histories for h in history.happenings if h.imposed
    ]
    assert set(imposed) == {(0, "patron", "intervene", 1.0)}
    assert len(imposed) > 10


def test_the_most_likely_history_does_not_hang_on_seed_and_draws() -> None:
    one, other = (fd.histories(CASE, most_likely=True, seed=s, draws=d) for s, d in ((0, 5), (3, 9)))
    assert one.histories == other.histories
    assert one.chance is not None
    assert 0 < one.chance < 1
    assert one.probability == 1
    assert one.histories[0].world is None
    given = fd.histories(CASE, most_likely=True, given="falls")
    assert given.chance is not None
    assert given.chance < min(one.chance, given.probability)


def test_a_case_without_uncertain_numbers_and_one_without_moves() -> None:
    case = fd.load("deterrence")
    found = fd.histories(case, draws=4, given="war")
    assert [[h.what for h in history.happenings] for history in found.histories] == [["cross", "resist"]] * 4
    assert fd.histories(case, most_likely=True, given="war").chance == pytest.approx(found.probability)
    bare = "foederis: 1\ntitle: Bare\nclock: {step: 1 week, steps: 2}\nstate: {war: [on, over]}\n"
    assert fd.histories(fd.loads(bare), draws=2).rows() == []
    assert fd.histories(fd.loads(bare), most_likely=True).chance == 1


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"draws": 0}, ["F213"]),
        ({"draws": 10_001}, ["F213"]),
        ({"seed": -1}, ["F213"]),
        ({"given": "fals"}, ["F108"]),
        ({"given": "loss"}, ["F752"]),
        ({"given": "when_hot"}, ["F752"]),
        ({"given": "stops_if_it_falls"}, ["F752"]),
        ({"what_if": "weka"}, ["F109"]),
        ({"draws": 0, "seed": -1, "given": "x", "what_if": "y"}, ["F213", "F213", "F109", "F108"]),
    ],
)
def test_mistakes_all_at_once(asked: dict[str, object], expected: list[str]) -> None:
    with pytest.raises(fd.CaseError) as caught:
        fd.histories(CASE, **asked)  # type: ignore[arg-type]
    assert codes(caught) == expected


@pytest.mark.parametrize("most_likely", [True, False])
def test_what_never_comes_true(most_likely: bool) -> None:
    case = fd.loads(EVERYTHING.replace("falls: {at_end: fallen}", "falls: {at_end: fallen and war == on}"))
    with pytest.raises(fd.CaseError) as caught:
        fd.histories(case, given="falls", most_likely=most_likely)
    assert codes(caught) == ["F751"]
    assert caught.value.filename == "<text>"


def test_too_large_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST", 10)
    with pytest.raises(fd.CaseError) as caught:
        fd.histories(CASE, draws=5)
    assert codes(caught) == ["F213"]
    monkeypatch.undo()
    monkeypatch.setattr(following, "_MEMORY", 10.0)
    with pytest.raises(fd.CaseError) as caught:
        fd.histories(CASE, most_likely=True)
    assert codes(caught) == ["F403"]
    assert len(fd.histories(CASE, draws=2).histories) == 2  # these keep nothing of every state
    with pytest.raises(fd.CaseError) as caught:
        fd.histories(CASE, max_states=1)
    assert codes(caught) == ["F403"]


def test_small_blocks_and_few_worlds_where_states_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = fd.histories(CASE, draws=8, given="falls")
    monkeypatch.setattr(following, "_MEMORY", 200_000.0)
    again = fd.histories(CASE, draws=8, given="falls")
    assert again.probability == pytest.approx(plain.probability, abs=1e-12)
    for one, other in zip(plain.histories, again.histories, strict=True):
        assert [(h.step, h.what) for h in one.happenings] == [(h.step, h.what) for h in other.happenings]
    monkeypatch.setattr(following, "_WORK", 1000.0)
    assert fd.histories(CASE, draws=2, given="falls").worlds == 64


def test_what_does_not_agree_with_the_solution_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from foederis.solve.policy import Outcome

    monkeypatch.setattr(
        Outcome, "at_end", lambda self, step: np.ones((len(self.asked.pool.codes), self.draws), dtype=bool)
    )
    with pytest.raises(fd.ResidualError, match="histories"):
        fd.histories(CASE, draws=2, given="falls")


def test_choices_that_are_worked_out_anew_give_the_same_histories(monkeypatch: pytest.MonkeyPatch) -> None:
    from foederis.solve import block

    plain = fd.histories(CASE, draws=8, given="falls")
    likeliest = fd.histories(CASE, most_likely=True)
    monkeypatch.setattr(block, "MEMORY", 1.0)
    assert fd.histories(CASE, draws=8, given="falls").histories == plain.histories
    assert fd.histories(CASE, most_likely=True).chance == likeliest.chance

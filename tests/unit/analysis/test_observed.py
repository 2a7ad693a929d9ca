"""Every analysis of a case that observes something takes that into account, or says that it cannot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import foederis as fd
from foederis.analysis.latin import latin_worlds
from foederis.analysis.posterior import sample
from foederis.language.news import add_observed

PATRON = fd.load("patron")
SEEN = add_observed(
    PATRON, [{"step": 0, "patron": "stand_aside"}, {"step": 0, "truce": "no"}, {"step": 0, "fall": "no"}]
)
DRAWS = 64


@pytest.fixture(scope="module")
def answer() -> fd.Answer:
    return fd.solve(SEEN, draws=DRAWS, what_ifs="all")


def estimate(answer: fd.Answer, name: str) -> fd.Estimate:
    reply = answer.questions[name]
    assert isinstance(reply, fd.Estimate)
    return reply


def test_losses_are_those_of_solve(answer: fd.Answer) -> None:
    found = fd.exposure(SEEN, draws=DRAWS, what_ifs=["weak_client"], by=["war"])
    assert found.losses["power_plant"].mean == pytest.approx(answer.losses["power_plant"].mean, abs=1e-12)
    assert found.losses["power_plant"].probability == pytest.approx(1)
    change = found.difference(found.scenarios[1], "power_plant")
    expected = answer.what_ifs["weak_client"].difference["loss"]
    assert isinstance(expected, fd.Estimate)
    assert change is not None
    assert change.mean == pytest.approx(expected.mean, abs=1e-12)
    over = answer.through_time["war"]["over"][:, -1]
    assert found.baseline.endings[1].probability == pytest.approx(np.average(over, weights=answer.weights))


def test_what_ifs_are_compared_by_weight(answer: fd.Answer) -> None:
    found = fd.compare(SEEN, what_ifs=["weak_client"], draws=DRAWS)
    change = answer.what_ifs["weak_client"].difference["client_falls"]
    assert isinstance(change, fd.Estimate)
    assert found.sides[1].difference["client_falls"].mean == pytest.approx(change.mean)
    assert answer.weights is not None
    share = np.sum(answer.weights * (change.draws > 0)) / DRAWS
    assert found.sides[1].higher["client_falls"] == pytest.approx(share)


def test_a_move_in_the_past_asks_what_would_have_been(answer: fd.Answer) -> None:
    """`patron_comes` imposes a move in step 0: the weights stay, what was seen afterwards is not held against it."""
    imposed = (
        fd.solve(PATRON, draws=DRAWS, what_ifs=["patron_comes"]).what_ifs["patron_comes"].questions["client_falls"]
    )
    kept = answer.what_ifs["patron_comes"].questions["client_falls"]
    assert isinstance(imposed, fd.Estimate)
    assert isinstance(kept, fd.Estimate)
    np.testing.assert_allclose(kept.draws, imposed.draws, atol=1e-12)
    np.testing.assert_array_equal(kept.weights, answer.weights)


def test_claims_are_judged_by_weight() -> None:
    sharper = SEEN.with_changes({"claims.stays_home.expect": {"intervenes": "below 1%"}})
    found = fd.claims(sharper, ["stays_home"], draws=DRAWS).claims[0]
    drawn = sample(SEEN, DRAWS, seed=0, even=True)
    assert drawn.weights is not None
    answers = found.judged[0].measured
    np.testing.assert_allclose(answers.weights, drawn.weights)
    assert found.agree == pytest.approx(np.average(answers.draws < 0.01, weights=drawn.weights))
    assert found.agree != pytest.approx(np.mean(answers.draws < 0.01), abs=1e-3)
    again = fd.claims(SEEN, draws=DRAWS, answer=fd.solve(SEEN, draws=DRAWS, what_ifs="all"))
    assert again.claims[1].judged[0].measured.mean == pytest.approx(answers.mean, rel=0.2)


def test_boxes_are_sought_by_weight() -> None:
    found = fd.discover(SEEN, when="intervenes > 1%", draws=256)
    drawn = sample(SEEN, 256, seed=0, even=True)
    weights = np.concatenate([part.weights for part in found.worlds])
    np.testing.assert_allclose(weights, drawn.weights)
    np.testing.assert_array_equal(drawn.worlds(SEEN)["stake"], latin_worlds(PATRON, 256, seed=0)["stake"])


def test_what_would_be_worth_knowing_now() -> None:
    found = fd.worth_knowing(SEEN, question="intervenes", draws=512)
    exact = estimate(fd.solve(SEEN, draws=512), "intervenes").mean
    assert found.means["intervenes"] == pytest.approx(exact, rel=0.15)
    assert found.means["intervenes"] != pytest.approx(estimate(fd.solve(PATRON, draws=512), "intervenes").mean, rel=0.3)


def test_histories_go_as_was_seen(answer: fd.Answer) -> None:
    found = fd.histories(SEEN, draws=40, given="client_falls", seed=2)
    for history in found.histories:
        moves = {(h.step, h.name): h.what for h in history.happenings if h.kind == "move"}
        assert moves[0, "patron"] == "stand_aside"
        assert dict(history.final)["client_fallen"] == "yes"
        assert not [h for h in history.happenings if h.step == 0 and h.kind == "event" and h.changes]
    drawn = fd.solve(SEEN, draws=found.worlds, seed=2)
    assert found.probability == pytest.approx(estimate(drawn, "client_falls").mean)
    likeliest = fd.histories(SEEN, most_likely=True)
    assert likeliest.chance is not None
    assert likeliest.chance > (fd.histories(PATRON, most_likely=True).chance or 1)


def test_decisions_to_come_are_explained_by_weight(answer: fd.Answer) -> None:
    found = fd.why(SEEN, actor="patron", draws=DRAWS)
    assert found.step == 1
    decided = {option.option: option.share for option in found.options}
    assert decided["intervene"].weights is not None
    np.testing.assert_allclose(decided["intervene"].weights, answer.weights)
    # With what was seen in step 0, whatever is taken at any time beyond that is taken in step 1.
    ever = answer.ever_taken["patron"]["intervene"]
    np.testing.assert_allclose(ever.draws, found.decides.draws * decided["intervene"].draws, atol=1e-12)
    with pytest.raises(fd.CaseError, match="F336"):
        fd.why(SEEN, actor="patron", step=0, draws=2)


def test_tipping_points_are_those_of_weighted_means() -> None:
    found = fd.tipping(SEEN, when="comes > 25%", quantities=["stake"], draws=32)
    answers = fd.solve(SEEN, draws=32)
    assert float(found.mean) == pytest.approx(estimate(answers, "comes").mean)
    line = found.lines[0].averaged
    assert line is not None
    fixed = PATRON.with_changes({"quantities.stake": str(float(line.values[0]))})
    moved = fd.solve(
        add_observed(
            fixed, [{"step": 0, "patron": "stand_aside"}, {"step": 0, "truce": "no"}, {"step": 0, "fall": "no"}]
        ),
        draws=32,
    )
    assert line.answers[0] == pytest.approx(estimate(moved, "comes").mean)


def test_a_what_if_draws_what_it_alone_has_as_always() -> None:
    drawn = sample(SEEN, DRAWS, seed=0)
    changed = SEEN.with_changes({"quantities.plant_value": "2 to 4"})
    worlds = drawn.worlds(changed)
    np.testing.assert_array_equal(worlds["stake"], drawn.worlds(SEEN)["stake"])
    assert np.ptp(worlds["plant_value"]) > 1


def test_a_brief_is_given_what_was_seen(tmp_path: Path) -> None:
    path = fd.report(SEEN, tmp_path / "brief.html", draws=32, what_ifs=[])
    page = path.read_text(encoding="utf-8")
    assert "All of this is given what was observed" in page
    assert "step 0: patron stand_aside" in page


@pytest.mark.parametrize(
    "ask",
    [
        lambda: fd.drivers(SEEN, "comes"),
        lambda: fd.drivers_given(SEEN, "comes"),
        lambda: fd.compare(SEEN, PATRON),
        lambda: fd.compare(PATRON, SEEN),
        lambda: fd.tipping(SEEN, move="patron"),
    ],
)
def test_what_cannot_be_said_is_refused(ask: Callable[[], object]) -> None:
    with pytest.raises(fd.CaseError) as caught:
        ask()
    assert [item.code for item in caught.value.diagnostics] == ["F336"]


def test_at_medians() -> None:
    answer = fd.solve(SEEN, at="median")
    assert answer.standing is not None
    assert answer.standing.evidence.shape == (1,)
    assert estimate(answer, "comes").mean < estimate(fd.solve(PATRON, at="median"), "comes").mean
    with pytest.raises(fd.CaseError, match="F335"):
        fd.solve(add_observed(PATRON, [{"step": 0, "truce": "yes"}, {"step": 1, "patron": "send_arms"}]), at="median")

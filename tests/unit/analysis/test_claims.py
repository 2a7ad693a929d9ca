"""Claims against a case whose answers can be written down: one week in which an event happens with a known chance."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import foederis as fd
from foederis.analysis.claim_results import Apart, ClaimJudged, Claims, Premise
from foederis.analysis.claims import as_expected, set_apart
from foederis.language.case import Expectation

TEXT = """
foederis: 1
title: A truce
clock: {step: 1 week, steps: 1}
state: {war: [on, over], help: flag}
quantities: {p: 10% to 30%, q: 20% to 60%, idle: 1 to 2}
events:
  truce: {chance: p, sets: {war: over}}
  aid: {when: war == on, chance: q, sets: {help: yes}}
questions:
  peace: {at_end: war == over}
  aided: {at_end: help}
  aided_if_peace: {at_end: help, given: war == over}
  length: {expected: 3 * q}
whatifs:
  better: {set: {quantities.p: 40% to 50%}}
  mediated: {set: {events.truce.chance: p + 0.1}}
  same: {set: {quantities.idle: 5}}
  tiny: {set: {events.truce.chance: p * 1.00000000000001}}
claims:
  sure: {says: sure, expect: {peace: above 5%}}
  half: {says: half, expect: {peace: above 17%}}
  wrong: {says: wrong, expect: {peace: above 50%}}
  rises: {says: rises, whatif: mediated, expect: {peace: rises, aided: falls}}
  falls: {says: falls, whatif: mediated, expect: {peace: falls}}
  mixed: {says: mixed, whatif: mediated, expect: {peace: rises, aided: rises}}
  nothing: {says: nothing, whatif: same, expect: {peace: rises}}
  rounding: {says: rounding, whatif: tiny, expect: {peace: rises}}
  unchanged: {says: unchanged, whatif: same, expect: {peace: same within 0%}}
  close: {says: close, whatif: mediated, expect: {peace: same within 20%}}
  ranked: {says: ranked, whatif: better, against: mediated, expect: {peace: rises}}
  long: {says: long, expect: {length: above 1}}
  both: {says: both, expect: {peace: above 17%, aided: below 35%}}
"""


@pytest.fixture(scope="module")
def case() -> fd.Case:
    return fd.loads(TEXT)


@pytest.fixture(scope="module")
def found(case: fd.Case) -> Claims:
    return fd.claims(case, draws=256)


@pytest.fixture(scope="module")
def judged(found: Claims) -> dict[str, ClaimJudged]:
    return {claim.claim.name: claim for claim in found.claims}


@pytest.fixture(scope="module")
def worlds(found: Claims) -> dict[str, np.ndarray]:
    assert found.quantities is not None
    return dict(found.quantities)


VERDICTS = {
    "sure": "holds",
    "half": "undecided",
    "wrong": "fails",
    "rises": "holds",
    "falls": "fails",
    "mixed": "fails",
    "nothing": "fails",
    "rounding": "fails",
    "unchanged": "holds",
    "close": "holds",
    "ranked": "holds",
    "long": "undecided",
    "both": "undecided",
}


def test_verdicts(judged: dict[str, ClaimJudged]) -> None:
    assert {name: found.verdict for name, found in judged.items()} == VERDICTS


def test_what_is_measured(judged: dict[str, ClaimJudged], worlds: dict[str, np.ndarray]) -> None:
    p, q = worlds["p"], worlds["q"]
    np.testing.assert_allclose(judged["half"].judged[0].measured.draws, p, atol=1e-12)
    np.testing.assert_allclose(judged["rises"].judged[0].measured.draws, 0.1, atol=1e-12)
    np.testing.assert_allclose(judged["rises"].judged[1].measured.draws, -0.1 * q, atol=1e-12)
    assert (judged["rounding"].judged[0].measured.draws == 0).all()
    assert judged["half"].agree == np.mean(p > 0.17)
    assert judged["both"].agree == np.mean((p > 0.17) & ((1 - p) * q < 0.35))
    assert judged["both"].judged[1].agree == np.mean((1 - p) * q < 0.35)


def test_what_a_claim_hangs_on(case: fd.Case, judged: dict[str, ClaimJudged]) -> None:
    assert judged["sure"].premises == ()
    assert judged["half"].at_median
    assert judged["half"].premises == (Premise("p", "low", pytest.approx(0.1)),)
    assert not judged["both"].at_median or judged["both"].premises
    ends = {(premise.quantity, premise.end) for premise in judged["both"].premises}
    p, q = (case.distribution(name).median for name in "pq")
    expected = set()
    for name, end, values in (
        ("p", "low", (0.1, q)),
        ("p", "high", (0.3, q)),
        ("q", "low", (p, 0.2)),
        ("q", "high", (p, 0.6)),
    ):
        met = values[0] > 0.17 and (1 - values[0]) * values[1] < 0.35
        if met != judged["both"].at_median:
            expected.add((name, end))
    assert ends == expected


def test_a_what_if_that_moves_a_quantity_moves_its_ends_too(judged: dict[str, ClaimJudged]) -> None:
    # `better` gives p another range, 40 to 50 %: its low end is above the median of p + 0.1, its own against its own.
    assert judged["ranked"].at_median
    assert judged["ranked"].premises == ()


def test_what_sets_the_worlds_apart(judged: dict[str, ClaimJudged], worlds: dict[str, np.ndarray]) -> None:
    [apart] = judged["half"].apart
    met = worlds["p"] > 0.17
    assert apart == Apart("p", pytest.approx(1.0), np.median(worlds["p"][met]), np.median(worlds["p"][~met]))
    assert {found.quantity for found in judged["both"].apart} == {"p", "q"}
    assert judged["sure"].apart == ()


def test_distances_are_those_of_scipy_and_small_ones_are_not_named() -> None:
    random = np.random.default_rng(3)
    met = random.random(300) < 0.3
    worlds = {
        "shifted": random.normal(size=300) + met,
        "equal": random.normal(size=300),
        "coarse": np.round(random.normal(size=300) + 2 * met),
        "constant": np.ones(300),
    }
    found = {apart.quantity: apart.distance for apart in set_apart(worlds, met)}
    assert set(found) == {"shifted", "coarse"}
    for name, distance in found.items():
        assert distance == pytest.approx(stats.ks_2samp(worlds[name][met], worlds[name][~met]).statistic)
    assert set_apart(worlds, np.arange(300) < 5) == ()


def test_the_bound_lets_through_few() -> None:
    random = np.random.default_rng(5)
    named = 0
    for _ in range(200):
        worlds = {str(k): random.random(128) for k in range(20)}
        named += bool(set_apart(worlds, random.random(128) < 0.4))
    assert named <= 8  # 2 are expected; 8 or more come about with a chance below 0.1 %


@pytest.mark.parametrize(
    ("expectation", "expected"),
    [
        (Expectation("x", "rises"), [False, False, True]),
        (Expectation("x", "falls"), [True, False, False]),
        (Expectation("x", "same", 0.5), [False, True, True]),
        (Expectation("x", "above", 0.25), [False, False, True]),
        (Expectation("x", "below", 0.0), [True, False, False]),
    ],
)
def test_expectations(expectation: Expectation, expected: list[bool]) -> None:
    assert as_expected(expectation, np.array([-1.0, 0.0, 0.5])).tolist() == expected


def test_a_question_without_an_answer_is_undecided() -> None:
    never = TEXT.replace(
        "aided_if_peace: {at_end: help, given: war == over}", "odd: {at_end: help, given: war == over and help}"
    )
    changed = fd.loads(never.replace("sure, expect: {peace: above 5%}", "sure, expect: {odd: above 5%}"))
    [found] = fd.claims(changed, ["sure"], draws=16).claims
    assert found.verdict == "undecided"
    assert found.judged[0].measured.left_out == 16
    assert np.isnan(found.agree)


def test_worlds_are_evenly_spread_and_not_those_of_solve(case: fd.Case, worlds: dict[str, np.ndarray]) -> None:
    middles = np.linspace(0, 1, 257)[1:-1]
    for name in ("p", "q"):
        ends = case.distribution(name).quantile(middles)
        assert (np.bincount(np.searchsorted(ends, worlds[name])) == 1).all()
        assert not np.array_equal(worlds[name], fd.solve(case, draws=256).quantities[name])
    assert abs(np.corrcoef(worlds["p"], worlds["q"])[0, 1]) < 0.2


def test_an_answer_is_judged_as_it_is(case: fd.Case) -> None:
    answer = fd.solve(case, draws=64, what_ifs="all")
    found = fd.claims(case, draws=64, answer=answer)
    by_name = {claim.claim.name: claim for claim in found.claims}
    assert by_name["half"].agree == np.mean(answer.quantities["p"] > 0.17)
    assert by_name["half"].apart == ()
    assert found.quantities is None
    assert {claim.claim.name: claim.verdict for claim in found.claims} == VERDICTS


def test_some_claims_only_and_seeds(case: fd.Case) -> None:
    found = fd.claims(case, ["half"], draws=64, seed=1)
    assert [claim.claim.name for claim in found.claims] == ["half"]
    again = fd.claims(case, ["half"], draws=64, seed=1)
    assert again.to_json() == found.to_json()
    assert fd.claims(case, ["half"], draws=64).to_json() != found.to_json()
    assert [claim.claim.name for claim in fd.claims(case, ["wrong"], draws=8).failed] == ["wrong"]


@pytest.mark.parametrize("names", [["hafl"], ["half", "hafl"]])
def test_an_unknown_claim(case: fd.Case, names: list[str]) -> None:
    with pytest.raises(fd.CaseError) as caught:
        fd.claims(case, names, draws=4)
    assert [(item.code, item.help) for item in caught.value.diagnostics] == [("F706", "did you mean `half`?")]


def test_a_file_without_claims() -> None:
    with pytest.raises(fd.CaseError) as caught:
        fd.claims(fd.loads(TEXT[: TEXT.index("claims:")]), draws=4)
    assert caught.value.diagnostics[0].code == "F706"


def test_as_data(case: fd.Case) -> None:
    found = fd.claims(case, draws=16)
    data = found.to_json()
    assert data["holds"] + data["fails"] + data["undecided"] == len(case.claims)
    assert [row["claim"] for row in data["rows"]].count("both") == 2
    close = next(row for row in data["rows"] if row["claim"] == "close")
    assert (close["what_if"], close["expected"]) == ("mediated", "same within 0.2")
    assert close["mean"] == pytest.approx(0.1)


def test_a_what_if_that_asks_otherwise_is_refused() -> None:
    other = TEXT.replace("whatifs:", "whatifs:\n  otherwise: {set: {questions.peace: {first: war == over}}}")
    changed = fd.loads(
        other.replace("whatif: mediated, expect: {peace: falls}", "whatif: otherwise, expect: {peace: falls}")
    )
    with pytest.raises(fd.CaseError) as caught:
        fd.claims(changed, draws=4)
    assert [item.code for item in caught.value.diagnostics] == ["F408"]


def test_a_tenth_that_agrees_is_little_enough_to_fail() -> None:
    text = TEXT.replace("p: 10% to 30%", "p: 'uniform(0.1, 0.2)'").replace("peace: above 50%", "peace: below 11%")
    [found] = fd.claims(fd.loads(text), ["wrong"], draws=10).claims
    assert found.agree == 0.1
    assert found.verdict == "fails"


def test_no_answer_is_neither_met_nor_unmet() -> None:
    text = TEXT.replace("p: 10% to 30%", "p: 'choice(0 = 60%, 0.5 = 40%)'").replace(
        "{peace: above 5%}", "{aided_if_peace: below 5%}"
    )
    [found] = fd.claims(fd.loads(text), ["sure"], draws=32).claims
    assert found.at_median is None
    assert found.premises == ()


MORE = (
    TEXT.replace("idle: 1 to 2}", "idle: 1 to 2, boost: 1}")
    .replace("chance: p,", "chance: p * boost,")
    .replace(
        "whatifs:\n",
        """whatifs:
  given_peace: {set: {questions.aided.given: war == over}}
  doubt: {set: {quantities.boost: {value: 0.8 to 1.25, unit: times}}}
""",
    )
    .replace(
        "claims:\n",
        """claims:
  conditional: {says: conditional, whatif: given_peace, expect: {aided: falls, peace: same within 1%}}
  doubtful: {says: doubtful, whatif: doubt, expect: {peace: rises}}
""",
    )
)


def test_a_what_if_that_asks_otherwise_is_told() -> None:
    found = fd.claims(fd.loads(MORE), ["conditional", "doubtful"], draws=16)
    assert [claim.asked_differently for claim in found.claims] == [{"given_peace": ("aided",)}, {}]
    assert found.to_json()["rows"][0]["asked_differently"] == {"given_peace": ["aided"]}


def test_what_only_a_what_if_makes_uncertain_sets_worlds_apart_too() -> None:
    [doubtful] = fd.claims(fd.loads(MORE), ["doubtful"], draws=64).claims
    [apart] = doubtful.apart
    assert (apart.quantity, apart.unit, apart.distance) == ("boost", "times", pytest.approx(1))
    assert apart.unmet < 1 < apart.met
    assert doubtful.premises == (Premise("boost", "high", pytest.approx(1.25), "times"),)


def test_where_an_imposed_move_was_open() -> None:
    case = fd.load("patron")
    answer = fd.solve(case, draws=16, what_ifs="all")
    opened = answer.what_ifs["patron_comes"].imposed_open
    [move] = opened
    found = fd.claims(case, draws=16, answer=answer)
    by_name = {claim.claim.name: claim.imposed_open for claim in found.claims}
    assert by_name == {"no_duty": {}, "stays_home": {}, "worst": {"patron_comes": opened}}
    [worst] = fd.claims(case, ["worst"], draws=16).claims
    assert 0.7 < worst.imposed_open["patron_comes"][move].mean < 0.95
    row = found.to_json()["rows"][-1]
    assert row["imposed_open"] == {"patron_comes": {move: opened[move].to_json()}}

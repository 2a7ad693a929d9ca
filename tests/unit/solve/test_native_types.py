"""The engine in C where actors have private types: it answers as JAX's kernels do, and is found out where it errs."""

from __future__ import annotations

from pathlib import Path

import pytest

import foederis as fd
from foederis.solve import workshop
from foederis.solve.native import build
from tests.helpers import assert_same, flat
from tests.native import needs_engine, spoilt_engine
from tests.oracle.typed_cases import random_case
from tests.typed import BOTH_SIDES, BREAKFAST

# Who presses is seen; a rumour shows the type without anybody's choice.
CASES = {
    "breakfast": BREAKFAST,
    "both sides": BOTH_SIDES,
    "leak": random_case(1, "leak"),
    "pair": random_case(0, "pair"),
}


def on_grids(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beliefs lie between nodes."""
    monkeypatch.setattr(workshop, "may_be_exact", lambda _: False)


@needs_engine
@pytest.mark.parametrize(
    ("name", "exact"), [("breakfast", False), ("both sides", False), ("leak", True), ("pair", False)]
)
def test_it_answers_as_the_kernels_do(name: str, exact: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not exact:
        on_grids(monkeypatch)

    def solve() -> fd.Answer:
        return fd.solve(fd.loads(CASES[name]), draws=11, what_ifs="all")  # a block and a part of one

    ours = solve()
    monkeypatch.setattr(build, "library", lambda: None)
    theirs = solve()
    assert_same(flat(ours), flat(theirs), within=1e-11)
    for key, estimate in ours.questions.items():
        if isinstance(estimate, fd.Estimate):
            assert_same(estimate.by_type, theirs.questions[key].by_type, within=1e-11)
    one, other = (answer.to_json()["beliefs"] for answer in (ours, theirs))
    assert one.pop("errors") == pytest.approx(other.pop("errors"), abs=1e-11)
    assert one == other
    for found in ("regret", "regret_bound", "strain"):
        assert getattr(ours.check, found) == pytest.approx(getattr(theirs.check, found), rel=1e-9)
    assert ours.check.residual < 1e-13


@needs_engine
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("scale[t] = b->rationality[t] * (now / steps);", "scale[t] = b->rationality[t] * (now / steps) * 1.001;"),
        ("        found[k] = before - ramp;", "        found[k] = (before - ramp) * 1.000001;"),
        ("pick(far >= 0.0, all(1.0), rest) / (1.0 + rest)", "0.9999 * pick(far >= 0.0, all(1.0), rest) / (1.0 + rest)"),
        ("o->shares[t * n + k] * choose;", "o->shares[t * n + k] * choose * 0.999999;"),
        ("before[s->actor[p]] += belief[t]", "before[s->actor[p]] += 1.000001 * belief[t]"),
        ("        before[s->first + t] = sum;", "        before[s->first + t] = sum + 0.001;"),
        ("here[c] * (share * counts[k])", "here[c] * (1.0001 * share * counts[k])"),
        ("sum[s->branches + t] +=", "sum[s->branches + t] += 0.0001 +"),
    ],
    ids=["odds", "nodes", "beliefs", "shares", "others", "own", "landing", "paid"],
)
def test_an_engine_with_an_error_is_found_out(
    old: str, new: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt = spoilt_engine(tmp_path, old, new)
    on_grids(monkeypatch)
    monkeypatch.setattr(build, "library", lambda: spoilt)
    found = []
    for name in ("breakfast", "leak"):
        try:
            fd.solve(fd.loads(CASES[name]), draws=8)
        except fd.ResidualError:
            found.append(name)
    assert found


@needs_engine
def test_what_is_no_number_stays_so_in_the_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two options are too unlikely for floating point; the break of the odds of the first is no number."""
    case = BREAKFAST.replace("sender: {rationality: 2,", "sender: {rationality: 2000,")
    starve = "      starve: {sets: {breakfast: none}, pays: {sender: 9}}\n"
    case = case.replace("  - actor: receiver\n", f"{starve}  - actor: receiver\n")
    spoilt = spoilt_engine(tmp_path, "off = fabs(logs[j][l] - due)", "off = (j ? 1.0 : NAN) * fabs(logs[j][l] - due)")
    monkeypatch.setattr(build, "library", lambda: spoilt)
    with pytest.raises(fd.ResidualError):
        fd.solve(fd.loads(case), draws=8)

"""Ensembles carried out by workers of this machine."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import foederis as fd
from foederis.ensembles.plan import read_plan
from foederis.ensembles.run import ensemble
from foederis.ensembles.store import PIECES
from tests.unit.ensembles.plans import contents, small, solve_here

duckdb = pytest.importorskip("duckdb")


def test_the_number_of_workers_does_not_matter(tmp_path: Path) -> None:
    plan = small(settings="{plain: {}, seen: {set: {observed: [{step: 0, patron: stand_aside}]}}}")
    told: list[tuple[str, int, int]] = []
    one = solve_here(plan, tmp_path / "one")
    two = ensemble(plan, tmp_path / "two", workers=2, progress=lambda *now: told.append(now))
    assert (one.pieces, one.solved, one.found, one.failed) == (6, 6, 0, ())
    assert one.fingerprint == two.fingerprint
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert len(list((tmp_path / "two" / "worlds").iterdir())) == 1  # once for all pieces
    assert (told[0], told[-1], len(told)) == (("ensemble", 0, 160), ("ensemble", 160, 160), 7)


def test_what_is_there_is_kept_when_there_are_more_draws(tmp_path: Path) -> None:
    plan = small(settings="{plain: {}}", draws=64)
    solve_here(plan, tmp_path / "runs")
    more = solve_here(small(settings="{plain: {}}", draws=96), tmp_path / "runs")
    assert (more.pieces, more.found, more.solved) == (3, 2, 1)
    assert more.fingerprint == solve_here(small(settings="{plain: {}}", draws=96), tmp_path / "other").fingerprint


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"cases": "{p: {file: patron, what_ifs: [defence_pact]}}"},
            "other what-ifs of the case `p` are asked for: 2 pieces",
        ),
        ({"cases": "{q: patron}"}, "the case `p` is no longer in the plan: 2 pieces"),
        ({"settings": "{plain: {set: {clock.steps: 3}}}"}, "the setting `plain` has changed: 2 pieces"),
        ({"settings": "{other: {}}"}, "the setting `plain` is no longer in the plan: 2 pieces"),
        ({"seeds": "4"}, "the seed 3 is no longer in the plan: 2 pieces"),
        ({"piece": "64"}, "`piece` was 32 and is 64: 2 pieces"),
        ({"draws": "40"}, "`draws` was 64 and is 40: 1 piece\n"),
    ],
)
def test_what_does_not_fit_is_said_and_not_mixed(
    changes: dict[str, str], reason: str, kept: Path, tmp_path: Path
) -> None:
    before = contents(kept)
    with pytest.raises(fd.EnsembleError) as caught:
        solve_here(small(**{**PLAIN, **changes}), kept)
    assert reason in str(caught.value)
    assert "--discard" in str(caught.value)
    assert contents(kept) == before


PLAIN = {"settings": "{plain: {}}", "draws": "64", "cases": "{p: patron}"}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept") / "runs"
    solve_here(small(**PLAIN), folder)
    return folder


def test_another_version_or_case_does_not_fit_either(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from foederis.ensembles import run

    now = run.versions()
    monkeypatch.setattr(run, "versions", lambda: {**now, "jax": "99.0"})
    with pytest.raises(fd.EnsembleError, match=f"jax {now['jax']} is now 99.0: 2 pieces"):
        solve_here(small(**PLAIN), kept)


def test_a_changed_file_does_not_fit_and_can_be_discarded(tmp_path: Path) -> None:
    case, plan = tmp_path / "case.yaml", tmp_path / "plan.yaml"
    text = fd.gallery()["patron"].read_text(encoding="utf-8")
    case.write_text(text, encoding="utf-8")
    plan.write_text("ensemble: 1\ncases: {p: case.yaml, d: deterrence}\ndraws: 32\npiece: 32\n", encoding="utf-8")
    solve_here(read_plan(plan), tmp_path / "runs")
    case.write_text(text + "# a remark\n", encoding="utf-8")
    with pytest.raises(fd.EnsembleError, match="the file of the case `p` has changed: 1 piece\n"):
        solve_here(read_plan(plan), tmp_path / "runs")
    said: list[str] = []
    again = solve_here(read_plan(plan), tmp_path / "runs", discard=True, said=said)
    assert (again.found, again.solved) == (1, 1)
    assert said == ["removed 1 piece no longer fitting (the file of the case `p` has changed: 1 piece)"]
    assert len(list((tmp_path / "runs" / PIECES).iterdir())) == 2


def test_what_fails_is_reported_and_the_others_go_on(tmp_path: Path) -> None:
    plan = small(settings="{odd: {set: {quantities.p_fall: 0.5 to 2}}, plain: {}}", draws=64)
    found = solve_here(plan, tmp_path / "runs")
    assert (found.solved, found.complete) == (2, False)
    assert [(item.setting, item.first_draw, item.draws) for item in found.failed] == [("odd", 0, 32), ("odd", 32, 32)]
    assert "patron.yaml" in found.failed[0].failure.message
    assert found.to_json()["failed"][0]["code"].startswith("F")
    assert [item.setting for item in solve_here(plan, tmp_path / "runs").failed] == ["odd", "odd"]


def test_worlds_that_cannot_be_worked_out_fail_the_pieces_that_need_them(tmp_path: Path) -> None:
    never = "{seen: {set: {observed: [{step: 0, state: {help: troops}}, {step: 1, state: {help: words}}]}}, plain: {}}"
    found = solve_here(small(settings=never, draws=32), tmp_path / "runs")
    assert [(item.setting, item.failure.code) for item in found.failed] == [("seen", "F335")]
    assert found.solved == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"workers": 0}, "at least 1 worker"),
        ({"workers": 1, "scheduler": "tcp://127.0.0.1:1"}, "one of the two"),
    ],
)
def test_arguments(arguments: dict[str, object], message: str, tmp_path: Path) -> None:
    with pytest.raises(fd.EnsembleError, match=message):
        ensemble(small(), tmp_path / "runs", **arguments)  # type: ignore[arg-type]
    assert not (tmp_path / "runs").exists()


def test_without_duckdb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(fd.EnsembleError, match=r"foederis\[runs\]"):
        ensemble(small(), tmp_path / "runs")
    assert not (tmp_path / "runs").exists()

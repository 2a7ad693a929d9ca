"""Turns that some take together while somebody else has private types: there is a move at every public belief."""

from __future__ import annotations

from pathlib import Path

import pytest

import foederis as fd
from foederis.game.compile import compile_game
from foederis.solve import workshop
from foederis.solve.native import build
from tests.helpers import assert_same, flat
from tests.native import needs_engine, spoilt_engine
from tests.typed import BESIDE

from .test_native_together import FOLDED, PENNIES, SAME, STAG_HUNT, told

# Moves first, and tells something of its type, which is nothing to the others.
WATCHER = """
  - actor: watcher
    options: {watch: {pays: {watcher: 1.2 if type == keen else -0.4}}, doze: {}}
"""
WATCHES = "watcher: {rationality: 1, types: {keen: 30%, idle: 70%}}"


def watched(text: str) -> str:
    return text.replace("actors: {", f"actors: {{{WATCHES}, ").replace("moves:", f"moves:{WATCHER.rstrip()}")


def take(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if engine == "xla":
        monkeypatch.setattr(build, "library", lambda: None)
    elif build.library() is None:
        pytest.skip("no C compiler")


@pytest.mark.parametrize(
    ("text", "engine"),
    [(STAG_HUNT, "c"), (FOLDED, "c"), (SAME, "c"), (SAME, "xla")],
    ids=["stag hunt", "folded", "same", "same, kernels"],
)
def test_somebody_whose_type_does_not_matter_changes_nothing(
    text: str, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(engine, monkeypatch)
    alone, beside = (fd.solve(fd.loads(one), draws=8, what_ifs="all") for one in (text, watched(text)))
    assert_same(flat(alone), {name: part for name, part in flat(beside).items() if name in flat(alone)}, within=1e-11)
    [one], [other] = alone.together, beside.together
    assert other.solved > one.solved  # at each belief
    assert (other.crossed, other.fell_short, other.doubtful_worlds) == (
        one.crossed,
        one.fell_short,
        one.doubtful_worlds,
    )
    assert [(d.step, dict(d.state)) for d in other.doubts] == [(d.step, dict(d.state)) for d in one.doubts]
    assert [d.likely for d in other.doubts] == pytest.approx([d.likely for d in one.doubts], abs=1e-12)


@needs_engine
def test_the_engine_answers_as_the_kernels_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workshop, "may_be_exact", lambda _: False)  # beliefs lie between nodes
    ours = fd.solve(fd.loads(BESIDE), draws=32, what_ifs="all")
    monkeypatch.setattr(build, "library", lambda: None)
    theirs = fd.solve(fd.loads(BESIDE), draws=32, what_ifs="all")
    assert_same(flat(ours), flat(theirs), within=1e-11)
    assert told(ours) == told(theirs)
    assert ours.together[0].at_beliefs
    assert ours.check.regret == pytest.approx(theirs.check.regret, rel=1e-9)
    assert ours.check.residual < 1e-12


@needs_engine
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("together.c", "value[m->first[t] + i - 1] = m->rational[t] *", "value[m->first[t] + i - 1] = 1.001 *"),
        ("together.c", "what[i] += m->own[t *", "what[i] += 1.001 * m->own[t *"),
        ("signals.c", "                     notes + t * noted);", "                     notes);"),
    ],
    ids=["odds", "own", "one belief for all"],
)
def test_an_engine_with_an_error_is_found_out(
    file: str, old: str, new: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = spoilt_engine(tmp_path, old, new, file)
    monkeypatch.setattr(build, "library", lambda: wrong)
    if file == "together.c":
        with pytest.raises(fd.ResidualError, match="not to be trusted"):
            fd.solve(fd.loads(BESIDE), draws=8)
        return
    # Decisions stand among the weights: only what is said of how they were found is wrong then.
    spoilt = told(fd.solve(fd.loads(watched(PENNIES)), draws=8))
    monkeypatch.undo()
    assert spoilt != told(fd.solve(fd.loads(watched(PENNIES)), draws=8))


def test_an_actor_with_types_cannot_choose_together_with_others() -> None:
    both = BESIDE.replace("rival: {rationality: 0.7,", "rival: {rationality: 0.7, types: {calm: 50%, wild: 50%},")
    both = both.replace("client: {rationality: 0.6,", "client: {rationality: 0.6, types: {poor: 50%, rich: 50%},")
    with pytest.raises(fd.CaseError) as caught:
        compile_game(fd.loads(both))
    assert [item.code for item in caught.value.diagnostics] == ["F210", "F210"]
    assert ["`rival`" in item.message for item in caught.value.diagnostics] == [True, False]
    alone = "moves:\n  - together:\n    - {actor: watcher, options: {watch: {}, doze: {}}}"
    compile_game(fd.loads(PENNIES.replace("actors: {", f"actors: {{{WATCHES}, ").replace("moves:", alone)))

"""Who has types, and how beliefs were followed, in text."""

from __future__ import annotations

import io

from rich.console import Console

import foederis as fd
from foederis.analysis.doubts import BeliefTally
from foederis.game.compile import compile_game
from foederis.report.beliefs import doubts_of, tally_text
from foederis.report.game import print_game, shown_by
from tests.typed import BOTH_SIDES, BREAKFAST


def test_show_says_who_has_types_and_what_can_show_them() -> None:
    case = fd.loads(BREAKFAST)
    console = Console(file=io.StringIO(), width=110)
    print_game(case, compile_game(case), console)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "Types, which only the actor knows" in text
    strong = next(line for line in text.splitlines() if line.strip().startswith("sender") and "strong" in line)
    assert "90 %" in strong.replace("89 %", "90 %")
    assert "What type sender is shows itself in sender." in text
    assert shown_by(compile_game(fd.loads(BOTH_SIDES))) == [
        "What type a is shows itself in a, break (an event).",
        "What type b is shows itself in b.",
    ]


def test_what_an_analysis_rests_on() -> None:
    fine = BeliefTally(worlds=8, on_grid=0, nodes=9, error=0.0, coarse=False, missed=0, worst=0.0, split=0)
    assert "exact" in tally_text(fine)
    assert doubts_of(fine) == []
    some = BeliefTally(worlds=8, on_grid=3, nodes=9, error=0.01, coarse=True, missed=2, worst=0.5, split=1)
    assert "grid of 9 nodes in 3 of 8 worlds solved" in tally_text(some)
    coarse, missed, split = doubts_of(some)
    assert "too coarse" in coarse
    assert "2 fixed points" in missed
    assert "1 fixed point " in split
    assert "nodes; a finer one" in tally_text(BeliefTally(8, 8, 9, 0.001, False, 0, 0.0, 0))
    assert "by at most 0.001." in tally_text(BeliefTally(8, 8, 9, 0.001, False, 0, 0.0, 0))

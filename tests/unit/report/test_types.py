"""Who has types, and how beliefs were followed, in text."""

from __future__ import annotations

import io

from rich.console import Console

import foederis as fd
from foederis.analysis.beliefs import Beliefs, Signalling
from foederis.analysis.doubts import BeliefTally
from foederis.analysis.together import Doubt
from foederis.game.compile import compile_game
from foederis.report.beliefs import doubts_of, followed_text, tally_text
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
    fine = BeliefTally(
        8, 0, nodes=9, error=0.0, moved="", coarse=False, missed=0, worst=0.0, split=0, doubtful_worlds=0
    )
    assert "exact" in tally_text(fine)
    assert doubts_of(fine) == []
    some = BeliefTally(8, 3, 9, 0.01, moved="peace", coarse=True, missed=2, worst=0.5, split=1, doubtful_worlds=2)
    assert "grid of 9 nodes in 3 of 8 worlds solved" in tally_text(some)
    assert "by at most 0.01 (peace)." in tally_text(some)
    coarse, missed, split = doubts_of(some)
    assert "too coarse" in coarse
    assert "2 fixed points" in missed
    assert "up to 0.5 in probability" in missed
    assert "1 fixed point " in split
    assert missed.endswith("`foederis solve` says where.")
    assert "nodes; a finer one" in tally_text(BeliefTally(8, 8, 9, 0.001, "", False, 0, 0.0, 0, 0))
    assert "by at most 0.001." in tally_text(BeliefTally(8, 8, 9, 0.001, "", False, 0, 0.0, 0, 0))


def doubt(step: int, likely: float, crossed: int, fell_short: int) -> Doubt:
    return Doubt(step, f"2030-01-0{step + 1}", {"war": "on"}, likely, crossed, fell_short, 0.25, 0.5)


def test_where_fixed_points_are_in_doubt() -> None:
    """The places that play is likeliest to come to, over all turns, and how many more there are."""
    one = Signalling("us", 6, 1, 3, (doubt(0, 1.0, 3, 0), doubt(1, 0.2, 2, 1), doubt(2, 0.1, 1, 0)))
    other = Signalling("ussr", 4, 0, 4, (doubt(1, 0.5, 4, 0),))
    found = Beliefs(False, 3, 8, 9, {"war": 0.001, "peace": 0.0015}, False, 1, 0.25, 10, 5, (one, other))
    missed, split = doubts_of(found)
    assert missed.endswith(
        "Where: us in step 1, from 2030-01-02, where war = on (1 world, missed by up to 0.25; play comes there with a "
        "probability of up to 20 %)."
    )
    assert "Where: us in step 0, from 2030-01-01, where war = on (3 worlds; play" in split
    assert "of up to 100 %); ussr in step 1, from" in split
    assert split.endswith("of up to 20 %); and 1 more.")
    assert followed_text(found) == (
        "Beliefs about types stand on a grid of 3 nodes. On 9, the mean answers in 8 worlds change by at most 0.0015 (peace)."
    )

"""What is to be said of simultaneous moves: how their fixed points were found, and where they are in doubt."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console

from foederis.analysis.doubts import Tally
from foederis.analysis.together import Doubt, Simultaneous
from foederis.report.tables import print_line
from foederis.report.words import counted, percent


def print_simultaneous(console: Console, moves: Iterable[Simultaneous]) -> None:
    """The doubts, to be seen; and then how the fixed points were found."""
    for move in moves:
        for line in doubts_of(move):
            print_line(console, line, style="yellow")
        print_line(console, found_of(move), style="dim")


def print_tallies(console: Console, moves: Iterable[Tally]) -> None:
    """What an analysis rests on that is in doubt."""
    for move in moves:
        if not move.doubtful_worlds:
            continue
        text = (
            f"In {move.doubtful_worlds:,} of {counted(move.worlds, 'world')} solved, {_names(move)} taken together are "
        )
        kinds = []
        if move.crossed:
            kinds.append("on a branch that divides on the way from even odds (a bifurcation is suspected)")
        if move.fell_short:
            kinds.append(
                f"not solved: choices are up to {move.error:.2g} in probability from the odds that they should have"
            )
        print_line(console, f"{text}{', or '.join(kinds)}. `foederis solve` says where.", style="yellow")


def found_of(move: Simultaneous) -> str:
    """How many fixed points there are, and whether there are other equilibria."""
    over = "states, steps, beliefs and worlds" if move.at_beliefs else "states, steps and worlds"
    text = f"Taken together, {_names(move)}: {counted(move.solved, 'fixed point')} over {over}, "
    if move.alone == move.solved:
        return text + "each certainly the only equilibrium."
    text += f"{percent(move.alone / move.solved)} of them certainly the only equilibrium. "
    text += f"Of the others {move.searched:,} were solved again from 16 other starts, "
    return text + (f"and {move.others:,} of them have other equilibria." if move.others else "and found no other.")


def doubts_of(move: Simultaneous) -> list[str]:
    """What cannot be relied on."""
    found = []
    if move.fell_short:
        worst = [doubt for doubt in move.doubts if doubt.fell_short]
        text = f"Not solved: {counted(move.fell_short, 'fixed point')} of {_names(move)} taken together."
        if worst:
            error = max(doubt.error for doubt in worst)
            to = min(doubt.followed_to for doubt in worst)
            text += (
                f" Choices are up to {error:.2g} in probability from the odds that they should have; the branch from "
                f"even odds was followed to {percent(to)} of all rationality. {_where(worst[0])}"
            )
        found.append(text)
    if move.crossed:
        text = (
            f"A bifurcation is suspected at {counted(move.crossed, 'fixed point')} of {_names(move)} taken together: "
            "from even odds, the way divides before all rationality is reached, and other choices are as good an "
            "answer."
        )
        worst = [doubt for doubt in move.doubts if doubt.crossed]
        found.append(f"{text} {_where(worst[0])}" if worst else text)
    if found:
        found[-1] += f" In all this concerns {move.doubtful_worlds:,} of {counted(move.worlds, 'world')}."
    return found


def _where(doubt: Doubt) -> str:
    return f"Play comes to it with a probability of up to {percent(doubt.likely)} {place_text(doubt)}."


def place_text(doubt: Doubt) -> str:
    """`in step 3, from 2025-07-04, where war = on`."""
    begins = f", from {doubt.date}" if doubt.date else ""
    state = ", ".join(f"{name} = {level}" for name, level in list(doubt.state.items())[:8])
    comma = "," if begins and state else ""
    return f"in step {doubt.step}{begins}{comma}{f' where {state}' if state else ''}"


def _names(move: Simultaneous | Tally) -> str:
    *most, last = move.turns
    return f"{', '.join(most)} and {last}"

"""What is to be said of private types: the answers by type, and how beliefs were followed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rich.console import Console

from foederis.analysis.answers import Answer, Estimate
from foederis.analysis.asking import is_share
from foederis.analysis.beliefs import Beliefs
from foederis.analysis.chance import effective_size
from foederis.analysis.doubts import BeliefTally
from foederis.report.odds import THIN, few
from foederis.report.tables import Cell, print_line, print_rows
from foederis.report.words import counted, percent, points

EXACT = "Beliefs about types: exact, every belief that play can lead to was worked out."
FEW = f"{few(0.0).strip()}: if an actor has that type, the answers rest on fewer than {THIN:.0f} worlds."


def types_text(answer: Answer) -> str:
    """Who has which types, how likely they are at the start, and how likely given what was observed."""
    text = f"Types, as the others see them at the start: {_shares(answer, answer.types)}."
    if answer.types_given:
        text += f" Given what was observed: {_shares(answer, answer.types_given)}."
    return text


def _shares(answer: Answer, each: Mapping[str, Mapping[str, Estimate]]) -> str:
    parts = []
    for actor, types in each.items():
        shares = ", ".join(f"{name} {_share(share, answer.at is not None)}" for name, share in types.items())
        parts.append(f"{actor} is {shares}")
    return "; ".join(parts)


def _share(share: Estimate, exact: bool) -> str:
    if exact or share.p05 == share.p95:
        return percent(share.mean)
    return f"{percent(share.mean)} ({percent(share.p05)} to {percent(share.p95)})"


def print_by_type(console: Console, answer: Answer, name_of: Callable[[str], str]) -> None:
    """The answers, and the first moves of those who have types, type by type. `name_of` puts a question in words."""
    print_line(console, types_text(answer), indent=2)
    rows: list[list[Cell]] = []
    labels: list[str] = []
    for name, reply in answer.questions.items():
        if isinstance(reply, Estimate) and reply.by_type:
            labels = labels_of(answer, reply)
            rows.append([name_of(name), *by_type(reply, is_share(answer.case.questions[name]))])
    if rows:
        print_rows(console, rows, headers=("", *labels))
    for actor in answer.types:
        moves = answer.first_moves.get(actor, {})
        rows = [[option, *by_type(share, True)] for option, share in moves.items()]
        if rows:
            labels = [*labels, *labels_of(answer, next(iter(moves.values())))]
            print_line(console, f"{actor}, first", indent=2, style="italic")
            print_rows(console, rows, headers=("", *labels[-len(answer.types[actor]) :]), indent=4)
    if any(label.endswith(few(0.0)) for label in labels):
        print_line(console, FEW, indent=2, style="dim")


def labels_of(answer: Answer, reply: Estimate) -> list[str]:
    """The types, those marked under which few worlds count given what was observed."""
    counts = {} if answer.at else reply.type_weights
    return [name + (few(effective_size(counts[name])) if name in counts else "") for name in reply.by_type]


def by_type(reply: Estimate, share: bool) -> list[str]:
    """The mean for each type."""
    means = [reply.of_type(name) for name in reply.by_type]
    show = percent if share else points
    return [show(mean.mean) if len(mean.defined) else "no answer" for mean in means]


def print_beliefs(console: Console, beliefs: Beliefs | None) -> None:
    """What is in doubt, to be seen, and how beliefs were followed."""
    print_doubts(console, beliefs)
    if beliefs is not None:
        print_line(console, followed_text(beliefs), style="dim")


def print_doubts(console: Console, beliefs: Beliefs | None, indent: int = 0) -> None:
    for line in doubts_of(beliefs) if beliefs is not None else []:
        print_line(console, line, indent=indent, style="yellow")


def print_belief_tally(console: Console, tally: BeliefTally) -> None:
    """What an analysis rests on where somebody has types."""
    for line in doubts_of(tally):
        print_line(console, line, style="yellow")
    print_line(console, tally_text(tally), style="dim")


def tally_text(tally: BeliefTally) -> str:
    if not tally.on_grid:
        return EXACT
    where = "" if tally.on_grid == tally.worlds else f" in {tally.on_grid:,} of {counted(tally.worlds, 'world')} solved"
    finer = f"a finer one changes mean answers, in a few worlds, by at most {tally.error:.2g}"
    return f"{_on_grid(tally.nodes)}{where}; {finer}."


def _on_grid(nodes: int) -> str:
    return f"Beliefs about types stand on a grid of {nodes} nodes"


def followed_text(beliefs: Beliefs) -> str:
    if beliefs.exact:
        return EXACT
    text = f"{_on_grid(beliefs.nodes)}."
    if beliefs.compared:
        worst = max(beliefs.errors, key=lambda name: beliefs.errors[name], default="")
        text += (
            f" On nearly twice as many, the answers in {counted(beliefs.compared, 'world')} change by at most "
            f"{beliefs.error:.2g}"
        )
        text += f" ({worst})." if worst else "."
    return text


def doubts_of(beliefs: Beliefs | BeliefTally) -> list[str]:
    """What cannot be relied on."""
    found = []
    if beliefs.coarse:
        text = followed_text(beliefs) if isinstance(beliefs, Beliefs) else tally_text(beliefs)
        found.append(f"The grid of beliefs is too coarse: {text}")
    if beliefs.missed:
        found.append(
            f"Not solved: {counted(beliefs.missed, 'fixed point')} of choices and beliefs, missed by up to "
            f"{beliefs.worst:.2g} in logarithms of probabilities."
        )
    if beliefs.split:
        found.append(
            f"A bifurcation is suspected at {counted(beliefs.split, 'fixed point')} of choices and beliefs: from even "
            "odds, the way turns or divides before all rationality is reached, and there may be other answers as good."
        )
    return found

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
from foederis.report.together import place_text
from foederis.report.words import counted, percent, points

_TOLD = 3  # places in which fixed points are in doubt
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
    return f"{_on_grid(tally.nodes)}{where}; {finer}{_named(tally.moved)}."


def _on_grid(nodes: int) -> str:
    return f"Beliefs about types stand on a grid of {nodes} nodes"


def followed_text(beliefs: Beliefs) -> str:
    if beliefs.exact:
        return EXACT
    text = f"{_on_grid(beliefs.nodes)}."
    if beliefs.compared:
        text += (
            f" On {beliefs.finer}, the mean answers in {counted(beliefs.compared, 'world')} change by at most "
            f"{beliefs.error:.2g}{_named(beliefs.moved)}."
        )
    return text


def _named(question: str) -> str:
    return f" ({question})" if question else ""


def doubts_of(beliefs: Beliefs | BeliefTally) -> list[str]:
    """What cannot be relied on."""
    found = []
    if beliefs.coarse:
        text = followed_text(beliefs) if isinstance(beliefs, Beliefs) else tally_text(beliefs)
        found.append(f"The grid of beliefs is too coarse: {text}")
    if beliefs.missed:
        found.append(
            f"Not solved: {counted(beliefs.missed, 'fixed point')} of choices and beliefs. Choices are up to "
            f"{beliefs.worst:.2g} in probability from the odds that they should have. {_where(beliefs, 'fell_short')}"
        )
    if beliefs.split:
        found.append(
            f"A bifurcation is suspected at {counted(beliefs.split, 'fixed point')} of choices and beliefs: from even "
            "odds, the way turns or divides before all rationality is reached, and there may be other answers as good. "
            f"{_where(beliefs, 'crossed')}"
        )
    return found


def _where(beliefs: Beliefs | BeliefTally, kind: str) -> str:
    """The places that play is likeliest to come to, of those that have fallen short or are crossed, and how many more
    fixed points there are."""
    if isinstance(beliefs, BeliefTally):
        return "`foederis solve` says where."
    places = [(turn.turn, doubt) for turn in beliefs.points for doubt in turn.doubts if getattr(doubt, kind)]
    places = sorted(places, key=lambda place: -place[1].likely)[:_TOLD]
    parts = []
    for turn, doubt in places:
        off = f", missed by up to {doubt.error:.2g}" if kind == "fell_short" else ""
        worlds = counted(getattr(doubt, kind), "world")
        likely = f"play comes there with a probability of up to {percent(doubt.likely)}"
        parts.append(f"{turn} {place_text(doubt)} ({worlds}{off}; {likely})")
    rest = (beliefs.missed if kind == "fell_short" else beliefs.split) - sum(getattr(d, kind) for _, d in places)
    return f"Where: {'; '.join(parts)}{f'; and {rest:,} more' if rest else ''}."

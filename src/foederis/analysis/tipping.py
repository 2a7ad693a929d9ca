"""Tipping points: where an answer crosses a threshold, or another option becomes the likeliest, as a quantity moves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from foederis.analysis.answers import Floats
from foederis.analysis.asking import Threshold
from foederis.analysis.doubts import with_doubts
from foederis.analysis.lines import (
    Bench,
    Crossing,
    Line,
    TwoWay,
    answered,
    averaged_line,
    counted,
    lines_at_medians,
    mean_known,
    two_way_map,
)
from foederis.analysis.result import Result, Row
from foederis.analysis.solving import Progress
from foederis.analysis.tipping_request import read_request
from foederis.diagnostics import CaseError, Diagnostic
from foederis.game.expand import MAX_STATES
from foederis.language.case import Case
from foederis.language.sampling import draw_quantities

AVERAGED = 4  # quantities averaged over draws, if none are named


@dataclass(frozen=True)
class Tipping(Result):
    """Tipping points of a question or of an actor's first move.

    Attributes:
        threshold: of the question, or None; turn: whose likeliest option is followed, or None.
        options: of the turn.
        at_median: the answer (or the shares of the options) where every quantity is at its median; nan for no answer.
        mean: over draws, without the `left_out` ones that have no answer.
        lines: those with crossings first, the nearest to the median before the others.
    """

    case: Case
    threshold: Threshold | None
    turn: str | None
    options: tuple[str, ...]
    at_median: Floats
    mean: Floats
    left_out: int
    lines: tuple[Line, ...]
    two_way: TwoWay | None
    draws: int
    seed: int
    residual: float

    def rows(self) -> list[Row]:
        found = []
        for line in self.lines:
            head = {"quantity": line.quantity, "unit": line.unit, "low": line.values[0], "high": line.values[-1]}
            medians = {**head, "others": "medians", "values_unanswered": line.unanswered, "worlds_left_out": None}
            found += _crossing_rows(medians, line.crossings, [(None, None)] * len(line.crossings))
            if line.averaged:
                most = int(line.averaged.left_out.max())
                mean = {**head, "others": "mean", "values_unanswered": None, "worlds_left_out": most}
                found += _crossing_rows(mean, line.averaged.crossings, line.averaged.bands)
        return found

    def facts(self) -> Row:
        two_way = self.two_way
        return {
            "when": self.threshold.text if self.threshold else None,
            "move": self.turn,
            "options": list(self.options),
            "at_median": self.at_median,
            "mean": self.mean,
            "left_out": self.left_out,
            "draws": self.draws,
            "seed": self.seed,
            "lines": {
                line.quantity: {
                    "values": line.values,
                    "answers": line.answers,
                    "mean_values": line.averaged.values if line.averaged else None,
                    "mean_answers": line.averaged.answers if line.averaged else None,
                    "mean_left_out": line.averaged.left_out if line.averaged else None,
                }
                for line in self.lines
            },
            "map": asdict(two_way) if two_way else None,
            "check": {"residual": self.residual},
        }


def _crossing_rows(
    head: Row, crossings: Sequence[Crossing], bands: Sequence[tuple[float | None, float | None]]
) -> list[Row]:
    """A row for each change; one without values if there is none."""
    if not crossings:
        return [{**head, **dict.fromkeys(("value", "share", "before", "after", "last", "p05", "p95"))}]
    return [
        {**head, **asdict(crossing), "p05": low, "p95": high}
        for crossing, (low, high) in zip(crossings, bands, strict=True)
    ]


@with_doubts
def tipping(
    case: Case,
    *,
    when: str | None = None,
    move: str | None = None,
    quantities: Iterable[str] = (),
    vary: Mapping[str, str] | Iterable[str] = (),
    two_way: Sequence[str] | str | None = None,
    draws: int = 32,
    seed: int = 0,
    max_states: int = MAX_STATES,
    progress: Progress | None = None,
) -> Tipping:
    """Looks for the values at which an answer crosses a threshold, or another option becomes likeliest.

    Args:
        when: the threshold, as in "intervenes > 20%"; if None, the first question at 50 %.
        move: instead, an actor or turn whose likeliest first option is followed.
        quantities: which are moved; all uncertain ones if none are named. Those named are averaged over draws too; if
            none are, the four that make the largest difference at the medians are.
        vary: {path: range}: numbers of the file moved through a range, as in {"treaties.pact.breach_cost.patron":
            "1 to 10"}; or texts, as in "treaties.pact.breach_cost.patron=1 to 10".
        two_way: two quantities moved together, others at their medians; or a text, as in "stake,price".
        draws: how many worlds a mean is over.
    Raises:
        CaseError: unknown names, no comparison, nothing that is uncertain (F702); all mistakes at once.
    """
    asked = read_request(case, when, move, tuple(quantities), vary, two_way, draws, seed)
    case, chosen = asked.case, asked.quantities
    bench = Bench(case, asked.threshold, asked.turn, max_states, progress)
    lines = lines_at_medians(bench, chosen)
    drawn = draw_quantities(case, draws, seed=seed)
    found, evidence = bench.weighed(drawn, draws, "draws")
    left_out = int(np.sum(~answered(found)))
    if asked.turn and left_out == draws:
        message = f"the turn `{asked.turn}` is never taken in the first step"
        raise CaseError([Diagnostic("F704", message, help="follow a move of another turn")])
    followed = asked.named or _most_influential(lines)
    lines = [
        replace(line, averaged=averaged_line(bench, line, drawn, draws, seed)) if line.quantity in followed else line
        for line in lines
    ]
    [median] = bench.at_medians([(chosen[0], np.array([case.distribution(chosen[0]).median]))], "the median world")
    mapped = two_way_map(bench, *asked.pair) if asked.pair else None
    return Tipping(
        case,
        asked.threshold,
        asked.turn,
        bench.options,
        median[0],
        mean_known(found, 0, counted(case, evidence[None])[0]),
        left_out,
        _in_order(lines),
        mapped,
        draws,
        seed,
        bench.lab.residual,
    )


def _most_influential(lines: Iterable[Line]) -> list[str]:
    """The quantities that make the largest difference at the medians."""
    largest = sorted(lines, key=lambda line: -line.spread)[:AVERAGED]
    return [line.quantity for line in largest if line.spread > 0]


def _in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Those that change at the medians first, then by how much they move the answer."""

    def rank(line: Line) -> tuple[float, float]:
        return min([abs(c.share - 0.5) for c in line.crossings], default=1.0), -line.spread

    return tuple(sorted(lines, key=rank))

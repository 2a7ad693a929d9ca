"""Tipping points: where an answer crosses a threshold, or another option becomes the likeliest, as a quantity moves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from foederis.analysis.answers import Floats
from foederis.analysis.asking import Threshold, is_share, pick_question, pick_uncertain, read_threshold
from foederis.analysis.lines import Bench, Line, TwoWay, averaged_line, lines_at_medians, mean_known, two_way_map
from foederis.analysis.result import Result, Row
from foederis.analysis.solving import Progress, check_arguments
from foederis.analysis.why import pick_turn
from foederis.diagnostics import CaseError, Diagnostic
from foederis.game.expand import MAX_STATES
from foederis.language import check
from foederis.language.case import Case
from foederis.language.sampling import draw_quantities

AVERAGED = 4  # quantities averaged over draws, if none are named


@dataclass(frozen=True)
class Tipping(Result):
    """Tipping points of a question or of an actor's first move.

    Attributes:
        threshold: of the question, or None; turn: whose likeliest option is followed, or None.
        options: of the turn.
        at_median: the answer (or the shares of the options) where every quantity is at its median; mean: over draws.
        lines: those with crossings first, the nearest to the median before the others.
    """

    case: Case
    threshold: Threshold | None
    turn: str | None
    options: tuple[str, ...]
    at_median: Floats
    mean: Floats
    lines: tuple[Line, ...]
    two_way: TwoWay | None
    draws: int
    seed: int
    residual: float

    def rows(self) -> list[Row]:
        found = []
        for line in self.lines:
            head = {"quantity": line.quantity, "unit": line.unit, "low": line.values[0], "high": line.values[-1]}
            for kind, crossings in (
                ("medians", line.crossings),
                ("mean", line.averaged.crossings if line.averaged else ()),
            ):
                for place, crossing in enumerate(crossings):
                    band = line.averaged.bands[place] if kind == "mean" and line.averaged else (None, None)
                    where = {"value": crossing.value, "share": crossing.share, "p05": band[0], "p95": band[1]}
                    found.append({**head, "others": kind, **where, "before": crossing.before, "after": crossing.after})
                if not crossings and (kind == "medians" or line.averaged):
                    none = dict.fromkeys(("value", "share", "p05", "p95", "before", "after"))
                    found.append({**head, "others": kind, **none})
        return found

    def facts(self) -> Row:
        two_way = self.two_way
        return {
            "when": self.threshold.text if self.threshold else None,
            "move": self.turn,
            "options": list(self.options),
            "at_median": self.at_median,
            "mean": self.mean,
            "draws": self.draws,
            "seed": self.seed,
            "lines": {
                line.quantity: {
                    "values": line.values,
                    "answers": line.answers,
                    "mean_values": line.averaged.values if line.averaged else None,
                    "mean_answers": line.averaged.answers if line.averaged else None,
                }
                for line in self.lines
            },
            "map": {
                two_way.first: two_way.first_values,
                two_way.second: two_way.second_values,
                "answers": two_way.answers,
            }
            if two_way
            else None,
            "check": {"residual": self.residual},
        }


def tipping(
    case: Case,
    *,
    when: str | None = None,
    move: str | None = None,
    quantities: Iterable[str] = (),
    vary: Mapping[str, str] | None = None,
    two_way: tuple[str, str] | None = None,
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
        vary: {path: range}: numbers of the file that are not uncertain, moved through a range, as in
            {"treaties.pact.breach_cost.patron": "1 to 10"}.
        two_way: two quantities moved together, others at their medians.
        draws: how many worlds a mean is over.
    Raises:
        CaseError: unknown names, no comparison, nothing that is uncertain (F702).
    """
    check_arguments(draws, seed, None)
    if when is not None and move is not None:
        message = "either a threshold or a move is followed, not both"
        raise CaseError([Diagnostic("F703", message, help="leave out --when or --move")])
    case, varied = _with_ranges(case, vary or {})
    turn = (
        pick_turn(case, move if move in case.actors else None, None if move in case.actors else move) if move else None
    )
    threshold = None if turn else _threshold(case, when)
    named = [*quantities, *varied]
    chosen = pick_uncertain(case, named)
    if not chosen:
        raise CaseError(
            [Diagnostic("F702", "nothing in this case is uncertain", help="give a number a range, or use --vary")]
        )
    pair = tuple(pick_uncertain(case, two_way)) if two_way else None
    bench = Bench(case, threshold, turn, max_states, progress)
    lines = lines_at_medians(bench, chosen)
    drawn = draw_quantities(case, draws, seed=seed)
    mean = bench.answers(drawn, draws, "draws")
    if turn and not np.isfinite(mean).any():
        message = f"the turn `{turn}` is never taken in the first step"
        raise CaseError([Diagnostic("F704", message, help="follow a move of another turn")])
    followed = named or [
        line.quantity for line in sorted(lines, key=lambda line: -line.spread)[:AVERAGED] if line.spread > 0
    ]
    lines = [
        replace(line, averaged=averaged_line(bench, line, drawn, draws, seed)) if line.quantity in followed else line
        for line in lines
    ]
    [median] = bench.at_medians([(chosen[0], np.array([case.distribution(chosen[0]).median]))], "the median world")
    mapped = two_way_map(bench, pair[0], pair[1]) if pair else None
    lines.sort(key=lambda line: (min([abs(c.share - 0.5) for c in line.crossings], default=1.0), -line.spread))
    answered = mean_known(mean, 0)
    return Tipping(
        case, threshold, turn, bench.options, median[0], answered, tuple(lines), mapped, draws, seed, bench.lab.residual
    )


def _with_ranges(case: Case, vary: Mapping[str, str]) -> tuple[Case, list[str]]:
    """The case with ranges at some paths, and the names of the quantities that they become."""
    names = []
    for path, text in vary.items():
        before = {name: case.quantities[name].distribution for name in case.uncertain if name in case.quantities}
        case = check.change(case, check.as_changes({path: text}), context=f"--vary {path}={text}")
        now = {name: q.distribution for name, q in case.quantities.items() if q.distribution}
        new = [name for name, spread in now.items() if before.get(name) != spread]
        if len(new) != 1:
            message = f"`{text}` is no range for `{path}`"
            raise CaseError(
                [Diagnostic("F702", message, help='as in --vary treaties.pact.breach_cost.patron="1 to 10"')]
            )
        names += new
    return case, names


def _threshold(case: Case, when: str | None) -> Threshold:
    if when is not None:
        return read_threshold(case, when)
    question = next((q for q in case.questions.values() if q.form != "first" and is_share(q)), None) or pick_question(
        case
    )
    if not is_share(question):
        message = f"`{question.name}` is no probability, so it has no threshold of its own"
        raise CaseError([Diagnostic("F703", message, help=f'say which, as in --when "{question.name} > 3"')])
    return Threshold(question.name, ">", 0.5, f"{question.name} > 50%")


def read_vary(texts: Iterable[str]) -> dict[str, str]:
    """{path: range} from `path=range` texts.

    Raises:
        CaseError: F114 for a text without a path or a range.
    """
    found = {}
    for text in texts:
        path, sign, value = text.partition("=")
        if not (sign and path.strip() and value.strip()) or path.strip() in found:
            help = 'as in --vary treaties.pact.breach_cost.patron="1 to 10"'
            raise CaseError(
                [Diagnostic("F114", f"`{text}` is not written path=range, or its path stands twice", help=help)]
            )
        found[path.strip()] = value.strip()
    return found


def read_pair(text: str) -> tuple[str, str]:
    """Two names from `name,name`.

    Raises:
        CaseError: F702 if there are not two different ones.
    """
    names = [name.strip() for name in text.split(",")]
    if len(names) != 2 or names[0] == names[1] or not all(names):
        raise CaseError([Diagnostic("F702", f"`{text}` does not name two quantities", help="as in --map stake,price")])
    return names[0], names[1]

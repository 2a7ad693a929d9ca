"""In which possible worlds does something come about? Scenario discovery: limits of the uncertain quantities within
which most of the worlds are such that a question's answer lies beyond a threshold.

Sources: Friedman & Fisher (1999), Statistics and Computing 9: 123-143; Bryant & Lempert (2010), Technological
Forecasting and Social Change 77(1): 34-49.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foederis.analysis.answers import Floats
from foederis.analysis.asking import Threshold, is_share, pick_uncertain, read_threshold
from foederis.analysis.boxes import FEWEST, Found, Measure, Worlds, enough, find_boxes
from foederis.analysis.chance import effective_size
from foederis.analysis.doubts import with_doubts
from foederis.analysis.lab import Laboratory
from foederis.analysis.latin import latin_worlds
from foederis.analysis.posterior import sample
from foederis.analysis.result import Result, Row
from foederis.analysis.solving import Progress, check_arguments, choose_one
from foederis.diagnostics import CaseError, Diagnostic
from foederis.game.expand import MAX_STATES
from foederis.language.case import Case

_SIGNS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
_TENTH = 0.1
_MOST_PROPOSED = 2**16


@dataclass(frozen=True)
class Discovery(Result):
    """Attributes:
    case: as it was solved: changed where there is a what-if.
    when: the question and the threshold; what_if: the change of the case under which it is asked.
    quantities: the uncertain quantities, in the order in which boxes count them.
    worlds: (those in which boxes were found, those in which they were checked).
    boxes: one after the other, each among the worlds that those before it leave; empty if no quantity sets the
        worlds of interest apart.
    left_out: worlds in which the question has no answer.
    """

    case: Case
    when: Threshold
    what_if: str | None
    draws: int
    seed: int
    quantities: tuple[str, ...]
    worlds: tuple[Worlds, Worlds]
    boxes: tuple[Found, ...]
    left_out: int
    residual: float

    def rows(self) -> list[Row]:
        """The menus: a row for each box on offer."""
        found = []
        for place, menu in enumerate(self.boxes):
            for offer in menu.menu:
                row: Row = {"menu": place + 1, "box": offer.number, "limited": offer.box.dimensions}
                for where, measure in (("", offer.found), ("_elsewhere", offer.elsewhere)):
                    row |= {f"{key}{where}": value for key, value in _numbers(measure).items()}
                row |= {"suggested": offer.number == menu.suggested, "chosen": offer.number == menu.chosen}
                found.append(row)
        return found

    def facts(self) -> Row:
        first, second = self.worlds
        weights = np.concatenate([first.weights, second.weights])
        return {
            "when": self.when.text,
            "what_if": self.what_if,
            "draws": self.draws,
            "seed": self.seed,
            "effective_draws": effective_size(weights),
            "left_out": self.left_out,
            "share": first.share,
            "share_elsewhere": second.share,
            "boxes": [
                {
                    **_numbers(box.offer.found),
                    **{f"{key}_elsewhere": value for key, value in _numbers(box.offer.elsewhere).items()},
                    "sought_among": [self.quantities[place] for place in box.sieved],
                    "limits": [
                        {
                            "quantity": self.quantities[limit.place],
                            "above": limit.lower,
                            "below": limit.upper,
                            "share_of_worlds": limit.share,
                            "quasi_p": limit.quasi_p,
                            "p_elsewhere": limit.p,
                        }
                        for limit in box.restrictions
                    ],
                }
                for box in self.boxes
            ],
            "residual": self.residual,
        }


def _numbers(measure: Measure) -> Row:
    return {"coverage": measure.coverage, "density": measure.density, "mass": measure.mass}


@with_doubts
def discover(
    case: Case,
    *,
    when: str,
    draws: int = 2048,
    seed: int = 0,
    what_if: str | None = None,
    box: int | None = None,
    weights: Callable[[Mapping[str, Floats]], Floats] | None = None,
    max_states: int = MAX_STATES,
    progress: Progress | None = None,
) -> Discovery:
    """Limits of the uncertain quantities within which a question's answer lies beyond a threshold.

    Args:
        when: a question compared with a value, as in "intervenes > 20%".
        draws: how many worlds; boxes are found in the first half of them and checked in the second.
        what_if: asks under a what-if of the file.
        box: the number of the first box on its menu; the suggested one if None.
        weights: from the worlds, {quantity: float64[draws]}, how much each counts, float64[draws], at least 0; only
            their proportions matter. Equal if None. What is observed in the case counts in any case.
        progress: called with (what is being solved, draws done, draws in all).
    Raises:
        CaseError: F721 if the threshold holds in too few worlds or in too many, or there are too few worlds.
        ResidualError: a solution fails its check.
    """
    check_arguments(draws, seed, None)
    threshold = read_threshold(case, when)
    changed = choose_one(case, what_if)
    lab = Laboratory(case, [threshold.question], whatif=changed, max_states=max_states, progress=progress)
    read_threshold(lab.case, when)  # a what-if may ask the question in another form
    names = pick_uncertain(lab.case)
    _enough_draws(lab.case, names, draws)
    seen = (
        sample(case, draws, seed=seed, even=True, max_states=max_states, progress=progress) if case.observed else None
    )
    drawn = seen.worlds(lab.case) if seen else latin_worlds(lab.case, draws, seed=seed)
    counted = _weights(weights, drawn, draws)
    if seen and seen.weights is not None:
        counted = counted * seen.weights / np.mean(counted * seen.weights)
    answers = lab.ask(drawn, draws)[threshold.question]
    inputs = np.stack([drawn[name] for name in names], axis=1)
    known = np.isfinite(answers)
    cases = known & _SIGNS[threshold.sign](np.where(known, answers, 0.0), threshold.value)
    half = (draws + 1) // 2
    first, second = (
        Worlds(inputs[part], cases[part], np.where(known[part], counted[part], 0.0))
        for part in (slice(None, half), slice(half, None))
    )
    if not enough(first):
        raise CaseError([_too_few(lab.case, threshold, answers[:half], first)], case.text, case.filename)
    try:
        boxes = find_boxes(first, second, box)
    except IndexError as error:
        message = f"there is no box {box}: the menu has boxes 0 to {error.args[0]}"
        raise CaseError([Diagnostic("F213", message, help="leave out the number to see the menu")]) from None
    left_out = int(np.sum(~known))
    return Discovery(
        lab.case, threshold, what_if, draws, seed, tuple(names), (first, second), tuple(boxes), left_out, lab.residual
    )


def _weights(
    weights: Callable[[Mapping[str, Floats]], Floats] | None, worlds: Mapping[str, Floats], draws: int
) -> Floats:
    """float64[draws] with mean 1."""
    if weights is None:
        return np.ones(draws)
    found = np.asarray(weights(worlds), dtype=np.float64)
    if found.shape != (draws,) or not np.isfinite(found).all() or found.min() < 0 or not found.sum() > 0:
        message = f"the weights must be {draws:,} numbers, none below 0 and not all 0"
        raise CaseError([Diagnostic("F213", message, help="one for each world, from its quantities")])
    return found / found.mean()


def _enough_draws(case: Case, names: Sequence[str], draws: int) -> None:
    if not names:
        message = "no quantity of the case is uncertain, so all worlds are the same"
        cure = "give a quantity an interval, as in `stake: 5 to 20`"
        raise CaseError([Diagnostic("F702", message, help=cure)], case.text, case.filename)
    needed = 2 * max(2 * len(names), 2 * FEWEST)
    if draws < needed:
        enough = 2 ** int(needed - 1).bit_length()
        message = f"{draws:,} worlds are too few to set {len(names)} uncertain quantities apart"
        raise CaseError([Diagnostic("F721", message, help=f"take {enough:,} or more")], case.text, case.filename)


def _too_few(case: Case, threshold: Threshold, answers: Floats, worlds: Worlds) -> Diagnostic:
    """Why no box can be sought at this threshold, and which one would do."""
    present = (worlds.weights > 0) & np.isfinite(answers)
    values = answers[present]
    count, whole = int(worlds.cases[present].sum()), len(values)
    name = threshold.question
    if not whole:
        return Diagnostic("F721", f"`{name}` has no answer in any world", help="what is given never holds")
    share = is_share(case.questions[name])
    low, high = float(values.min()), float(values.max())
    runs = f"`{name}` runs from {_shown(low, share)} to {_shown(high, share)}"
    held = "none" if count == 0 else "all" if count == whole else f"only {count:,}"
    if count > whole / 2 and count < whole:
        held = f"all but {whole - count:,}"
    kind = "few" if count <= whole / 2 else "many"
    message = f"`{threshold.text}` holds in {held} of {whole:,} worlds, too {kind} to look for what sets them apart"
    if high - low <= 1e-9 * max(1.0, abs(high)):
        return Diagnostic("F721", message, help=f"`{name}` is {_shown(low, share)} in every world: nothing moves it")
    part = min(0.5, max(_TENTH, 1.25 * FEWEST / whole))
    proposed = _shown(float(np.quantile(values, 1 - part if threshold.sign in (">", ">=") else part)), share)
    holds = int(np.sum(_SIGNS[threshold.sign](values, read_threshold(case, f"{name} > {proposed}").value)))
    cure = f"{runs} in these worlds"
    if min(holds, whole - holds) >= FEWEST:
        cure += f'; `--when "{name} {threshold.sign} {proposed}"` holds in {100 * holds / whole:.0f} % of them'
    else:
        cure += "; try a value between, with more draws"
    needed = 2.5 * FEWEST * whole / max(1, min(count, whole - count))
    if 0 < count < whole and needed <= _MOST_PROPOSED:
        cure += f"; or take {2 ** math.ceil(math.log2(needed)):,} draws"
    return Diagnostic("F721", message, help=cure)


def _shown(value: float, share: bool) -> str:
    """A number as it is written in a threshold, with three significant digits."""
    return f"{100 * value:.3g}%" if share else f"{value:.3g}"

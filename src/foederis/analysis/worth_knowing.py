"""What would be worth knowing before the crisis: every uncertain quantity as something to learn, by what it is worth.

For a question that is a forecast, judged by its quadratic score; for a decision of the reader's own, the worth of the
option that is taken. Sources: see `worth`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from foederis.analysis.answers import Floats
from foederis.analysis.asking import is_share, pick_decision, pick_question, with_worths
from foederis.analysis.chance import told_apart
from foederis.analysis.doubts import with_doubts
from foederis.analysis.lab import Laboratory
from foederis.analysis.latin import latin_worlds
from foederis.analysis.posterior import sample
from foederis.analysis.result import Result, Row
from foederis.analysis.solving import Progress, check_arguments
from foederis.analysis.worth import Places, Value, choice_value, forecast_value, reported
from foederis.diagnostics import CaseError, Diagnostic, Span
from foederis.game.expand import MAX_STATES
from foederis.language.case import Case, Decision, Question
from foederis.language.quantities import literal
from foederis.language.sampling import tied_groups
from foederis.language.source import Scalar

FEWEST_DRAWS = 128
_OUTER = (0.05, 0.95)
_ROUNDING = 1e-12
_MOST_SWITCHES = 2


@dataclass(frozen=True)
class Learning:
    """What it is worth to learn one quantity, or several that are tied by correlations.

    Attributes:
        value, low, high: with a 90 % interval, in the square of the question's unit or in the decision's unit.
        noticed: whether this is more than nothing at this number of draws.
        report: what a report of the accuracy asked for is worth; None if none was asked for.
        forecast: for a question, the 5 and 95 % quantiles of the forecast once this is known.
        choices: for a decision, {option: the share of worlds in which it would be taken}.
        switches: for a decision and a single quantity, where the choice changes: (from which value on, option), the
            first from -inf on; empty if it changes more than twice.
    """

    quantities: tuple[str, ...]
    value: float
    low: float
    high: float
    noticed: bool
    report: float | None = None
    forecast: tuple[float, float] | None = None
    choices: Mapping[str, float] = field(default_factory=dict)
    switches: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True)
class WorthKnowing(Result):
    """Attributes:
    question, decision: what was asked about, exactly one of them.
    outcomes: {question or option: float64[draws]}, nan where a question has no answer.
    everything: what it would be worth to know the world.
    accuracy: of the reports, above 0 and at most 1; None if none was asked for.
    plan: the uncertain quantities, what is worth most first.
    """

    case: Case
    question: Question | None
    decision: Decision | None
    draws: int
    seed: int
    outcomes: Mapping[str, Floats]
    everything: float
    accuracy: float | None
    plan: tuple[Learning, ...]
    residual: float

    @property
    def left_out(self) -> int:
        """Worlds in which the question has no answer."""
        return int(np.sum(~np.isfinite(next(iter(self.outcomes.values())))))

    @property
    def means(self) -> dict[str, float]:
        """The forecast as things are known, or what each option is worth on average."""
        return {name: float(np.nanmean(values)) for name, values in self.outcomes.items()}

    @property
    def best(self) -> str:
        """The option that is worth most as things are known; for a question, its name."""
        means = self.means
        return max(means, key=lambda name: means[name])

    @property
    def regret(self) -> Floats:
        """float64[draws]: how much more another option would be worth in each world than the best one now."""
        worths = np.stack(list(self.outcomes.values()))
        return np.asarray(worths.max(axis=0) - self.outcomes[self.best])

    @property
    def best_in(self) -> dict[str, float]:
        """{option: the share of worlds in which it is worth most}; equals go to the best one now, then to the first."""
        names = [self.best, *(name for name in self.outcomes if name != self.best)]
        places = np.argmax(np.stack([self.outcomes[name] for name in names]), axis=0)
        return {name: float(np.mean(places == names.index(name))) for name in self.outcomes}

    @property
    def ahead(self) -> bool:
        """Whether the best option now is ahead of every other by more than twice the error of the mean difference."""
        best = self.outcomes[self.best]
        ahead = [best - values for name, values in self.outcomes.items() if name != self.best]
        return all(lead.mean() > 2 * lead.std() / math.sqrt(self.draws) for lead in ahead)

    @property
    def irreducible(self) -> float | None:
        """For a probability, the Brier score that is left when the world is known: chance within worlds."""
        if self.question is None or not is_share(self.question):
            return None
        outcome = self.outcomes[self.question.name]
        return float(np.nanmean(outcome * (1 - outcome)))

    def rows(self) -> list[Row]:
        found = []
        for item in self.plan:
            row: Row = {"quantities": ", ".join(item.quantities), "value": item.value, "low": item.low}
            row |= {"high": item.high, "share": item.value / self.everything if self.everything else 0.0}
            row |= {"noticed": item.noticed, "report": item.report}
            if item.forecast:
                row |= {"forecast_p05": item.forecast[0], "forecast_p95": item.forecast[1]}
            found.append(row | {f"takes_{option}": share for option, share in item.choices.items()})
        return found

    def facts(self) -> Row:
        found: Row = {"draws": self.draws, "seed": self.seed, "left_out": self.left_out, "accuracy": self.accuracy}
        if self.decision is not None:
            found |= {"decision": self.decision.name, "unit": self.decision.unit, "best": self.best}
            found["options"] = {
                name: {"worth": mean, "best_in": self.best_in[name]} for name, mean in self.means.items()
            }
            found["regret_p95"] = float(np.quantile(self.regret, 0.95))
        else:
            found |= {"question": self.best, "forecast": self.means[self.best], "irreducible": self.irreducible}
        return {**found, "everything": self.everything, "residual": self.residual}


@with_doubts
def worth_knowing(
    case: Case,
    *,
    question: str | None = None,
    decision: str | None = None,
    draws: int = 2048,
    seed: int = 0,
    accuracy: float | str | None = None,
    max_states: int = MAX_STATES,
    progress: Progress | None = None,
) -> WorthKnowing:
    """Ranks the uncertain quantities by what it is worth to learn them before the crisis.

    Args:
        question, decision: what is asked about, by name; the first decision of the file if neither is given, and its
            first question if it has no decision.
        accuracy: also values reports that correlate so with the truth, in normal scores: above 0 and at most 1, or a
            text such as "70%".
        progress: called with (what is being solved, draws done, draws in all).
    Raises:
        CaseError: F731 if there is no such decision, F732 if both are given, F733 if there are too few worlds, and as
            `pick_question`.
        ResidualError: a solution fails its check.
    """
    check_arguments(draws, seed, None)
    correlation = _accuracy(accuracy)
    asked, decided, whole, names = _what(case, question, decision)
    if draws < FEWEST_DRAWS:
        raise _too_few(
            case, f"{draws:,} worlds are too few to say what is worth knowing", f"take {FEWEST_DRAWS} or more"
        )
    lab = Laboratory(whole, list(names.values()), max_states=max_states, progress=progress)
    if case.observed:
        worlds = sample(case, draws, seed=seed, even=True, plain=True, max_states=max_states, progress=progress).worlds(
            case
        )
    else:
        worlds = latin_worlds(case, draws, seed=seed)
    answers = lab.ask(worlds, draws)
    outcomes = {name: answers[key] for name, key in names.items()}
    known = np.isfinite(np.stack(list(outcomes.values()))).all(axis=0)
    if known.sum() < FEWEST_DRAWS:
        message = f"`{next(iter(names))}` has an answer in {known.sum():,} of {draws:,} worlds, too few to learn from"
        raise _too_few(case, message, "take more draws, or ask without `given`")
    found = np.stack([values[known] for values in outcomes.values()], axis=1)
    everything = _everything(found, decided is not None)
    groups = {members: np.stack([worlds[name][known] for name in members], axis=1) for members in tied_groups(case)}
    plan = [
        _learning(members, inputs, found, decided, everything, correlation, seed) for members, inputs in groups.items()
    ]
    return WorthKnowing(
        case, asked, decided, draws, seed, outcomes, everything, correlation, _ranked(plan), lab.residual
    )


def _what(
    case: Case, question: str | None, decision: str | None
) -> tuple[Question | None, Decision | None, Case, dict[str, str]]:
    """What is asked about, the case that asks it, and {question or option: the question to be solved}."""
    if question is not None and decision is not None:
        message = f"both the question `{question}` and the decision `{decision}` are asked about"
        raise CaseError([Diagnostic("F732", message, help="one at a time: leave one of them out")])
    if decision is None and (question is not None or not case.decisions):
        asked = pick_question(case, question)
        return asked, None, case, {asked.name: asked.name}
    decided = pick_decision(case, decision)
    whole, names = with_worths(case, [decided])
    return None, decided, whole, {option: names[decided.name, option] for option in decided.options}


def _too_few(case: Case, message: str, cure: str) -> CaseError:
    return CaseError([Diagnostic("F733", message, help=cure)], case.text, case.filename)


def _accuracy(accuracy: float | str | None) -> float | None:
    """A correlation above 0 and at most 1."""
    if accuracy is None:
        return None
    value = literal(Scalar(accuracy, Span(1, 1, 1, 1))) if isinstance(accuracy, str) else float(accuracy)
    if value is None or not 0 < value <= 1:
        message = f"the accuracy of a report must be above 0 and at most 100 %, and this is {accuracy}"
        raise CaseError([Diagnostic("F213", message, help="as in `--accuracy 70%`")])
    return value


def _everything(outcomes: Floats, chosen: bool) -> float:
    """What it would be worth to know the world.

    Args:
        outcomes: float64[draws, questions or options]; chosen: whether they are options.
    """
    if chosen:
        most = float(outcomes.max(axis=1).mean() - outcomes.mean(axis=0).max())
        return most if most > _ROUNDING * float(np.abs(outcomes).max()) else 0.0
    return float(np.var(outcomes)) if np.ptp(outcomes) > _ROUNDING * float(np.abs(outcomes).max()) else 0.0


def _learning(
    members: tuple[str, ...],
    inputs: Floats,
    outcomes: Floats,
    decided: Decision | None,
    everything: float,
    accuracy: float | None,
    seed: int,
) -> tuple[Learning, float]:
    """What it is worth to learn some quantities, and how likely draws would show as much by chance."""
    if not everything:
        return Learning(members, 0.0, 0.0, 0.0, False, None if accuracy is None else 0.0), 1.0

    def value_of(learnt: Floats) -> Value:
        return choice_value(outcomes, learnt) if decided else forecast_value(outcomes[:, 0], learnt)

    value = value_of(inputs)
    report = None
    if accuracy is not None:
        seen = inputs if accuracy == 1 else reported(inputs, accuracy, seed=seed)
        report = min(value_of(seen).value, value.value)  # no report is worth more than the truth
    found = Learning(members, value.value, value.low, value.high, False, report)
    if decided is None:
        low, high = (float(x) for x in np.quantile(value.after, _OUTER))
        return replace(found, forecast=(low, high)), value.chance
    names = list(decided.options)
    choices = {name: float(np.mean(value.after == place)) for place, name in enumerate(names)}
    switches = _switches(inputs[:, 0], value.after, names) if len(members) == 1 else ()
    return replace(found, choices=choices, switches=switches), value.chance


def _switches(column: Floats, after: Floats | Places, names: Sequence[str]) -> tuple[tuple[float, str], ...]:
    """Where along a quantity the choice changes; nothing if more than twice."""
    order = np.argsort(column, kind="stable")
    taken, values = after[order], column[order]
    changes = np.flatnonzero(taken[1:] != taken[:-1])
    if len(changes) > _MOST_SWITCHES:
        return ()
    starts = [-np.inf, *((values[changes] + values[changes + 1]) / 2)]
    options = taken[[0, *(changes + 1)]]
    return tuple((float(start), names[int(place)]) for start, place in zip(starts, options, strict=True))


def _ranked(plan: list[tuple[Learning, float]]) -> tuple[Learning, ...]:
    """What is worth most first, and marked if it is more than nothing."""
    if not plan:
        return ()
    noticed = told_apart(np.array([chance for _, chance in plan]))
    marked = [replace(item, noticed=bool(mark)) for (item, _), mark in zip(plan, noticed, strict=True)]
    return tuple(sorted(marked, key=lambda item: (-item.value, item.quantities)))

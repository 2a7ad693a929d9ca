"""What observations tell: every judgement and every uncertain quantity before and after them, and which observation has
moved which judgement.

An observation's weight for a question is the likelihood ratio between the question's coming true and not, given all the
other observations: by so much it multiplies the odds (Good 1950, Probability and the Weighing of Evidence). This is the
analysis of competing hypotheses (Heuer 1999, Psychology of Intelligence Analysis, chapter 8) with likelihoods that are
worked out instead of guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from foederis.analysis.answers import Answer, Estimate, Floats, Reply
from foederis.analysis.asking import is_share
from foederis.analysis.chance import distance, effective_size, told_apart
from foederis.analysis.posterior import Sample, sample
from foederis.analysis.scale import ranks
from foederis.analysis.solving import Progress, check_arguments, choose, of_types, replies, solve_in, usual_draws
from foederis.analysis.standing import log_mean, weights_of
from foederis.analysis.update_results import Before, Hypothesis, Moved, Update, Weighed, as_number, odds_times
from foederis.diagnostics import CaseError, Diagnostic, nearest
from foederis.game.expand import MAX_STATES
from foederis.game.observed import likelihoods
from foederis.language.case import Case, Observation, Question
from foederis.language.news import add_observed, read_news
from foederis.language.sampling import draw_quantities

if TYPE_CHECKING:  # at run time this would import jax
    from foederis.solve.results import Answers, Solution

_SETTLED = 1e-6  # what is as likely or as unlikely as that is no question any more
_SHOWN = 3  # questions for which the observations are weighed, if none is named


def update(
    case: Case,
    observed: Sequence[Mapping[str, Any]] | str | Path | None = None,
    *,
    questions: Iterable[str] = (),
    between: Iterable[str] = (),
    draws: int | None = None,
    seed: int = 0,
    what_ifs: Iterable[str] | str = (),
    max_states: int = MAX_STATES,
    progress: Progress | None = None,
) -> Update:
    """A case given what has happened.

    Args:
        observed: observations after those of the case: mappings as in a file, as in [{"step": 0, "patron": "wait"}], or
            the path of a file of them.
        questions: names of those for which the report weighs the observations; the three that have moved most if none
            is named.
        between: hypotheses for which it does so too, as in "stake > 12": the worlds in which that is so.
        draws: how many worlds; a power of 2 spreads them best; see usual_draws if None.
        seed: 0 or more; the same seed gives the same answer.
        what_ifs: names of what-ifs to solve beside it, or "all"; they are given the same observations.
        progress: called with (what is being solved, draws done, draws in all).
    Raises:
        CaseError: nothing observed (F338), what cannot be (F335), a mistake in the observations.
        ResidualError: a solution fails its check.
    """
    draws = usual_draws(case) if draws is None else draws
    check_arguments(draws, seed, None)
    if isinstance(observed, (str, Path)):
        case = read_news(case, Path(observed))
    elif observed:
        case = add_observed(case, observed)
    if not case.observed:
        help = "add `observed` to the file, or name a file of observations with --observe"
        raise CaseError([Diagnostic("F338", "nothing is observed", help=help)], case.text, case.filename)
    asked = [pick_any(case, name).name for name in questions]
    hypotheses = [Hypothesis.read(case, text) for text in between]
    chosen = choose(case, what_ifs)
    drawn = sample(case, draws, seed=seed, max_states=max_states, progress=progress)
    parts = [[other for other in case.observed if other is not item] for item in case.observed]
    answer, solution = solve_in(
        case, drawn, chosen, draws=draws, seed=seed, retold=parts, max_states=max_states, progress=progress
    )
    before = _before(case, drawn, solution, draws, seed, max_states, progress)
    weighed = tuple(
        _weigh(case, item, answer, solution.baseline, without, drawn, hypotheses)
        for item, without in zip(case.observed, solution.retold, strict=True)
    )
    shown = tuple(asked) or _most_moved(case, before, answer)
    moved = _moved(case, before, answer)
    return Update(case, draws, seed, before, answer, moved, weighed, tuple(hypotheses), shown)


def pick_any(case: Case, name: str) -> Question:
    """
    Raises:
        CaseError: F108 if there is none of that name.
    """
    if name not in case.questions:
        help = nearest(name, case.questions)
        raise CaseError([Diagnostic("F108", f"there is no question `{name}`", help=help)])
    return case.questions[name]


def _most_moved(case: Case, before: Before, answer: Answer) -> tuple[str, ...]:
    """The probabilities whose odds have changed most, those first that what was observed has not settled."""

    def moved(name: str) -> float:
        ratio = _ratio(case.questions[name], answer.questions[name], before.questions[name])
        return abs(float(np.log(np.clip(ratio, 1e-9, 1e9)))) if ratio is not None and ratio == ratio else -1.0

    def settled(name: str) -> bool:
        mean = as_number(answer.questions[name]).mean
        return not _SETTLED < mean < 1 - _SETTLED

    names = [name for name, question in case.questions.items() if is_share(question) and moved(name) > 0]
    return tuple(sorted(names, key=lambda name: (settled(name), -moved(name)))[:_SHOWN])


def _before(
    case: Case,
    drawn: Sample,
    solution: Solution,
    draws: int,
    seed: int,
    max_states: int,
    progress: Progress | None,
) -> Before:
    """What was to be said before anything was observed."""
    assert drawn.standing is not None
    assert solution.prior is not None
    if drawn.standing.moved is None:
        prior = solution.prior
        losses = {name: Estimate(prior.losses[name], e.unit) for name, e in case.exposures.items()}
        return Before(replies(case, prior), losses, drawn.worlds(case), draws, of_types(prior.shares, None))
    plain = replace(case, observed=(), news=None)
    found, _ = solve_in(plain, None, draws=draws, seed=seed, max_states=max_states, progress=progress)
    return Before(found.questions, found.losses, draw_quantities(case, draws, seed=seed), draws, found.types)


def _moved(case: Case, before: Before, answer: Answer) -> tuple[Moved, ...]:
    """Every uncertain quantity before and after, the one that has moved farthest first."""
    even = np.ones(before.draws)
    weights = answer.weights if answer.weights is not None else np.ones(answer.draws)
    found, chances = [], []
    for name in case.varying:
        old, new = before.quantities[name], answer.quantities[name]
        unit = case.quantities[name].unit
        after = Estimate(new, unit, answer.weights)
        if np.ptp(weights) == 0 and np.array_equal(old, new):
            far, chance = 0.0, 1.0
        else:
            one, other = np.concatenate([even, np.zeros(len(new))]), np.concatenate([np.zeros(len(old)), weights])
            far, chance = distance(np.concatenate([old, new]), one, other)
        place = float(ranks(np.array([after.p50]), old, even)[0])
        found.append(Moved(name, Estimate(old, unit), after, far, place, False))
        chances.append(chance)
    if not found:
        return ()
    noticed = told_apart(np.array(chances))
    marked = [replace(item, noticed=bool(mark)) for item, mark in zip(found, noticed, strict=True)]
    return tuple(sorted(marked, key=lambda item: -item.distance))


def _weigh(
    case: Case,
    item: Observation,
    answer: Answer,
    given: Answers,
    without: Answers,
    drawn: Sample,
    hypotheses: Sequence[Hypothesis],
) -> Weighed:
    """One observation: what would be said without it."""
    assert drawn.standing is not None
    moved = drawn.standing.moved is not None
    # Of moved worlds each stands for the posterior, so that its weight without the observation is how much less likely
    # everything is with it.
    logs = without.evidence - given.evidence if moved else without.evidence
    logs = np.where(np.isfinite(given.evidence), logs, -np.inf) if moved else logs
    weights = weights_of(logs)
    others = replies(case, without, weights)
    expected = -log_mean(logs) if moved else log_mean(given.evidence) - log_mean(without.evidence)
    ratios = {name: _ratio(case.questions[name], answer.questions[name], others[name]) for name in case.questions}
    between = {h.text: h.ratio(answer, weights) for h in hypotheses}
    types = of_types(without.shares, weights)
    of_type = {
        actor: {name: odds_times(answer.types_given[actor][name], share) for name, share in shares.items()}
        for actor, shares in types.items()
    }
    credence = _credence(item, given.evidence, without.evidence, answer.weights) if item.believed < 1 else None
    effective = effective_size(weights)
    return Weighed(item, float(np.exp(expected)), credence, others, ratios, between, effective, types, of_type)


def _ratio(question: Question, after: Reply, without: Reply) -> float | None:
    """By how much the odds are multiplied; None for a number that is no probability."""
    return odds_times(as_number(after), as_number(without)) if is_share(question) else None


def _credence(item: Observation, given: Floats, without: Floats, weights: Floats | None) -> float:
    """How likely what the report says is true, given it and all else."""
    [sighting] = item.sightings
    _, wrong = likelihoods(sighting, item.believed)
    counts = np.isfinite(given)
    false = np.exp(wrong + without[counts] - given[counts])  # what everything is as likely as if the report were empty
    true = np.clip((1.0 - false) * (item.believed + np.exp(wrong)) / item.believed, 0.0, 1.0)
    return float(np.average(true, weights=None if weights is None else weights[counts]))

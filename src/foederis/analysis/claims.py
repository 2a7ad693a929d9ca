"""Claims: whether what a source argues holds in the model, in what share of the worlds, and what that rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from foederis.analysis.answers import Answer, Estimate, Floats, Reply
from foederis.analysis.asking import asks_otherwise, pick_uncertain
from foederis.analysis.chance import distance
from foederis.analysis.claim_results import FAILS, HOLDS, UNDECIDED, Apart, ClaimJudged, Claims, Judged, Premise
from foederis.analysis.doubts import with_doubts
from foederis.analysis.lab import Told
from foederis.analysis.latin import latin_shares
from foederis.analysis.posterior import sample
from foederis.analysis.rounding import difference
from foederis.analysis.scenarios import BASELINE, Scenarios, Worlds
from foederis.analysis.solving import Progress, check_arguments
from foederis.diagnostics import CaseError, Diagnostic, nearest
from foederis.game.expand import MAX_STATES
from foederis.language.case import Case, Claim, Expectation
from foederis.language.sampling import dimensions, quantities_at, quantities_with

AGREEING = 0.9  # of the worlds, for an expectation to hold
CHANCE = 0.01  # that any quantity at all seems to set worlds apart and does not
FEWEST = 8  # worlds of each kind, to be set apart
ENDS = (0.05, 0.95)


@with_doubts
def claims(
    case: Case,
    names: Iterable[str] = (),
    *,
    draws: int = 128,
    seed: int = 0,
    max_states: int = MAX_STATES,
    progress: Progress | None = None,
    answer: Answer | None = None,
) -> Claims:
    """Judges the claims of a case, all of them if no names are given.

    An expectation holds if the mean over draws is as expected and 90 % of the draws agree; it fails if the mean is not
    and 90 % do not; else it is undecided. What a claim rests on is found by moving one quantity at a time to the ends
    of its middle 90 %, all others at their medians.

    Args:
        answer: to the same case with as many draws, and with its what-ifs; then its draws are judged, nothing is solved
            again but for the premises, and it is not said what sets worlds apart.
    Raises:
        CaseError: no claims, or none of a name (F706).
        ResidualError: a solution fails its check.
    """
    check_arguments(draws, seed, None)
    chosen = _choose(case, list(names))
    questions = {expectation.question for claim in chosen for expectation in claim.expect}
    used = {name for claim in chosen for name in (claim.whatif, claim.against) if name}
    whatifs = [whatif for name, whatif in case.whatifs.items() if name in used]
    scenarios = Scenarios(case, questions, whatifs, max_states=max_states, progress=progress)
    _check_forms(chosen, scenarios.cases)
    found, worlds = _answered(answer, case, used, draws, seed), {}
    weights = answer.weights if answer and found is not None else None
    if found is None and case.observed:
        drawn = sample(case, draws, seed=seed, even=True, max_states=max_states, progress=progress)
        found, weights = scenarios.ask(drawn.worlds, draws), drawn.weights
        worlds = {name: drawn.worlds(changed) for name, changed in scenarios.cases.items()}
    elif found is None:
        # Not the draws of `solve`: among Sobol points in many dimensions, what does nothing may seem to matter.
        names = dict.fromkeys(name for changed in scenarios.cases.values() for name in dimensions(changed))
        shares = latin_shares(names, draws, seed=seed)
        found = scenarios.ask(lambda changed: quantities_at(changed, shares, draws), draws)
        worlds = {name: quantities_at(changed, shares, draws) for name, changed in scenarios.cases.items()}
    moved = _moved(scenarios)
    count = 1 + len(ENDS) * len(moved)
    around = scenarios.ask(lambda changed: _one_at_a_time(changed, moved), count, "premises")
    judge = _Judge(scenarios.cases, found, worlds, weights, around, moved)
    judged = tuple(judge.claim(claim) for claim in chosen)
    solved_before = answer.check.residual if answer else 0.0
    return Claims(case, judged, draws, seed, max(scenarios.residual, solved_before), worlds.get(BASELINE))


def _check_forms(chosen: Iterable[Claim], cases: Mapping[str, Case]) -> None:
    """Raises CaseError: F408 where a what-if does not ask a question of a claim, or in another form."""
    problems = []
    for claim in chosen:
        for name in filter(None, (claim.whatif, claim.against)):
            for question in (expectation.question for expectation in claim.expect):
                asked = cases[name].questions.get(question)
                if asked is None or asked.form != cases[BASELINE].questions[question].form:
                    message = (
                        f"the claim `{claim.name}` cannot be judged: the what-if `{name}` asks `{question}` otherwise"
                    )
                    problems.append(Diagnostic("F408", message, help="let the what-if leave the question as it is"))
    if problems:
        raise CaseError(problems)


def _answered(
    answer: Answer | None, case: Case, used: Collection[str], draws: int, seed: int
) -> dict[str, Told] | None:
    """What `Scenarios.ask` would give, if an answer holds all of it."""
    if answer is None or answer.case is not case or (answer.draws, answer.seed, answer.at) != (draws, seed, None):
        return None
    if not set(used) <= set(answer.what_ifs):
        return None
    told = {BASELINE: _told(answer.questions, {})}
    for name in used:
        told[name] = _told(answer.what_ifs[name].questions, answer.what_ifs[name].imposed_open)
    return told


def _told(replies: Mapping[str, Reply], opened: Mapping[str, Estimate]) -> Told:
    return Told({name: reply.draws for name, reply in replies.items() if isinstance(reply, Estimate)}, opened)


def _choose(case: Case, names: list[str]) -> list[Claim]:
    if not case.claims:
        help = "add one, as in `claims: {binds: {says: A clause binds., whatif: clause, expect: {comes: rises}}}`"
        raise CaseError([Diagnostic("F706", "the file makes no claims", help=help)])
    unknown = [name for name in names if name not in case.claims]
    if unknown:
        raise CaseError(
            [Diagnostic("F706", f"there is no claim `{name}`", help=nearest(name, case.claims)) for name in unknown]
        )
    return [case.claims[name] for name in dict.fromkeys(names)] or list(case.claims.values())


def _moved(scenarios: Scenarios) -> list[str]:
    """The quantities that are uncertain in some scenario."""
    cases = scenarios.cases.values()
    return sorted({name for case in cases for name, q in case.quantities.items() if q.distribution})


def _one_at_a_time(case: Case, moved: list[str]) -> Worlds:
    """The median world, then for each quantity those in which it alone stands at an end of its range.

    A quantity that a what-if gives another range stands at the ends of that one, as its draws do.
    """
    count = 1 + len(ENDS) * len(moved)
    values: dict[str, Floats] = {}
    for place, name in enumerate(moved):
        quantity = case.quantities.get(name)
        if quantity is not None and quantity.distribution:
            values[name] = np.full(count, quantity.distribution.median)
            ends = quantity.distribution.quantile(np.array(ENDS))
            values[name][1 + len(ENDS) * place : 1 + len(ENDS) * (place + 1)] = ends
    return quantities_with(case, values, count)


@dataclass(frozen=True)
class _Judge:
    """What claims are judged by.

    Attributes:
        cases, found: of each scenario its case and its answers.
        worlds: of each scenario its draws; none at all if it is not to be said what sets worlds apart.
        weights: float64[draws], how much each world counts; None if all count the same.
        around: the answers in the worlds of `_one_at_a_time`, for the quantities `moved`.
    """

    cases: Mapping[str, Case]
    found: Mapping[str, Told]
    worlds: Mapping[str, Worlds]
    weights: Floats | None
    around: Mapping[str, Told]
    moved: Sequence[str]

    def claim(self, claim: Claim) -> ClaimJudged:
        judged = tuple(self._expectation(claim, expectation) for expectation in claim.expect)
        verdicts = {item.verdict for item in judged}
        verdict = FAILS if FAILS in verdicts else HOLDS if verdicts == {HOLDS} else UNDECIDED
        met, known = _met(claim, self.found)
        known &= True if self.weights is None else self.weights > 0
        share = float(np.average(met[known], weights=self._counted(known))) if known.any() else float("nan")
        near, answered = _met(claim, self.around)
        used = [name for name in (claim.whatif, claim.against) if name]
        return ClaimJudged(
            claim,
            judged,
            verdict,
            share,
            bool(near[0]) if answered[0] else None,
            len(self._varying(used)),
            tuple(self._premises(used, near, answered)),
            self._apart(used, met, known),
            {name: self.found[name].imposed_open for name in used if self.found[name].imposed_open},
            {name: asked for name in used if (asked := self._asked_differently(claim, name))},
        )

    def _counted(self, which: NDArray[np.bool_]) -> Floats | None:
        """How much some of the worlds, bool[draws], count."""
        return None if self.weights is None else self.weights[which]

    def _expectation(self, claim: Claim, expectation: Expectation) -> Judged:
        unit = self.cases[BASELINE].questions[expectation.question].unit
        measured = Estimate(_measured(claim, expectation, self.found), unit, self.weights)
        if not len(measured.defined):
            return Judged(expectation, measured, float("nan"), UNDECIDED)
        met = as_expected(expectation, measured.defined)
        agree = float(np.average(met, weights=self._counted(measured.known)))
        mean = bool(as_expected(expectation, np.array([measured.mean]))[0])
        verdict = HOLDS if mean and agree >= AGREEING else FAILS if not mean and 1 - agree >= AGREEING else UNDECIDED
        return Judged(expectation, measured, agree, verdict)

    def _asked_differently(self, claim: Claim, whatif: str) -> tuple[str, ...]:
        base, changed = self.cases[BASELINE].questions, self.cases[whatif].questions
        asked = dict.fromkeys(expectation.question for expectation in claim.expect)
        return tuple(name for name in asked if asks_otherwise(base[name], changed[name]))

    def _varying(self, used: Sequence[str]) -> dict[str, str]:
        """{quantity: the scenario in which it varies}: the file as it stands, or the first of the what-ifs used."""
        found: dict[str, str] = {}
        for scenario in (BASELINE, *used):
            for name in pick_uncertain(self.cases[scenario]):
                found.setdefault(name, scenario)
        return found

    def _apart(self, used: Sequence[str], met: NDArray[np.bool_], known: NDArray[np.bool_]) -> tuple[Apart, ...]:
        if not self.worlds:
            return ()
        varying = self._varying(used)
        values = {name: self.worlds[scenario][name][known] for name, scenario in varying.items()}
        return tuple(
            replace(apart, unit=self.cases[varying[apart.quantity]].quantities[apart.quantity].unit)
            for apart in set_apart(values, met[known], self._counted(known))
        )

    def _premises(self, used: Sequence[str], near: NDArray[np.bool_], answered: NDArray[np.bool_]) -> Iterator[Premise]:
        varying = self._varying(used)
        for place, name in enumerate(self.moved):
            for end, share in enumerate(ENDS):
                there = 1 + len(ENDS) * place + end
                if name in varying and answered[0] and answered[there] and near[there] != near[0]:
                    case = self.cases[varying[name]]
                    value = float(case.distribution(name).quantile(np.array([share]))[0])
                    yield Premise(name, ("low", "high")[end], value, case.quantities[name].unit)


def _measured(claim: Claim, expectation: Expectation, found: Mapping[str, Told]) -> Floats:
    answer = found[claim.whatif or BASELINE].answers[expectation.question]
    if expectation.verb in ("above", "below"):
        return answer
    return difference(answer, found[claim.against or BASELINE].answers[expectation.question])


def as_expected(expectation: Expectation, measured: Floats) -> NDArray[np.bool_]:
    """bool[draws]: where a difference, or an answer, is as expected."""
    amount = expectation.amount or 0.0
    if expectation.verb == "same":
        return np.abs(measured) <= amount
    return measured > amount if expectation.verb in ("rises", "above") else measured < amount


def _met(claim: Claim, found: Mapping[str, Told]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """bool[draws]: where all expectations are met, and where all questions have an answer."""
    measured = np.array([_measured(claim, expectation, found) for expectation in claim.expect])
    met = np.array([as_expected(e, row) for e, row in zip(claim.expect, measured, strict=True)])
    known = np.isfinite(measured).all(axis=0)
    return met.all(axis=0) & known, known


def set_apart(worlds: Worlds, met: NDArray[np.bool_], weights: Floats | None = None) -> tuple[Apart, ...]:
    """The quantities whose distributions differ between the worlds that are met and the others, bool[draws]; by how
    much each world counts, float64[draws], if they do not all count the same.

    If none differed, any would be named with probability CHANCE at most: it is divided among all (Bonferroni).
    """
    if min(met.sum(), (~met).sum()) < FEWEST:
        return ()
    even = np.ones(len(met)) if weights is None else weights
    found = []
    for name, values in worlds.items():
        far, chance = distance(values, met * even, ~met * even)
        if chance * len(worlds) <= CHANCE:
            inside, outside = (
                Estimate(values[side], "", None if weights is None else weights[side]).p50 for side in (met, ~met)
            )
            found.append(Apart(name, far, inside, outside))
    return tuple(sorted(found, key=lambda apart: -apart.distance))

"""Claims: whether what a source argues holds in the model, in what share of the worlds, and what that rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from foederis.analysis.answers import Answer, Estimate, Floats
from foederis.analysis.asking import pick_uncertain
from foederis.analysis.chance import distance
from foederis.analysis.latin import latin_shares
from foederis.analysis.result import Result, Row
from foederis.analysis.scenarios import BASELINE, Scenarios, Worlds
from foederis.analysis.solving import Progress, check_arguments
from foederis.diagnostics import CaseError, Diagnostic, nearest
from foederis.game.expand import MAX_STATES
from foederis.language.case import Case, Claim, Expectation
from foederis.language.sampling import dimensions, quantities_at, quantities_with

AGREEING = 0.9  # of the worlds, for an expectation to hold
NOTHING = 1e-12  # a difference smaller than this, or than this part of the answers, is rounding
CHANCE = 0.01  # that any quantity at all seems to set worlds apart and does not
FEWEST = 8  # worlds of each kind, to be set apart
ENDS = (0.05, 0.95)
HOLDS, FAILS, UNDECIDED = "holds", "fails", "undecided"


@dataclass(frozen=True)
class Premise:
    """A quantity on which a claim hangs: at `end` of its range (low or high), where it is `value`, with all others at
    their medians, the claim is met where it is not in the median world, or the other way round."""

    quantity: str
    end: str
    value: float


@dataclass(frozen=True)
class Apart:
    """A quantity that sets the worlds in which a claim is met apart from the others.

    `distance` is that of Kolmogorov and Smirnov, 0 to 1; `met` and `unmet` are its medians in both kinds of worlds.
    """

    quantity: str
    distance: float
    met: float
    unmet: float


@dataclass(frozen=True)
class Judged:
    """One expectation of a claim.

    Attributes:
        measured: what is judged in each draw: the difference that the what-if makes, or the answer itself where there
            is none; nan in draws in which the question has no answer.
        agree: the share of the draws with an answer in which it is as expected.
        verdict: holds, fails or undecided.
    """

    expectation: Expectation
    measured: Estimate
    agree: float
    verdict: str


@dataclass(frozen=True)
class ClaimJudged:
    """A claim.

    Attributes:
        verdict: holds if all its expectations do, fails if one of them does, undecided otherwise.
        agree: the share of the draws in which all expectations are met.
        at_median: whether they are met in the world in which every quantity is at its median; None if a question has no
            answer there.
        premises: the quantities that would turn this by themselves.
        apart: those that set the worlds in which they are met apart from the others, the clearest first.
    """

    claim: Claim
    judged: tuple[Judged, ...]
    verdict: str
    agree: float
    at_median: bool | None
    premises: tuple[Premise, ...]
    apart: tuple[Apart, ...]


@dataclass(frozen=True)
class Claims(Result):
    """All claims of a case, judged on the same draws.

    Attributes:
        quantities: {name: float64[draws]}, the possible worlds; None if they were those of an answer.
    """

    case: Case
    claims: tuple[ClaimJudged, ...]
    draws: int
    seed: int
    residual: float
    quantities: Mapping[str, Floats] | None

    @property
    def failed(self) -> tuple[ClaimJudged, ...]:
        return tuple(claim for claim in self.claims if claim.verdict == FAILS)

    def rows(self) -> list[Row]:
        return [
            {
                "claim": found.claim.name,
                "verdict": found.verdict,
                "agree": found.agree,
                "what_if": found.claim.whatif,
                "against": found.claim.against,
                "question": judged.expectation.question,
                "expected": expected_text(judged.expectation),
                "question_verdict": judged.verdict,
                "question_agree": judged.agree,
                **judged.measured.to_json(),
                "left_out": judged.measured.left_out,
                "at_median": found.at_median,
                "premises": [asdict(premise) for premise in found.premises],
                "apart": [asdict(quantity) for quantity in found.apart],
            }
            for found in self.claims
            for judged in found.judged
        ]

    def facts(self) -> Row:
        verdicts = [found.verdict for found in self.claims]
        counts = {verdict: verdicts.count(verdict) for verdict in (HOLDS, FAILS, UNDECIDED)}
        return {"draws": self.draws, "seed": self.seed, **counts, "check": {"residual": self.residual}}


def expected_text(expectation: Expectation) -> str:
    """`rises`, or `same within 0.02`."""
    if expectation.amount is None:
        return expectation.verb
    return (
        f"{expectation.verb} within {expectation.amount:g}"
        if expectation.verb == "same"
        else (f"{expectation.verb} {expectation.amount:g}")
    )


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
    found, worlds = _answered(answer, case, used, draws, seed), None
    if found is None:
        # Not the draws of `solve`: among Sobol points in many dimensions, what does nothing may seem to matter.
        names = dict.fromkeys(name for changed in scenarios.cases.values() for name in dimensions(changed))
        shares = latin_shares(names, draws, seed=seed)
        found = scenarios.ask(lambda changed: quantities_at(changed, shares, draws), draws)
        worlds = quantities_at(case, shares, draws)
    moved = _moved(scenarios)
    count = 1 + len(ENDS) * len(moved)
    around = scenarios.ask(lambda changed: _one_at_a_time(changed, moved), count, "premises")
    judged = tuple(_judge(case, claim, found, worlds, around, moved) for claim in chosen)
    solved_before = answer.check.residual if answer else 0.0
    return Claims(case, judged, draws, seed, max(scenarios.residual, solved_before), worlds)


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
) -> dict[str, dict[str, Floats]] | None:
    """What `Scenarios.ask` would give, if an answer holds all of it."""
    if answer is None or answer.case is not case or (answer.draws, answer.seed, answer.at) != (draws, seed, None):
        return None
    if not set(used) <= set(answer.what_ifs):
        return None
    replies = {BASELINE: answer.questions, **{name: answer.what_ifs[name].questions for name in used}}
    return {
        scenario: {name: reply.draws for name, reply in asked.items() if isinstance(reply, Estimate)}
        for scenario, asked in replies.items()
    }


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


Found = Mapping[str, Mapping[str, Floats]]


def _judge(
    case: Case, claim: Claim, found: Found, worlds: Worlds | None, around: Found, moved: list[str]
) -> ClaimJudged:
    judged = tuple(_judge_one(claim, expectation, found, case) for expectation in claim.expect)
    verdicts = {item.verdict for item in judged}
    verdict = FAILS if FAILS in verdicts else HOLDS if verdicts == {HOLDS} else UNDECIDED
    met, known = _met(claim, found)
    share = float(met[known].mean()) if known.any() else float("nan")
    near, answered = _met(claim, around)
    apart = set_apart({name: worlds[name][known] for name in pick_uncertain(case)}, met[known]) if worlds else ()
    at_median = bool(near[0]) if answered[0] else None
    premises = tuple(_premises(case, near, answered, moved))
    return ClaimJudged(claim, judged, verdict, share, at_median, premises, apart)


def _judge_one(claim: Claim, expectation: Expectation, found: Found, case: Case) -> Judged:
    measured = Estimate(_measured(claim, expectation, found), case.questions[expectation.question].unit)
    if not len(measured.defined):
        return Judged(expectation, measured, float("nan"), UNDECIDED)
    agree = float(as_expected(expectation, measured.defined).mean())
    mean = bool(as_expected(expectation, np.array([measured.mean]))[0])
    verdict = HOLDS if mean and agree >= AGREEING else FAILS if not mean and 1 - agree >= AGREEING else UNDECIDED
    return Judged(expectation, measured, agree, verdict)


def _measured(claim: Claim, expectation: Expectation, found: Found) -> Floats:
    answer = found[claim.whatif or BASELINE][expectation.question]
    if expectation.verb in ("above", "below"):
        return answer
    other = found[claim.against or BASELINE][expectation.question]
    size = np.maximum(1.0, np.maximum(np.abs(answer), np.abs(other)))
    return np.where(np.abs(answer - other) <= NOTHING * size, 0.0, answer - other)


def as_expected(expectation: Expectation, measured: Floats) -> NDArray[np.bool_]:
    """bool[draws]: where a difference, or an answer, is as expected."""
    amount = expectation.amount or 0.0
    if expectation.verb == "same":
        return np.abs(measured) <= amount
    return measured > amount if expectation.verb in ("rises", "above") else measured < amount


def _met(claim: Claim, found: Found) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """bool[draws]: where all expectations are met, and where all questions have an answer."""
    measured = np.array([_measured(claim, expectation, found) for expectation in claim.expect])
    met = np.array([as_expected(e, row) for e, row in zip(claim.expect, measured, strict=True)])
    known = np.isfinite(measured).all(axis=0)
    return met.all(axis=0) & known, known


def _premises(case: Case, near: NDArray[np.bool_], answered: NDArray[np.bool_], moved: list[str]) -> Iterable[Premise]:
    for place, name in enumerate(moved):
        for end, share in enumerate(ENDS):
            there = 1 + len(ENDS) * place + end
            if answered[0] and answered[there] and near[there] != near[0]:
                quantity = case.quantities.get(name)
                known = quantity is not None and quantity.distribution is not None
                value = float(case.distribution(name).quantile(np.array([share]))[0]) if known else float("nan")
                yield Premise(name, ("low", "high")[end], value)


def set_apart(worlds: Worlds, met: NDArray[np.bool_]) -> tuple[Apart, ...]:
    """The quantities whose distributions differ between the worlds that are met and the others, bool[draws].

    If none differed, any would be named with probability CHANCE at most: it is divided among all (Bonferroni).
    """
    if min(met.sum(), (~met).sum()) < FEWEST:
        return ()
    found = []
    for name, values in worlds.items():
        far, chance = distance(values, met.astype(np.float64), (~met).astype(np.float64))
        if chance * len(worlds) <= CHANCE:
            found.append(Apart(name, far, float(np.median(values[met])), float(np.median(values[~met]))))
    return tuple(sorted(found, key=lambda apart: -apart.distance))

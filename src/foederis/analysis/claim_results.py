"""What judging claims finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from foederis.analysis.answers import Estimate, Floats
from foederis.analysis.result import Result, Row
from foederis.language.case import Case, Claim, Expectation

HOLDS, FAILS, UNDECIDED = "holds", "fails", "undecided"


@dataclass(frozen=True)
class Premise:
    """A quantity on which a claim hangs: at `end` of its range (low or high), where it is `value`, with all others at
    their medians, the claim is met where it is not in the median world, or the other way round."""

    quantity: str
    end: str
    value: float
    unit: str = ""


@dataclass(frozen=True)
class Apart:
    """A quantity that sets the worlds in which a claim is met apart from the others.

    `distance` is that of Kolmogorov and Smirnov, 0 to 1; `met` and `unmet` are its medians in both kinds of worlds.
    """

    quantity: str
    distance: float
    met: float
    unmet: float
    unit: str = ""


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
        moved: how many quantities are uncertain in the file or in a what-if that is compared.
        premises: the quantities that would turn this by themselves.
        apart: those that set the worlds in which they are met apart from the others, the clearest first.
        imposed_open: for each what-if that is compared and each move that it imposes (in words) the probability that
            the move was open.
        asked_differently: for each what-if that is compared the questions that it asks in other words than the file, or
            under other conditions; only what-ifs with such.
    """

    claim: Claim
    judged: tuple[Judged, ...]
    verdict: str
    agree: float
    at_median: bool | None
    moved: int
    premises: tuple[Premise, ...]
    apart: tuple[Apart, ...]
    imposed_open: Mapping[str, Mapping[str, Estimate]]
    asked_differently: Mapping[str, tuple[str, ...]]


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
                "imposed_open": {
                    name: {move: opened.to_json() for move, opened in moves.items()}
                    for name, moves in found.imposed_open.items()
                },
                "asked_differently": {name: list(asked) for name, asked in found.asked_differently.items()},
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

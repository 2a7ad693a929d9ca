"""What `drivers` is asked, checked as a whole before anything is solved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from foederis.analysis.answers import Floats
from foederis.analysis.asking import gather, is_share, pick_question, refuse_observed
from foederis.analysis.lab import Laboratory
from foederis.analysis.solving import MAX_DRAWS, Progress, choose_one
from foederis.diagnostics import CaseError, Diagnostic
from foederis.language.case import Case, Question, WhatIf
from foederis.language.sampling import tied_groups

LEAST_DRAWS = 32
_RANGES = "give the numbers that it depends on a range, as in `5% to 20%`, or ask another question"
Found = TypeVar("Found")


@dataclass(frozen=True)
class Request:
    """A question, an outcome that is given or None, a what-if or None, and numbers that were checked."""

    question: Question
    given: Question | None
    what_if: WhatIf | None
    draws: int | None
    keep: int
    seed: int

    def laboratory(self, case: Case, max_states: int, progress: Progress | None) -> Laboratory:
        """The case laid out for what is asked.

        Raises:
            CaseError: F711 where no number is uncertain; F108, F701 where the what-if has changed the questions.
        """
        asked = [question.name for question in (self.question, self.given) if question]
        lab = Laboratory(case, asked, whatif=self.what_if, max_states=max_states, progress=progress)
        for name in asked:
            pick_question(lab.case, name)
        if not tied_groups(lab.case):
            message = f"nothing moves the answer to `{self.question.name}`: no number of the case is uncertain"
            raise CaseError([Diagnostic("F711", message, help=_RANGES)], lab.case.text, lab.case.filename)
        return lab


def read_request(
    case: Case, question: str | None, given: str | None, what_if: str | None, draws: int | None, keep: int, seed: int
) -> Request:
    """Checks what was asked.

    Raises:
        CaseError: with every mistake: F108 and F701 for questions, F109 for a what-if, F213 for numbers.
    """
    problems: list[Diagnostic] = []
    with gather(problems):
        cure = "see with `foederis update` how the quantities have moved, or leave out `observed`"
        refuse_observed(case, "drivers are sought in worlds that are drawn independently", cure)

    def tried(look: Callable[[], Found]) -> Found | None:
        try:
            return look()
        except CaseError as error:
            problems.extend(error.diagnostics)
            return None

    asked = tried(lambda: pick_question(case, question))
    outcome = tried(lambda: _pick_outcome(case, given)) if given is not None else None
    changed = tried(lambda: choose_one(case, what_if))
    if draws is not None and not LEAST_DRAWS <= draws <= MAX_DRAWS:
        problems.append(Diagnostic("F213", f"draws must be a whole number from {LEAST_DRAWS} to {MAX_DRAWS:,}"))
    if keep < 1:
        problems.append(Diagnostic("F213", "at least 1 group must be kept"))
    if seed < 0:
        problems.append(Diagnostic("F213", "the seed must be 0 or more"))
    if problems or asked is None:
        raise CaseError(problems, case.text, case.filename)
    return Request(asked, outcome, changed, draws, keep, seed)


def _pick_outcome(case: Case, name: str) -> Question:
    found = pick_question(case, name)
    if is_share(found):
        return found
    usable = ", ".join(f"`{q.name}`" for q in case.questions.values() if is_share(q) and q.form != "first")
    message = f"`{name}` is an amount, and only what may come about or not can be given"
    raise CaseError([Diagnostic("F701", message, help=f"a question about a probability: {usable or 'none here'}")])


def check_answers(case: Case, question: Question, answers: Floats) -> None:
    """Sees to it that there is something to explain.

    Args:
        answers: float64[worlds]; nan where there is none.
    Raises:
        CaseError: F711 where the answer is the same in every world, or there is none in nearly all.
    """
    known = answers[np.isfinite(answers)]
    worlds = f"{len(answers):,} possible worlds"
    largest = np.abs(known).max(initial=0.0)
    if len(known) < LEAST_DRAWS:
        held = "none" if not len(known) else f"only {len(known)}"
        message = f"`{question.name}` has an answer in {held} of {worlds}: what is given hardly ever holds"
        help = "ask without `given`, or give something that can happen"
    elif np.ptp(known) <= 1e-12 * (1.0 if is_share(question) else largest):
        value = f"{100 * known[0]:.4g} %" if is_share(question) else f"{known[0]:.6g} {question.unit}".strip()
        message = f"nothing moves the answer to `{question.name}`: it is {value} in all of {worlds}"
        help = _RANGES
    else:
        return
    raise CaseError([Diagnostic("F711", message, help=help)], case.text, case.filename)

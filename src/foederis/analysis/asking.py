"""What an analysis may be asked about, picked by name or by a text such as `intervenes > 20%`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from foederis.diagnostics import CaseError, Diagnostic, Span, nearest
from foederis.language.case import Case, Decision, Question
from foederis.language.quantities import literal
from foederis.language.source import Scalar

_COMPARED = re.compile(r"\s*([A-Za-z_]\w*)\s*(>=|<=|>|<)\s*(\S.*?)\s*\Z")


@dataclass(frozen=True)
class Threshold:
    """A question on one side of a value: `sign` is one of > >= < <=."""

    question: str
    sign: str
    value: float
    text: str


def is_share(question: Question) -> bool:
    """Whether a question's answer is a probability, or several."""
    return question.form != "expected"


def asks_otherwise(one: Question, other: Question) -> bool:
    """Whether two questions of one name ask for different things: in other words, under another condition, by another
    step or in another form."""

    def asked(question: Question) -> tuple[str | int | None, ...]:
        about = (question.form, question.text, question.turn, question.option, question.unit)
        return (*about, question.given_text, question.by)

    return asked(one) != asked(other)


def pick_question(case: Case, name: str | None = None) -> Question:
    """A question whose answer is one number; the first such of the file if no name is given.

    Raises:
        CaseError: F108 if there is none of that name, F701 if its answer is a distribution over steps.
    """
    usable = {name: question for name, question in case.questions.items() if question.form != "first"}
    if name is None:
        if not usable:
            help = "add one, as in `questions: {comes: {takes: patron.intervene}}`"
            raise CaseError(
                [Diagnostic("F108", "the file asks no question that has one number as its answer", help=help)]
            )
        return next(iter(usable.values()))
    if name in usable:
        return usable[name]
    if name in case.questions:
        message = f"the question `{name}` has a distribution over steps as its answer, not one number"
        raise CaseError([Diagnostic("F701", message, help="ask `eventually`, with `by` if the time matters")])
    raise CaseError([Diagnostic("F108", f"there is no question `{name}`", help=nearest(name, usable))])


def pick_decision(case: Case, name: str | None = None) -> Decision:
    """A decision; the first of the file if no name is given.

    Raises:
        CaseError: F731 if there is none of that name.
    """
    if name is None and case.decisions:
        return next(iter(case.decisions.values()))
    if name is None or not case.decisions:
        help = "add one, as in `decisions: {pull_out: {options: {leave: -3, stay: -losses(firm)}}}`"
        raise CaseError([Diagnostic("F731", "the file has no decision", help=help)])
    if name not in case.decisions:
        raise CaseError([Diagnostic("F731", f"there is no decision `{name}`", help=nearest(name, case.decisions))])
    return case.decisions[name]


def with_worths(case: Case, decisions: Iterable[Decision]) -> tuple[Case, dict[tuple[str, str], str]]:
    """The case with a question for each option of the decisions: what it is worth at the end.

    Returns:
        the case, and the names of the questions, {(decision, option): question}; no question of a file can have them.
    """
    names, asked = {}, dict(case.questions)
    for decision in decisions:
        for option, worth in decision.options.items():
            name = f"decisions.{decision.name}.options.{option}"
            names[decision.name, option] = name
            asked[name] = Question(name, "expected", worth, unit=decision.unit, text=decision.texts[option])
    return replace(case, questions=asked), names


def pick_uncertain(case: Case, names: Iterable[str] = ()) -> list[str]:
    """The uncertain quantities of these names; all of them if none is given.

    Raises:
        CaseError: F102 for each that there is not, F702 for each that is not uncertain by itself.
    """
    uncertain = list(case.varying)
    problems = []
    for name in names:
        if name in uncertain:
            continue
        if name in case.quantities:
            message = f"`{name}` is not uncertain by itself: it has one value, or follows from other quantities"
            problems.append(Diagnostic("F702", message, help="only quantities with an interval or a distribution vary"))
        else:
            problems.append(Diagnostic("F102", f"there is no quantity `{name}`", help=nearest(name, uncertain)))
    if problems:
        raise CaseError(problems)
    return list(dict.fromkeys(names)) or uncertain


def refuse_observed(case: Case, why: str, cure: str) -> None:
    """
    Raises:
        CaseError: F336 if anything is observed in the case.
    """
    if case.observed:
        message = f"{why}, and this case has `observed`"
        raise CaseError([Diagnostic("F336", message, help=cure)], case.text, case.filename)


def read_threshold(case: Case, text: str) -> Threshold:
    """A question compared with a value.

    Raises:
        CaseError: F703 if the text is no comparison or the value no probability, and as in `pick_question`.
    """
    form = "as in `intervenes > 20%`"
    match = _COMPARED.match(text)
    value = literal(Scalar(match.group(3), Span(1, 1, 1, 1))) if match else None
    if match is None or value is None or not math.isfinite(value):
        raise CaseError([Diagnostic("F703", f"`{text}` does not compare a question with a value", help=form)])
    question = pick_question(case, match.group(1))
    if is_share(question) and not 0 <= value <= 1:
        message = f"`{question.name}` is a probability, and {match.group(3)} is not between 0 and 1"
        raise CaseError([Diagnostic("F703", message, help=f"between 0 and 100 %, {form}")])
    return Threshold(question.name, match.group(2), value, text.strip())


def pick_variables(case: Case, names: Iterable[str]) -> list[str]:
    """State variables by name.

    Raises:
        CaseError: F102 for each that there is not.
    """
    wanted = list(names)
    unknown = [name for name in wanted if name not in case.variables]
    if unknown:
        known = case.variables
        raise CaseError(
            [Diagnostic("F102", f"there is no state variable `{name}`", help=nearest(name, known)) for name in unknown]
        )
    return wanted


def pick_final(case: Case, names: Iterable[str]) -> list[Question]:
    """Questions that say of each final state whether something holds there.

    Raises:
        CaseError: F108 for each that there is not, F742 for each of another form, or with `by` or `given`.
    """
    final = {name: q for name, q in case.questions.items() if q.form == "at_end" and q.by is None and not q.given}
    wanted = list(names)
    problems = []
    for name in wanted:
        if name in case.questions and name not in final:
            message = f"the question `{name}` does not say of each final state whether something holds there"
            help = "only questions with `at_end`, without `by` and `given`, do"
            help += ": here " + ", ".join(f"`{known}`" for known in final) if final else "; add one"
            problems.append(Diagnostic("F742", message, help=help))
        elif name not in final:
            problems.append(Diagnostic("F108", f"there is no question `{name}`", help=nearest(name, final)))
    if problems:
        raise CaseError(problems)
    return [final[name] for name in wanted]


def pick_outcome(case: Case, name: str | None) -> Question | None:
    """The question that is to come true in a history; None if no name is given.

    Raises:
        CaseError: F108 if there is none of that name, F752 if a history does not answer it with yes or no.
    """
    forms = ("at_end", "eventually", "takes")
    usable = {name: q for name, q in case.questions.items() if q.form in forms and not q.given}
    if name is None:
        return None
    if name in usable:
        return usable[name]
    if name in case.questions:
        message = f"the question `{name}` is not one that a history answers with yes or no"
        help = "only questions with `at_end`, `eventually` or `takes`, without `given`, are"
        help += ": here " + ", ".join(f"`{known}`" for known in list(usable)[:8]) if usable else "; add one"
        raise CaseError([Diagnostic("F752", message, help=help)])
    raise CaseError([Diagnostic("F108", f"there is no question `{name}`", help=nearest(name, usable))])


def read_level(level: float | str) -> float:
    """A share between 0 and 1, neither included, from a number or a text such as "95%".

    Raises:
        CaseError: F213 if it is none.
    """
    value = literal(Scalar(level, Span(1, 1, 1, 1))) if isinstance(level, str) else level
    if value is None or not 0 < value < 1:
        message = f"`{level}` is no level: it must be between 0 and 100 %, neither included"
        raise CaseError([Diagnostic("F213", message, help="as in `95%`")])
    return value


@contextmanager
def gather(problems: list[Diagnostic]) -> Iterator[None]:
    """Notes mistakes instead of raising them, so that all can be reported at once."""
    try:
        yield
    except CaseError as error:
        problems += error.diagnostics

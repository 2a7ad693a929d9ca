"""Cases and what-ifs side by side, solved in the same worlds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from foederis.analysis.answers import Answer, Estimate, Reply
from foederis.analysis.asking import asks_otherwise, refuse_observed
from foederis.analysis.doubts import with_doubts
from foederis.analysis.result import Result, Row
from foederis.analysis.rounding import difference
from foederis.analysis.solving import Progress, solve
from foederis.diagnostics import CaseError, Diagnostic
from foederis.game.expand import MAX_STATES
from foederis.language.case import Case, Question


@dataclass(frozen=True)
class Side:
    """One of those that are compared: a file, or a what-if of the first file.

    Attributes:
        answers: {question: Estimate}; of a `first` question the probability that it never comes about.
        difference: likewise, minus those of the first side, world by world; empty for the first.
        higher: {question: share of the worlds in which it is higher than on the first side}.
        imposed_open: of a what-if, for each imposed move (in words) the probability that it was open.
        asked_differently: questions that it asks in other words than the first side, or under other conditions.
    """

    name: str
    answers: dict[str, Estimate]
    difference: dict[str, Estimate]
    higher: dict[str, float]
    imposed_open: Mapping[str, Estimate] = field(default_factory=dict)
    asked_differently: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison(Result):
    """Sides of which the first is what the others are held against.

    Attributes:
        questions: those that all sides ask in the same form, of the first file; left_out: the names of the others.
        numbers: (quantity, its text in each file, "" where it has none) for those that differ between the files.
    """

    case: Case
    sides: tuple[Side, ...]
    questions: dict[str, Question]
    left_out: tuple[str, ...]
    numbers: tuple[tuple[str, tuple[str, ...]], ...]
    files: tuple[str, ...]
    draws: int
    seed: int
    residual: float

    def rows(self) -> list[Row]:
        found = []
        for side in self.sides:
            for name, answer in side.answers.items():
                head = {"side": side.name, "question": name, **answer.to_json(), "left_out": answer.left_out}
                change = side.difference[name].to_json() if side.difference else {}
                tail = {f"difference_{key}": change.get(key) for key in ("mean", "p05", "p50", "p95")}
                found.append({**head, **tail, "higher": side.higher.get(name)})
        return found

    def facts(self) -> Row:
        return {
            "draws": self.draws,
            "seed": self.seed,
            "files": list(self.files),
            "numbers": {name: list(texts) for name, texts in self.numbers},
            "left_out": list(self.left_out),
            "asked_differently": {s.name: list(s.asked_differently) for s in self.sides if s.asked_differently},
            "imposed_open": {
                side.name: {move: opened.to_json() for move, opened in side.imposed_open.items()}
                for side in self.sides
                if side.imposed_open
            },
            "check": {"residual": self.residual},
        }


@with_doubts
def compare(
    case: Case,
    *others: Case,
    what_ifs: Iterable[str] | str = (),
    draws: int = 256,
    seed: int = 0,
    max_states: int = MAX_STATES,
    progress: Progress | None = None,
) -> Comparison:
    """Solves several cases, and what-ifs of the first, in the same worlds.

    Quantities of the same name take the same place among the points drawn in every file, so that differences are
    paired even where their ranges differ.

    Raises:
        CaseError: nothing to compare with (F707), no question in common (F707), an unknown what-if.
    """
    if others:
        for one in (case, *others):
            refuse_observed(one, "files are compared before anything is observed", "compare what-ifs of one file")
    whatifs = what_ifs if isinstance(what_ifs, str) else tuple(what_ifs)
    if not others and not whatifs:
        help = "name a second file, or what-ifs with --what-if NAME (or all)"
        raise CaseError([Diagnostic("F707", "there is nothing to compare with", help=help)])
    names = _common([case, *others])
    told = _told(progress, case)
    first = solve(case, draws=draws, seed=seed, what_ifs=whatifs, max_states=max_states, progress=told)
    answers = [first]
    for other in others:
        aligned = replace(other, draw_order=case.uncertain)
        answers.append(solve(aligned, draws=draws, seed=seed, max_states=max_states, progress=_told(progress, other)))
    base = {name: _number(first.questions[name]) for name in names}
    labels = _labels([case, *others])
    sides = [Side(labels[0], base, {}, {}), *_what_if_sides(first, base)]
    for label, other, answer in zip(labels[1:], others, answers[1:], strict=True):
        otherwise = tuple(name for name in names if asks_otherwise(case.questions[name], other.questions[name]))
        side = _side(label, {name: _number(answer.questions[name]) for name in names}, base)
        sides.append(replace(side, asked_differently=otherwise))
    asked = {name: question for name, question in case.questions.items() if name in names}
    left = tuple(dict.fromkeys(n for c in (case, *others) for n in c.questions if n not in names))
    residual = max(answer.check.residual for answer in answers)
    return Comparison(case, tuple(sides), asked, left, _numbers([case, *others]), tuple(labels), draws, seed, residual)


def _told(progress: Progress | None, case: Case) -> Progress | None:
    if progress is None:
        return None
    return lambda what, done, total: progress(f"{case.name or case.title}, {what}", done, total)


def _common(cases: Sequence[Case]) -> list[str]:
    """Questions that every file asks, in the same form."""
    names = [n for n, q in cases[0].questions.items() if all(_form(c, n) == q.form for c in cases[1:])]
    if not names:
        help = "give the questions that are to be compared the same names and forms in both"
        raise CaseError([Diagnostic("F707", "the files have no question in common", help=help)])
    return names


def _form(case: Case, name: str) -> str:
    return case.questions[name].form if name in case.questions else ""


def _labels(cases: Sequence[Case]) -> list[str]:
    """The cases' names, told apart where they are equal."""
    names = [case.name or case.title for case in cases]
    return [f"{name} ({place + 1})" if names.count(name) > 1 else name for place, name in enumerate(names)]


def _number(reply: Reply) -> Estimate:
    return reply if isinstance(reply, Estimate) else Estimate(reply.never, "", reply.weights)


def _what_if_sides(answer: Answer, base: dict[str, Estimate]) -> list[Side]:
    """A side for each what-if, of the questions in `base`, without those that it asks in another form."""
    sides = []
    for whatif in answer.what_ifs.values():
        mine = {name: _number(whatif.questions[name]) for name in base if name in whatif.difference}
        otherwise = tuple(name for name in whatif.asked_differently if name in mine)
        side = _side(whatif.name, mine, base)
        sides.append(replace(side, imposed_open=whatif.imposed_open, asked_differently=otherwise))
    return sides


def _side(name: str, mine: dict[str, Estimate], base: dict[str, Estimate]) -> Side:
    moved = {
        name: Estimate(difference(answer.draws, base[name].draws), answer.unit, answer.weights)
        for name, answer in mine.items()
    }
    return Side(name, mine, moved, {name: _share_above(change) for name, change in moved.items()})


def _share_above(change: Estimate) -> float:
    above = np.where(change.known, change.draws > 0, np.nan)
    return Estimate(above, "", change.weights).mean


def _numbers(cases: Sequence[Case]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    names = dict.fromkeys(name for case in cases for name in case.quantities)
    texts = {name: tuple(c.quantities[name].text if name in c.quantities else "" for c in cases) for name in names}
    return tuple((name, found) for name, found in texts.items() if len(set(found)) > 1)

"""What `tipping` is asked for, read: a threshold or a move, the quantities that are moved, a pair for a map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from foederis.analysis.asking import (
    Threshold,
    gather,
    is_share,
    pick_question,
    pick_uncertain,
    read_threshold,
    refuse_observed,
)
from foederis.analysis.solving import check_arguments
from foederis.analysis.why import pick_turn
from foederis.diagnostics import CaseError, Diagnostic
from foederis.language import check
from foederis.language.case import Case


@dataclass(frozen=True)
class Request:
    """What is asked for, read: `named` are the quantities that were named, `quantities` those that are moved."""

    case: Case
    threshold: Threshold | None
    turn: str | None
    named: list[str]
    quantities: list[str]
    pair: tuple[str, str] | None


def read_request(
    case: Case,
    when: str | None,
    move: str | None,
    quantities: Sequence[str],
    vary: Mapping[str, str] | Iterable[str],
    two_way: Sequence[str] | str | None,
    draws: int,
    seed: int,
) -> Request:
    """
    Raises:
        CaseError: all mistakes at once; see `tipping`.
    """
    problems: list[Diagnostic] = []
    threshold, turn, pair = None, None, None
    named, chosen = list(quantities), list[str]()
    with gather(problems):
        check_arguments(draws, seed, None)
    with gather(problems):
        case, varied = _with_ranges(case, read_vary(vary))
        named += varied
    if when is not None and move is not None:
        message = "either a threshold or a move is followed, not both"
        problems.append(Diagnostic("F703", message, help="leave out --when or --move"))
    with gather(problems):
        if move is not None:
            first = "the likeliest first move is that before anything is observed"
            refuse_observed(case, first, "follow a threshold instead")
    with gather(problems):
        turn = _turn(case, move) if move is not None else None
    with gather(problems):
        threshold = _threshold(case, when) if when is not None or move is None else None
    with gather(problems):
        chosen = pick_uncertain(case, named)
    with gather(problems):
        pair = read_pair(two_way) if two_way is not None else None
        pick_uncertain(case, pair or ())
    if not chosen and not problems:
        message = "nothing in this case is uncertain"
        problems.append(Diagnostic("F702", message, help="give a number a range, or use --vary"))
    if problems:
        raise CaseError(problems)
    return Request(case, threshold, turn, named, chosen, pair)


def _turn(case: Case, move: str) -> str:
    """The turn of a name, or the first of the actor of that name."""
    return pick_turn(case, move) if move in case.actors else pick_turn(case, None, move)


def _with_ranges(case: Case, vary: Mapping[str, str]) -> tuple[Case, list[str]]:
    """The case with ranges at some paths, and the names of the quantities that they become."""
    names, problems = [], list[Diagnostic]()
    for path, text in vary.items():
        before, known = {name: case.distribution(name) for name in case.varying}, len(problems)
        with gather(problems):
            case = check.change(case, check.as_changes({path: text}), context=f"--vary {path}={text}")
        now = {name: case.distribution(name) for name in case.varying}
        # A range that stands there already changes nothing; its quantity is then found by its path.
        changed = [name for name, spread in now.items() if before.get(name) != spread]
        there = path.removeprefix("quantities.").removesuffix(".value")
        new = changed or [there for spread in [now.get(there)] if spread and spread.text == text.strip()]
        if len(new) == 1:
            names += new
        elif len(problems) == known:
            message = f"`{text}` is no range for `{path}`"
            help = 'as in --vary treaties.pact.breach_cost.patron="1 to 10"'
            problems.append(Diagnostic("F702", message, help=help))
    if problems:
        raise CaseError(problems)
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


def read_vary(texts: Mapping[str, str] | Iterable[str]) -> dict[str, str]:
    """{path: range} from `path=range` texts, or from what is a mapping already.

    Raises:
        CaseError: F114 for each text without a path or a range.
    """
    if isinstance(texts, Mapping):
        return dict(texts)
    found: dict[str, str] = {}
    problems = []
    for text in texts:
        path, sign, value = (part.strip() for part in text.partition("="))
        if sign and path and value and path not in found:
            found[path] = value
        else:
            message = f"`{text}` is not written path=range, or its path stands twice"
            help = 'as in --vary treaties.pact.breach_cost.patron="1 to 10"'
            problems.append(Diagnostic("F114", message, help=help))
    if problems:
        raise CaseError(problems)
    return found


def read_pair(pair: Sequence[str] | str) -> tuple[str, str]:
    """Two names, from `name,name` or as they are.

    Raises:
        CaseError: F702 if there are not two different ones.
    """
    names = [name.strip() for name in (pair.split(",") if isinstance(pair, str) else pair)]
    if len(names) != 2 or names[0] == names[1] or not all(names):
        message = f"`{','.join(names)}` does not name two quantities"
        raise CaseError([Diagnostic("F702", message, help="as in --map stake,price")])
    return names[0], names[1]

"""The answer as text for a terminal, to be read from top to bottom, or aloud."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from foederis.analysis.answers import Answer, Estimate, FirstTime, Reply, WhatIfAnswer
from foederis.language.case import Case, Question
from foederis.report.words import change, percent, points, probability_word


def print_answer(answer: Answer, console: Console) -> None:
    case = answer.case
    console.print(Text(case.title, style="bold"))
    console.print(_setting(answer), style="dim", highlight=False)
    if answer.questions:
        _heading(console, "Questions")
        console.print(Padding(_questions(answer), (0, 0, 0, 2), expand=False))
        for name, reply in answer.questions.items():
            if isinstance(reply, FirstTime):
                _print_first(console, case, case.questions[name], reply)
    if answer.first_moves:
        _heading(console, "Moves: what each actor does first, and whether it ever does it")
        _print_moves(console, answer)
    if answer.losses:
        _heading(console, "Expected losses at the end")
        console.print(Padding(_losses(answer), (0, 0, 0, 2), expand=False))
    if answer.values:
        _heading(console, "Points")
        console.print(Padding(_values(answer), (0, 0, 0, 2), expand=False))
    for whatif in answer.what_ifs.values():
        _print_whatif(console, answer, whatif)
    _print_check(console, answer)


def _heading(console: Console, text: str) -> None:
    console.print()
    console.print(Text(text, style="bold"))


def _setting(answer: Answer) -> str:
    clock = answer.case.clock
    begins = f" from {clock.start.isoformat()}" if clock.start else ""
    worlds = (
        "One world, every quantity at its median"
        if answer.at
        else f"{answer.draws:,} possible worlds (seed {answer.seed}); in brackets, the middle 90 % of them"
    )
    return f"{clock.steps} steps of {clock.step_text}{begins}. {worlds}."


def question_text(question: Question) -> str:
    """The question in plain words: the author's own, or made from its form."""
    if question.says:
        return question.says
    about = {
        "at_end": f"at the end: {question.text}",
        "eventually": f"at some time: {question.text}",
        "takes": f"taken at some time: {question.text}",
        "expected": f"mean at the end: {question.text}",
        "first": f"first time: {question.text}",
    }[question.form]
    return f"{question.name} ({about})"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, show_header=any(columns), header_style="dim", padding=(0, 2, 0, 0))
    for place, name in enumerate(columns):
        table.add_column(name, justify="left" if place == 0 else "right", overflow="fold", ratio=None)
    return table


def _band(reply: Estimate, is_share: bool, exact: bool) -> str:
    if exact or not len(reply.defined):
        return ""
    show = percent if is_share else points
    return f"({show(reply.p05)} to {show(reply.p95)})"


def is_share(question: Question) -> bool:
    return question.form != "expected"


def _questions(answer: Answer) -> Table:
    table = _table("", "", "", "")
    table.columns[3].justify = "left"
    for name, reply in answer.questions.items():
        question = answer.case.questions[name]
        if isinstance(reply, FirstTime):
            continue
        share = is_share(question)
        unit = question.unit or (answer.case.losses_unit(_lost_by(question)) if not share else "")
        shown = percent(reply.mean) if share else f"{points(reply.mean)} {unit}".strip()
        word = probability_word(reply.mean) if share else ""
        if reply.left_out:
            word = (
                f"{word} [in {len(reply.defined):,} of {answer.draws:,} worlds; in the others what is given never "
                "holds]".strip()
            )
        table.add_row(
            question_text(question), Text(shown, style="bold"), _band(reply, share, answer.at is not None), word
        )
    return table


def _lost_by(question: Question) -> str:
    """The holder where an expected number is plainly its losses."""
    text = question.text.replace(" ", "")
    return text[7:-1] if text.startswith("losses(") and text.endswith(")") and text.count("(") == 1 else ""


def moment(case: Case, place: int) -> str:
    """When the place-th entry of a `first` question is: the start, or the end of a step, with its date."""
    if place == 0:
        return "at the start"
    if case.clock.start is None:
        return f"end of step {place - 1}"
    try:
        date = case.clock.start + datetime.timedelta(days=round(case.clock.step_days * place))
    except OverflowError:
        return f"end of step {place - 1}"
    return f"step {place - 1}, by {date.isoformat()}"


def _print_first(console: Console, case: Case, question: Question, reply: FirstTime) -> None:
    console.print()
    console.print(Padding(Text(question_text(question)), (0, 0, 0, 2), expand=False))
    table = _table("", "", "")
    found = reply.to_json()
    entries = [(moment(case, place), share) for place, share in enumerate(found["by_step"])]
    for label, share in [*entries, ("never", found["never"])]:
        if share is not None and (share >= 0.0005 or label == "never"):
            table.add_row(label, percent(share), Text("█" * round(30 * share), style="blue"))
    table.columns[2].justify = "left"
    console.print(Padding(table, (0, 0, 0, 4), expand=False))


def _print_moves(console: Console, answer: Answer) -> None:
    case = answer.case
    exact = answer.at is not None
    seen: set[str] = set()
    for turn in case.turns:
        options = answer.ever_taken.get(turn.name)
        if not options:
            continue
        table = _table("", "first", "", "ever", "")
        first = answer.first_moves.get(turn.actor, {}) if turn.actor not in seen else {}
        for name, ever in options.items():
            begun = first.get(name)
            label = case.turns[case.turns.index(turn)].options[name].says or name
            table.add_row(
                label,
                percent(begun.mean) if begun else "",
                _band(begun, True, exact) if begun else "",
                percent(ever.mean),
                _band(ever, True, exact),
            )
        rest = 1 - sum(share.mean for share in first.values()) if first else 0.0
        if rest > 0.0005:
            table.add_row(Text("(is not asked, or lets it pass)", style="dim"), percent(rest), "", "", "")
        seen.add(turn.actor)
        name = turn.name if turn.name == turn.actor else f"{turn.actor}, in the turn {turn.name}"
        console.print(Padding(Text(name, style="italic"), (0, 0, 0, 2), expand=False))
        console.print(Padding(table, (0, 0, 0, 4), expand=False))


def _losses(answer: Answer) -> Table:
    table = _table("", "", "", "")
    exact = answer.at is not None
    case = answer.case
    for holder in dict.fromkeys(exposure.holder for exposure in case.exposures.values()):
        mine = [exposure for exposure in case.exposures.values() if exposure.holder == holder]
        total = Estimate(sum(answer.losses[e.name].draws for e in mine), mine[0].unit)  # type: ignore[arg-type]
        rows: Iterable[tuple[str, Estimate]] = [(e.name, answer.losses[e.name]) for e in mine]
        for name, loss in [*rows, (f"{holder}, in all", total)]:
            table.add_row(name, points(loss.mean), _band(loss, False, exact), mine[0].unit)
    return table


def _values(answer: Answer) -> Table:
    table = _table("", "value of the crisis", "", "lost to its own errors", "")
    exact = answer.at is not None
    for actor, value in answer.values.items():
        noise = answer.noise[actor]
        table.add_row(
            actor, points(value.mean), _band(value, False, exact), points(noise.mean), _band(noise, False, exact)
        )
    return table


def _print_whatif(console: Console, answer: Answer, whatif: WhatIfAnswer) -> None:
    case = answer.case
    item = case.whatifs[whatif.name]
    _heading(console, f"What if: {item.says or whatif.name}")
    for move, opened in whatif.imposed_open.items():
        if opened.mean < 0.9995:
            console.print(
                f"  {move} was open with probability {percent(opened.mean)}; elsewhere play goes on as it was.",
                highlight=False,
            )
    if whatif.changes_nothing:
        console.print("  It changes no answer.", style="yellow")
        return
    table = _table("", "now", "then", "change", "")
    exact = answer.at is not None
    for name, difference in whatif.difference.items():
        before, after = answer.questions[name], whatif.questions[name]
        question = case.questions[name]
        share = is_share(question)
        show, show_change = (percent, change) if share else (points, _signed_points)
        for label, was, then, moved in _rows(question, before, after, difference):
            band = ""
            if not exact and len(moved.defined):
                band = f"({show_change(moved.p05)} to {show_change(moved.p95)})"
            delta = Text(show_change(moved.mean), style="bold")
            table.add_row(label, show(was.mean), show(then.mean), delta, band)
    console.print(Padding(table, (0, 0, 0, 2), expand=False))
    console.print("  Changes of probabilities are in percentage points, draw by draw.", style="dim")


def _signed_points(value: float) -> str:
    return points(value, signed=True)


def _rows(
    question: Question, before: Reply, after: Reply, difference: Reply
) -> list[tuple[str, Estimate, Estimate, Estimate]]:
    if isinstance(before, Estimate) and isinstance(after, Estimate) and isinstance(difference, Estimate):
        return [(question_text(question), before, after, difference)]
    assert isinstance(before, FirstTime)
    assert isinstance(after, FirstTime)
    assert isinstance(difference, FirstTime)
    label = f"{question_text(question)}: never"
    return [(label, Estimate(before.never), Estimate(after.never), Estimate(difference.never))]


def _print_check(console: Console, answer: Answer) -> None:
    check = answer.check
    console.print()
    bound = "no bound applies" if check.regret_bound == float("inf") else f"bound {points(check.regret_bound)}"
    console.print(
        f"Checked: largest residual {check.residual:.1g} of the range of payoffs (limit 1e-9); largest regret of a "
        f"choice {points(check.regret)} points ({bound}). Game {answer.game_hash[:12]}, file "
        f"{answer.case.sha256[:12]}.",
        style="dim",
        highlight=False,
    )
    rest = [name for name in answer.case.whatifs if name not in answer.what_ifs]
    if rest:
        console.print(
            f"What-ifs not asked for: {', '.join(rest)} (--what-if NAME, or all).", style="dim", highlight=False
        )

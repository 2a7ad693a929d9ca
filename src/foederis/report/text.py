"""The answer as text for a terminal, to be read from top to bottom, or aloud."""

from __future__ import annotations

import numpy as np
from rich.console import Console
from rich.text import Text

from foederis.analysis.answers import Answer, Estimate, FirstTime, Reply, WhatIfAnswer
from foederis.analysis.asking import is_share
from foederis.language.case import Case, Question
from foederis.report.beliefs import print_beliefs, print_by_type, print_doubts
from foederis.report.setting import day, differently_text, open_texts, standing_text
from foederis.report.tables import Cell, print_line, print_rows
from foederis.report.together import doubts_of, print_simultaneous
from foederis.report.words import change, counted, percent, points, probability_word


def print_answer(answer: Answer, console: Console) -> None:
    case = answer.case
    print_line(console, case.title, style="bold")
    print_line(console, _setting(answer), style="dim")
    if answer.standing and not answer.at:
        print_line(console, standing_text(answer.standing), style="dim")
    if answer.questions:
        _heading(console, "Questions")
        rows = _questions(answer)
        if rows:
            print_rows(console, rows, words=(0, 3))
        if any(reply.left_out for reply in answer.questions.values()):
            print_line(console, "[in … worlds]: in the others, what is given never holds.", indent=2, style="dim")
        for name, reply in answer.questions.items():
            if isinstance(reply, FirstTime):
                _print_first(console, case, case.questions[name], reply)
    if answer.first_moves:
        _heading(console, "Moves: what each actor does first, and whether it ever does it")
        _print_moves(console, answer)
    if answer.types:
        _heading(console, "By private type")
        print_by_type(console, answer, lambda name: question_text(case.questions[name]))
    if answer.losses:
        _heading(console, "Expected losses at the end")
        print_rows(console, _losses(answer), words=(0, 3))
    if answer.values:
        _heading(console, "Points")
        lost = "still lost to its own errors" if answer.standing else "lost to its own errors"
        print_rows(console, _values(answer), headers=("", "value of the crisis", "", lost, ""))
    for whatif in answer.what_ifs.values():
        _print_whatif(console, answer, whatif)
    _print_check(console, answer)


def _heading(console: Console, text: str) -> None:
    console.print()
    print_line(console, text, style="bold")


def _setting(answer: Answer) -> str:
    clock = answer.case.clock
    begins = f" from {clock.start.isoformat()}" if clock.start else ""
    worlds = (
        "One world, every quantity at its median"
        if answer.at
        else f"{answer.draws:,} possible worlds (seed {answer.seed}); in brackets, the middle 90 % of them"
    )
    return f"{counted(clock.steps, 'step')} of {clock.step_text}{begins}. {worlds}."


def question_text(question: Question) -> str:
    """The question in plain words: the author's own, or made from its form."""
    if question.says:
        return question.says
    return f"{question.name} ({asked_for(question)})"


def asked_for(question: Question) -> str:
    """What a question asks for, made from its form: `at some time: help >= arms`."""
    limits = "" if question.by is None else f", by the end of step {question.by}"
    limits += f", given {question.given_text}" if question.given_text else ""
    about = {
        "at_end": f"at the end: {question.text}",
        "eventually": f"at some time: {question.text}",
        "takes": f"taken at some time: {question.text}",
        "expected": f"mean at the end: {question.text}",
        "first": f"first time: {question.text}",
    }[question.form]
    return f"{about}{limits}"


def _band(reply: Estimate, is_share: bool, exact: bool) -> str:
    if exact or not len(reply.defined):
        return ""
    show = percent if is_share else points
    return f"({show(reply.p05)} to {show(reply.p95)})"


def _questions(answer: Answer) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for name, reply in answer.questions.items():
        question = answer.case.questions[name]
        if isinstance(reply, FirstTime):
            continue
        share = is_share(question)
        unit = question_unit(answer.case, question)
        shown = percent(reply.mean) if share else f"{points(reply.mean)} {unit}".strip()
        word = probability_word(reply.mean) if share else ""
        if reply.left_out == answer.draws:
            word = "no answer: what is given never holds"
        elif reply.left_out:
            word = f"{word} [in {len(reply.defined):,} of {answer.draws:,} worlds]".strip()
        band = _band(reply, share, answer.at is not None)
        rows.append([question_text(question), Text(shown, style="bold"), band, word])
    return rows


def question_unit(case: Case, question: Question) -> str:
    """The unit of the answer; none for probabilities. Of an expected number it is the question's own, or that of the
    losses that it plainly asks for."""
    if is_share(question):
        return ""
    text = question.text.replace(" ", "")
    lost_by = text[7:-1] if text.startswith("losses(") and text.endswith(")") and text.count("(") == 1 else ""
    return question.unit or case.losses_unit(lost_by)


def moment(case: Case, place: int) -> str:
    """When the place-th entry of a `first` question is: the start, or the end of a step, with its date."""
    if place == 0:
        return "at the start"
    end = day(case.clock, place)
    return f"step {place - 1}, by {end}" if end else f"end of step {place - 1}"


def _print_first(console: Console, case: Case, question: Question, reply: FirstTime) -> None:
    console.print()
    print_line(console, question_text(question), indent=2)
    found = reply.to_json()
    entries = [(moment(case, place), share) for place, share in enumerate(found["by_step"])]
    rows: list[list[Cell]] = [
        [label, percent(share), Text("█" * round(30 * share), style="blue")]
        for label, share in [*entries, ("never", found["never"])]
        if share is not None and (share >= 0.0005 or label == "never")
    ]
    if rows:
        print_rows(console, rows, words=(0, 2), indent=4)
    else:
        print_line(console, "What is given never holds.", indent=4)


def _print_moves(console: Console, answer: Answer) -> None:
    exact = answer.at is not None
    seen: set[str] = set()
    for turn in answer.case.turns:
        options = answer.ever_taken.get(turn.name)
        if not options:
            continue
        rows: list[list[Cell]] = []
        first = answer.first_moves.get(turn.actor, {}) if turn.actor not in seen else {}
        for name, ever in options.items():
            begun = first.get(name)
            firsts = [percent(begun.mean), _band(begun, True, exact)] if begun else ["", ""]
            label = turn.options[name].says or name
            rows.append([label, *firsts, percent(ever.mean), _band(ever, True, exact)])
        rest = 1 - sum(share.mean for share in first.values()) if first else 0.0
        if rest > 0.0005:
            rows.append([Text("(is not asked, or lets it pass)", style="dim"), percent(rest), "", "", ""])
        seen.add(turn.actor)
        name = turn.name if turn.name == turn.actor else f"{turn.actor}, in the turn {turn.name}"
        print_line(console, name, indent=2, style="italic")
        headers = ("", "first", "", "ever", "") if first else ("", "", "", "ever", "")
        print_rows(console, rows, headers=headers, indent=4)


def _losses(answer: Answer) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    exact = answer.at is not None
    case = answer.case
    for holder in dict.fromkeys(exposure.holder for exposure in case.exposures.values()):
        mine = [exposure for exposure in case.exposures.values() if exposure.holder == holder]
        total = Estimate(np.sum([answer.losses[e.name].draws for e in mine], axis=0), mine[0].unit, answer.weights)
        found = [(e.name, answer.losses[e.name]) for e in mine]
        for name, loss in [*found, (f"{holder}, in all", total)]:
            rows.append([name, points(loss.mean), _band(loss, False, exact), mine[0].unit])
    return rows


def _values(answer: Answer) -> list[list[Cell]]:
    exact = answer.at is not None
    rows: list[list[Cell]] = []
    for actor, value in answer.values.items():
        noise = answer.noise[actor]
        lost = [points(noise.mean), _band(noise, False, exact)]
        rows.append([actor, points(value.mean), _band(value, False, exact), *lost])
    return rows


def _print_whatif(console: Console, answer: Answer, whatif: WhatIfAnswer) -> None:
    case = answer.case
    item = case.whatifs[whatif.name]
    _heading(console, f"What if: {item.says or whatif.name}")
    for text in open_texts(whatif.imposed_open):
        print_line(console, text, indent=2)
    if whatif.asked_differently:
        print_line(console, differently_text(whatif.asked_differently), indent=2)
    for line in [line for move in whatif.together for line in doubts_of(move)]:
        print_line(console, line, indent=2, style="yellow")
    print_doubts(console, whatif.beliefs, indent=2)
    if whatif.changes_nothing:
        print_line(console, "It changes no answer.", indent=2, style="yellow")
        return
    rows: list[list[Cell]] = []
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
            rows.append([label, show(was.mean), show(then.mean), delta, band])
    print_rows(console, rows, headers=("", "now", "then", "change", ""))
    print_line(console, "Changes of probabilities are in percentage points, draw by draw.", indent=2, style="dim")


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
    never = [Estimate(reply.never, "", reply.weights) for reply in (before, after, difference)]
    return [(label, never[0], never[1], never[2])]


def _print_check(console: Console, answer: Answer) -> None:
    check = answer.check
    console.print()
    print_simultaneous(console, answer.together)
    print_beliefs(console, answer.beliefs)
    bound = "no bound applies" if check.regret_bound == float("inf") else f"bound {points(check.regret_bound)}"
    text = (
        f"Checked: largest residual {check.residual:.1g} of the range of payoffs (limit 1e-9); largest regret of a "
        f"choice {points(check.regret)} points ({bound}). Game {answer.game_hash[:12]}, file "
        f"{answer.case.sha256[:12]}."
    )
    print_line(console, text, style="dim")
    rest = [name for name in answer.case.whatifs if name not in answer.what_ifs]
    if rest:
        print_line(console, f"What-ifs not asked for: {', '.join(rest)} (--what-if NAME, or all).", style="dim")

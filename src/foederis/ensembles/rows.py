"""An answer as rows: one for each world and number."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from foederis.analysis.answers import Answer, Estimate, Reply
from foederis.analysis.beliefs import Beliefs
from foederis.analysis.together import Simultaneous
from foederis.ensembles.pieces import Piece
from foederis.ensembles.tables import Rows


def rows_of(piece: Piece, answer: Answer, first_turns: Collection[str], leading: int) -> Rows:
    """The rows of an answer, whose first worlds are `leading` and not of the piece.

    Args:
        first_turns: the turns of which is known what is done in step 0.
    """
    study, mine = piece.study, slice(leading, None)
    draws = np.arange(piece.first, piece.first + piece.draws)
    weights = np.ones(piece.draws) if answer.weights is None else answer.weights[mine]
    rows = Rows(study.case, study.setting, study.seed, draws, weights)
    for name, reply in answer.questions.items():
        _add_reply(rows, name, reply, None, "", mine)
    for what_if, found in answer.what_ifs.items():
        for name, reply in found.questions.items():
            _add_reply(rows, name, reply, found.difference.get(name), what_if, mine)
        for move, opened in found.imposed_open.items():
            rows.add("imposed", move, opened.draws[mine], what_if=what_if)
    for name, values in answer.quantities.items():
        rows.add("quantity", name, values[mine])
    for actor, value in answer.values.items():
        rows.add("points", actor, value.draws[mine], part="value")
        rows.add("points", actor, answer.noise[actor].draws[mine], part="lost_to_errors")
    _add_moves(rows, answer, first_turns, mine)
    for name, loss in answer.losses.items():
        rows.add("loss", name, loss.draws[mine], part=loss.unit)
    for actor, types in answer.types.items():
        for name, share in types.items():
            told = answer.types_given.get(actor, {}).get(name)
            rows.add("type", actor, share.draws[mine], part=name, changes=told.draws[mine] if told else None)
    return rows


def _add_reply(rows: Rows, name: str, reply: Reply, difference: Reply | None, what_if: str, mine: slice) -> None:
    if isinstance(reply, Estimate):
        changes = difference.draws[mine] if isinstance(difference, Estimate) else None
        rows.add("question", name, reply.draws[mine], what_if=what_if, changes=changes)
        return
    moved = None if difference is None or isinstance(difference, Estimate) else difference
    for place in range(reply.by_step.shape[1]):
        changes = moved.by_step[mine, place] if moved else None
        rows.add("first_time", name, reply.by_step[mine, place], what_if=what_if, step=place - 1, changes=changes)
    rows.add("first_time", name, reply.never[mine], what_if=what_if, changes=moved.never[mine] if moved else None)


def _add_moves(rows: Rows, answer: Answer, first_turns: Collection[str], mine: slice) -> None:
    """What is ever taken, without a step, and what the first turn of each actor takes in step 0."""
    for turn, options in answer.ever_taken.items():
        for option, share in options.items():
            rows.add("move", turn, share.draws[mine], part=option)
    first = {turn.actor: turn.name for turn in reversed(answer.case.turns) if turn.name in first_turns}
    for actor, options in answer.first_moves.items():
        for option, share in options.items():
            rows.add("move", first[actor], share.draws[mine], part=option, step=0)


def checks_of(piece: Piece, answer: Answer) -> Rows:
    """How far a piece is to be relied on: one row for each number, at its first draw."""
    study = piece.study
    rows = Rows(study.case, study.setting, study.seed, np.array([piece.first]), np.array([np.nan]))
    check = answer.check
    for name, value in (("residual", check.residual), ("regret", check.regret), ("strain", check.strain)):
        rows.add("check", name, np.array([value]))
    _add_doubts(rows, "", answer.together, answer.beliefs)
    for what_if, found in answer.what_ifs.items():
        _add_doubts(rows, what_if, found.together, found.beliefs)
    return rows


def _add_doubts(rows: Rows, what_if: str, together: Sequence[Simultaneous], beliefs: Beliefs | None) -> None:
    for move in together:
        turns = ", ".join(move.turns)
        rows.add("check", "worlds_in_doubt", np.array([float(move.doubtful_worlds)]), part=turns, what_if=what_if)
        rows.add("check", "other_equilibria", np.array([float(move.others)]), part=turns, what_if=what_if)
    if beliefs is not None:
        told = {
            "worlds_in_doubt": beliefs.doubtful_worlds,
            "beliefs_exact": beliefs.exact,
            "grid_nodes": 0 if beliefs.exact else beliefs.nodes,
            "grid_error": beliefs.error,
            "grid_coarse": beliefs.coarse,
        }
        for name, value in told.items():
            rows.add("check", name, np.array([float(value)]), part="beliefs", what_if=what_if)

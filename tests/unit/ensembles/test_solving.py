"""A piece solved alone has the numbers that the same worlds have in a solve of all."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import foederis as fd
from foederis.analysis.answers import Answer, Estimate, FirstTime
from foederis.ensembles import solving
from foederis.ensembles.pieces import Piece, pieces_of, studies_of
from foederis.ensembles.plan import Plan, read_plan_text
from foederis.ensembles.solving import _case_of, work, work_out_worlds
from foederis.ensembles.versions import versions
from foederis.ensembles.worlds import StudyWorlds
from foederis.solve.cores import cores
from tests.typed import BREAKFAST
from tests.unit.ensembles.plans import pieces, small

duckdb = pytest.importorskip("duckdb")

Key = tuple[str, str, str, str, int | None]  # kind, what-if, name, part, step

Rows = dict[Key, tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]  # draws, values, changes, weights

OBSERVED = "{seen: {set: {observed: [{step: 0, patron: stand_aside}, {step: 1, patron: intervene, believed: 80%}]}}}"


def expected(answer: Answer) -> Mapping[Key, np.ndarray]:
    """What an answer says, world by world, under the names of the rows."""
    found: dict[Key, np.ndarray] = {}
    replies = {("", name): reply for name, reply in answer.questions.items()}
    replies |= {(w, name): r for w, what_if in answer.what_ifs.items() for name, r in what_if.questions.items()}
    for (what_if, name), reply in replies.items():
        if isinstance(reply, Estimate):
            found["question", what_if, name, "", None] = reply.draws
        else:
            assert isinstance(reply, FirstTime)
            found["first_time", what_if, name, "", None] = reply.never
            for place in range(reply.by_step.shape[1]):
                found["first_time", what_if, name, "", place - 1] = reply.by_step[:, place]
    for what_if, told in answer.what_ifs.items():
        found |= {("imposed", what_if, name, "", None): opened.draws for name, opened in told.imposed_open.items()}
    found |= {("quantity", "", name, "", None): values for name, values in answer.quantities.items()}
    found |= {("points", "", actor, "value", None): value.draws for actor, value in answer.values.items()}
    found |= {("points", "", actor, "lost_to_errors", None): lost.draws for actor, lost in answer.noise.items()}
    found |= {("loss", "", name, loss.unit, None): loss.draws for name, loss in answer.losses.items()}
    for turn, options in answer.ever_taken.items():
        found |= {("move", "", turn, option, None): share.draws for option, share in options.items()}
    for actor, options in answer.first_moves.items():  # turns are named after their actors here
        found |= {("move", "", actor, option, 0): share.draws for option, share in options.items()}
    for actor, types in answer.types.items():
        found |= {("type", "", actor, name, None): share.draws for name, share in types.items()}
    return found


def rows_of(data: bytes, folder: Path) -> Rows:
    """The rows of a piece by name."""
    path = folder / "piece.parquet"
    path.write_bytes(data)
    rows = duckdb.execute(
        "SELECT kind, what_if, name, part, step, draw, value, change, weight FROM read_parquet(?)", [str(path)]
    )
    found: dict[Key, list[tuple[float, ...]]] = {}
    for kind, what_if, name, part, step, *numbers in rows.fetchall():
        found.setdefault((kind, what_if, name, part, step), []).append(
            tuple(np.nan if number is None else number for number in numbers)
        )
    return {key: tuple(np.array(column) for column in zip(*rows, strict=True)) for key, rows in found.items()}  # type: ignore[misc]


def compare(plan: Plan, folder: Path) -> list[Rows]:
    """Holds the rows of every piece against a solve of all worlds of its study."""
    found = []
    for study in studies_of(plan, versions()):
        given = None
        if study.observed:
            worlds = work_out_worlds(study)
            assert worlds.failure is None, worlds.failure
            (folder / "worlds.parquet").write_bytes(worlds.data)
            given = StudyWorlds(folder / "worlds.parquet")
        answer = fd.solve(_case_of(study), draws=plan.draws, seed=study.seed, what_ifs=study.what_ifs)
        for piece in pieces_of(plan, study):
            # As they are sent to another machine.
            sent = pickle.loads(pickle.dumps((piece, given.of(piece) if given else None)))  # noqa: S301
            outcome = work(*sent)
            assert outcome.failure is None, outcome.failure
            found.append(rows_of(outcome.data, folder))
            hold_against(answer, piece, found[-1])
    return found


def hold_against(answer: Answer, piece: Piece, rows: Rows) -> None:
    mine, told = slice(piece.first, piece.first + piece.draws), expected(answer)
    assert {key for key in rows if key[0] != "check"} == set(told)
    weights = np.ones(answer.draws) if answer.weights is None else answer.weights
    for key, values in told.items():
        draw, value, change, weight = rows[key]
        assert draw.tolist() == list(range(mine.start, mine.stop))
        np.testing.assert_allclose(value, values[mine], rtol=1e-12, atol=1e-12, err_msg=str(key))
        np.testing.assert_allclose(weight, weights[mine], rtol=1e-12)
        kind, what_if, name, _, _ = key
        if kind == "question" and what_if:
            difference = answer.what_ifs[what_if].difference[name]
            assert isinstance(difference, Estimate)
            np.testing.assert_allclose(change, difference.draws[mine], atol=1e-12)


def test_pieces_have_the_numbers_of_the_whole(tmp_path: Path) -> None:
    compare(small(), tmp_path)


def test_where_something_is_observed(tmp_path: Path) -> None:
    compare(small(settings=OBSERVED, draws=64), tmp_path)


def test_where_somebody_has_types_and_shows_them(tmp_path: Path) -> None:
    """The first worlds of all decide how beliefs are followed, also in pieces that do not begin with them."""
    (tmp_path / "case.yaml").write_text(BREAKFAST + "observed: [{step: 0, sender: drink_beer}]\n", encoding="utf-8")
    text = "ensemble: 1\ncases: {c: {file: case.yaml, what_ifs: all}}\ndraws: 64\npiece: 32\n"
    rows = compare(read_plan_text(text, folder=tmp_path), tmp_path)
    assert [each["check", "", "beliefs_exact", "beliefs", None][1].tolist() for each in rows] == [[1.0], [1.0]]


def test_a_piece_is_the_same_bytes_again_whatever_the_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    piece, seen = pieces(small())[1], []
    solve_piece = solving.solve_piece
    monkeypatch.setattr(solving, "solve_piece", lambda *given: seen.append(cores()) or solve_piece(*given))
    found = set()
    for processors in (1, 64):
        monkeypatch.setattr("os.cpu_count", lambda processors=processors: processors)
        found.add(work(piece).data)
    assert len(found) == 1
    assert seen == [1, 1]


def test_times_are_kept_by_step(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(
        "foederis: 1\ntitle: Ends\nclock: {step: 1 week, steps: 2}\nstate: {war: [on, over]}\n"
        "quantities: {p: 10% to 20%}\nevents: {truce: {when: war == on, chance: p, sets: {war: over}}}\n"
        "questions: {ends: {first: war == over}}\nwhatifs: {likely: {set: {quantities.p: 50%}}}\n",
        encoding="utf-8",
    )
    text = "ensemble: 1\ncases: {c: {file: case.yaml, what_ifs: likely}}\ndraws: 32\npiece: 32\n"
    plan = read_plan_text(text, folder=tmp_path)
    [rows] = compare(plan, tmp_path)
    chance = rows["quantity", "", "p", "", None][1]
    np.testing.assert_allclose(rows["first_time", "likely", "ends", "", 0][1], 0.5)
    np.testing.assert_allclose(rows["first_time", "likely", "ends", "", 0][2], 0.5 - chance)
    np.testing.assert_allclose(rows["first_time", "", "ends", "", None][1], (1 - chance) ** 2)


def test_what_cannot_be_solved_says_why() -> None:
    """And in which world, counted among all."""
    settings = "{odd: {set: {quantities.p_fall: 0.5 to 2}}}"
    with pytest.raises(fd.CaseError) as caught:
        fd.solve(_case_of(pieces(small(settings=settings))[0].study), draws=80, seed=3)
    first = int(re.findall(r"in draw (\d+)", str(caught.value))[0])
    for piece in pieces(small(settings=settings)):
        failure = work(piece).failure
        assert failure is not None
        assert failure.code == caught.value.diagnostics[0].code
        [draw] = map(int, re.findall(r"in draw (\d+)", failure.message))
        assert draw in range(piece.first, piece.first + piece.draws)
        assert (draw == first) == (piece.first == 0)


def test_other_versions_are_refused() -> None:
    piece = pieces(small())[0]
    other = Piece(replace(piece.study, versions={**versions(), "jax": "0.0.1"}), 0, 32)
    failure = work(other).failure
    assert failure is not None
    assert "jax 0.0.1 is now" in failure.message


def test_anything_that_goes_wrong_is_told_of_the_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr(solving, "solve_piece", fail)
    failure = work(pieces(small())[0]).failure
    assert failure is not None
    assert failure.message == "MemoryError: no room"


def test_without_pandas() -> None:
    code = """
import sys
sys.modules["pandas"] = None
from foederis.ensembles.tables import Rows, encode
import numpy as np
rows = Rows("c", "s", 0, np.arange(3), np.ones(3))
rows.add("question", "q", np.array([1.0, np.nan, 3.0]))
print(len(encode([rows.columns()], {"piece": "x"})) > 100)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=100)
    assert done.stdout == "True\n", done.stderr

"""Histories: frequencies of those that are drawn, and the most likely one, held against every path written out."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import Any

import numpy as np
import pytest

import foederis as fd
from foederis.analysis import following
from foederis.game.compile import compile_game
from foederis.language.sampling import draw_quantities, median_quantities
from tests.depth import tries
from tests.helpers import EVERYTHING

from .generate import seeded_file
from .printing import taken_together
from .raw import Raw, imposed_moves, load_raw, with_changes
from .reference import answer, first
from .test_losses import TWO_HOLDERS
from .test_reference import drawn
from .tree import Node, Path, Tree, paths, told
from .world import World

SHORT = EVERYTHING.replace("steps: 3", "steps: 2").replace("by: 2", "by: 1")  # three steps have too many paths
SHORT += "  bold: {set: {quantities.p_truce: 30% to 50%}, imposed: [{step: 0, patron: send_arms}]}\n"
SHORT = SHORT.replace(
    "questions:\n",
    "questions:\n  warm: {eventually: heat == 1 and fighting}\n  falls_in_time: {at_end: fallen and step == 2}\n",
)
OUTCOMES = ("falls", "falls_in_time", "comes", "hot", "hot_soon", "warm", "arms", "stands_by")
HISTORIES = 2000
WORLDS = 4


def in_words(found: fd.Histories) -> list[tuple[Any, ...]]:
    """Each history as what it can be recognised by: the levels at the end, and which options were taken when."""
    return [
        (
            tuple(history.final.items()),
            frozenset((h.step, h.name, h.what) for h in history.happenings if h.kind == "move"),
        )
        for history in found.histories
    ]


def of_path(world: World, path: Path) -> tuple[Any, ...]:
    final = tuple((v.name, v.level(code)) for v, code in zip(world.variables, path.states[-1], strict=True))
    return final, frozenset(path.taken)


def comes_true(world: World, item: Raw, path: Path) -> bool:
    """Whether the answer to a question is yes on a path."""
    alone = [Path(1.0, path.states, path.taken, path.paid)]
    found = answer(world, item, alone)
    assert isinstance(found, float)
    return found > 0.5


def written_out(text: str, case: fd.Case, what_if: str | None) -> tuple[list[World], list[list[Path]], Raw]:
    """Every path in each of the worlds among which histories are drawn."""
    raw, imposed, changes = load_raw(text), {}, {}
    if what_if:
        change = raw["whatifs"][what_if]
        changes = change.get("set") or {}
        raw, imposed = with_changes(raw, changes), imposed_moves(change)
    drawn_worlds = draw_quantities(case.with_changes(changes) if changes else case, WORLDS, seed=0)
    worlds = [World(raw, drawn(drawn_worlds, draw)) for draw in range(WORLDS)]
    return worlds, [list(paths(Tree(world), imposed)) for world in worlds], raw


def within_five_sigma(found: Counter[Any], expected: dict[Any, float], count: int) -> None:
    """Whether counts agree with probabilities."""
    assert set(found) <= {key for key, share in expected.items() if share > 0}
    for key, share in expected.items():
        sigma = math.sqrt(max(share * (1 - share), 1e-9) / count)
        assert abs(found[key] / count - share) <= 5 * sigma + 1 / count, key


@pytest.mark.parametrize(
    ("outcome", "what_if"),
    [*((outcome, None) for outcome in OUTCOMES), ("hot_soon", "weak"), ("arms", "comes_now"), ("falls", "bold")],
)
def test_histories_given_an_outcome(outcome: str, what_if: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    given_an_outcome(SHORT, outcome, what_if, monkeypatch)


def given_an_outcome(text: str, outcome: str, what_if: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "WORLDS", WORLDS)
    case = fd.loads(text)
    worlds, everything, raw = written_out(text, case, what_if)
    expected: dict[Any, float] = defaultdict(float)
    for world, some in zip(worlds, everything, strict=True):
        for path in some:
            if comes_true(world, raw["questions"][outcome], path):
                expected[of_path(world, path)] += path.probability / WORLDS
    whole = math.fsum(expected.values())
    if whole == 0:
        with pytest.raises(fd.CaseError) as caught:
            fd.histories(case, given=outcome, what_if=what_if)
        assert caught.value.diagnostics[0].code == "F751"
        return
    found = fd.histories(case, draws=HISTORIES, given=outcome, what_if=what_if)
    assert found.probability == pytest.approx(whole, abs=1e-12)
    assert all(history.answers[outcome] is True for history in found.histories)
    within_five_sigma(Counter(in_words(found)), {key: share / whole for key, share in expected.items()}, HISTORIES)
    by_world = Counter(history.world for history in found.histories)
    likely = {
        place: math.fsum(p.probability for p in some if comes_true(world, raw["questions"][outcome], p))
        / WORLDS
        / whole
        for place, (world, some) in enumerate(zip(worlds, everything, strict=True))
    }
    within_five_sigma(by_world, likely, HISTORIES)


def test_random_files_given_an_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    for number in range(40):
        text = seeded_file(number)
        case = fd.loads(text)
        for name, question in case.questions.items():
            if question.form in ("at_end", "eventually", "takes") and not question.given and compared < 5:
                given_an_outcome(text, name, None, monkeypatch)
                compared += 1
                break
    assert compared == 5


@pytest.mark.parametrize(
    ("text", "count"),
    [(EVERYTHING, HISTORIES), (TWO_HOLDERS, HISTORIES), (taken_together(EVERYTHING), tries(512, HISTORIES))],
    ids=["everything", "two holders", "together"],
)
def test_histories_are_as_likely_as_the_answers_say(text: str, count: int) -> None:
    """Each in a world of its own, so that their frequencies are the means over worlds."""
    case = fd.loads(text)
    found, solved = fd.histories(case, draws=count), fd.solve(case, draws=count)
    for name, reply in solved.questions.items():
        question = case.questions[name]
        answers = [history.answers[name] for history in found.histories]
        if question.given or question.form == "expected":
            continue
        if isinstance(reply, fd.FirstTime):
            labels = ["at the start", *(f"step {step}" for step in range(case.clock.steps)), "never"]
            shares = [*reply.by_step.mean(axis=0), reply.never.mean()]
            within_five_sigma(Counter(answers), dict(zip(labels, map(float, shares), strict=True)), count)
        else:
            within_five_sigma(Counter(answers), {True: reply.mean, False: 1 - reply.mean}, count)
    for name, loss in solved.losses.items():
        drawn_losses = np.array([history.losses[name] for history in found.histories])
        assert abs(drawn_losses.mean() - loss.mean) < 5 * drawn_losses.std() / math.sqrt(count)
    for name, levels in solved.through_time.items():
        finals = Counter(history.final[name] for history in found.histories)
        within_five_sigma(finals, {str(k): float(x[:, -1].mean()) for k, x in levels.items()}, count)


@pytest.mark.parametrize("text", [SHORT, taken_together(SHORT)], ids=["one after the other", "together"])
def test_answers_within_a_history_fit_what_happened(text: str) -> None:
    """Held against the questions of the reference, on the states that the happenings lead to."""
    case = fd.loads(text)
    raw = load_raw(text)
    found = fd.histories(case, draws=200)
    worlds = draw_quantities(case, 200, seed=0)
    for history in found.histories:
        assert history.world is not None
        world = World(raw, drawn(worlds, history.world))
        levels = {v.name: v.level(v.start) for v in world.variables}
        states = [state_of(world, levels)]
        taken = []
        for step in range(world.steps):
            for happening in history.happenings:
                if happening.step == step:
                    for change in happening.changes:
                        assert levels[change.variable] == change.before
                        levels[change.variable] = change.after
                    if happening.kind == "move":
                        taken.append((step, happening.name, happening.what))
            states.append(state_of(world, levels))
        assert levels == dict(history.final)
        path = Path(1.0, tuple(states), tuple(taken), ())
        for name, item in raw["questions"].items():
            compare_answer(world, item, path, history.answers[name])
        assert history.losses["plant"] == pytest.approx(world.exposures["plant"].loss(states[-1], world.steps))


def state_of(world: World, levels: dict[str, str]) -> tuple[int, ...]:
    return tuple(v.levels.index(levels[v.name]) + v.low for v in world.variables)


def compare_answer(world: World, item: Raw, path: Path, found: object) -> None:
    if "given" in item and not world.formula(item["given"])(path.states[-1], world.steps):
        assert found is None
    elif "first" in item:
        time = first(world.formula(item["first"]), path, int(item["by"]) if "by" in item else None)
        assert found == ("never" if time is None else f"step {time - 1}" if time else "at the start")
    else:
        expected = answer(world, {key: part for key, part in item.items() if key != "given"}, [path])
        assert found == (pytest.approx(expected) if "expected" in item else expected > 0.5)  # type: ignore[operator]


def all_histories(tree: Tree, imposed: dict[tuple[int, str], str], outcome: Raw | None) -> dict[Any, list[Any]]:
    """{what changed something, in order: [probability, whether the outcome comes true]}, from every path."""
    form = next((f for f in ("at_end", "eventually", "takes") if outcome and f in outcome), None)
    last = int(outcome["by"]) if outcome and "by" in outcome else tree.world.steps - 1
    found: dict[Any, list[Any]] = {}

    def walk(node: Node, probability: float, key: tuple[Any, ...], depth: int, path: Path) -> None:
        if not node.branches:
            came = outcome is None or comes_true(tree.world, outcome, path)
            entry = found.setdefault(key, [0.0, came])
            entry[0] += probability
            assert entry[1] == came
        forced = told(node, imposed)
        for place, branch in enumerate(node.branches):
            likely = (1.0 if branch in forced else 0.0) if forced else branch.probability
            if likely == 0:
                continue
            asked = form == "takes" and node.step <= last and f"{node.turn}.{branch.option}" == outcome["takes"]  # type: ignore[index]
            differs = branch.child.state != node.state or asked
            here = (*key, (node.step, depth, place)) if differs and not node.ends_step else key
            states = (*path.states, node.state) if node.ends_step else path.states
            taken = path.taken
            if branch.option is not None:
                taken = (*taken, (node.step, str(node.turn), branch.option))
            deeper = 0 if node.ends_step else depth + 1
            walk(branch.child, probability * likely, here, deeper, Path(1.0, states, taken, ()))

    walk(tree.root, 1.0, (), 0, Path(1.0, (tree.world.start,), (), ()))
    return found


def compare_most_likely(text: str, outcome: str | None, what_if: str | None = None) -> float:
    case, raw, imposed = fd.loads(text), load_raw(text), {}
    changed = case
    if what_if:
        change = raw["whatifs"][what_if]
        changed = case.with_changes(change.get("set") or {})
        raw, imposed = with_changes(raw, change.get("set") or {}), imposed_moves(change)
    assert not compile_game(case).structure.forgotten
    world = World(raw, drawn(median_quantities(changed), 0))
    every = all_histories(Tree(world), imposed, raw["questions"][outcome] if outcome else None)
    assert math.fsum(share for share, _ in every.values()) == pytest.approx(1)
    likely = {key: share for key, (share, came) in every.items() if came}
    if not likely:
        with pytest.raises(fd.CaseError) as caught:
            fd.histories(case, most_likely=True, given=outcome, what_if=what_if)
        assert caught.value.diagnostics[0].code == "F751"
        return 0.0
    found = fd.histories(case, most_likely=True, given=outcome, what_if=what_if)
    [history] = found.histories
    best = max(likely.values())
    assert found.chance == pytest.approx(best, rel=1e-9)
    assert found.probability == pytest.approx(math.fsum(likely.values()), abs=1e-9)
    ties = [key for key, share in likely.items() if share > best * (1 - 1e-9)]
    assert sorted(h.step for h in history.happenings) in [sorted(step for step, _, _ in key) for key in ties]
    if outcome:
        assert history.answers[outcome] is True
    return best


# Without the variable that is put back between steps, which counts as changed in the tree and not in the game.
PLAIN = (
    SHORT.replace("  mood: [low, high]\n", "")
    .replace(
        "  weather: {outcomes: {fair: {chance: 40%, sets: {mood: high}}, foul: {chance: 60%, sets: {mood: low}}}}\n", ""
    )
    .replace("odds: [{when: mood == high, times: 2}], ", "")
    .replace("heat + (0.5 if mood == low else 0)", "heat")
)


@pytest.mark.parametrize("what_if", [None, "weak", "comes_now", "bold"])
@pytest.mark.parametrize("outcome", [None, *OUTCOMES])
def test_the_most_likely_history(outcome: str | None, what_if: str | None) -> None:
    compare_most_likely(PLAIN, outcome, what_if)


@pytest.mark.parametrize("outcome", [None, "falls", "hot_soon", "arms"])
def test_histories_of_turns_taken_together(outcome: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    compare_most_likely(taken_together(PLAIN), outcome, "bold")
    if outcome:
        given_an_outcome(taken_together(SHORT), outcome, "bold", monkeypatch)


def test_the_most_likely_history_of_random_files() -> None:
    compared = 0
    for number in range(60):
        text = seeded_file(number)
        case = fd.loads(text)
        if compile_game(case).structure.forgotten or compared >= 16:
            continue
        for name in [None, *case.questions][:3]:
            question = case.questions[name] if name else None
            if question and (question.form not in ("at_end", "eventually", "takes") or question.given):
                continue
            compared += compare_most_likely(text, name) > 0
    assert compared >= 16

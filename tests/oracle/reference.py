"""What one world answers, by going through every path of the crisis and looking.

Covers the language but for `types`, `together` and `observed`. Where the contract is silent: when a question looks
at a step, `step` is 0 at the start and t at the end of step t; at the final state it is `steps`, but with `by: N`
an `at_end` or `expected` reads the end of step N with `step` N.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from .evaluation import Formula
from .expressions import Number
from .raw import Raw, imposed_moves, load_raw, with_changes
from .tree import Path, Tree, live, paths, shortfall
from .world import World

FORMS = ("at_end", "eventually", "takes", "expected", "first")

Answer = float | tuple[list[float], float]


@dataclass(frozen=True)
class ReferenceAnswer:
    """`questions` holds a number, or (by_step, never) for `first`.

    `induced` are the values by backward induction alone, equal to `values` unless something is imposed; `scale` is
    the largest sum of payments on any path. `losses` are expected on the final state, by exposure; `noise` is what
    each actor loses, decision by decision, by not taking its best option while nothing is imposed.
    """

    questions: dict[str, Answer]
    values: dict[str, float]
    first_moves: dict[str, dict[str, float]]
    through_time: dict[str, dict[str, list[float]]]
    quantities: dict[str, float]
    induced: dict[str, float]
    ever_taken: dict[str, dict[str, float]]
    losses: dict[str, float]
    noise: dict[str, float]
    scale: float


def solve_reference(
    text: str, quantities: dict[str, float], what_if: str | None = None, *, memo: bool = False
) -> ReferenceAnswer:
    """The answers in the world with these quantities, under one of the file's what-ifs if it is named.

    Args:
        text: a crisis file without mistakes.
        quantities: the drawn value of every quantity that has a distribution; others are read from the file.
        memo: share equal nodes of the tree, for cases whose plain tree is too big.
    """
    raw = load_raw(text)
    imposed: dict[tuple[int, str], str] = {}
    if what_if is not None:
        change = raw["whatifs"][what_if]
        raw, imposed = with_changes(raw, change.get("set") or {}), imposed_moves(change)
    world = World(raw, quantities)
    tree = Tree(world, memo=memo)
    everything = list(paths(tree, imposed))
    return ReferenceAnswer(
        questions={name: answer(world, item, everything) for name, item in (raw.get("questions") or {}).items()},
        values={
            name: mean(everything, (path.paid[actor] for path in everything)) for actor, name in enumerate(world.actors)
        },
        first_moves=first_moves(world, everything),
        through_time=through_time(world, everything),
        quantities={name: world.quantity(name) for name in raw.get("quantities") or {}},
        induced=dict(zip(world.actors, tree.root.values, strict=True)),
        ever_taken=ever_taken(world, everything),
        losses={
            name: mean(everything, (exposure.loss(path.states[-1], world.steps) for path in everything))
            for name, exposure in world.exposures.items()
        },
        noise=noise(tree),
        scale=max(abs(number) for path in everything for number in path.paid),
    )


def mean(everything: list[Path], numbers: Iterable[float]) -> float:
    """The sum of the numbers, one for each path, weighted by the paths' probabilities."""
    return math.fsum(path.probability * number for path, number in zip(everything, numbers, strict=True))


def answer(world: World, item: Raw, everything: list[Path]) -> Answer:
    form = next(form for form in FORMS if form in item)
    last = int(item["by"]) if "by" in item else None
    if "given" in item:
        given = world.formula(item["given"])
        everything = [path for path in everything if given(path.states[-1], world.steps)]
    whole = math.fsum(path.probability for path in everything)

    def share(numbers: Iterable[float]) -> float:
        return mean(everything, numbers) / whole if whole > 0 else math.nan

    if form == "takes":
        turn, option = item["takes"].split(".")
        return share(takes(path, turn, option, last) for path in everything)
    formula = world.formula(item[form])
    if form in ("first", "eventually"):
        times = [first(formula, path, last) for path in everything]
        never = share(time is None for time in times)
        if form == "eventually":
            return share(time is not None for time in times)
        return [share(time == t for time in times) for t in range(world.steps + 1)], never
    return share(at_end(world, formula, path, last) for path in everything)


def at_end(world: World, formula: Formula, path: Path, last: int | None) -> float:
    if last is None:
        return formula(path.states[-1], world.steps)
    return formula(path.states[last + 1], last)


def first(formula: Formula, path: Path, last: int | None) -> int | None:
    """0 for the start, t + 1 for the end of step t, None for never."""
    for place, state in enumerate(path.states):
        if last is not None and place > last + 1:
            return None
        if formula(state, max(place - 1, 0)):
            return place
    return None


def takes(path: Path, turn: str, option: str, last: int | None) -> bool:
    return any((who, what) == (turn, option) and (last is None or step <= last) for step, who, what in path.taken)


def first_moves(world: World, everything: list[Path]) -> dict[str, dict[str, float]]:
    """How likely each actor's first turn takes each option in step 0, over all that comes before it."""
    found: dict[str, dict[str, float]] = {}
    for turn in world.turns:
        actor = world.actors[turn.actor]
        if actor not in found:
            found[actor] = {
                option.name: mean(everything, ((0, turn.name, option.name) in path.taken for path in everything))
                for option in turn.options
            }
    return found


def ever_taken(world: World, everything: list[Path]) -> dict[str, dict[str, float]]:
    """How likely each option of each turn is to be taken at any time."""
    return {
        turn.name: {
            option.name: mean(everything, (takes(path, turn.name, option.name, None) for path in everything))
            for option in turn.options
        }
        for turn in world.turns
    }


def noise(tree: Tree) -> dict[str, float]:
    movers = {turn.name: turn.actor for turn in tree.world.turns}
    return {
        name: shortfall(tree.root, actor, movers, tree.patience[actor]) for actor, name in enumerate(tree.world.actors)
    }


def through_time(world: World, everything: list[Path]) -> dict[str, dict[str, list[float]]]:
    """The probability of every level of every variable at the end of each step."""
    return {
        variable.name: {
            level: [
                mean(everything, (path.states[t + 1][place] == code for path in everything)) for t in range(world.steps)
            ]
            for code, level in enumerate(variable.levels, variable.low)
        }
        for place, variable in enumerate(world.variables)
    }


def count_paths(raw: Raw) -> int:
    """How many paths the tree can have at most, without playing any of them: a guard for the generator."""
    world = World(raw, {})
    phases = len(world.turns) + len(world.events)
    known: dict[tuple[int, int, tuple[int, ...]], int] = {}

    def count(step: int, phase: int, state: tuple[int, ...]) -> int:
        if phase == phases:
            step, phase = step + 1, 0
        if step == world.steps:
            return 1
        if (step, phase, state) not in known:
            known[step, phase, state] = sum(
                count(step, phase + 1, after) for after in successors(world, step, phase, state)
            )
        return known[step, phase, state]

    return count(0, 0, world.start)


def successors(world: World, step: int, phase: int, state: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The states after one turn or event, one for each branch that it could have."""
    if phase < len(world.turns):
        turn = world.turns[phase]
        if not live(turn, state, step):
            return [state]
        options = [option.effect.after(state, step) for option in turn.options if option.when(state, step)]
        return options if turn.chance.expression == Number(1) else [*options, state]
    event = world.events[phase - len(world.turns)]
    if not event.when(state, step):
        return [state]
    return [*(outcome.effect.after(state, step) for outcome in event.outcomes), state]

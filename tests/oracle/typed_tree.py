"""One world of a case with private types, on the whole tree of its public histories, in plain NumPy.

Every history is a node of its own. Beliefs are worked out downwards by Bayes' rule, values upwards for each combination
of types, and each type's shares from what its options are worth to it, over and over until nothing moves: an agent
quantal response equilibrium, whichever way it is found. Nothing is traced, nothing is read between nodes. Turns that are
taken together come one after the other, and those who choose later know nothing of what the others chose.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from foederis.language.case import Case, Event, Odds, Option, Outcome, Question, Turn
from foederis.language.expressions import Environment, Expression

Floats = NDArray[np.float64]
State = tuple[int, ...]
Answer = float | list[float]


@dataclass
class Node:
    """`branches` are options or outcomes, and None, last, where nothing may be done.

    Attributes:
        mover: of a turn; `choose` is the probability that it gets to choose.
        chances: of an event, float64[profiles, branches].
        pays: float64[profiles, branches, actors]; of the end of a step, or of all, with one branch or none.
        open: bool[types, options]; shares: float64[types, options].
        beliefs: by actor with types; values: float64[profiles, actors]; worth: float64[profiles, branches, actors].
        move: of a turn that is taken together with others: which move that is, of all there are on the tree; reach: how
            likely it is that those before it in the move chose as they did.
    """

    kind: str
    step: int
    state: State
    name: str = ""
    mover: str = ""
    choose: float = 1.0
    branches: list[str | None] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    chances: Floats = field(default_factory=lambda: np.zeros(0))
    pays: Floats = field(default_factory=lambda: np.zeros(0))
    open: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))
    shares: Floats = field(default_factory=lambda: np.zeros(0))
    beliefs: dict[str, Floats] = field(default_factory=dict)
    values: Floats = field(default_factory=lambda: np.zeros(0))
    worth: Floats = field(default_factory=lambda: np.zeros(0))
    move: int | None = None
    reach: float = 1.0


@dataclass(frozen=True)
class Sealed:
    """Choices that nobody sees yet: of which move, and those so far."""

    move: int
    chosen: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Path:
    """`happened` are outcomes of events, as `taken` are options; `paid` is what each actor gets, discounted."""

    probability: float
    states: tuple[State, ...]
    taken: tuple[tuple[int, str, str], ...]
    happened: tuple[tuple[int, str, str], ...] = ()
    paid: tuple[float, ...] = ()


class TypedTree:
    """The tree of a case in one world, {quantity: number}."""

    def __init__(self, case: Case, world: Mapping[str, float]):
        self.case, self.world = case, dict(world)
        self.actors, self.variables = list(case.actors), list(case.variables.values())
        self.types = {name: list(actor.types) for name, actor in case.actors.items() if actor.types}
        combinations = itertools.product(*self.types.values())
        self.profiles = [dict(zip(self.types, types, strict=True)) for types in combinations]
        self.prior = {
            name: np.array([float(self.read(share, (), 0, {})) for share in case.actors[name].types.values()])
            for name in self.types
        }
        self.patience = np.array([float(self.read(a.patience, (), 0, {})) for a in case.actors.values()])
        # For each type a combination that has it, the other actors' types being the same.
        self.first_rows = {
            actor: [next(row for row, p in enumerate(self.profiles) if p[actor] == name) for name in names]
            for actor, names in self.types.items()
        }
        self.phases: list[Turn | Event] = [*case.turns, *case.events]
        self.nodes: list[Node] = []
        self.moves = itertools.count()
        self.root = self.grow(0, 0, tuple(variable.start for variable in self.variables))

    def read(self, expression: Expression, state: State, step: int, profile: Mapping[str, str]) -> Any:
        values = {v.name: code + v.low for v, code in zip(self.variables, state, strict=False)}
        return np.asarray(expression(Environment(values, self.world, step, profile))).item()

    def holds(self, when: Expression | None, state: State, step: int, profile: Mapping[str, str]) -> bool:
        return when is None or bool(self.read(when, state, step, profile))

    # Growing the tree.

    def grow(self, step: int, phase: int, state: State, sealed: Sealed | None = None) -> Node:
        node = self.make(step, phase, state, sealed)
        self.nodes.append(node)
        return node

    def make(self, step: int, phase: int, state: State, sealed: Sealed | None = None) -> Node:
        if sealed and self.together(phase) != self.together(phase - 1):
            return self.make(step, phase, self.opened(sealed, state, step))
        if not sealed and self.together(phase) is not None:
            sealed = Sealed(next(self.moves))
        if step == self.case.clock.steps:
            return Node("end", step, state, pays=self.ends(state, step, at_end=True)[:, None])
        if phase == len(self.phases):
            paid = self.ends(state, step, at_end=False)[:, None]
            return Node("step", step, state, branches=[None], children=[self.grow(step + 1, 0, state)], pays=paid)
        rule = self.phases[phase]
        if not self.holds(rule.when, state, step, {}):
            return self.make(step, phase + 1, state, sealed)
        if isinstance(rule, Turn):
            return self.turn(rule, step, phase, state, sealed)
        return self.event(rule, step, phase, state)

    def together(self, phase: int) -> int | None:
        """Which turns it is taken together with."""
        rule = self.phases[phase] if phase < len(self.phases) else None
        return rule.together if isinstance(rule, Turn) else None

    def opened(self, sealed: Sealed, state: State, step: int) -> State:
        """All choices of a move take effect, in the listed order; all that they set is read from the state before."""
        new = list(state)
        for option in sealed.chosen:
            mine = self.after(option, state, step)
            for setting in option.sets:
                place = [v.name for v in self.variables].index(setting.variable)
                new[place] = mine[place]
        return tuple(new)

    def turn(self, turn: Turn, step: int, phase: int, state: State, sealed: Sealed | None) -> Node:
        mine = [{turn.actor: name} for name in self.types.get(turn.actor, [])] or [{}]
        opened = {o.name: [self.holds(o.when, state, step, known) for known in mine] for o in turn.options.values()}
        options = [turn.options[name] for name, open_to in opened.items() if any(open_to)]
        if not options:
            return self.make(step, phase + 1, state, sealed)
        node = Node("turn", step, state, turn.name, turn.actor, self.opportunity(turn, state, step))
        node.open = np.array([opened[option.name] for option in options]).T
        assert node.open.any(axis=1).all()
        node.shares = node.open / node.open.sum(axis=1, keepdims=True)
        node.move = sealed.move if sealed else None
        self.follow(node, options, phase, node.choose < 1, sealed)
        return node

    def opportunity(self, turn: Turn, state: State, step: int) -> float:
        period = self.case.actors[turn.actor].reconsiders_days
        if turn.chance is not None:
            return float(self.read(turn.chance, state, step, {}))
        if period is None:
            return 1.0
        return -math.expm1(-self.case.clock.step_days / float(self.read(period, (), 0, {})))

    def event(self, event: Event, step: int, phase: int, state: State) -> Node:
        node = Node("event", step, state, event.name)
        chances = [self.chances(event, state, step, profile) for profile in self.profiles]
        node.chances = np.array([[*found, max(0.0, 1 - math.fsum(found))] for found in chances])
        self.follow(node, list(event.outcomes.values()), phase, True)
        return node

    def follow(self, node: Node, branches: list[Any], phase: int, may_pass: bool, sealed: Sealed | None = None) -> None:
        step, state = node.step, node.state
        node.branches = [branch.name for branch in branches]
        if sealed:
            chosen = [replace(sealed, chosen=(*sealed.chosen, branch)) for branch in branches]
            node.children = [self.grow(step, phase + 1, state, choice) for choice in chosen]
        else:
            node.children = [self.grow(step, phase + 1, self.after(branch, state, step)) for branch in branches]
        node.pays = np.array(
            [[self.paid(b, node.state, node.step, profile) for b in branches] for profile in self.profiles]
        )
        if may_pass:
            node.branches.append(None)
            node.children.append(self.grow(step, phase + 1, state, sealed))
            node.pays = np.concatenate([node.pays, np.zeros((len(self.profiles), 1, len(self.actors)))], axis=1)

    def after(self, branch: Option | Outcome, state: State, step: int) -> State:
        new = list(state)
        for setting in branch.sets:
            place = [v.name for v in self.variables].index(setting.variable)
            code = int(self.read(setting.value, state, step, {})) - self.variables[place].low
            new[place] = min(max(code, 0), len(self.variables[place].levels) - 1)
        return tuple(new)

    def paid(self, branch: Option | Outcome, state: State, step: int, profile: Mapping[str, str]) -> list[float]:
        pays = branch.pays
        return [float(self.read(pays[a], state, step, profile)) if a in pays else 0.0 for a in self.actors]

    def ends(self, state: State, step: int, *, at_end: bool) -> Floats:
        """float64[profiles, actors]: interests and broken treaties."""
        found = np.zeros((len(self.profiles), len(self.actors)))
        for row, profile in zip(found, self.profiles, strict=True):
            for interest in self.case.interests:
                if interest.at_end == at_end and self.holds(interest.when, state, step, profile):
                    row[self.actors.index(interest.actor)] += self.read(interest.worth, state, step, profile)
            for treaty in self.case.treaties.values() if not at_end else ():
                for actor, cost in treaty.breach_cost.items() if treaty.binds else ():
                    broken = not self.holds(treaty.honoured_by[actor], state, step, profile)
                    if broken and self.holds(treaty.triggered, state, step, profile):
                        row[self.actors.index(actor)] -= self.read(cost, state, step, profile)
        return found

    def chances(self, event: Event, state: State, step: int, profile: Mapping[str, str]) -> list[float]:
        def number(expression: Expression | None) -> float:
            return float(self.read(expression, state, step, profile)) if expression is not None else math.nan

        def factor(odds: tuple[Odds, ...]) -> float:
            return math.prod(number(o.times) for o in odds if self.holds(o.when, state, step, profile))

        outcomes, common = list(event.outcomes.values()), factor(event.odds)
        own = [factor(outcome.odds) for outcome in outcomes]
        if all(outcome.share is None for outcome in outcomes):
            chances = [number(o.chance or event.chance) for o in outcomes]
            return _shifted(chances, [common * times for times in own])
        shares = [number(outcome.share) for outcome in outcomes]
        split = _shifted([share / math.fsum(shares) for share in shares], own)
        [happens] = _shifted([number(event.chance)], [common])
        return [happens * share for share in split]

    # Finding the fixed point.

    def likely(self, beliefs: Mapping[str, Floats], known: Mapping[str, str]) -> Floats:
        """float64[profiles]: how likely each combination of types is to somebody who knows some of them."""
        found = np.ones(len(self.profiles))
        for row, profile in enumerate(self.profiles):
            for actor, name in profile.items():
                sure = float(known.get(actor, name) == name)
                found[row] *= sure if actor in known else beliefs[actor][self.types[actor].index(name)]
        return found

    def done(self, node: Node) -> Floats:
        """float64[profiles, branches]: how likely each branch is."""
        if node.kind == "event":
            return node.chances
        if node.kind != "turn":
            return np.ones((len(self.profiles), len(node.children)))
        row = [self.types[node.mover].index(p[node.mover]) if node.mover in p else 0 for p in self.profiles]
        found = node.choose * node.shares[row]
        wait = np.full((len(row), len(node.children) - found.shape[1]), 1 - node.choose)
        return np.concatenate([found, wait], axis=1)

    def believe(self, node: Node, beliefs: dict[str, Floats]) -> None:
        """Bayes' rule, from here downwards. What does not depend on a type leaves the belief about it as it is."""
        node.beliefs, done = beliefs, self.done(node)
        for place, child in enumerate(node.children):
            after = dict(beliefs)
            for actor, rows in self.first_rows.items():
                joint = beliefs[actor] * done[rows, place]
                if joint.sum() > 0:
                    after[actor] = joint / joint.sum()
            if child.move is not None:
                child.reach = node.reach * float(done[0, place]) if child.move == node.move else 1.0
            self.believe(child, after)

    def weigh(self, damping: float) -> float:
        """Values from the ends to the start, and shares on the way; how far the shares were from their aims."""
        off = 0.0
        for node in self.nodes:  # children come before their parents
            if node.kind == "end":
                node.values = node.pays[:, 0]
                continue
            later = self.patience if node.kind == "step" else 1.0
            worth = node.pays + later * np.stack([child.values for child in node.children], axis=1)
            node.worth = worth
            if node.kind == "turn" and node.move is None:
                off = max(off, self.aim([node], damping))
            node.values = np.sum(self.done(node)[:, :, None] * worth, axis=1)
        for alike in self.alike.values():
            off = max(off, self.aim(alike, damping))
        return off

    @cached_property
    def alike(self) -> dict[tuple[int, str], list[Node]]:
        """The places of each turn that is taken together with others, which its actor cannot tell apart."""
        found: dict[tuple[int, str], list[Node]] = {}
        for node in self.nodes:
            if node.move is not None:
                found.setdefault((node.move, node.name), []).append(node)
        return found

    def aim(self, nodes: list[Node], damping: float) -> float:
        """Moves the shares at nodes that cannot be told apart towards what the worth of options calls for; how far they
        were from that."""
        aims = self.aims(nodes[0], np.asarray(sum(node.reach * node.worth for node in nodes)))
        off = float(np.abs(aims - nodes[0].shares).max())
        for node in nodes:
            node.shares = (1 - damping) * aims + damping * node.shares
        return off

    def aims(self, node: Node, worth: Floats) -> Floats:
        """float64[types, options]: the shares that the worth of options calls for."""
        place, actor = self.actors.index(node.mover), self.case.actors[node.mover]
        found = np.zeros_like(node.shares)
        for row, known in enumerate([{node.mover: name} for name in self.types.get(node.mover, [])] or [{}]):
            gains = self.likely(node.beliefs, known) @ worth[:, : found.shape[1], place]
            ahead = np.where(node.open[row], float(self.read(actor.rationality, (), 0, known)) * gains, -np.inf)
            parts = np.exp(ahead - ahead.max())
            found[row] = parts / parts.sum()
        return found

    def settle(self, damping: float = 0.0, rng: np.random.Generator | None = None, rounds: int = 3000) -> float:
        """To a fixed point, from even shares or random ones; how far it is missed."""
        for node in self.nodes if rng is not None else ():
            if node.kind == "turn":
                odds = np.where(node.open, np.exp(3 * rng.standard_normal(node.open.shape)), 0.0)
                node.shares = odds / odds.sum(axis=1, keepdims=True)
        off = math.inf
        for _ in range(rounds):
            self.believe(self.root, dict(self.prior))
            off = self.weigh(damping)
            if off < 1e-14:
                break
        return off

    def play(self, shares: Callable[[Node], Floats]) -> None:
        """Puts shares, float64[types, options] by turn, in the place of its own, and works out what follows."""
        for node in self.nodes:
            if node.kind == "turn":
                node.shares = shares(node)
        self.believe(self.root, dict(self.prior))
        self.weigh(1.0)

    # What it answers.

    def value(self, actor: str, name: str = "") -> float:
        likely = self.likely(self.prior, {actor: name} if name else {})
        return float(likely @ self.root.values[:, self.actors.index(actor)])

    def paths(self, profile: int, imposed: Mapping[tuple[int, str], str]) -> Iterator[Path]:
        start = Path(1.0, (self.root.state,), (), (), (0.0,) * len(self.actors))
        yield from self._walk(self.root, profile, imposed, start)

    def _walk(self, node: Node, profile: int, imposed: Mapping[tuple[int, str], str], path: Path) -> Iterator[Path]:
        now = self.patience**node.step
        if node.kind == "end":
            yield replace(path, paid=tuple(path.paid + now * node.pays[profile, 0]))
            return
        done, told = self.done(node)[profile], imposed.get((node.step, node.name)) if node.kind == "turn" else None
        if told is not None and told in node.branches:
            place = node.branches.index(told)
            mine = self.profiles[profile].get(node.mover)
            if node.open[self.types[node.mover].index(mine) if mine else 0, place]:
                done = np.eye(len(done))[place]
        for name, likely, pays, child in zip(node.branches, done, node.pays[profile], node.children, strict=True):
            if likely > 0:
                states = (*path.states, node.state) if node.kind == "step" else path.states
                record = [(node.step, node.name, name)] if name else []
                taken = (*path.taken, *(record if node.kind == "turn" else []))
                happened = (*path.happened, *(record if node.kind == "event" else []))
                paid = tuple(path.paid + now * pays)
                yield from self._walk(
                    child, profile, imposed, Path(path.probability * likely, states, taken, happened, paid)
                )

    def answers(self, imposed: Mapping[tuple[int, str], str] | None = None) -> dict[tuple[str, ...], dict[str, Answer]]:
        """By (): all together, and by (actor, type): every question's answer."""
        every = [list(self.paths(place, imposed or {})) for place in range(len(self.profiles))]
        return {key: self.replies(every, self.likely(self.prior, dict([key] if key else []))) for key in self.keys}

    @property
    def keys(self) -> list[tuple[str, ...]]:
        return [(), *((actor, name) for actor, names in self.types.items() for name in names)]

    def replies(self, every: list[list[Path]], likely: Floats) -> dict[str, Answer]:
        """Every question's answer over paths, by profile of types, where these are so likely."""
        return {name: self._answer(question, every, likely) for name, question in self.case.questions.items()}

    def _answer(self, question: Question, every: list[list[Path]], likely: Floats) -> Answer:
        steps = self.case.clock.steps
        parts, whole = np.zeros(steps + 2), 0.0
        for profile, paths, weight in zip(self.profiles, every, likely, strict=True):
            for path in paths:
                if question.given is None or self.holds(question.given, path.states[-1], steps, profile):
                    whole += weight * path.probability
                    parts += weight * path.probability * self._seen(question, path, profile)
        if whole <= 0:
            return [math.nan] * (steps + 2) if question.form == "first" else math.nan
        parts /= whole
        return [*parts[:-1], 1 - parts[:-1].sum()] if question.form == "first" else float(parts.sum())

    def _seen(self, question: Question, path: Path, profile: Mapping[str, str]) -> Floats:
        """float64[steps + 2]: what a path answers, and at which time."""
        steps, found = self.case.clock.steps, np.zeros(self.case.clock.steps + 2)
        by = steps - 1 if question.by is None else question.by
        if question.form == "takes":
            who = (question.turn, question.option)
            found[0] = any(taken[1:] == who and taken[0] <= by for taken in path.taken)
            return found
        assert question.expression is not None
        if question.form in ("at_end", "expected"):
            step = steps if question.by is None else by
            state = path.states[-1] if question.by is None else path.states[by + 1]
            found[0] = self.read(question.expression, state, step, profile)
            return found
        for time, state in enumerate(path.states[: by + 2]):
            if self.holds(question.expression, state, max(time - 1, 0), profile):
                found[time] = 1.0
                break
        return found


def _shifted(chances: list[float], factors: list[float]) -> list[float]:
    """p_i m_i / (1 − Σp + Σ p_j m_j); where that is 0/0 the chances stay as they were."""
    whole = 1 - math.fsum(chances) + math.fsum(p * m for p, m in zip(chances, factors, strict=True))
    if whole <= 1e-15:
        return chances
    return [p * m / whole for p, m in zip(chances, factors, strict=True)]

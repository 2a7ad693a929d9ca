"""The whole game tree of one world, every node of it, with its values by backward induction.

A node is a place in the order of play with the state reached; its children are made one by one, never shared
unless `memo` asks for it. Nothing is vectorised and nothing is clever: that is the point of an oracle.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from . import simultaneous
from .evaluation import Formula, State
from .world import Event, Turn, World

Payments = tuple[float, ...]


@dataclass
class Branch:
    probability: float
    child: Node
    payments: Payments
    option: str | None = None
    gain: float | None = None  # what the option is worth to one that does not see where in the tree it is
    outcome: str | None = None


@dataclass
class Node:
    """`turn` or `event` names what happens next, if it is one; `ends_step` marks what is paid as a step ends."""

    step: int
    state: State
    values: Payments
    branches: list[Branch] = field(default_factory=list)
    turn: str | None = None
    event: str | None = None
    ends_step: bool = False


class Tree:
    def __init__(self, world: World, *, memo: bool = False) -> None:
        self.world = world
        self.memo: dict[tuple[int, int, State], Node] | None = {} if memo else None
        self.nothing: Payments = (0.0,) * len(world.actors)
        self.rationality = [formula((), 0) for formula in world.rationality]
        self.patience = [formula((), 0) for formula in world.patience]
        self.root = self.grow(0, 0, world.start)

    def grow(self, step: int, phase: int, state: State) -> Node:
        if self.memo is None:
            return self.make(step, phase, state)
        if (step, phase, state) not in self.memo:
            self.memo[step, phase, state] = self.make(step, phase, state)
        return self.memo[step, phase, state]

    def make(self, step: int, phase: int, state: State) -> Node:
        """The node at which something happens next: what is not live is passed over at once."""
        world = self.world
        if step == world.steps:
            return Node(step, state, world.at_end(state))
        for place, turn in enumerate(world.turns[phase:], phase):
            if live(turn, state, step):
                if turn.together is not None:
                    return simultaneous.grow(self, turn.together, step, state)
                return self.decision(turn, step, place, state)
        for place, event in enumerate(world.events, len(world.turns)):
            if place >= phase and event.when(state, step):
                return self.chance(event, step, place, state)
        return self.end_of_step(step, state)

    def end_of_step(self, step: int, state: State) -> Node:
        """Next step's values are worth patience times as much today."""
        child, paid = self.grow(step + 1, 0, state), self.world.each_step(state, step)
        values = tuple(p + d * v for p, d, v in zip(paid, self.patience, child.values, strict=True))
        return Node(step, state, values, [Branch(1.0, child, paid)], ends_step=True)

    def decision(self, turn: Turn, step: int, phase: int, state: State) -> Node:
        options = [option for option in turn.options if option.when(state, step)]
        branches = []
        for option in options:
            paid = option.effect.payments(state, step, len(self.nothing))
            child = self.grow(step, phase + 1, option.effect.after(state, step))
            branches.append(Branch(0.0, child, paid, option.name))
        gains = [branch.payments[turn.actor] + branch.child.values[turn.actor] for branch in branches]
        opportunity = probability(turn.chance, state, step)
        for branch, share in zip(branches, logit(gains, self.rationality[turn.actor]), strict=True):
            branch.probability = opportunity * share
        if opportunity < 1:
            branches.append(Branch(1 - opportunity, self.grow(step, phase + 1, state), self.nothing))
        return Node(step, state, self.mean(branches), branches, turn=turn.name)

    def chance(self, event: Event, step: int, phase: int, state: State) -> Node:
        chances = event_chances(event, state, step)
        branches = []
        for outcome, likely in zip(event.outcomes, chances, strict=True):
            if likely > 0:
                paid = outcome.effect.payments(state, step, len(self.nothing))
                child = self.grow(step, phase + 1, outcome.effect.after(state, step))
                branches.append(Branch(likely, child, paid, outcome=outcome.name))
        rest = 1 - math.fsum(chances)
        if rest > 1e-15:
            branches.append(Branch(rest, self.grow(step, phase + 1, state), self.nothing))
        return Node(step, state, self.mean(branches), branches, event=event.name)

    def mean(self, branches: list[Branch]) -> Payments:
        return tuple(
            math.fsum(b.probability * (b.payments[actor] + b.child.values[actor]) for b in branches)
            for actor in range(len(self.nothing))
        )


def shortfall(node: Node, actor: int, movers: dict[str, int], patience: float) -> float:
    """What the actor is expected to lose from here on, discounted, by how far each of its choices is on average worth
    less than the best option there, play going on as in the tree."""
    later = patience if node.ends_step else 1.0
    further = (b.probability * later * shortfall(b.child, actor, movers, patience) for b in node.branches)
    lost = math.fsum(further)
    if node.turn is None or movers[node.turn] != actor:
        return lost
    own = [
        (b.probability, b.payments[actor] + b.child.values[actor] if b.gain is None else b.gain)
        for b in node.branches
        if b.option is not None
    ]
    best = max(gain for _, gain in own)
    return lost + math.fsum(probability * (best - gain) for probability, gain in own)


def live(turn: Turn, state: State, step: int) -> bool:
    return bool(turn.when(state, step)) and any(option.when(state, step) for option in turn.options)


def logit(gains: list[float], rationality: float) -> list[float]:
    """Probabilities proportional to exp(rationality × gain)."""
    if rationality < 0:
        raise ValueError("rationality below 0")
    best = max(gains)
    weights = [math.exp(rationality * (gain - best)) for gain in gains]
    return [weight / math.fsum(weights) for weight in weights]


def probability(formula: Formula, state: State, step: int) -> float:
    value = float(formula(state, step))
    if not 0 <= value <= 1:
        raise ValueError(f"a probability of {value}")
    return value


def factor(odds: list[tuple[Formula, Formula]], state: State, step: int) -> float:
    """The product of the `times` whose condition holds."""
    return math.prod(times(state, step) for when, times in odds if when(state, step))


def shifted(chances: list[float], factors: list[float]) -> list[float]:
    """p_i m_i / (1 − Σp + Σ p_j m_j); where that is 0/0 the chances stay as they were."""
    whole = 1 - math.fsum(chances) + math.fsum(p * m for p, m in zip(chances, factors, strict=True))
    if whole <= 1e-15:
        return chances
    return [p * m / whole for p, m in zip(chances, factors, strict=True)]


def event_chances(event: Event, state: State, step: int) -> list[float]:
    """The probability of each outcome; the rest is nothing."""
    common = factor(event.odds, state, step)
    own = [factor(outcome.odds, state, step) for outcome in event.outcomes]
    if event.chance is None:
        chances = [probability(outcome.weight, state, step) for outcome in event.outcomes]
        if math.fsum(chances) > 1 + 1e-9:
            raise ValueError(f"the chances of {event.name} sum to more than 1")
        return shifted(chances, [common * one for one in own])
    shares = [outcome.weight(state, step) for outcome in event.outcomes]
    split = shifted([share / math.fsum(shares) for share in shares], own)
    (happens,) = shifted([probability(event.chance, state, step)], [common])
    return [happens * share for share in split]


@dataclass(frozen=True)
class Path:
    """One way in which the whole crisis can go.

    `states` holds the start and the end of every step; `taken` every choice as (step, turn, option); `paid` each
    actor's discounted sum of payments; `happened` every event that happened as (step, event, outcome).
    """

    probability: float
    states: tuple[State, ...]
    taken: tuple[tuple[int, str, str], ...]
    paid: Payments
    happened: tuple[tuple[int, str, str], ...] = ()


def paths(tree: Tree, imposed: dict[tuple[int, str], str]) -> Iterator[Path]:
    """Every path with its probability; `imposed` turns take what they are told wherever they could."""
    yield from walk(tree, imposed, tree.root, Path(1.0, (tree.world.start,), (), tree.nothing))


def walk(tree: Tree, imposed: dict[tuple[int, str], str], node: Node, so_far: Path) -> Iterator[Path]:
    if not node.branches:
        paid = add(tree, so_far.paid, node.step, node.values)
        yield Path(so_far.probability, so_far.states, so_far.taken, paid, so_far.happened)
    for branch in told(node, imposed) or node.branches:
        likely = 1.0 if told(node, imposed) else branch.probability
        if likely > 0:
            taken, states, happened = so_far.taken, so_far.states, so_far.happened
            if branch.option is not None:
                taken += ((node.step, str(node.turn), branch.option),)
            if branch.outcome is not None:
                happened += ((node.step, str(node.event), branch.outcome),)
            if node.ends_step:
                states += (node.state,)
            paid = add(tree, so_far.paid, node.step, branch.payments)
            whole = Path(so_far.probability * likely, states, taken, paid, happened)
            yield from walk(tree, imposed, branch.child, whole)


def told(node: Node, imposed: dict[tuple[int, str], str]) -> list[Branch]:
    option = imposed.get((node.step, node.turn)) if node.turn is not None else None
    return [branch for branch in node.branches if option is not None and branch.option == option]


def add(tree: Tree, paid: Payments, step: int, more: Payments) -> Payments:
    return tuple(old + d**step * new for old, d, new in zip(paid, tree.patience, more, strict=True))

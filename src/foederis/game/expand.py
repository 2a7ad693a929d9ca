"""Reachable states, phase by phase, and the tables of where each branch leads. No loop runs over states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foederis.diagnostics import CaseError, Diagnostic
from foederis.game.packing import Codes, Packing, StateView, pack
from foederis.game.rules import Branch, Rule, changing
from foederis.language.case import Variable
from foederis.language.expressions import Environment, Expression

Mask = NDArray[np.bool_]
MAX_STATES = 2_000_000


@dataclass(frozen=True)
class Links:
    """Where the branches of a phase lead, while the step's number leaves that unchanged.

    Attributes:
        successor: int32[branches, states], places in the next phase's states (0 where a branch is not open).
        open: bool[branches, states].
        live: bool[states]; in the others the phase is skipped.
        stay: int32[states], where passing or skipping leads.
    """

    successor: NDArray[np.int32]
    open: Mask
    live: Mask
    stay: NDArray[np.int32]


@dataclass(frozen=True)
class PhaseStates:
    """A phase's reachable states (sorted codes), the step in which each is first reached, and its links."""

    rule: Rule
    codes: Codes
    since: NDArray[np.int64]
    links: tuple[Links, ...]
    link_of_step: tuple[int, ...]

    def at(self, step: int) -> Links:
        return self.links[self.link_of_step[step]]


@dataclass(frozen=True)
class Structure:
    """All that does not depend on any number: reachable states of every phase and how they hang together.

    `end_codes` are the states at the end of a step, `onward` the place of each in the first phase's states.
    """

    packing: Packing
    phases: tuple[PhaseStates, ...]
    end_codes: Codes
    end_since: NDArray[np.int64]
    onward: NDArray[np.int32]
    start: int
    steps: int
    forgotten: frozenset[str]

    @property
    def states_per_phase(self) -> list[int]:
        return [*(len(phase.codes) for phase in self.phases), len(self.end_codes)]


def expand(
    variables: dict[str, Variable],
    rules: tuple[Rule, ...],
    steps: int,
    forgotten: frozenset[str],
    max_states: int = MAX_STATES,
    max_work: float = float("inf"),
) -> Structure:
    """Finds every state that can be reached and links them.

    Args:
        max_states: the most states a phase may have.
        max_work: the most states visited in all, over phases and steps.
    Raises:
        CaseError: F403, naming the variables that multiply the states.
    """
    packing = pack(variables.values(), changing(rules))
    reached = _explore(packing, rules, steps, forgotten, max_states, max_work)
    codes = [np.concatenate(parts) if parts else np.empty(0, np.int64) for parts, _ in reached]
    since = [np.concatenate(parts) if parts else np.empty(0, np.int64) for _, parts in reached]
    orders = [np.argsort(part, kind="stable") for part in codes]
    codes = [part[order] for part, order in zip(codes, orders, strict=True)]
    since = [part[order] for part, order in zip(since, orders, strict=True)]
    phases = tuple(_link_phase(packing, rule, codes[k], since[k], codes[k + 1], steps) for k, rule in enumerate(rules))
    onward = _places(codes[0], reset(packing, codes[-1], forgotten))
    start = int(np.searchsorted(codes[0], packing.start))
    return Structure(packing, phases, codes[-1], since[-1], onward, start, steps, forgotten)


Reached = list[tuple[list[Codes], list[NDArray[np.int64]]]]


def _explore(
    packing: Packing, rules: tuple[Rule, ...], steps: int, forgotten: frozenset[str], max_states: int, max_work: float
) -> Reached:
    """For each phase, and the end of a step, the new states of every step with that step's number."""
    timeless = not any(rule.reads_step for rule in rules)
    known: list[Codes] = [np.empty(0, np.int64) for _ in range(len(rules) + 1)]
    reached: Reached = [([], []) for _ in known]
    frontier = np.array([packing.start], dtype=np.int64)
    work = 0
    for step in range(steps):
        for k in range(len(rules) + 1):
            new = frontier[~_contains(known[k], frontier)]
            known[k] = packing.distinct([known[k], new]) if len(new) else known[k]
            reached[k][0].append(new)
            reached[k][1].append(np.full(len(new), step, dtype=np.int64))
            work += len(new) if timeless else len(frontier)
            if len(known[k]) > max_states or work > max_work:
                raise CaseError([_too_many(packing, rules, k, known[k], max_states)])
            # Where nothing structural reads the step, a state that was seen before leads nowhere new.
            frontier = new if timeless else frontier
            if k < len(rules):
                parts = [after for _, after in _successors(packing, rules[k], frontier, step)]
                frontier = packing.distinct(parts) if parts else frontier
        frontier = packing.distinct([reset(packing, frontier, forgotten)])
        if not len(frontier):
            break
    return reached


def _contains(known: Codes, codes: Codes) -> Mask:
    if not len(known):
        return np.zeros(len(codes), dtype=bool)
    places = np.minimum(np.searchsorted(known, codes), len(known) - 1)
    return known[places] == codes


def _too_many(packing: Packing, rules: tuple[Rule, ...], k: int, codes: Codes, limit: int) -> Diagnostic:
    counts = sorted(packing.levels(codes).items(), key=lambda item: -item[1])
    product = " × ".join(f"{name} ({count})" for name, count in counts if count > 1)
    place = f"the {rules[k].kind} `{rules[k].name}`" if k < len(rules) else "the end of a step"
    message = (
        f"more than {limit:,} states can be reached before {place}"
        if len(codes) > limit
        else "exploring the states takes too long"
    )
    cure = f"what multiplies: {product}; drop a variable, shorten a range, or raise --max-states"
    return Diagnostic("F403", message, help=cure)


def _successors(packing: Packing, rule: Rule, codes: Codes, step: int) -> Iterator[tuple[Mask, Codes]]:
    """For each open branch, and for passing through, the states where it is possible and those they lead to."""
    live, opens = openings(packing, rule, codes, step)
    stay = stays(rule, live, opens)
    for branch, is_open in zip(rule.branches, opens, strict=True):
        if is_open.any():
            yield is_open, _apply(packing, branch, codes[is_open], step)
    if stay.any():
        yield stay, codes[stay]


def openings(packing: Packing, rule: Rule, codes: Codes, step: int) -> tuple[Mask, list[Mask]]:
    """Where a phase is live, and where each of its branches is open."""
    environment = Environment(StateView(packing, codes), {}, step)
    live = _holds(rule.when, environment, len(codes))
    opens = [
        live & _holds(branch.when, environment, len(codes)) if branch.possible else np.zeros(len(codes), dtype=bool)
        for branch in rule.branches
    ]
    if rule.kind == "turn":
        live = np.logical_or.reduce(opens) if opens else np.zeros(len(codes), dtype=bool)
    return live, opens


def stays(rule: Rule, live: Mask, opens: list[Mask]) -> Mask:
    """Where a phase can be passed through unchanged."""
    return np.ones_like(live) if rule.waits else ~live


def _holds(when: Expression | None, environment: Environment, count: int) -> Mask:
    if when is None:
        return np.ones(count, dtype=bool)
    return np.broadcast_to(np.asarray(when(environment), dtype=bool), (count,)).copy()


def _apply(packing: Packing, branch: Branch, codes: Codes, step: int) -> Codes:
    """The states after a branch; every expression reads the state before it."""
    environment = Environment(StateView(packing, codes), {}, step)
    after = codes
    for setting in branch.sets:
        variable = packing.variables[setting.variable]
        value = np.asarray(setting.value(environment), dtype=np.int64)
        top = len(variable.levels) - 1
        low = variable.low if variable.kind == "range" else 0
        after = packing.with_digits(after, codes, setting.variable, np.clip(value - low, 0, top))
    return after


def reset(packing: Packing, codes: Codes, forgotten: frozenset[str]) -> Codes:
    """States with the forgotten variables back at their start."""
    after = codes
    for name in sorted(forgotten):
        after = packing.with_digits(after, codes, name, packing.variables[name].start)
    return after


def _places(table: Codes, codes: Codes) -> NDArray[np.int32]:
    """Places of codes in a sorted table. A state that the table lacks is never met in that step: place 0."""
    if not len(table):
        return np.zeros(len(codes), dtype=np.int32)
    places = np.minimum(np.searchsorted(table, codes), len(table) - 1)
    return np.where(table[places] == codes, places, 0).astype(np.int32)


def _link_phase(
    packing: Packing, rule: Rule, codes: Codes, since: NDArray[np.int64], after: Codes, steps: int
) -> PhaseStates:
    found: dict[bytes, int] = {}
    links: list[Links] = []
    link_of_step = []
    for step in range(steps if rule.reads_step else 1):
        made = _link(packing, rule, codes, after, step)
        key = made.successor.tobytes() + made.open.tobytes() + made.live.tobytes()
        if key not in found:
            found[key] = len(links)
            links.append(made)
        link_of_step.append(found[key])
    if not rule.reads_step:
        link_of_step = link_of_step * steps
    return PhaseStates(rule, codes, since, tuple(links), tuple(link_of_step))


def _link(packing: Packing, rule: Rule, codes: Codes, after: Codes, step: int) -> Links:
    live, opens = openings(packing, rule, codes, step)
    successor = np.zeros((len(rule.branches), len(codes)), dtype=np.int32)
    for place, (branch, is_open) in enumerate(zip(rule.branches, opens, strict=True)):
        if is_open.any():
            successor[place, is_open] = _places(after, _apply(packing, branch, codes[is_open], step))
    opened = np.array(opens, dtype=bool).reshape(len(rule.branches), len(codes))
    return Links(successor, opened, live, _places(after, codes))

"""Reachable states, phase by phase, and the tables of where each branch leads. No loop runs over states."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foederis.diagnostics import CaseError, Diagnostic
from foederis.game import room
from foederis.game.packing import Codes, Packing, StateView, pack, stretches
from foederis.game.room import product_of
from foederis.game.rules import Branch, Rule, changing, most_notes
from foederis.game.store import blank
from foederis.language.case import Setting, Variable
from foederis.language.expressions import Environment, Expression

Mask = NDArray[np.bool_]
Steps = NDArray[np.int32]
MAX_STATES = 2_000_000
_MANY = 100_000  # states of a phase, up to which memory is no matter


@dataclass(frozen=True)
class Links:
    """Where the branches of a phase lead, while the step's number leaves that unchanged.

    Attributes:
        successor: int32[branches, states], places in the next phase's states (0 where a branch is not open).
        open: bool[branches, states].
        live: bool[states]; in the others the phase is skipped.
        stay: int32[states], where passing or skipping leads.
        by_type: bool[types, branches, states], what is open to each type of the actor, if that differs.
    """

    successor: NDArray[np.int32]
    open: Mask
    live: Mask
    stay: NDArray[np.int32]
    by_type: Mask | None = None

    @property
    def bytes(self) -> int:
        parts = self.successor, self.open, self.live, self.stay, self.by_type
        return sum(part.nbytes for part in parts if part is not None)

    @property
    def filed(self) -> tuple[int, int]:
        """Bytes of what may lie in files."""
        return self.successor.nbytes, self.open.nbytes


@dataclass(frozen=True)
class PhaseStates:
    """A phase's reachable states (sorted codes), the step in which each is first reached, and its links."""

    rule: Rule
    codes: Codes
    since: Steps
    links: tuple[Links, ...]
    link_of_step: tuple[int, ...]

    @property
    def bytes(self) -> int:
        links = [
            part for link in self.links for part in (link.successor, link.open, link.live, link.stay, link.by_type)
        ]
        return sum(part.nbytes for part in (self.codes, self.since, *links) if part is not None)

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
    end_since: Steps
    onward: NDArray[np.int32]
    start: int
    steps: int
    forgotten: frozenset[str]

    def place(self, name: str) -> int:
        """The place of the phase of this name."""
        return [phase.rule.name for phase in self.phases].index(name)

    @property
    def bytes(self) -> int:
        ends = self.end_codes.nbytes + self.end_since.nbytes + self.onward.nbytes
        return ends + sum(phase.bytes for phase in self.phases)

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
        CaseError: F403 or F411, naming the variables that multiply the states.
    """
    packing = pack(variables.values(), changing(rules), most_notes(rules))
    codes, since = _explore(packing, rules, steps, forgotten, max_states, max_work)
    phases = tuple(_link_phase(packing, rule, codes[k], since[k], codes[k + 1], steps) for k, rule in enumerate(rules))
    find = finder(packing, codes[0])
    onward = np.empty(len(codes[-1]), dtype=np.int32)
    for here in stretches(len(onward)):
        onward[here] = find(reset(packing, codes[-1][here], forgotten))
    start = int(np.searchsorted(codes[0], packing.start))
    return Structure(packing, phases, codes[-1], since[-1], onward, start, steps, forgotten)


def _explore(
    packing: Packing, rules: tuple[Rule, ...], steps: int, forgotten: frozenset[str], max_states: int, max_work: float
) -> tuple[list[Codes], list[Steps]]:
    """For each phase, and the end of a step, its states (sorted codes) and the step in which each is first met."""
    timeless = not any(rule.reads_step for rule in rules)
    known: list[Codes] = [np.empty(0, np.int64) for _ in range(len(rules) + 1)]
    reached: list[list[tuple[int, Codes]]] = [[] for _ in known]
    frontier = np.array([packing.start], dtype=np.int64)
    work = 0
    for step in range(steps):
        for k in range(len(rules) + 1):
            new = frontier[~_contains(known[k], frontier)]
            known[k] = packing.distinct([known[k], new]) if len(new) else known[k]
            if len(new):
                reached[k].append((step, new))
            work += len(new) if timeless else len(frontier)
            if len(known[k]) > max_states or work > max_work:
                raise CaseError([_too_many(packing, rules, k, known[k], max_states)])
            if len(known[k]) > _MANY:
                _must_fit(packing, rules, known)
            # Where nothing structural reads the step, a state that was seen before leads nowhere new.
            frontier = new if timeless else frontier
            if k < len(rules):
                frontier = _after(packing, rules[k], frontier, step)
        frontier = packing.distinct([reset(packing, frontier, forgotten)])
        if not len(frontier):
            break
    return known, [_since(*parts) for parts in zip(known, reached, strict=True)]


def _must_fit(packing: Packing, rules: tuple[Rule, ...], known: list[Codes]) -> None:
    """Refuses what is sure not to fit: states are kept twice while they are explored, and at the end of a step each has
    a value and a probability when it is solved, and the same from the step before."""
    needed = room.BASE + sum(room.of_links(rule, len(codes)) for rule, codes in zip(rules, known, strict=False))
    needed += sum(8 * len(codes) for codes in known) + 32 * len(known[-1])
    room.must_fit(needed, "the states found so far", [(packing, max(known, key=len))])


def _after(packing: Packing, rule: Rule, codes: Codes, step: int) -> Codes:
    """The states that can follow a phase."""
    found = [codes[:0]]
    for here in stretches(len(codes)):
        parts = [after for _, after in _successors(packing, rule, codes[here], step)]
        found += [packing.distinct(parts)] if parts else []
    return found[1] if len(found) == 2 else packing.distinct(found)


def _since(known: Codes, reached: list[tuple[int, Codes]]) -> Steps:
    found = np.empty(len(known), dtype=np.int32)
    for step, codes in reached:
        found[np.searchsorted(known, codes)] = step
    return found


def _contains(known: Codes, codes: Codes) -> Mask:
    found = np.zeros(len(codes), dtype=bool)
    for here in stretches(len(codes) if len(known) else 0):
        places = np.minimum(np.searchsorted(known, codes[here]), len(known) - 1)
        found[here] = known[places] == codes[here]
    return found


def _too_many(packing: Packing, rules: tuple[Rule, ...], k: int, codes: Codes, limit: int) -> Diagnostic:
    place = f"the {rules[k].kind} `{rules[k].name}`" if k < len(rules) else "the end of a step"
    if k < len(rules) and rules[k].opens:
        place = "what is chosen together takes effect"
    message = (
        f"more than {limit:,} states can be reached before {place}"
        if len(codes) > limit
        else "exploring the states takes too long"
    )
    cure = f"what multiplies: {product_of(packing, codes)}; drop a variable, shorten a range, or raise --max-states"
    return Diagnostic("F403", message, help=cure)


def _successors(packing: Packing, rule: Rule, codes: Codes, step: int) -> Iterator[tuple[Mask, Codes]]:
    """For each open branch, and for passing through, the states where it is possible and those they lead to."""
    live, opens = openings(packing, rule, codes, step)
    stay = stays(rule, live, opens)
    for branch, is_open in zip(rule.branches, opens, strict=True):
        if is_open.any():
            yield is_open, _take(packing, rule, branch, codes[is_open], step)
    if stay.any():
        yield stay, codes[stay]


def openings(packing: Packing, rule: Rule, codes: Codes, step: int) -> tuple[Mask, list[Mask]]:
    """Where a phase is live, and where each of its branches is open."""
    if rule.opens:
        noted = codes >= packing.states
        return noted, [noted]
    if rule.types:
        opens = list(np.logical_or.reduce([openings_of(packing, rule, codes, step, name)[1] for name in rule.types]))
        return np.logical_or.reduce(opens), opens
    return openings_of(packing, rule, codes, step)


def openings_of(
    packing: Packing, rule: Rule, codes: Codes, step: int, mine: str | None = None
) -> tuple[Mask, list[Mask]]:
    """The same for one type of the actor."""
    types = {rule.actor: mine} if mine is not None else {}
    environment = Environment(StateView(packing, codes), {}, step, types)
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


def _take(packing: Packing, rule: Rule, branch: Branch, codes: Codes, step: int) -> Codes:
    """The states after a branch."""
    if rule.opens:
        return _open_notes(packing, rule, codes, step)
    after = apply_sets(packing, branch.sets, codes, codes, step)
    if rule.sealed is None:
        return after
    counts = after != codes
    if any(setting.variable in rule.sealed.shared for setting in branch.sets):
        counts = np.ones_like(counts)
    note = rule.sealed.digits[rule.branches.index(branch)] * rule.sealed.stride * packing.states
    return np.where(counts, codes + note, codes)


def _open_notes(packing: Packing, rule: Rule, codes: Codes, step: int) -> Codes:
    """The states after turns that were taken together: what they set, in the order in which they are listed."""
    before, notes = codes % packing.states, codes // packing.states
    after = before
    for turn in rule.opens:
        assert turn.sealed is not None
        noted = notes // turn.sealed.stride % turn.sealed.size
        for digit in range(1, turn.sealed.size):
            branch = turn.branches[turn.sealed.digits.index(digit)]
            after = np.where(noted == digit, apply_sets(packing, branch.sets, before, after, step), after)
    return after


def apply_sets(packing: Packing, sets: Sequence[Setting], before: Codes, codes: Codes, step: int) -> Codes:
    """Codes with variables set; every expression reads the states `before`."""
    environment = Environment(StateView(packing, before), {}, step)
    for setting in sets:
        variable = packing.variables[setting.variable]
        top = len(variable.levels) - 1
        low = variable.low if variable.kind == "range" else 0
        fixed = setting.value.constant
        digits: Codes | int
        if fixed is None:
            digits = np.clip(np.asarray(setting.value(environment), dtype=np.int64) - low, 0, top)
        else:  # mostly, and clipping one number with NumPy costs as much as setting it in a few thousand states
            digits = min(max(int(fixed) - low, 0), top)
        codes = packing.with_digits(codes, codes, setting.variable, digits)
    return codes


def reset(packing: Packing, codes: Codes, forgotten: frozenset[str]) -> Codes:
    """States with the forgotten variables back at their start."""
    after = codes
    for name in sorted(forgotten):
        after = packing.with_digits(after, codes, name, packing.variables[name].start)
    return after


def finder(packing: Packing, table: Codes) -> Callable[[Codes], NDArray[np.int32]]:
    """Finds the places of codes in a sorted table. A state that the table lacks is never met in that step: place 0."""
    if packing.size <= 4 * len(table) + 4096:  # where most codes are states, a list of all is much faster to look up
        places = np.zeros(packing.size, dtype=np.int32)
        places[table] = np.arange(len(table), dtype=np.int32)
        return lambda codes: places[codes]

    def find(codes: Codes) -> NDArray[np.int32]:
        if not len(table):
            return np.zeros(len(codes), dtype=np.int32)
        places = np.minimum(np.searchsorted(table, codes), len(table) - 1)
        return np.where(table[places] == codes, places, 0).astype(np.int32)

    return find


def _link_phase(packing: Packing, rule: Rule, codes: Codes, since: Steps, after: Codes, steps: int) -> PhaseStates:
    find = finder(packing, after)
    if not rule.reads_step:
        return PhaseStates(rule, codes, since, (_link(packing, rule, codes, find, 0, None),), (0,) * steps)
    found: dict[bytes, int] = {}
    links: list[Links] = []
    link_of_step = []
    for step in range(steps):
        made = _link(packing, rule, codes, find, step, since)
        key = _digest(made)
        if key not in found:
            found[key] = len(links)
            links.append(made)
        link_of_step.append(found[key])
    return PhaseStates(rule, codes, since, tuple(links), tuple(link_of_step))


def _digest(made: Links) -> bytes:
    digest = hashlib.sha256()
    for part in (made.successor, made.open, made.live, made.by_type):
        if part is not None:
            digest.update(part.data)
    return digest.digest()


def _link(
    packing: Packing,
    rule: Rule,
    codes: Codes,
    find: Callable[[Codes], NDArray[np.int32]],
    step: int,
    since: Steps | None,
) -> Links:
    """The links of a phase in a step; `since` is when each state is first met, if that matters."""
    branches, states = len(rule.branches), len(codes)
    successor: NDArray[np.int32] = blank((branches, states))
    opened: Mask = blank((branches, states), bool)
    live = np.zeros(states, dtype=bool)
    stay = np.empty(states, dtype=np.int32)
    by_type = np.zeros((len(rule.types), branches, states), dtype=bool) if rule.types else None
    for here in stretches(states):
        part = codes[here]
        live[here], opens = openings(packing, rule, part, step)
        for place, (branch, is_open) in enumerate(zip(rule.branches, opens, strict=True)):
            opened[place, here] = is_open
            if is_open.any():
                successor[place, here][is_open] = find(_take(packing, rule, branch, part[is_open], step))
        stay[here] = find(part)
        if by_type is not None:
            for place, name in enumerate(rule.types):
                by_type[place, :, here] = openings_of(packing, rule, part, step, name)[1]
    if by_type is not None:
        met = np.ones(states, dtype=bool) if since is None else since <= step
        _check_types(packing, rule, codes, met & live & ~by_type.any(axis=1), step)
    return Links(successor, opened, live, stay, by_type)


def _check_types(packing: Packing, rule: Rule, codes: Codes, stuck: Mask, step: int) -> None:
    """Whether each type, bool[types, states], has an option wherever another has one.

    Raises:
        CaseError: F313 if not. If one could not choose, its silence alone would tell the others what it is.
    """
    if not stuck.any():
        return
    place, state = (int(found[0]) for found in np.nonzero(stuck))
    levels = ", ".join(
        f"{name} = {variable.levels[packing.digits(codes[state : state + 1], name)[0]]}"
        for name, variable in packing.variables.items()
    )
    message = (
        f"where {levels}, in step {step}, `{rule.name}` has an option for some types but none for {rule.types[place]}"
    )
    cure = "give every type something to choose there, as an option `wait: {}`"
    raise CaseError([Diagnostic("F313", message, help=cure)])

"""From what was carried backwards and met forwards to the answers of a block, and of all blocks together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from foederis.solve.backward import Plan
from foederis.solve.fixed_points import FixedPoints, join_points
from foederis.solve.forward import Course, share_of
from foederis.solve.layout import Layout
from foederis.solve.numbers import Numbers
from foederis.solve.prior import given_seen, given_types, share_in
from foederis.solve.refine import Fineness
from foederis.solve.signal_points import SignalPoints, join_signals
from foederis.solve.verify import Findings, Judgement, verdict

Floats = NDArray[np.float64]
_ROUNDING = 1e-13
_STRAYED = 1e-9  # of a belief


Key = tuple[str, str]  # an actor and one of its types


@dataclass(frozen=True)
class Answers:
    """One course of play: every question's answer, per draw.

    Attributes:
        questions: {name: float64[draws]}; nan where a `given` condition never holds.
        firsts: {name: float64[draws, steps + 2]}: start, each step, never.
        losses: {exposure: float64[draws]}, expected on the final state, in the exposure's unit.
        imposed: float64[draws, moves], the probability that each move of the plan was open.
        endings: float64[draws, classes], the probability of each class of final states; no classes if none are asked
            for.
        evidence: float64[draws], the logarithm of how likely what was seen is on this course; 0 if nothing was. Where
            it is minus infinity, the answers are nan.
        by_type: {(actor, type): answers if the actor has that type}; empty where nobody has types.
        shares: {(actor, type): float64[draws]}, how likely the type is, given what was seen if anything was.
    """

    questions: Mapping[str, Floats]
    firsts: Mapping[str, Floats]
    losses: Mapping[str, Floats]
    imposed: Floats
    endings: Floats
    evidence: Floats
    by_type: Mapping[Key, Answers] = field(default_factory=dict)
    shares: Mapping[Key, Floats] = field(default_factory=dict)


@dataclass(frozen=True)
class Signals:
    """How well the fixed points of signals were found.

    Attributes:
        exact: whether all beliefs that play leads to are nodes of the grid; without types there is none.
        points: by phase, those that are in doubt.
    """

    exact: bool
    points: tuple[SignalPoints, ...] = ()

    @property
    def missed(self) -> int:
        """How many fixed points were not reached."""
        return sum(int((~part.doubts.crossed).sum()) for part in self.points)

    @property
    def split(self) -> int:
        """For how many others the branch that is traced has turned or split on the way."""
        return sum(int(part.doubts.crossed.sum()) for part in self.points)

    def worse(self, other: Signals) -> Signals:
        return Signals(self.exact and other.exact, join_signals([*self.points, *other.points]))


@dataclass(frozen=True)
class Solution:
    """A game solved for all its draws.

    Attributes:
        baseline: answers under equilibrium play; plans: those with each plan's moves imposed; all given what was seen.
        prior: the baseline before anything was seen; None if nothing was.
        retold: the baseline given other accounts of what was seen.
        values: float64[draws, seats], points.
        noise: float64[draws, seats], what each loses, over its decisions, by not always choosing the best; over those
            still to come if anything was seen.
        first_moves: {turn: float64[draws, options]} in step 0; first_by_type: {(actor, type): the same}, for the turns
            of that actor.
        ever: {turn: float64[draws, options]}, the probability that an option is ever taken; empty if not asked for.
        levels: {variable: float64[draws, steps, levels]} at the end of each step.
        shares: {(actor, type): float64[draws]}, before anything is seen.
        judgement: the findings of the independent check; signals: of the solver itself.
        block: how many draws were solved at once.
        points: for each simultaneous move how its fixed points were found.
        fineness: the grid of beliefs, and what a finer one would change.
    """

    baseline: Answers
    plans: tuple[Answers, ...]
    values: Floats
    noise: Floats
    first_moves: Mapping[str, Floats]
    first_by_type: Mapping[Key, Mapping[str, Floats]]
    ever: Mapping[str, Floats]
    levels: Mapping[str, Floats]
    shares: Mapping[Key, Floats]
    judgement: Judgement
    signals: Signals
    block: int
    points: tuple[FixedPoints, ...] = ()
    fineness: Fineness | None = None
    prior: Answers | None = None
    retold: tuple[Answers, ...] = ()


@dataclass(frozen=True)
class BlockResult:
    """The results of one block of draws; `answers` are those of each course, see filter.courses. `strayed`,
    float64[draws], is how far the beliefs to which what was seen leads lie from nodes of the grid on average."""

    answers: list[Answers]
    values: Floats
    noise: Floats
    first_moves: Mapping[str, Floats]
    first_by_type: Mapping[Key, Mapping[str, Floats]]
    ever: Mapping[str, Floats]
    levels: Mapping[str, Floats]
    shares: Mapping[Key, Floats]
    judgement: Judgement
    signals: Signals
    points: tuple[FixedPoints, ...] = ()
    strayed: Floats = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True)
class Played:
    """One way that a block was played.

    Attributes:
        columns, courses: for each profile of types the question columns at the start, float64[columns, draws], and the
            course of play; plan: the moves that were imposed.
        evidence: float64[profiles, draws], how likely what was seen on this course is; see filter.Lens.
        telling: what tells of types, likewise. It is the same but for imposed moves: these ask what else could have
            been where everybody is what all that was seen shows.
    """

    columns: Sequence[Floats]
    courses: Sequence[Course]
    plan: Plan
    evidence: Floats
    telling: Floats


@dataclass(frozen=True)
class BlockReader:
    """Reads one block, of whose draws the first `used` are wanted. `likely`, float64[profiles, draws], says how likely
    each profile of types is."""

    layout: Layout
    numbers: Numbers
    likely: Floats
    used: int

    def read(
        self,
        values: Floats,
        played: Sequence[Played],
        shared: Floats,
        seen: Course,
        found: Findings,
        ends: Floats,
        signals: Signals,
    ) -> BlockResult:
        """The block's results.

        Args:
            values: those at the start, float64[seats, draws].
            played: the courses of play, see filter.courses.
            shared: the question columns at the start that are under what all expect of types, float64[columns, draws].
            seen: play as it is decided, as all see it who have no type.
            found: what the check found; ends: the range of values at the ends of steps.
            signals: what the solver says of its fixed points.
        """
        used, layout = self.used, self.layout
        given = layout.game.seen is not None
        baseline = played[int(given)]
        whole = self._profiles({}, baseline.telling)[0]
        first_moves, ever = {}, {}
        for place, phase in enumerate(layout.game.phases):
            if phase.mover >= 0 and phase.branches:
                first_moves[phase.name] = self._moves(place, baseline.courses, whole).T[:used]
                if layout.asking.ever:
                    parts = zip(baseline.columns, baseline.courses, strict=True)
                    each = np.stack([self._ever(place, *part) for part in parts])
                    mean = np.sum(whole[:, None] * each, axis=0)
                    for column, likely in zip(layout.asking.shared, shared, strict=False):
                        if column.phase == place:
                            mean[column.branch] = likely
                    ever[phase.name] = mean.T[:used]
                    ever[phase.name] = _settled(ever[phase.name]) if given else ever[phase.name]
        points, errors = self._met(played[0].courses, seen, values)
        judged = ends.shape[1]
        levels = np.sum(whole[:, None, None] * np.array([course.levels for course in baseline.courses]), axis=0)
        worth, noise = self._given(baseline) if given else (values, errors)
        return BlockResult(
            self.answer(played),
            worth.T[:used],
            noise.T[:used],
            first_moves,
            self._first_by_type(baseline),
            ever,
            self._levels(levels),
            self._shares(self.likely),
            verdict(found, ends, values[:judged], points[:judged]),
            signals,
        )

    def answer(self, played: Sequence[Played]) -> list[Answers]:
        """The answers on each course of play."""
        return [self._with_types(part) for part in played]

    def _profiles(self, known: Mapping[str, str], telling: Floats) -> tuple[Floats, Floats]:
        """float64[profiles, draws]: how likely each profile of types is, given some types and what tells of them; and
        the logarithm of how likely this is, float64[draws]."""
        likely = given_types(self.layout.game.roster, self.likely, known)
        return given_seen(likely, telling) if telling.any() else (likely, np.zeros(likely.shape[1]))

    @property
    def _keys(self) -> list[Key]:
        return [(typed.actor, name) for typed in self.layout.game.roster.typed for name in typed.names]

    def _shares(self, likely: Floats) -> dict[Key, Floats]:
        return {key: share_in(self.layout.game.roster, likely, *key)[: self.used] for key in self._keys}

    def _moves(self, place: int, courses: Sequence[Course], likely: Floats) -> Floats:
        """[options, draws]: how likely each option is taken in the first step."""
        return np.asarray(sum(w * course.taken[0][place] for w, course in zip(likely, courses, strict=True)))

    def _first_by_type(self, played: Played) -> dict[Key, dict[str, Floats]]:
        game, found = self.layout.game, {}
        for actor, name in self._keys:
            likely, evidence = self._profiles({actor: name}, played.telling)
            found[actor, name] = {
                phase.name: _where_seen(self._moves(place, played.courses, likely).T, evidence)[: self.used]
                for place, phase in enumerate(game.phases)
                if phase.mover >= 0 and game.roster.seats[phase.mover].actor == actor
            }
        return found

    def _given(self, played: Played) -> tuple[Floats, Floats]:
        """The points that each seat meets given what was seen, and those that it still loses to its errors;
        float64[seats, draws] each."""
        points: list[Floats] = []
        errors: list[Floats] = []
        for place, seat in enumerate(self.layout.game.roster.seats):
            likely, evidence = self._profiles(dict(seat.knows), played.telling)
            for found, tables in ((points, "points"), (errors, "errors")):
                each = [np.asarray(getattr(course, tables))[place] for course in played.courses]
                found.append(_where_seen(sum(w * part for w, part in zip(likely, each, strict=True)), evidence))
        return np.array(points), np.array(errors)

    def _met(self, courses: Sequence[Course], seen: Course, values: Floats) -> tuple[Floats, Floats]:
        """The points that each seat has met on the way, and those that it has lost to its errors; float64[seats,
        draws] each. Where several actors have types, no course is the one that a type expects: what it has met is
        then not looked at."""
        points, errors = np.array(seen.points), np.array(seen.errors)
        roster = self.layout.game.roster
        for place, seat in enumerate(roster.seats):
            if seat.type:
                likely = given_types(roster, self.likely, dict(seat.knows))
                errors[place] = sum(w * np.asarray(c.errors)[place] for w, c in zip(likely, courses, strict=True))
                met = sum(w * np.asarray(c.points)[place] for w, c in zip(likely, courses, strict=True))
                points[place] = met if len(roster.typed) == 1 else values[place]
        return points, errors

    def _levels(self, masses: Floats) -> dict[str, Floats]:
        """{variable: [draws, steps, levels]}, from float64[steps, levels of all variables, draws]"""
        found, above = {}, 0
        for name in self.layout.level_names:
            count = len(self.layout.game.packing.variables[name].levels)
            found[name] = masses.transpose(2, 0, 1)[: self.used, :, above : above + count]
            above += count
        return found

    def _ever(self, place: int, columns: Floats, course: Course) -> Floats:
        """[options, draws]: the probability that each option of a turn is ever taken."""
        layout = self.layout
        found = np.zeros((len(layout.game.phases[place].branches), self.numbers.draws))
        for branch in range(len(found)):
            if (place, branch) in layout.asking.counted:
                found[branch] = self._count(place, branch, layout.game.steps - 1, course)
        for offset, column in enumerate(layout.columns):
            if column.phase == place and column.plain:
                found[column.branch] = columns[offset]
        return found

    def _count(self, place: int, branch: int, by: int, course: Course) -> Floats:
        return np.asarray(sum(np.asarray(course.taken[step][place][branch]) for step in range(by + 1)))

    def _with_types(self, played: Played) -> Answers:
        parts = [
            self._parts(columns, course, profile)
            for profile, (columns, course) in enumerate(zip(played.columns, played.courses, strict=True))
        ]
        by_type = {key: self._answers(played, parts, dict([key])) for key in self._keys}
        shares = self._shares(self._profiles({}, played.telling)[0])
        return replace(self._answers(played, parts, {}), by_type=by_type, shares=shares)

    def _answers(self, played: Played, parts: Sequence[Parts], known: Mapping[str, str]) -> Answers:
        """The answers given some types."""
        layout, used = self.layout, self.used
        likely, told = self._profiles(known, played.telling)

        def mean(values: Sequence[Floats]) -> Floats:
            return np.asarray(sum(w * value for w, value in zip(likely, values, strict=True)))

        questions, firsts = {}, {}
        for name in parts[0]:
            share = share_of(mean([part[name][0] for part in parts]), mean([part[name][1] for part in parts]))
            if share.ndim > 1:
                firsts[name] = _first(share[:, :used], layout.game.steps)
            else:
                questions[name] = share[:used]
        losses = {}
        if played.courses[0].losses is not None:
            found = mean([np.asarray(course.losses) for course in played.courses])
            losses = {name: row[:used] for name, row in zip(layout.game.asked.losses, found, strict=True)}
        moves = [mean([c.taken[move.step][move.phase][move.branch] for c in played.courses]) for move in played.plan]
        opened = np.array(moves).reshape(len(moves), self.numbers.draws).T[:used]
        none = np.zeros((0, self.numbers.draws))
        endings = mean([none if course.endings is None else course.endings for course in played.courses])
        evidence = np.where(told > -np.inf, self._profiles(known, played.evidence)[1], -np.inf)[:used]
        if layout.game.seen is not None:
            shares = {ask.name for ask in layout.game.asked.questions if ask.form != "expected"}
            questions.update({name: _settled(values) for name, values in questions.items() if name in shares})
            firsts.update({name: _settled(values) for name, values in firsts.items()})
        for table in (questions, firsts, losses):
            table.update({name: _where_seen(values, evidence) for name, values in table.items()})
        return Answers(questions, firsts, losses, opened, endings.T[:used], evidence)

    def _parts(self, columns: Floats, course: Course, profile: int) -> Parts:
        """By question its answer times the probability of what is given, and that probability; for `first` questions
        float64[start and each step, draws]."""
        layout, asked, draws = self.layout, self.layout.game.asked, self.numbers.draws
        asks = {ask.name: ask for ask in asked.by_profile[profile]}
        ones = np.ones(draws)
        found: Parts = {name: (part, course.given.get(name, ones)) for name, part in course.answers.items()}
        carried: dict[str, list[Floats]] = {}
        for offset, column in enumerate(layout.columns):
            if column.ask is None:
                continue
            ask = asks[column.ask.name]
            given = columns[layout.asking.givens.index(column.ask.given)] if ask.given >= 0 else ones
            here = np.zeros(draws)
            if ask.form in ("eventually", "first"):
                assert ask.expression is not None
                here = asked.at_start(ask.expression, self.numbers.worlds, draws, profile).astype(np.float64)
            later = (1 - here) * columns[offset]
            if ask.form == "first":
                carried.setdefault(ask.name, [here * given]).append(later)
                found[ask.name] = np.stack(carried[ask.name]), given
            else:
                found[ask.name] = here * given + later, given
        for ask in asks.values():
            if ask.form == "takes" and ask.name not in found:
                found[ask.name] = self._count(ask.phase, ask.branch, ask.by, course), ones
        for name, steps in course.firsts.items():
            found[name] = np.stack(steps), ones
        return found


def _settled(shares: Floats) -> Floats:
    """Probabilities of which those that differ from 0 or 1 by rounding alone are 0 or 1: what was seen settles much."""
    ends = np.round(shares)
    return np.where(np.abs(shares - ends) < _ROUNDING, ends, shares)


def _where_seen(values: Floats, evidence: Floats) -> Floats:
    """nan in the draws in which what was seen cannot be; the draws are the first axis."""
    impossible = evidence == -np.inf
    return np.where(impossible.reshape(-1, *[1] * (values.ndim - 1)), np.nan, values) if impossible.any() else values


Parts = dict[str, tuple[Floats, Floats]]


def _first(parts: Floats, steps: int) -> Floats:
    """[draws, steps + 2]: start, each step (0 after the last one looked at), never."""
    found = np.zeros((parts.shape[1], steps + 2))
    found[:, : len(parts)] = parts.T
    found[:, -1] = np.clip(1 - found[:, :-1].sum(axis=1), 0, 1)
    found[np.isnan(found[:, 0])] = np.nan  # what is given never holds
    return found


def _together(parts: Sequence[Mapping[str, Floats]]) -> dict[str, Floats]:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _join_answers(parts: Sequence[Answers]) -> Answers:
    return Answers(
        _together([p.questions for p in parts]),
        _together([p.firsts for p in parts]),
        _together([p.losses for p in parts]),
        np.concatenate([p.imposed for p in parts]),
        np.concatenate([p.endings for p in parts]),
        np.concatenate([p.evidence for p in parts]),
        {key: _join_answers([p.by_type[key] for p in parts]) for key in parts[0].by_type},
        {key: np.concatenate([p.shares[key] for p in parts]) for key in parts[0].shares},
    )


def join_courses(parts: Sequence[Sequence[Answers]]) -> list[Answers]:
    """The answers on each course of play, of several blocks together."""
    return [_join_answers(course) for course in zip(*parts, strict=True)]


def _strays(layout: Layout, answers: Sequence[Answers], parts: Sequence[BlockResult]) -> bool:
    """Whether what was seen leads to beliefs that are no nodes, in worlds that count."""
    if layout.game.seen is None:
        return False
    evidence, strayed = answers[1].evidence, np.concatenate([p.strayed for p in parts])
    if not np.isfinite(evidence).any():
        return False
    return float(np.average(strayed, weights=np.exp(evidence - evidence.max()))) > _STRAYED


def join(layout: Layout, parts: Sequence[BlockResult], plans: int, block: int) -> Solution:
    """All blocks together, in the order of their draws; `plans` is how many plans there are."""
    judgement, signals = parts[0].judgement, parts[0].signals
    for part in parts[1:]:
        judgement, signals = judgement.worse(part.judgement), signals.worse(part.signals)
    answers = join_courses([p.answers for p in parts])
    signals = replace(signals, exact=signals.exact and not _strays(layout, answers, parts))
    values = np.concatenate([p.values for p in parts])
    levels = _together([p.levels for p in parts])
    for name, variable in layout.game.packing.variables.items():
        if name not in levels:  # nothing ever sets it
            levels[name] = np.zeros((len(values), layout.game.steps, len(variable.levels)))
            levels[name][:, :, variable.start] = 1.0
    given = int(layout.game.seen is not None)
    rest = answers[1 + given :]
    return Solution(
        answers[given],
        tuple(rest[:plans]),
        values,
        np.concatenate([p.noise for p in parts]),
        _together([p.first_moves for p in parts]),
        {key: _together([p.first_by_type[key] for p in parts]) for key in parts[0].first_by_type},
        _together([p.ever for p in parts]),
        levels,
        {key: np.concatenate([p.shares[key] for p in parts]) for key in parts[0].shares},
        judgement,
        signals,
        block,
        tuple(join_points(points) for points in zip(*(p.points for p in parts), strict=True)),
        prior=answers[0] if given else None,
        retold=tuple(rest[plans:]),
    )

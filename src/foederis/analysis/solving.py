"""From a case to its answer: draws, baseline, what-ifs, check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from foederis.analysis import tabled
from foederis.analysis.accepting import accept
from foederis.analysis.answers import Answer, Check, Estimate, Floats, Reply, WhatIfAnswer, minus
from foederis.analysis.asking import asks_otherwise
from foederis.analysis.doubts import note
from foederis.analysis.prepared import Prepared
from foederis.analysis.standing import Standing, standing_of, weights_if
from foederis.diagnostics import CaseError, Diagnostic, nearest
from foederis.game.compile import Game
from foederis.game.expand import MAX_STATES
from foederis.game.observed import see
from foederis.game.room import FEW, said_of
from foederis.language import check
from foederis.language.case import Case, Observation, WhatIf
from foederis.language.sampling import draw_quantities, median_quantities

if TYPE_CHECKING:  # at run time these would import jax, or this module
    from foederis.analysis.posterior import Sample
    from foederis.solve.backward import Plan
    from foederis.solve.block import Watcher
    from foederis.solve.results import Answers, Key, Solution
    from foederis.solve.verify import Judgement

MAX_DRAWS = 2**20
_USUAL, _USUAL_WITH_TYPES = 1024, 256  # worlds
Progress = Callable[[str, int, int], None]


class Drawn(Protocol):
    """The possible worlds in which a case and its changes are solved; see posterior.Sample."""

    @property
    def weights(self) -> Floats | None: ...

    @property
    def standing(self) -> Standing | None: ...

    def worlds(self, case: Case, /) -> dict[str, Floats]: ...


def solve(
    case: Case,
    *,
    draws: int | None = None,
    seed: int = 0,
    at: str | None = None,
    what_ifs: Iterable[str] | str = (),
    plain: bool = False,
    max_states: int = MAX_STATES,
    block: int | None = None,
    progress: Progress | None = None,
    notice: Callable[[str], None] | None = None,
) -> Answer:
    """Solves a case in many possible worlds.

    Args:
        draws: how many worlds; a power of 2 spreads them best; see usual_draws if None.
        seed: 0 or more; the same seed gives the same answer.
        at: "median" solves one world in which every quantity stands at its median.
        what_ifs: names of what-ifs to solve on the same draws, or "all".
        plain: where something is observed, worlds are not weighted but moved, so that all count the same.
        max_states: the most states a phase may have.
        block: draws solved at once by JAX's kernels; chosen by memory if None. The engine in C takes 8 at once.
        progress: called with (what is being solved, draws done, draws in all).
        notice: called, before a large case is solved, with how much memory that takes.
    Raises:
        CaseError: an impossible number in some draw, too many states, an unknown what-if.
        ResidualError: the solution fails its check.
    """
    draws = usual_draws(case) if draws is None else draws
    check_arguments(draws, seed, at)
    chosen = choose(case, what_ifs)
    draws = 1 if at else draws
    drawn = sampled(case, draws, seed, at, plain, max_states, progress)
    return solve_in(
        case,
        drawn,
        chosen,
        draws=draws,
        seed=seed,
        at=at,
        max_states=max_states,
        block=block,
        progress=progress,
        notice=notice,
    )[0]


def solve_in(
    case: Case,
    drawn: Drawn | None,
    chosen: Iterable[WhatIf] = (),
    *,
    draws: int,
    seed: int,
    at: str | None = None,
    partial: bool = False,
    retold: Sequence[Sequence[Observation]] = (),
    max_states: int = MAX_STATES,
    block: int | None = None,
    progress: Progress | None = None,
    watcher: Watcher | None = None,
    notice: Callable[[str], None] | None = None,
) -> tuple[Answer, Solution]:
    """As `solve`, in worlds that are given, if there are any; with the solution.

    Args:
        partial: there are more worlds than these, in which what was observed can be even if it cannot here.
        retold: what could have been observed instead: parts of what the case observes.
        watcher: makes what looks on while a block is solved.
    """
    chosen = list(chosen)
    weights = drawn.weights if drawn else None

    def run(what: Case, name: str, plans: list[Plan], prepared: Prepared) -> tuple[Solution, dict[str, Floats]]:
        from foederis.solve.engine import solve_game  # imports jax, which takes a second

        game = prepared.game
        told = [see(game.phases, game.structure, account) for account in retold] if what is case else []
        worlds = drawn.worlds(what) if drawn else worlds_of(what, draws, seed, at)
        try:
            shown = notify(progress, name or "baseline")
            solved = solve_game(
                game,
                worlds,
                draws,
                plans=plans,
                block=block,
                progress=shown,
                layout=prepared.layout(),
                retold=told,
                watcher=watcher,
            )
            return solved, worlds
        except CaseError as error:
            raise placed(error, case, f"the what-if `{name}`" if name else "") from None

    prepared = Prepared(case, max_states)
    game = prepared.game
    imposed = [whatif for whatif in chosen if not whatif.changes]
    if notice and (said := said_of(*memory_of(game, draws, len(imposed)))):
        notice(said)
    solution, worlds = run(case, "", [plan_of(game, whatif) for whatif in imposed], prepared)
    verdict = solution.judgement
    questions = replies(case, solution.baseline, weights)
    answers = {}
    for whatif, found in zip(imposed, solution.plans, strict=True):
        answers[whatif.name] = _compare(whatif, case, case, questions, found, weights, solution.baseline)
    for whatif in (w for w in chosen if w.changes):
        changed = check.change(case, whatif.changes, context=f"the what-if `{whatif.name}`")
        other = Prepared(changed, max_states)
        plan = [plan_of(other.game, whatif)] if whatif.imposed else []
        solved, _ = run(changed, whatif.name, plan, other)
        verdict = verdict.worse(solved.judgement)
        course = solved.plans[0] if plan else solved.baseline
        if not partial:
            can_be(course, whatif.name, case)
        compared = _compare(whatif, case, changed, questions, course, weights, solved.baseline)
        told = note(other.game, changed.clock, solved, draws)
        answers[whatif.name] = replace(compared, together=told[0], beliefs=told[1])
    accept(verdict, solution.shares)
    what_if_answers = {whatif.name: answers[whatif.name] for whatif in chosen}
    standing = drawn.standing if drawn else None
    if case.observed and at:
        standing = at_median(case, solution.baseline.evidence)
    answer = make_answer(
        case,
        game,
        solution,
        worlds,
        draws,
        seed=seed,
        at=at,
        standing=standing,
        verdict=verdict,
        what_ifs=what_if_answers,
    )
    return answer, solution


def memory_of(game: Game, draws: int, plans: int = 0) -> tuple[float, float]:
    """Bytes that it takes to solve a game, by an estimate, and how many of them may lie in files; 0 of one that is
    small."""
    if sum(game.structure.states_per_phase) < FEW:
        return 0.0, 0.0
    from foederis.solve.planning import memory_for

    return memory_for(game, draws, plans)


def sampled(
    case: Case, draws: int, seed: int, at: str | None, plain: bool, max_states: int, progress: Progress | None
) -> Sample | None:
    """The worlds given what the case observes; None if it observes nothing, or is solved at one place."""
    if at or not case.observed:
        return None
    from foederis.analysis.posterior import sample

    return sample(case, draws, seed=seed, plain=plain, max_states=max_states, progress=progress)


def can_be(found: Answers, name: str, case: Case) -> None:
    """
    Raises:
        CaseError: F337 if what was observed cannot be under a what-if, in any of the worlds.
    """
    if not np.isfinite(found.evidence).any():
        message = f"what is observed cannot be under the what-if `{name}`"
        cure = "let the what-if leave possible what has happened, or solve it without `observed`"
        raise CaseError([Diagnostic("F337", message, help=cure)], case.text, case.filename)


def at_median(case: Case, evidence: Floats) -> Standing:
    """
    Raises:
        CaseError: F335 if what was observed cannot be there.
    """
    if not np.isfinite(evidence).all():
        message = "what is observed cannot be where every quantity is at its median"
        raise CaseError([Diagnostic("F335", message, help="solve many worlds")], case.text, case.filename)
    return standing_of(evidence)


def make_answer(
    case: Case,
    game: Game,
    solution: Solution,
    worlds: dict[str, Floats],
    draws: int,
    *,
    seed: int = 0,
    at: str | None = None,
    standing: Standing | None = None,
    verdict: Judgement | None = None,
    what_ifs: Mapping[str, WhatIfAnswer] | None = None,
) -> Answer:
    """What a solution says, given how much each of its worlds counts.

    Args:
        game: that of the case, or one of the same form; see game.compile.form_hash.
        worlds: {quantity: float64[draws]} that were solved.
        verdict: of the check, if more than this solution was checked.
    """
    weights = standing.weights if standing else None
    verdict = verdict or solution.judgement
    by_type = weights_by_type(solution.baseline, weights)
    moves, beliefs = note(game, case.clock, solution, draws)
    return Answer(
        case,
        draws,
        seed,
        at,
        replies(case, solution.baseline, weights),
        {actor: _of_actor(game, solution, solution.values, actor, weights, by_type) for actor in case.actors},
        {actor: _of_actor(game, solution, solution.noise, actor, weights, by_type) for actor in case.actors},
        _with_types(game, solution, tabled.moves(case, solution.first_moves, weights), by_type),
        tabled.options(case, solution.ever, weights),
        tabled.through_time(case, solution.levels),
        {name: Estimate(solution.baseline.losses[name], e.unit, weights) for name, e in case.exposures.items()},
        what_ifs or {},
        worlds,
        Check(verdict.residual, verdict.regret, verdict.bound, verdict.strain),
        game.hash,
        moves,
        types=of_types(solution.shares, weights),
        beliefs=beliefs,
        standing=standing,
        types_given=of_types(solution.baseline.shares, weights) if standing else {},
    )


def of_course(answer: Answer, name: str) -> Answer:
    """The answer under the imposed moves of one of its what-ifs: only what is known of that course of play, which are
    the answers to the questions."""
    return replace(
        answer,
        questions=answer.what_ifs[name].questions,
        values={},
        noise={},
        first_moves={},
        ever_taken={},
        through_time={},
        losses={},
    )


def compare_with(whatif: WhatIf, case: Case, answer: Answer, found: Answers, telling: Answers) -> WhatIfAnswer:
    """A what-if that only imposes moves beside the answer without them."""
    return _compare(whatif, case, case, answer.questions, found, answer.weights, telling)


def of_types(shares: Mapping[Key, Floats], weights: Floats | None) -> dict[str, dict[str, Estimate]]:
    """{actor: {type: how likely it is}}"""
    found: dict[str, dict[str, Estimate]] = {}
    for (actor, name), share in shares.items():
        found.setdefault(actor, {})[name] = Estimate(share, "", weights)
    return found


def weights_by_type(found: Answers, weights: Floats | None) -> dict[Key, Floats]:
    """{(actor, type): float64[draws]}: how much each world counts if an actor has that type: the more, the likelier the
    type makes what was observed in it. Empty where nothing was observed."""
    if not found.evidence.any():
        return {}
    known = np.isfinite(found.evidence)
    whole = np.where(known, found.evidence, 0.0)
    return {
        key: weights_if(weights, np.where(known, mine.evidence - whole, -np.inf)) for key, mine in found.by_type.items()
    }


def _of_actor(
    game: Game,
    solution: Solution,
    table: Floats,
    actor: str,
    weights: Floats | None,
    type_weights: Mapping[Key, Floats],
) -> Estimate:
    """What a table, float64[draws, seats], says of an actor: the mean over its types, and each of them."""
    seats = game.roster.of(actor)
    if not seats[0][1].type:
        return Estimate(table[:, seats[0][0]], "", weights)
    by_type = {seat.type: table[:, place] for place, seat in seats}
    shares = {name: solution.baseline.shares[actor, name] for name in by_type}
    # What cannot be, given what was observed, has no value.
    mean = np.sum([np.where(shares[name] > 0, shares[name] * values, 0.0) for name, values in by_type.items()], axis=0)
    return Estimate(mean, "", weights, by_type, _of_one(type_weights, actor))


def _of_one(type_weights: Mapping[Key, Floats], actor: str) -> dict[str, Floats]:
    return {name: weights for (who, name), weights in type_weights.items() if who == actor}


def _with_types(
    game: Game,
    solution: Solution,
    moves: Mapping[str, Mapping[str, Estimate]],
    type_weights: Mapping[Key, Floats],
) -> dict[str, dict[str, Estimate]]:
    """What each actor does first, and each of its types."""
    found: dict[str, dict[str, Estimate]] = {}
    for actor, options in moves.items():
        keys = [key for key in solution.first_by_type if key[0] == actor]
        turn = next(k for k, p in enumerate(game.phases) if p.mover >= 0 and game.roster.seats[p.mover].actor == actor)
        phase = game.phases[turn]
        found[actor] = {
            option: Estimate(
                share.draws,
                "",
                share.weights,
                {key[1]: solution.first_by_type[key][phase.name][:, phase.branches.index(option)] for key in keys},
                _of_one(type_weights, actor),
            )
            for option, share in options.items()
        }
    return found


def usual_draws(case: Case) -> int:
    """In how many worlds a case is solved if nobody says: in fewer where somebody has private types, since each then
    takes about ten times as long."""
    return _USUAL_WITH_TYPES if any(actor.types for actor in case.actors.values()) else _USUAL


def check_arguments(draws: int, seed: int, at: str | None) -> None:
    if not 1 <= draws <= MAX_DRAWS:
        message = f"draws must be a whole number from 1 to {MAX_DRAWS:,}"
        raise CaseError([Diagnostic("F213", message, help="as in --draws 1024")])
    if seed < 0:
        raise CaseError([Diagnostic("F213", "the seed must be 0 or more", help="as in --seed 0")])
    if at not in (None, "median"):
        raise CaseError([Diagnostic("F213", f"`{at}` is no place to solve at", help="only `median`")])


def choose(case: Case, names: Iterable[str] | str) -> list[WhatIf]:
    """The what-ifs of these names; all of them where one of the names is "all".

    Raises:
        CaseError: F109 for each that there is not.
    """
    wanted = [names] if isinstance(names, str) else list(dict.fromkeys(names))
    unknown = [name for name in wanted if name not in case.whatifs and name != "all"]
    if unknown:
        raise CaseError(
            [Diagnostic("F109", f"there is no what-if `{name}`", help=nearest(name, case.whatifs)) for name in unknown]
        )
    return list(case.whatifs.values()) if "all" in wanted else [case.whatifs[name] for name in wanted]


def choose_one(case: Case, name: str | None) -> WhatIf | None:
    """The what-if of this name, None for none.

    Raises:
        CaseError: F109 if there is none of that name.
    """
    if name is not None and name not in case.whatifs:
        help = "one what-if at a time" if name == "all" else nearest(name, case.whatifs)
        raise CaseError([Diagnostic("F109", f"there is no what-if `{name}`", help=help)])
    return case.whatifs[name] if name is not None else None


def worlds_of(case: Case, draws: int, seed: int, at: str | None) -> dict[str, Floats]:
    return median_quantities(case) if at == "median" else draw_quantities(case, draws, seed=seed)


def plan_of(game: Game, whatif: WhatIf) -> Plan:
    from foederis.solve.backward import Move

    moves = []
    for move in whatif.imposed:
        place = game.structure.place(move.turn)
        moves.append(Move(move.step, place, game.phases[place].branches.index(move.option)))
    return tuple(moves)


def notify(progress: Progress | None, what: str) -> Callable[[int, int], None] | None:
    if progress is None:
        return None
    return lambda done, total: progress(what, done, total)


def placed(error: CaseError, case: Case, context: str = "") -> CaseError:
    """An error of the solve with the file it belongs to."""
    items = [Diagnostic(d.code, d.message, d.span, d.help, d.context or context) for d in error.diagnostics]
    return CaseError(items, case.text, case.filename)


def replies(
    case: Case, found: Answers, weights: Floats | None = None, telling: Answers | None = None
) -> dict[str, Reply]:
    """The replies to a case's questions, in the author's order. `telling` are those of the course of play that says how
    much each world counts under each type, if it is another."""
    several = len({actor for actor, _ in found.by_type}) > 1
    label = {(actor, name): f"{actor}.{name}" if several else name for actor, name in found.by_type}
    mine = {label[key]: part for key, part in found.by_type.items()}
    counts = {label[key]: part for key, part in weights_by_type(telling or found, weights).items()}
    replies: dict[str, Reply] = {}
    for name, question in case.questions.items():
        if question.form == "first":
            each = {
                kind: tabled.first_time(part.firsts[name], counts.get(kind, weights)) for kind, part in mine.items()
            }
            replies[name] = tabled.first_time(found.firsts[name], weights, each)
        else:
            parts = {kind: part.questions[name] for kind, part in mine.items()}
            replies[name] = Estimate(found.questions[name], question.unit, weights, parts, counts)
    return replies


def _compare(
    whatif: WhatIf,
    case: Case,
    changed: Case,
    baseline: Mapping[str, Reply],
    found: Answers,
    weights: Floats | None,
    telling: Answers,
) -> WhatIfAnswer:
    mine = replies(changed, found, weights, telling)
    asked = [(question, changed.questions[name]) for name, question in case.questions.items() if name in mine]
    # A what-if may ask anew, or in another form; then there is nothing to compare with.
    same = [mine_asked.name for question, mine_asked in asked if question.form == mine_asked.form]
    difference = {name: minus(mine[name], baseline[name]) for name in same}
    otherwise = tuple(question.name for question, mine_asked in asked if asks_otherwise(question, mine_asked))
    return WhatIfAnswer(whatif.name, mine, difference, imposed_open(whatif, found.imposed, weights), otherwise)


def imposed_open(whatif: WhatIf, opened: Floats, weights: Floats | None = None) -> dict[str, Estimate]:
    """{imposed move, in words: the probability that it was open}, from float64[draws, moves]; in the order of steps."""
    return {
        f"{move.turn}.{move.option} in step {move.step}": Estimate(opened[:, place], "", weights)
        for place, move in sorted(enumerate(whatif.imposed), key=lambda item: item[1].step)
    }

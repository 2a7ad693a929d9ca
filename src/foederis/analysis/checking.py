"""What `check` finds beyond the words of a file: moves that can never be made, numbers impossible in some draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from foederis.analysis.asking import with_worths
from foederis.diagnostics import CaseError, Diagnostic, Span
from foederis.game.asks import ask
from foederis.game.compile import Game, compile_game, content_hash
from foederis.game.expand import PhaseStates
from foederis.game.pools import Pool, Worlds
from foederis.game.rules import rules_of
from foederis.language import check as language_check
from foederis.language.case import Case
from foederis.language.edit import name_of, turns_in
from foederis.language.reads import unread
from foederis.language.sampling import draw_quantities
from foederis.language.source import Mapping, Node
from foederis.language.source import Sequence as SequenceNode

# What a check may take: enough for any case that is meant seriously, little enough to answer at once.
CHECK_STATES = 200_000
CHECK_WORK = 2_000_000
CHECK_DRAWS = 64
MAX_ASKED = 3


@dataclass(frozen=True)
class Findings:
    """The game (None if it is too large to look at in a check), and warnings in the order of the file."""

    game: Game | None
    warnings: tuple[Diagnostic, ...]


def look(case: Case) -> Findings:
    """Compiles a case and looks for what a reader of the file would miss.

    Raises:
        CaseError: a number that is impossible in some draw, or what is not supported yet.
    """
    try:
        game = compile_game(case, max_states=CHECK_STATES, max_work=CHECK_WORK)
    except CaseError as error:
        if any(item.code not in ("F403", "F411") for item in error.diagnostics):
            raise
        note = Diagnostic(
            "W607",
            "the case is too large for a check to see which moves can be made",
            help="; ".join(d.help for d in error.diagnostics),
        )
        return Findings(None, (*_in_order([*case.warnings, *_unread(case)]), note))
    _try_numbers(case, game)
    found = [*case.warnings, *_unread(case)]
    found += [*_never(case, game), *_asked_often(case, game), *_imposed(case, game), *_same(case, game)]
    return Findings(game, _in_order(found))


def _in_order(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(found, key=lambda d: (d.span.line, d.span.column) if d.span else (0, 0)))


def _unread(case: Case) -> list[Diagnostic]:
    cure = "a slip in a name, or something left out: name it where it counts, or remove it"
    return [
        Diagnostic("W610", f"nothing reads the quantity `{name}`", locate(case.root, ("quantities", name)), cure)
        for name in unread(case)
    ]


def _try_numbers(case: Case, game: Game) -> None:
    """Evaluates every number of the game in some draws, so that impossible ones are found before a solve."""
    worlds = draw_quantities(case, CHECK_DRAWS)
    problems: list[Diagnostic] = []
    try:
        game.actor_numbers(worlds, CHECK_DRAWS)
    except CaseError as error:
        problems += error.diagnostics
    always = range(game.steps)
    for pool in (*(phase.pool for phase in game.phases), game.flow_pool):
        problems += _impossible(pool, worlds, always)
    problems += _impossible(game.final_pool, worlds, [game.steps])
    problems += _impossible(game.asked.pool, worlds, always)
    if not problems and case.decisions:  # what options are worth is no part of the game, but asked at its ends too
        asked, _ = with_worths(case, case.decisions.values())
        problems += _impossible(ask(asked, game.structure, game.roster).pool, worlds, always)
    if problems:
        raise CaseError(problems, case.text, case.filename)


def _impossible(pool: Pool, worlds: Worlds, steps: Sequence[int]) -> list[Diagnostic]:
    """The numbers of a pool that are impossible in some draw, in one of these steps if the pool reads the step."""
    problems: list[Diagnostic] = []
    for part in pool.parts:
        try:
            for step in (steps if pool.reads_step else steps[:1])[: _enough(part.count)]:
                pool.evaluate_part(part, worlds, CHECK_DRAWS, step)
        except CaseError as error:
            problems += error.diagnostics
    return problems


def _enough(rows: int) -> int:
    """How many steps of a table are tried, so that a check answers at once."""
    return max(1, 2_000_000 // (rows * CHECK_DRAWS))


def _ever_open(states: PhaseStates, branch: int) -> bool:
    return any(link.open[branch].any() for link in states.links)


def _never(case: Case, game: Game) -> list[Diagnostic]:
    """Options and events that no course of events reaches."""
    found = []
    for phase in game.phases:
        for place, branch in enumerate(phase.branches):
            if phase.states.rule.opens or _ever_open(phase.states, place):
                continue
            path: tuple[str, ...]
            if phase.mover >= 0:
                what, path = f"the option `{branch}` of {phase.name}", ("moves", phase.name, "options", branch)
            elif branch == phase.name:
                what, path = f"the event `{phase.name}`", ("events", phase.name)
            else:
                what, path = f"the outcome `{branch}` of {phase.name}", ("events", phase.name, "outcomes", branch)
            cure = "no state that can be reached meets its conditions: check its `when`, and what sets what it reads"
            found.append(Diagnostic("W601", f"{what} can never happen", locate(case.root, path), cure))
    return found


def _asked_often(case: Case, game: Game) -> list[Diagnostic]:
    found = []
    for turn in case.turns:
        if turn.chance is not None or case.actors[turn.actor].reconsiders_days is not None:
            continue
        states = game.structure.phases[game.structure.place(turn.name)]
        asked = sum(bool((states.at(step).live & (states.since <= step)).any()) for step in range(game.steps))
        if asked > MAX_ASKED:
            message = f"{turn.actor} chooses anew in each of {asked} steps"
            cure = (
                "asked often, an actor is likely to take at some time what it would hardly ever choose; "
                "say `reconsiders: every …` on the actor, or `chance:` on the turn"
            )
            found.append(Diagnostic("W602", message, locate(case.root, ("moves", turn.name)), cure))
    return found


def _imposed(case: Case, game: Game) -> list[Diagnostic]:
    found = []
    for whatif in case.whatifs.values():
        for move in whatif.imposed if not whatif.changes else ():
            phase = next(p for p in game.phases if p.mover >= 0 and p.name == move.turn)
            states, place = phase.states, phase.branches.index(move.option)
            if not (states.at(move.step).open[place] & (states.since <= move.step)).any():
                message = f"{move.turn} cannot take `{move.option}` in step {move.step}"
                found.append(
                    Diagnostic(
                        "W605",
                        message,
                        locate(case.root, ("whatifs", whatif.name)),
                        "the what-if changes nothing there: impose it in another step",
                    )
                )
    return found


def _same(case: Case, game: Game) -> list[Diagnostic]:
    found = []
    for whatif in case.whatifs.values():
        if not whatif.changes or whatif.imposed:
            continue
        changed = language_check.change(case, whatif.changes)
        # A game of the same hash is as large as this one, so it need not be compiled to know that it can be.
        if content_hash(changed, rules_of(changed)) == game.hash:
            found.append(
                Diagnostic(
                    "W604",
                    f"the what-if `{whatif.name}` changes no answer",
                    locate(case.root, ("whatifs", whatif.name)),
                    "what it sets is what the file says already, or nothing reads it",
                )
            )
    return found


def locate(node: Node | None, path: tuple[str, ...]) -> Span | None:
    """Where the key at a path stands; turns are found by their names."""
    span: Span | None = None
    for word in path:
        if isinstance(node, SequenceNode):
            items = [turn for item in node.items for turn in turns_in(item)]
            node = next((item for item in items if name_of(item) == word), None)
            named = node.get("actor") if isinstance(node, Mapping) else None
            span = named.span if named is not None else None
        elif isinstance(node, Mapping):
            key = node.key(word)
            span = key.span if key is not None else None
            node = node.get(word)
        else:
            return span
    return span

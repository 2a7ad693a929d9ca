"""Asks of the page: each command with the options that it knows, and the function that answers it.

Options have the names of the command line's, with `_` for `-`, in the plural where several may be given. The result is
what the command prints with `--json`, and for `solve` the words for its probabilities.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any

import yaml

from foederis.analysis.switched import Switched, refuse_moves, switch
from foederis.diagnostics import nearest
from foederis.language import source
from foederis.language.case import Case
from foederis.language.check import Plain
from foederis.web.failures import Failed
from foederis.web.given import case_of
from foederis.web.limits import Limits
from foederis.web.options import SEED, STEP, Reader, flag, names, news, one_of, read, text, texts, whole
from foederis.web.worker import Job

Options = dict[str, Any]
Work = Callable[[Switched, Options, dict[str, Any]], Any]


@dataclass(frozen=True)
class Command:
    """`what_if` says how it looks at imposed moves: as one what-if of the name of this option, as one in a list of them
    (`what_ifs`), or not at all (empty)."""

    work: Work
    options: Mapping[str, Reader]
    what_if: str = ""


def answer(payload: dict[str, Any], job: Job) -> dict[str, Any]:
    """The result of a command on a case, changed by `set` and `on`.

    Raises:
        Failed: an unknown command or option.
        CaseError, ResidualError: as the command.
    """
    return answer_about(case_of(payload), payload, job)


def answer_about(
    case: Case, payload: dict[str, Any], job: Job, usual: Mapping[str, Options] | None = None
) -> dict[str, Any]:
    """As `answer`, of a case that is here already.

    Args:
        usual: {command: options where none are given}, as the function that answers it takes them.
    """
    options = read_options(payload["command"], payload.get("options") or {}, job.limits)
    options = {**(usual or {}).get(payload["command"], {}), **options}
    command = COMMANDS[payload["command"]]
    switched = switch(case, payload["set"], payload["on"])
    options = _with_moves(command, payload["command"], switched, options)
    common = {"max_states": job.limits.max_states, "progress": job.progress}
    result = command.work(switched, options, common)
    found: dict[str, Any] = result if isinstance(result, dict) else result.to_json()
    return found


def read_options(name: Any, options: Any, limits: Limits) -> Options:
    """The options of a command, each looked at.

    Raises:
        Failed: there is no such command or option, or a value is not what it should be.
    """
    if not isinstance(name, str) or name not in COMMANDS:
        raise Failed(f"there is no command `{str(name)[:60]}`: {nearest(str(name)[:60], COMMANDS)}")
    sampled = {"draws": whole(1, limits.draws), "seed": SEED} if name != "show" else {}
    return read(name, options, {**COMMANDS[name].options, **sampled})


def brief(payload: dict[str, Any], job: Job) -> dict[str, Any]:
    """The brief of a case, changed by `set` and `on`: `html`, the whole page."""
    from foederis.analysis.solving import usual_draws
    from foederis.report.brief.gather import gather
    from foederis.report.brief.page import page

    case = case_of(payload)
    switched = switch(case, payload["set"], payload["on"])
    refuse_moves(switched.moves, "a brief")
    changes = [change for name, whatif in case.whatifs.items() if name in payload["on"] for change in whatif.changes]
    settings = [f"{path}={_written(node)}" for path, node in changes]
    settings += [f"{path}={value}" for path, value in payload["set"].items()]
    material = gather(
        case,
        draws=min(usual_draws(case), job.limits.draws),
        seed=0,
        what_ifs="all",
        settings=settings,
        max_states=job.limits.max_states,
        progress=job.progress,
    )
    return {"html": page(material)}


def _written(node: source.Node) -> str:
    """A node in one line, as one writes it after `--set`."""
    return (
        yaml.dump(_plain(node), Dumper=Plain, default_flow_style=True, width=10**6, sort_keys=False)
        .partition("\n...\n")[0]
        .strip()
    )


def _plain(node: source.Node) -> Any:
    if isinstance(node, source.Mapping):
        return {key.text: _plain(value) for key, value in node.entries}
    return [_plain(item) for item in node.items] if isinstance(node, source.Sequence) else node.text


def _with_moves(command: Command, name: str, switched: Switched, options: Options) -> Options:
    """The options with the imposed moves as a what-if."""
    if switched.moves is None:
        return options
    if not command.what_if:
        refuse_moves(switched.moves, f"`{name}`")
    if command.what_if == "what_ifs":
        return {**options, "what_ifs": [*options.get("what_ifs", []), switched.moves.name]}
    if command.what_if and "what_if" in options:
        raise Failed(f"`{name}` looks at one what-if, and {switched.moves.name} is switched on: switch it off")
    return {**options, "what_if": switched.moves.name}


def _solve(switched: Switched, options: Options, common: dict[str, Any]) -> Any:
    from foederis.analysis.solving import of_course, solve
    from foederis.web.turning import in_words

    found = solve(switched.case, **options, **common)
    return in_words(of_course(found, switched.moves.name) if switched.moves else found)


def _why(switched: Switched, options: Options, common: dict[str, Any]) -> Any:
    from foederis.analysis.states import parse_levels
    from foederis.analysis.why import why

    if "in_state" in options:
        options = {**options, "in_state": parse_levels(options["in_state"])}
    return why(switched.case, **options, **common)


def _drivers(switched: Switched, options: Options, common: dict[str, Any]) -> Any:
    from foederis.analysis.drivers import drivers
    from foederis.analysis.drivers_given import drivers_given

    if "given" not in options:
        return drivers(switched.case, **options, **common)
    given, rest = options["given"], {key: value for key, value in options.items() if key not in ("given", "keep")}
    return drivers_given(switched.case, given, **rest, **common)


def _tipping(switched: Switched, options: Options, common: dict[str, Any]) -> Any:
    from foederis.analysis.tipping import tipping

    named = {"map": "two_way"}
    return tipping(switched.case, **{named.get(key, key): value for key, value in options.items()}, **common)


def _claims(switched: Switched, options: Options, common: dict[str, Any]) -> Any:
    from foederis.analysis.claims import claims

    rest = {key: value for key, value in options.items() if key != "claims"}
    return claims(switched.case, options.get("claims", []), **rest, **common)


def _exposure(switched: Switched, options: Options, common: dict[str, Any]) -> Any:
    from foederis.analysis.exposure import exposure

    return exposure(switched.case, **options, **common)


def _histories(switched: Switched, options: Options, common: dict[str, Any]) -> Any:
    from foederis.analysis.histories import histories

    rest = {key: value for key, value in options.items() if key != "count"}
    return histories(switched.case, **({"draws": options["count"]} if "count" in options else {}), **rest, **common)


def _worth_knowing(switched: Switched, options: Options, common: dict[str, Any]) -> Any:
    from foederis.analysis.worth_knowing import worth_knowing

    return worth_knowing(switched.case, **options, **common)


def _discover(switched: Switched, options: Options, common: dict[str, Any]) -> Any:
    from foederis.analysis.discover import discover

    if "when" not in options:
        raise Failed('`discover` needs `when`: a question compared with a value, as in "intervenes > 20%"')
    return discover(switched.case, **options, **common)


def _compare(switched: Switched, options: Options, common: dict[str, Any]) -> Any:
    from foederis.analysis.compare import compare

    return compare(switched.case, **options, **common)


def _update(switched: Switched, options: Options, common: dict[str, Any]) -> Any:
    from foederis.analysis.update import update
    from foederis.language.news import add_news

    case, rest = switched.case, {key: value for key, value in options.items() if key != "news"}
    if options.get("news", "").strip():
        case = add_news(case, options["news"], "news.yaml", case.folder)
    return update(case, **rest, **common)


def _show(switched: Switched, options: Options, common: dict[str, Any]) -> Any:
    from rich.console import Console

    from foederis.game.compile import compile_game
    from foederis.report.game import print_game

    page = StringIO()
    game = compile_game(switched.case, max_states=common["max_states"])
    print_game(switched.case, game, Console(file=page, width=110, highlight=False))
    return {"text": page.getvalue()}


COMMANDS: dict[str, Command] = {
    "solve": Command(_solve, {"what_ifs": names, "at": one_of("median")}, "what_ifs"),
    "why": Command(
        _why,
        {"actor": text, "turn": text, "step": STEP, "in_state": text, "what_if": text, "type": text},
        "what_if",
    ),
    "drivers": Command(
        _drivers, {"question": text, "given": text, "what_if": text, "keep": whole(1, 1_000)}, "what_if"
    ),
    "tipping": Command(_tipping, {"when": text, "move": text, "quantities": texts, "vary": texts, "map": text}),
    "claims": Command(_claims, {"claims": texts}),
    "exposure": Command(
        _exposure, {"level": text, "by": texts, "given": texts, "rates": texts, "what_ifs": names}, "what_ifs"
    ),
    "histories": Command(
        _histories,
        {"count": whole(1, 10_000), "given": text, "most_likely": flag, "what_if": text},
        "what_if",
    ),
    "worth_knowing": Command(_worth_knowing, {"question": text, "decision": text, "accuracy": text}),
    "discover": Command(_discover, {"when": text, "what_if": text, "box": whole(0, 1_000)}, "what_if"),
    "compare": Command(_compare, {"what_ifs": names}, "what_ifs"),
    "update": Command(_update, {"news": news, "questions": texts, "between": texts, "what_ifs": names}, "what_ifs"),
    "show": Command(_show, {}),
}

"""Asks of the page: options are looked at, and results are those of the command line."""

from __future__ import annotations

import importlib
import inspect
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import foederis as fd
from foederis.analysis.gallery import gallery
from foederis.analysis.result import plain
from foederis.cli.app import app
from foederis.diagnostics import CaseError
from foederis.web import turning
from foederis.web.commands import COMMANDS, answer, brief, read_options
from foederis.web.failures import Failed
from foederis.web.limits import Limits
from foederis.web.worker import Job, Stopped
from tests.typed import BREAKFAST

LIMITS = Limits(rough=1e-9)
FILE = gallery()["patron"]
NEWS = "observed: [{step: 0, patron: stand_aside}]\n"


def job() -> Job:
    return Job(LIMITS, lambda told: None)


def asked(
    command: str, set_: dict[str, str] | None = None, on: list[str] | None = None, file: Path = FILE, **options: Any
) -> Any:
    payload = {
        "text": file.read_text(),
        "filename": file.name,
        "folder": str(file.parent),
        "name": file.stem,
        "sha256": "",
        "set": set_ or {},
        "on": on or [],
        "command": command,
        "options": options,
    }
    return plain(answer(payload, job()))


def printed(*arguments: str) -> Any:
    found = CliRunner().invoke(app, [*arguments, "--json"])
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def same(one: Any, other: Any) -> None:
    """The same data, but for rounding."""
    if isinstance(one, dict):
        assert list(one) == list(other)
        for key, value in one.items():
            same(value, other[key])
    elif isinstance(one, list):
        assert len(one) == len(other)
        for mine, theirs in zip(one, other, strict=True):
            same(mine, theirs)
    elif isinstance(one, float):
        assert one == pytest.approx(other, rel=1e-9, abs=1e-12)
    else:
        assert one == other


@pytest.mark.parametrize(
    ("command", "options", "arguments"),
    [
        ("solve", {"draws": 32, "what_ifs": "all"}, ["--draws", "32", "--what-if", "all"]),
        ("why", {"actor": "patron", "draws": 32}, ["--actor", "patron", "--draws", "32"]),
        ("tipping", {"when": "comes > 30%", "quantities": ["stake"], "draws": 8}, None),
        ("claims", {"claims": ["stays_home"], "draws": 32}, ["--claim", "stays_home", "--draws", "32"]),
        ("exposure", {"level": "90%", "draws": 32}, ["--level", "90%", "--draws", "32"]),
        ("histories", {"count": 2, "seed": 3}, ["--draws", "2", "--seed", "3"]),
        ("histories", {"most_likely": True}, ["--most-likely"]),
        ("compare", {"what_ifs": ["defence_pact"], "draws": 32}, ["--what-if", "defence_pact", "--draws", "32"]),
        ("discover", {"when": "client_falls > 12%", "draws": 256}, ["--when", "client_falls > 12%", "--draws", "256"]),
    ],
)
def test_results_are_those_of_the_command_line(
    command: str, options: dict[str, Any], arguments: list[str] | None
) -> None:
    if arguments is None:
        arguments = ["--when", "comes > 30%", "--quantity", "stake", "--draws", "8"]
    mine = asked(command, {"quantities.p_truce": "20%"}, **options)
    assert (mine.pop("words", None) is not None) == (command == "solve")
    same(mine, printed(command.replace("_", "-"), str(FILE), "--set", "quantities.p_truce=20%", *arguments))


@pytest.mark.parametrize(
    ("command", "options", "arguments"),
    [
        ("claims", {}, []),
        ("exposure", {"given": ["fights"]}, ["--given", "fights"]),
        ("drivers", {"given": "fights"}, ["--given", "fights"]),
    ],
)
def test_results_of_cases_with_private_types(
    command: str, options: dict[str, Any], arguments: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "breakfast.yaml"
    file.write_text(
        f"{BREAKFAST}exposures: {{house: {{holder: sender, value: 10, unit: m EUR, lost: {{fought: 50%}}}}}}\n"
        "claims: {quiche_is_weak: {says: Who eats quiche is attacked., whatif: quiche, expect: {fights: rises}}}\n"
    )
    draws = 64 if command == "drivers" else 4
    mine = asked(command, file=file, draws=draws, **options)
    same(mine, printed(command, str(file), *arguments, "--draws", str(draws)))


def test_worth_knowing_and_drivers() -> None:
    mine = asked("worth_knowing", question="client_falls", draws=256)
    same(mine, printed("worth-knowing", str(FILE), "--question", "client_falls", "--draws", "256"))
    mine = asked("drivers", given="client_falls", draws=256)
    same(mine, printed("drivers", str(FILE), "--given", "client_falls", "--draws", "256"))


def test_an_update_on_news(tmp_path: Path) -> None:
    news = tmp_path / "news.yaml"
    news.write_text(NEWS)
    mine = asked("update", news=NEWS, draws=32)
    same(mine, printed("update", str(FILE), "--observe", str(news), "--draws", "32"))


def test_mistakes_in_news_point_into_the_news() -> None:
    with pytest.raises(CaseError) as caught:
        asked("update", news="observed: [{step: 0, patron: dance}]")
    assert caught.value.filename == "news.yaml"


def test_a_case_is_shown() -> None:
    assert "States in which a phase can begin" in asked("show")["text"]


def test_imposed_moves_are_a_what_if_of_what_knows_what_ifs() -> None:
    found = asked("solve", {"quantities.p_truce": "20%"}, ["patron_comes"], draws=32)
    expected = printed(
        "solve", str(FILE), "--set", "quantities.p_truce=20%", "--what-if", "patron_comes", "--draws", "32"
    )
    same(found["questions"], expected["what_ifs"]["patron_comes"]["questions"])
    found = asked("histories", {}, ["patron_comes"], count=2)
    same(found, printed("histories", str(FILE), "--what-if", "patron_comes", "--draws", "2"))
    found = asked("compare", {}, ["patron_comes"], draws=32)
    same(found, printed("compare", str(FILE), "--what-if", "patron_comes", "--draws", "32"))


def test_imposed_moves_are_refused_by_what_does_not() -> None:
    with pytest.raises(CaseError, match="cannot look at imposed moves"):
        asked("claims", {}, ["patron_comes"])
    with pytest.raises(Failed, match="switch it off"):
        asked("why", {}, ["patron_comes"], what_if="defence_pact")


@pytest.mark.parametrize(
    ("command", "options", "message"),
    [
        ("solve", {"draws": 0}, "the option `draws` of `solve` must be a whole number from 1 to 4,096"),
        ("solve", {"draws": True}, "must be a whole number"),
        ("solve", {"draws": "64"}, "must be a whole number"),
        ("solve", {"draws": 10**30}, "must be a whole number"),
        ("solve", {"seed": -1}, "must be a whole number from 0"),
        ("solve", {"at": "mean"}, "must be `median`"),
        ("solve", {"at": ["median"]}, "must be `median`"),
        ("solve", {"what_ifs": "defence_pact"}, "must be a list of at most 200 texts"),
        ("solve", {"what_ifs": [1]}, "must be a text"),
        ("solve", {"what_ifs": ["x"] * 201}, "must be a list of at most 200 texts"),
        ("solve", {"progress": "x"}, "`solve` has no option `progress`"),
        ("solve", {"max_states": 10**9}, "`solve` has no option `max_states`"),
        ("why", {"actor": "x" * 5000}, "must be a text"),
        ("why", {"acter": "x"}, "did you mean `actor`?"),
        ("histories", {"most_likely": 1}, "must be true or false"),
        ("histories", {"count": 0}, "must be a whole number from 1 to 10,000"),
        ("update", {"news": 3}, "must be the text of a file of observations"),
        ("show", {"draws": 3}, "`show` has no option `draws`"),
        ("eval", {}, "there is no command `eval`"),
        (None, {}, "there is no command `None`"),
        ("solve", [], "`options` is an object"),
    ],
)
def test_options_that_are_refused(command: Any, options: Any, message: str) -> None:
    with pytest.raises(Failed) as caught:
        read_options(command, options, LIMITS)
    assert message in caught.value.message


def test_an_option_that_is_null_is_left_out() -> None:
    assert read_options("solve", {"draws": None, "seed": 3}, LIMITS) == {"seed": 3}


def test_a_discovery_needs_a_condition() -> None:
    with pytest.raises(Failed, match="needs `when`"):
        asked("discover")


def test_a_command_stops_when_it_is_cancelled() -> None:
    cancelled = job()
    cancelled.cancelled.set()
    with pytest.raises(Stopped):
        answer({"text": FILE.read_text(), "set": {}, "on": [], "command": "solve", "options": {}}, cancelled)


def test_a_brief_states_what_was_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    def gather(case: fd.Case, **arguments: Any) -> Any:
        given.update(arguments)
        raise Stopped

    monkeypatch.setattr(importlib.import_module("foederis.report.brief.gather"), "gather", gather)
    payload = {"text": FILE.read_text(), "set": {"quantities.stake": "7"}, "on": ["weak_client", "defence_pact"]}
    with pytest.raises(Stopped):
        brief(payload, job())
    assert given["settings"] == [
        "treaties.pact.provisions=[defense]",
        "quantities.p_fall=30% to 60%",
        "quantities.stake=7",
    ]
    with pytest.raises(CaseError, match="a brief cannot look at imposed moves"):
        brief({**payload, "on": ["patron_comes"]}, job())


def test_sliders_in_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foederis.analysis.live.usual_draws", lambda case: 64)
    worker = job()
    with pytest.raises(Failed, match="no case is open"):
        turning.turn({"set": {}, "on": [], "session": "a"})
    case = {"text": FILE.read_text(), "name": "patron"}
    ready = turning.open_case({**case, "session": "a"}, worker)
    assert ready == {"draws_rough": 4, "draws_full": 64, "typed": False, "label": "4 worlds"}
    assert turning.open_case({**case, "session": "b"}, worker) == ready
    assert turning._sessions["a"] is turning._sessions["b"]
    turning.close_case({"session": "b"})
    changes = {"set": {"quantities.p_truce": "20%"}, "on": [], "session": "a"}
    rough = turning.turn(changes)
    assert (rough["draws"], rough["label"]) == (4, "4 worlds")
    seen = turning.turn({**changes, "set": {"observed": "[{step: 0, rival: press_on}]"}})
    assert seen["label"] == "4 worlds, weighted by what was observed"
    full = turning.settle(changes, worker)
    assert (full["draws"], full["label"]) == (64, "64 worlds")
    expected = printed("solve", str(FILE), "--set", "quantities.p_truce=20%", "--draws", "64")
    assert set(full["answer"].pop("words")) == {
        name for name, question in fd.load(FILE).questions.items() if question.form not in ("expected", "first")
    }
    same(plain(full["answer"]), {**expected, "file_sha256": full["answer"]["file_sha256"]})
    json.dumps(plain(rough), allow_nan=False)
    turning.close_case({"session": "a"})
    assert not turning._sessions


def test_a_case_that_nobody_waits_for_any_more_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = job()
    monkeypatch.setattr("foederis.analysis.live.Live.tune", lambda self, seconds: worker.cancelled.set())
    with pytest.raises(Stopped):
        turning.open_case({"text": FILE.read_text(), "name": "patron", "session": "a"}, worker)
    assert not turning._sessions


def test_every_option_is_a_parameter() -> None:
    """What the page may say is what the function takes."""
    renamed = {"claims": {"claims": "names"}, "tipping": {"map": "two_way"}, "histories": {"count": "draws"}}
    left_out = {"drivers": {"given"}, "update": {"news"}, "show": set()}
    for name, command in COMMANDS.items():
        if name != "show":
            known = inspect.signature(getattr(fd, name)).parameters
            mine = {renamed.get(name, {}).get(option, option) for option in command.options}
            assert mine - left_out.get(name, set()) <= known.keys(), name

"""Every code has a page, whose bad example gives the message that the page shows, and whose cure is one.

To write the messages into the pages anew after a change that is meant: FOEDERIS_REWRITE=1 pytest tests/unit/test_pages.py
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest

import foederis
from foederis.analysis.asking import pick_question, pick_uncertain, read_threshold
from foederis.analysis.checking import look
from foederis.analysis.claims import claims
from foederis.analysis.compare import compare
from foederis.analysis.discover import discover
from foederis.analysis.drivers import drivers
from foederis.analysis.exposure import exposure
from foederis.analysis.gallery import load, loads
from foederis.analysis.histories import histories
from foederis.analysis.solving import solve
from foederis.analysis.states import parse_levels
from foederis.analysis.update import update
from foederis.analysis.why import why
from foederis.analysis.worth_knowing import worth_knowing
from foederis.diagnostics import CaseError, Diagnostic, render
from foederis.ensembles.plan import read_plan_text
from foederis.game import room
from foederis.game.compile import compile_game
from foederis.history.outside import outside
from foederis.language.case import Case

SOURCE = Path(foederis.__file__).parent
PAGES = {path.stem: path for path in sorted((SOURCE / "pages").glob("*.md"))}
NAME = "example.yaml"
Found = tuple[tuple[Diagnostic, ...], str, str]  # with the text and the name of the file


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


def section(page: str, title: str) -> str:
    return re.split(r"^## ", page, flags=re.MULTILINE)[["Example", "Cure"].index(title) + 1]


def bad_example(code: str) -> str:
    return next(iter(blocks(section(PAGES[code].read_text(encoding="utf-8"), "Example"), "yaml")), "")


def found_in(text: str, folder: Path) -> Found:
    try:
        if text.startswith("ensemble:"):
            read_plan_text(text, filename=NAME, folder=folder)
            return (), text, NAME
        return look(loads(text, filename=NAME, folder=folder)).warnings, text, NAME
    except CaseError as error:
        return error.diagnostics, text, error.filename


def loaded(name: str) -> Found:
    with pytest.raises(CaseError) as caught:
        load(name)
    return caught.value.diagnostics, caught.value.source, caught.value.filename


def a_folder(folder: Path) -> Found:
    (folder / "crises").mkdir()
    return loaded("crises")


def latin_1(folder: Path) -> Found:
    (folder / NAME).write_bytes("foederis: 1\ntitle: Größe\n".encode("latin-1"))
    return loaded(NAME)


def large(folder: Path) -> Found:
    with (folder / NAME).open("wb") as file:
        file.truncate(50_000_000)
    return loaded(NAME)


def many_mistakes(folder: Path) -> Found:
    unknown = "".join(f"key_{number}: 1\n" for number in range(300))
    diagnostics, text, name = found_in(
        f"foederis: 1\ntitle: An example\nclock: {{step: 1 week, steps: 3}}\n{unknown}", folder
    )
    assert len(diagnostics) == 201
    return tuple(item for item in diagnostics if item.code == "F010"), text, name


def too_large_to_solve(folder: Path) -> Found:
    text = bad_example("F403")
    with pytest.raises(CaseError) as caught:
        compile_game(loads(text), max_states=100_000)
    return caught.value.diagnostics, text, NAME


def too_large_for_the_machine(folder: Path) -> Found:
    case = loads(bad_example("F411"), filename=NAME)
    with mock.patch.object(room, "limit", return_value=0.5e9), pytest.raises(CaseError) as caught:
        solve(case, draws=1)
    return caught.value.diagnostics, case.text, NAME


def asked(code: str, ask: Callable[[Case], object]) -> Callable[[Path], Found]:
    """What an analysis of the bad example finds, if it is asked so."""

    def find(_: Path) -> Found:
        case = loads(bad_example(code), filename=NAME)
        with pytest.raises(CaseError) as caught:
            ask(case)
        return caught.value.diagnostics, case.text, NAME

    return find


def a_bad_crisis_file(folder: Path) -> Found:
    (folder / "crisis.yaml").write_text("foederis: 1\ntitle: An example\n", encoding="utf-8")
    return found_in(bad_example("F821"), folder)


def the_first(code: str) -> Callable[[Path], Found]:
    """The first of several mistakes."""

    def find(folder: Path) -> Found:
        diagnostics, text, name = found_in(bad_example(code), folder)
        return diagnostics[:1], text, name

    return find


# What a text of its own cannot show.
SPECIAL: dict[str, Callable[[Path], Found]] = {
    "F001": a_folder,
    "F002": latin_1,
    "F003": large,
    "F010": many_mistakes,
    "F403": too_large_to_solve,
    "F411": too_large_for_the_machine,
    "F821": a_bad_crisis_file,
    "F823": the_first("F823"),
    "F335": asked("F335", lambda case: solve(case, draws=8)),
    "F336": asked("F336", lambda case: drivers(case, "ends")),
    "F337": asked("F337", lambda case: solve(case, draws=8, what_ifs="peace")),
    "F338": asked("F338", lambda case: update(case, draws=8)),
    "F701": asked("F701", lambda case: pick_question(case, "ends")),
    "F702": asked("F702", lambda case: pick_uncertain(case, ["p_peace"])),
    "F703": asked("F703", lambda case: read_threshold(case, "peace is likely")),
    "F704": asked("F704", lambda case: why(case, in_state={"war": "over"}, draws=2)),
    "F706": asked("F706", lambda case: claims(case, ["last"], draws=2)),
    "F707": asked("F707", lambda case: compare(case, draws=2)),
    "F705": asked("F705", lambda _: parse_levels("over")),
    "F711": asked("F711", lambda case: drivers(case, "paused")),
    "F741": asked("F741", exposure),
    "F742": asked("F742", lambda case: exposure(case, given=["ends"])),
    "F743": asked("F743", lambda case: exposure(case, rates=["EUR = usd_per_eur USD"])),
    "F751": asked("F751", lambda case: histories(case, given="defeat")),
    "F752": asked("F752", lambda case: histories(case, given="ends")),
    "F731": asked("F731", lambda case: worth_knowing(case, decision="pull_oot")),
    "F732": asked("F732", lambda case: worth_knowing(case, question="peace", decision="pull_out")),
    "F733": asked("F733", lambda case: worth_knowing(case, question="loss_in_war", draws=512)),
    "F809": asked("F809", outside),
    "F721": asked("F721", lambda case: discover(case, when="peace > 60%", draws=512)),
}


def codes_in_source() -> set[str]:
    texts = [path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")]
    return {code for text in texts for code in re.findall(r"\"([FW][0-9]{3})\"", text)}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "memo.txt").write_text("To us the client\nmatters.", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert set(PAGES) == codes_in_source()


@pytest.mark.parametrize("code", PAGES)
def test_the_bad_example_gives_the_message_of_the_page(code: str, folder: Path) -> None:
    page = PAGES[code].read_text(encoding="utf-8")
    assert re.match(rf"# {code}: \S.*\n\n", page)
    diagnostics, text, name = SPECIAL[code](folder) if code in SPECIAL else found_in(bad_example(code), folder)
    assert [item.code for item in diagnostics] == [code], [render(item, text, name) for item in diagnostics]
    assert diagnostics[0].help, "say what to do"
    message = render(diagnostics[0], text, name) + "\n"
    if os.environ.get("FOEDERIS_REWRITE"):
        page = re.sub(r"^```text\n.*?^```$", lambda _: f"```text\n{message}```", page, flags=re.DOTALL | re.MULTILINE)
        PAGES[code].write_text(page, encoding="utf-8")
    assert blocks(section(page, "Example"), "text") == [message]


@pytest.mark.parametrize("code", PAGES)
def test_the_cured_example_is_free_of_it(code: str, folder: Path) -> None:
    page = PAGES[code].read_text(encoding="utf-8")
    [text] = blocks(section(page, "Cure"), "yaml")
    diagnostics, _, _ = found_in(text, folder)
    assert not [render(item, text, NAME) for item in diagnostics if item.is_error or item.code == code]

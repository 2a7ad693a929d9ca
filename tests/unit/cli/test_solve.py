"""`foederis solve`"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import foederis as fd
from foederis.analysis import accepting
from foederis.cli.app import app
from foederis.report.text import question_text
from foederis.report.words import change, percent, points, probability_word
from tests.helpers import EVERYTHING
from tests.unit.language.texts import text_of


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


def as_json(*arguments: str | Path) -> dict[str, Any]:
    done = run("solve", *arguments, "--json")
    assert done.exit_code == 0, done.output
    [line] = done.stdout.splitlines()  # one object and nothing else
    data = json.loads(line)
    assert isinstance(data, dict)
    return data


@pytest.fixture
def everything(tmp_path: Path) -> Path:
    path = tmp_path / "everything.yaml"
    path.write_text(EVERYTHING, encoding="utf-8")
    return path


def test_one_object_with_exactly_the_promised_keys(everything: Path) -> None:
    data = as_json(everything, "--draws", "8", "--seed", "3", "--what-if", "weak", "--what-if", "comes_now")
    assert set(data) == {
        "foederis", "case", "file_sha256", "draws", "seed", "at", "questions", "values", "first_moves", "through_time",
        "what_ifs", "check", "together", "types", "beliefs",
    }  # fmt: skip
    assert (data["case"], data["draws"], data["seed"], data["at"]) == ("everything", 8, 3, None)
    assert set(data["questions"]["falls"]) == {"mean", "p05", "p50", "p95"}
    assert set(data["questions"]["when_hot"]) == {"by_step", "never"}
    assert len(data["questions"]["when_hot"]["by_step"]) == 4  # the start and the three steps
    assert list(data["what_ifs"]) == ["weak", "comes_now"]
    assert set(data["what_ifs"]["weak"]) == {"questions", "difference", "imposed_open", "asked_differently"}
    assert set(data["what_ifs"]["comes_now"]["imposed_open"]) == {"patron.intervene in step 0"}
    assert set(data["check"]) == {"residual", "regret"}


def test_the_text_says_what_the_object_says() -> None:
    arguments = ["patron", "--draws", "64", "--what-if", "weak_client"]
    text, data = run("solve", *arguments).stdout, as_json(*arguments)
    asked, _, changed = text.partition("What if: ")
    for name, reply in data["questions"].items():
        question = fd.load("patron").questions[name]
        show = points if question.form == "expected" else percent
        line = line_of(asked, question_text(question))
        assert show(reply["mean"]) in line
        assert f"({show(reply['p05'])} to {show(reply['p95'])})" in line
        if question.form != "expected":
            assert probability_word(reply["mean"]) in line
            line = line_of(changed, question_text(question))
            difference = data["what_ifs"]["weak_client"]["difference"][name]
            assert change(difference["mean"]) in line
            assert f"({change(difference['p05'])} to {change(difference['p95'])})" in line
    for actor, value in data["values"].items():
        assert points(value["mean"]) in line_of(asked.partition("Points")[2], actor)
    for option, share in data["first_moves"]["patron"].items():
        assert percent(share["mean"]) in line_of(asked.partition("Moves: ")[2], option)


def line_of(text: str, label: str) -> str:
    """The line that begins with a label."""
    [found, *_] = [line for line in text.splitlines() if line.strip().startswith(label)]
    return found


def test_at_the_median_there_are_no_bands() -> None:
    done = run("solve", "deterrence", "--at", "median")
    assert done.exit_code == 0
    assert "One world, every quantity at its median" in done.stdout
    assert " to " not in line_of(done.stdout, "Is there war?")
    data = as_json("deterrence", "--at", "median")
    assert (data["at"], data["draws"]) == ("median", 1)
    assert len(set(data["questions"]["war"].values())) == 1


def test_questions_about_the_first_time(everything: Path) -> None:
    text = run("solve", everything, "--draws", "8").stdout
    _, _, after = text.partition("when_it_comes (first time: help >= arms)\n")
    lines = after.splitlines()
    assert [line.split("  ")[2] for line in lines[:4]] == [
        "step 0, by 2030-01-31", "step 1, by 2030-03-03", "step 2, by 2030-04-02", "never",
    ]  # fmt: skip
    data = as_json(everything, "--draws", "8")["questions"]["when_it_comes"]
    assert [percent(share) in line for share, line in zip([*data["by_step"][1:], data["never"]], lines, strict=False)]


def test_changes_from_the_command_line() -> None:
    plain = as_json("deterrence", "--at", "median")
    changed = as_json("deterrence", "--at", "median", "--set", "quantities.lost_face=2", "--set", "title=Another")
    tied = as_json("deterrence", "--at", "median", "--what-if", "tied_hands")["what_ifs"]["tied_hands"]
    assert changed["questions"] == tied["questions"]
    assert changed["questions"]["war"]["mean"] < plain["questions"]["war"]["mean"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--set", "quantities.lost_fase=2"], "F114", "did you mean `lost_face`?"),
        (["--set", "quantities.lost_face"], "F114", "path=value"),
        (["--set", "quantities.lost_face=(("], "F204", "--set quantities.lost_face=(("),
        (["--what-if", "tied_hand"], "F109", "did you mean `tied_hands`?"),
        (["--at", "mean"], "F213", "only `median`"),
        (["--draws", "0"], "F213", "draws must be"),
        (["--seed", "-1"], "F213", "seed must be"),
        (["--max-states", "2"], "F403", "what multiplies: border"),
    ],
)
def test_bad_arguments(arguments: list[str], code: str, message: str) -> None:
    done = run("solve", "deterrence", *arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert f"[{code}]" in done.stderr
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["--draws", "many"], ["--nonsense"], []])
def test_what_is_no_command_at_all(arguments: list[str]) -> None:
    done = run("solve", *(["deterrence", *arguments] if arguments else []))
    assert done.exit_code == 2
    assert "Traceback" not in done.output


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text_of(title=None, interests="{patron: {client: {worth: a lot}}}", facts="{fighting: wor == on}"))
    done = run("solve", path)
    assert done.exit_code == 2
    assert done.stderr.count("error[") == 3
    assert "3 mistakes; `foederis explain F" in done.stderr


def test_a_probability_above_one_names_the_quantities_of_the_draw(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text_of(events="{fall: {chance: stake / 15, sets: {fallen: yes}}}"))
    done = run("solve", path, "--draws", "64")
    assert done.exit_code == 2
    assert "error[F305]: the chance of the event `fall` is 1." in done.stderr
    assert "(stake = " in done.stderr
    assert " --> bad.yaml" in done.stderr


def test_a_what_if_that_changes_nothing_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "same.yaml"
    path.write_text(text_of(whatifs="{same: {set: {quantities.fixed: 5}}}"))
    assert "It changes no answer." in run("solve", path, "--draws", "8", "--what-if", "same").stdout
    assert "W604" in run("check", path).stderr


def test_a_solution_that_fails_its_check_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepting, "RESIDUAL_LIMIT", -1.0)
    done = run("solve", "deterrence", "--at", "median")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "not to be trusted" in done.stderr


def test_draws_are_kept_only_where_they_can_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run("solve", "deterrence", "--out", tmp_path / "x.csv")
    assert done.exit_code == 2
    assert "end the name with .parquet" in done.stderr
    monkeypatch.setitem(sys.modules, "duckdb", None)
    done = run("solve", "deterrence", "--out", tmp_path / "x.parquet")
    assert done.exit_code == 2
    assert "pip install 'foederis[runs]'" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_draws_are_kept(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "runs" / "x.parquet"
    data = as_json("patron", "--draws", "16", "--out", path)
    rows = duckdb.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchnumpy()
    assert rows["question.intervenes"].mean() == pytest.approx(data["questions"]["intervenes"]["mean"])


@pytest.mark.parametrize("says", ["Does it [bold]fall[/bold] [/x]?", "A [link=x]y", ":smile: [in 3]", "[/]"])
def test_brackets_in_a_text_are_only_brackets(tmp_path: Path, says: str) -> None:
    path = tmp_path / "brackets.yaml"
    options = f"{{wait: {{says: '{says}'}}, send: {{sets: {{help: arms}}}}}}"
    path.write_text(
        text_of(
            title=f"'{says}'", questions=f"{{falls: {{at_end: fallen, says: '{says}'}}}}",
            moves=f"[{{actor: patron, options: {options}}}]",
            whatifs=f"{{w: {{set: {{quantities.chance: 50%}}, says: '{says}'}}}}",
        )
    )  # fmt: skip
    done = run("solve", path, "--draws", "8", "--what-if", "w")
    assert done.exit_code == 0
    assert done.stdout.count(says) == 5
    assert says in run("show", path).stdout


def test_what_is_not_printable_does_not_reach_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "bell.yaml"
    path.write_text(text_of(questions='{falls: {at_end: fallen, says: "Does it\\e[2J\\a fall?"}}'))
    assert "\x1b[2J" not in run("solve", path, "--draws", "8").stdout


def test_worlds_without_an_answer_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "given.yaml"
    quantities = "{stake: 5 to 20, chance: 'choice(0 = 50%, 0.3 = 50%)'}"
    questions = "{sent: {at_end: help == arms, given: fallen}}"
    path.write_text(text_of(quantities=quantities, questions=questions))
    text = run("solve", path, "--draws", "8").stdout
    assert line_of(text, "sent (at the end: help == arms, given fallen)").endswith("likely [in 4 of 8 worlds]")
    assert "in the others, what is given never holds" in text


def test_questions_that_have_no_answer_anywhere(tmp_path: Path) -> None:
    path = tmp_path / "given.yaml"
    questions = "{sent: {at_end: help == arms, given: count > 3}, when: {first: help == arms, given: count > 3}}"
    path.write_text(text_of(questions=questions))
    done = run("solve", path, "--draws", "8")
    assert done.exit_code == 0
    assert "no answer" in done.stdout
    assert "What is given never holds." in done.stdout
    data = as_json(path, "--draws", "8")["questions"]
    assert data["sent"]["mean"] is None
    assert data["when"]["never"] is None


@pytest.mark.parametrize("sections", [{"questions": None}, {"interests": None}, {"events": None}, {"moves": None}])
def test_cases_without_one_part_or_another(tmp_path: Path, sections: dict[str, None]) -> None:
    path = tmp_path / "part.yaml"
    rest = {} if "questions" in sections else {"questions": "{falls: {at_end: fallen}}"}
    path.write_text(text_of(**sections, **rest))
    done = run("solve", path, "--draws", "8")
    assert done.exit_code == 0, done.output
    assert "Checked: " in done.stdout


def test_a_what_if_that_asks_otherwise_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "otherwise.yaml"
    path.write_text(
        text_of(questions="{over: {at_end: fallen}}", whatifs="{soon: {set: {questions.over.given: fallen}}}")
    )
    told = "Asked in other words or under other conditions: over."
    assert told in run("solve", path, "--draws", "8", "--what-if", "soon").stdout

"""The documents are true: examples are solved, commands run, keys, options and codes all described, links lead somewhere.

To write the output in the README and the table of codes anew after a change that is meant:
FOEDERIS_REWRITE=1 pytest tests/docs
"""

from __future__ import annotations

import dataclasses
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import foederis as fd
from foederis import diagnostics
from foederis.analysis.checking import look
from foederis.analysis.solving import MAX_DRAWS
from foederis.cli.app import app
from foederis.game.expand import MAX_STATES
from foederis.language import expressions, quantities, source, stakes, syntax, world
from foederis.language.shapes import CASE, SHAPES, Shape
from foederis.report.words import probability_word

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
README = ROOT / "README.md"
PAGES = ROOT / "src" / "foederis" / "pages"
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.glob("*.md")), *sorted((ROOT / "src").rglob("README.md"))]
REWRITE = bool(os.environ.get("FOEDERIS_REWRITE"))


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def blocks(path: Path, language: str) -> list[str]:
    """The fenced blocks of a document that are in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text_of(path), re.DOTALL | re.MULTILINE)


def section(path: Path, title: str) -> str:
    """What stands under a heading, up to the next heading of its own rank or a higher one."""
    found = re.search(rf"^(#+) {title}$\n(.*)\Z", text_of(path), re.DOTALL | re.MULTILINE)
    assert found, f"{path.name} has no heading {title}"
    return re.split(rf"^#{{1,{len(found.group(1))}}} ", found.group(2), flags=re.MULTILINE)[0]


def rows(text: str) -> list[list[str]]:
    """The cells of the tables in a text, heads left out."""
    lines = re.findall(r"^\|(.*)\|$", text.replace(r"\|", "¦"), re.MULTILINE)
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    rules = [place for place, row in enumerate(cells) if set("".join(row)) == {"-"}]
    heads = {place - 1 for place in rules}
    return [row for place, row in enumerate(cells) if place not in heads and place not in rules]


def commands(path: Path) -> list[str]:
    return [line for block in blocks(path, "sh") for line in block.splitlines() if line]


[EXAMPLE] = blocks(README, "yaml")
STRAIT = "\n".join(blocks(DOCS / "language.md", "yaml"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "ally.yaml").write_text(EXAMPLE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


# The README


def test_the_commands_of_the_readme_run_as_typed_and_print_what_it_shows(folder: Path) -> None:
    typed = commands(README)
    assert typed[-1].startswith("foederis solve ally.yaml")
    printed = ""
    for command in typed:
        name, *words = shlex.split(command)
        assert name == "foederis"
        done = subprocess.run(
            [sys.executable, "-m", "foederis", *words], cwd=folder, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        printed = done.stdout
    assert (folder / "crisis.yaml").exists()
    if REWRITE:
        whole = text_of(README)
        shown = "\n".join(line.rstrip() for line in printed.strip().splitlines())
        README.write_text(re.sub(r"(?s)(```text\n).*?(```)", lambda m: m[1] + shown + "\n" + m[2], whole), "utf-8")
    [shown] = blocks(README, "text")
    assert settled(printed) == settled(shown)


def settled(output: str) -> list[str]:
    """An output without what may differ between machines: the last digits of the residual, where lines break after it."""
    answer, mark, check = output.partition("Checked:")
    check = re.sub(r"residual \S+ of", "residual … of", " ".join(check.split()))
    check = re.sub(r"Game [0-9a-f]{12}", "Game …", check)
    return [*(line.rstrip() for line in answer.strip().splitlines()), mark + check]


@pytest.mark.parametrize("path", [README, DOCS / "using.md"], ids=lambda path: path.name)
def test_the_python_of_the_documents_runs(path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for block in blocks(path, "python"):
        exec(compile(block, path.name, "exec"), {})  # noqa: S102
    assert capsys.readouterr().out


def test_what_the_readme_says_of_its_example() -> None:
    answer = fd.solve(fd.loads(EXAMPLE), what_ifs="all")
    helps, moved = answer.questions["helps"], answer.what_ifs["cheap_arms"].difference["helps"]
    assert isinstance(helps, fd.Estimate)
    assert isinstance(moved, fd.Estimate)
    said = section(README, "Reading the answer")
    assert f"{100 * helps.mean:.0f} %, between {100 * helps.p05:.1f} % and {100 * helps.p95:.0f} %" in " ".join(said.split())
    assert f"{100 * moved.mean:.0f} percentage points likelier" in said
    assert f"between {100 * moved.p05:.0f} and {100 * moved.p95:.0f}" in said


def test_what_the_readme_says_of_the_kremlin_case() -> None:
    case = fd.load("kremlin")
    assert (len(case.whatifs), len(case.actors), case.clock.steps) == (15, 4, 12)
    stays_out = fd.solve(case, draws=16).questions["stays_out"]
    assert isinstance(stays_out, fd.Estimate)
    assert probability_word(stays_out.mean) == "very likely"
    assert "very likely that Moscow leaves it at words" in text_of(README)


# Using Foederis


@pytest.mark.parametrize("command", commands(DOCS / "using.md"))
def test_the_commands_of_the_manual_run(command: str, folder: Path) -> None:
    done = CliRunner().invoke(app, shlex.split(command)[1:], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert done.output


def every_command() -> list[tuple[str, Any]]:
    group: Any = typer.main.get_command(app)
    return list(group.commands.items())


@pytest.mark.parametrize(("name", "command"), every_command())
def test_every_option_is_described(name: str, command: Any) -> None:
    described = section(DOCS / "using.md", f"foederis {name}")
    for parameter in command.params:
        if parameter.param_type_name == "option" and parameter.name != "help":
            assert f"`{parameter.opts[0]}`" in described, parameter.opts


def test_options_that_are_described_exist() -> None:
    known = {option for _, command in every_command() for parameter in command.params for option in parameter.opts}
    known |= {"--help", "--version", "--output-sync"}
    for path in (README, *DOCS.glob("*.md")):
        assert set(re.findall(r"(?<![-\w])--[a-z][a-z-]+", text_of(path))) <= known, path.name


def test_the_public_face_and_the_json_are_described() -> None:
    named = [name for row in rows(section(DOCS / "using.md", "From Python")) for name in re.findall(r"`(\w+)`", row[0])]
    assert sorted(named) == sorted(set(fd.__all__) - {"__version__"})
    answer = fd.solve(fd.loads(EXAMPLE), at="median")
    keys = [key for row in rows(section(DOCS / "using.md", "The answer as JSON")) for key in re.findall(r"`(\w+)`", row[0])]
    assert keys == list(answer.to_json())
    fields = {field.name for field in dataclasses.fields(fd.Answer)} - {"case", "draws", "seed", "at", "game_hash"}
    described = next(row[1] for row in rows(section(DOCS / "using.md", "From Python")) if row[0] == "`Answer`")
    assert fields <= set(re.findall(r"`(\w+)`", described))


def test_every_shipped_case_is_named() -> None:
    for name in fd.gallery():
        assert f"`{name}`" in section(DOCS / "using.md", "foederis cases")


# The file language


def test_the_examples_of_the_language_are_one_whole_file() -> None:
    case = fd.loads(STRAIT, filename="strait.yaml")
    assert look(case).warnings == ()
    answer = fd.solve(case, draws=8, what_ifs="all")
    assert all(reply.left_out == 0 for reply in answer.questions.values())
    assert not any(whatif.changes_nothing for whatif in answer.what_ifs.values())


def test_the_examples_of_the_language_use_almost_every_key() -> None:
    """Every key of the table stands at least once in the example; what is not supported, and files, cannot."""
    words = set(re.findall(r"(\w+):", STRAIT))
    keys = {key for shape in SHAPES for key in shape.keys}
    assert keys - words == {"types", "together", "observed", "file", "url"}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_every_key_is_described(shape: Shape) -> None:
    described = section(DOCS / "language.md", f"Keys of (?:an? |the )?{re.escape(shape.name)}")
    table = [row for row in rows(described) if row[0].startswith("`") and len(row) == 3]
    assert [row[0].strip("`") for row in table] == list(shape.keys)
    assert {row[0].strip("`") for row in table if row[2] == "needed"} == {k for k, key in shape.keys.items() if key.required}
    if shape.short:
        assert f"short form is `{shape.short}`" in described


def test_every_word_of_the_language_is_described() -> None:
    text = text_of(DOCS / "language.md")
    for word in syntax.RESERVED:
        assert re.search(rf"`[^`]*\b{word}\b[^`]*`", section(DOCS / "language.md", "How a file is written")), word
    for word in (*world.DAYS, *stakes.PROVISIONS, *stakes.PAID, "rises", "falls", "same within", "above", "below"):
        assert re.search(rf"`{word}\b", text), word
    numbers = section(DOCS / "language.md", "Numbers")
    for name in syntax.DISTRIBUTIONS:
        assert f"`{name}(" in numbers, name
    said = section(DOCS / "language.md", "Expressions")
    for name in syntax.FUNCTIONS:
        assert f"{name}(" in said, name


def test_the_limits_are_as_described() -> None:
    table = {row[0]: row[1] for row in rows(section(DOCS / "language.md", "Limits"))}
    assert table["a file"] == f"{source.MAX_BYTES // 10**6} MB, {source.MAX_NODES:,} entries, nested {source.MAX_DEPTH} deep"
    assert table["mistakes that are listed"] == f"{diagnostics.MOST}"
    assert table["steps"] == f"{world.MAX_STEPS:,}"
    assert table["levels of a variable"] == f"{world.MAX_LEVELS:,}"
    assert table["states of a phase"].startswith(f"{MAX_STATES // 10**6} million")
    assert table["correlated quantities"] == f"{quantities.MAX_TIED}"
    assert table["an expression"].startswith(
        f"{syntax.MAX_LENGTH:,} characters, nested {syntax.MAX_DEPTH} deep; {expressions.MAX_SIZE:,} operations"
    )
    assert table["draws"] == f"{MAX_DRAWS:,}"


def test_months_are_as_described() -> None:
    assert f"{world.DAYS['month']} days" in section(DOCS / "language.md", "Keys of the clock")


def test_what_is_not_supported_is_refused() -> None:
    keys = [re.findall(r"`(\w+)`", row[1])[0] for row in rows(section(DOCS / "language.md", "Not supported yet"))]
    tried = {
        "types": "actors: {a: {rationality: 1, types: {x: 50%, y: 50%}}}",
        "together": "moves: [{together: []}]",
        "observed": "observed: [{step: 0}]",
    }
    assert keys == list(tried)
    for more in tried.values():
        with pytest.raises(fd.CaseError) as caught:
            fd.loads(f"foederis: 1\ntitle: T\nclock: {{step: 1 week, steps: 1}}\n{more}\n")
        assert [item.code for item in caught.value.diagnostics] == ["F210"]
    assert set(keys) <= {key for shape in (*SHAPES, CASE) for key in shape.keys}


# The method

AGAIN = """
foederis: 1
title: Asked again and again
clock: {{step: 1 week, steps: {steps}}}
actors: {{a: {{rationality: 0.2{pace}}}}}
state: {{done: flag}}
moves: [{{actor: a, when: not done, options: {{wait: {{}}, act: {{sets: {{done: yes}}, pays: {{a: -15}}}}}}}}]
questions: {{acts: {{at_end: done}}}}
"""


def test_the_figures_on_being_asked_again_and_again() -> None:
    shown = []
    for pace in ("", ", reconsiders: every {} weeks"):
        for steps in (3, 12, 84):
            case = fd.loads(AGAIN.format(steps=steps, pace=pace.format(steps // 3)))
            shown.append(fd.solve(case, at="median").questions["acts"].mean)  # type: ignore[union-attr]
    assert [f"{100 * share:.2g}" for share in shown[:2]] == ["16", "87"]
    assert shown[2] > 0.9999
    assert [f"{100 * share:.2g}" for share in shown[3:]] == ["9.5", "14", "16"]
    said = " ".join(section(DOCS / "method.md", "Asked again and again").split())
    assert "16 % in 3 weeks, 87 % in 12, and 100 % in 84" in said
    assert "9.5 %, 14 % and 16 %" in said


def test_the_words_for_probabilities() -> None:
    table = rows(section(DOCS / "method.md", "Words for probabilities"))
    assert len(table) == 7
    for words, low, high in table:
        ends = [float(end.removesuffix(" %")) / 100 for end in (low, high)]
        assert probability_word(sum(ends) / 2) == words
        assert probability_word(ends[0]) == words


# Messages, dependencies, links


def test_the_table_of_codes_is_complete() -> None:
    titles = dict(re.match(r"# (\w+): (.*)", text_of(page)).groups() for page in sorted(PAGES.glob("*.md")))  # type: ignore[union-attr]
    path = DOCS / "errors.md"
    if REWRITE:
        for head in re.findall(r"^## .*\((\w)(\d)…\)$", text_of(path), re.MULTILINE):
            mine = [f"| [{c}](../src/foederis/pages/{c}.md) | {t} |" for c, t in titles.items() if c.startswith("".join(head))]
            table = "\n".join(["| Code | |", "|---|---|", *mine])
            pattern = rf"(?m)(^## .*\({''.join(head)}…\)\n)\n*(?:\|.*\n)*\n*"
            whole = re.sub(pattern, lambda m, table=table: f"{m[1]}\n{table}\n\n", text_of(path))
            path.write_text(whole.strip() + "\n", "utf-8")
    listed = {re.sub(r"\[(\w+)\].*", r"\1", row[0]): row[1] for row in rows(text_of(path))}
    assert listed == titles


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]
    named = [row[0].strip("`") for row in rows(section(DOCS / "design-notes.md", "Dependencies"))]
    needed = [re.match(r"[\w-]+", requirement)[0] for requirement in project["dependencies"]]  # type: ignore[index]
    assert sorted(named) == sorted([*needed, *project["optional-dependencies"]])


def anchors(path: Path) -> set[str]:
    """The anchors that headings get: small letters, spaces as dashes, other signs left out."""
    heads = re.findall(r"^#+ (.*)$", re.sub(r"(?ms)^```.*?^```", "", text_of(path)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"(?ms)^```.*?^```", "", text_of(path))):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.is_relative_to(ROOT), link
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_document_can_be_reached_from_the_readme() -> None:
    linked = {link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text_of(README))}
    assert {f"docs/{path.name}" for path in DOCS.iterdir()} <= linked

"""The commands of the README run as typed, and print what it shows.

To write the output into the README anew after a change that is meant: FOEDERIS_REWRITE=1 pytest tests/docs
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import foederis as fd
from foederis.report.words import probability_word
from tests.docs.reading import EXAMPLE, README, REWRITE, blocks, commands, said, text_of


def test_the_commands_run_as_typed_and_print_what_is_shown(folder: Path) -> None:
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
        output = "\n".join(line.rstrip() for line in printed.strip().splitlines())
        whole = re.sub(r"(?s)(```text\n).*?(```)", lambda match: f"{match[1]}{output}\n{match[2]}", text_of(README))
        README.write_text(whole, encoding="utf-8")
    [shown] = blocks(README, "text")
    assert settled(printed) == settled(shown)


def settled(output: str) -> list[str]:
    """An output without what may differ between machines: the digits of the residual, and where lines break after
    it; and without the game's hash, which changes with every change to the compiler."""
    answer, mark, check = output.partition("Checked:")
    check = re.sub(r"residual \S+ of", "residual … of", " ".join(check.split()))
    check = re.sub(r"Game [0-9a-f]{12}", "Game …", check)
    return [*(line.rstrip() for line in answer.strip().splitlines()), mark + check]


def test_what_is_said_of_the_answer() -> None:
    answer = fd.solve(fd.loads(EXAMPLE), what_ifs="all")
    helps, moved = answer.questions["helps"], answer.what_ifs["cheap_arms"].difference["helps"]
    assert isinstance(helps, fd.Estimate)
    assert isinstance(moved, fd.Estimate)
    text = said(README, "Reading the answer")
    assert f"{100 * helps.mean:.0f} %, between {100 * helps.p05:.1f} % and {100 * helps.p95:.0f} %" in text
    assert f'"{probability_word(helps.mean)}"' in text
    assert f"{100 * moved.mean:.1f} percentage points likelier" in text
    assert f"between {100 * moved.p05:.0f} and {100 * moved.p95:.0f} in nine" in text


def test_what_is_said_of_the_kremlin_case() -> None:
    case = fd.load("kremlin")
    assert (len(case.whatifs), len(case.actors), case.clock.steps) == (15, 4, 12)
    stays_out = fd.solve(case, draws=16).questions["stays_out"]
    assert isinstance(stays_out, fd.Estimate)
    assert f"{probability_word(stays_out.mean)} that Moscow leaves it at words" in said(README, "The Kremlin case")

"""What several test files share: a case with everything in it, answers as flat tables, and patches."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import jax.monitoring
import numpy as np
import pytest
from numpy.typing import NDArray
from rich.console import Console

from foederis.analysis.answers import Answer, Estimate, Reply
from foederis.analysis.result import Result
from foederis.diagnostics import CaseError, Diagnostic
from foederis.solve.device import Kernel

EVERYTHING = (Path(__file__).parent / "property" / "everything.yaml").read_text(encoding="utf-8")

# The beginning of cases of one step in which something is lost or not.
ONE_WEEK = """
foederis: 1
title: Answers that can be written down
clock: {step: 1 week, steps: 1}
state: {lost: flag}
"""

Floats = NDArray[np.float64]


def printed(result: Result, print_result: Callable[[Any, Console], None]) -> str:
    """What is printed of a result where there is no terminal."""
    console = Console(file=io.StringIO(), width=110)
    print_result(result, console)
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def only_mistake(analyse: Callable[[], object]) -> Diagnostic:
    """The one mistake for which an analysis is refused."""
    with pytest.raises(CaseError) as caught:
        analyse()
    [item] = caught.value.diagnostics
    return item


def flat(answer: Answer) -> dict[tuple[str, ...], Floats]:
    """Everything that an answer says draw by draw, under the names that lead to it."""
    found: dict[tuple[str, ...], Floats] = {}
    found.update(_replies(("question",), answer.questions))
    for kind, estimates in (("value", answer.values), ("noise", answer.noise), ("loss", answer.losses)):
        found.update({(kind, name): estimate.draws for name, estimate in estimates.items()})
    for kind, moves in (("first", answer.first_moves), ("ever", answer.ever_taken)):
        found.update({(kind, who, what): x.draws for who, options in moves.items() for what, x in options.items()})
    for name, levels in answer.through_time.items():
        found.update({("level", name, level): series for level, series in levels.items()})
    for name, whatif in answer.what_ifs.items():
        found.update(_replies(("whatif", name), whatif.questions))
    return found


def _replies(path: tuple[str, ...], replies: Mapping[str, Reply]) -> Iterator[tuple[tuple[str, ...], Floats]]:
    for name, reply in replies.items():
        if isinstance(reply, Estimate):
            yield (*path, name), reply.draws
        else:
            yield (*path, name, "by_step"), reply.by_step
            yield (*path, name, "never"), reply.never


def assert_same(found: Mapping[Any, Floats], expected: Mapping[Any, Floats], within: float = 0.0) -> None:
    """The same names with the same numbers: bit for bit, or to a part of the largest of them that is above 1."""
    __tracebackhide__ = True
    assert set(found) == set(expected)
    for name, numbers in expected.items():
        if within:
            scale = max(1.0, float(np.max(np.abs(np.nan_to_num(numbers)), initial=0.0)))
            np.testing.assert_allclose(found[name], numbers, rtol=0, atol=within * scale, err_msg=str(name))
        else:
            np.testing.assert_array_equal(found[name], numbers, err_msg=str(name))


def replace_everywhere(
    monkeypatch: pytest.MonkeyPatch, function: Callable[..., Any], replacement: Callable[..., Any]
) -> None:
    """Puts another function in the place of one, in every module of the package that has imported it."""
    places = 0
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "foederis":
            for found in [place for place, value in vars(module).items() if value is function]:
                monkeypatch.setattr(module, found, replacement)
                places += 1
    assert places


_compiled: list[str] = []


def _note(event: str, _seconds: float, **_: Any) -> None:
    if event == "/jax/core/compile/backend_compile_duration":
        _compiled.append(event)


jax.monitoring.register_event_duration_secs_listener(_note)


@contextmanager
def compilations() -> Iterator[list[str]]:
    """Collects what is compiled, or loaded from disk, while the block runs."""
    before = len(_compiled)
    found: list[str] = []
    prepare = Kernel._prepare

    def noted(kernel: Kernel, *arguments: Any) -> Any:
        found.append(kernel._function.__qualname__)
        return prepare(kernel, *arguments)

    with mock.patch.object(Kernel, "_prepare", noted):
        yield found
    found += _compiled[before:]

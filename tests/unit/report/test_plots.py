"""Plots for notebooks: they show the numbers of the answer."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

import foederis as fd
from foederis.analysis.answers import Answer, Estimate
from foederis.report.plots import PlotError

pytest.importorskip("matplotlib")


@pytest.fixture(scope="module")
def answer() -> Answer:
    return fd.solve(fd.load("patron"), draws=16, what_ifs="all")


def marks(axis: object) -> np.ndarray:
    [dots] = [line for line in axis.lines if line.get_marker() == "o"]  # type: ignore[attr-defined]
    return np.asarray(dots.get_xdata())


def test_questions(answer: Answer) -> None:
    shares, amount = answer.plot.questions().axes
    names = ("comes", "intervenes", "client_falls")
    np.testing.assert_allclose(marks(shares), [100 * answer.questions[n].mean for n in names])  # type: ignore[union-attr]
    np.testing.assert_allclose(marks(amount), [answer.questions["loss"].mean])  # type: ignore[union-attr]
    assert shares.get_yticklabels()[0].get_text().startswith("comes (at some time")
    assert shares.get_ylim()[0] > shares.get_ylim()[1]  # the first question stands at the top
    assert amount.get_xlabel() == "bn USD"
    assert amount.get_xlim()[0] == 0


def test_bands_are_the_middle_of_the_worlds(answer: Answer) -> None:
    [bands] = answer.plot.questions().axes[0].collections
    first = bands.get_segments()[0]
    reply = answer.questions["comes"]
    assert isinstance(reply, Estimate)
    np.testing.assert_allclose(first[:, 0], [100 * reply.p05, 100 * reply.p95])


def test_through_time(answer: Answer) -> None:
    figure = answer.plot.through_time()
    assert [axis.get_title(loc="left") for axis in figure.axes] == ["war", "help", "client fallen"]
    for axis, name in zip(figure.axes, answer.through_time, strict=True):
        for line, series in zip(axis.lines, answer.through_time[name].values(), strict=True):
            np.testing.assert_allclose(line.get_ydata(), 100 * series.mean(axis=0))
        looks = {(line.get_color(), line.get_linestyle()) for line in axis.lines}
        assert len({dashes for _, dashes in looks}) == len(axis.lines)


def test_first_moves(answer: Answer) -> None:
    figure = answer.plot.first_moves()
    assert [axis.get_title(loc="left") for axis in figure.axes] == ["rival", "patron"]
    expected = [100 * share.mean for share in answer.first_moves["patron"].values()]
    np.testing.assert_allclose(marks(figure.axes[1]), expected)


def test_what_ifs(answer: Answer) -> None:
    [axis] = answer.plot.what_ifs("client_falls").axes
    expected = [100 * w.difference["client_falls"].mean for w in answer.what_ifs.values()]  # type: ignore[union-attr]
    np.testing.assert_allclose(marks(axis), expected)
    assert axis.get_xlabel() == "change, percentage points"
    [first] = answer.plot.what_ifs().axes
    assert not np.allclose(marks(first), expected)


def test_what_there_is_nothing_to_show_of(answer: Answer) -> None:
    with pytest.raises(PlotError, match=r'no what-if was solved: fd.solve\(case, what_ifs="all"\)'):
        fd.solve(fd.load("patron"), at="median").plot.what_ifs()
    with pytest.raises(PlotError, match="there is no question `nope`"):
        answer.plot.what_ifs("nope")


def test_dollars_are_money() -> None:
    text = (
        fd.load("patron")
        .text.replace("stand_aside: {}", "stand_aside: {}")
        .replace("comes:        {eventually", 'comes: {says: "Is it $5 or $6?", eventually')
    )
    figure = fd.solve(fd.loads(text), at="median").plot.questions()
    figure.canvas.draw()
    assert figure.axes[0].get_yticklabels()[0].get_text() == r"Is it \$5 or \$6?"


def test_without_matplotlib_it_says_what_to_install() -> None:
    code = """
import sys
sys.modules["matplotlib"] = sys.modules["matplotlib.figure"] = None
import foederis as fd
try:
    fd.solve(fd.load("deterrence"), at="median").plot.questions()
except Exception as error:
    print(type(error).__name__, error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300)
    assert done.stdout.strip() == "PlotError plots need matplotlib: pip install 'foederis[plots]'"

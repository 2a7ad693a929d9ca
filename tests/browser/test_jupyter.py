"""The widget in a real JupyterLab: what a stand-in for a notebook cannot tell.

JupyterLab brings some fifty packages with it, so the environment of the tests goes without: FOEDERIS_JUPYTER_PYTHON
names a Python that has jupyterlab, ipykernel and what Foederis needs for its widget.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.browser.chromium import find

playwright = pytest.importorskip("playwright.sync_api", reason="no Playwright in this environment")
from playwright.sync_api import Page, expect  # noqa: E402

CHROMIUM = find()
PYTHON = os.environ.get("FOEDERIS_JUPYTER_PYTHON")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; FOEDERIS_CHROMIUM names one"),
    pytest.mark.skipif(PYTHON is None, reason="no JupyterLab; FOEDERIS_JUPYTER_PYTHON names a Python that has it"),
]
SOURCE = Path(__file__).parents[2] / "src"
# Two widgets, and the second one in two views.
CELLS = [
    'import foederis as fd\nfd.solve(fd.load("deterrence"), draws=8).widget()',
    'patron = fd.solve(fd.load("patron"), draws=8).widget()\npatron',
    "patron",
]
PATIENCE = 60_000  # ms


def write_notebook(path: Path) -> None:
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**cell, "id": f"cell{place}", "source": source} for place, source in enumerate(CELLS)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells}
    path.write_text(json.dumps(book), encoding="utf-8")


@contextmanager
def jupyter(folder: Path) -> Iterator[str]:
    """A JupyterLab on a folder, with settings of its own; gives the address of its notebook."""
    parts = ("config", "data", "runtime")
    own = {f"JUPYTER_{part.upper()}_DIR": str(folder / part) for part in parts} | {
        "IPYTHONDIR": str(folder / "ipython")
    }
    books = folder / "books"
    books.mkdir()
    write_notebook(books / "book.ipynb")
    command = [str(PYTHON), "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, f"--ServerApp.root_dir={books}", "--IdentityProvider.token=known"],
            env={**os.environ, **own, "PYTHONPATH": str(SOURCE)},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield f"{address(folder, process)}lab/tree/book.ipynb?token=known"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # a kernel ends by itself when its server is gone
        process.wait()


def address(folder: Path, process: subprocess.Popen[bytes]) -> str:
    until = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < until and process.poll() is None:
        for found in (folder / "runtime").glob("jpserver-*.json"):
            text = found.read_text(encoding="utf-8")
            if text.rstrip().endswith("}"):
                return str(json.loads(text)["url"])
        time.sleep(0.1)
    raise RuntimeError((folder / "log").read_text(encoding="utf-8"))


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with jupyter(tmp_path) as place, playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        found = browser.new_page(viewport={"width": 1440, "height": 900})
        found.set_default_timeout(PATIENCE)
        found.goto(place)
        expect(found.locator(".jp-Notebook .jp-Cell")).to_have_count(len(CELLS), timeout=PATIENCE)
        expect(found.get_by_text("| Idle")).to_be_visible(timeout=PATIENCE)
        yield found
        browser.close()


def choose(page: Page, menu: str, *items: str) -> None:
    page.locator(".lm-MenuBar-item", has_text=menu).click()
    for item in items:
        page.locator(".lm-Menu-item", has_text=item).first.click()


def test_widgets_live_in_jupyterlab(page: Page) -> None:
    choose(page, "Run", "Run All Cells")
    widgets = page.locator(".notebook")
    expect(widgets).to_have_count(len(CELLS), timeout=PATIENCE)
    for place in range(len(CELLS)):
        widgets.nth(place).scroll_into_view_if_needed()
        expect(widgets.nth(place).locator(".standing[data-rough=false]")).to_be_visible(timeout=PATIENCE)

    # A turned number is answered, and the other view keeps its own.
    first, second = widgets.nth(1), widgets.nth(2)
    stake = first.get_by_role("slider", name="stake", exact=True)
    stake.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(first.get_by_text("than in the saved file")).to_be_visible(timeout=PATIENCE)
    expect(first.locator(".sliders > summary")).to_have_text("Turn the numbers (1 changed)")
    expect(second.locator(".sliders > summary")).to_have_text("Turn the numbers")

    # What is typed stays in the field: `0 0` would start the kernel anew, and `d d` drop the cell.
    field = first.locator("input.number").first
    field.press("Control+a")
    page.keyboard.type("0.00 dd")
    expect(field).to_have_value("0.00 dd")
    field.press("Escape")
    expect(page.locator(".jp-Dialog")).to_have_count(0)
    expect(widgets).to_have_count(len(CELLS))

    with page.expect_download() as taken:
        first.get_by_role("button", name="Export").first.click()
        first.locator(".export-menu:popover-open button", has_text="SVG").click()
    assert taken.value.suggested_filename == "patron-questions.svg"

    ground = "element => getComputedStyle(element).backgroundColor"
    light = first.evaluate(ground)
    choose(page, "Settings", "Theme", "JupyterLab Dark")
    expect(first).not_to_have_css("background-color", light, timeout=PATIENCE)

    # A kernel that was started anew knows nothing of the widget; its numbers stay, and the page says what to do.
    page.locator('.jp-NotebookPanel-toolbar [data-jp-item-name="restart"]').click()
    page.locator(".jp-Dialog button.jp-mod-accept").click()
    expect(page.locator(".jp-Dialog")).to_have_count(0, timeout=PATIENCE)
    expect(page.get_by_text("| Idle")).to_be_visible(timeout=PATIENCE)
    stake.focus()
    page.keyboard.press("ArrowRight")
    expect(first.get_by_role("status").get_by_text("run this cell once more")).to_be_visible(timeout=PATIENCE)
    expect(first.locator(".headline-number")).to_be_visible()

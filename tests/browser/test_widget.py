"""The page of a notebook's widget in a real browser, answered by the desk that a notebook has."""

from __future__ import annotations

import json
import queue
from collections.abc import Iterator
from typing import Any

import pytest

import foederis as fd
from tests.browser.chromium import find

playwright = pytest.importorskip("playwright.sync_api", reason="no Playwright in this environment")
pytest.importorskip("anywidget", reason="no anywidget in this environment")
from playwright.sync_api import Page, expect  # noqa: E402

from foederis.web.widget import CaseWidget  # noqa: E402

CHROMIUM = find()
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; FOEDERIS_CHROMIUM names one")
NOTEBOOK = "http://notebook.invalid/"
# What a notebook does with a widget: a model with traits and messages, and an element.
START = """async (traits) => {
  const heard = new Set();
  window.tell = (message) => heard.forEach((one) => one(message));
  const model = {
    get: (name) => traits[name],
    send: (message) => window.ask(JSON.stringify(message)),
    on: (event, one) => heard.add(one),
    off: (event, one) => heard.delete(one),
  };
  const loader = await import(URL.createObjectURL(new Blob([traits._esm], { type: "text/javascript" })));
  window.close_widget = await loader.default.render({ model, el: document.querySelector("main") });
}"""


@pytest.fixture
def page() -> Iterator[Page]:
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        found = browser.new_page()
        blank = "<!doctype html><style>h2 { color: rgb(1, 2, 3) }</style><h2>Mine</h2><main></main>"
        found.route("**/*", lambda route: route.fulfill(body=blank, content_type="text/html"))
        found.goto(NOTEBOOK)
        yield found
        browser.close()


def test_a_notebook_shows_a_case_and_follows_its_sliders(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foederis.analysis.live.usual_draws", lambda case: 64)
    widget = CaseWidget(fd.load("patron"))
    said: queue.Queue[dict[str, Any]] = queue.Queue()
    monkeypatch.setattr(widget.desk, "_say", said.put)
    page.expose_function("ask", lambda text: widget.desk.hear(json.loads(text)))
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    traits = {name: getattr(widget, name) for name in ("_code", "_styles", "_model")}
    traits["_esm"] = widget._esm
    page.evaluate(START, traits)

    def until(text: str) -> None:
        """Hands on what the desk says, until the page shows a text."""
        for _ in range(600):
            while not said.empty():
                page.evaluate("message => window.tell(message)", said.get())
            if text in page.locator(".notebook").inner_text():
                return
            page.wait_for_timeout(100)
        raise AssertionError(f"the page never showed {text!r}")

    until("64 worlds")
    until("unlikely")
    before = page.locator(".headline-number strong").inner_text()
    stake = page.get_by_role("slider", name="stake", exact=True)
    stake.focus()
    for _ in range(25):
        page.keyboard.press("ArrowRight")
    until("than in the saved file")
    assert page.locator(".headline-number strong").inner_text() != before
    page.get_by_role("button", name="Exposure").click()
    # The notebook's own page is left alone: its address, and how its headings look.
    assert page.url == NOTEBOOK
    expect(page.get_by_role("heading", name="Mine")).to_have_css("color", "rgb(1, 2, 3)")
    assert complaints == []

"""The brief in a real browser with the network off: at a desk, on a phone, on paper, and by keyboard."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from foederis.analysis.dials import interpolate
from foederis.report.brief.answers import switch_data
from foederis.report.words import percent
from tests.browser.chromium import Browser, browser, find
from tests.unit.report.brief import cases
from tests.unit.report.brief.reading import read

CHROMIUM = find()
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; FOEDERIS_CHROMIUM names one")
SIZES = {"desk": 1280, "phone": 360}
TAB, LEFT, RIGHT, HOME, END, DOWN, ENTER = 9, 37, 39, 36, 35, 40, 13


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    assert CHROMIUM is not None
    with browser(CHROMIUM) as found:
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("briefs")
    for name in ("patron", "everything", "hostile"):
        (folder / f"{name}.html").write_text(cases.page_of(name), encoding="utf-8")
    return folder


@pytest.fixture
def page(window: Browser, folder: Path) -> Iterator[Browser]:
    """A freshly loaded brief; afterwards the browser must have had nothing to complain about."""
    window.complaints.clear()
    window.requests.clear()
    window.open(folder / "patron.html")
    yield window
    assert window.complaints == []
    assert {address.partition(":")[0] for address in window.requests} <= {"file", "data"}


def text(page: Browser, selector: str) -> Any:
    return page.value(f"document.querySelector({selector!r}).textContent")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["patron", "everything", "hostile"])
def test_everything_is_seen_and_nothing_sticks_out(
    page: Browser, folder: Path, name: str, size: str, scheme: str
) -> None:
    page.open(folder / f"{name}.html", width=SIZES[size], scheme=scheme)
    expected = [section.attributes["id"] for section in read(cases.page_of(name)).all("section")]
    seen = page.value(
        "[...document.querySelectorAll('section')].filter(s => s.getBoundingClientRect().height > 60).map(s => s.id)"
    )
    assert seen == expected
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert page.value(wide)
    page.value("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert page.value(wide)
    # Nothing but what scrolls by itself, or is hidden on purpose, reaches over the edge.
    over = """[...document.querySelectorAll('main *')].filter(e => !e.closest('.scroll, pre, .unseen, thead')
        && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map(e => e.outerHTML.slice(0, 120))"""
    assert page.value(over) == []
    assert page.value("typeof window.alerted") == "undefined"


def test_texts_do_not_run_into_each_other(page: Browser, folder: Path) -> None:
    """No cell of a table is wider than its column, at any width of the window."""
    for width in (1280, 1100, 900, 780, 360):
        page.open(folder / "everything.html", width=width)
        page.value("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        wide = (
            "[...document.querySelectorAll('.stack tbody :is(td, th)')].filter(c => c.scrollWidth > c.clientWidth + 2)"
        )
        assert page.value(f"{wide}.map(c => c.textContent)") == []


def test_the_switch_shows_a_what_if(page: Browser) -> None:
    before = text(page, "[data-question=client_falls] .value")
    x_before = page.value("document.querySelector('[data-question=client_falls] .dot').getAttribute('cx')")
    page.value("document.getElementById('what-if').focus()")
    page.press("ArrowDown", DOWN)
    page.press("ArrowDown", DOWN)
    assert page.value("document.getElementById('what-if').value") == "weak_client"
    data = switch_data(cases.patron())["weak_client"]["rows"]["client_falls"]
    assert text(page, "[data-question=client_falls] .value") == data["value"] != before
    assert text(page, "[data-question=client_falls] td.moved") == f"{data['moved']} {data['around']}"
    assert text(page, "[data-question=client_falls] .word") == data["word"]
    x_after = page.value("document.querySelector('[data-question=client_falls] .dot').getAttribute('cx')")
    assert float(x_after.rstrip("%")) == pytest.approx(data["places"][1])
    assert x_after != x_before
    assert text(page, "#what-if-said") == "What if: weak client"
    assert data["spoken"] == text(page, "[data-question=client_falls] svg desc")
    page.press("Home", HOME)
    assert text(page, "[data-question=client_falls] .value") == before
    assert page.value("getComputedStyle(document.querySelector('td.moved')).display") == "none"


def test_dials_turn_by_keyboard_as_worked_out_beforehand(page: Browser) -> None:
    dials = cases.patron().dials
    assert dials is not None
    [first, *_] = dials.points
    page.value(f"document.getElementById('dial-{first}').focus()")
    middle = text(page, "[data-turned=comes]")
    places = np.full(len(dials.points), 2.0)
    assert middle == percent(interpolate(dials.answers["comes"], places))
    for _ in range(7):
        page.press("ArrowRight", RIGHT)
    places[0] += 0.7
    assert text(page, "[data-turned=comes]") == percent(interpolate(dials.answers["comes"], places))
    page.press("End", END)
    places[0] = 4
    assert text(page, "[data-turned=comes]") == percent(interpolate(dials.answers["comes"], places))
    shown = page.value(f"document.getElementById('dial-{first}').getAttribute('aria-valuetext')")
    assert shown == text(page, f"label[for=dial-{first}] output")
    dot = page.value("document.querySelector('[data-bar=comes] .dot').getAttribute('cx')")
    assert float(dot.rstrip("%")) == pytest.approx(100 * interpolate(dials.answers["comes"], places), abs=0.01)
    page.value("document.getElementById('dials-reset').click()")
    assert text(page, "[data-turned=comes]") == middle


def test_every_dial_at_once(page: Browser) -> None:
    dials = cases.patron().dials
    assert dials is not None
    stops = [3, 17, 25, 38]
    for name, stop in zip(dials.points, stops, strict=True):
        page.value(
            f"(() => {{ const d = document.getElementById('dial-{name}'); d.value = {stop};"
            " d.dispatchEvent(new Event('input')); })()"
        )
    places = np.array(stops) / 10
    for name in ("comes", "intervenes", "client_falls"):
        assert text(page, f"[data-turned={name}]") == percent(interpolate(dials.answers[name], places))


def test_numbers_are_written_as_the_rest_of_the_page_writes_them(page: Browser) -> None:
    """The script's own spelling against Python's, on the numbers of the switch that both know."""
    data = switch_data(cases.patron())[""]["rows"]
    shown = page.value("[...document.querySelectorAll('[data-question] .value')].map(v => v.textContent)")
    assert sorted(shown) == sorted(entry["value"] for entry in data.values())


def test_the_skip_link_comes_first_and_can_be_seen(page: Browser) -> None:
    page.press("Tab", TAB)
    assert page.value("document.activeElement.className") == "skip"
    box = "document.activeElement.getBoundingClientRect()"
    assert page.value(f"{box}.left >= 0 && {box}.top >= 0")
    assert page.value("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.press("Enter", ENTER, "\r")
    assert page.value("location.hash") == "#bottom-line"


def test_all_that_can_be_used_can_be_reached_by_keyboard(page: Browser) -> None:
    wanted = page.value(
        "document.querySelectorAll('a[href], select, input, button, summary, [tabindex]').length"
        " - document.querySelectorAll('details:not([open]) > :not(summary) :is(a[href], [tabindex], summary),"
        " details:not([open]) > [tabindex]').length"
    )
    seen = set()
    for _ in range(wanted + 5):
        page.press("Tab", TAB)
        seen.add(page.value("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
    assert len(seen) >= wanted


def test_names_for_those_who_do_not_see(page: Browser) -> None:
    """What the browser tells a screen reader: pictures, tables and controls have names and roles."""
    nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    by_role: dict[str, list[str]] = {}
    for node in nodes:
        if not node.get("ignored"):
            role = node.get("role", {}).get("value", "")
            by_role.setdefault(role, []).append(node.get("name", {}).get("value", ""))
    pictures = by_role.get("image", []) + by_role.get("img", []) + by_role.get("SvgRoot", [])
    assert len(pictures) == page.value(
        "document.querySelectorAll('svg').length - document.querySelectorAll('details svg').length"
    )
    assert all(pictures)
    assert all(by_role["slider"])
    assert "Show the answer" in by_role["combobox"][0]
    assert len(by_role["row"]) > 20
    assert len(by_role["rowheader"]) > 20
    assert "Contents" in by_role["navigation"]


def test_on_a_phone_tables_are_still_tables(page: Browser, folder: Path) -> None:
    page.open(folder / "patron.html", width=360)
    roles = [n.get("role", {}).get("value") for n in page.call("Accessibility.getFullAXTree")["nodes"]]
    assert roles.count("columnheader") > 10
    assert roles.count("rowheader") > 20


def test_without_the_script_all_but_the_switches_is_there(page: Browser, folder: Path) -> None:
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        page.open(folder / "patron.html")
        root = page.call("DOM.getDocument", depth=0)["root"]["nodeId"]
        shown = {}
        for selector in (".switch", ".dials", ".no-script", "#answer table", "#bottom-line .lead"):
            node = page.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
            try:
                shown[selector] = page.call("DOM.getBoxModel", nodeId=node)["model"]["height"] > 0
            except RuntimeError:
                shown[selector] = False
        assert shown == {
            ".switch": False, ".dials": False, ".no-script": True, "#answer table": True, "#bottom-line .lead": True,
        }  # fmt: skip
    finally:
        page.call("Emulation.setScriptExecutionDisabled", value=False)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext on this machine")
@pytest.mark.parametrize("scripted", [True, False])
def test_on_paper(page: Browser, folder: Path, tmp_path: Path, scripted: bool) -> None:
    page.call("Emulation.setScriptExecutionDisabled", value=not scripted)
    try:
        page.open(folder / "everything.html")
        page.pdf(tmp_path / "brief.pdf")
    finally:
        page.call("Emulation.setScriptExecutionDisabled", value=False)
    done = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "brief.pdf", "-"], capture_output=True, text=True, check=True, timeout=60
    )
    said = " ".join(done.stdout.split())
    for title in read(cases.page_of("everything")).all("h2"):
        # What is turned by hand stays in the file.
        assert (title.text in said) is (title.text != "Turn the numbers"), title.text
    questions = cases.everything().case.questions
    assert said.count("As things stand") == len(questions) > 3  # most are behind a summary on the screen
    assert "Show the answer" not in said
    assert "Skip to" not in said
    assert done.stdout.count("\f") < 25
    assert page.value("document.querySelectorAll('details[open]').length") == 0


def test_a_page_that_means_harm_runs_nothing(page: Browser, folder: Path) -> None:
    page.value("window.alerted = undefined")
    page.open(folder / "hostile.html")
    assert page.value("document.scripts.length") == 3
    assert page.value("document.images.length") == 0
    injected = "(() => { const s = document.createElement('script'); s.textContent = 'window.harm = 1';"
    page.value(f"{injected} document.body.append(s); }})()")
    assert page.value("typeof window.harm") == "undefined"
    # The browser says that it has refused: that is the one complaint.
    assert len(page.complaints) == 1
    assert re.search("Content Security Policy", page.complaints.pop())


def test_the_file_can_be_saved(page: Browser) -> None:
    saved = page.value("fetch ? document.querySelector('a[download]').href : ''")
    assert saved.startswith("data:application/yaml;charset=utf-8;base64,")
    assert page.value("document.querySelector('a[download]').download") == "patron.yaml"

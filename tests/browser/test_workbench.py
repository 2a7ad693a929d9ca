"""The workbench in a real browser, against the real server: what an analyst does with it, and what may go wrong."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.chromium import find
from tests.browser.served import Server, serve

playwright = pytest.importorskip("playwright.sync_api", reason="no Playwright in this environment")
from playwright.sync_api import Browser, Page, expect  # noqa: E402

from tests.browser.screenshots import PAGES, rest  # noqa: E402

CHROMIUM = find()
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine; FOEDERIS_CHROMIUM names one")
CASES = Path(__file__).parents[2] / "src" / "foederis" / "cases"
PATRON = "#/case/file%3Apatron.yaml"
PATIENCE = 20_000  # ms
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with playwright.sync_playwright() as running:
        found = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("served") / "cases"
    folder.mkdir()
    with serve(folder) as found:
        yield found


@pytest.fixture
def folder(server: Server) -> Path:
    """The folder that is served, as it is at the start."""
    for path in server.folder.glob("*.yaml"):
        path.unlink()
    shutil.copy(CASES / "patron" / "patron.yaml", server.folder)
    return server.folder


@pytest.fixture
def page(chromium: Browser, server: Server, folder: Path) -> Iterator[Page]:
    """A page that is signed in; afterwards the browser must have had nothing to complain about."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    context.set_default_timeout(PATIENCE)
    found = context.new_page()
    complaints: list[str] = []
    found.on("pageerror", lambda error: complaints.append(str(error)))
    found.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    found.goto(server.address)
    yield found
    context.close()
    assert [said for said in complaints if "ERR_CONNECTION_REFUSED" not in said and "409" not in said] == []


def settled(page: Page) -> None:
    """The answer is that of all worlds."""
    expect(page.locator(".standing")).to_contain_text(re.compile(r"\d,?\d* worlds"))
    expect(page.locator(".standing[data-rough=false]")).to_be_visible()
    expect(page.locator(".standing progress")).to_have_count(0)


def headline(page: Page) -> str:
    return page.locator(".headline-number strong").inner_text()


def open_patron(page: Page, server: Server, where: str = "/answer") -> None:
    page.goto(f"{server.origin}/{PATRON}{where}")


def test_the_answer_is_read_from_the_list_and_on_its_page(page: Page, server: Server) -> None:
    import foederis as fd

    expect(page.get_by_role("heading", level=1)).to_have_text("Cases")
    card = page.get_by_role("listitem").filter(has_text="patron.yaml").first
    expect(card).to_contain_text("41 %")
    card.get_by_role("link", name="Does the patron come?").click()
    settled(page)
    mean = fd.solve(fd.load("patron")).questions["comes"].mean
    assert headline(page) == f"{100 * mean:.0f} %"
    expect(page.locator(".headline-number .word")).to_have_text("unlikely")
    expect(page).to_have_title(re.compile("Does the patron come"))


def test_a_slider_is_followed_while_it_is_dragged(page: Page, server: Server) -> None:
    """Rough answers come while the mouse is down, the full one after it is let go, and one click undoes all."""
    rough: list[int] = []

    def heard(frame: str | bytes) -> None:
        message = json.loads(frame)
        if message["type"] == "turned" and message["rough"]:
            rough.append(message["seq"])

    page.on("websocket", lambda socket: socket.on("framereceived", heard))
    open_patron(page, server)
    page.reload()
    settled(page)
    before, seen = headline(page), set()
    handle = page.get_by_role("slider", name="stake", exact=True)
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    for step in range(40):
        page.mouse.move(box["x"] + box["width"] * (0.5 + step / 100), middle)
        page.wait_for_timeout(50)
        seen.add(headline(page))
    assert len(rough) >= 5
    assert rough == sorted(rough)
    assert len(seen) >= 3
    expect(page.locator(".standing")).to_contain_text("while you drag")
    page.mouse.up()
    settled(page)
    after = headline(page)
    assert after != before
    expect(page.locator(".headline-change")).to_contain_text("than in the saved file (41 %")
    assert "set=quantities.stake" in page.url
    page.get_by_role("button", name="Undo all").click()
    settled(page)
    expect(page.locator(".headline-number strong")).to_have_text(before)
    expect(page.get_by_role("region", name="Changes against the saved file")).to_have_count(0)


def test_the_settled_answer_is_that_of_the_changed_file(page: Page, server: Server) -> None:
    import foederis as fd

    open_patron(page, server, "/answer?set=quantities.stake%3D15+to+30&on=defence_pact")
    settled(page)
    changed = fd.load("patron").with_changes({"quantities.stake": "15 to 30"})
    answer = fd.solve(changed, what_ifs=["defence_pact"]).what_ifs["defence_pact"].questions["comes"]
    assert headline(page) == f"{100 * answer.mean:.0f} %"


def test_the_address_holds_the_whole_view(page: Page, server: Server) -> None:
    open_patron(page, server, "/answer?set=quantities.p_fall%3D30%25&on=defence_pact&q=client_falls")
    settled(page)
    expect(page.get_by_role("switch", name=re.compile("defence"))).to_be_checked()
    expect(page.locator(".headline h2")).to_have_text("Client falls")
    shown, address = headline(page), page.url
    page.reload()
    settled(page)
    assert (headline(page), page.url) == (shown, address)
    page.get_by_role("link", name="Exposure").click()
    page.go_back()
    settled(page)
    assert headline(page) == shown


def test_changes_are_kept_as_a_what_if_and_nothing_else_of_the_file_changes(
    page: Page, server: Server, folder: Path
) -> None:
    file = folder / "patron.yaml"
    before = file.read_text(encoding="utf-8").splitlines()
    open_patron(page, server, "/answer?set=quantities.stake%3D15+to+30")
    settled(page)
    page.get_by_role("button", name="Keep as what-if").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("high_stake")
    expect(dialog.locator(".preview")).to_contain_text("high_stake")
    expect(dialog.locator(".preview")).to_contain_text("15 to 30")
    dialog.get_by_role("button", name="Keep in the file").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    after = file.read_text(encoding="utf-8").splitlines()
    assert [line for line in before if line not in after] == []
    added = [line for line in after if line not in before]
    assert any("high_stake" in line for line in added)
    import foederis as fd

    kept = fd.load(file)
    assert fd.solve(kept, draws=8, what_ifs=["high_stake"]).what_ifs["high_stake"].questions


def test_a_mistake_is_underlined_and_mended(page: Page, server: Server, folder: Path) -> None:
    file = folder / "patron.yaml"
    text = file.read_text(encoding="utf-8")
    open_patron(page, server, "/edit")
    expect(page.get_by_role("region", name="Findings")).to_contain_text("Nothing to mend")
    content = page.locator(".cm-content")
    content.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("colour: red\n")
    expect(page.locator(".cm-lintRange-error")).to_have_count(1)
    findings = page.get_by_role("region", name="Findings")
    expect(findings).to_contain_text("colour")
    findings.get_by_role("button", name="Explain F101").click()
    explained = page.get_by_role("dialog", name=re.compile("F101"))
    expect(explained.locator("pre").first).to_contain_text("foederis: 1")
    page.keyboard.press("Escape")
    expect(explained).to_have_count(0)
    content.click()
    page.keyboard.press("Control+End")
    assert file.read_text(encoding="utf-8") == text
    for _ in range(len("colour: red\n")):
        page.keyboard.press("Backspace")
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)
    page.keyboard.type("# mended\n")
    page.keyboard.press("Control+s")
    expect(page.locator(".bar .state")).to_have_text("Saved")
    assert file.read_text(encoding="utf-8") == text + "# mended\n"


def test_two_tabs_on_one_file_do_not_overwrite_each_other(page: Page, server: Server, folder: Path) -> None:
    file = folder / "patron.yaml"
    other = page.context.new_page()
    for tab, word in ((page, "first"), (other, "second")):
        open_patron(tab, server, "/edit")
        tab.reload()
        tab.locator(".cm-content").click()
        tab.keyboard.press("Control+End")
        tab.keyboard.type(f"# {word}\n")
    page.keyboard.press("Control+s")
    expect(page.locator(".bar .state")).to_have_text("Saved")
    other.keyboard.press("Control+s")
    dialog = other.get_by_role("dialog", name="The file has changed on disk")
    expect(dialog).to_contain_text("# first")
    assert "# second" not in file.read_text(encoding="utf-8")
    dialog.get_by_role("button", name="Keep mine").click()
    expect(other.locator(".bar .state")).to_have_text("Saved")
    assert file.read_text(encoding="utf-8").endswith("# second\n")
    other.close()


def test_the_brief_is_taken_along(page: Page, server: Server, tmp_path: Path) -> None:
    open_patron(page, server)
    settled(page)
    page.get_by_text("Share", exact=False).first.click()
    with page.expect_download(timeout=4 * PATIENCE) as waiting:
        page.get_by_role("button", name=re.compile("brief", re.IGNORECASE)).click()
    brief = tmp_path / "brief.html"
    waiting.value.save_as(brief)
    assert "Does the patron come?" in brief.read_text(encoding="utf-8")


def test_single_keys_can_be_switched_off(page: Page, server: Server) -> None:
    open_patron(page, server, "/ties")
    heading = page.locator("#heading")
    expect(heading).to_have_text("Ties")
    keys = page.get_by_role("dialog", name="Keys")
    page.keyboard.press("?")
    keys.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    page.reload()  # the browser keeps it
    expect(heading).to_have_text("Ties")
    page.keyboard.press("?")
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(keys).to_have_count(0)
    assert page.url.endswith("/ties")
    page.get_by_role("button", name="Keys").click()
    keys.get_by_role("checkbox").check()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(heading).to_have_text("Cases")


def test_a_page_survives_that_its_server_is_killed(chromium: Browser, tmp_path: Path) -> None:
    folder = tmp_path / "cases"
    folder.mkdir()
    shutil.copy(CASES / "patron" / "patron.yaml", folder)
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    with serve(folder) as first:
        page.goto(first.address)
        page.goto(f"{first.origin}/{PATRON}/answer?set=quantities.stake%3D15+to+30")
        settled(page)
        shown, address = headline(page), page.url
        first.kill()
        expect(page.get_by_text("No connection to the server", exact=False).first).to_be_visible()
        assert headline(page) == shown
        with serve(folder, port=first.port) as second:
            # The new server's address signs this browser in, and the page that waited goes on.
            visit = context.new_page()
            visit.goto(second.address)
            visit.close()
            expect(page.get_by_text("No connection to the server", exact=False)).to_have_count(0)
            assert page.url == address
            page.get_by_role("button", name="Undo all").click()
            settled(page)
            expect(page.locator(".headline-number strong")).to_have_text("41 %")
    context.close()


AXE = Path(__file__).parents[2] / "ui" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.mark.skipif(not AXE.exists(), reason="ui/node_modules is missing: `npm ci` in ui/")
def test_nothing_keeps_people_from_using_a_page(page: Page, server: Server) -> None:
    """No page is wider than its window, and axe has no serious finding."""
    found = []
    for name in ("cases", *PAGES):
        page.goto(f"{server.origin}/" + ("#/" if name == "cases" else f"{PATRON}/{name}"))
        rest(page)
        for scheme, width in (("light", 1440), ("dark", 390)):  # what a page shows is worked out once
            page.set_viewport_size({"width": width, "height": 844})
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(200)  # charts are drawn anew
            found += [f"{scheme}, {width}: {finding}" for finding in findings_of(page, name)]
    assert found == []


def findings_of(page: Page, name: str) -> list[str]:
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    found = [f"{name} is {over} too wide"] if over > 0 else []
    page.evaluate(AXE.read_text(encoding="utf-8"))
    violations = page.evaluate("axe.run().then((result) => result.violations)")
    found += [
        f"{name}: {item['id']} ({item['impact']}): {node['target']} {node['failureSummary']}"
        for item in violations
        if item["impact"] in ("serious", "critical")
        for node in item["nodes"][:2]
    ]
    return found


def test_a_phone_that_is_turned_keeps_its_place(page: Page, server: Server) -> None:
    """The tab of the page is in sight, and the page under it is not moved."""
    open_patron(page, server, "/news")
    tab = page.locator(".tabs [aria-current]")
    for width in (390, 1440, 390):
        page.set_viewport_size({"width": width, "height": 600})
        expect(tab).to_be_in_viewport(ratio=1)
        assert page.evaluate("scrollY") == 0


# Names in charts of rows that an upright line of the axis runs through.
CROSSED = """() => {
  const found = [];
  for (const chart of document.querySelectorAll("svg.rows")) {
    const lines = [...chart.querySelectorAll("line.grid, line.nought")].map((one) => one.getBoundingClientRect());
    for (const name of chart.querySelectorAll("text.label")) {
      const box = name.getBoundingClientRect();
      const meets = (line) => line.left < box.right && line.right > box.left && line.top < box.bottom && line.bottom > box.top;
      if (lines.some(meets)) found.push(name.textContent);
    }
  }
  return found;
}"""


def test_no_line_of_a_chart_runs_through_a_name(page: Page, server: Server) -> None:
    open_patron(page, server, "/why")
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        rest(page)
        assert page.evaluate(CROSSED) == []
        assert page.locator("svg.rows text.label").count() > 0

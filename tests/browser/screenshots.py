"""Pictures of every page of the workbench, to be looked at: `python -m tests.browser.screenshots FOLDER [CASE …]`.

Each at the width of a desk and of a phone, light and dark. Cases are names of the gallery; by default `patron`.
"""

from __future__ import annotations

import sys
import tempfile
from itertools import product
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page, expect, sync_playwright

from foederis.analysis.gallery import gallery
from tests.browser.chromium import find
from tests.browser.served import Server, serve

PAGES = [
    "answer", "why", "drivers", "what-ifs", "claims", "exposure", "histories", "ties", "evidence", "news", "edit",
]  # fmt: skip
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
# What stands on a page while it is fetched, read, worked on, or answered in a few worlds only.
BUSY = ", ".join([
    ".progress", ".standing progress", ".standing[data-rough=true]", ".standing:not([data-rough])",
    'p.quiet:text-matches("^(Loading|Reading)")', '.quiet:text-matches("solving|waits for its turn|being checked")',
])  # fmt: skip
PATIENCE = 600_000  # ms; some pages take a minute


def rest(page: Page) -> None:
    """Waits until nothing is worked on any more."""
    page.wait_for_timeout(800)
    expect(page.locator(BUSY)).to_have_count(0, timeout=PATIENCE)
    page.wait_for_timeout(300)


def shoot(server: Server, case: str, out: Path) -> None:
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(server.address)
        for name in ("cases", *PAGES):
            place = "#/" if name == "cases" else f"#/case/{quote(f'file:{case}.yaml', safe='')}/{name}"
            page.set_viewport_size({"width": SIZES["desk"][0], "height": SIZES["desk"][1]})
            page.goto(f"{server.origin}/{place}")
            rest(page)
            for scheme, (size, (width, height)) in product(("light", "dark"), SIZES.items()):
                page.set_viewport_size({"width": width, "height": height})
                page.emulate_media(color_scheme=scheme)
                page.wait_for_timeout(300)  # charts are drawn anew; what they show is worked out once
                page.evaluate("scrollTo(0, 0)")
                page.screenshot(path=out / f"{case}_{name}_{size}_{scheme}.png", full_page=True)
                print(f"{case}_{name}_{size}_{scheme}.png", flush=True)
        browser.close()


def main(out: Path, cases: list[str]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "cases"
        folder.mkdir()
        for case in cases:
            (folder / f"{case}.yaml").write_text(gallery()[case].read_text(encoding="utf-8"), encoding="utf-8")
        with serve(folder) as server:
            for case in cases:
                shoot(server, case, out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or ["patron"])

"""Pictures of every page of the workbench, to be looked at: `python -m tests.browser.screenshots FOLDER [CASE …]`.

Each at the width of a desk and of a phone, light and dark. Cases are names of the gallery; by default `patron`.
"""

from __future__ import annotations

import sys
import tempfile
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
BUSY = ".progress[data-shown=true], .standing progress, .standing[data-rough=true]"
PATIENCE = 240_000  # ms; some pages take a minute


def rest(page: Page) -> None:
    """Waits until nothing is worked on any more."""
    page.wait_for_timeout(800)
    expect(page.locator(BUSY)).to_have_count(0, timeout=PATIENCE)
    page.wait_for_timeout(300)


def shoot(server: Server, case: str, out: Path) -> None:
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            for size, (width, height) in SIZES.items():
                context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
                page = context.new_page()
                page.goto(server.address)
                for name in ("cases", *PAGES):
                    place = "#/" if name == "cases" else f"#/case/{quote(f'file:{case}.yaml', safe='')}/{name}"
                    page.goto(f"{server.origin}/{place}")
                    rest(page)
                    page.screenshot(path=out / f"{case}_{name}_{size}_{scheme}.png", full_page=True)
                    print(f"{case}_{name}_{size}_{scheme}.png")
                context.close()
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

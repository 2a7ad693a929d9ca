"""Runs parts of the page in Node, bundled as the build bundles them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

UI = Path(__file__).parents[2] / "ui"
ESBUILD = UI / "node_modules/.bin/esbuild"


def missing() -> str | None:
    """Why nothing can be run here, if so."""
    if shutil.which("node") is None:
        return "no node on this machine"
    return None if ESBUILD.exists() else "ui/node_modules is missing: `npm ci` in ui/"


def run(module: str, body: str, given: Any, folder: Path) -> Any:
    """What the body of a function returns that has `given` and the exports of a module, `page`.

    Args:
        module: below ui/src, as in `parts/ranges`.
    """
    entry = folder / "entry.ts"
    source = json.dumps(str(UI / "src" / module))
    entry.write_text(f"import * as page from {source};\nconst given = {json.dumps(given)};\n"
                     f"console.log(JSON.stringify((() => {{ {body} }})()));\n")  # fmt: skip
    bundle = folder / "bundle.cjs"
    options = ["--bundle", "--platform=node", "--jsx=automatic", "--jsx-import-source=preact", f"--outfile={bundle}"]
    subprocess.run([ESBUILD, str(entry), *options, "--log-level=error"], check=True, timeout=60)
    found = subprocess.run(["node", str(bundle)], check=True, timeout=60, capture_output=True, text=True)
    return json.loads(found.stdout)

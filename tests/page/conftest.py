"""The page's own sums and sentences, run in Node without a browser."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

UI = Path(__file__).parents[2] / "ui"
Ask = Callable[..., Any]


@pytest.fixture(scope="session")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """`ask("percent", 0.5)`; or `ask([["percent", 0.5], …])` for many at once."""
    node = shutil.which("node")
    if not node or not (UI / "node_modules/esbuild").exists():
        pytest.skip("needs Node, and `npm ci` in ui/")
    bundle = tmp_path_factory.mktemp("page") / "logic.mjs"
    subprocess.run([node, UI / "tests/support/bundle.mjs", bundle], check=True, timeout=120)

    def asked(name: str | list[list[Any]], *given: Any) -> Any:
        calls = [[name, *given]] if isinstance(name, str) else name
        done = subprocess.run(
            [node, UI / "tests/support/ask.mjs", bundle],
            input=json.dumps(calls),
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        found = json.loads(done.stdout)
        return found[0] if isinstance(name, str) else found

    return asked

"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.depth import PROFILE
from tests.longest import LONGEST

HERE = Path(__file__).parent

# Tests solve many small games once, each a program of its own: most of their time would go into optimising programs
# that run for milliseconds, and into taking them apart for several threads. Read when JAX starts; what a user runs is
# optimised.
QUICK = [
    "--xla_backend_optimization_level=0",
    "--xla_llvm_disable_expensive_passes=true",
    "--xla_cpu_parallel_codegen_split_count=1",
    "--xla_cpu_enable_concurrency_optimized_scheduler=false",
]
os.environ.setdefault("XLA_FLAGS", " ".join(QUICK))

# The same examples in every run, so that a failure is about the change and not about the clock. With
# FOEDERIS_HYPOTHESIS=deep there are more of them (see depth.py too), also the same in every run. To search
# further, set FOEDERIS_HYPOTHESIS=search; the examples that fail are then kept in .hypothesis.
settings.register_profile("same", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("deep", derandomize=True, max_examples=500, deadline=None, print_blob=True)
settings.register_profile("search", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile(PROFILE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file is done by one worker: what its tests share is made once, and so are the kernels that they compile."""
    place = {HERE / name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path, len(place)))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="write what comes out into tests/golden")

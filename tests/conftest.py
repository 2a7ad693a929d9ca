"""What all tests share."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# Tests solve many small games once, each a program of its own: most of their time would go into optimising programs
# that run for milliseconds. Read when JAX starts; what a user runs is optimised.
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true")

# The same examples in every run, so that a failure is about the change and not about the clock. To search
# further, set FOEDERIS_HYPOTHESIS=search; the examples that fail are then kept in .hypothesis.
settings.register_profile("same", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("search", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("FOEDERIS_HYPOTHESIS", "same"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="write what comes out into tests/golden")

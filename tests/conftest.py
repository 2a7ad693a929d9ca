"""What all tests share."""

from __future__ import annotations

import os

from hypothesis import settings

# The same examples in every run, so that a failure is about the change and not about the clock. To search
# further, set FOEDERIS_HYPOTHESIS=search; the examples that fail are then kept in .hypothesis.
settings.register_profile("same", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("search", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("FOEDERIS_HYPOTHESIS", "same"))

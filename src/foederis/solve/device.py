"""Sets up JAX for this package: double precision, and compiled kernels kept on disk between runs."""

from __future__ import annotations

import os
from pathlib import Path

import jax


def cache_folder() -> Path:
    """Where compiled kernels are kept: in the user's cache folder."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "foederis" / "kernels"


def _set_up() -> None:
    jax.config.update("jax_enable_x64", True)
    if jax.config.values.get("jax_compilation_cache_dir") is not None:
        return  # the user has chosen a place
    try:
        folder = cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return  # without a writable home, kernels are compiled in every run
    jax.config.update("jax_compilation_cache_dir", str(folder))
    # Our kernels compile in less than the default threshold, and would not be kept.
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)


_set_up()

"""The historical data, where they are."""

from __future__ import annotations

from tests.history_data import shared_data

__all__ = ["shared_data"]

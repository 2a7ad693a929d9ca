"""Codes of states; the table itself stands beside the file language, which reads states by name."""

from __future__ import annotations

from foederis.language.states import Code, Spell, find, spells

__all__ = ["Code", "Spell", "find", "spells"]

"""Equilibrium to answers."""

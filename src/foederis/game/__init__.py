"""Meaning to arrays: from a Case to a finite-horizon stochastic game over integer-coded states."""

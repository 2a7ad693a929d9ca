"""Arrays to equilibrium: the logit equilibrium of a game for all draws at once, with its own check."""

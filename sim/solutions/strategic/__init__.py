"""Solution concepts of strategic games: equilibria, correlation, what survives dominance, dynamics."""

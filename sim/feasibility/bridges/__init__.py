"""A dispute seen as another game: bargaining, positions on a line, side payments, the power of blocs."""

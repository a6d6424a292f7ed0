"""The game over a box of parameters: outcomes of its equilibria and stable states."""

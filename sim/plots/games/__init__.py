"""Figures of games: trees, conflicts, equilibria along a parameter."""

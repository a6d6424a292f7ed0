"""Concepts of stochastic and repeated games, one per file."""

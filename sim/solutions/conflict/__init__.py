"""Stability concepts of the graph model, and what would make a state stable."""

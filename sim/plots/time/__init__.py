"""Figures of a forecast and of the world behind it."""

"""treatysim: when does a treaty become feasible, what does it contain, and what blocks it."""

__version__ = "0.1.0"

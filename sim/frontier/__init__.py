"""The certified frontier: what is proved about whole boxes of parameters."""

from sim.frontier._store import open_frontier
from sim.frontier.frontier import frontier
from sim.frontier.record import Crossing, Frontier, Segment

__all__ = ["Crossing", "Frontier", "Segment", "frontier", "open_frontier"]

"""Scenarios side by side: what each says, and in what two files differ."""

from sim.comparing.compare import compare
from sim.comparing.diff import diff
from sim.comparing.difference import Changed, Difference
from sim.views.side_by_side import Comparison, Side

__all__ = ["Changed", "Comparison", "Difference", "Side", "compare", "diff"]

"""What a figure is listed by: its folder, what it is drawn from, and one line on what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Needs = Literal[
    "run",
    "analysis",
    "verdict",
    "scoreboard",
    "verdicts",
    "win-sets",
    "utility space",
    "equilibria",
    "frontier",
    "conflict",
    "tree",
    "forecast",
    "forecast over",
    "chain",
    "waiting",
    "histories",
    "comparison",
    "beliefs",
    "believed",
    "reliability",
    "private",
    "private along",
]
Folder = Literal["runs", "disputes", "games", "record", "time"]


@dataclass(frozen=True, slots=True)
class Plot:
    """What ``sim list plots`` shows of a figure.

    Parameters
    ----------
    folder
        Where its file is.
    needs
        What it is drawn from: a sweep's run, an analysis of one, a verdict, the scoreboard or the verdicts
        of a folder, a forecast (what waiting is worth in it, its histories; over two parameters) or the chain
        behind it, a comparison, or a view of a scenario.
    description
        One line.
    module
        Where its function is, for a figure of an installed package.
    """

    folder: Folder
    needs: Needs
    description: str
    module: str = ""

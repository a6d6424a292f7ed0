"""A screen in the text of a program: one order of values for every dialect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from sim.engine.cells import Cells, Chosen
from sim.engine.leximin import Lines, cell_of
from sim.feasibility.screening.screen import Screen


class Printing(Lines, Protocol):
    """What prints a graph, all levels done."""

    def value(self, n: int) -> str:
        """The name of a node's value."""


P = TypeVar("P", bound=Printing)


def names_of(screen: Screen) -> tuple[str, ...]:
    """The values of a screen by name, in the order in which they are printed."""
    chosen = ("cell", "binding", "slack", "doubt")
    end = () if screen.ends is None else ("end", "end doubt")
    return (*screen.outputs, *chosen, *screen.at_best, *end, *screen.looked)


def at_cells(screen: Screen) -> list[int]:
    """The nodes that are read at some cells of every point: candidates, and what is looked up at one."""
    parts = (screen.looked, screen.at_best)
    found = [n for part in parts for nodes in part.values() for n in nodes]
    return found if screen.ends is None else [screen.ends.some, *screen.ends.nodes, *found]


def printed(
    screen: Screen,
    printer: P,
    choice: Callable[[P, Cells, float], Chosen],
    at: Callable[[P, str, Sequence[Sequence[int]]], list[str]],
    places: int,
) -> list[str]:
    """The names of a screen's values, in the order of :func:`names_of`.

    Parameters
    ----------
    screen, printer
        What is printed, and where.
    choice, at
        How the dialect chooses a cell, and looks values up at one.
    places
        How many agreements there are.
    """
    chosen = choice(printer, screen.cells, screen.gap)
    values = [
        chosen.ties if name == "ties" and chosen.ties else printer.value(n)
        for name, n in screen.outputs.items()
    ]
    values += [chosen.cell, chosen.lowest, chosen.value, chosen.unsure]
    if screen.at_best:
        values += at(printer, chosen.cell, [*screen.at_best.values()])
    if screen.ends is not None:
        end = choice(printer, screen.ends, screen.gap)
        values += [end.cell, end.unsure]
    if screen.looked:
        first = printer.value(screen.outputs["first"])
        count = places * screen.variants
        cell = cell_of(printer, first, count) if screen.ends is None else end.cell
        values += at(printer, cell, [*screen.looked.values()])
    return values

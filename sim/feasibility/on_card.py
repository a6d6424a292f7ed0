"""Ladder and prediction by a graphics card; what that is unsure of comes from the definitions.

Definition. The screen of a dispute (:mod:`sim.feasibility.screening.screen`) is printed as a kernel. A card's
comparisons are those of numpy; its sums of products, its exponentials and the like may differ in the last
bits, so that numbers are equal to 1e-12, and labels wherever nothing is closer to a tie than that.

Array convention. ``theta`` has shape ``(varied, batch)``; results have shape ``(batch,)``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim._kernels.tolerance import AnyArray, BoolArray, FloatArray
from sim.engine.cuda.c_text import Kernel
from sim.engine.cuda.card import Device, Part, in_parts
from sim.engine.cuda.choice import print_at, print_choice
from sim.engine.cuda.kernel import KernelPrinter
from sim.engine.emit import AGREEMENT
from sim.feasibility.screening.printed import at_cells, names_of, printed
from sim.feasibility.screening.screen import Screen
from sim.feasibility.screening.screened import Values, sure_of
from sim.payoffs import Dispute

POINTS = 1 << 22
"""Points that are tried at a time: some 600 MB of answers."""


class CardScreen:
    """A dispute and its game on a card.

    Parameters
    ----------
    screen
        What is printed.
    dispute
        Compiled for the varied parameters.
    device
        The card.
    """

    def __init__(self, screen: Screen, dispute: Dispute, device: Device) -> None:
        self.names = names_of(screen)
        self.kernel = self._printed(screen, dispute.shape[0])
        self.device, self.size = device, POINTS
        self._call = device.function(self.kernel)

    def _printed(self, screen: Screen, rows: int) -> Kernel:
        cells = screen.cells
        counted = [n for name, n in screen.outputs.items() if name != "ties"]
        wanted = [*counted, cells.tied, *cells.nodes, *at_cells(screen)]
        printer = KernelPrinter(screen.graph, AGREEMENT, wanted, cells)
        return printer.kernel(printed(screen, printer, print_choice, print_at, rows))

    def run(self, theta: FloatArray) -> tuple[Values, BoolArray]:
        """Values by name, and at which points they are sure."""

        def work(start: int, stop: int) -> tuple[Values, BoolArray]:
            values, sure = self.there(self.device.there(theta[:, start:stop]))
            here = self.device.here
            return {name: here(value) for name, value in values.items()}, here(sure)

        parts = self.in_parts(work, 0, theta.shape[1])
        values = {name: np.concatenate([part[0][name] for part in parts]) for name in self.names}
        return values, np.concatenate([part[1] for part in parts])

    def there(self, theta: AnyArray) -> tuple[Values, BoolArray]:
        """The same of points on the card, as arrays on the card."""
        values = dict(zip(self.names, self._call(theta), strict=True))
        sure = sure_of(values) & (values["doubt"] == 0)
        return values, sure & (values["end doubt"] == 0) if "end doubt" in values else sure

    def in_parts(self, work: Callable[[int, int], Part], start: int, stop: int) -> list[Part]:
        """Some work on the card, ever fewer points at a time where there is no room."""
        parts, self.size = in_parts(work, start, stop, self.size)
        return parts

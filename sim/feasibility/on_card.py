"""Ladder and prediction by a graphics card; what that is unsure of comes from the definitions.

Definition. The screen of a dispute (:mod:`sim.feasibility.screening.screen`) is printed as a kernel. A card's
sums, products and comparisons are those of numpy; its exponentials and the like may differ in the last bits,
so that numbers are equal to 1e-12, and labels wherever nothing is closer to a tie than that.

Array convention. ``theta`` has shape ``(varied, batch)``; results have shape ``(batch,)``.
"""

from __future__ import annotations

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.engine.cuda.card import Device, in_pieces
from sim.engine.cuda.choice import print_at, print_choice
from sim.engine.cuda.kernel import Kernel, KernelPrinter
from sim.engine.emit import AGREEMENT
from sim.feasibility.screening.screen import Screen
from sim.feasibility.screening.screened import Values
from sim.games.stages import StageGame
from sim.payoffs import Dispute

POINTS = 1 << 22
"""Points that are tried at a time: some 600 MB of answers."""


class CardScreen:
    """A dispute and its game on a card.

    Parameters
    ----------
    screen
        What is printed.
    dispute, game
        Compiled for the varied parameters.
    device
        The card.
    """

    def __init__(
        self, screen: Screen, dispute: Dispute, game: StageGame | None, device: Device
    ) -> None:
        self.actors = () if game is None else tuple(screen.payoffs)
        self.names = (
            *screen.outputs, "cell", "binding", "slack", "doubt", *(f"payoff {a}" for a in self.actors)
        )  # fmt: skip
        self.kernel = self._printed(screen, dispute.shape)
        self.size = POINTS
        self._call = device.function(self.kernel)

    def _printed(self, screen: Screen, shape: tuple[int, int]) -> Kernel:
        looked = [n for actor in self.actors for n in screen.payoffs[actor]]
        read = [screen.cells.some, *screen.cells.nodes, *looked]
        printer = KernelPrinter(screen.graph, AGREEMENT, [*screen.outputs.values(), *read])
        values = [printer.value(n) for n in screen.outputs.values()]
        chosen = print_choice(printer, screen.cells, screen.gap)
        values += [chosen.cell, chosen.lowest, chosen.value, chosen.unsure]
        if self.actors:
            first, cells = printer.value(screen.outputs["first"]), float(shape[0] * shape[1])
            known = printer.new(f"{first} < INFINITY ? {first} : 0.0")
            cell = printer.new(f"{known} - floor({known} / {cells}) * {cells}")
            values += print_at(printer, cell, [screen.payoffs[actor] for actor in self.actors])
        return printer.kernel(values)

    def run(self, theta: FloatArray) -> tuple[Values, BoolArray]:
        """Values by name, and at which points they are sure; pieces are smaller where there is no room."""
        out, self.size = in_pieces(self._call, theta, self.size)
        values = dict(zip(self.names, out, strict=True))
        return values, (values["unsure"] == 0) & (values["doubt"] == 0)

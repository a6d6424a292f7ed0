"""The best of many cells by leximin, and values looked up at a cell, in the text of a kernel.

Definition. As in :mod:`sim.engine.choosing`: one pass over all places, the best so far kept in order of its
parts; two numbers that differ by less than a gap are not told apart, and then the choice is unsure.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.engine.cells import Cells, Chosen
from sim.engine.cuda.kernel import KernelPrinter
from sim.engine.leximin import better, by_exchanges, counted, first_lowest, keys


def print_choice(printer: KernelPrinter, cells: Cells, gap: float) -> Chosen:
    """Print the pass over the cells of marked places, or of all where they are not marked.

    Parameters
    ----------
    printer
        That has printed all levels, places with a candidate marked.
    cells
        What is compared.
    gap
        What is too close to be told apart.
    """
    best = [printer.variable(-np.inf) for _ in range(len(cells.parts[0]) + 1)]
    cell, lowest = printer.variable(0.0), printer.variable(0.0)
    unsure = printer.variable(start=False)

    ties = printer.variable(0.0)

    def body() -> None:
        printer.say(f"{ties} = {ties} + ({printer.value(cells.tied)} ? 1.0 : 0.0);")
        for variant, mask in enumerate(cells.masks):
            with printer.at("a"):
                printer.say(f"if ({printer.value(mask)}) {{")
                own, level = map(printer.value, cells.parts[variant]), printer.value(cells.level)
                parts = counted(printer, [*own], cells.levels, level)
                order = keys(printer, parts, cells.summed, by_exchanges)
                first = first_lowest(printer, parts)
                wins, close = better(printer, order, best, True, gap)
                printer.say(f"{unsure} = {unsure} || {close};")
                at = f"a * {float(len(cells.masks))} + {float(variant)}"
                sets = zip([*best, cell, lowest], [*order, at, first], strict=True)
                words = " ".join(f"{name} = {value};" for name, value in sets)
                printer.say(f"if ({wins}) {{ {words} }} }}")

    if cells.bests:
        printer.loop_marked(body)
    else:
        printer.loop(body)
    return Chosen(cell, lowest, best[0], f"({unsure} ? 1.0 : 0.0)", ties)


def print_at(printer: KernelPrinter, cell: str, variants: Sequence[Sequence[int]]) -> list[str]:
    """Values at a cell: per value its node for every variant."""
    count = len(variants[0])
    place = f"p{len(printer.lines)}"
    printer.say(f"const int {place} = (int)({cell} / {float(count)});")
    variant = printer.new(f"{cell} - {place} * {float(count)}")
    with printer.at(place):
        out = []
        for nodes in variants:
            value = printer.value(nodes[-1])
            for k in reversed(range(count - 1)):
                value = printer.new(
                    f"{variant} == {float(k)} ? {printer.value(nodes[k])} : {value}"
                )
            out.append(value)
    return out

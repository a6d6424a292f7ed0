"""The best of many cells by leximin, and values looked up at a cell, in the text of a kernel.

Definition. As in :mod:`sim.engine.choosing`: one pass over all places, the best so far kept in order of its
parts; two numbers that differ by less than a gap are not told apart, and then the choice is unsure.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.engine.choosing import Cells, Chosen, exchanges
from sim.engine.cuda.c_text import literal
from sim.engine.cuda.kernel import KernelPrinter


def print_choice(printer: KernelPrinter, cells: Cells, gap: float) -> tuple[Chosen, str]:
    """Print the pass over the cells of marked places, and the number of places that tie.

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
                order, first = _ordered(printer, cells, variant)
                better = _better(printer, order, best, unsure, gap)
                at = f"a * {float(len(cells.masks))} + {float(variant)}"
                sets = zip([*best, cell, lowest], [*order, at, first], strict=True)
                words = " ".join(f"{name} = {value};" for name, value in sets)
                printer.say(f"if ({better}) {{ {words} }} }}")

    printer.loop_marked(body)
    return Chosen(cell, lowest, best[0], f"({unsure} ? 1.0 : 0.0)"), ties


def _ordered(printer: KernelPrinter, cells: Cells, variant: int) -> tuple[list[str], str]:
    """The parts of a cell that count, in ascending order, with their sum; the first of the lowest."""
    level, parts = printer.value(cells.level), []
    for node, rung in zip(cells.parts[variant], cells.levels, strict=True):
        part = printer.value(node)
        parts.append(
            part if rung == 0 else printer.new(f"{level} >= {float(rung)} ? {part} : INFINITY")
        )
    low, first = parts[0], literal(0.0)
    for k, part in enumerate(parts[1:], 1):
        first = printer.new(f"{part} < {low} ? {float(k)} : {first}")
        low = printer.new(f"{part} < {low} ? {part} : {low}")
    total = parts[0]
    for part in parts[1 : cells.summed]:
        total = printer.new(f"{total} + {part}")
    order = list(parts)
    for a, b in exchanges(len(order)):
        order[a], order[b] = (
            printer.new(f"{order[a]} < {order[b]} ? {order[x]} : {order[y]}")
            for x, y in ((a, b), (b, a))
        )
    return [*order, total], first


def _better(
    printer: KernelPrinter, mine: Sequence[str], best: Sequence[str], unsure: str, gap: float
) -> str:
    """Whether a cell beats the best so far; says where that is unsure."""
    open_, better, near = "true", "false", literal(gap)
    for value, other in zip(mine, best, strict=True):
        told = f"{value} > {other} + {near} || {other} > {value} + {near} || {value} == {other}"
        printer.say(f"{unsure} = {unsure} || ({open_} && !({told}));")
        better = printer.new(f"{better} || ({open_} && {value} > {other})", truth=True)
        open_ = printer.new(f"{open_} && {value} == {other}", truth=True)
    return better


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

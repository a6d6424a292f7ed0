"""How much of the plausible box is feasible: the declared ranges of the parameters that a grid varies.

Definition. A grid may reach far beyond the values that the file takes to be possible, and a share of its
points says nothing about those. The *plausible box* is the product of the varied parameters' ranges. Every
point of the grid stands for its cell, halfway to its neighbours; the share is that of the volume that
feasible cells have in the box, among cells with an answer.

Array convention. Weights along a parameter have shape ``(points of its axis,)``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sim._kernels.cells import share_inside
from sim._kernels.tolerance import FloatArray
from sim.sweeps.run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class PlausibleShare:
    """What holds in the plausible box of a grid.

    Parameters
    ----------
    feasible, knife_edge
        Shares of the box at which a treaty is feasible, and on the knife-edge.
    covered
        Share of the box that the grid covers; the other two refer to this part.
    """

    feasible: float
    knife_edge: float
    covered: float


def plausible_share(run: Run) -> PlausibleShare | None:
    """The share of the plausible box at which a treaty is feasible.

    ``None`` where there is no such box: the points are no grid, a varied parameter has no range, or the
    grid has no answer in the box.
    """
    ranges = run.manifest.get("ranges", {})
    if not run.is_grid or not all(path in ranges for path in run.varied):
        return None
    axes = {path: run.coordinates(path) for path in run.varied}
    weights = {path: share_inside(axis, *ranges[path]) for path, axis in axes.items()}
    covered = float(np.prod([w.sum() for w in weights.values()]))
    total = yes = edge = 0.0
    for weight, feasible in _cells(run, axes, weights):
        total += float(weight.sum())
        yes += float(weight[feasible == 1].sum())
        edge += float(weight[np.isnan(feasible)].sum())
    if total <= 0:
        return None
    return PlausibleShare(feasible=yes / total, knife_edge=edge / total, covered=covered)


def _cells(
    run: Run, axes: Mapping[str, FloatArray], weights: Mapping[str, FloatArray]
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Weight and verdict (1, 0, nan on the knife-edge) of the answered points in the box, by batch."""
    import pyarrow as pa
    import pyarrow.dataset as ds

    inside = ds.field("status") == "ok"
    for path, weight in weights.items():
        some = axes[path][weight > 0]
        if not some.size:
            return
        inside &= (ds.field(path) >= some.min()) & (ds.field(path) <= some.max())
    scanner = run.to_dataset().scanner(columns=[*axes, "feasible"], filter=inside)
    for batch in scanner.to_batches():
        weight = np.ones(batch.num_rows)
        for path, axis in axes.items():
            order = np.argsort(axis)
            middle = (axis[order][1:] + axis[order][:-1]) / 2
            place = np.searchsorted(middle, batch.column(path).to_numpy())
            weight *= weights[path][order[place]]
        told = batch.column("feasible").cast(pa.float64()).to_numpy(zero_copy_only=False)
        yield weight, np.asarray(told, dtype=np.float64)

"""A swept concept on its grid: what its members are at every point, in one label.

Definition. A member is named by its outcome or what is agreed; a profile of strategies by what each actor
plays, ``a/b`` where it mixes. The label of a point joins its members with ``+``, in the order of their
names; ``none`` says that there are none, ``None`` that the point has no answer.

Array convention. A column has the grid's shape, one axis per varied parameter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim._kernels.tolerance import AnyArray, FloatArray
from sim.errors import UsageError
from sim.sweeps.designs import stored_grid
from sim.sweeps.store import read_manifest

NONE = "none"
"""The label of a point without members."""

MOST_LABELS = 60
"""Labels that a figure can tell apart; where there are more, members are numbers that move everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ConceptGrid:
    r"""The members of a concept on a grid, as figures read a run.

    Parameters
    ----------
    manifest
        What was computed.
    table
        The columns ``solution`` (labels) and ``members`` (numbers), each of the grid's shape.

    Examples
    --------
    >>> import sim
    >>> from sim.sweeps import make_design
    >>> from sim.sweeps.concept_sweep import concept_sweep
    >>> s = sim.loads("parameters: {c: 2}\nstrategic: {actors: {a: [x, y], b: [z]}, "
    ...               "payoffs: [[[1, 0]], [[c, 0]]]}")
    >>> run = concept_sweep(s, make_design(s, vary={"c": (0, 2, 3)}), "pure_nash")
    >>> run.grid().array("solution").tolist()
    ['(x, z)', '(x, z) + (y, z)', '(y, z)']
    """

    manifest: Mapping[str, Any]
    table: Mapping[str, AnyArray]

    @property
    def title(self) -> str:
        """The scenario's title, and what was solved."""
        concept = str(self.manifest["concept"]).replace("_", " ")
        return f"{self.manifest['scenario']['title']}: {concept}"

    @property
    def varied(self) -> tuple[str, ...]:
        """Paths of the varied parameters."""
        return tuple(self.manifest["design"]["axes"])

    @property
    def shape(self) -> tuple[int, ...]:
        """Points along every axis."""
        return tuple(int(axis[2]) for axis in self.manifest["design"]["axes"].values())

    @property
    def values(self) -> dict[str, float]:
        """The scenario's own values of the varied parameters."""
        return dict(self.manifest["values"])

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(self.table)

    def unit(self, path: str) -> str:
        """Unit of a varied parameter; may be empty."""
        return str(self.manifest["units"].get(path, ""))

    def coordinates(self, path: str) -> FloatArray:
        """The values of a varied parameter along its axis."""
        return stored_grid(self.manifest["design"]).coordinates()[path]

    def array(self, column: str) -> AnyArray:
        """One column on the grid."""
        return self.table[column]


def grid_of(manifest: Mapping[str, Any], columns: Mapping[str, AnyArray]) -> ConceptGrid:
    """The members of a table on the grid that they were swept over.

    Raises
    ------
    UsageError
        If the points form no grid, or nearly every point has a label of its own.
    """
    if manifest["design"]["kind"] != "grid":
        raise UsageError(
            "this figure needs a grid of points: sweep without --design, "
            "sim sweep FILE --vary PATH=LO:HI:N --out DIR"
        )
    size = int(manifest["points"])
    labels = _labels(columns, size)
    different = {label for label in labels if label is not None}
    if len(different) > MOST_LABELS:
        raise UsageError(
            f"{manifest['concept']} has {len(different)} different answers on this grid: they are numbers "
            "that move with the parameters; draw them along one: sim plot equilibria FILE --x PATH "
            f"--concept {manifest['concept']}"
        )
    members = np.zeros(size, dtype=np.int64)
    np.maximum.at(members, columns["point"], columns["member"])
    found = ConceptGrid(manifest=manifest, table={})
    table = {"solution": labels.reshape(found.shape), "members": members.reshape(found.shape)}
    return ConceptGrid(manifest=manifest, table=table)


def open_concept_grid(folder: str | Path) -> ConceptGrid:
    """The grid of a stored sweep of a concept.

    Raises
    ------
    UsageError
        If the folder holds none, or it was over no grid.
    """
    import pyarrow.parquet as pq

    path = Path(folder)
    manifest = read_manifest(path)
    if manifest.get("kind") != "concept":
        raise UsageError(f"{path} holds no sweep of a concept")
    try:
        table = pq.read_table(path / "members.parquet")
    except (OSError, ValueError) as error:
        raise UsageError(f"{path / 'members.parquet'} cannot be read: {error}") from None
    return grid_of(manifest, {n: table[n].to_numpy() for n in table.column_names})


def _labels(columns: Mapping[str, AnyArray], size: int) -> AnyArray:
    """One label for each point; ``None`` where it has no answer."""
    named: list[set[str]] = [set() for _ in range(size)]
    failed = np.zeros(size, dtype=np.bool_)
    for row, point in enumerate(columns["point"]):
        if columns["member"][row]:
            named[point].add(_name(columns, row))
        failed[point] |= str(columns["status"][row]).startswith("failed")
    out = np.empty(size, dtype=object)
    out[:] = [
        None if bad else " + ".join(sorted(names)) or NONE
        for names, bad in zip(named, failed, strict=True)
    ]
    return out


def _name(columns: Mapping[str, AnyArray], row: int) -> str:
    """A member in a few words."""
    if "outcome" in columns and columns["outcome"][row]:
        return str(columns["outcome"][row])
    actors = [name.removeprefix("payoff.") for name in columns if name.startswith("payoff.")]
    plays = []
    for actor in actors:
        start = f"plays.{actor}."
        own = [
            n.removeprefix(start) for n in columns if n.startswith(start) and columns[n][row] > 0
        ]
        plays.append("/".join(own))
    if any(plays):
        return f"({', '.join(plays)})"
    return ", ".join(f"{actor} {columns[f'payoff.{actor}'][row]:.4g}" for actor in actors)

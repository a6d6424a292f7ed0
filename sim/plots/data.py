"""What figures need of a run or a verdict, checked before anything is drawn.

A figure takes any :class:`RunLike`: a sweep's run, a swept concept on its grid, or a :class:`GridRun` of
plain arrays. Verdicts, views and analyses are records of the rooms below.

Array convention. A column has the run's shape, one axis per varied parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from sim._kernels.tolerance import AnyArray, FloatArray
from sim.errors import UsageError, suggest
from sim.labels import labels_of

_GAME = ("predicted_class", "predicted_agreement", "in_every_equilibrium", "equilibria")


class RunLike(Protocol):
    """A sweep's results on a grid, as :class:`sim.sweeps.Run` holds them."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What was computed."""

    @property
    def title(self) -> str:
        """The scenario's title."""

    @property
    def varied(self) -> tuple[str, ...]:
        """Dotted paths of the varied parameters, one per axis."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Points along every axis."""

    @property
    def values(self) -> Mapping[str, float]:
        """The scenario's own values of the varied parameters."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns."""

    def unit(self, path: str) -> str:
        """Unit of a parameter, or an empty text."""

    def coordinates(self, path: str) -> FloatArray:
        """Grid values of a varied parameter."""

    def array(self, column: str) -> AnyArray:
        """One column on the grid."""


def check_varied(run: RunLike, path: str) -> None:
    """Refuse a parameter that the run did not vary.

    Raises
    ------
    UsageError
        Naming the varied ones and how to vary another.
    """
    if path not in run.varied:
        tail = suggest(path, run.varied)
        stop = "" if tail.endswith("?") else "."
        raise UsageError(
            f"'{path}' was not varied in this run{tail}{stop}"
            f" To vary it: sim sweep FILE --vary {path}=LO:HI:N"
        )


def check_columns(run: RunLike, names: Iterable[str], figure: str) -> None:
    """Refuse a run that lacks a column, and say how to get it.

    Raises
    ------
    UsageError
        Naming the column and the way to it.
    """
    for name in names:
        if name in run.columns:
            continue
        if name in _GAME or name.startswith("payoffs."):
            way = "it needs a prediction: add a 'game' section to the scenario and sweep again"
        else:
            way = "sweep the scenario again with this version"
        raise UsageError(
            f"figure '{figure}' needs column '{name}', which this run lacks; {way}"
            + suggest(name, run.columns)
        )


def check_grid(run: RunLike, figure: str) -> None:
    """Refuse a run whose points form no grid, such as a random or a listed design.

    Raises
    ------
    UsageError
        Saying how to get a grid.
    """
    kind = run.manifest.get("design", {}).get("kind", "grid")
    if kind != "grid" or len(run.shape) != len(run.varied):
        vary = (
            " ".join(f"--vary {path}=LO:HI:N" for path in run.varied[:2]) or "--vary PATH=LO:HI:N"
        )
        raise UsageError(
            f"figure '{figure}' needs a grid, as landscape, margin and margin_map do; this run is a list of "
            f"points (design '{kind}'). For a grid, sweep without --design: "
            f"sim sweep FILE {vary} --out DIR"
        )


def axes_of(run: RunLike, figure: str, *asked: str | None) -> tuple[str, ...]:
    """The parameters to show: those asked for, then the first others that have several values.

    Raises
    ------
    UsageError
        If the run's points form no grid, or it varied too few parameters.
    """
    check_grid(run, figure)
    free = [p for p, n in zip(run.varied, run.shape, strict=True) if n > 1 and p not in asked]
    missing = sum(path is None for path in asked)
    if missing > len(free):
        raise UsageError(
            f"figure '{figure}' needs {len(asked)} varied parameters, this run varied "
            f"{len(run.varied)}: {', '.join(run.varied) or 'none'}; "
            "add one: sim sweep FILE --vary PATH=LO:HI:N"
        )
    rest = iter(free)
    return tuple(next(rest) if path is None else path for path in asked)


def label_of(run: RunLike, path: str) -> str:
    """An axis label: a parameter's label, or its dotted path, and its unit."""
    name, unit = labels_of(run).parameter(path), run.unit(path)
    return f"{name} ({unit})" if unit else name


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GridRun:
    """A run made of plain arrays: a grid of results from elsewhere, drawn by the same figures.

    Parameters
    ----------
    title
        Shown above the figure.
    axes
        Grid values per dotted path.
    values
        The scenario's own values.
    table
        Columns, each of the grid's shape.
    units
        Per path.
    manifest
        What else is known of it: under ``ranges`` the plausible range of a path, ``[low, high]``.

    Examples
    --------
    >>> GridRun(title="T", axes={"a": [0, 1]}, values={"a": 0}, table={"margin": [0, 1]}).shape
    (2,)
    """

    title: str
    axes: Mapping[str, Any]
    values: Mapping[str, float]
    table: Mapping[str, Any]
    units: Mapping[str, str] = field(default_factory=dict)
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def varied(self) -> tuple[str, ...]:
        """Dotted paths of the axes."""
        return tuple(self.axes)

    @property
    def shape(self) -> tuple[int, ...]:
        """Points along every axis."""
        return tuple(len(values) for values in self.axes.values())

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(self.table)

    def unit(self, path: str) -> str:
        """Unit of a parameter, or an empty text."""
        return self.units.get(path, "")

    def coordinates(self, path: str) -> FloatArray:
        """Grid values of a parameter."""
        return np.asarray(self.axes[path], dtype=np.float64)

    def array(self, column: str) -> AnyArray:
        """One column on the grid."""
        return np.asarray(self.table[column]).reshape(self.shape)

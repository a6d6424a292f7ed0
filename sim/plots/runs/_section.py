"""A line or a plane cut out of a run's grid.

Definition. A run holds columns on a grid of varied parameters. A figure shows one or two of them; every
other varied parameter is held at one grid value: the nearest to the value asked for, or else the nearest
to the scenario's own value. That cut is a *section*.

Array convention. A column has the run's shape, one axis per varied parameter; a section's array has the
shape of the parameters kept, in the order in which they were asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim._kernels.tolerance import RELATIVE, ROUNDING, AnyArray, BoolArray, FloatArray
from sim.errors import UsageError
from sim.labels import labels_of
from sim.plots.data import RunLike, check_varied

NULL = ""
MOST_CELLS = 1500
"""Cells along a side of a plane that are drawn: more than a figure has dots."""
_ENDINGS = {2: "nd", 3: "rd"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Section:
    """A cut through a run's grid.

    Parameters
    ----------
    keep
        The parameters shown.
    held
        Grid value of every other varied parameter.
    own
        The scenario's own values of the parameters shown, ``nan`` where unknown.
    on_section
        Whether the held values are the scenario's own, not only the nearest on the grid.
    """

    run: RunLike
    keep: tuple[str, ...]
    held: Mapping[str, float]
    own: tuple[float, ...]
    on_section: bool
    index: tuple[int | slice, ...]

    def take(self, column: str) -> AnyArray:
        """A column on the section, axes in the order of ``keep``."""
        part = getattr(self.run, "part", None)  # of a stored run, what is shown alone is read
        values = (
            part(column, self.index) if part else np.asarray(self.run.array(column))[self.index]
        )
        left = [path for path in self.run.varied if path in self.keep]
        return np.transpose(values, [left.index(path) for path in self.keep])

    def numbers(self, column: str) -> FloatArray:
        """A numeric column, ``nan`` where there is no value."""
        values = self.take(column)
        if values.dtype == object:
            values = np.where(_is_null(values), np.nan, values)
        return np.asarray(values, dtype=np.float64)

    def texts(self, column: str) -> AnyArray:
        """A column of labels, an empty text where there is none."""
        return as_texts(self.take(column))

    def coordinates(self) -> tuple[FloatArray, ...]:
        """Grid values along every axis kept."""
        at = dict(zip(self.run.varied, self.index, strict=True))
        return tuple(
            np.asarray(self.run.coordinates(p), dtype=np.float64)[at[p]] for p in self.keep
        )

    def nulls(self, column: str) -> BoolArray:
        """Where a column has no value."""
        return _is_null(self.take(column))

    @property
    def whole(self) -> Section:
        """The same with every grid value."""
        index = tuple(slice(None) if isinstance(k, slice) else k for k in self.index)
        return replace(self, index=index)

    @property
    def drawn(self) -> str:
        """What is said where not every grid value is drawn."""
        return drawn_of(k.step or 1 for k in self.index if isinstance(k, slice))

    @property
    def note(self) -> str:
        """The held values in words, for a title."""
        name = labels_of(self.run).parameter
        parts = [
            f"{name(path)} = {value:.4g} {self.run.unit(path)}".rstrip()
            for path, value in self.held.items()
        ]
        return ", ".join(parts)


def drawn_of(steps: Iterable[int]) -> str:
    """How many of the grid values along some axes are drawn, where not all are.

    Examples
    --------
    >>> drawn_of([1, 1]), drawn_of([3, 1])
    ('', 'drawn: every 3rd value of one axis; shares are of all')
    """
    wide = [f"{step}{_ENDINGS.get(step, 'th')}" for step in steps if step > 1]
    if not wide:
        return ""
    axes = "one axis" if len(wide) == 1 else "each axis"
    return f"drawn: every {' and '.join(dict.fromkeys(wide))} value of {axes}; shares are of all"


def as_texts(values: AnyArray) -> AnyArray:
    """Labels as an object array of texts; a null is the empty text, booleans are yes and no.

    Examples
    --------
    >>> as_texts(np.array(["treaty", None], dtype=object))
    array(['treaty', ''], dtype=object)
    >>> as_texts(np.array([True, False]))
    array(['yes', 'no'], dtype=object)
    """
    flat = [text_of(v) for v in np.asarray(values).astype(object).ravel()]
    out = np.empty(len(flat), dtype=object)
    out[:] = flat
    return out.reshape(np.shape(values))


def text_of(value: Any) -> str:
    """A label as a text: a null is the empty one."""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return value if isinstance(value, str) else NULL


def _is_null(values: AnyArray) -> BoolArray:
    if values.dtype.kind == "f":
        return np.isnan(values)
    if values.dtype != object:
        return np.zeros(values.shape, dtype=bool)
    nothing: AnyArray = np.array(None, dtype=object)
    return np.asarray((values == nothing) | (values != values), dtype=np.bool_)


def section(run: RunLike, keep: tuple[str, ...], at: Mapping[str, float] | None = None) -> Section:
    """Cut a run along the parameters to be shown.

    Parameters
    ----------
    run
        On a full grid.
    keep
        One or two varied paths.
    at
        Values of other varied parameters; the nearest grid value is taken.

    Raises
    ------
    UsageError
        If a path was not varied, is named twice, or a value lies outside its grid.
    """
    at = dict(at or {})
    for path in (*keep, *at):
        check_varied(run, path)
    if len(set(keep)) < len(keep):
        raise UsageError(f"x and y are both '{keep[0]}'; name two varied parameters")
    shown = [path for path in at if path in keep]
    if shown:
        raise UsageError(f"'{shown[0]}' is on an axis, so it cannot be held in 'at'")
    index: list[int | slice] = []
    held: dict[str, float] = {}
    near = True
    for path, size in zip(run.varied, run.shape, strict=True):
        if path in keep:
            index.append(_shown(size, len(keep)))
            continue
        grid = np.asarray(run.coordinates(path), dtype=np.float64)
        k = _nearest(grid, at[path], path) if path in at else _own_index(run, path, grid)
        index.append(k)
        held[path] = float(grid[k])
        near &= bool(
            np.isclose(grid[k], run.values.get(path, np.nan), rtol=RELATIVE, atol=ROUNDING)
        )
    own = tuple(float(run.values.get(path, np.nan)) for path in keep)
    return Section(
        run=run, keep=keep, held=held, own=own, on_section=bool(near), index=tuple(index)
    )


def _shown(size: int, axes: int) -> slice:
    """The grid values that are drawn along an axis: of a fine plane every so many, in its middle."""
    step = -(-size // MOST_CELLS) if axes > 1 else 1
    return slice((size - 1) % step // 2, None, step if step > 1 else None)


def _nearest(grid: FloatArray, value: float, path: str) -> int:
    if not _inside(grid, value):
        raise UsageError(
            f"at {path} = {value:g} lies outside its grid, {grid.min():g} to {grid.max():g}"
        )
    return int(np.abs(grid - value).argmin())


def _own_index(run: RunLike, path: str, grid: FloatArray) -> int:
    value = run.values.get(path, np.nan)
    return int(np.abs(grid - value).argmin()) if np.isfinite(value) else len(grid) // 2


def _inside(grid: FloatArray, value: float) -> bool:
    half = abs(grid[1] - grid[0]) / 2 if len(grid) > 1 else np.inf
    slack = half * (1 + RELATIVE)
    return bool(np.isfinite(value) and grid.min() - slack <= value <= grid.max() + slack)

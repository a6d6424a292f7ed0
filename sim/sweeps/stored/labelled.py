"""A run as a labelled dataset, whose values are read when they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xarray as xr

    from sim.sweeps.run import Run


def labelled(run: Run) -> xr.Dataset:
    """A run as a dataset; see :meth:`sim.sweeps.Run.to_xarray`."""
    import xarray as xr

    dims = run.varied if run.is_grid else ("point",)
    arrays = _arrays(run)
    grid: dict[str, Any] = {
        path: (path, run.coordinates(path)) for path in run.varied if run.is_grid
    }
    coordinates = grid or {path: (dims, arrays[path]) for path in run.varied}
    data = {name: (dims, arrays[name]) for name in run.columns if name not in run.varied}
    out = xr.Dataset(data, coords=coordinates, attrs={"title": run.title})
    for name in run.columns:
        if name in run.varied or run.unit(name):
            out[name].attrs["units"] = run.unit(name)
    return out


def _arrays(run: Run) -> dict[str, Any]:
    """All columns in the run's shape, lazy where they are stored."""
    if run.folder is None:
        return {name: run.array(name) for name in run.columns}
    from sim.sweeps.stored.lazy import stored_columns

    run.require_points()
    here = run.snapshot()
    files = here.finished()
    size, complete = int(run.manifest["chunk"]), here.complete
    return stored_columns(run.columns, run.shape, files, size, complete=complete)

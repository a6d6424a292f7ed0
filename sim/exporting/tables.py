"""A run as a file that other programs read: ``csv``, ``xlsx``, ``parquet`` or ``netcdf``.

Definition. The first three hold a row per point, by the dotted paths of its parameters; NetCDF holds the
labelled grid of a run that is one. In CSV a text that a spreadsheet would take for a formula is made text.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim._kernels.whole_file import write_whole
from sim.errors import UsageError, suggest
from sim.exporting.workbook import workbook
from sim.typeset.as_csv import cell

if TYPE_CHECKING:
    from sim.sweeps import Run


def export_run(run: Run, *, to: str, out: str | Path, columns: Sequence[str] = ()) -> Path:
    """Write a run for another program.

    Parameters
    ----------
    run
        Of a sweep.
    to
        ``csv``, ``xlsx``, ``parquet`` or ``netcdf``.
    out
        The file to write.
    columns
        Which columns; all where absent.

    Raises
    ------
    UsageError
        If there is no such format or column, Excel could not hold the run, a run that is not a grid is to be
        a labelled grid, or the file cannot be written.
    """
    if to not in TABLES:
        raise UsageError(f"unknown format '{to}'{suggest(to, TABLES)}")
    target = Path(out)
    content = TABLES[to](run, tuple(columns))
    try:
        write_whole(target, content)
    except OSError as error:
        raise UsageError(f"{target}: cannot be written: {error.strerror or error}") from None
    return target


def _frame(run: Run, columns: Sequence[str]) -> Any:
    frame = run.to_frame()
    known = [str(name) for name in frame.columns]
    for name in columns:
        if name not in known:
            raise UsageError(f"the run has no column '{name}'{suggest(name, known)}")
    return frame[list(columns)] if columns else frame


def _csv(run: Run, columns: Sequence[str]) -> bytes:
    frame = _frame(run, columns)
    for name in frame.columns:
        if frame[name].dtype.kind not in "biuf":
            frame[name] = frame[name].map(lambda v: cell(v) if isinstance(v, str) else v)
    text: str = frame.to_csv(index=False, lineterminator="\n", header=[cell(str(n)) for n in frame])
    return text.encode()


def _xlsx(run: Run, columns: Sequence[str]) -> bytes:
    frame = _frame(run, columns)
    plain = frame.astype(object).where(frame.notna(), None)
    rows = (row for row in plain.itertuples(index=False, name=None))
    return workbook([str(name) for name in frame.columns], rows, len(frame))


def _parquet(run: Run, columns: Sequence[str]) -> bytes:
    out = io.BytesIO()
    _frame(run, columns).to_parquet(out, index=False)
    return out.getvalue()


def _netcdf(run: Run, columns: Sequence[str]) -> bytes:
    if not run.is_grid:
        raise UsageError("NetCDF holds grids, and this run's points lie on none; use --to parquet")
    grid = run.to_xarray()
    names = [str(name) for name in grid.data_vars]
    for name in columns:
        if name not in names:
            raise UsageError(f"the run has no column '{name}'{suggest(name, names)}")
    grid = grid[list(columns)] if columns else grid
    for name in map(str, list(grid.data_vars)):
        kind = grid[name].dtype.kind
        if kind == "b":
            grid[name] = grid[name].astype("int8")
        elif kind not in "iuf":
            values = grid[name].values
            texts = [["" if v is None or v != v else str(v) for v in values.ravel()]]
            grid[name] = (grid[name].dims, _as_texts(texts[0]).reshape(values.shape))
    grid.attrs = {"title": run.title}
    out = io.BytesIO(bytes(grid.to_netcdf(engine="scipy")))
    return out.getvalue()


def _as_texts(texts: Sequence[str]) -> Any:
    import numpy as np

    return np.array(texts, dtype=np.str_)


TABLES: dict[str, Callable[[Any, tuple[str, ...]], bytes]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "parquet": _parquet,
    "netcdf": _netcdf,
}
"""What makes the content of a file, by the name of its format."""

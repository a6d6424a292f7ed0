"""A run as a file that other programs read: ``csv``, ``xlsx``, ``parquet`` or ``netcdf``.

Definition. The first three hold a row per point, by the dotted paths of its parameters; NetCDF holds the
labelled grid of a run that is one, labels as categories. In CSV a text that a spreadsheet would take for a
formula is made text.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim._kernels.whole_file import write_whole
from sim.errors import UsageError, suggest
from sim.exporting.classic_netcdf import classic_netcdf
from sim.exporting.labelled_grid import CONVENTIONS, grid_variables
from sim.exporting.workbook import workbook
from sim.typeset.as_csv import cell

if TYPE_CHECKING:
    import pandas as pd

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
    pieces = TABLES[to](run, tuple(columns))
    first = next(pieces)  # whatever is asked for amiss is said before a file is touched
    try:
        write_whole(target, chain([first], pieces))
    except OSError as error:
        raise UsageError(f"{target}: cannot be written: {error.strerror or error}") from None
    return target


def _chosen(run: Run, columns: Sequence[str]) -> list[str]:
    """The columns that are asked for, which the run must have; all where none is."""
    known = list(run.columns)
    for name in columns:
        if name not in known:
            raise UsageError(f"the run has no column '{name}'{suggest(name, known)}")
    return list(columns) or known


def _frames(run: Run, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
    """The rows as frames, chunk by chunk, of the same types as all rows together."""
    import pyarrow as pa

    here, names = run.snapshot(), _chosen(run, columns)
    if here.folder is not None:
        here.finished()
    whole = [f.name for f in next(iter(here.tables(names))).schema if pa.types.is_integer(f.type)]
    gaps = {n for n in whole if any(part.column(n).null_count for part in here.tables([n]))}
    for part in here.tables(names):
        frame = part.to_pandas()
        yield frame.astype(dict.fromkeys(gaps, "float64"))


def _csv(run: Run, columns: Sequence[str]) -> Iterator[bytes]:
    for number, frame in enumerate(_frames(run, columns)):
        for name in frame.columns:
            if frame[name].dtype.kind not in "biuf":
                frame[name] = frame[name].map(lambda v: cell(v) if isinstance(v, str) else v)
        header = [cell(str(n)) for n in frame] if number == 0 else False
        text: str = frame.to_csv(index=False, lineterminator="\n", header=header)
        yield text.encode()


def _xlsx(run: Run, columns: Sequence[str]) -> Iterator[bytes]:
    names = _chosen(run, columns)
    count = len(run.index()) if run.table is None else len(run.table)
    yield workbook(names, _rows(run, names), count)


def _rows(run: Run, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    for frame in _frames(run, names):
        plain = frame.astype(object).where(frame.notna(), None)
        yield from plain.itertuples(index=False, name=None)


def _parquet(run: Run, columns: Sequence[str]) -> Iterator[bytes]:
    import pyarrow.parquet as pq

    names, out = _chosen(run, columns), _Pieces()
    here = run.snapshot()
    if here.folder is not None:
        here.finished()
    tables = here.tables(names)
    first = next(tables)
    with pq.ParquetWriter(out, first.schema) as writer:
        for table in chain([first], tables):
            writer.write_table(table)
            yield out.taken()
    yield out.taken()


class _Pieces(io.RawIOBase):
    """A file of which what was written is taken away piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.place = 0

    def writable(self) -> bool:
        """That it can be written to."""
        return True

    def tell(self) -> int:
        """How much was written altogether."""
        return self.place

    def write(self, data: Any) -> int:
        """Keep a piece until it is taken."""
        self.written.append(bytes(data))
        self.place += len(self.written[-1])
        return len(self.written[-1])

    def taken(self) -> bytes:
        """What was written since it was last asked for."""
        out = b"".join(self.written)
        self.written.clear()
        return out


def _netcdf(run: Run, columns: Sequence[str]) -> Iterator[bytes]:
    if not run.is_grid:
        raise UsageError("NetCDF holds grids, and this run's points lie on none; use --to parquet")
    here = run.snapshot()
    if here.folder is not None:
        here.finished()
    here.require_points()
    names = [name for name in here.columns if name not in here.varied]
    for name in columns:
        if name not in names:
            raise UsageError(f"the run has no column '{name}'{suggest(name, names)}")
    variables = grid_variables(here, columns or names)
    sizes = dict(zip(here.varied, here.shape, strict=True))
    about = {"Conventions": CONVENTIONS, "title": here.title}
    yield from classic_netcdf(sizes, variables, about)


TABLES: dict[str, Callable[[Any, tuple[str, ...]], Iterator[bytes]]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "parquet": _parquet,
    "netcdf": _netcdf,
}
"""What makes the content of a file, piece by piece, by the name of its format."""

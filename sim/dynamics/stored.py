"""A forecast on disk: chunk by chunk, so that it can be stopped, killed and taken up again to the same bytes.

A folder holds ``manifest.json`` (what is computed, with the whole text of the scenario), one file of arrays
for each finished chunk, named by its number and by the first digits of its SHA-256, and at the end
``forecast.json`` and ``forecast.csv``. A chunk that is damaged is computed again. Of a chunk nothing stays in
memory but sums, and of each draw whether it has an answer and a window; chances by period are read again from
the folder, a few periods at a time (:mod:`sim.dynamics.over_draws.by_draw`).
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sim.dynamics.drawing import Model
from sim.dynamics.draws import Chunk, solve_chunk
from sim.dynamics.over_draws.by_draw import DRAWS_NAMES
from sim.errors import UsageError
from sim.scenario.provenance import provenance
from sim.sweeps.store import (
    FORMAT,
    MANIFEST,
    chunk_files,
    read_manifest,
    whole_bytes,
    write_checked,
    write_manifest,
    write_whole,
)

KIND = "forecast"


def chunks_in(
    folder: Path,
    model: Model,
    how: Mapping[str, Any],
    progress: Callable[[int, int], None] | None = None,
) -> Iterator[Chunk]:
    """All chunks of a forecast, those in the folder as they are there, the rest computed and written.

    Parameters
    ----------
    folder
        A new folder, or one in which the same forecast was begun.
    model
        What is computed.
    how
        What else decides it: draws, seed, beliefs.
    progress
        Called with the number of draws done and in all.

    Raises
    ------
    UsageError
        If the folder holds something else.
    """
    _open(folder, model, how)
    known = chunk_files(folder, DRAWS_NAMES)
    for number, (first, last) in enumerate(model.stretches()):
        chunk = _read(known[number]) if number in known else None
        if chunk is None:
            drawn = model.values(first, last)
            chunk = solve_chunk(model.compiler, model.world, drawn, last - first, model.start)
            _write(folder, number, chunk)
        yield chunk
        if progress is not None:
            progress(last, model.drawn.size)


def finish(folder: Path, data: dict[str, Any], frame: Any) -> None:
    """Write what is reported beside the chunks."""
    text = json.dumps(data, indent=2, ensure_ascii=False)
    write_whole(folder / "forecast.json", f"{text}\n".encode())
    write_whole(folder / "forecast.csv", frame.to_csv(lineterminator="\n").encode())


def _open(folder: Path, model: Model, how: Mapping[str, Any]) -> None:
    """Make the folder, or see that it holds the same forecast."""
    world = model.world
    wanted = {
        "format": FORMAT,
        "kind": KIND,
        **provenance(world.scenario),
        **how,
        "start": world.labels[model.start],
        "drawn": list(model.drawn.paths),
        "chunk": model.chunk,
    }
    if (folder / MANIFEST).exists():
        if read_manifest(folder) != json.loads(json.dumps(wanted)):
            raise UsageError(f"{folder} holds another run; give another --out")
        return
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty and holds no forecast; give another --out")
    folder.mkdir(parents=True, exist_ok=True)
    write_manifest(folder, wanted)


def _write(folder: Path, number: int, chunk: Chunk) -> None:
    buffer = io.BytesIO()
    arrays: dict[str, Any] = {name: getattr(chunk, name) for name in Chunk.__slots__}
    np.savez_compressed(buffer, **arrays)
    for old in folder.glob(f"draws-{number:06d}-*.npz"):
        old.unlink()
    write_checked(folder, number, buffer.getvalue(), DRAWS_NAMES)


def _read(file: Path) -> Chunk | None:
    """A finished chunk; ``None`` where it is damaged."""
    data = whole_bytes(file, DRAWS_NAMES)
    if data is None:
        return None
    with np.load(io.BytesIO(data)) as found:
        if not set(Chunk.__slots__) <= set(found.files):
            return None
        return Chunk(**{name: found[name] for name in Chunk.__slots__})


def finished_chunks(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Chunk]:
    """The chunks of a finished forecast, in order.

    Raises
    ------
    UsageError
        If some are not there yet, or damaged.
    """
    for number in range(-(-manifest["draws"] // manifest["chunk"])):
        yield finished_chunk(folder, number)


def finished_chunk(folder: Path, number: int) -> Chunk:
    """A chunk of a finished forecast.

    Raises
    ------
    UsageError
        If it is not there yet, or damaged.
    """
    known = chunk_files(folder, DRAWS_NAMES)
    chunk = _read(known[number]) if number in known else None
    if chunk is None:
        what = "is damaged" if number in known else "is not there yet"
        raise UsageError(
            f"{folder} is not finished: part {number} of its draws {what}; repeat the command that made it"
        )
    return chunk

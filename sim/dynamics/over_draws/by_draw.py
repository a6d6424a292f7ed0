"""Chances by period and by draw: held, or read from the chunks of a folder a few periods at a time.

Definition. Quantiles of a chance need all its draws of one period, and nothing that is reported needs more at
once. So where the chunks are on disk only a block of periods is in memory; where they are not, all is held.

Array convention. A quantity has shape ``(periods, draws)``, of the draws that have an answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from zipfile import BadZipFile

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.dynamics.draws import Chunk
from sim.errors import UsageError
from sim.sweeps.store import chunk_files

NAMES = ("by", "static", "certain", "possible", "kept", "broken")
"""The quantities."""
BLOCK = 2**20
"""Numbers of one quantity that are read from disk at once, at least those of one period: 8 MiB."""
DRAWS_NAMES = "draws-*.npz"
"""How the files of a forecast's chunks are named: number and hash stand for the star."""


class ByDraw(Protocol):
    """Quantities by period and draw."""

    @property
    def draws(self) -> int:
        """Number of draws that have an answer."""
        ...

    def row(self, name: str, period: int) -> FloatArray:
        """A quantity in one period, ``(draws,)``."""
        ...

    def whole(self, name: str) -> FloatArray:
        """A quantity, ``(periods, draws)``."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """All in memory.

    Parameters
    ----------
    arrays
        Per name ``(periods, draws)``.
    """

    arrays: dict[str, FloatArray]

    @property
    def draws(self) -> int:
        """Number of draws that have an answer."""
        return int(self.arrays["by"].shape[1])

    def row(self, name: str, period: int) -> FloatArray:
        """A quantity in one period."""
        row: FloatArray = self.arrays[name][period]
        return row

    def whole(self, name: str) -> FloatArray:
        """A quantity, as it is held."""
        return self.arrays[name]


class Holding:
    """Quantities of chunks joined as they come.

    Parameters
    ----------
    size
        How many draws will come, answered or not.
    promised
        Whether treaties promise something for later; where not, what is signed is handed over.
    """

    def __init__(self, size: int, *, promised: bool) -> None:
        self.size, self.done = size, 0
        self.names = NAMES if promised else NAMES[:4]
        self.arrays: dict[str, FloatArray] = {}

    def add(self, chunk: Chunk) -> None:
        """Take over the draws that have an answer."""
        first, self.done = self.done, self.done + int(chunk.answered.sum())
        for name in self.names:
            part = getattr(chunk, name)
            if name not in self.arrays:
                self.arrays[name] = np.empty((len(part), self.size))
            self.arrays[name][:, first : self.done] = part[:, chunk.answered]

    def held(self) -> Held:
        """All that came."""
        arrays = {name: array[:, : self.done] for name, array in self.arrays.items()}
        by = arrays["by"]
        return Held({"kept": by, "broken": np.broadcast_to(0.0, by.shape)} | arrays)


@dataclass(frozen=True, slots=True, eq=False)
class InFolder:
    """Read from the chunks of a finished forecast.

    Parameters
    ----------
    folder
        Where they are.
    periods, draws
        How many periods, and how many draws have an answer.
    """

    folder: Path
    periods: int
    draws: int
    _last: dict[str, tuple[int, FloatArray]] = field(default_factory=dict, repr=False)

    def row(self, name: str, period: int) -> FloatArray:
        """A quantity in one period; the block that was read last is kept."""
        step = max(1, BLOCK // max(self.draws, 1))
        first = period - period % step
        if name not in self._last or self._last[name][0] != first:
            self._last.clear()
            self._last[name] = first, self._read(name, first, min(first + step, self.periods))
        row: FloatArray = self._last[name][1][period - first]
        return row

    def whole(self, name: str) -> FloatArray:
        """A quantity in all periods, read anew."""
        return self._read(name, 0, self.periods)

    def _read(self, name: str, first: int, last: int) -> FloatArray:
        """A quantity in some periods."""
        out = np.empty((last - first, self.draws))
        done = 0
        for part in self._parts(name):
            rows = part[first:last]
            if done + rows.shape[1] <= self.draws:
                out[:, done : done + rows.shape[1]] = rows
            done += rows.shape[1]
        if done != self.draws:
            raise UsageError(
                f"{self.folder} no longer holds this forecast: its chunks have {done:,} draws with an "
                f"answer, not {self.draws:,}; make it again"
            )
        return out

    def _parts(self, name: str) -> Iterator[FloatArray]:
        """A quantity chunk by chunk, of the draws that have an answer."""
        known = chunk_files(self.folder, DRAWS_NAMES) if self.folder.is_dir() else {}
        for number in sorted(known):
            try:
                with np.load(known[number]) as found:
                    part = found[name][:, found["answered"]]
            except (OSError, ValueError, BadZipFile):
                return
            yield part

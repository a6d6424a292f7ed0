"""What a sweep without points has counted so far, on disk: how many chunks, and their tally.

Chunks are added in the order of the design, so that a number says which of them are in it.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np

from sim.errors import UsageError
from sim.sweeps.reduced.tally import Tally
from sim.sweeps.store import COUNTS, write_whole

DONE = "done"


def save(folder: Path, done: int, tally: Tally) -> None:
    """Replace what is stored at once."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **{DONE: np.array(done)}, **tally)
    write_whole(folder / COUNTS, buffer.getvalue())


def read(folder: Path) -> tuple[int, Tally]:
    """How many chunks are counted, and their tally; none where nothing is stored.

    Raises
    ------
    UsageError
        If what is stored is damaged.
    """
    path = folder / COUNTS
    if not path.exists():
        return 0, {}
    try:
        with np.load(path, allow_pickle=False) as stored:
            tally = {name: stored[name] for name in stored.files}
        return int(tally.pop(DONE)), tally
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise UsageError(f"{path} is damaged ({error}); give another --out") from None

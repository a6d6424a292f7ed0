"""A folder for a result that is written whole or not at all: of what fails, nothing is left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sim.errors import UsageError


@contextmanager
def new_folder(folder: str | Path) -> Iterator[Path]:
    """A new folder to write into, of which nothing is left where writing fails (a full disk, say).

    Raises
    ------
    UsageError
        If the folder exists with something in it, or cannot be written.
    """
    place = Path(folder)
    try:
        require_new(place)
        made = not place.exists()
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{place} cannot be written: {error.strerror}") from None
    try:
        yield place
    except BaseException:
        _clear(place, made)
        raise


def require_new(place: Path) -> None:
    """Refuse a place with something in it.

    Raises
    ------
    UsageError
        If it is a file, or a folder that is not empty.
    """
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise UsageError(f"{place} exists already; give another --out, nothing was written")


def _clear(place: Path, made: bool) -> None:
    """Remove what was written, and the folder where it was made for it."""
    with suppress(OSError):
        for file in place.iterdir():
            file.unlink()
        if made:
            place.rmdir()

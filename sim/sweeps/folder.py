"""The folder of a run while a sweep writes to it: one writer at a time, begun anew or continued."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sim.errors import UsageError
from sim.sweeps.store import (
    CHUNK_NAMES,
    COUNTS,
    FAILURES,
    MANIFEST,
    add_failures,
    chunk_files,
    drawn_in,
    failure_lines,
    is_whole,
    number_and_hash,
    read_failures,
    read_manifest,
    write_chunk,
    write_manifest,
    write_whole,
)

LOCK, REMAINS = ".lock", ".*.tmp"
ADDRESS = re.compile(r"[a-z0-9+]{2,}:/")
SAME = {
    "scenario": "another scenario",
    "overrides": "other values set",
    "design": "another design",
    "reduce": "keeping something else of its points",
    "columns": "other columns",
    "of": "other points",
    "version": "another version of the program",
}


@dataclass(slots=True, eq=False)
class Folder:
    """A run's folder that this process alone may write to.

    Parameters
    ----------
    path
        The folder.
    manifest
        What is computed into it.
    done
        Numbers of the chunks that are stored and whole.
    fresh
        Whether nothing was in it before.
    existed
        Whether the folder was there before, empty but for hidden files.
    """

    path: Path
    manifest: Mapping[str, Any]
    done: set[int]
    fresh: bool
    existed: bool

    def store(self, number: int, table: Any, failed: list[dict[str, Any]]) -> None:
        """Write a finished chunk: what failed in it first, so that no finished chunk lacks its record."""
        if failed:
            add_failures(self.path, failed)
        write_chunk(self.path, number, table, drawn_in(self.manifest["design"]))
        self.done.add(number)

    def abandon(self) -> bool:
        """Leave nothing behind of a sweep that has not finished a chunk; whether that was so.

        What lies in the folder counts: an interrupt may come after a chunk is written and before it is noted.
        """
        counted = (self.path / COUNTS).exists()
        if not self.fresh or counted or chunk_files(self.path):
            return False
        if not self.existed:
            shutil.rmtree(self.path, ignore_errors=True)
            return True
        own = [self.path / name for name in (MANIFEST, FAILURES, LOCK)]
        for file in [*own, *self.path.glob(REMAINS)]:
            file.unlink(missing_ok=True)
        return True


@contextmanager
def open_folder(out: Path, manifest: Mapping[str, Any], *, resume: bool) -> Iterator[Folder]:
    """A run's folder for writing, new or continued.

    Parameters
    ----------
    out
        The folder.
    manifest
        What is to be computed.
    resume
        Whether to continue what is there; where nothing is, a new run begins.

    Raises
    ------
    UsageError
        If the folder holds something else, another sweep writes to it, or it cannot be written.
    """
    if ADDRESS.match(str(out)):
        raise UsageError(
            f"{out} is an address; a folder of this machine is needed (workers send answers back, so "
            "that nothing has to be shared)"
        )
    existed = out.exists()
    content = _content(out)
    if content and not resume:
        hint = "; continue it with --resume" if MANIFEST in content else ""
        raise UsageError(f"{out} exists already{hint}, or give another --out; nothing was written")
    if content and MANIFEST not in content:
        raise UsageError(f"{out} exists already and holds no run to continue")
    stored = read_manifest(out) if content else None
    if stored is not None:
        _require_same(out, stored, manifest)
    _make(out)
    with _locked(out):
        folder = Folder(out, stored or manifest, set(), stored is None, existed)
        if stored is None and _content(out):
            raise UsageError(f"another sweep has just written to {out}")
        if stored is None:
            _begin(folder)
        else:
            folder.done = _whole_chunks(out)
        yield folder


def _begin(folder: Folder) -> None:
    """Write the manifest; where that fails, nothing is left."""
    try:
        write_manifest(folder.path, folder.manifest)
    except BaseException:
        folder.abandon()
        raise


def _content(out: Path) -> set[str]:
    try:
        return (
            {p.name for p in out.iterdir() if not p.name.startswith(".")} if out.exists() else set()
        )
    except NotADirectoryError:
        raise UsageError(f"{out} exists already and is not a folder; nothing was written") from None
    except OSError as error:
        raise UsageError(f"{out} cannot be read: {error.strerror}") from None


def _require_same(out: Path, stored: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    for key, what in SAME.items():
        a, b = stored.get(key), wanted.get(key)
        if key == "scenario":
            a, b = (x and x["sha256"] for x in (a, b))
        if key == "design":  # a list of points is its values, wherever their file lies
            a, b = ({k: v for k, v in (x or {}).items() if k != "file"} for x in (a, b))
        if a != b:
            raise UsageError(
                f"{out} was computed from {what}; resume it as it was, or give another --out"
            )


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / LOCK).touch()
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}") from None


def _whole_chunks(out: Path) -> set[int]:
    """Numbers of the whole chunks; damaged ones and remains of a killed process are removed."""
    for remains in out.glob(REMAINS):
        remains.unlink(missing_ok=True)
    done = set()
    for file in out.glob(CHUNK_NAMES):
        name = number_and_hash(file)
        if name and is_whole(file):
            done.add(int(name[1]))
        elif name:
            file.unlink()
    if (out / FAILURES).exists():
        kept = [line for line in read_failures(out) if line["chunk"] in done]
        write_whole(out / FAILURES, failure_lines(kept).encode())
    return done


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    """The folder's lock, which the system releases when the process ends, however it ends."""
    with (out / LOCK).open("r+") as handle:
        try:
            _lock(handle)
        except (BlockingIOError, PermissionError):
            raise UsageError(f"another sweep is writing to {out}") from None
        except OSError as error:
            raise UsageError(f"{out} cannot be locked: {error.strerror}") from None
        yield


def _lock(handle: IO[str]) -> None:
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

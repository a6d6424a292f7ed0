"""The store of a run: a folder with ``manifest.json`` and one Parquet file per finished chunk.

Every file is written under a temporary name, flushed to disk and renamed, so that a reader never sees
half of one. The manifest holds the resolved scenario, its hash, the values that were set, version,
command, design and chunking: enough to compute every row again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import UsageError

MANIFEST = "manifest.json"
FORMAT = 1


def new_folder(out: Path) -> None:
    """Make the folder of a run; it must not exist yet, or be empty.

    Raises
    ------
    UsageError
        If it exists with something in it, or cannot be made.
    """
    try:
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise UsageError(f"{out} exists already; give another --out, nothing was written")
        out.mkdir(parents=True, exist_ok=True)
        probe = out / ".probe"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}") from None


def write_manifest(out: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest, replacing an older one at once."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    _replace(out / MANIFEST, lambda path: path.write_text(text, encoding="utf-8"))


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run.

    Raises
    ------
    UsageError
        If the folder holds no run, or one of a newer format.
    """
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(f"{folder} holds no run: there is no {MANIFEST} in it") from None
    except (OSError, ValueError) as error:
        raise UsageError(f"{folder / MANIFEST} cannot be read: {error}") from None
    if manifest.get("format", 0) > FORMAT:
        raise UsageError(f"{folder} was written by a newer version ({manifest.get('version')})")
    return manifest


def chunk_path(folder: Path, number: int) -> Path:
    """The file of a chunk."""
    return folder / f"chunk-{number:06d}.parquet"


def write_chunk(folder: Path, number: int, table: Any) -> None:
    """Write one chunk's table."""
    import pyarrow.parquet as pq

    _replace(
        chunk_path(folder, number),
        lambda path: pq.write_table(table, path, compression="zstd"),
    )


def read_chunks(folder: Path, columns: list[str] | None = None) -> Any:
    """The finished chunks of a run as one Arrow table, optionally only some columns."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    files = sorted(folder.glob("chunk-*.parquet"))
    if not files:
        raise UsageError(f"{folder} holds no finished chunk yet")
    return pa.concat_tables([pq.read_table(file, columns=columns) for file in files])


def _replace(target: Path, write: Any) -> None:
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        write(temporary)
        with temporary.open("rb+") as handle:
            os.fsync(handle.fileno())
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UsageError(f"{target} cannot be written: {error.strerror}") from None

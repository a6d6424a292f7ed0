"""The store of a run: a folder with ``manifest.json`` and one Parquet file per finished chunk.

Every file is written under a temporary name, flushed to disk and renamed, so that a reader never sees
half of one and a process may be killed at any time. A chunk's name carries the first digits of its
SHA-256, so a damaged chunk is recognised without a ledger; its pages carry checksums of their own, which
every reading verifies. The manifest holds the resolved scenario, its hash, the values that were set,
version, command, design and chunking: enough to compute every row again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.errors import UsageError

MANIFEST = "manifest.json"
FAILURES = "failures.jsonl"
FORMAT = 2
DIGITS = 16


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest, replacing an older one at once."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    write_whole(folder / MANIFEST, text.encode())


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
    if not isinstance(manifest, dict) or "format" not in manifest:
        raise UsageError(f"{folder / MANIFEST} is no manifest of a run")
    if manifest["format"] > FORMAT:
        raise UsageError(
            f"{folder} was written by a newer version ({manifest.get('version')}); install that one"
        )
    return manifest


def write_chunk(folder: Path, number: int, table: Any) -> None:
    """Write one chunk's table, its checksum in its name."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = pa.BufferOutputStream()
    pq.write_table(table, buffer, compression="zstd", write_page_checksum=True)
    data = buffer.getvalue().to_pybytes()
    write_whole(folder / f"chunk-{number:06d}-{_digest(data)}.parquet", data)


def chunk_files(folder: Path) -> dict[int, Path]:
    """The files of the finished chunks by number, in order."""
    files = sorted(folder.glob("chunk-*-*.parquet"))
    return {int(file.name.split("-")[1]): file for file in files}


def is_whole(file: Path) -> bool:
    """Whether a chunk's content is what was written."""
    try:
        return file.stem.split("-")[2] == _digest(file.read_bytes())
    except OSError:
        return False


def read_chunks(
    folder: Path, columns: list[str] | None = None, files: Mapping[int, Path] | None = None
) -> Any:
    """The finished chunks of a run (or those given) as one table, optionally only some columns.

    Raises
    ------
    UsageError
        If there is none yet, or one is damaged.
    """
    import pyarrow as pa

    files = chunk_files(folder) if files is None else files
    if not files:
        raise UsageError(f"{folder} holds no finished chunk yet")
    return pa.concat_tables([read_chunk(file, columns) for file in files.values()])


def read_chunk(file: Path, columns: list[str] | None = None) -> Any:
    """One finished chunk as an Arrow table, optionally only some columns.

    Raises
    ------
    UsageError
        If it is damaged.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(file, columns=columns, page_checksum_verification=True)
    except (OSError, pa.ArrowException):
        raise UsageError(f"{file} is damaged; compute it again with --resume") from None


def add_failures(folder: Path, lines: list[dict[str, Any]]) -> None:
    """Append the points of a chunk that have no answer."""
    path = folder / FAILURES
    try:
        with path.open("a", encoding="utf-8") as handle:
            handle.write(failure_lines(lines))
            handle.flush()
            os.fsync(handle.fileno())
    except OSError as error:
        raise _unwritable(path, error) from None


def failure_lines(lines: list[dict[str, Any]]) -> str:
    """Failures as text, one JSON object a line."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def read_failures(folder: Path) -> Iterator[dict[str, Any]]:
    """The recorded failures; a last line that was cut off is passed over."""
    path = folder / FAILURES
    if not path.exists():
        return
    with path.open(encoding="utf-8") as handle:
        for line in handle:
            if line.endswith("\n"):
                yield json.loads(line)


def write_whole(target: Path, data: bytes) -> None:
    """Write a file under a temporary name, flush it to disk and rename it.

    Raises
    ------
    UsageError
        If it cannot be written (a full disk, a read-only folder).
    """
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _unwritable(target, error) from None


def _unwritable(target: Path, error: OSError) -> UsageError:
    return UsageError(f"{target} cannot be written: {error.strerror or error}")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:DIGITS]

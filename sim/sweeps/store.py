"""The store of a run: a folder with ``manifest.json`` and one Parquet file per finished chunk.

Every file is written under a temporary name, flushed to disk and renamed, so that a reader never sees
half of one and a process may be killed at any time. A chunk's name carries the first digits of its
SHA-256, so a damaged chunk is recognised without a ledger; its pages carry checksums of their own, which
every reading verifies. The manifest holds the resolved scenario, its hash, the values that were set,
version, command, design, chunking and columns with units: enough to compute every row again. It carries
a checksum of itself, since a run continued with one digit changed would be a mixture.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.errors import UsageError

MANIFEST = "manifest.json"
FAILURES = "failures.jsonl"
COUNTS = "counts.npz"
FORMAT = 3
"""Number of the format of stored runs."""
DIGITS = 16
"""Digits of the hash that a chunk is checked by."""
CHECKSUM, FIRST_CHECKED = "checksum", 3
Data = bytes | memoryview
CHUNK_NAMES = "chunk-*.parquet"
"""How the files of a run's chunks are named: number and hash stand for the star."""


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest with its checksum, replacing an older one at once."""
    text = json.dumps({**manifest, CHECKSUM: _signature(manifest)}, indent=2, ensure_ascii=False)
    write_whole(folder / MANIFEST, f"{text}\n".encode())


SAMPLED_FILES = ("forecast.json", "points.csv")
"""What ``sim frontier --of forecast:YEAR --out`` leaves in a folder, which is no run."""


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run.

    Raises
    ------
    UsageError
        If the folder holds no run, one of a newer format, or a manifest that is damaged.
    """
    path = folder / MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        if all((folder / name).exists() for name in SAMPLED_FILES):
            raise UsageError(
                f"{folder} holds chances of a treaty by a year, which are drawn anew from the file: sim plot "
                "landscape FILE --x PATH --y PATH --of forecast:YEAR"
            ) from None
        raise UsageError(f"{folder} holds no run: there is no {MANIFEST} in it") from None
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("format"), int):
        raise UsageError(f"{path} is not a manifest of a run")
    if manifest["format"] > FORMAT:
        raise UsageError(
            f"{folder} was written by a newer version ({manifest.get('version')}); install that one"
        )
    checksum = manifest.pop(CHECKSUM, None)
    checked = checksum is not None or manifest["format"] >= FIRST_CHECKED
    if checked and checksum != _signature(manifest):
        raise UsageError(
            f"{path} is damaged or was edited: its checksum differs; put the original back, or give "
            "another --out"
        )
    return manifest


def _signature(manifest: Mapping[str, Any]) -> str:
    """A checksum of what a manifest says, however it is laid out."""
    return _digest(json.dumps(manifest, sort_keys=True).encode())


def write_chunk(folder: Path, number: int, table: Any, drawn: Collection[str] = ()) -> None:
    """Write one chunk's table, its checksum in its name; ``drawn`` as of :func:`as_parquet`."""
    write_checked(folder, number, as_parquet(table, drawn))


def write_checked(folder: Path, number: int, data: Data, pattern: str = CHUNK_NAMES) -> None:
    """Write one chunk's bytes, its checksum in its name."""
    write_whole(folder / pattern.replace("*", f"{number:06d}-{_digest(data)}"), data)


def as_parquet(table: Any, drawn: Collection[str] = ()) -> Data:
    """A chunk's table as the bytes of its file.

    Words are numbered, numbers are not. ``drawn`` are columns of random numbers, which come out a tenth
    smaller at best: they are not compressed.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    words = [f.name for f in table.schema if not pa.types.is_primitive(f.type)]
    compression = {name: "none" if name in drawn else "zstd" for name in table.column_names}
    buffer = pa.BufferOutputStream()
    pq.write_table(
        table,
        buffer,
        compression=compression,
        use_dictionary=words or False,
        write_page_checksum=True,
    )
    return memoryview(buffer.getvalue())


def drawn_in(design: Mapping[str, Any]) -> frozenset[str]:
    """The parameters that a manifest's design draws at random from whole ranges.

    Examples
    --------
    >>> sorted(drawn_in({"kind": "sobol", "parameters": {"a": {"lo": 0}, "b": {"levels": [0, 1]}}}))
    ['a']
    """
    laws: Mapping[str, Any] = design.get("parameters", {})
    return frozenset(path for path, law in laws.items() if not law.get("levels"))


def chunk_files(folder: Path, pattern: str = CHUNK_NAMES) -> dict[int, Path]:
    """The files of the finished chunks by number, in order."""
    named = ((number_and_hash(file, pattern), file) for file in folder.glob(pattern))
    return dict(sorted((int(name[1]), file) for name, file in named if name))


def is_whole(file: Path) -> bool:
    """Whether a chunk's content is what was written."""
    return whole_bytes(file) is not None


def whole_bytes(file: Path, pattern: str = CHUNK_NAMES) -> bytes | None:
    """A chunk's content; ``None`` where it is not what was written."""
    name = number_and_hash(file, pattern)
    try:
        data = file.read_bytes()
    except OSError:
        return None
    return data if name is not None and name[2] == _digest(data) else None


def number_and_hash(file: Path, pattern: str = CHUNK_NAMES) -> re.Match[str] | None:
    """The number and the hash in the name of a chunk's file, as two groups; ``None`` for another file."""
    return re.fullmatch(re.escape(pattern).replace(r"\*", r"(\d+)-([0-9a-f]+)"), file.name)


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
    except (OSError, pa.ArrowException) as error:
        raise unreadable(file, error) from None


def unreadable(file: Path, error: Exception) -> UsageError:
    """What is wrong with a chunk that cannot be read: it is damaged, unless the system says otherwise."""
    gone = "it is gone" if isinstance(error, FileNotFoundError) else None
    reason = getattr(error, "strerror", None) or gone
    if reason is not None:
        return UsageError(f"{file} cannot be read: {reason}")
    return UsageError(f"{file} is damaged; compute it again with --resume")


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
    with path.open("rb") as handle:
        for line in handle:
            if line.endswith(b"\n"):
                yield _failure(path, line)


def _failure(path: Path, line: bytes) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(line)
        found["chunk"], found["point"]
    except (ValueError, TypeError, KeyError):
        raise UsageError(
            f"{path} is damaged; remove it: rows whose status is 'failed' say which points failed"
        ) from None
    return found


def write_whole(target: Path, data: Data) -> None:
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
        _flush_folder(target.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _unwritable(target, error) from None


def _flush_folder(folder: Path) -> None:
    """Flush the names in a folder to disk, where the system can: a renamed file then survives a power cut."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)


def _unwritable(target: Path, error: OSError) -> UsageError:
    return UsageError(f"{target} cannot be written: {error.strerror or error}")


def _digest(data: Data) -> str:
    return hashlib.sha256(data).hexdigest()[:DIGITS]

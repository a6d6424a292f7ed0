"""Beliefs on disk: a folder like a run's, with a manifest and one Parquet file per chunk of draws.

The manifest is written first; a folder whose chunks are not all there is continued by the command that made
it. A column per parameter holds the draws; the others begin with what they hold (``said``, ``right``,
``state``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sim.beliefs.belief_parts import known, told_sensitivity
from sim.beliefs.record_beliefs import Beliefs
from sim.beliefs.weighted_draws import moments
from sim.errors import UsageError
from sim.sweeps.new_folder import require_new
from sim.sweeps.store import (
    FORMAT,
    MANIFEST,
    chunk_files,
    is_whole,
    read_chunks,
    read_manifest,
    write_chunk,
    write_manifest,
)

KIND = "beliefs"
SAID, RIGHT, STATE, START = "said|", "right|", "state|", "start|"
Columns = Mapping[str, Any]

__all__ = ["RIGHT", "SAID", "START", "STATE", "keep", "make_beliefs", "open_beliefs", "to_beliefs"]


def make_beliefs(
    folder: str | Path, manifest: Mapping[str, Any], chunk: Callable[[int], Columns]
) -> Beliefs:
    """Compute the chunks of some beliefs that a folder does not hold yet, and open them.

    Parameters
    ----------
    folder
        New, empty, or one that the same command left unfinished.
    manifest
        What the beliefs are; ``chunks`` says how many chunks there are.
    chunk
        From the number of a chunk to its columns.

    Raises
    ------
    UsageError
        If the folder holds something else, or finished beliefs, or cannot be written.
    """
    import pyarrow as pa

    place = Path(folder)
    wanted = {"format": FORMAT, "kind": KIND, **manifest}
    if not _is_unfinished(place, wanted):
        require_new(place)
    try:
        place.mkdir(parents=True, exist_ok=True)
        if not (place / MANIFEST).exists():
            write_manifest(place, wanted)
        done = {k for k, file in chunk_files(place).items() if is_whole(file)}
        for k in range(manifest["chunks"]):
            if k not in done:
                write_chunk(place, k, pa.table(dict(chunk(k))))
    except OSError as error:
        raise UsageError(f"{place} cannot be written: {error.strerror}") from None
    return open_beliefs(place, force=True)


def _is_unfinished(place: Path, wanted: Mapping[str, Any]) -> bool:
    """Whether a folder holds the same beliefs, not all of them yet."""
    same = (place / MANIFEST).is_file() and read_manifest(place) == wanted
    return same and len(chunk_files(place)) < wanted["chunks"]


def keep(beliefs: Beliefs, draws: int, folder: str | Path) -> Beliefs:
    """Store fewer draws that all count alike, to hand on: in single precision, without codings and files.

    Parameters
    ----------
    beliefs
        The draws to choose from.
    draws
        How many to keep.
    folder
        New or empty.

    Raises
    ------
    UsageError
        If the folder holds something, or cannot be written.
    """
    at = beliefs.chosen(draws)
    prior = {
        path: list(moments(beliefs.prior, x)[:2])
        for path, x in zip(beliefs.declared, beliefs.points, strict=True)
    }
    manifest = {
        **beliefs.manifest,
        "chunks": 1,
        "steered": True,
        "kept": draws,
        "files": {},
        "prior": prior,
        "worth": {
            "bits": known(beliefs.bits),
            "effective_draws": beliefs.effective,
            "reproduce_all": known(beliefs.reproduce_all),
            "sensitivity": told_sensitivity(beliefs),
        },
    }
    columns: dict[str, Any] = {
        path: x[at].astype(np.float32)
        for path, x in zip(beliefs.declared, beliefs.points, strict=True)
    }
    for q, said in beliefs.said.items():
        columns |= {f"{SAID}{q}|{e}": x[at] for e, x in zip(beliefs.episodes, said, strict=True)}
    columns |= {f"{RIGHT}{e}": x[at] for e, x in zip(beliefs.episodes, beliefs.right, strict=True)}
    columns[START] = -beliefs.log_likelihood(beliefs.error).sum(axis=0)[at]
    return make_beliefs(folder, manifest, lambda _: columns)


def open_beliefs(folder: str | Path, *, force: bool = False) -> Beliefs:
    """Stored beliefs.

    Raises
    ------
    UsageError
        If the folder holds none, or they are unfinished, or, unless ``force``, a file changed or another
        version made them.
    """
    from sim import __version__

    manifest = read_manifest(Path(folder))
    if manifest.get("kind") != KIND:
        raise UsageError(f"{folder} holds no beliefs; sim calibrate FOLDER --out DIR makes some")
    if len(chunk_files(Path(folder))) < manifest["chunks"]:
        raise UsageError(f"{folder} is unfinished; give the command that makes it again")
    found = to_beliefs(manifest, _columns(Path(folder)))
    other = manifest.get("version") != __version__
    if not force and (other or found.changed()):
        what = ", ".join(found.changed()) if found.changed() else f"version {manifest['version']}"
        raise UsageError(
            f"{folder} was made from what has changed since: {what}; make it again, or give --force"
        )
    return found


def _columns(folder: Path) -> dict[str, Any]:
    table = read_chunks(folder)
    return {name: table.column(name).to_numpy() for name in table.column_names}


def to_beliefs(manifest: Mapping[str, Any], columns: Columns) -> Beliefs:
    """Beliefs from the columns of all their draws."""
    episodes = manifest["episodes"]
    declared = {path: tuple(known) for path, known in manifest["declared"].items()}
    return Beliefs(
        points=np.array([columns[path] for path in declared], dtype=np.float64),
        declared=declared,
        error=manifest["error_rate"],
        labels=manifest["labels"],
        said={
            q: np.array([columns[f"{SAID}{q}|{e}"] for e in episodes]) for q in manifest["labels"]
        },
        right=np.array([columns[f"{RIGHT}{e}"] for e in episodes]),
        states={k.removeprefix(STATE): x for k, x in columns.items() if k.startswith(STATE)},
        start=columns.get(START),
        manifest=manifest,
    )

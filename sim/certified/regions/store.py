"""Frontiers on disk: a manifest and one Parquet file, like the run of a sweep."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from sim.certified.change.never import Never
from sim.certified.regions.edges import Crossing, Edge
from sim.certified.regions.record import KIND, Frontier
from sim.claims import read_claim
from sim.errors import UsageError
from sim.sweeps.new_folder import new_folder
from sim.sweeps.store import FORMAT, read_chunks, read_manifest, write_chunk, write_manifest


def store_frontier(frontier: Frontier, folder: str | Path) -> Path:
    """Store a frontier as a new folder with a manifest and a Parquet file.

    Raises
    ------
    UsageError
        If the folder exists with something in it, or cannot be written: then nothing is left of it.
    """
    with new_folder(folder) as place:
        write_chunk(place, 0, frontier.to_arrow())
        write_manifest(place, _manifest(frontier))
    return Path(folder)


def _manifest(frontier: Frontier) -> dict[str, Any]:
    plain: dict[str, Any] = {"labels": {k: list(v) for k, v in frontier.labels.items()}}
    plain |= {"form": frontier.claim.form}
    plain |= {"units": list(frontier.units), "tolerance": frontier.tolerance}
    return {
        "format": FORMAT,
        "kind": KIND,
        **frontier.provenance,
        **frontier.to_dict(),
        **plain,
    }


def open_frontier(folder: str | Path) -> Frontier:
    """A stored frontier.

    Raises
    ------
    UsageError
        If the folder holds none.
    """
    path = Path(folder)
    manifest = read_manifest(path)
    if manifest.get("kind") != KIND:
        raise UsageError(f"{path} holds a sweep, not a frontier")
    table = read_chunks(path)
    varied = tuple(manifest["box"])
    ends = np.array([manifest["box"][p] for p in varied], dtype=np.float64)
    kinds = ("verdict", "rung", "agreement", "binding")
    return Frontier(
        title=manifest["title"],
        claim=read_claim(manifest.get("of", "margin"), manifest.get("form", "dispute")),
        varied=varied,
        units=tuple(manifest["units"]),
        low=ends[:, 0],
        high=ends[:, 1],
        values=np.array([manifest["values"][p] for p in varied]),
        lo=np.stack([table.column(f"{p}.lo").to_numpy() for p in varied]),
        hi=np.stack([table.column(f"{p}.hi").to_numpy() for p in varied]),
        **{kind: _codes(table.column(kind)) for kind in kinds},
        labels={k: tuple(v) for k, v in manifest["labels"].items()},
        tolerance=manifest["tolerance"],
        examined=manifest["examined"],
        status=manifest["status"],
        note=manifest["note"],
        crossings=tuple(Crossing(**c) for c in manifest["crossings"]),
        edges=tuple(_edge(e) for e in manifest["edges"]),
        turn=tuple(manifest["turn"].values()),
        affine=manifest["affine"],
        never=tuple(map(Never.from_dict, manifest.get("never", ()))),
        levels=tuple(tuple(manifest.get("levels", {}).get(p, ())) for p in varied),
        provenance={k: manifest[k] for k in ("version", "command", "scenario", "overrides")},
    )


def _edge(e: dict[str, Any]) -> Edge:
    start, end = ((float(p[0]), float(p[1])) for p in (e["start"], e["end"]))
    return Edge(name=e["name"], agreement=e["agreement"], start=start, end=end)


def _codes(column: Any) -> Any:
    indices = column.combine_chunks().indices
    return np.asarray(indices.fill_null(-1)).astype(np.int64)

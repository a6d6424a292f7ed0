"""Weights that fit a record: draws of assumed parameters, each with how much it is to be believed.

Definition. ``n`` draws ``theta_d`` of parameters over their ranges have weights ``w_d`` that sum to 1, in
proportion to how likely each makes the record. The share of a claim is ``p = sum_d w_d [claim at theta_d]``,
its standard error ``sqrt(sum_d w_d^2 ([claim] - p)^2)``, and the effective number of draws
``1 / sum_d w_d^2``. Beliefs are stored like a run: a manifest with the version, the seed and a hash of every
file that was read, and one Parquet file with a column per parameter and the weights.

Array convention. ``points`` has shape ``(parameters, draws)``, ``weights`` ``(draws,)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import UsageError
from sim.feasibility import evaluate_all, prepare
from sim.scenario import Parameter, Scenario
from sim.sweeps.store import FORMAT, read_chunks, read_manifest, write_chunk, write_manifest

KIND, WEIGHT, ENOUGH = "beliefs", "weight", 100


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Beliefs:
    """Draws of assumed parameters that fit a record.

    Parameters
    ----------
    points, weights
        The draws, and how much each is to be believed.
    declared
        Per parameter its range or levels in the files, in the order of ``points``.
    manifest
        Episodes, error rate, seed, bits, version, and the hash of every file that was read.
    """

    points: FloatArray
    weights: FloatArray
    declared: Mapping[str, tuple[float, ...]]
    manifest: Mapping[str, Any]

    @property
    def effective(self) -> float:
        """The effective number of draws."""
        return float(1 / (self.weights**2).sum())

    def share(self, scenario: Scenario) -> tuple[float, float]:
        """The believed share of draws in which a treaty is feasible, and its standard error.

        Parameters that were drawn take their drawn values unless they are set; all else is as in the file.

        Raises
        ------
        UsageError
            If the scenario lacks a parameter of the draws, or declares another range for it.
        """
        self.require_same(scenario)
        rows = [k for k, p in enumerate(self.declared) if p not in scenario.overrides]
        paths = [p for p in self.declared if p not in scenario.overrides]
        found = evaluate_all(prepare(scenario, paths), self.points[rows])
        yes = found.ladder.margin > 0
        p = float(self.weights @ yes)
        return p, float(np.sqrt((self.weights**2 * (yes - p) ** 2).sum()))

    def require_same(self, scenario: Scenario) -> None:
        """Refuse a scenario whose parameters are not those of the draws."""
        for path, known in self.declared.items():
            record = scenario.document.parameters.get(path)
            if record is None or declared_of(record) != tuple(known):
                what = "has no" if record is None else "declares another range for"
                raise UsageError(
                    f"{scenario.origin} {what} '{path}', which the beliefs drew; make them again with "
                    "sim calibrate FOLDER --out DIR"
                )

    def changed(self) -> tuple[str, ...]:
        """Files that are there and are no longer what they were when the beliefs were made."""
        files = self.manifest.get("files", {})
        return tuple(f for f, known in files.items() if Path(f).is_file() and hash_of(f) != known)

    def sentence(self, share: float, error: float) -> str:
        """A believed share in words.

        Examples
        --------
        >>> b = Beliefs(points=np.zeros((1, 200)), weights=np.full(200, 1 / 200), declared={"p": (0, 1)},
        ...             manifest={"episodes": ["a", "b", "c"]})
        >>> b.sentence(0.15, 0.012)
        'In 15.0 % (± 1.2) of the weights that fit the record of 3 episodes a treaty is feasible.'
        """
        few = ""
        if self.effective < ENOUGH:
            few = f"; only {self.effective:.0f} draws count: make beliefs of more (--points)"
        count = len(self.manifest.get("episodes", ()))
        return (
            f"In {100 * share:.1f} % (± {100 * error:.1f}) of the weights that fit the record of {count} "
            f"episodes a treaty is feasible{few}."
        )


def declared_of(parameter: Parameter) -> tuple[float, ...]:
    """From where to where a parameter may lie, or its levels."""
    return tuple(map(float, parameter.levels or parameter.range or ()))


def hash_of(file: str | Path) -> str:
    """The SHA-256 of a file."""
    return sha256(Path(file).read_bytes()).hexdigest()


def store_beliefs(beliefs: Beliefs, folder: str | Path) -> Path:
    """Store beliefs as a new folder.

    Raises
    ------
    UsageError
        If the folder exists with something in it, or cannot be written.
    """
    import pyarrow as pa

    place = Path(folder)
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise UsageError(f"{place} exists already; give another --out, nothing was written")
    columns = dict(zip(beliefs.declared, beliefs.points, strict=True))
    try:
        place.mkdir(parents=True, exist_ok=True)
        write_chunk(place, 0, pa.table({**columns, WEIGHT: beliefs.weights}))
        declared = {path: list(known) for path, known in beliefs.declared.items()}
        write_manifest(
            place, {"format": FORMAT, "kind": KIND, **beliefs.manifest, "declared": declared}
        )
    except OSError as error:
        raise UsageError(f"{place} cannot be written: {error.strerror}") from None
    return place


def open_beliefs(folder: str | Path, *, force: bool = False) -> Beliefs:
    """Stored beliefs.

    Raises
    ------
    UsageError
        If the folder holds none, or, unless ``force``, a file changed or another version made them.
    """
    from sim import __version__

    manifest = read_manifest(Path(folder))
    if manifest.get("kind") != KIND:
        raise UsageError(f"{folder} holds no beliefs; sim calibrate FOLDER --out DIR makes some")
    table = read_chunks(Path(folder))
    declared = {path: tuple(known) for path, known in manifest["declared"].items()}
    found = Beliefs(
        points=np.array([table.column(path).to_numpy() for path in declared]),
        weights=table.column(WEIGHT).to_numpy(),
        declared=declared,
        manifest=manifest,
    )
    other = manifest.get("version") != __version__
    if not force and (other or found.changed()):
        what = ", ".join(found.changed()) if found.changed() else f"version {manifest['version']}"
        raise UsageError(
            f"{folder} was made from what has changed since: {what}; make it again, or give --force"
        )
    return found

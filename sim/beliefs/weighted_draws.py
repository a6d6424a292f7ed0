"""Weights that fit a record: draws of assumed parameters, each with how much it is to be believed.

Definition. ``n`` draws ``theta_d`` of the parameters that the episodes of a record share, each with its own
draw of how the episodes are coded, have weights ``w_d`` that sum to 1, in proportion to how likely each makes
the record. A draw whose answer gives the recorded label the share ``s`` of ``K`` labels makes it likely by
``(1 - e) s + e (1 - s) / (K - 1)`` with the error rate ``e`` (:mod:`sim.beliefs.scoring`); episodes and
questions (the class, the actor that blocked) multiply. The share of a claim is ``p = sum_d w_d [claim at
theta_d]``, its standard error ``sqrt(sum_d w_d^2 ([claim] - p)^2)``, and the effective number of draws ``1 /
sum_d w_d^2``.

Array convention. ``points`` has shape ``(parameters, draws)``, ``said`` and ``right`` ``(episodes, draws)``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.beliefs.scoring import honest_chance
from sim.errors import UsageError
from sim.scenario import Parameter, Scenario
from sim.sweeps.designs import Listed


@dataclass(frozen=True, kw_only=True, eq=False)
class WeightedDraws:
    """Draws of assumed parameters that fit a record.

    Parameters
    ----------
    points
        The draws.
    declared
        Per parameter its range or levels in the files, in the order of ``points``.
    error
        How often a label is recorded as another one.
    labels
        Per question how many labels it has.
    said
        Per question the share that each draw gives to what is recorded of each episode; nan where nothing is.
    right
        Whether each draw says what is recorded of each episode.
    states
        Draws of how an episode is coded, by ``episode: path``, shape ``(draws,)`` each.
    start
        Log weights before the record is looked at, shape ``(draws,)``: 0, or, where draws were steered
        towards the record, what takes that back.
    manifest
        Episodes, seed, version, and the hash of every file that was read.
    """

    points: FloatArray
    declared: Mapping[str, tuple[float, ...]]
    error: float
    labels: Mapping[str, int]
    said: Mapping[str, FloatArray]
    right: BoolArray
    states: Mapping[str, FloatArray] = field(default_factory=dict)
    start: FloatArray | None = None
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def episodes(self) -> tuple[str, ...]:
        """Names of the record's episodes."""
        return tuple(self.manifest.get("episodes", ()))

    @cached_property
    def weights(self) -> FloatArray:
        """How much each draw is to be believed, shape ``(draws,)``."""
        return self.weights_at(self.error)

    @cached_property
    def prior(self) -> FloatArray:
        """How much each draw counts before the record is looked at."""
        return normalised(np.zeros(self.points.shape[1]) if self.start is None else self.start)

    def weights_at(self, error: float) -> FloatArray:
        """The weights with another error rate."""
        start = np.zeros(self.points.shape[1]) if self.start is None else self.start
        return normalised(start + self.log_likelihood(error).sum(axis=0))

    def log_likelihood(self, error: float) -> FloatArray:
        """How likely each draw makes what is recorded of each episode, as logarithms."""
        tables = [honest_chance(said, self.labels[q], error) for q, said in self.said.items()]
        return np.asarray(sum(np.where(np.isnan(t), 0.0, np.log(t)) for t in tables))

    @property
    def effective(self) -> float:
        """The effective number of draws."""
        return effective_draws(self.weights)

    @property
    def bits(self) -> float:
        """How far the record moves the draws, in bits; nan where they were steered towards it."""
        if "worth" in self.manifest:
            told = self.manifest["worth"]["bits"]
            return float("nan") if told is None else float(told)
        return float("nan") if self.start is not None else moved_by(self.weights)

    @property
    def reproduce_all(self) -> float:
        """What share of the draws, unfitted, says what is recorded of every episode; nan if steered."""
        if "worth" in self.manifest:
            told = self.manifest["worth"]["reproduce_all"]
            return float("nan") if told is None else float(told)
        steered = self.start is not None
        return float("nan") if steered else float(self.prior @ self.right.all(axis=0))

    @property
    def unexplained(self) -> dict[str, float]:
        """Episodes that no draw says, with the best share that any draw gives to what is recorded."""
        lost = [k for k, row in enumerate(self.right) if not row.any()]
        best = [
            np.nanmin([np.nan_to_num(s[k], nan=1.0).max() for s in self.said.values()])
            for k in lost
        ]
        return {self.episodes[k]: float(b) for k, b in zip(lost, best, strict=True)}

    def nearest(self, episode: str) -> dict[str, float]:
        """The draw that makes one episode of the record likeliest: a value for every shared parameter."""
        k = int(self.log_likelihood(self.error)[self.episodes.index(episode)].argmax())
        return dict(zip(self.declared, self.points[:, k].tolist(), strict=True))

    def best(self) -> dict[str, float]:
        """The likeliest draw: a value for every shared parameter."""
        k = int(self.log_likelihood(self.error).sum(axis=0).argmax())
        return dict(zip(self.declared, self.points[:, k].tolist(), strict=True))

    def resampled(self, draws: int, seed: int = 0) -> FloatArray:
        """Draws that all count alike, shape ``(parameters, draws)``: systematic, in a random order."""
        return self.points[:, self.chosen(draws, seed)]

    def chosen(self, draws: int, seed: int = 0) -> IntArray:
        """Indices of draws that all count alike."""
        rng = np.random.default_rng(seed)
        at = (np.arange(draws) + rng.random()) / draws
        found = np.searchsorted(np.cumsum(self.weights), at).clip(0, len(self.weights) - 1)
        return np.asarray(rng.permutation(found))

    def design(self, scenario: Scenario, draws: int, seed: int = 0) -> Listed:
        """Equally weighted draws as the points of a sweep.

        What the scenario sets, or declares otherwise than the files of the record (:meth:`unlike`), is not
        among them.

        Raises
        ------
        UsageError
            If nothing is left.
        """
        paths, rows = self.but({*scenario.overrides, *self.unlike(scenario)})
        if not rows:
            raise UsageError(
                f"{scenario.origin} shares no parameter with the beliefs that is not set"
            )
        values = self.resampled(draws, seed)[rows]
        return Listed(
            varied=tuple(paths),
            size=draws,
            values=values,
            source="beliefs",
            digest=sha256(values.tobytes()).hexdigest(),
        )

    def but(self, held: Collection[str]) -> tuple[list[str], list[int]]:
        """The parameters of the draws that are not held, and their rows in ``points``."""
        rows = [k for k, path in enumerate(self.declared) if path not in held]
        return [path for path in self.declared if path not in held], rows

    def require_same(self, scenario: Scenario) -> None:
        """Refuse a scenario whose parameters are not those of the draws.

        Raises
        ------
        UsageError
            If it lacks a parameter of the draws, or declares another range for it.
        """
        for path in self.unlike(scenario):
            known = path in scenario.document.parameters
            what = "declares another range for" if known else "has no"
            raise UsageError(
                f"{scenario.origin} {what} '{path}', which the beliefs drew; make them again with "
                "sim calibrate FOLDER --out DIR"
            )

    def unlike(self, scenario: Scenario) -> tuple[str, ...]:
        """Parameters of the draws that a scenario lacks, or declares another range for."""
        there = scenario.document.parameters
        return tuple(
            path
            for path, known in self.declared.items()
            if path not in there or declared_of(there[path]) != tuple(known)
        )

    def changed(self) -> tuple[str, ...]:
        """Files that are there and are no longer what they were when the beliefs were made."""
        files = self.manifest.get("files", {})
        return tuple(f for f, known in files.items() if Path(f).is_file() and hash_of(f) != known)


def normalised(log: FloatArray) -> FloatArray:
    """Weights that sum to 1 from their logarithms."""
    out = np.exp(log - log.max())
    return np.asarray(out / out.sum())


def effective_draws(weights: FloatArray) -> float:
    """How many equally weighted draws some weights are worth.

    Examples
    --------
    >>> effective_draws(np.array([0.5, 0.5, 0.0]))
    2.0
    """
    return float(1 / (weights**2).sum())


def moments(weights: FloatArray, drawn: FloatArray | BoolArray) -> tuple[float, float, float]:
    """Weighted mean, standard deviation, and the standard error of the mean.

    Examples
    --------
    >>> moments(np.full(4, 0.25), np.array([True, False, False, False]))[0]
    0.25
    """
    mean = float(weights @ drawn)
    off = drawn - mean
    return mean, float(np.sqrt(weights @ off**2)), float(np.sqrt(weights**2 @ off**2))


def moved_by(weight: FloatArray) -> float:
    """How far weights are from equal ones, in bits.

    Examples
    --------
    >>> moved_by(np.array([0.5, 0.5, 0.0, 0.0]))
    1.0
    """
    some = weight[weight > 0]
    return float((some * np.log2(some * len(weight))).sum())


def declared_of(parameter: Parameter) -> tuple[float, ...]:
    """From where to where a parameter may lie, or its levels."""
    return tuple(map(float, parameter.levels or parameter.range or ()))


def hash_of(file: str | Path) -> str:
    """The SHA-256 of a file."""
    return sha256(Path(file).read_bytes()).hexdigest()

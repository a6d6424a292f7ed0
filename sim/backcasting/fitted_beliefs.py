"""Beliefs from a record: joint draws of weights and codings, each weighed by how likely it makes the record.

Definition. As in :mod:`sim.beliefs.weighted_draws`; :mod:`sim.backcasting.joint_draws` says what is drawn.
Where so few draws from the prior fit that fewer than a hundred would count, draws are steered towards the
record instead (:mod:`sim.beliefs.tempering`); they then all count alike.

Array convention. Draws on the last axis.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.backcasting.forecasters import questions
from sim.backcasting.joint_draws import CODING, JointDraws, joint_draws
from sim.backcasting.sampling import Answers, answers_of, matches
from sim.backcasting.sealed import model_hash
from sim.backcasting.two_codings import Agreement, Codes, agreement
from sim.beliefs.belief_store import (
    RIGHT,
    SAID,
    START,
    STATE,
    keep,
    make_beliefs,
    to_beliefs,
)
from sim.beliefs.record_beliefs import Beliefs
from sim.beliefs.scoring import ERROR
from sim.beliefs.tempering import tempered
from sim.beliefs.weighted_draws import declared_of, hash_of
from sim.errors import UsageError
from sim.feasibility.blockers import actors_of
from sim.feasibility.evaluate import Problem, prepare
from sim.feasibility.share import ENOUGH
from sim.scenario import Scenario

CHUNK = 4096
"""Draws that are computed, and stored, together."""
POINTS = 8192
"""Draws by default."""


def fitted_beliefs(
    episodes: Mapping[str, Scenario],
    *,
    points: int = POINTS,
    seed: int = 0,
    error: float = ERROR,
    states: bool = True,
    coding: float = CODING,
    second: Codes | None = None,
    files: Iterable[Path] = (),
    out: str | Path | None = None,
    kept: int | None = None,
) -> Beliefs:
    """Weighted draws of the assumed weights that some episodes share.

    Parameters
    ----------
    episodes
        Of one dispute by name, each with an observed outcome.
    points, seed
        Of the draws.
    error, coding
        How often an outcome is recorded as another one, and a state with levels coded as its neighbour.
    states, second
        Whether codings are drawn too; a second one of them: where it differs, both are.
    files
        What was read, for a hash of each.
    out
        A folder to store them in, chunk by chunk; a call that was cut off goes on where it stopped.
    kept
        Of the draws only so many are stored, all of the same weight, to be handed on.

    Raises
    ------
    UsageError
        If no episode has an outcome, they share no weight, a rate is no probability, or the folder is taken.
    """
    _require_usable(points, error)
    known = _observed(episodes)
    twice = None if second is None else agreement(known, second)
    twofold = twice.drawn() if twice else None
    draws = joint_draws(known, states=states, coding=coding, second=twofold)
    record = Record(known, draws, points)
    manifest = _manifest(record, points, seed, error, files, twice)
    pilot = record.drawn(0, min(points, CHUNK), manifest)
    share = to_beliefs(manifest, pilot).effective / len(pilot[f"{RIGHT}{next(iter(known))}"])
    if share * points < ENOUGH <= points:
        manifest = {**manifest, "steered": True, "chunks": 1, "prior": _moments(pilot)}

    def chunk(k: int) -> dict[str, Any]:
        if manifest["steered"]:
            return record.steered(points, seed, error)
        return pilot if k == 0 else record.drawn(k * CHUNK, min(points, (k + 1) * CHUNK), manifest)

    if out is not None and kept is None:
        return make_beliefs(out, manifest, chunk)
    found = _joined(manifest, map(chunk, range(manifest["chunks"])))
    return found if out is None or kept is None else keep(found, kept, out)


def _require_usable(points: int, error: float) -> None:
    if not 0 < error < 1:
        raise UsageError(f"error rate {error}: a number between 0 and 1 is needed")
    if points < 2:
        raise UsageError(f"{points} points: at least 2 are needed")


def _joined(manifest: Mapping[str, Any], chunks: Iterable[Mapping[str, Any]]) -> Beliefs:
    parts = list(chunks)
    return to_beliefs(manifest, {k: np.concatenate([p[k] for p in parts]) for k in parts[0]})


def _observed(episodes: Mapping[str, Scenario]) -> dict[str, Scenario]:
    known = {name: s for name, s in episodes.items() if s.document.observed is not None}
    if episodes and not known:
        raise UsageError("no episode says what was observed; give each `observed: {outcome: ...}`")
    return known


def _manifest(
    record: Record,
    points: int,
    seed: int,
    error: float,
    files: Iterable[Path] = (),
    twice: Agreement | None = None,
) -> dict[str, Any]:
    from sim import __version__

    first = next(iter(record.episodes.values()))
    declared = {p: list(declared_of(first.document.parameters[p])) for p in record.draws.weights}
    return {
        "version": __version__,
        "episodes": list(record.episodes),
        "labels": record.labels,
        "declared": declared,
        "seed": seed,
        "points": points,
        "chunks": -(-points // CHUNK),
        "error_rate": error,
        "coding_error": record.draws.coding,
        "states": sum(len(laws) for laws in record.draws.states.values()),
        "steered": False,
        "coded_twice": twice.to_dict() if twice else None,
        "models": {name: model_hash(s) for name, s in record.episodes.items()},
        "files": {str(file.resolve()): hash_of(file) for file in files},
    }


@dataclass(frozen=True)
class Record:
    """The episodes of a record, what is drawn for them, and how many points will be asked for at least."""

    episodes: Mapping[str, Scenario]
    draws: JointDraws
    points: int

    @cached_property
    def problems(self) -> dict[str, Problem]:
        """Per episode what is drawn, compiled once for all draws."""
        return {
            name: prepare(s, [*self.draws.weights, *self.draws.states[name]])
            for name, s in self.episodes.items()
        }

    @cached_property
    def labels(self) -> dict[str, int]:
        """Per question how many labels it has."""
        whose = [actors_of(problem.dispute) for problem in self.problems.values()]
        return {q.name: len(q.labels) for q in questions(self.episodes, whose)}

    def _answers(self, theta: FloatArray, states: Mapping[str, FloatArray]) -> list[Answers]:
        return [
            answers_of(
                problem,
                np.concatenate([theta, states[name]]),
                engine="compiled" if problem.compiling_pays(self.points) else "auto",
            )
            for name, problem in self.problems.items()
        ]

    def columns(self, u: FloatArray) -> dict[str, Any]:
        """What beliefs keep of some points of the cube."""
        theta, states = self.draws.values(u)
        found = self._answers(theta, states)
        out: dict[str, Any] = dict(zip(self.draws.weights, theta, strict=True))
        for q in questions(self.episodes, [part.actors for part in found]):
            for k, (name, s) in enumerate(self.episodes.items()):
                share = q.shares(found[k], s.document.classes)
                at = int(q.happened[k])
                out[f"{SAID}{q.name}|{name}"] = (
                    share[:, at] if at >= 0 else np.full(u.shape[1], np.nan)
                )
        for (name, s), answer in zip(self.episodes.items(), found, strict=True):
            assert s.document.observed is not None
            out[f"{RIGHT}{name}"] = matches(s, answer, s.document.observed)
            rows = zip(self.draws.states[name], states[name], strict=True)
            out.update({f"{STATE}{name}: {path}": row for path, row in rows})
        return out

    def drawn(self, start: int, stop: int, manifest: Mapping[str, Any]) -> dict[str, Any]:
        """Draws from the prior by their index."""
        size, seed = manifest["points"], manifest["seed"]
        return self.columns(self.draws.prior(start, stop, size=size, seed=seed))

    def steered(self, points: int, seed: int, error: float) -> dict[str, Any]:
        """Draws that are steered towards the record, with what takes that back."""
        u, log = tempered(
            lambda u: self.log_likelihood(u, error),
            self.draws.dimensions,
            points,
            np.random.default_rng(seed),
        )
        return {**self.columns(u), START: -log}

    def log_likelihood(self, u: FloatArray, error: float) -> FloatArray:
        """How likely some points of the cube make the record, as logarithms."""
        manifest = _manifest(self, u.shape[1], 0, error)
        found = to_beliefs(manifest, self.columns(u))
        return np.asarray(found.log_likelihood(error).sum(axis=0))


def _moments(columns: Mapping[str, Any]) -> dict[str, list[float]]:
    """Mean and standard deviation of drawn numbers."""
    drawn = {k: x for k, x in columns.items() if not k.startswith((SAID, RIGHT, START))}
    return {k.removeprefix(STATE): [float(x.mean()), float(x.std())] for k, x in drawn.items()}

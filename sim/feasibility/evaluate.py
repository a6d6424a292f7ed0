"""Ladder and prediction together, at any number of points, chunk by chunk.

Array convention. ``theta`` has shape ``(varied, batch)``; results have shape ``(batch,)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from sim._kernels.tolerance import AnyArray, BoolArray, FloatArray, IntArray
from sim.feasibility.commitments import with_commitments
from sim.feasibility.kernels import NUMPY, Kernels
from sim.feasibility.ladder import FEASIBLE, PASSED, PREDICTED, RUNGS, Ladder, climb
from sim.feasibility.prediction import Prediction, predict
from sim.games.stages import StageGame, stage_game
from sim.payoffs import Dispute, compile_dispute
from sim.scenario import Scenario

RUNG_NAMES = (*RUNGS, PREDICTED, PASSED)
LANES = 16


def rung_names(game: StageGame | None) -> tuple[str, ...]:
    """How rungs are named; without a game nothing is predicted, and what passes is feasible.

    Examples
    --------
    >>> rung_names(None)[-1]
    'feasible'
    """
    return RUNG_NAMES if game is not None else (*RUNG_NAMES[:-1], FEASIBLE)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evaluation:
    """The ladder and, where the scenario has a game, its prediction.

    Parameters
    ----------
    ladder, prediction
        As :mod:`sim.feasibility.ladder` and :mod:`sim.feasibility.prediction` define them.
    rung
        Index into ``RUNG_NAMES``: the first rung that fails, the prediction included.
    """

    ladder: Ladder
    prediction: Prediction | None
    rung: IntArray

    @property
    def knife_edge(self) -> BoolArray:
        """Where a part that decides ties with 0, so that neither yes nor no is reported."""
        return np.asarray(self.ladder.margin == 0)


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """A scenario compiled for some varied parameters, with its game if it has one."""

    dispute: Dispute
    game: StageGame | None

    @property
    def cells(self) -> int:
        """How many numbers a point needs: agreements by stance profiles, or leaves of the game."""
        rows, columns = self.dispute.shape
        return max(rows * columns, 0 if self.game is None else self.game.leaf_agreement.size)

    def chunk(self, kernels: Kernels = NUMPY) -> int:
        """Points that are solved at a time, so that work arrays stay in the cache."""
        return LANES * int(np.clip(kernels.cells // self.cells // LANES, 1, 4096 // LANES))


def prepare(
    scenario: Scenario, varied: Sequence[str] = (), *, like: Problem | None = None
) -> Problem:
    """A scenario compiled for some varied parameters; ``like`` is the same compiled for others.

    Raises
    ------
    UsageError
        If a varied path is unknown or structural, or the game's stages make no sense.
    """
    dispute = compile_dispute(scenario, varied, like=None if like is None else like.dispute)
    if like is not None:
        return Problem(dispute, None if like.game is None else replace(like.game, dispute=dispute))
    game = None if scenario.document.game is None else stage_game(dispute)
    return Problem(dispute, game)


def evaluate(problem: Problem, theta: FloatArray, *, kernels: Kernels = NUMPY) -> Evaluation:
    """Ladder and prediction at a chunk of points, ``theta`` of shape ``(varied, batch)``."""
    batch = problem.dispute.many(theta)
    ladder, prediction = climb(batch), None
    if problem.game is not None:
        prediction = predict(problem.game, batch, kernels=kernels)
        ladder = with_commitments(problem.game, batch, ladder, prediction)
    rung = ladder.rung.copy()
    passed = rung == len(RUNGS)
    rung[passed] = len(RUNGS) + 1
    if prediction is not None:
        rung[passed & ~prediction.treaty] = len(RUNGS)
    return Evaluation(ladder=ladder, prediction=prediction, rung=rung)


def margins(problem: Problem, theta: FloatArray) -> FloatArray:
    """The margin alone at any number of points, without a step where it ties with 0.

    The game is solved only where it may count.
    """
    size = problem.chunk()
    out = [np.zeros(0)]
    for start in range(0, theta.shape[1], size):
        batch = problem.dispute.at(theta[:, start : start + size])
        ladder = climb(batch)
        if problem.game is not None:
            ladder = with_commitments(problem.game, batch, ladder)
        out.append(ladder.height)
    return np.concatenate(out)


def evaluate_all(problem: Problem, theta: FloatArray, *, kernels: Kernels = NUMPY) -> Evaluation:
    """Like :func:`evaluate` for any number of points, a cache-sized chunk at a time.

    The last chunk is filled up to a multiple of ``LANES`` points, so that a matrix product takes the
    same path for every point and an answer does not depend, to the last bit, on which points it was
    computed with.
    """
    size, count = problem.chunk(kernels), theta.shape[1]
    whole = np.pad(theta, ((0, 0), (0, -count % LANES)), mode="edge")
    parts = [
        evaluate(problem, whole[:, start : start + size], kernels=kernels)
        for start in range(0, whole.shape[1], size)
    ]
    predictions = [part.prediction for part in parts if part.prediction is not None]
    return Evaluation(
        ladder=_join([part.ladder for part in parts], count),
        prediction=_join(predictions, count) if predictions else None,
        rung=np.concatenate([part.rung for part in parts])[:count],
    )


def _join(parts: Sequence[Any], count: int) -> Any:
    """The first entries of records of arrays one after the other; what is no array is shared."""
    first = parts[0]
    joined: dict[str, Any] = {}
    for field in fields(first):
        value = getattr(first, field.name)
        if isinstance(value, np.ndarray):
            joined[field.name] = _first([getattr(part, field.name) for part in parts], count)
        elif isinstance(value, dict):
            joined[field.name] = {
                key: _first([getattr(part, field.name)[key] for part in parts], count)
                for key in value
            }
        else:
            joined[field.name] = value
    return type(first)(**joined)


def _first(parts: Sequence[AnyArray], count: int) -> AnyArray:
    return np.concatenate(parts)[:count]

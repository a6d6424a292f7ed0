"""Ladder and prediction together, at any number of points, chunk by chunk.

Array convention. ``theta`` has shape ``(varied, batch)``; results have shape ``(batch,)``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.engine.array_records import joined, put
from sim.errors import SimError
from sim.feasibility.backends import Backends
from sim.feasibility.commitments import with_commitments
from sim.feasibility.ladder import FEASIBLE, PASSED, PREDICTED, RUNGS, Ladder, climb
from sim.feasibility.prediction import Prediction, predict
from sim.feasibility.screening.screened import ladder_of, prediction_of
from sim.games.stages import StageGame, stage_game
from sim.payoffs import Dispute, compile_dispute
from sim.scenario import Scenario

if TYPE_CHECKING:
    from sim.games.in_time.rounds import RoundGame

Failing = Callable[["Problem", FloatArray], Mapping[int, str]]
"""Why which of some points have no answer, by their column."""
RUNG_NAMES = (*RUNGS, PREDICTED, PASSED)
LANES = 16
"""Points that compiled code takes together: chunks are multiples of it."""
CACHE, SCREENED = 1 << 18, 1 << 15
"""Cells times points that the definitions take at a time; agreements times points that numpy screens."""
FEW = 1 << 19
"""Cells times points up to which a screen is not made: some 400 points of a game with 1,300 leaves."""
KEPT = 32
"""Compiled scenarios that are kept: those of a record, for several choices of what is varied."""
WORTH = 1 << 22
"""Cells times points from which on compiling pays: 6,000 of these points, a third of a second of numpy."""
QUICK = 16
"""Stance profiles up to which compiling takes about a second; more take longer in proportion, or worse."""


def rung_names(game: StageGame | RoundGame | None) -> tuple[str, ...]:
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
        edge: BoolArray = self.ladder.margin == 0
        return edge


@dataclass(frozen=True, eq=False)
class Problem:
    """A scenario compiled for some varied parameters, with its game, in stages or rounds, if it has one."""

    dispute: Dispute
    game: StageGame | None
    rounds: RoundGame | None = None

    def __reduce__(self) -> tuple[type[Problem], tuple[Any, ...]]:
        return Problem, (self.dispute, self.game, self.rounds)

    @property
    def played(self) -> StageGame | RoundGame | None:
        """The game, whichever it is."""
        return self.rounds if self.game is None else self.game

    @property
    def cells(self) -> int:
        """How many numbers a point needs: agreements by stance profiles, or leaves of the game."""
        rows, columns = self.dispute.shape
        game = self.game
        leaves = 0 if game is None else game.cells
        return max(rows * columns, leaves if self.rounds is None else self.rounds.cells)

    @cached_property
    def own(self) -> Evaluation:
        """Ladder and prediction at the scenario's own values, by their definitions."""
        return evaluate(self, self.dispute.point())

    @cached_property
    def backends(self) -> Backends:
        """What computes many points."""
        reason = "" if self.rounds is None else "the game is played in rounds"
        return Backends(self.dispute, self.game, reason)

    def chunk(self) -> int:
        """Points that are solved at a time, so that work arrays stay in the cache."""
        return _lanes(CACHE // self.cells)

    def screened_chunk(self) -> int:
        """Points that numpy screens at a time."""
        return _lanes(SCREENED // self.dispute.shape[0])

    def compiling_pays(self, count: int) -> bool:
        """Whether so many points are worth the time that compiling takes."""
        return count * self.cells >= WORTH * max(1.0, self.dispute.shape[1] / QUICK)

    def by_definition(self, count: int) -> bool:
        """Whether so many points are left to the definitions: no screen, or one that does not pay."""
        few = not self.backends.made and count * self.cells < FEW
        return bool(self.backends.reason) or few or not count


def _lanes(points: int) -> int:
    return LANES * int(np.clip(points // LANES, 1, 4096 // LANES))


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
        game = None if like.game is None else replace(like.game, dispute=dispute)
        return Problem(dispute, game, None if like.rounds is None else like.rounds.on(dispute))
    told = scenario.document.game
    if told is not None and told.rounds is not None:
        from sim.games.in_time.rounds import round_game

        return Problem(dispute, None, round_game(dispute))
    return Problem(dispute, None if told is None else stage_game(dispute))


@lru_cache(maxsize=KEPT)
def prepared(scenario: Scenario, varied: tuple[str, ...]) -> Problem:
    """The same as :func:`prepare`; the last few are kept for other questions about the same parameters."""
    return prepare(scenario, varied)


def evaluate(problem: Problem, theta: FloatArray) -> Evaluation:
    """Ladder and prediction at a chunk of points, by their definitions; ``theta`` is ``(varied, batch)``."""
    batch = (problem.dispute.many if problem.dispute.varied else problem.dispute.at)(theta)
    ladder, prediction = climb(batch), None
    if problem.rounds is not None:
        from sim.feasibility.in_rounds import predict_in_rounds

        prediction = predict_in_rounds(problem.rounds, batch)
    if problem.game is not None:
        prediction = predict(problem.game, batch)
        ladder = with_commitments(problem.game, batch, ladder, prediction)
    return _evaluation(ladder, prediction)


def _evaluation(ladder: Ladder, prediction: Prediction | None) -> Evaluation:
    rung = ladder.rung.copy()
    passed = rung == len(RUNGS)
    rung[passed] = len(RUNGS) + 1
    if prediction is not None:
        rung[passed & ~prediction.treaty] = len(RUNGS)
    return Evaluation(ladder=ladder, prediction=prediction, rung=rung)


def evaluate_all(problem: Problem, theta: FloatArray, *, engine: str = "auto") -> Evaluation:
    """Like :func:`evaluate` for any number of points, sooner.

    Parameters
    ----------
    problem, theta
        A compiled scenario, and points of shape ``(varied, batch)``.
    engine
        ``numpy``, ``compiled``, ``background`` (numpy until the compiled code is ready), ``gpu`` or ``auto``
        (compiled where that pays; the definitions for few points), or ``definitions``. Answers are the same
        to the last bit, whatever points are computed together; those of a card to 1e-12.
    """
    found, _ = evaluate_answered(problem, theta, lambda *_: {}, engine=engine)
    assert found is not None
    return found


def evaluate_answered(
    problem: Problem, theta: FloatArray, failing: Failing, *, engine: str = "auto"
) -> tuple[Evaluation | None, dict[int, str]]:
    """Like :func:`evaluate_all` at the points that have an answer, and why the others have none.

    The screen is right where it is sure, so that ``failing`` is asked about the few other points alone: why
    which of them have no answer, by column of what it is given.

    Raises
    ------
    SimError
        If the definitions fail at points none of which can be named.
    """
    count = theta.shape[1]
    few = engine == "definitions" or (engine == "auto" and problem.by_definition(count))
    if problem.backends.reason or few or not count:
        return _answered(problem, theta, failing)
    values, sure = screened(problem, _whole(theta), engine)
    unsure = np.flatnonzero(~sure[:count])
    if len(unsure) == count:
        return _answered(problem, theta, failing)
    found = evaluation_of(problem, values)
    part, failed = _answered(problem, theta[:, unsure], failing) if len(unsure) else (None, {})
    if part is not None:
        put(found, np.delete(unsure, [*failed]), part)
    lost = unsure[[*failed]]
    if len(lost) or count < len(sure):
        found = joined([found], np.setdiff1d(np.arange(count), lost))
    return found, dict(zip(lost.tolist(), failed.values(), strict=True))


def _answered(
    problem: Problem, theta: FloatArray, failing: Failing
) -> tuple[Evaluation | None, dict[int, str]]:
    """The same by the definitions."""
    failed: dict[int, str] = {}
    try:
        return _by_definition(problem, _whole(theta), theta.shape[1]), failed
    except SimError:
        failed |= failing(problem, theta)
        if not failed:
            raise
    good = np.delete(theta, [*failed], axis=1)
    size = good.shape[1]
    return _by_definition(problem, _whole(good), size) if size else None, failed


def _whole(theta: FloatArray) -> FloatArray:
    """Points in whole lanes: the last one again and again."""
    return np.pad(theta, ((0, 0), (0, -theta.shape[1] % LANES)), mode="edge")


def evaluation_of(problem: Problem, values: dict[str, FloatArray]) -> Evaluation:
    """Ladder and prediction from the values of a screen, right where they are sure."""
    ladder = ladder_of(problem.dispute, values, problem.backends.screen.views)
    return _evaluation(ladder, prediction_of(problem.dispute, problem.game, values))


def doubtful(problem: Problem, theta: FloatArray) -> IntArray:
    """The points, ascending, that the screen leaves to the definitions; all where there is none."""
    count = theta.shape[1]
    if problem.backends.reason or not problem.backends.made or not count:
        return np.arange(count)
    return np.flatnonzero(~screened(problem, theta, "numpy")[1])


def screened(
    problem: Problem, theta: FloatArray, engine: str, backends: Backends | None = None
) -> tuple[dict[str, FloatArray], BoolArray]:
    """Values by name, and where they are sure; the batch is a multiple of ``LANES``."""
    backends, machine = backends or problem.backends, None
    if engine == "gpu":
        return backends.card.run(theta)
    if engine == "compiled" or (engine == "auto" and problem.compiling_pays(theta.shape[1])):
        machine = backends.machine(wait=True)
    elif engine == "background":
        machine = backends.machine(wait=False)
    elif engine == "auto":
        machine = backends.compiled
    if machine is not None:
        return machine.run(theta)
    size = problem.screened_chunk()
    starts = range(0, theta.shape[1], size)
    parts = [backends.numpy.run(theta[:, k : k + size]) for k in starts]
    values = {name: np.concatenate([part[0][name] for part in parts]) for name in parts[0][0]}
    return values, np.concatenate([part[1] for part in parts])


def _by_definition(problem: Problem, theta: FloatArray, count: int) -> Evaluation:
    """The first points by the definitions, a cache-sized chunk at a time."""
    size = problem.chunk()
    starts = range(0, max(1, theta.shape[1]), size)
    parts = [evaluate(problem, theta[:, start : start + size]) for start in starts]
    found: Evaluation = joined(parts, slice(count))
    return found

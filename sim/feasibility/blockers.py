"""What blocks a treaty, without comparing units: by lifting what actors need.

Definition. At a treaty and stances that the ladder looks at (:mod:`sim.feasibility.levels`) some parts
*fail*: gains and slacks below 0. To *lift* a part is to set it aside, to lift an actor is to lift its gain
and all its constraints. Lifting makes a treaty feasible where all that fails somewhere is lifted; stances
answer as before. The *minimal sets* are the sets of failing parts of which none contains another one.
What blocks is

    nothing            where a treaty is feasible, or on the knife-edge
    only A             lifting A alone makes a treaty feasible, and lifting nobody else alone does
    either             lifting one actor alone does, and so does lifting another one
    both needed        no actor alone, but some two
    several needed     no two

Signs of parts alone count, so nothing depends on the units of slacks: multiplying a constraint by a positive
number changes nothing.

Array convention. Masks of failing parts have shape ``(parts, cells, batch)``, principals' gains first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.engine.array_records import put
from sim.feasibility.commitments import supported_views, views_of
from sim.feasibility.evaluate import (
    LANES,
    Evaluation,
    Problem,
    evaluate,
    evaluate_all,
    evaluation_of,
    screened,
)
from sim.feasibility.ladder import ladder_labels, owners_of
from sim.feasibility.levels import View, gain_of, slack_at
from sim.feasibility.screening.screened import Values
from sim.feasibility.screening.screened_blockers import FoundBlocking
from sim.feasibility.stances import stance_equilibria
from sim.feasibility.views import static_views
from sim.payoffs import Batch, Dispute
from sim.rules.arithmetic import ARRAYS
from sim.rules.ladder import RUNG_OF, part_fails
from sim.rules.minimal_sets import minimal

NOTHING, EITHER, BOTH, SEVERAL = "nothing", "either", "both needed", "several needed"
FAR = 1 << 30
"""More than any number of parts that fail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blockers:
    """What blocks at one point.

    Parameters
    ----------
    lifting
        ``nothing``, ``only A``, ``either``, ``both needed`` or ``several needed``.
    actors
        The minimal sets of actors whose lifting makes a treaty feasible.
    minimal_sets
        The minimal sets of parts, ``actor.constraint`` or ``actor.gain``; the smallest first.
    """

    lifting: str
    actors: tuple[tuple[str, ...], ...]
    minimal_sets: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lifted:
    """What blocks at many points.

    Parameters
    ----------
    labels, lifting
        What may block, and an index into it per point, shape ``(batch,)``.
    actors, single
        Names of actors, and whether lifting one alone makes a treaty feasible where none is, shape
        ``(actors, batch)``.
    parts, alone
        The same of parts, shape ``(parts, batch)``.
    """

    labels: tuple[str, ...]
    lifting: IntArray
    actors: tuple[str, ...]
    single: BoolArray
    parts: tuple[str, ...]
    alone: BoolArray


def actors_of(dispute: Dispute) -> tuple[str, ...]:
    """The actors whose needs may block a treaty."""
    return tuple(dict.fromkeys(owners_of(dispute)))


def lifting_labels(dispute: Dispute) -> tuple[str, ...]:
    """Everything that ``lifting`` may say of a dispute."""
    only = (f"only {actor}" for actor in actors_of(dispute))
    return (NOTHING, EITHER, BOTH, SEVERAL, *only)


def blockers(problem: Problem, views: Sequence[View] | None = None) -> Blockers:
    """What blocks a treaty at the scenario's values; ``views`` are all that the ladder looks at there."""
    dispute = problem.dispute
    names = ladder_labels(dispute)
    owner = dict(zip(names, owners_of(dispute), strict=True))
    if views is None:
        views = views_of(problem.game, dispute.at(dispute.point()))
    columns = [_failing(view)[..., 0][:, _counted(view)[:, 0]] for view in views]
    found = {column.tobytes() for column in np.concatenate(columns, axis=1).T}
    sets = minimal({_places(column) for column in found})
    named = [tuple(names[k] for k in sorted(one)) for one in sets]
    whose = minimal({frozenset(owner[name] for name in one) for one in named})
    order = list(dict.fromkeys(owner.values()))
    actors = tuple(tuple(sorted(one, key=order.index)) for one in whose)
    blocked = tuple(one for one in named if one)
    return Blockers(
        lifting=_word(actors), actors=tuple(a for a in actors if a), minimal_sets=blocked
    )


def lifted_all(problem: Problem, theta: FloatArray) -> Lifted:
    """What blocks at any number of points, ``theta`` of shape ``(varied, batch)``, chunk by chunk."""
    if problem.by_definition(theta.shape[1]):
        return _defined(problem, theta)
    return margins_and_lifted(problem, theta)[1]


def margins_and_lifted(problem: Problem, theta: FloatArray) -> tuple[FloatArray, Lifted]:
    """Margins and what blocks at any number of points.

    Both are those of the definitions (:func:`sim.feasibility.evaluate.evaluate`, :func:`lifted`); at many
    points most are found sooner by a screen that looks at nothing else.
    """
    count = theta.shape[1]
    if problem.by_definition(count):
        return _margins(problem, theta), _defined(problem, theta)
    screen, size = problem.backends.blocking, problem.screened_chunk()
    found = [screen.run(theta[:, k : k + size]) for k in range(0, count, size)]
    margin = np.concatenate([part.margin for part in found])
    told = _told_of(problem, found)
    unsure = np.flatnonzero(~np.concatenate([part.sure for part in found]))
    if len(unsure):
        margin[unsure] = _margins(problem, theta[:, unsure])
        _put(told, unsure, _defined(problem, theta[:, unsure]))
    return margin, told


def evaluated_and_lifted(
    problem: Problem, theta: FloatArray, *, engine: str = "auto"
) -> tuple[Evaluation, Lifted]:
    """What :func:`sim.feasibility.evaluate.evaluate_all` and :func:`lifted_all` say, in one pass."""
    count = theta.shape[1]
    few = engine == "auto" and problem.by_definition(2 * count)  # two questions of each point
    if problem.backends.reason or few or not count:
        return evaluate_all(problem, theta, engine="definitions"), _defined(problem, theta)
    whole = np.pad(theta, ((0, 0), (0, -count % LANES)), mode="edge")
    values, sure = screened(problem, whole, engine, problem.backends.telling)
    values = {name: value[:count] for name, value in values.items()}
    return read_from(problem, values, sure[:count], problem, theta)


def read_from(
    problem: Problem, values: Values, sure: BoolArray, exact: Problem, theta: FloatArray
) -> tuple[Evaluation, Lifted]:
    """What the values of a screen say where they are sure, and the definitions of ``exact`` elsewhere."""
    found = evaluation_of(problem, values)
    told = _told_of(problem, [problem.backends.blocking.read(values, sure)])
    unsure = np.flatnonzero(~sure)
    if len(unsure):
        some = theta[:, unsure]
        put(found, unsure, evaluate_all(exact, some, engine="definitions"))
        _put(told, unsure, _defined(exact, some))
    return found, told


def _told_of(problem: Problem, found: Sequence[FoundBlocking]) -> Lifted:
    """What blocks, from what screens found at some points after others."""
    fewest, single, alone = (
        np.concatenate([getattr(part, name) for part in found], axis=-1)
        for name in ("fewest", "single", "alone")
    )
    return _told(problem.dispute, fewest, single, alone)


def _put(told: Lifted, points: IntArray, some: Lifted) -> None:
    """Replace what blocks at some points."""
    for name in ("lifting", "single", "alone"):
        getattr(told, name)[..., points] = getattr(some, name)


def _margins(problem: Problem, theta: FloatArray) -> FloatArray:
    """The margins by the definitions, a cache-sized chunk at a time."""
    size = problem.chunk()
    starts = range(0, max(1, theta.shape[1]), size)
    parts = [evaluate(problem, theta[:, k : k + size]).ladder.margin for k in starts]
    return np.concatenate(parts)


def _defined(problem: Problem, theta: FloatArray) -> Lifted:
    """What blocks by the definitions, a cache-sized chunk at a time."""
    size = problem.chunk()
    starts = range(0, max(1, theta.shape[1]), size)
    found = [lifted(problem, problem.dispute.many(theta[:, k : k + size])) for k in starts]
    return replace(
        found[0],
        lifting=np.concatenate([part.lifting for part in found]),
        single=np.concatenate([part.single for part in found], axis=1),
        alone=np.concatenate([part.alone for part in found], axis=1),
    )


def _places(column: bytes) -> frozenset[int]:
    """Where a column of truth values is true."""
    return frozenset(np.flatnonzero(np.frombuffer(column, dtype=np.bool_)).tolist())


def _word(actors: Sequence[tuple[str, ...]]) -> str:
    """What the minimal sets of actors come to."""
    least = min((len(one) for one in actors), default=0)
    if least != 1:
        return (NOTHING, "", BOTH, SEVERAL)[min(least, 3)]
    single = [one for one in actors if len(one) == 1]
    return f"only {single[0][0]}" if len(single) == 1 else EITHER


def lifted(problem: Problem, batch: Batch) -> Lifted:
    """What blocks a treaty at every point of a batch."""
    dispute = problem.dispute
    owners = owners_of(dispute)
    actors = actors_of(dispute)
    fewest = np.full(batch.size, FAR)
    alone = np.zeros((len(owners), batch.size), dtype=np.bool_)
    single = np.zeros((len(actors), batch.size), dtype=np.bool_)
    for view in _views(problem, batch):
        fails, counted = _failing(view), _counted(view)
        whose = np.stack([fails[[o == actor for o in owners]].any(axis=0) for actor in actors])
        number = np.where(counted, whose.sum(axis=0), FAR)
        fewest = np.minimum(fewest, number.min(axis=0, initial=FAR))
        single |= (whose & (number == 1)).any(axis=1)
        alone |= (fails & (counted & (fails.sum(axis=0) == 1))).any(axis=1)
    return _told(dispute, fewest, single, alone)


def _told(dispute: Dispute, fewest: IntArray, single: BoolArray, alone: BoolArray) -> Lifted:
    """What blocks, from how many actors must be lifted and what lifting one actor, or one part, does."""
    labels = lifting_labels(dispute)
    code = np.where(single.sum(axis=0) > 1, labels.index(EITHER), 4 + single.argmax(axis=0))
    rest = [labels.index(word) for word in (BOTH, SEVERAL)]
    code = np.where(fewest > 1, np.where(fewest == 2, *rest), code)
    code = np.where(fewest == 0, labels.index(NOTHING), code)
    blocked = fewest > 0
    return Lifted(
        labels=labels,
        lifting=code,
        actors=actors_of(dispute),
        single=single & blocked,
        parts=ladder_labels(dispute),
        alone=alone & blocked,
    )


def _views(problem: Problem, batch: Batch) -> Iterator[View]:
    """Everything that the ladder looks at where it fails."""
    stable, _ = stance_equilibria(batch)
    yield from static_views(batch, stable, batch.dispute.treaties)
    if problem.game is not None and batch.dispute.shape[1] > 1:
        yield from supported_views(problem.game, batch)


def _counted(view: View) -> BoolArray:
    """At which points every cell of a view counts, shape ``(cells, batch)``."""
    return np.asarray(view.cells.allowed & view.possible)


def _failing(view: View) -> BoolArray:
    """Which parts of which cells fail where: below 0 by more than they tie with it."""
    cells, batch = view.cells, view.cells.batch
    shape = cells.allowed.shape
    gains = [(0, gain_of(view, k)) for k in range(len(cells.payoffs))]
    slacks = [(RUNG_OF[c.rung], slack_at(batch.slack(c), cells)) for c in batch.dispute.constraints]
    parts = [*gains, *slacks]
    return np.stack([np.broadcast_to(part_fails(ARRAYS, x, k), shape) for k, x in parts])

"""The utility space of two actors: every agreement, the Pareto frontiers, and what bargaining picks.

Definition. A point is an agreement, its coordinates the two actors' payoffs: gains in units of payoff
spread for a dispute (see :mod:`sim.views.win_sets`), the file's own payoffs for a bargaining problem. Two
frontiers are of interest: of all agreements, and of those that every constraint lets through; the distance
between them is what the constraints cost.

Array convention. Utilities have shape ``(2, agreements)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray
from sim.errors import SimError, UsageError
from sim.games.bargaining import undominated
from sim.labels import NO_LABELS, Labels
from sim.results import Solution
from sim.scenario import Scenario
from sim.solving import game_of, solve
from sim.views.win_sets import WinSets, win_sets

BARGAINING = ("nash_bargaining", "kalai_smorodinsky", "egalitarian", "utilitarian")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UtilitySpace:
    """Two actors' payoffs from every agreement, the frontier, and what bargaining solutions pick.

    Parameters
    ----------
    title, unit
        Of the scenario; of the payoffs.
    actors
        The two.
    parties
        All whose payoffs count for the frontiers; where they are more than the two, a frontier is not a line
        in the plane of two of them.
    agreements, classes
        Labels; outcome classes, empty texts for a classical problem.
    utilities
        Shape ``(2, agreements)``.
    allowed
        Which agreements every constraint lets through.
    knife_edge
        Which of them are let through with nothing to spare: a lowest gain or slack of 0 within tolerance.
    frontier
        Which agreements no other one dominates.
    efficient
        Which of those allowed no other allowed one dominates.
    disagreement
        Shape ``(2,)``.
    solutions
        Per concept the payoffs that it picks, each of shape ``(2,)``.
    stances
        As in :class:`sim.views.WinSets`.
    """

    title: str
    unit: str
    actors: tuple[str, str]
    parties: tuple[str, ...]
    agreements: tuple[str, ...]
    classes: tuple[str, ...]
    utilities: FloatArray
    allowed: BoolArray
    knife_edge: BoolArray
    frontier: BoolArray
    efficient: BoolArray
    disagreement: FloatArray
    solutions: Mapping[str, tuple[FloatArray, ...]]
    stances: str = ""
    labelled: Labels = NO_LABELS


def utility_space(
    scenario: Scenario, *, concepts: Sequence[str] = BARGAINING, actors: Sequence[str] = ()
) -> UtilitySpace:
    """The payoffs of two actors from every agreement of a dispute or of a bargaining problem.

    Parameters
    ----------
    scenario
        A dispute, or a classical bargaining problem.
    concepts
        Bargaining solutions to be marked.
    actors
        Which two; the first two principals by default.

    Raises
    ------
    UsageError
        If the scenario has no bargaining problem, or an actor is unknown.

    Examples
    --------
    >>> import sim
    >>> s = sim.loads(
    ...     "bargaining: {actors: [a, b], disagreement: {a: 0, b: 0},"
    ...     " agreements: {x: {a: 2, b: 1}, y: {a: 1, b: 2}, z: {a: 1, b: 1}}}"
    ... )
    >>> utility_space(s).efficient
    array([ True,  True, False])
    """
    if scenario.document.form == "dispute":
        return _of_dispute(scenario, concepts, actors)
    problem = game_of(scenario, "bargaining")
    x, y = _two(problem.actors, actors)
    utilities = problem.utilities[..., 0]
    all_of_them = np.ones(utilities.shape[1], dtype=np.bool_)
    frontier = _efficient(utilities, all_of_them)
    return UtilitySpace(
        title=scenario.title,
        unit="payoff",
        actors=(problem.actors[x], problem.actors[y]),
        parties=tuple(problem.actors),
        agreements=tuple(problem.agreements),
        classes=("",) * utilities.shape[1],
        utilities=utilities[[x, y]],
        allowed=all_of_them,
        knife_edge=np.zeros_like(all_of_them),
        frontier=frontier,
        efficient=frontier,
        disagreement=problem.disagreement[[x, y], 0],
        solutions=_picked(scenario, concepts, (problem.actors[x], problem.actors[y])),
    )


def _of_dispute(scenario: Scenario, concepts: Sequence[str], actors: Sequence[str]) -> UtilitySpace:
    sets = win_sets(scenario)
    x, y = _two(sets.principals, actors)
    lowest = np.minimum(sets.home.min(axis=0), sets.abroad)
    allowed = lowest >= -RELATIVE
    allowed[0] = True
    return UtilitySpace(
        title=sets.title,
        labelled=sets.labelled,
        unit="gain (payoff spreads)",
        actors=(sets.principals[x], sets.principals[y]),
        parties=tuple(sets.principals),
        agreements=sets.agreements,
        classes=sets.classes,
        utilities=sets.gains[[x, y]],
        allowed=allowed,
        knife_edge=sets.treaties & (np.abs(lowest) <= RELATIVE),
        frontier=_efficient(sets.gains, np.ones_like(allowed)),
        efficient=_efficient(sets.gains, allowed),
        disagreement=np.zeros(2),
        solutions=_gains_picked(scenario, sets, concepts, (x, y)),
        stances=sets.stances,
    )


def _two(names: Sequence[str], actors: Sequence[str]) -> tuple[int, int]:
    wanted = tuple(actors) or tuple(names)[:2]
    for actor in wanted:
        if actor not in names:
            raise UsageError(f"'{actor}' does not bargain here; legal: {', '.join(names)}")
    if len(wanted) != 2 or wanted[0] == wanted[1]:
        raise UsageError("a utility space has two actors")
    return names.index(wanted[0]), names.index(wanted[1])


def _efficient(utilities: FloatArray, among: BoolArray) -> BoolArray:
    return undominated(utilities[..., None], among[:, None])[:, 0]


def _solutions(scenario: Scenario, concepts: Sequence[str]) -> dict[str, Solution]:
    found = {}
    for name in concepts:
        try:
            (found[name],) = solve(scenario, [name])
        except SimError:
            continue
    return found


def _picked(
    scenario: Scenario, concepts: Sequence[str], actors: tuple[str, str]
) -> dict[str, tuple[FloatArray, ...]]:
    return {
        name: tuple(np.array([m.payoffs[i] for i in actors]) for m in solution.equilibria)
        for name, solution in _solutions(scenario, concepts).items()
    }


def _gains_picked(
    scenario: Scenario, sets: WinSets, concepts: Sequence[str], pair: tuple[int, int]
) -> dict[str, tuple[FloatArray, ...]]:
    """What concepts pick, at the gains of the agreement that they name."""
    place = {label: k for k, label in enumerate(sets.agreements)}
    out = {}
    for name, solution in _solutions(scenario, concepts).items():
        named = [m.agreement for m in solution.equilibria if isinstance(m.agreement, str)]
        out[name] = tuple(sets.gains[list(pair), place[a]] for a in named if a in place)
    return out

"""A concept at a whole batch of parameter values.

The batch functions of concepts take arrays of games; here their answers become rows. A batch settles the
points at which nothing ties and leaves out the others.

Array convention. Parameters that vary are arrays of shape ``(points,)``; rows are lists by point.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.errors import SimError
from sim.games.strategic import StrategicGame
from sim.scenario import Scenario

WIDEST = 1e6
"""Spread of an actor's payoffs, in units of its smallest difference, up to which batches are trusted."""

FINISHED = "finished"
"""Status of a row whose member is found and not proved to be the only one."""

Row = dict[str, Any]
"""One member at one point: ``point``, ``member`` (0 where there is none), ``status`` and its numbers."""

Batch = Callable[[Scenario, Mapping[str, Any], Mapping[str, Any]], dict[int, list[Row]]]
"""A scenario, all parameters (those varied as arrays) and options, to the members of settled points."""

OfGames = Callable[[StrategicGame, Mapping[str, Any]], dict[int, list[Row]]]
"""Games, the batch axis last, and options, to the members of settled points."""


def _pure(game: StrategicGame, options: Mapping[str, Any]) -> dict[int, list[Row]]:
    from sim.solutions.strategic.pure_nash import profile_regret, pure_nash_mask

    found: dict[int, list[Row]] = {point: [] for point in range(game.batch)}
    regrets = profile_regret(game.payoffs)
    for *profile, point in np.argwhere(pure_nash_mask(game.payoffs)):
        place = (*profile, point)
        labels = [menu[k] for menu, k in zip(game.strategies, profile, strict=True)]
        found[int(point)].append(
            {
                **{f"plays.{a}.{label}": 1.0 for a, label in zip(game.actors, labels, strict=True)},
                **{
                    f"payoff.{a}": float(game.payoffs[(i, *place)])
                    for i, a in enumerate(game.actors)
                },
                "regret": float(regrets[place]),
            }
        )
    return found


def _mixed(game: StrategicGame, options: Mapping[str, Any]) -> dict[int, list[Row]]:
    from sim.solutions.strategic.mixed_nash import mixed_nash_batch

    if len(game.shape) != 2 or max(game.shape) > 8:
        return {}
    batch = mixed_nash_batch(game.payoffs)
    doubtful = {*map(int, batch.unsettled), *map(int, np.flatnonzero(_far_apart(game.payoffs)))}
    settled = set(range(game.batch)) - doubtful
    found: dict[int, list[Row]] = {point: [] for point in settled}
    for k, point in enumerate(map(int, batch.game)):
        if point not in settled:
            continue
        plays = {
            f"plays.{actor}.{label}": float(p)
            for actor, menu, mix in zip(
                game.actors, game.strategies, (batch.rows[:, k], batch.columns[:, k]), strict=True
            )
            for label, p in zip(menu, mix, strict=True)
            if p > 0.0
        }
        payoffs = {f"payoff.{a}": float(batch.payoffs[i, k]) for i, a in enumerate(game.actors)}
        found[point].append({**plays, **payoffs, "regret": float(batch.regret[k])})
    return {point: _in_order(rows, game) for point, rows in found.items()}


def _far_apart(payoffs: FloatArray) -> BoolArray:
    """The games in which a difference is so small beside the spread that doubles may miss it."""
    flat = np.sort(payoffs.reshape(len(payoffs), -1, payoffs.shape[-1]), axis=1)
    steps = np.diff(flat, axis=1)
    least = np.where(steps > 0.0, steps, np.inf).min(axis=1, initial=np.inf)
    return np.asarray((steps.sum(axis=1) > WIDEST * least).any(axis=0))


def _in_order(rows: list[Row], game: StrategicGame) -> list[Row]:
    """Mixes that put more on earlier strategies first, as ``mixed_nash`` lists them."""
    columns = [
        f"plays.{actor}.{label}"
        for actor, menu in zip(game.actors, game.strategies, strict=True)
        for label in menu
    ]
    return sorted(rows, key=lambda row: [-row.get(column, 0.0) for column in columns])


def _chosen_rows(
    actors: Sequence[str], names: Sequence[str], payoffs: FloatArray | IntArray, chosen: BoolArray
) -> dict[int, list[Row]]:
    """A row for each outcome that is chosen at a point.

    Parameters
    ----------
    actors, names
        Of the first and the second axis of ``payoffs``.
    payoffs
        Shape ``(actors, outcomes, batch)``.
    chosen
        Shape ``(outcomes, batch)``.
    """
    return {
        point: [
            {
                **{f"payoff.{a}": float(payoffs[i, k, point]) for i, a in enumerate(actors)},
                "outcome": names[k],
            }
            for k in map(int, np.flatnonzero(chosen[:, point]))
        ]
        for point in range(chosen.shape[1])
    }


def _stable(concept: str) -> Batch:
    """The stable states of a conflict in which payoffs depend on parameters."""

    def batch(
        scenario: Scenario, values: Mapping[str, Any], options: Mapping[str, Any]
    ) -> dict[int, list[Row]]:
        from sim.games.conflict import from_section
        from sim.solutions.conflict._stable_states import stable_states

        section = scenario.document.conflict
        if section is None:
            return {}
        size = max(np.size(value) for value in values.values())
        conflict = from_section(section, values)
        stable = stable_states(concept, conflict.moves, conflict.ranks).all(axis=0)
        ranks = np.broadcast_to(conflict.ranks, (*conflict.ranks.shape[:2], size))
        stable = np.broadcast_to(stable, (len(conflict.states), size))
        return _chosen_rows(conflict.actors, conflict.states, ranks, stable)

    return batch


def _agreed(concept: str) -> Batch:
    """The agreements that an axiomatic concept chooses among finitely many."""

    def batch(
        scenario: Scenario, values: Mapping[str, Any], options: Mapping[str, Any]
    ) -> dict[int, list[Row]]:
        from sim.games.files.bargaining import bargaining_problem
        from sim.solutions import module_of

        section = scenario.document.bargaining
        if section is None or section.split is not None or section.mode not in (None, "discrete"):
            return {}
        if section.weights or section.offers is not None or section.frontier:
            return {}
        problem = bargaining_problem(section, values)
        choose = getattr(module_of(concept), f"{concept}_mask")
        chosen = choose(problem.utilities, problem.disagreement, *options.values())
        return _chosen_rows(problem.actors, problem.agreements, problem.utilities, chosen)

    return batch


def _logit(game: StrategicGame, options: Mapping[str, Any]) -> dict[int, list[Row]]:
    """Logit equilibria of all games at once; those not reached within the work limit stay alone."""
    from sim._kernels.logit_map import deviations
    from sim.solutions.strategic.quantal_response import quantal_response_batch

    reached = quantal_response_batch(game.payoffs, options.get("precision"))
    values_of = deviations(game.payoffs, reached.mixes)
    worth = [(v * mix).sum(axis=0) for v, mix in zip(values_of, reached.mixes, strict=True)]
    gains = [v.max(axis=0) - u for v, u in zip(values_of, worth, strict=True)]
    regret = np.maximum(np.max(gains, axis=0), 0.0)
    return {
        point: [
            {
                **{
                    f"plays.{a}.{label}": float(mix[k, point])
                    for a, menu, mix in zip(
                        game.actors, game.strategies, reached.mixes, strict=True
                    )
                    for k, label in enumerate(menu)
                },
                **{f"payoff.{a}": float(u[point]) for a, u in zip(game.actors, worth, strict=True)},
                "regret": float(regret[point]),
                "status": FINISHED,
            }
        ]
        for point in map(int, np.flatnonzero(reached.ok))
    }


def _of_games(solve: OfGames) -> Batch:
    """All games of a strategic file at once."""

    def batch(
        scenario: Scenario, values: Mapping[str, Any], options: Mapping[str, Any]
    ) -> dict[int, list[Row]]:
        from sim.games.files.strategic import strategic_games

        section = scenario.document.strategic
        return {} if section is None else solve(strategic_games(section, values), options)

    return batch


_BATCHES: dict[str, Batch] = {
    "pure_nash": _of_games(_pure),
    "mixed_nash": _of_games(_mixed),
    "quantal_response": _of_games(_logit),
    **{name: _stable(name) for name in ("gmcr_nash", "gmr", "smr", "seq")},
    **{
        name: _agreed(name)
        for name in ("nash_bargaining", "kalai_smorodinsky", "egalitarian", "utilitarian")
    },
}


def settled_in_batch(
    scenario: Scenario, concept: str, values: Mapping[str, Any], options: Mapping[str, Any]
) -> dict[int, list[Row]]:
    """The members by point that a batch finds; none where some point has no value at all."""
    try:
        return _BATCHES[concept](scenario, values, options) if concept in _BATCHES else {}
    except SimError:
        return {}

"""A concept at a whole batch of parameter values: one record per member and point.

The batch functions of concepts take arrays of games; here their answers become columns. What a batch
leaves open (a tie, a continuum, a form without a batch function) is solved at that point alone, by the
concept itself, so that every row says what ``sim solve`` says there.

Array convention. ``theta`` has shape ``(varied, points)``; columns are lists with one entry per member.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import SimError
from sim.results import Equilibrium, Solution
from sim.scenario import Scenario
from sim.solving import solve

WIDEST = 1e6
"""Spread of an actor's payoffs, in units of its smallest difference, up to which batches are trusted."""

Row = dict[str, Any]
"""One member at one point: ``point``, ``member`` (0 where there is none), ``status`` and its numbers."""


def rows_of(
    scenario: Scenario,
    concept: str,
    paths: tuple[str, ...],
    theta: FloatArray,
    options: Mapping[str, Any],
) -> Iterator[Row]:
    """The members at every point, in the order of the points.

    Parameters
    ----------
    scenario
        What is swept.
    concept
        A concept that takes a batch.
    paths, theta
        The varied parameters and their values.
    options
        Of the concept.
    """
    batch = _BATCHES.get(concept)
    settled = {} if batch is None else batch(scenario, _values(scenario, paths, theta), options)
    for point in range(theta.shape[1]):
        if point in settled:
            yield from _numbered(point, settled[point])
            continue
        here = scenario.with_values(dict(zip(paths, theta[:, point].tolist(), strict=True)))
        yield from _alone(here, concept, point, options)


def _values(
    scenario: Scenario, paths: tuple[str, ...], theta: FloatArray
) -> dict[str, FloatArray | float]:
    return {**scenario.values, **dict(zip(paths, theta, strict=True))}


def _alone(
    scenario: Scenario, concept: str, point: int, options: Mapping[str, Any]
) -> Iterator[Row]:
    try:
        (solution,) = solve(scenario, concept, **options)
    except SimError as error:
        yield {"point": point, "member": 0, "status": f"failed: {error}"}
        return
    yield from _numbered(point, [_row(member) for member in solution.equilibria], solution)


def _numbered(point: int, rows: list[Row], solution: Solution | None = None) -> Iterator[Row]:
    status = "proved to be all" if solution is None else solution.extent
    if not rows:
        yield {"point": point, "member": 0, "status": status}
    for k, row in enumerate(rows, start=1):
        yield {"point": point, "member": k, "status": status, **row}


def _row(member: Equilibrium) -> Row:
    """A member's numbers by column."""
    plays = {
        f"plays.{actor}.{label}": p
        for actor, mix in member.strategies.items()
        for label, p in mix.items()
    }
    payoffs = {f"payoff.{actor}": value for actor, value in member.payoffs.items()}
    words = member.outcome or member.agreement
    extra: Row = {} if member.regret is None else {"regret": member.regret}
    if words is not None:
        extra["outcome"] = words if isinstance(words, str) else _mixture(words)
    return {**plays, **payoffs, **extra}


def _mixture(mix: Mapping[str, float]) -> str:
    return ", ".join(f"{label} {p:.6g}" for label, p in mix.items())


def _pure(
    scenario: Scenario, values: Mapping[str, Any], options: Mapping[str, Any]
) -> dict[int, list[Row]]:
    from sim.games.files.strategic import strategic_games
    from sim.solutions.strategic.pure_nash import profile_regret, pure_nash_mask

    section = scenario.document.strategic
    if section is None:
        return {}
    game = strategic_games(section, values)
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


def _mixed(
    scenario: Scenario, values: Mapping[str, Any], options: Mapping[str, Any]
) -> dict[int, list[Row]]:
    from sim.games.files.strategic import strategic_games
    from sim.solutions.strategic.mixed_nash import mixed_nash_batch

    section = scenario.document.strategic
    if section is None or len(section.actors) != 2 or max(map(len, section.actors.values())) > 8:
        return {}
    game = strategic_games(section, values)
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


def _far_apart(payoffs: FloatArray) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """The games in which a difference is so small beside the spread that doubles may miss it."""
    flat = np.sort(payoffs.reshape(len(payoffs), -1, payoffs.shape[-1]), axis=1)
    steps = np.diff(flat, axis=1)
    least = np.where(steps > 0.0, steps, np.inf).min(axis=1, initial=np.inf)
    return np.asarray((steps.sum(axis=1) > WIDEST * least).any(axis=0))


def _in_order(rows: list[Row], game: Any) -> list[Row]:
    """Mixes that put more on earlier strategies first, as ``mixed_nash`` lists them."""
    columns = [
        f"plays.{actor}.{label}"
        for actor, menu in zip(game.actors, game.strategies, strict=True)
        for label in menu
    ]
    return sorted(rows, key=lambda row: [-row.get(column, 0.0) for column in columns])


def _stable(concept: str) -> Any:
    """The stable states of a conflict in which payoffs depend on parameters."""

    def batch(
        scenario: Scenario, values: Mapping[str, Any], options: Mapping[str, Any]
    ) -> dict[int, list[Row]]:
        from sim.games.conflict import from_section
        from sim.solutions import module_of

        section = scenario.document.conflict
        if section is None:
            return {}
        size = max(np.size(value) for value in values.values())
        conflict = from_section(section, values)
        stable = getattr(module_of(concept), f"{concept}_mask")(conflict.moves, conflict.ranks).all(
            axis=0
        )
        ranks = np.broadcast_to(conflict.ranks, (*conflict.ranks.shape[:2], size))
        stable = np.broadcast_to(stable, (len(conflict.states), size))
        return {
            point: [
                {
                    **{
                        f"payoff.{a}": float(ranks[i, s, point])
                        for i, a in enumerate(conflict.actors)
                    },
                    "outcome": conflict.states[s],
                }
                for s in map(int, np.flatnonzero(stable[:, point]))
            ]
            for point in range(size)
        }

    return batch


_BATCHES: dict[str, Any] = {
    "pure_nash": _pure,
    "mixed_nash": _mixed,
    **{name: _stable(name) for name in ("gmcr_nash", "gmr", "smr", "seq")},
}

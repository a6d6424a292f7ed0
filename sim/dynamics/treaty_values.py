"""What signing is worth: the bargaining game in a Markov world that a period game and a chain make.

Definition. A treaty that is signed in state ``s`` and kept is worth

    W_i(a, s) = once_i(a, s) + (1 - d_i) * sum over t of d_i^t * E[ flow_i(a, s_t) ],

third parties answering anew in every period. What is not a treaty lasts one period and is worth ``(1 - d_i)``
times its payoff. With discount factor 0 this is the static game.

Array convention. As in :mod:`sim.games.in_time.markov_bargaining`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.dynamics.period import PeriodGame, first_mover, signable
from sim.dynamics.world import World
from sim.errors import ScenarioError
from sim.games.in_time.markov_bargaining import MarkovBargaining
from sim.solutions.markov.perfect import discounted_sums


def bargaining_of(
    world: World,
    period: PeriodGame,
    transition: FloatArray,
    drawn: Mapping[str, FloatArray],
    *,
    discount: FloatArray | None = None,
    under: FloatArray | None = None,
) -> MarkovBargaining:
    """The game of a chunk of draws.

    Parameters
    ----------
    world, period, transition
        States, flows and chances to move.
    drawn
        Drawn parameters, ``(draws,)`` each: discount factors and chances to propose may read them.
    discount
        Discount factors, ``(principals, 1 or draws)``, instead of the file's.
    under
        Chances to move under a treaty, where they differ.
    """
    dispute = period.dispute
    principals = world.scenario.document.principals
    treaty = signable(dispute)
    factors = discounts(world, drawn) if discount is None else discount
    flow, once = period.flow, period.once
    rest = 1 - factors[:, None, None, :]
    arrangements = rest * (flow + once)[:, ~treaty]
    return MarkovBargaining(
        deals=_lifetime(flow[:, treaty], transition if under is None else under, factors)
        + once[:, treaty],
        open=period.required[treaty],
        interim=arrangements,
        interim_open=_first_open(period.required[~treaty]),
        recognition=proposers(world, drawn),
        transition=transition,
        discount=factors,
        scales=np.array([dispute.scales[actor] for actor in principals]),
    )


def undominated(game: MarkovBargaining) -> tuple[MarkovBargaining, IntArray]:
    """The game with only those deals that can ever be chosen, and which deal each of them is.

    Of two principals nobody ever chooses an open deal that another one beats for both; kept deals are moved
    to the front, state by state. Other games come back as they are.

    Returns
    -------
    game, which
        ``which`` has shape ``(kept, states, batch)``: numbers of deals of the whole game.
    """
    count = game.deals.shape[1]
    if game.principals != 2:
        every = np.arange(count)[:, None, None]
        return game, np.broadcast_to(every, (count, game.states, game.batch))
    one, two = np.where(game.open, game.deals, -np.inf)
    order = np.lexsort((-two, -one), axis=0)
    two = np.take_along_axis(two, order, axis=0)
    open_now = np.take_along_axis(game.open, order, axis=0)
    best = np.maximum.accumulate(two, axis=0)
    keep = open_now.copy()
    keep[1:] &= two[1:] > best[:-1]
    most = max(1, int(keep.sum(axis=0).max())) if count else 0
    rank = np.argsort(~keep, axis=0, kind="stable")[:most]
    which = np.take_along_axis(order, rank, axis=0)
    return (
        replace(
            game,
            deals=np.take_along_axis(game.deals, which[None], axis=1),
            open=np.take_along_axis(keep, rank, axis=0),
        ),
        which,
    )


def _first_open(table: BoolArray) -> BoolArray:
    out = table.copy()
    out[0] = True
    return out


def _lifetime(flow: FloatArray, transition: FloatArray, factors: FloatArray) -> FloatArray:
    """Average discounted flow over the states to come, ``(principals, treaties, states, draws)``."""
    return (1 - factors)[:, None, None] * discounted_sums(flow, transition, factors)


def discounts(world: World, drawn: Mapping[str, FloatArray]) -> FloatArray:
    """Discount factors of the principals, ``(principals, draws or 1)``.

    Those of a leader count a year only as far as it is still in office.
    """
    env, dynamics = _env(world, drawn), world.dynamics
    principals = world.scenario.document.principals
    values = [np.atleast_1d(dynamics.discount[actor].evaluate(env)) for actor in principals]
    if dynamics.horizon == "leader":
        for i, actor in enumerate(principals):
            if actor in dynamics.leaves:
                values[i] = values[i] * (1 - _leaving(world, actor, env, drawn))
    for actor, row in zip(principals, values, strict=True):
        wrong = row[~((row >= 0) & (row < 1))]
        if wrong.size:
            message = f"{wrong[0]:.6g} is not a discount factor; it must lie in [0, 1)"
            raise _refused(world, f"dynamics.discount.{actor}", message, drawn)
    return np.stack(np.broadcast_arrays(*values))


def _refused(
    world: World, path: str, message: str, drawn: Mapping[str, FloatArray]
) -> ScenarioError:
    """What is wrong with a formula at the file's own values or at a draw, at its place."""
    if drawn:
        message += (
            "; this is so at a draw, or at the file's values: narrow the ranges of what it reads"
        )
    return ScenarioError([world.scenario.problem(path, message)])


def _leaving(
    world: World, actor: str, env: Mapping[str, FloatArray], drawn: Mapping[str, FloatArray]
) -> FloatArray:
    """The chance that a leader goes in a period."""
    found = np.atleast_1d(world.dynamics.leaves[actor].evaluate(env))
    wrong = found[~((found >= 0) & (found <= 1))]
    if wrong.size:
        message = f"{wrong[0]:.6g} is not a probability; it lies in [0, 1]"
        raise _refused(world, f"dynamics.leaves.{actor}", message, drawn)
    return found


def proposers(world: World, drawn: Mapping[str, FloatArray]) -> FloatArray:
    """Chances to make the offer, ``(principals, states, draws or 1)``."""
    principals, rule = world.scenario.document.principals, world.dynamics.proposer
    states = len(world.states)
    rule = first_mover(world) if rule is None else rule
    if isinstance(rule, str):
        chances = np.array([[float(actor == rule)] for actor in principals])
    else:
        env = _env(world, drawn)
        parts = [
            np.atleast_1d(rule[actor].evaluate(env)) if actor in rule else np.zeros(1)
            for actor in principals
        ]
        chances = np.stack(np.broadcast_arrays(*parts))
    total = chances.sum(axis=0)
    off = (chances < 0).any(axis=0) | ~(np.abs(total - 1) <= RELATIVE)
    if off.any():
        shown = ", ".join(f"{x:.4g}" for x in chances[:, off][:, 0])
        message = f"chances to propose are {shown}: they add up to {total[off][0]:.6g}, not to 1"
        if chances[:, off][:, 0].min() < 0:
            message = f"chances to propose are {shown}: each is at least 0"
        raise _refused(world, "dynamics.proposer", message, drawn)
    return np.broadcast_to(chances[:, None], (len(principals), states, chances.shape[1]))


def _env(world: World, drawn: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    values = {path: np.asarray(v) for path, v in world.scenario.values.items()}
    return values | dict(drawn)

"""From which discount factor on a grim trigger sustains each outcome of a repeated game.

Definition. All play a profile as long as all have; after any deviation they play for ever the pure Nash
equilibrium of the stage that is worst for the one who deviated. An actor keeps to it when

    u_i(a) >= (1 - d) max over its other actions of u_i + d u_i(equilibrium),

so from ``d_i = (temptation - u_i(a)) / (temptation - u_i(equilibrium))`` on; the threshold of the profile is
the largest of these (Friedman 1971).

Array convention. Payoffs have shape ``(actors, *actions)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray
from sim.errors import NotDefinedError
from sim.games.in_time.stochastic import StochasticGame
from sim.results import Solution, StrategyProfile


def grim_trigger(game: StochasticGame) -> Solution:
    """The discount factor from which on reverting to a stage equilibrium sustains each profile.

    Returns
    -------
    Solution
        A member for each profile that some discount factor below 1 sustains, the lowest threshold first:
        its payoffs, and ``extra["from_discount"]``, ``extra["sustained"]`` at the file's own factors.

    Raises
    ------
    NotDefinedError
        If the game has several states, or no pure equilibrium of the stage to revert to.

    Notes
    -----
    Source: [friedman1971]_.

    Examples
    --------
    >>> game = StochasticGame.repeated([[3, 0], [5, 1]], [[3, 5], [0, 1]], 0.6)
    >>> [(m.strategies["row"], m.extra["from_discount"]) for m in grim_trigger(game).members]
    [({'2': 1.0}, 0.0), ({'1': 1.0}, 0.5)]
    """
    if len(game.states) > 1:
        raise NotDefinedError(
            f"grim_trigger is defined on repeated games; this one has {len(game.states)} states"
        )
    table = game.payoffs[0]
    actors = range(len(game.actors))
    slack = RELATIVE * game.scales
    tempting = np.stack(
        [np.broadcast_to(table[i].max(axis=i, keepdims=True), table[i].shape) for i in actors]
    )
    stage = [
        p
        for p in game.profiles(0)
        if all(table[(i, *p)] >= tempting[(i, *p)] - slack[i] for i in actors)
    ]
    if not stage:
        raise NotDefinedError("grim_trigger: the stage has no pure equilibrium to revert to")
    worst = np.array([min(table[(i, *p)] for p in stage) for i in actors])
    found = []
    for p in game.profiles(0):
        tempted = np.array([one[p] for one in tempting])
        from_discount = _threshold(game.pay(0, p), tempted, worst, slack)
        if from_discount < 1:
            found.append((from_discount, p))
    members = tuple(_member(game, p, d) for d, p in sorted(found))
    return Solution(
        concept="grim_trigger",
        members=members,
        exhaustive=True,
        note="pure profiles played in every period; other punishments may sustain more (payoff_set)",
    )


def _threshold(
    now: FloatArray, tempting: FloatArray, worst: FloatArray, slack: FloatArray
) -> float:
    """The least discount factor at which nobody gains by deviating; 1 where there is none below."""
    gain, loss = tempting - now, tempting - worst
    if (now < worst - slack).any():
        return 1.0
    need = np.where(gain > slack, gain / np.where(loss > slack, loss, 1.0), 0.0)
    return float(min(need.max(), 1.0))


def _member(game: StochasticGame, place: tuple[int, ...], threshold: float) -> StrategyProfile:
    table = game.payoffs[0]
    return StrategyProfile(
        payoffs={actor: float(table[(i, *place)]) for i, actor in enumerate(game.actors)},
        strategies={
            actor: {game.actions[0][i][place[i]]: 1.0} for i, actor in enumerate(game.actors)
        },
        extra={
            "from_discount": threshold,
            "sustained": bool((game.discount >= threshold - RELATIVE).all()),
        },
    )

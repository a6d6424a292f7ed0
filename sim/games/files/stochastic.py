"""From the ``stochastic`` section of a file to a stochastic game, and to the table that sgamesolver reads."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np

from sim.expressions import Expression
from sim.games.files.finite import finite
from sim.games.in_time.stochastic import StochasticGame
from sim.scenario.sections.stochastic import StochasticSection

NOTHING = "-"
"""The action of an actor that has nothing to choose."""


def stochastic_game(
    section: StochasticSection, values: Mapping[str, float] | None = None, *, title: str = ""
) -> StochasticGame:
    """The game that a ``stochastic`` section of a file describes.

    Raises
    ------
    UsageError
        If a number is not finite, chances do not add up to 1, or a discount factor is not in [0, 1).

    Examples
    --------
    >>> section = StochasticSection.model_validate({
    ...     "actors": ["a"], "discount": 0.5,
    ...     "states": {"s": {"actions": {"a": ["x"]}, "outcomes": {"x": {"payoffs": {"a": 2}}}}}})
    >>> stochastic_game(section).payoffs[0]
    array([[2.]])
    """
    known, actors, names = values or {}, section.actors, tuple(section.states)
    actions, payoffs, moves = [], [], []
    for name, state in section.states.items():
        menus = [state.actions.get(actor, (NOTHING,)) for actor in actors]
        shape = tuple(map(len, menus))
        pay, chance = np.zeros((len(actors), *shape)), np.zeros((*shape, len(names)))
        for place in product(*map(range, shape)):
            chosen = {a: menu[k] for a, menu, k in zip(actors, menus, place, strict=True)}
            key = ", ".join(chosen[actor] for actor in state.actions)
            outcome = state.outcomes[key]
            path = f"stochastic.states.{name}.outcomes.{key}"
            for i, actor in enumerate(actors):
                if actor in outcome.payoffs:
                    pay[i][place] = _number(outcome.payoffs[actor], known, f"{path}.{actor}")
            for other, formula in outcome.then.items():
                chance[place][names.index(other)] = _number(formula, known, f"{path}.then.{other}")
            if not outcome.then:
                chance[place][names.index(name)] = 1.0
        actions.append(tuple(menus))
        payoffs.append(pay)
        moves.append(chance)
    given = section.discount
    factors = [given[a] if isinstance(given, Mapping) else given for a in actors]
    return StochasticGame(
        actors=actors,
        states=names,
        actions=tuple(actions),
        payoffs=tuple(payoffs),
        moves=tuple(moves),
        discount=np.array([_number(f, known, "stochastic.discount") for f in factors]),
        start=0 if section.start is None else names.index(section.start),
        title=title,
    )


def _number(formula: Expression, values: Mapping[str, float], path: str) -> float:
    return float(finite(formula, values, path))


def sgamesolver_table(game: StochasticGame) -> list[dict[str, Any]]:
    """One row a state and profile, as ``sgamesolver.SGame.from_table`` reads them.

    Columns ``state``, ``a_ACTOR``, ``u_ACTOR`` and ``phi_STATE``; the first row holds the discount factors.
    Payoffs there are added up, not averaged: its values are ours divided by ``1 - discount``.

    Examples
    --------
    >>> rows = sgamesolver_table(StochasticGame.repeated([[1.0]], [[2.0]], 0.5))
    >>> rows[0], rows[1]["u_column"]
    ({'state': 'delta', 'u_row': 0.5, 'u_column': 0.5}, 2.0)
    """
    head: dict[str, Any] = {"state": "delta"}
    head |= {f"u_{a}": float(d) for a, d in zip(game.actors, game.discount, strict=True)}
    rows = [head]
    for s, state in enumerate(game.states):
        for place in game.profiles(s):
            row: dict[str, Any] = {"state": state}
            for i, actor in enumerate(game.actors):
                row[f"a_{actor}"] = game.actions[s][i][place[i]]
            for i, actor in enumerate(game.actors):
                row[f"u_{actor}"] = float(game.payoffs[s][i][place])
            for t, other in enumerate(game.states):
                row[f"phi_{other}"] = float(game.moves[s][place][t])
            rows.append(row)
    return rows

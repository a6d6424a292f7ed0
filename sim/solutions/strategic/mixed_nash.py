r"""Nash equilibria in mixed strategies of games in strategic form.

Definition. Mixed strategies ``x_i`` form an equilibrium when every strategy that ``x_i`` uses pays
actor ``i`` the most it can get against the others' mixes (Nash 1951).

Two actors: all extreme equilibria, by exact enumeration of the vertices of both best-response
polytopes (:mod:`sim.solutions.strategic.mixed.vertices`). They span the set of equilibria, ties or not:
within a maximal Nash subset every mixture of extreme equilibria is an equilibrium.

Two actors with up to three strategies: the same by :mod:`sim.solutions.strategic.mixed.closed_solution`.

Two actors whose interests are opposed (constant sum): their value and an optimal pair, exactly and up
to hundreds of strategies (:mod:`sim.solutions.strategic.mixed.zero_sum`); extreme equilibria where there are
few.

More actors: support by support, with all roots of the indifference equations isolated by
subdivision (:mod:`sim.solutions.strategic.mixed.many_actors`). Where a system of equations is singular, on a
continuum of equilibria or at a degenerate one, the result is partial and says so.

Many two-actor games at once, for sweeps: :func:`mixed_nash_batch`
(:mod:`sim.solutions.strategic.mixed.batch`).

Array convention. One game, ``payoffs`` of shape ``(actors, *moves, 1)``; a mix is a vector of
probabilities over an actor's menu.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from sim._kernels.tolerance import AnyArray, IntArray
from sim.games.strategic import StrategicGame
from sim.results import Solution
from sim.solutions.options import Option
from sim.solutions.strategic._exact_payoffs import exact_payoffs, whole_array
from sim.solutions.strategic.mixed.batch import MixedEquilibria, mixed_nash_batch
from sim.solutions.strategic.mixed.closed_solution import closed_solution, has_closed_form
from sim.solutions.strategic.mixed.components import components, in_words
from sim.solutions.strategic.mixed.dominance import restrict, undominated
from sim.solutions.strategic.mixed.lemke_howson import lemke_howson
from sim.solutions.strategic.mixed.many_solution import many_actor_solution
from sim.solutions.strategic.mixed.members import counted, embedded, exact_member
from sim.solutions.strategic.mixed.nashpy_check import second_opinion
from sim.solutions.strategic.mixed.vertices import Extremes, limit_words, two_actor_extreme
from sim.solutions.strategic.mixed.zero_sum import (
    constant_sum_solution,
    has_constant_sum,
    value_words,
)

MOST_ENUMERATED, MOST_TRIED = 12, 30
"""Strategies of an actor up to which games of constant sum are enumerated first, or at all."""
MOST_BASES = 20
"""Bases of a polytope of a game of three by three: within any larger limit on vertices."""
OPTIONS = (
    Option(
        name="vertex_limit",
        kind="integer",
        default=20_000,
        low=1,
        high=10_000_000,
        meaning=(
            "Two actors: the most vertices visited on either best-response polytope, fewer in "
            "proportion where one costs more; 20 times as many where floats can find them."
        ),
    ),
    Option(
        name="cell_limit",
        kind="integer",
        default=400_000,
        low=1,
        high=100_000_000,
        meaning="More actors: the most cells of mixed strategies examined.",
    ),
    Option(
        name="check",
        kind="flag",
        default=False,
        meaning="Two actors, up to 6 by 6: whether the note says what nashpy finds.",
    ),
)

__all__ = ["MixedEquilibria", "mixed_nash", "mixed_nash_batch"]


def mixed_nash(
    game: StrategicGame,
    *,
    vertex_limit: int = 20_000,
    cell_limit: int = 400_000,
    check: bool = False,
) -> Solution:
    """All extreme equilibria of a two-actor game; all isolated equilibria of one with more actors.

    Parameters
    ----------
    game
        A batch of one. Payoffs known only as floats are taken at their exact binary value, after
        gaps that are rounding (1e-12 of the actor's spread) have been closed.
    vertex_limit
        Two actors: the most vertices visited on either best-response polytope.
    cell_limit
        More actors: the most cells of mixed strategies examined.
    check
        Two actors, up to 6 by 6: let the note say what nashpy's vertex enumeration finds.

    Returns
    -------
    Solution
        Members are sorted, mixes on earlier strategies first. Two actors: ``extra`` holds the
        number of the connected ``component``, its ``dimension`` and, for exact payoffs, the
        ``exact`` probabilities. More actors: whether the equilibrium is ``regular`` (isolated, and
        every unused strategy strictly worse) and whether it is the ``representative`` of a singular
        support. Beyond a limit the status is ``limit reached``; pure equilibria, or else one mixed
        equilibrium, are still given.

    Notes
    -----
    Actors with one strategy left after iterated strict dominance do not count. Source: [nash1951]_,
    [avis2010]_, [porter2008]_, [neumaier1990]_.

    Examples
    --------
    >>> chicken = StrategicGame.from_bimatrix([[0, -1], [1, -9]], [[0, 1], [-1, -9]])
    >>> mixed_nash(chicken).note
    '3 extreme equilibria in 3 components, 0 of positive dimension'
    >>> unanimity = [[[1, 0], [0, 0]], [[0, 0], [0, 1]]]
    >>> mixed_nash(StrategicGame.from_tables([unanimity] * 3)).note
    '3 equilibria, all regular'
    """
    parameters = {"vertex_limit": vertex_limit, "cell_limit": cell_limit, "check": check}
    if has_closed_form(game) and vertex_limit >= MOST_BASES and not check:
        return closed_solution(game, parameters)
    return _searched(game, parameters)


def _searched(game: StrategicGame, parameters: dict[str, Any]) -> Solution:
    """By walks over vertices or supports, of a game of any size."""
    if len(game.actors) > 2:
        whole = whole_array(game)
        menus = undominated(whole)
        if sum(len(menu) > 1 for menu in menus) > 2:
            return many_actor_solution(game, whole, menus, parameters)
        return _two_actor_solution(game, exact_payoffs(game), menus, parameters)
    exact = exact_payoffs(game)
    opposed = len(game.actors) == 2 and has_constant_sum(exact)
    if opposed and max(game.shape) > MOST_ENUMERATED:
        found = constant_sum_solution(game, exact, parameters)
        if found is not None and (found.exhaustive or max(game.shape) > MOST_TRIED):
            return found
    solution = _two_actor_solution(game, exact, undominated(exact), parameters)
    if opposed:
        words = value_words(solution.equilibria[0].payoffs)
        solution = replace(solution, note=f"{words}; {solution.note}")
    return solution


def _two_actor_solution(
    game: StrategicGame, exact: AnyArray, menus: tuple[IntArray, ...], parameters: dict[str, Any]
) -> Solution:
    pair, bimatrix = _as_bimatrix(restrict(exact, menus))
    found = two_actor_extreme(bimatrix, vertex_limit=parameters["vertex_limit"])
    pairs = found.pairs if found.complete else _some_equilibria(bimatrix, found)
    groups = components(pairs)
    places = {k: (number, c) for number, c in enumerate(groups, 1) for k in c.members}
    members = []
    for k, mixes in enumerate(pairs):
        number, component = places[k]
        extra = {"component": number, "dimension": component.dimension}
        members.append(exact_member(game, exact, embedded(game, menus, pair, mixes), extra))
    note = in_words(len(pairs), groups)
    if parameters["check"]:
        note += f"; {second_opinion(bimatrix, pairs)}"
    if not found.complete:
        m, n = bimatrix.shape[1:]
        note = (
            f"{counted(len(pairs), 'equilibrium', 'equilibria')} found, perhaps not all: the "
            f"{m} by {n} game exceeds the work limit "
            f"({limit_words(m, n, parameters['vertex_limit'])}); "
            "raise vertex_limit or merge strategies"
        )
    return Solution(
        concept="mixed_nash",
        members=tuple(members),
        status="complete" if found.complete else "limit reached",
        exhaustive=found.complete,
        parameters=parameters,
        note=note,
    )


def _as_bimatrix(exact: AnyArray) -> tuple[list[int], AnyArray]:
    """The at most two actors that still have a choice, and their payoffs, shape ``(2, m, n)``."""
    order = sorted(range(exact.shape[0]), key=lambda actor: (exact.shape[actor + 1] == 1, actor))
    pair = sorted(order[:2])
    sizes = [exact.shape[actor + 1] for actor in pair]
    if len(pair) == 1:
        return pair, np.stack([exact[0][:, None]] * 2)
    return pair, exact[pair].reshape(2, *sizes)


def _some_equilibria(bimatrix: AnyArray, found: Extremes) -> tuple[Any, ...]:
    """What is still certain when the enumeration was cut short: pure equilibria and one more."""
    row, column = bimatrix
    pure = (row == row.max(axis=0)) & (column == column.max(axis=1)[:, None])
    corners = {
        tuple(
            tuple(Fraction(int(k == chosen)) for k in range(size))
            for chosen, size in zip(profile, row.shape, strict=True)
        )
        for profile in np.argwhere(pure)
    }
    more = () if corners or found.pairs else lemke_howson(bimatrix)
    return tuple(sorted({*found.pairs, *corners, *more}, reverse=True))

"""A dispute with side payments as a coalitional game among its principals.

Definition. A treaty needs every principal, so a coalition of some of them secures the status quo:
``v(S)`` is the sum of what its members have there. All together sign the agreement of the largest sum of
payoffs among those that every constraint lets through, or leave the status quo in place, and divide that
sum by paying each other: ``v(N)``. It is defined where payoffs of different actors add up, which a file says
with ``side_payments: true``.

Array convention. Values are indexed by bitmask, as in :mod:`sim.games.coalitional`.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from sim._kernels.exact_numbers import as_written
from sim.errors import NotDefinedError
from sim.feasibility.bridges.bargaining import signable
from sim.games.coalitional import CoalitionalGame
from sim.scenario import Scenario


def coalitions_of(scenario: Scenario) -> CoalitionalGame:
    """The coalitional game of a dispute with side payments, at its current values.

    Raises
    ------
    NotDefinedError
        If the file does not allow side payments.
    """
    document = scenario.document
    if not document.side_payments:
        raise NotDefinedError(
            f"{scenario.origin} is not a coalitional game: payoffs of different actors add up only where "
            "they can pay each other; say so with 'side_payments: true'"
        )
    found = signable(scenario)
    alone = [as_written(float(u)) for u in found.payoffs[:, 0]]
    values = np.full(2 ** len(alone), Fraction(0), dtype=object)
    for i, share in enumerate(alone):
        values.reshape(-1, 2, 1 << i)[:, 1] += share
    totals = [sum(map(as_written, map(float, column)), Fraction(0)) for column in found.payoffs.T]
    values[-1] = max(totals)
    return CoalitionalGame(players=document.principals, exact=values, title=scenario.title)

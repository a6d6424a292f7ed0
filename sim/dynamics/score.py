"""How a forecast from the past did: the chance that it had given to what came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, log

from sim.scenario.sections.dynamics import Came


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How a forecast did against what came.

    Parameters
    ----------
    happened
        Whether a treaty was signed.
    given, base
        The chance that the forecast, and the reference class, gave to what came: no treaty in all those
        years, or one in that very year.
    log, base_log
        Their log scores, ``-ln`` of these chances; lower is better.
    """

    happened: bool
    given: float
    base: float
    log: float
    base_log: float


def score_of(
    came: Came, inside: Mapping[int, float], outside: Mapping[int, float], first: int
) -> Score:
    """The score of chances by year, beside those of a reference class; ``first`` is the first year."""
    mine, base = (_given(came, by, first) for by in (inside, outside))
    return Score(
        happened=came.treaty is not None,
        given=mine,
        base=base,
        log=-log(mine) if mine > 0 else inf,
        base_log=-log(base) if base > 0 else inf,
    )


def _given(came: Came, by: Mapping[int, float], first: int) -> float:
    """The chance that was given to what came."""
    if came.treaty is None:
        return 1 - by[came.until]
    return by[came.treaty] - (by[came.treaty - 1] if came.treaty > first else 0.0)

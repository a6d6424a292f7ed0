"""What waiting is worth against each deal, in a state of the world.

Definition. In a state a principal that is offered a deal compares the worth of signing it with that of
refusing: what the period brings without it, and the continuation. The difference, in units of the
principal's payoff spread, is its gain of signing now; below 0 it waits.

Array convention. ``gains`` has shape ``(principals, deals, draws)``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.dynamics.outcome import AtDraws
from sim.dynamics.period import signable
from sim.dynamics.record import Forecast
from sim.errors import UsageError
from sim.labels import NO_LABELS, Labels
from sim.solutions.markov.perfect import continuation

DRAWS, DEALS = 256, 8
"""Draws that are looked at, and deals that are told: those that most draws could sign."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Waiting:
    """The worth of signing less that of waiting, deal by deal.

    Parameters
    ----------
    title, state
        Of the scenario, and the state that is looked at.
    principals, deals
        Who compares what.
    gains
        In payoff spreads, ``(principals, deals, draws)``.
    open
        In which share of the draws a deal could enter into force there, ``(deals,)``.
    signs
        In which share of the draws something is signed there.
    """

    title: str
    state: str
    principals: tuple[str, ...]
    deals: tuple[str, ...]
    gains: FloatArray
    open: FloatArray
    signs: float
    labelled: Labels = field(default=NO_LABELS, repr=False)


def waiting_of(
    found: Forecast, state: Mapping[str, str] | None = None, *, draws: int = DRAWS
) -> Waiting:
    """What waiting is worth in a state; by default in the one that most draws have as a window.

    Parameters
    ----------
    found
        A forecast.
    state
        Levels of the world, those of the start where absent.
    draws
        How many of its draws.

    Raises
    ------
    UsageError
        If the forecast has no model, or a factor or level is unknown.
    """
    model = found.model
    if model is None or found.answered is None or found.played is None:
        raise UsageError("a forecast without its model says nothing of waiting; make it again")
    world, some = model.world, found.answered[:draws]
    if state is not None:
        number = world.number(state)
    else:
        number = world.labels.index(found.windows[0].state) if found.windows else model.start
    parts = [some[k : k + model.chunk] for k in range(0, len(some), model.chunk)]
    rows = zip(*(_of(found.played, part, number) for part in parts), strict=True)
    table, possible, signs = (np.concatenate(row, axis=-1) for row in rows)
    least = np.where(possible, table.min(axis=0), -np.inf)
    best = np.lexsort((-possible.mean(axis=1), -(least >= 0).mean(axis=1)))[:DEALS]
    dispute = model.compiler.problem.dispute
    treaties = np.flatnonzero(signable(dispute))
    return Waiting(
        title=found.title,
        labelled=found.labelled,
        state=world.labels[number],
        principals=world.scenario.document.principals,
        deals=tuple(dispute.space.label(int(treaties[k])) for k in best),
        gains=table[:, best],
        open=possible[best].mean(axis=1),
        signs=float(signs.mean()),
    )


def _of(
    played: Callable[[IntArray], AtDraws], part: IntArray, number: int
) -> tuple[FloatArray, BoolArray, FloatArray]:
    """Gains of signing, what could enter into force, and chances to sign, at some draws in a state."""
    found = played(part)
    game = found.game()
    wait = (game.refuse + continuation(game, found.values))[:, None, number]
    gains = (game.deals[:, :, number] - wait) / game.scales[:, None, None]
    chance = np.broadcast_to(found.signed_at(0), (game.states, len(part)))[number]
    return gains, np.broadcast_to(game.open[:, number], gains.shape[1:]), chance

"""The states of the world in which a treaty is signed, over the draws of a forecast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.dynamics.over_draws.totals import Totals
from sim.dynamics.period import signable
from sim.dynamics.world import World
from sim.payoffs import Dispute


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Window:
    """A state in which a treaty is signed in some draw.

    Parameters
    ----------
    state
        In words.
    draws
        Share of draws in which it is signed there.
    deal
        What is signed most often.
    years
        Expected years spent there before a treaty, where it is one.
    """

    state: str
    draws: float
    deal: str
    years: float


def windows_of(world: World, dispute: Dispute, totals: Totals) -> tuple[Window, ...]:
    """The states in which a treaty is signed, the one that is signed in most draws first."""
    treaties = np.flatnonzero(signable(dispute))
    years = world.dynamics.period.years
    draws, spent = np.asarray(totals.open), np.asarray(totals.spent)
    found = []
    for s in sorted(totals.deals):
        most = totals.most(s)
        words = dispute.space.label(int(treaties[most])) if most >= 0 else ""
        share, spell = float(draws[s] / totals.draws), float(spent[s] / draws[s]) * years
        found.append(Window(state=world.labels[s], draws=share, deal=words, years=spell))
    return tuple(sorted(found, key=lambda w: -w.draws))

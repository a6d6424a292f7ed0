"""Sums over the draws of a forecast, taken chunk by chunk: means, windows, obstacles.

Definition. Everything that is reported as a mean or a share is a sum over the draws that have an answer,
divided by their number; a chunk is added and let go. Only whether a draw has an answer and a window is kept
of each: nine bytes.

Array convention. Sums by period have shape ``(periods,)``, by state ``(states,)``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.dynamics.draws import Chunk
from sim.dynamics.over_draws.by_draw import NAMES

SEEN = 1e-12
"""Chances and spells below this are what rounding leaves of none."""
SHARES = ("settled", "closed", "tied", "several")
"""What is told as a share of the draws."""


@dataclass(slots=True, kw_only=True, eq=False)
class Totals:
    """Sums over the chunks that were added.

    Parameters
    ----------
    size, draws
        How many draws were added, and how many of them have an answer.
    by_period
        Sums of every quantity of :mod:`sim.dynamics.over_draws.by_draw`.
    given
        Sums of the chance by period over the draws that have a window.
    counts
        In how many draws something holds (``SHARES``).
    bounded
        Whether bounds were computed in all draws.
    blocked
        Weight of each obstacle by period.
    signs, static, seen
        By state: chances to sign, in equilibrium and in the static game; and whether play comes there.
    open, spent, deals
        By state: in how many draws it is a window; periods spent there in these; how often which treaty is
        signed in them.
    """

    size: int = 0
    draws: int = 0
    by_period: dict[str, FloatArray | float] = field(
        default_factory=lambda: dict.fromkeys(NAMES, 0.0)
    )
    given: FloatArray | float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    bounded: bool = True
    blocked: FloatArray | float = 0.0
    signs: FloatArray | float = 0.0
    static: FloatArray | float = 0.0
    seen: BoolArray | bool = False
    open: IntArray | int = 0
    spent: FloatArray | float = 0.0
    deals: dict[int, Counter[int]] = field(default_factory=dict)
    _answered: list[IntArray] = field(default_factory=list)
    _window: list[BoolArray] = field(default_factory=list)

    def add(self, chunk: Chunk) -> None:
        """Add a chunk."""
        fine = chunk.answered
        self._answered.append(self.size + np.flatnonzero(fine))
        self._window.append(chunk.by[-1, fine] > SEEN)
        self.given = self.given + _sums(chunk.by, fine & (chunk.by[-1] > SEEN))
        self.size += fine.size
        self.draws += int(fine.sum())
        self.bounded = self.bounded and bool(chunk.bounded.all())
        self.blocked = self.blocked + chunk.blocked
        for name in NAMES:
            self.by_period[name] = self.by_period[name] + _sums(getattr(chunk, name), fine)
        for name in SHARES:
            told = getattr(chunk, name)[fine]
            self.counts[name] += int((told > 1).sum() if name == "several" else told.sum())
        self._add_states(chunk, fine)

    def _add_states(self, chunk: Chunk, fine: BoolArray) -> None:
        """Add what is told by state."""
        self.signs = self.signs + _sums(chunk.window, fine)
        self.static = self.static + _sums(chunk.still, fine)
        self.seen = np.asarray(self.seen | (chunk.spent[:, fine] > SEEN).any(axis=1))
        here = fine & (chunk.window > 0) & (chunk.spent > SEEN)
        self.open = self.open + here.sum(axis=1)
        self.spent = self.spent + np.where(here, chunk.spent, 0.0).sum(axis=1)
        for s in np.flatnonzero(here.any(axis=1)):
            deals, counts = np.unique(chunk.deal[s, here[s]], return_counts=True)
            told = self.deals.setdefault(int(s), Counter())
            told.update(dict(zip(deals.tolist(), counts.tolist(), strict=True)))

    @property
    def answered(self) -> IntArray:
        """Numbers of the draws that have an answer."""
        return np.concatenate(self._answered)

    @property
    def window(self) -> BoolArray:
        """Whether they have a window, ``(draws,)``."""
        return np.concatenate(self._window)

    def means(self) -> dict[str, FloatArray]:
        """Means of every quantity by period."""
        return {name: np.asarray(total / self.draws) for name, total in self.by_period.items()}

    def means_given_a_window(self) -> FloatArray:
        """Mean chance by period over the draws that have a window; nan where none has."""
        windows = int(self.window.sum())
        return np.asarray(self.given / windows if windows else self.given * np.nan)

    def share(self, name: str) -> float:
        """In which share of the draws something holds."""
        return self.counts[name] / self.draws

    def most(self, state: int) -> int:
        """The treaty that most draws sign in a window; of equals the first."""
        told = self.deals[state]
        return min(told, key=lambda deal: (-told[deal], deal))


def _sums(part: FloatArray, fine: BoolArray) -> FloatArray:
    """Sums by row over some draws, each row summed as it would be alone."""
    return np.asarray(np.ascontiguousarray(part[:, fine]).sum(axis=1))

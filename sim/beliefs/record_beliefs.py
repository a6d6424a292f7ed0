"""Beliefs from a record, as a record that can be printed: the weighted draws and what they say.

Definition. :mod:`sim.beliefs.weighted_draws` has the draws and their weights, :mod:`sim.beliefs.learned`
what the record moves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim._kernels.shown import Part, Shown
from sim.beliefs.belief_parts import belief_data, belief_parts
from sim.beliefs.weighted_draws import WeightedDraws


@dataclass(frozen=True, kw_only=True, eq=False)
class Beliefs(WeightedDraws, Shown):
    """Draws of assumed parameters that fit a record, as :func:`sim.calibrate` gives them."""

    def __repr__(self) -> str:
        return f"<Beliefs: {self.points.shape[1]} draws, {len(self.episodes)} episodes>"

    def parts(self) -> Iterator[Part]:
        """What ``sim calibrate`` prints of them."""
        return belief_parts(self)

    def to_dict(self) -> dict[str, Any]:
        """What they say as plain data for JSON, without the draws."""
        return belief_data(self)

"""Which terms of an actor's payoff speak for and against a treaty.

Definition. The gain of a treaty is the sum of what each payoff term changes against the status quo. So
where the gain is at most ``-gap`` everywhere, the terms that lower it together exceed those that raise it
by at least ``gap`` everywhere, however the terms are parted. They are parted by their signs in the middle
of the box; the largest are named, the others counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.certified.ladder.parts import Parts
from sim.payoffs.quantities import fold

NAMED = 3
"""Terms that a reason names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Names of the terms that speak against a treaty and of those for it, the largest first."""

    against: tuple[str, ...]
    favour: tuple[str, ...]

    def sentence(self) -> str:
        """Both sides in words."""
        if not self.against:
            return f"{_listed(self.favour)} gives too little"
        if not self.favour:
            return f"{_listed(self.against)} speaks against it and nothing for it"
        verb = "exceeds" if len(self.against) == 1 else "exceed"
        return f"{_listed(self.against)} {verb} {_listed(self.favour)}"


def _listed(names: Sequence[str]) -> str:
    """The first names and the number of others.

    Examples
    --------
    >>> _listed(["a", "b", "c", "d", "e"])
    'a + b + c + 2 more terms'
    """
    rest = len(names) - NAMED
    if rest <= 0:
        return " + ".join(names)
    return " + ".join([*names[:NAMED], f"{rest} more term{'s' if rest > 1 else ''}"])


def terms_of(parts: Parts, actor: str, cell: int, base: int, point: FloatArray) -> Terms:
    """The terms behind an actor's gain at a cell against the status quo under base stances, at a point."""
    dispute = parts.dispute
    theta = point[:, None]
    env = dispute.frame.env(theta)
    changes: dict[str, float] = {}
    for term in dispute.terms_of[actor]:
        value = fold([term], dispute.frame, term.path).evaluate(theta, env)
        table = np.broadcast_to(value, (*dispute.shape, 1))[..., 0]
        name = term.path.split(".", 2)[2]
        change = table[parts.agreement[cell], parts.profile[cell]] - table[0, base]
        changes[name] = changes.get(name, 0.0) + float(change)
    order = sorted(changes, key=lambda name: -abs(changes[name]))
    return Terms(
        against=tuple(name for name in order if changes[name] < 0),
        favour=tuple(name for name in order if changes[name] > 0),
    )

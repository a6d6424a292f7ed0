"""What can be claimed of a scenario, in one record that is read from a text once.

A claim has a *kind* (a treaty is feasible, an outcome is an equilibrium, the core is not empty), mostly a
*subject* (an agreement, a profile, a coalition, a voter) and sometimes a *bound* (a power of at least 1/3).
Which kinds there are depends on the form of the file: :mod:`sim.claims.kinds` is the visible table.
"""

from __future__ import annotations

from sim.claims.claim import Claim, read_claim
from sim.claims.kinds import EVERY, KINDS, MARGIN, RUN, SOME, STABLE, Kind

__all__ = ["EVERY", "KINDS", "MARGIN", "RUN", "SOME", "STABLE", "Claim", "Kind", "read_claim"]

"""How linear programs in doubles are asked of HiGHS: feasible and optimal as sharply as it can be told."""

from __future__ import annotations

SHARP: dict[str, float] = {
    "primal_feasibility_tolerance": 1e-10,
    "dual_feasibility_tolerance": 1e-10,
}
"""Options of ``scipy.optimize.linprog``: the least tolerances that HiGHS allows."""

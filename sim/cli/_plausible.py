"""What a sweep's summary says of the plausible box: the declared ranges of what a grid varies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.sweeps import Run


def summary_of(run: Run) -> dict[str, Any]:
    """Shares of the points, and of the plausible box where a grid has one."""
    from sim.sweeps.plausible import plausible_share

    found = plausible_share(run)
    return run.summary() | ({} if found is None else {"plausible": asdict(found)})


def plausible_words(found: Mapping[str, float], parameters: int) -> str:
    """The share of the plausible box in a sentence."""
    whose = "parameter's range" if parameters == 1 else "parameters' ranges"
    part = f", of which the grid covers {found['covered']:.0%}" if found["covered"] < 0.995 else ""
    edge = f", on the knife-edge at {found['knife_edge']:.1%}" if found["knife_edge"] else ""
    return (
        f"over the plausible values alone (the {whose} in the file{part}): feasible at "
        f"{found['feasible']:.1%}{edge}"
    )

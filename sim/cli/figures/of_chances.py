"""``sim plot ... --of forecast:YEAR``: figures of the chance of a treaty by a year."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.cli.shared.forecast_asked import same_year, sampled
from sim.cli.shared.varying import read_ranges
from sim.errors import UsageError

MAPS = ("chance_map", "landscape")
"""Figures that are the map of chances where ``--of`` is given."""
COLUMNED, TARGETED = ("sensitivity", "tornado"), ("discovery", "cart")
"""Figures of a run that explain a column, and that tell some points from the others."""
DRAWS = 64
"""Draws of all other numbers where the user says nothing."""


def figure_of(kind: str, source: Any, of: str | None, options: dict[str, Any]) -> str:
    """The figure that is meant, where a chance by a year is asked for; its options are filled in.

    Raises
    ------
    UsageError
        If that figure shows no such chance.
    """
    from sim.sweeps import open_run

    if of is None:
        return kind
    if kind in MAPS:
        options["of"] = of
        return "chance_map"
    if kind not in (*COLUMNED, *TARGETED) or not isinstance(source, str | Path):
        legal = ", ".join((*MAPS, *COLUMNED, *TARGETED))
        raise UsageError(f"figure '{kind}' has no --of; with it: {legal}")
    level = same_year(open_run(source), of)
    if kind in COLUMNED:
        options["column"] = options["column"] or "forecast"
    else:
        options["target"] = options["target"] or f"forecast>={level:g}"
    return kind


def chances_over(
    scenario: Any, axes: dict[str, Any], options: dict[str, Any]
) -> tuple[Any, dict[str, Any]]:
    """The chance over the two parameters on the axes, each ``PATH`` or ``PATH=LO:HI``, and which is which.

    Raises
    ------
    UsageError
        If a parameter or the year is missing.
    """
    of = options.pop("of", None)
    if of is None or len(axes) != 2:
        raise UsageError(
            "figure 'chance_map' of a file needs two parameters and a year: "
            "--x PATH=LO:HI --y PATH=LO:HI --of forecast:YEAR"
        )
    ranges = read_ranges([axes["x"], axes["y"]])
    across, up = ranges
    draws = options.pop("draws", DRAWS)
    beliefs = options.pop("beliefs", None)
    known = None
    if beliefs is not None:
        from sim.cli.shared.believed import opened

        known = opened(beliefs, force=False)
    found = sampled(scenario, ranges, of, draws=draws, beliefs=known)
    return found, {"x": across, "y": up}

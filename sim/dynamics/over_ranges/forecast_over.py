"""Where over one or two numbers a treaty by a year is as likely as a level: sampled, and called so.

Definition. The chance of a treaty by the end of a year is asked at the corners of a lattice over the ranges
of one or two parameters, as the mean over draws of all others
(:mod:`sim.dynamics.over_ranges.mean_chance`). The lattice is refined beside where the mean crosses the level
(:mod:`sim.dynamics.over_ranges.lattice`). A cell is *above* or *below* where all its corners are; *crossed*
otherwise; and *within the error* where the level lies within two standard errors of the mean at one of its
corners: other draws might say otherwise there.

What a state signs jumps as numbers move, so no bound on the chance between two points is known: nothing here
is proved. For every single draw ``sim forecast`` says in how many of them the equilibrium is certified.

Array convention. ``chance`` has one axis per parameter, in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import ceil, log2

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray
from sim.beliefs import Beliefs
from sim.dynamics.over_ranges.lattice import refined
from sim.dynamics.over_ranges.mean_chance import MeanChance, mean_chance
from sim.dynamics.over_ranges.record import ForecastOver
from sim.dynamics.over_ranges.swept import asked
from sim.dynamics.world import world_of
from sim.errors import UsageError
from sim.scenario import Scenario

CELLS = {1: 16, 2: 8}
"""Cells of the coarse grid along each axis, by how many parameters are varied."""
TOLERANCE = {1: 1 / 512, 2: 1 / 32}
"""Width of the finest cells as a share of the range, by how many parameters are varied."""
FINEST = 12
"""Halvings at most."""
Told = Callable[[int], object]


def forecast_over(
    scenario: Scenario,
    *,
    vary: Mapping[str, Sequence[float] | None],
    of: str,
    draws: int = 64,
    seed: int = 0,
    tolerance: float | None = None,
    beliefs: Beliefs | None = None,
    told: Told | None = None,
) -> ForecastOver:
    """Where over one or two parameters a treaty by a year is as likely as a level: sampled, not proved.

    Parameters
    ----------
    scenario
        A dispute with a ``dynamics`` section.
    vary
        Per dotted path its ends, or ``None`` for the range in the file.
    of
        ``forecast:YEAR>=CHANCE``; one half where no chance is named.
    draws, seed
        How many draws of all other numbers that have a range, the same at every point, and their seed.
    tolerance
        Width of the finest cells as a share of the range; 1/512 along one parameter, 1/32 along two.
    beliefs
        Weights that fit a record: what they drew is drawn from them.
    told
        Hears at how many points the chance is known.

    Raises
    ------
    UsageError
        If more than two parameters are varied, one has no range or a level sets it, or the year is not told.

    Examples
    --------
    >>> import sim
    >>> s = sim.loads(
    ...     "{issues: {peace: {no: {}, yes: {signed: 1}}}, outcomes: {treaty: signed}, parameters: {gain: 1},"
    ...     " actors: {a: {role: principal}, b: {role: principal}}, game: [{offer: a}, {reply: b}],"
    ...     " payoffs: {a: {x: signed}, b: {x: (gain - 0.5)*signed}}, dynamics: {discount: {a: 0.5, b: 0.5}}}"
    ... )
    >>> found = forecast_over(s, vary={"gain": (-1, 2)}, of="forecast:9", draws=2)
    >>> [(round(lo, 2), round(hi, 2)) for lo, hi in found.crossings]
    [(0.49, 0.5)]
    """
    if len(vary) not in CELLS:
        raise UsageError(
            f"the chance of a treaty by a year is asked over one or two parameters, not {len(vary)}"
        )
    if draws < 2:
        raise UsageError(f"draws: {draws}; central values alone say nothing, take at least 2")
    year, level = asked(of)
    mean = mean_chance(
        world_of(scenario), tuple(vary), year, draws=draws, seed=seed, beliefs=beliefs
    )
    ends = {path: _ends(scenario, path, given) for path, given in vary.items()}
    how = {"seed": seed, "fitted": 0 if beliefs is None else len(beliefs.episodes)}
    return _sampled(scenario, mean, ends, (year, level), tolerance, told, how)


def _sampled(
    scenario: Scenario,
    mean: MeanChance,
    ends: Mapping[str, tuple[float, float]],
    of: tuple[int, float],
    tolerance: float | None,
    told: Told | None,
    how: Mapping[str, int],
) -> ForecastOver:
    """The mean on a lattice that is refined where it crosses the level."""
    cells, halvings = CELLS[len(ends)], _halvings(len(ends), tolerance)
    axes = [np.linspace(lo, hi, cells * 2**halvings + 1) for lo, hi in ends.values()]

    def ask(at: IntArray) -> tuple[FloatArray, FloatArray]:
        return mean.at(np.array([axis[k] for axis, k in zip(axes, at, strict=True)]))

    found = refined(ask, len(axes), cells=cells, halvings=halvings, level=of[1], told=told)
    parameters = scenario.document.parameters
    return ForecastOver(
        title=scenario.title,
        labelled=scenario.labelled,
        axes=dict(zip(ends, axes, strict=True)),
        values={path: scenario.values[path] for path in ends},
        units={path: parameters[path].unit for path in ends},
        ranges={path: r for path in ends if (r := scenario.range_of(path)) is not None},
        year=of[0],
        when=mean.model.world.dynamics.period.when(of[0]),
        level=of[1],
        chance=found.value,
        error=found.error,
        asked=found.asked,
        draws=mean.draws,
        **how,
    )


def _halvings(axes: int, tolerance: float | None) -> int:
    """How often a coarse cell is halved until it is as narrow as is asked."""
    wanted = TOLERANCE[axes] if tolerance is None else tolerance
    if not 0 < wanted < 1:
        raise UsageError(f"tolerance: {wanted:g}; a share between 0 and 1 is needed")
    return min(FINEST, max(0, ceil(log2(1 / (wanted * CELLS[axes])))))


def _ends(scenario: Scenario, path: str, given: Sequence[float] | None) -> tuple[float, float]:
    """The ends of a range, the lower one first."""
    found = scenario.range_of(path) if given is None else (float(given[0]), float(given[-1]))
    if found is None:
        raise UsageError(f"{path} has no range in the file; give --vary {path}=LO:HI")
    lo, hi = found
    if not (np.isfinite(found).all() and lo < hi):
        raise UsageError(f"{path}: {lo:g} to {hi:g} is not a range")
    return lo, hi

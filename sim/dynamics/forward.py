"""What would bring a treaty forward: how the chance by a year changes with one number at a time.

Definition. With ``P(x)`` the mean chance over the draws when one number is ``x`` in all of them and all else
is drawn as before, a number's effect is ``P(high) - P(low)`` over its range. The draws are the same for every
number, so that differences are not blurred by other numbers. Numbers that chances to move read are *rates*
and are all looked at; of the others those whose draws go most with the chance. The smallest change of a
number leads to the value nearest to the file's own at which the chance is higher by ``RISE``.

Array convention. Points have shape ``(paths, draws)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from sim._kernels.shown import Part, Shown, Table
from sim._kernels.tolerance import FloatArray
from sim.dynamics.drawing import Model
from sim.dynamics.draws import chances
from sim.dynamics.record import Forecast
from sim.dynamics.world import World
from sim.errors import UsageError

DRAWS, OTHERS = 64, 8
"""Draws of every comparison, and numbers that are not rates which are looked at."""
RISE, STEPS, TRIED = 0.05, 5, 3
"""Rise that a smallest change is to bring, halvings of its range, and numbers that it is sought for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one number does to the chance of a treaty by a year.

    Parameters
    ----------
    path, rate
        The number, and whether chances to move read it.
    low, high
        Its range.
    at_low, at_high
        Mean chance over the draws when it is at the ends of its range.
    value
        The file's own value.
    needed
        The value nearest to the file's own at which the chance is higher by ``RISE`` than with all drawn;
        ``None`` where it was not sought or there is none.
    """

    path: str
    rate: bool
    low: float
    high: float
    at_low: float
    at_high: float
    value: float
    needed: float | None = None

    @property
    def swing(self) -> float:
        """Chance at the high end less that at the low end."""
        return self.at_high - self.at_low


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Forward(Shown):
    """What would bring a treaty forward.

    Parameters
    ----------
    year, when
        By the end of which, and how it is written.
    chance
        Mean chance over the same draws with nothing held.
    draws
        Number of draws of every comparison.
    effects
        The largest swing first.
    left
        How many drawn numbers were not looked at.
    """

    year: int
    when: str
    chance: float
    draws: int
    effects: tuple[Effect, ...]
    left: int

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        rows = [asdict(one) | {"swing": one.swing} for one in self.effects]
        return {
            "year": self.year,
            "chance": self.chance,
            "draws": self.draws,
            "rise": RISE,
            "effects": rows,
            "not_looked_at": self.left,
        }

    def parts(self) -> Iterator[Part]:
        """A table of effects, and the smallest changes."""
        rows = [
            (
                one.path,
                "rate" if one.rate else "",
                f"{one.low:.4g} .. {one.high:.4g}",
                f"{100 * one.at_low:.1f}",
                f"{100 * one.at_high:.1f}",
                f"{100 * one.swing:+.1f}",
            )
            for one in self.effects
        ]
        columns = ("", "", "range|r", "at its low end|r", "at its high end|r", "change|r")
        title = (
            f"What would bring it forward: chance by {self.when} in percent, one number at a time"
        )
        yield Table(columns, rows, heading=title)
        yield (
            f"{self.draws} draws of everything else, the same for all of them; with nothing held the "
            f"chance is {100 * self.chance:.1f} %. All rates are listed, and of the other numbers those "
            f"that go most with the chance; {self.left} were not looked at."
        )
        yield from self._smallest()

    def _smallest(self) -> Iterator[str]:
        sought = [one for one in self.effects if one.needed is not None]
        for one in sorted(sought, key=lambda e: abs(e.needed - e.value) / (e.high - e.low)):  # type: ignore[operator]
            yield (
                f"{100 * RISE:g} points more: {one.path} = {one.needed:.4g} in all draws (the file says "
                f"{one.value:.4g})."
            )
        if not sought:
            yield f"No single number brings {100 * RISE:g} points more within its range."


def brings_forward(
    found: Forecast,
    year: int,
    *,
    draws: int = DRAWS,
    progress: Callable[[int, int], None] | None = None,
) -> Forward:
    """What would bring a treaty forward, of a forecast that was made.

    Parameters
    ----------
    found
        The forecast.
    year
        By the end of which.
    draws
        Of every comparison, the first ones of the forecast.
    progress
        Called with the number of comparisons done and in all.

    Raises
    ------
    UsageError
        If nothing was drawn.
    """
    model = found.model
    if model is None or not model.drawn.paths or found.answered is None:
        raise UsageError("nothing is drawn in this forecast, so no number can bring it forward")
    count = min(draws, model.drawn.size)
    rates = _rates(model.world)
    points = model.drawn.some(found.answered)
    chosen = _chosen(model, points, found.told.row("by", found.at(year)), rates)
    k, parameters = found.at(year), model.world.scenario.document.parameters

    def chance(fixed: dict[str, float]) -> float:
        return _mean(model, count, k, fixed)

    base = chance({})
    effects = []
    for number, path in enumerate(chosen):
        low, high = parameters[path].range or (0.0, 0.0)
        ends = chance({path: low}), chance({path: high})
        value = float(model.world.scenario.values[path])
        effects.append(
            Effect(path=path, rate=path in rates, low=low, high=high, at_low=ends[0], at_high=ends[1],
                   value=value)
        )  # fmt: skip
        if progress is not None:
            progress(number + 1, len(chosen))
    effects.sort(key=lambda one: -abs(one.swing))
    sought = [_sought(one, base, chance) if k < TRIED else one for k, one in enumerate(effects)]
    left = len(model.drawn.paths) - len(chosen)
    return Forward(
        year=year,
        when=found.period.when(year),
        chance=base,
        draws=count,
        effects=tuple(sought),
        left=left,
    )


def _mean(model: Model, count: int, period: int, fixed: dict[str, float]) -> float:
    """Mean chance by the end of a period over the first draws, some numbers held."""
    short = model.first(count, fixed)
    parts = [chances(short, *stretch) for stretch in short.stretches()]
    by = np.concatenate([row[period] for row, _ in parts])
    return float(by[np.concatenate([fine for _, fine in parts])].mean())


def _sought(one: Effect, base: float, chance: Callable[[dict[str, float]], float]) -> Effect:
    """The effect with the nearest value that brings the chance up, by halving towards the better end."""
    far = one.high if one.swing > 0 else one.low
    if max(one.at_low, one.at_high) < base + RISE:
        return one
    near = one.value
    for _ in range(STEPS):
        middle = (near + far) / 2
        if chance({one.path: middle}) >= base + RISE:
            far = middle
        else:
            near = middle
    return replace(one, needed=far)


def _rates(world: World) -> set[str]:
    """The parameters that chances to move read."""
    return {
        name
        for factor in world.dynamics.world.values()
        for moves in factor.moves.values()
        for formula in moves.values()
        for name in formula.names
        if name in world.scenario.document.parameters
    }


def _chosen(model: Model, points: FloatArray, by: FloatArray, rates: set[str]) -> Sequence[str]:
    """All rates that are drawn over a range, and the numbers whose draws go most with the chance."""
    parameters = model.world.scenario.document.parameters
    ranged = [
        k
        for k, path in enumerate(model.drawn.paths)
        if (r := parameters[path].range) and r[0] < r[1]
    ]
    spread = points.std(axis=1)
    centred = points - points.mean(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        together = np.abs(centred @ (by - by.mean())) / spread
    order = sorted(ranged, key=lambda k: -float(np.nan_to_num(together[k])))
    names = [model.drawn.paths[k] for k in order]
    others = [path for path in names if path not in rates][:OTHERS]
    return [*(path for path in names if path in rates), *others]

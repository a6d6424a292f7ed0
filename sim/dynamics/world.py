"""World states and how they move.

Definition. With factors ``f`` at levels ``l_f``, a state is one level per factor. Factors move at once and,
given the state, independently of one another:

    Q(s, s') = product over f of q_f(l_f -> l'_f | s)

where ``q_f`` is what the file's ``moves`` give at state ``s``; what they leave stays where it is. Moves may
also read ``year``, the one in which the period begins, and ``signed``, 1 under a treaty: chances then change
until the last year that is reported, and stay as they are from there on.

Array convention. ``transition`` has shape ``(states, states, draws)``, from row to column; values of
parameters ``(states, draws)``; the first state is a matter of order only: ``start`` says where the world is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.errors import ScenarioError, UsageError, suggest
from sim.scenario import Scenario
from sim.scenario.sections.dynamics import Dynamics

YEAR, SIGNED = "year", "signed"
"""What chances to move may read beside parameters and levels."""
ROUNDING = 1e-9
"""By how much probabilities may miss 0 or 1 in sum: decimals that are added up."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Course:
    """How the world moves, period by period; the last entry holds from there on.

    Parameters
    ----------
    still, under
        While the dispute is open, and under a treaty, ``(states, states, draws)`` each.
    legal
        For which draws they are chances in every period, ``(draws,)``.
    """

    still: tuple[FloatArray, ...]
    under: tuple[FloatArray, ...]
    legal: BoolArray

    @property
    def steady(self) -> bool:
        """Whether it is the same in every period."""
        return len(self.still) == 1

    def at(self, period: int, *, signed: bool = False) -> FloatArray:
        """The chances to move after a period."""
        rows = self.under if signed else self.still
        return rows[min(period, len(rows) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class World:
    """The states of a scenario's world.

    Parameters
    ----------
    scenario, dynamics
        Where they come from.
    factors
        Names of the factors, in the order of the file.
    states
        Per state its level of every factor.
    start
        Number of the state at the start.
    """

    scenario: Scenario
    dynamics: Dynamics
    factors: tuple[str, ...]
    states: tuple[tuple[str, ...], ...]
    start: int

    @property
    def labels(self) -> tuple[str, ...]:
        """How states are written: ``factor=level, ...``."""
        return tuple(
            ", ".join(f"{f}={level}" for f, level in zip(self.factors, levels, strict=True))
            for levels in self.states
        )

    def number(self, levels: Mapping[str, str]) -> int:
        """The state that differs from the start in the given levels.

        Raises
        ------
        UsageError
            If a factor or a level is unknown.
        """
        wanted = dict(zip(self.factors, self.states[self.start], strict=True))
        for factor, level in levels.items():
            if factor not in self.factors:
                raise UsageError(f"unknown factor '{factor}'{suggest(factor, self.factors)}")
            legal = self.dynamics.world[factor].levels
            if level not in legal:
                raise UsageError(f"{factor}: unknown level '{level}'{suggest(level, legal)}")
            wanted[factor] = level
        return self.states.index(tuple(wanted[f] for f in self.factors))

    def values(self, drawn: Mapping[str, FloatArray], draws: int) -> dict[str, FloatArray]:
        """Every parameter that is drawn or set by a level, ``(states, draws)``."""
        shape = (len(self.states), draws)
        base = self._base(drawn)
        out = {path: np.broadcast_to(value, shape) for path, value in drawn.items()}
        for k, factor in enumerate(self.factors):
            record = self.dynamics.world[factor]
            given = {
                level: {path: f.evaluate(base) for path, f in values.items()}
                for level, values in record.levels.items()
            }
            for path in {p for values in given.values() for p in values}:
                rows = [np.broadcast_to(given[s[k]][path], (draws,)) for s in self.states]
                out[path] = np.stack(rows)
        return out

    def _base(self, drawn: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        values = {p: np.asarray(v) for p, v in self.scenario.values.items()}
        return values | dict(drawn)

    @property
    def positions(self) -> IntArray:
        """Per state the number of the level of each factor, ``(states, factors)``."""
        sizes = [range(len(self.dynamics.world[f].levels)) for f in self.factors]
        return np.array(list(product(*sizes)), dtype=np.int64)

    def reads(self, name: str) -> bool:
        """Whether some chance to move reads a name: ``year``, or ``signed``."""
        return any(
            name in formula.names
            for factor in self.dynamics.world.values()
            for moves in factor.moves.values()
            for formula in moves.values()
        )

    def year(self, period: int) -> float:
        """The year in which a period begins."""
        return self.dynamics.period.start + period * self.dynamics.period.years

    def course(self, drawn: Mapping[str, FloatArray], draws: int) -> Course:
        """The chances to move in every period, while the dispute is open and under a treaty."""
        years = range(self.dynamics.periods) if self.reads(YEAR) else range(1)
        still, under = [], []
        legal = np.ones(draws, dtype=np.bool_)
        for period in years:
            moves, fine = self.transition(drawn, draws, period)
            still.append(moves)
            legal &= fine
            if self.reads(SIGNED):
                moves, fine = self.transition(drawn, draws, period, signed=True)
                legal &= fine
            under.append(moves)
        return Course(still=tuple(still), under=tuple(under), legal=legal)

    def transition(
        self, drawn: Mapping[str, FloatArray], draws: int, period: int = 0, *, signed: bool = False
    ) -> tuple[FloatArray, BoolArray]:
        """Chances to move, and for which draws they are chances, ``(draws,)``.

        Where they are not, the world stays as it is. They are those of a period, and of a dispute that is
        open unless ``signed``.
        """
        size = len(self.states)
        out = np.empty((size, size, draws))
        legal = np.ones(draws, dtype=np.bool_)
        values = self.values(drawn, draws)
        for s in range(size):
            env = self._base(drawn) | {path: v[s] for path, v in values.items()}
            env |= self._indicators(s) | self._time(period, signed)
            rows = []
            for k, factor in enumerate(self.factors):
                row, fine = self._row(factor, self.states[s][k], env, draws)
                rows.append(row)
                legal &= fine
            out[s] = _joint(rows, draws)
        stay = np.eye(size)[:, :, None]
        return np.where(legal, out, stay), legal

    def chances(self, factor: str) -> FloatArray:
        """Chances of a factor's next level at the file's own values, ``(states, levels)``."""
        values, k = self.values({}, 1), self.factors.index(factor)
        rows = []
        for s, levels in enumerate(self.states):
            env = self._base({}) | {path: v[s] for path, v in values.items()} | self._indicators(s)
            env |= self._time(0, False)
            rows.append(self._row(factor, levels[k], env, 1)[0][:, 0])
        return np.stack(rows)

    def _indicators(self, s: int) -> dict[str, FloatArray]:
        return {
            f"{factor}.{level}": np.asarray(float(self.states[s][k] == level))
            for k, factor in enumerate(self.factors)
            for level in self.dynamics.world[factor].levels
        }

    def _time(self, period: int, signed: bool) -> dict[str, FloatArray]:
        """The year and whether a treaty is in force, as chances to move read them."""
        return {YEAR: np.asarray(self.year(period)), SIGNED: np.asarray(float(signed))}

    def _row(
        self, factor: str, level: str, env: Mapping[str, FloatArray], draws: int
    ) -> tuple[FloatArray, BoolArray]:
        """Chances of a factor's levels, ``(levels, draws)``, and where they are chances."""
        record = self.dynamics.world[factor]
        names = list(record.levels)
        row = np.zeros((len(names), draws))
        for other, formula in record.moves.get(level, {}).items():
            row[names.index(other)] = formula.evaluate(env)
        total = row.sum(axis=0)
        fine = np.isfinite(total) & (row >= -ROUNDING).all(axis=0) & (total <= 1 + ROUNDING)
        row = np.where(fine, np.clip(row, 0, 1), 0.0)
        row[names.index(level)] = np.maximum(1 - row.sum(axis=0), 0.0)
        return row / row.sum(axis=0), np.asarray(fine)


def _joint(rows: list[FloatArray], draws: int) -> FloatArray:
    """Chances of all combinations of levels, ``(states, draws)``, the last factor fastest."""
    joint = np.ones((1, draws))
    for row in rows:
        joint = (joint[:, None] * row[None]).reshape(-1, draws)
    return joint


def world_of(scenario: Scenario) -> World:
    """The world of a scenario.

    Raises
    ------
    UsageError
        If it has no ``dynamics``.
    ScenarioError
        If a rate is not a chance at the file's own values.
    """
    dynamics = scenario.document.dynamics
    if dynamics is None:
        raise UsageError(
            f"{scenario.origin}: no 'dynamics' section, so nothing says how the world moves"
        )
    factors = tuple(dynamics.world)
    states = tuple(product(*(dynamics.world[f].levels for f in factors)))
    start = states.index(tuple(dynamics.world[f].now for f in factors))
    world = World(scenario=scenario, dynamics=dynamics, factors=factors, states=states, start=start)
    _check_rates(world)
    return world


def in_state(scenario: Scenario, levels: Mapping[str, str]) -> Scenario:
    """The dispute with the values that a state of its world gives, other factors as they are now.

    Raises
    ------
    UsageError
        If it has no ``dynamics``, or a factor or a level is unknown.
    """
    world = world_of(scenario)
    state = world.number(levels)
    values = world.values({}, 1)
    return scenario.at({path: float(values[path][state, 0]) for path in world.dynamics.sets})


def _check_rates(world: World) -> None:
    """Refuse rates that are not probabilities at the file's own values, with the line of the first."""
    values = world.values({}, 1)
    periods = range(world.dynamics.periods) if world.reads(YEAR) else (0,)
    whens = [(t, signed) for t in periods for signed in (False, True)]
    for (s, levels), when in product(enumerate(world.states), whens):
        env = world._base({}) | {path: v[s] for path, v in values.items()}
        env |= world._indicators(s) | world._time(*when)
        for factor, level in zip(world.factors, levels, strict=True):
            _, fine = world._row(factor, level, env, 1)
            if not fine[0]:
                moves = world.dynamics.world[factor].moves[level]
                shown = ", ".join(f"{k} {float(f.evaluate(env)):.4g}" for k, f in moves.items())
                path = f"dynamics.world.{factor}.moves.{level}"
                message = (
                    f"in the state {world.labels[s]}{_when(world, *when)} the chances to move are {shown}: "
                    "each must lie in [0, 1] and they may not add up to more than 1"
                )
                raise ScenarioError([world.scenario.problem(path, message)])


def _when(world: World, period: int, signed: bool) -> str:
    """The year and the treaty, where chances to move read them."""
    year = f" in {world.year(period):g}" if world.reads(YEAR) else ""
    return year + (" under a treaty" if signed and world.reads(SIGNED) else "")

"""What a treaty demands of the parameters: inequalities, and what each costs at least to meet.

Definition. Changing the parameters from ``theta0`` by ``d`` costs ``sum_k c_k |d_k|``. Within a box around
``p`` with derivatives of a row ``g`` in ``[low, high]``, and ``d = u - v`` with ``u, v >= 0``,

    g(p + d) <= g(p) + high . u - low . v

so a demand ``g >= level`` costs at least ``(level - g(p)) / max_k max(high_k, -low_k) / c_k``, and the
linear program over all demands of a treaty costs no more than any change that meets them. With the
derivatives at the point itself the same program is Newton's step.

Array convention. Slopes have shape ``(varied, cells)``, values ``(cells,)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product

import numpy as np

from sim._kernels.numbering import occurring
from sim._kernels.tolerance import ROUNDING, BoolArray, FloatArray, IntArray
from sim.certified.bounds.boxes import Boxes, centre
from sim.certified.bounds.rows import Rows
from sim.certified.bounds.shared_batch import shared_batch
from sim.certified.change.programs.linear_program import Demand, Steps, Way
from sim.certified.change.programs.tables import OfKinds, Table, turned
from sim.certified.ladder.margin_bounds import stances_over
from sim.certified.ladder.parts import Choice, Parts, Slack

MOST_WAYS = 64
"""Ways to meet its constraints of which each treaty's demands are looked at."""
STANCES = "third parties' stances"


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """Cells and base stances to look at, and agreements where regrets decide what is an equilibrium."""

    cells: IntArray
    bases: IntArray
    strict: BoolArray

    @classmethod
    def one(cls, cell: int, base: int, agreements: int) -> Scope:
        """One cell and one base."""
        strict = np.ones(agreements, dtype=np.bool_)
        return cls(np.array([cell]), np.array([base]), strict)


class Demands:
    """The demands of all cells of a dispute in one box.

    Parameters
    ----------
    parts
        Gains, slacks and regrets.
    box
        One box; its slopes hold for all of it.
    steps
        Where in it changes start from.
    target
        What gains and slacks must reach.
    point
        Whether slopes are taken at the start (Newton's step) instead of over the box (a bound).
    scope
        The cells to look at, instead of all that may be equilibria in the box.
    """

    def __init__(
        self,
        parts: Parts,
        box: Boxes,
        steps: Steps,
        target: float,
        *,
        point: bool = False,
        scope: Scope | None = None,
    ) -> None:
        self.parts, self.steps, self.target = parts, steps, target
        self.point, frame = point, parts.dispute.frame
        some = None
        if scope is not None:
            some, _ = occurring(np.append(parts.agreement[scope.cells], 0), parts.dispute.shape[0])
        start = Boxes(steps.start[:, None], steps.start[:, None])
        self.at = shared_batch(frame, start, some)
        self.over = self.at if point else shared_batch(frame, box, some)
        scope = self._possible() if scope is None else scope
        self.cells, self.bases, self.strict = scope.cells, scope.bases, scope.strict
        self._tables: dict[int, Table] = {}
        self._costs: dict[tuple[int, float], FloatArray] = {}
        self.prices: list[FloatArray] = []

    def _possible(self) -> Scope:
        everything = np.arange(len(self.parts.treaties) + 1)
        stances = stances_over(self.parts, self.over, everything)
        possible = stances.possible[:, :, 0]
        strict = np.asarray(stances.certain[:, :, 0].any(axis=1))
        cells = np.flatnonzero(possible[1:].reshape(-1))
        bases = (
            np.flatnonzero(possible[0])
            if self.parts.regrets.rows
            else np.array([*self.parts.gains])
        )
        return Scope(cells, bases, strict)

    def table(self, rows: Rows) -> Table:
        """A row at every cell that may count."""
        return self._table(rows, self.cells)

    def _table(self, rows: Rows, index: IntArray) -> Table:
        if id(rows) not in self._tables:
            kinds, place = occurring(rows.kind[index], len(rows.first))
            self._tables[id(rows)] = Table(*self._of_kinds(rows, kinds), place)
        return self._tables[id(rows)]

    def _of_kinds(self, rows: Rows, kinds: IntArray) -> OfKinds:
        """The kinds of a row at the start and over the box; kept with the box for whoever asks next."""
        key = id(rows), id(self.at), kinds.tobytes()
        if key not in self.over.tables:
            value = rows.bounds(self.at, rows.first[kinds])
            steep = rows.steep(self.over, kinds)
            low, high = steep.low[..., 0], steep.high[..., 0]
            moved = (low != 0).any(axis=1) | (high != 0).any(axis=1)
            low, high = low[moved], high[moved]
            if self.point:
                low = high = centre(low, high)
            top = (centre(value.lo, value.hi) if self.point else value.hi)[:, 0]
            found = top, steep.levers[moved], low, high
            self.over.tables[key] = (rows, self.at), found
        _, kept = self.over.tables[key]
        known: OfKinds = kept
        return known

    def _regret(self, rows: Rows) -> Table:
        return turned(self._table(rows, self._near))

    @cached_property
    def _near(self) -> IntArray:
        """Rows of the regrets of the status quo and of all treaties that are looked at."""
        columns, most = self.parts.columns, len(self.parts.treaties) + 1
        treaties, _ = occurring(np.append(self.cells // columns + 1, 0), most)
        return (treaties[:, None] * columns + np.arange(columns)).reshape(-1)

    @cached_property
    def _own(self) -> IntArray:
        """Where the regret of each cell stands among these rows."""
        return np.searchsorted(self._near, self.cells + self.parts.columns)

    def cost(self, rows: Rows, level: float) -> FloatArray:
        """The least that a demand on a row can cost, per cell; infinite where out of reach."""
        key = (id(rows), level)
        if key not in self._costs:
            self._costs[key] = self._cost(self.table(rows), level)
        return self._costs[key]

    def _cost(self, table: Table, level: float) -> FloatArray:
        deficit = level - table.value
        some = table.levers
        up, down, costs = (
            x[some, None] for x in (self.steps.up, self.steps.down, self.steps.costs)
        )
        rise = np.where(up > 0, np.maximum(table.high, 0.0), 0.0)
        fall = np.where(down > 0, np.maximum(-table.low, 0.0), 0.0)
        steep = (np.maximum(rise, fall) / costs).max(axis=0, initial=0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            reach = (np.where(up > 0, rise * up, 0) + np.where(down > 0, fall * down, 0)).sum(0)
            cost = deficit / steep
        cost = np.where(np.isfinite(steep), cost, 0.0)
        out = np.where(deficit > reach * (1 + ROUNDING), np.inf, cost)
        return np.where(deficit <= 0, 0.0, out)[table.place]

    def least(self, rows: Rows, index: int, sign: int, level: float) -> float:
        """What ``sign * row >= level`` costs at least at one index."""
        point = rows.bounds(self.at, np.array([index]))
        low, high = (s[:, 0, 0] for s in rows.slopes(self.over, np.array([index])))
        if sign < 0:
            low, high = -high, -low
        value = point.hi[0, 0] if sign > 0 else -point.lo[0, 0]
        some, one = np.arange(len(low)), np.zeros(1, dtype=np.int64)
        table = Table(np.array([value]), some, low[:, None], high[:, None], one)
        return float(self._cost(table, level)[0])

    def _at(self, rows: Rows, index: int) -> tuple[Table, int]:
        if any(rows is r for r in self.parts.regrets.rows):
            return self._table(rows, self._near), int(np.searchsorted(self._near, index))
        return self.table(rows), int(np.searchsorted(self.cells, index))

    def of_cells(self, base: int) -> FloatArray:
        """The least that each cell can cost against the status quo under base stances, ``(cells,)``."""
        gains = [self.cost(rows, self.target) for rows in self.parts.gains[base]]
        slacks = map(self.of_slack, self.parts.slacks)
        return np.asarray(np.maximum.reduce([self._stances(base), *gains, *slacks]))

    def _stances(self, base: int) -> FloatArray:
        """The least that it costs to make the stances of each cell, and the base ones, equilibria."""
        worst = np.zeros(len(self.cells))
        for rows in self.parts.regrets.rows:
            cost = self._cost(self._regret(rows), 0.0)
            own = cost[self._own]
            worst = np.maximum(worst, np.where(self._strict_cells, own, 0.0))
            if self.strict[0]:
                worst = np.maximum(worst, cost[base])
        return worst

    @cached_property
    def _strict_cells(self) -> BoolArray:
        """Cells whose treaty certainly has a stance equilibrium, so that regrets decide."""
        return self.strict[self.cells // self.parts.columns + 1]

    def of_slack(self, slack: Slack) -> FloatArray:
        """The least that a slack's demand can cost, per cell."""
        if slack.direct is not None:
            return np.zeros(len(self.cells))
        costs = [np.full(len(self.cells), np.inf), *map(self.of_choice, slack.choices)]
        return np.where(slack.applies[self.cells], np.min(costs, axis=0), 0.0)

    def of_choice(self, choice: Choice) -> FloatArray:
        """The least that one alternative can cost, per cell."""
        if (id(choice), 0.0) in self._costs:
            return self._costs[id(choice), 0.0]
        worst = np.zeros(len(self.cells))
        for rows in choice.members:
            worst = np.maximum(worst, self.cost(rows, self.target))
        for rows in choice.conditions:
            worst = np.maximum(worst, self.cost(rows, 0.0))
        out = np.where(choice.open[self.cells], worst, np.inf)
        self._costs[id(choice), 0.0] = out
        return out

    def ways(self, cell: int, base: int, *, hopeless: bool = False) -> tuple[list[Way], bool]:
        """The ways in which a cell (position among ``cells``) can be met, cheapest first; if all.

        Alternatives that no change in the box can meet are left out, unless ``hopeless`` asks for them.
        """
        principals = self.parts.dispute.scenario.document.principals
        fixed = [
            self._demand(self.table(rows), cell, self.target, f"{actor}.gain")
            for actor, rows in zip(principals, self.parts.gains[base], strict=True)
        ]
        for rows in self.parts.regrets.rows:
            table = self._regret(rows)
            if self._strict_cells[cell]:
                fixed.append(self._demand(table, int(self._own[cell]), 0.0, STANCES))
            if self.strict[0]:
                fixed.append(self._demand(table, base, 0.0, STANCES))
        options = [self._options(slack, cell, hopeless) for slack in self.parts.slacks]
        some = list(islice(product(*(o for o in options if o is not None)), MOST_WAYS + 1))
        least = max(float(self.cost(rows, self.target)[cell]) for rows in self.parts.gains[base])
        ways = [
            Way(
                max([least, *(floor for floor, _ in way)]),
                fixed + [d for _, p in way for d in p],
            )
            for way in some[:MOST_WAYS]
        ]
        return sorted(ways, key=lambda w: w.floor), len(some) <= MOST_WAYS

    def _options(
        self, slack: Slack, cell: int, hopeless: bool
    ) -> list[tuple[float, list[Demand]]] | None:
        """The alternatives of a slack at a cell with their least costs; ``None`` where it asks nothing."""
        if slack.direct is not None or not slack.applies[self.cells[cell]]:
            return None
        costs = [float(self.of_choice(choice)[cell]) for choice in slack.choices]
        here = self.cells[cell]
        order = [
            k
            for k in np.argsort(costs, kind="stable")
            if np.isfinite(costs[k]) or (hopeless and slack.choices[k].open[here])
        ]
        return [(costs[k], self._of_choice(slack.choices[k], cell, slack.label)) for k in order]

    def _of_choice(self, choice: Choice, cell: int, name: str) -> list[Demand]:
        asked = [(rows, self.target) for rows in choice.members]
        asked += [(rows, 0.0) for rows in choice.conditions]
        return [self._demand(self.table(rows), cell, level, name) for rows, level in asked]

    def _demand(self, table: Table, cell: int, level: float, name: str) -> Demand:
        size = len(self.steps.start)
        rise, fall = table.spread(table.high, cell, size), -table.spread(table.low, cell, size)
        return Demand(float(table.value[table.place[cell]]), rise, fall, level, name)

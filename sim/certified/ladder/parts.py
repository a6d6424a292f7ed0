"""Gains, slacks and stance regrets of a dispute as rows that can be bounded over boxes.

Definition. A *cell* is a treaty with a stance profile. Its *parts* are the gains of all principals
(against the status quo under a given stance profile) and the slacks of all constraints; the lowest of
them is what the ladder's margin takes the maximum of.

Array convention. Cells are listed treaty by treaty; bounds have shape ``(cells, boxes)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.numbering import first_equal, occurring
from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.certified.bounds.box_batch import BoxBatch
from sim.certified.bounds.rows import Bounds, Rows, rows_of
from sim.constraints import Direct
from sim.games.stages import StageGame
from sim.payoffs import CompiledConstraint, Dispute, slacks
from sim.payoffs.alike import first_alike
from sim.payoffs.quantities import Quantity
from sim.rules.intervals import INTERVALS
from sim.rules.ladder import RUNG_OF


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One alternative of a slack over all cells.

    Parameters
    ----------
    members
        Rows of which the lowest counts; ``+inf`` where there are none.
    conditions
        Rows that must be >= 0 for the alternative to count.
    open
        Cells at which no fixed condition rules it out.
    """

    members: tuple[Rows, ...]
    conditions: tuple[Rows, ...]
    open: BoolArray

    def bounds(self, batch: BoxBatch, rows: IntArray) -> Bounds:
        """The lowest member, ``-inf`` where a condition may fail (below) or must fail (above)."""
        shape = (len(rows), len(batch))
        lo, hi = np.full(shape, np.inf), np.full(shape, np.inf)
        for member in self.members:
            part = member.bounds(batch, rows)
            lo, hi = np.minimum(lo, part.lo), np.minimum(hi, part.hi)
        for condition in self.conditions:
            part = condition.bounds(batch, rows)
            lo, hi = np.where(part.lo >= 0, lo, -np.inf), np.where(part.hi >= 0, hi, -np.inf)
        opened = self.open[rows][:, None]
        return Bounds(np.where(opened, lo, -np.inf), np.where(opened, hi, -np.inf))


@dataclass(frozen=True, slots=True, eq=False)
class Slack:
    """A constraint over all cells: its alternatives, or the quantities of one that has none written out.

    ``alike`` has per cell the first one at which it reads the same.
    """

    label: str
    rung: int
    direct: Direct | None
    applies: BoolArray
    choices: tuple[Choice, ...]
    quantities: Mapping[str, Rows]
    alike: IntArray

    def bounds(self, batch: BoxBatch, rows: IntArray) -> Bounds:
        """Bounds of the slack of some cells, ``+inf`` where the constraint does not apply."""
        some, place = occurring(self.alike[rows], len(self.alike))
        found = self._bounds(batch, some)
        return Bounds(found.lo[place], found.hi[place])

    def _bounds(self, batch: BoxBatch, rows: IntArray) -> Bounds:
        if self.direct is None:
            shape = (len(rows), len(batch))
            lo, hi = np.full(shape, -np.inf), np.full(shape, -np.inf)
            for part in (choice.bounds(batch, rows) for choice in self.choices):
                lo, hi = np.maximum(lo, part.lo), np.maximum(hi, part.hi)
        else:
            lo, hi = self._from_quantities(self.direct, batch, rows)
        touched = self.applies[rows][:, None]
        return Bounds(np.where(touched, lo, np.inf), np.where(touched, hi, np.inf))

    def _from_quantities(
        self, direct: Direct, batch: BoxBatch, rows: IntArray
    ) -> tuple[FloatArray, FloatArray]:
        parts = {name: q.bounds(batch, rows) for name, q in self.quantities.items()}
        worst, best = {}, {}
        unknown = np.zeros((len(rows), len(batch)), dtype=np.bool_)
        for name, part in parts.items():
            direction = direct.direction.get(name, 0)
            worst[name], best[name] = (part.lo, part.hi) if direction >= 0 else (part.hi, part.lo)
            if direction == 0:
                point = self.quantities[name].constant
                unknown |= (part.lo != part.hi) & (not point)
                best[name] = worst[name] = part.lo + 0.5 * (part.hi - part.lo)
        lo, hi = direct.value(worst), direct.value(best)
        return np.where(unknown, -np.inf, lo), np.where(unknown, np.inf, hi)

    @property
    def rows(self) -> tuple[Rows, ...]:
        """Every row that the slack rests on."""
        written = [r for c in self.choices for r in (*c.members, *c.conditions)]
        return (*written, *self.quantities.values())


@dataclass(frozen=True, slots=True, eq=False)
class Regrets:
    """What third parties gain by other stances: rows over agreements and profiles.

    ``rows`` holds per third party and shift of stance the rows ``U_j(a, s') - U_j(a, s)``, less what may
    differ in a tie, in units of ``K_j``, listed agreement by agreement; ``whole`` the same with nothing
    less.
    """

    agreements: IntArray
    profiles: int
    rows: tuple[Rows, ...]
    whole: tuple[Rows, ...]

    @property
    def constant(self) -> bool:
        """Whether no stance depends on a varied parameter."""
        return all(rows.constant for rows in self.rows)

    def over(self, batch: BoxBatch, some: IntArray, *, whole: bool = False) -> Iterator[Bounds]:
        """Bounds per third party and shift, at some agreements, ``(agreements, profiles, boxes)``."""
        shape = (len(some), self.profiles, len(batch))
        index = (some[:, None] * self.profiles + np.arange(self.profiles)).reshape(-1)
        for rows in self.whole if whole else self.rows:
            part = rows.bounds(batch, index)
            yield Bounds(part.lo.reshape(shape), part.hi.reshape(shape))

    def bounds(self, batch: BoxBatch, agreements: IntArray) -> Bounds:
        """Bounds of the largest regret, nothing less, shape ``(agreements, profiles, boxes)``."""
        return INTERVALS.fold("max", [0.0, *self.over(batch, agreements, whole=True)])


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Everything that the ladder of a dispute reads, over all cells.

    Parameters
    ----------
    dispute
        Compiled for the varied parameters.
    treaties
        Agreement indices of the treaties.
    agreement, profile
        Of every cell.
    gains
        Per stance profile of the status quo, per principal, its rows.
    slacks
        Of every constraint, in the ladder's order.
    regrets
        Of the status quo (first) and of every treaty.
    game
        The scenario's game, where it may commit third parties to what they would not answer.
    """

    dispute: Dispute
    treaties: IntArray
    agreement: IntArray
    profile: IntArray
    gains: Mapping[int, tuple[Rows, ...]]
    slacks: tuple[Slack, ...]
    regrets: Regrets
    game: StageGame | None = None

    @property
    def error(self) -> float:
        """More than what a gain or slack may differ from 0 and tie with it, in units of the parts."""
        dispute, some = self.dispute, np.concatenate([[0], self.treaties])
        errors = [
            2 * float(dispute.error(actor)[some].max()) / dispute.scales[actor]
            for actor in dispute.scenario.document.principals
        ]
        return max(RELATIVE, *errors)

    def gains_against(self, bases: Sequence[int], principal: int) -> list[Rows]:
        """A principal's gains against the status quo under some stances, those that differ."""
        out: dict[object, Rows] = {}
        for s0 in bases:
            rows = self.gains[s0][principal]
            known = not rows.quantity.rest
            out.setdefault(rows.matrix[rows.kind].tobytes() if known else id(rows), rows)
        return list(out.values())

    @property
    def columns(self) -> int:
        """Number of stance profiles."""
        return self.dispute.shape[1]

    @property
    def affine(self) -> bool:
        """Whether every row is affine in the varied parameters and no slack is computed otherwise."""
        return all(not rows.quantity.rest for rows in self.rows) and all(
            s.direct is None for s in self.slacks
        )

    @property
    def rows(self) -> tuple[Rows, ...]:
        """Every row of gains, slacks and regrets."""
        gains = [rows for group in self.gains.values() for rows in group]
        return (*gains, *(r for s in self.slacks for r in s.rows), *self.regrets.rows)


def parts_of(dispute: Dispute, game: StageGame | None = None) -> Parts:
    """The parts of a compiled dispute, with the game that may commit its third parties."""
    columns, principals = dispute.shape[1], dispute.scenario.document.principals
    treaties = np.flatnonzero(dispute.treaties)
    agreement = np.repeat(treaties, columns)
    profile = np.tile(np.arange(columns), len(treaties))
    own = [_gains_of(dispute, actor, agreement, profile) for actor in principals]
    gains = {s0: tuple(rows[s0] for rows in own) for s0 in range(columns)}
    slacks = tuple(slack_over(dispute, c, agreement, profile) for c in dispute.constraints)
    regrets = _regrets(dispute, np.concatenate([[0], treaties]))
    return Parts(dispute, treaties, agreement, profile, gains, slacks, regrets, game)


def _gains_of(dispute: Dispute, actor: str, a: IntArray, s: IntArray) -> list[Rows]:
    """A principal's gains by stance profile of the status quo; the same rows where it is worth the same."""
    quantity, scale = dispute.payoffs[actor], dispute.scales[actor]
    found: dict[int, Rows] = {}
    order = first_alike(dispute.frame, quantity, dispute.shape[1])
    for s0 in dict.fromkeys(order):
        found[s0] = rows_of(quantity, a, s, (np.zeros_like(a), np.full_like(s, s0)), scale)
    return [found[s0] for s0 in order]


def _regrets(dispute: Dispute, agreements: IntArray) -> Regrets:
    document, columns = dispute.scenario.document, dispute.shape[1]
    a = np.repeat(agreements, columns)
    s = np.tile(np.arange(columns), len(agreements))
    sizes = document.stance_counts
    rows, whole = [], []
    for axis, actor in enumerate(document.third_parties):
        quantity = dispute.payoffs[actor]
        if columns > 1 and (quantity.shape[1] > 1 or quantity.rest):
            step = int(np.prod(sizes[axis + 1 :], dtype=np.int64))
            own = s // step % sizes[axis]
            for shift in range(1, sizes[axis]):
                other = s + ((own + shift) % sizes[axis] - own) * step
                error = dispute.error(actor)[..., 0]
                tie, scale = error[a, other] + error[a, s], dispute.scales[actor]
                rows.append(rows_of(quantity, a, other, (a, s), scale, tie))
                whole.append(rows_of(quantity, a, other, (a, s), scale))
    return Regrets(agreements, columns, tuple(rows), tuple(whole))


def slack_over(dispute: Dispute, c: CompiledConstraint, a: IntArray, s: IntArray) -> Slack:
    """A constraint at some cells."""
    found: dict[int, Rows] = {}

    def rows(quantity: Quantity) -> Rows:
        if id(quantity) not in found:
            found[id(quantity)] = rows_of(quantity, a, s)
        return found[id(quantity)]

    choices = tuple(
        choice
        for one in c.choices
        if (choice := _choice(one, np.broadcast_to(one.open, (*dispute.shape, 1))[a, s, 0], rows))
    )
    direct = {name: rows(q) for name, q in c.direct.items()}
    read = [r.kind for r in found.values()] + [one.open for one in choices] + [c.applies[a]]
    alike = first_equal(np.stack(read))
    return Slack(c.label, RUNG_OF[c.rung], c.asked.direct, c.applies[a], choices, direct, alike)


def _choice(
    one: slacks.Choice, opened: BoolArray, rows: Callable[[Quantity], Rows]
) -> Choice | None:
    """An alternative at some cells, where it is open there; conditions that are settled there decide."""
    conditions = [rows(q) for q in one.conditions]
    for condition in conditions:
        if condition.constant:
            opened = opened & (condition.matrix[condition.kind, 0] >= 0)
    if not opened.any():
        return None
    varying = tuple(c for c in conditions if not c.constant)
    return Choice(tuple(rows(q) for q in one.members), varying, opened)

r"""The best that any mechanism can do with private information, as a linear program.

Definition. Chance draws a type for each actor from a prior ``P``; each learns its own. By the revelation
principle (Myerson 1979) a mechanism is a *plan*: for every profile ``t`` of reported types a lottery
``mu(x | t)`` over outcomes, and, where there are *transfers*, payments that add up to 0. A plan is asked to
satisfy

- *truth*: no type gains, on average over the others' types, by reporting another type;
- *participation*: no type does better, on average, by what it has when it refuses (``refusal``);
- *obedience* (instead of participation, where nobody enforces the outcome): told the part ``k`` of the
  recommendation that it sees, no type gains by another of its answers, whatever it reported before.

All are linear in ``mu``. With obedience a lie is followed by the best answer to every recommendation; what
that is worth is a variable above each answer's worth. The multipliers of the conditions are their *prices*:
how much the best value rises per unit of payoff by which that one condition is relaxed.

Array convention. ``T = (T_1, ..., T_n)`` are the numbers of types; the prior has shape ``T``, payoffs
``(actors, outcomes, *T)``. One program at a time, in doubles (HiGHS [huangfu2018]_).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from sim._kernels.linear_program import SHARP
from sim._kernels.tolerance import FloatArray, IntArray

PRICED = 1e-7
"""A price below this is none."""
NEGLIGIBLE = 1e-12
"""A probability below this is none."""

Kind = Literal["truth", "participation", "obedience"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Obedience:
    """What actors are told, and what they can do about it.

    Parameters
    ----------
    told
        Shape ``(actors, outcomes)``: the number of what each sees of a recommended outcome.
    answers
        Per actor, shape ``(answers, outcomes, *T)``: its payoff from each other answer.
    """

    told: IntArray
    answers: tuple[FloatArray, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Incentives:
    """Types, payoffs and what a plan has to satisfy.

    Parameters
    ----------
    prior
        Chance of each profile of types, shape ``T``.
    payoffs
        Shape ``(actors, outcomes, *T)``.
    refusal
        Payoffs if an actor takes no part, shape ``(actors, *T)``; ``None`` where it has no choice.
    obedience
        ``None`` where the outcome is enforced.
    transfers
        Whether actors pay each other, in units of payoff.
    """

    prior: FloatArray
    payoffs: FloatArray
    refusal: FloatArray | None = None
    obedience: Obedience | None = None
    transfers: bool = False

    @property
    def whole(self) -> float:
        """The largest payoff in size, at least 1."""
        return max(1.0, float(np.abs(self.payoffs).max()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one condition costs: actors, types and recommendations by number; -1 where it has none."""

    kind: Kind
    actor: int
    own: int
    said: int = -1
    told: int = -1
    price: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BestPlan:
    """The plan that is best for a goal.

    Parameters
    ----------
    value
        What it attains.
    plan
        Shape ``(outcomes, *T)``.
    payments
        What every actor receives, shape ``(actors, *T)``.
    worth
        Per actor what each of its types expects.
    regret
        The most by which the plan misses one of its conditions.
    gap
        How far the value of the dual program is away: 0 up to rounding where the plan is proved best.
    prices
        Of the conditions that bind, the dearest first.
    """

    value: float
    plan: FloatArray
    payments: FloatArray
    worth: tuple[FloatArray, ...]
    regret: float
    gap: float
    prices: tuple[Price, ...]


def best_plan(
    incentives: Incentives,
    goal: FloatArray,
    *,
    paid: FloatArray | None = None,
    seconds: float = 60.0,
) -> BestPlan | None:
    """The plan with the largest expected goal; ``None`` where no plan is feasible or time is short.

    Parameters
    ----------
    incentives
        The conditions.
    goal
        What every outcome counts at every profile of types, shape ``(outcomes, *T)``.
    paid
        What a unit received by every actor counts, shape ``(actors,)``; nothing where absent.
    seconds
        Of the linear program.

    Examples
    --------
    A seller with cost 0 or 0.8 and a buyer with worth 0.2 or 1, each with chance 1/2. Trade in all cases with
    gains would be worth 0.35; no mechanism that both enter attains more than 1/3:

    >>> cost, worth = np.array([[0.0, 0.0], [0.8, 0.8]]), np.array([[0.2, 1.0], [0.2, 1.0]])
    >>> payoffs = np.stack([np.stack([0 * cost, -cost]), np.stack([0 * worth, worth])])
    >>> trade = Incentives(
    ...     prior=np.full((2, 2), 0.25), payoffs=payoffs, refusal=np.zeros((2, 2, 2)), transfers=True)
    >>> round(best_plan(trade, payoffs.sum(axis=0)).value, 9)
    0.333333333
    """
    rows = _Rows(incentives)
    rows.build()
    cost = rows.objective(goal, paid)
    found = _solved(rows, cost, seconds)
    if found is None:
        return None
    _, upper, _, level = rows.matrices()
    duals = -found.ineqlin.marginals
    dual = float(upper @ duals - level @ found.eqlin.marginals)
    return _read(incentives, rows, found.x, cost, duals, dual)


def best_when_known(
    incentives: Incentives,
    goal: FloatArray,
    *,
    paid: FloatArray | None = None,
    seconds: float = 60.0,
) -> float | None:
    """The largest expected goal if every profile of types were known to all; ``None`` as above.

    Then nobody can lie, and taking part and obeying are asked for at every profile of types.

    Examples
    --------
    >>> payoffs = np.array([[[0.0, 0.0], [1.0, -1.0]]])
    >>> free = Incentives(prior=np.array([0.5, 0.5]), payoffs=payoffs, refusal=np.zeros((1, 2)))
    >>> best_when_known(free, payoffs[0])
    0.5
    """
    rows = _Rows(incentives)
    rows.build_known()
    found = _solved(rows, rows.objective(goal, paid), seconds)
    return None if found is None else float(-found.fun)


def _solved(rows: _Rows, cost: FloatArray, seconds: float) -> Any:
    """What HiGHS finds; ``None`` where it finds no optimum."""
    from scipy.optimize import linprog

    matrix, upper, equal, level = rows.matrices()
    lower = np.where(np.arange(len(cost)) < rows.plan_size, 0.0, -np.inf)
    found = linprog(
        -cost,
        A_ub=matrix,
        b_ub=upper,
        A_eq=equal,
        b_eq=level,
        bounds=np.stack([lower, np.full(len(cost), np.inf)], axis=1),
        method="highs",
        options={"time_limit": seconds, **SHARP},
    )
    return found if found.status == 0 else None


def _read(
    incentives: Incentives,
    rows: _Rows,
    x: FloatArray,
    cost: FloatArray,
    duals: FloatArray,
    dual: float,
) -> BestPlan:
    """The solver's point as a plan whose probabilities add up to 1."""
    shape = incentives.prior.shape
    plan = x[: rows.plan_size].reshape(-1, incentives.prior.size)
    plan = np.where(plan > NEGLIGIBLE, plan, 0.0)
    plan = (plan / plan.sum(axis=0)).reshape(-1, *shape)
    payments = rows.payments(x).reshape(-1, *shape)
    solved = np.concatenate([plan.ravel(), x[rows.plan_size :]])
    matrix, upper, _, _ = rows.matrices()
    missed = matrix @ solved - upper if matrix.shape[0] else np.zeros(1)
    own = (incentives.payoffs * plan).sum(axis=1) + payments
    value = float(cost @ solved)
    prices = [
        Price(kind=k, actor=i, own=a, said=s, told=t, price=float(p))
        for (k, i, a, s, t), p in zip(rows.names, duals, strict=True)
        if k is not None and p > PRICED
    ]
    return BestPlan(
        value=value + 0.0,
        plan=plan,
        payments=payments,
        worth=tuple(_interim(incentives.prior, u, i) for i, u in enumerate(own)),
        regret=max(0.0, float(missed.max())),
        gap=abs(dual - value),
        prices=tuple(sorted(prices, key=lambda one: -one.price)),
    )


def _interim(prior: FloatArray, own: FloatArray, actor: int) -> FloatArray:
    """The mean over the others' types, given each own type."""
    others = tuple(k for k in range(prior.ndim) if k != actor)
    chance = prior.sum(axis=others)
    mean = (prior * own).sum(axis=others)
    return np.asarray(np.divide(mean, chance, out=np.zeros_like(mean), where=chance > 0))


Name = tuple[Kind | None, int, int, int, int]
Entries = tuple[IntArray, FloatArray]


@dataclass(slots=True, eq=False)
class _Rows:
    """The program's rows ``entries @ x <= upper``; columns are the plan, payments, and what lies are worth.

    The plan's column of outcome ``x`` at profile ``t`` is ``x * profiles + t``.
    """

    of: Incentives
    names: list[Name] = field(default_factory=list)
    _entries: list[Entries] = field(default_factory=list)
    _upper: list[float] = field(default_factory=list)
    _size: int = 0
    _made: Any = None

    @property
    def profiles(self) -> int:
        return int(self.of.prior.size)

    @property
    def plan_size(self) -> int:
        return int(self.of.payoffs.shape[1]) * self.profiles

    def build(self) -> None:
        """All conditions of all actors."""
        n = len(self.of.payoffs)
        self._size = self.plan_size + ((n - 1) * self.profiles if self.of.transfers else 0)
        for actor in range(n):
            places = self._places(actor)
            for own, here in enumerate(places):
                chance = self.of.prior.ravel()[here]
                if chance.sum() <= 0.0:
                    continue
                weights = chance / chance.sum()
                truth = self._expected(actor, here, here, weights)
                self._take_part(actor, own, here, weights, truth)
                self._obey(actor, own, here, weights)
                for said, there in enumerate(places):
                    if said != own:
                        self._tell(actor, own, said, (here, there, weights), truth)

    def build_known(self) -> None:
        """What every actor asks for at every profile of types that is known to all."""
        n = len(self.of.payoffs)
        self._size = self.plan_size + ((n - 1) * self.profiles if self.of.transfers else 0)
        for actor in range(n):
            for k in range(self.profiles):
                here, sure = np.array([k]), np.ones(1)
                truth = self._expected(actor, here, here, sure)
                self._take_part(actor, k, here, sure, truth)
                self._obey(actor, k, here, sure)

    def _places(self, actor: int) -> IntArray:
        """Per own type the numbers of the profiles that have it, the others' types in one order."""
        whole = np.arange(self.profiles).reshape(self.of.prior.shape)
        return np.moveaxis(whole, actor, 0).reshape(self.of.prior.shape[actor], -1)

    def _columns(self, there: IntArray) -> IntArray:
        starts = np.arange(self.of.payoffs.shape[1]) * self.profiles
        return starts[:, None] + there

    def _expected(
        self, actor: int, here: IntArray, there: IntArray, weights: FloatArray
    ) -> Entries:
        """What a type expects, its payoffs at ``here``, when the plan is that of ``there``."""
        own = self.of.payoffs[actor].reshape(-1, self.profiles)[:, here] * weights
        columns, values = [self._columns(there).ravel()], [own.ravel()]
        if self.of.transfers:
            for column, sign in self._paid(actor, there):
                columns.append(column)
                values.append(sign * weights)
        return np.concatenate(columns), np.concatenate(values)

    def _paid(self, actor: int, there: IntArray) -> Iterator[tuple[IntArray, float]]:
        """Columns of what an actor receives; the last receives what the others pay."""
        last = len(self.of.payoffs) - 1
        for k in range(last) if actor == last else (actor,):
            yield self.plan_size + k * self.profiles + there, -1.0 if actor == last else 1.0

    def _add(self, name: Name, parts: list[tuple[Entries, float]], upper: float = 0.0) -> None:
        columns = np.concatenate([entries[0] for entries, _ in parts])
        values = np.concatenate([sign * entries[1] for entries, sign in parts])
        self.names.append(name)
        self._entries.append((columns, values))
        self._upper.append(upper)

    def _take_part(
        self, actor: int, own: int, here: IntArray, weights: FloatArray, truth: Entries
    ) -> None:
        if self.of.refusal is not None:
            least = float(self.of.refusal[actor].ravel()[here] @ weights)
            self._add(("participation", actor, own, -1, -1), [(truth, -1.0)], -least)

    def _tell(
        self,
        actor: int,
        own: int,
        said: int,
        where: tuple[IntArray, IntArray, FloatArray],
        truth: Entries,
    ) -> None:
        """A type does not gain by saying that it is another."""
        here, there, weights = where
        if self.of.obedience is None:
            lie = self._expected(actor, here, there, weights)
            self._add(("truth", actor, own, said, -1), [(lie, 1.0), (truth, -1.0)])
            return
        told = self.of.obedience.told[actor]
        worths = []
        for k in np.unique(told):
            worth = (np.array([self._size]), np.array([1.0]))
            self._size += 1
            worths.append((worth, 1.0))
            for answer in (self.of.payoffs[actor], *self.of.obedience.answers[actor]):
                played = self._played(answer, told == k, here, there, weights)
                self._add((None, actor, own, said, int(k)), [(played, 1.0), (worth, -1.0)])
        self._add(("truth", actor, own, said, -1), [*worths, (truth, -1.0)])

    def _obey(self, actor: int, own: int, here: IntArray, weights: FloatArray) -> None:
        if self.of.obedience is None:
            return
        told = self.of.obedience.told[actor]
        for k in np.unique(told):
            for answer in self.of.obedience.answers[actor]:
                gain = answer - self.of.payoffs[actor]
                played = self._played(gain, told == k, here, here, weights)
                if played[1].any():
                    self._add(("obedience", actor, own, -1, int(k)), [(played, 1.0)])

    def _played(
        self,
        answer: FloatArray,
        told: IntArray,
        here: IntArray,
        there: IntArray,
        weights: FloatArray,
    ) -> Entries:
        """What an answer to a recommendation is worth to the type of ``here`` that said ``there``."""
        own = answer.reshape(-1, self.profiles)[told][:, here] * weights
        return self._columns(there)[told].ravel(), own.ravel()

    def matrices(self) -> tuple[Any, FloatArray, Any, FloatArray]:
        """Rows of at most, their right-hand sides; rows of exactly, and theirs."""
        if self._made is None:
            from scipy.sparse import csr_array

            sizes = [len(columns) for columns, _ in self._entries]
            where = np.repeat(np.arange(len(sizes)), sizes)
            columns = np.concatenate([np.zeros(0, dtype=int), *(c for c, _ in self._entries)])
            values = np.concatenate([np.zeros(0), *(v for _, v in self._entries)])
            matrix = csr_array((values, (where, columns)), shape=(len(sizes), self._size))
            ones = np.arange(self.plan_size)
            each = csr_array(
                (np.ones(len(ones)), (ones % self.profiles, ones)),
                shape=(self.profiles, self._size),
            )
            self._made = matrix, np.array(self._upper), each, np.ones(self.profiles)
        made: tuple[Any, FloatArray, Any, FloatArray] = self._made
        return made

    def objective(self, goal: FloatArray, paid: FloatArray | None) -> FloatArray:
        """What every column counts, in expectation over types."""
        out = np.zeros(self._size)
        prior = self.of.prior.ravel()
        out[: self.plan_size] = (goal.reshape(-1, self.profiles) * prior).ravel()
        if self.of.transfers and paid is not None:
            for actor, weight in enumerate(paid):
                for columns, sign in self._paid(actor, np.arange(self.profiles)):
                    out[columns] += weight * sign * prior
        return out

    def payments(self, x: FloatArray) -> FloatArray:
        """What every actor receives at every profile, shape ``(actors, profiles)``."""
        n = len(self.of.payoffs)
        if not self.of.transfers:
            return np.zeros((n, self.profiles))
        first = x[self.plan_size : self.plan_size + (n - 1) * self.profiles]
        own = first.reshape(n - 1, self.profiles)
        return np.concatenate([own, -own.sum(axis=0, keepdims=True)])

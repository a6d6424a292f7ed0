"""The conditions on a mechanism as rows of a linear program: truth, participation, obedience.

Definition. As in :mod:`sim._kernels.mechanism_program`, whose program these rows are.

Array convention. ``T = (T_1, ..., T_n)`` are the numbers of types; the prior has shape ``T``, payoffs
``(actors, outcomes, *T)``. Rows are sparse: numbers of columns with their entries.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray

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


Name = tuple[Kind | None, int, int, int, int]
Entries = tuple[IntArray, FloatArray]


@dataclass(slots=True, eq=False)
class Rows:
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
        for k, places in _groups(told):
            worth = (np.array([self._size]), np.array([1.0]))
            self._size += 1
            worths.append((worth, 1.0))
            for answer in (self.of.payoffs[actor], *self.of.obedience.answers[actor]):
                played = self._played(answer, places, here, there, weights)
                self._add((None, actor, own, said, k), [(played, 1.0), (worth, -1.0)])
        self._add(("truth", actor, own, said, -1), [*worths, (truth, -1.0)])

    def _obey(self, actor: int, own_type: int, here: IntArray, weights: FloatArray) -> None:
        if self.of.obedience is None:
            return
        own = self.of.payoffs[actor].reshape(-1, self.profiles)[:, here]
        gains = [
            (answer.reshape(-1, self.profiles)[:, here] - own) * weights
            for answer in self.of.obedience.answers[actor]
        ]
        for k, places in _groups(self.of.obedience.told[actor]):
            columns = (places[:, None] * self.profiles + here).ravel()
            for gain in (whole[places].ravel() for whole in gains):
                if gain.any():
                    self._add(("obedience", actor, own_type, -1, k), [((columns, gain), 1.0)])

    def _played(
        self,
        answer: FloatArray,
        places: IntArray,
        here: IntArray,
        there: IntArray,
        weights: FloatArray,
    ) -> Entries:
        """What an answer to a recommendation is worth to the type of ``here`` that said ``there``."""
        own = answer.reshape(-1, self.profiles)[places][:, here] * weights
        return (places[:, None] * self.profiles + there).ravel(), own.ravel()

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


def _groups(told: IntArray) -> Iterator[tuple[int, IntArray]]:
    """What is told, and the outcomes in which it is, both ascending."""
    order = np.argsort(told, kind="stable")
    names, starts = np.unique(told[order], return_index=True)
    for name, places in zip(names, np.split(order, starts[1:]), strict=True):
        yield int(name), places

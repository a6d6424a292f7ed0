r"""What a plan may choose among in a dispute with types, and what everybody has without it.

Definition. A mediator hears of every actor which type it is, and no more, and then settles what is sent,
signed and done: an *outcome* is a message of every sender, an agreement and a stance of every third party.

- What binds everybody binds the plan: an agreement that the game would not bring into force with the *true*
  types (ratification, and what else it requires; without a game every constraint) gives there what the status
  quo gives under the same stances. A liar's agreement is judged by what the liar truly is. The agreements are
  all of the file, not only those on the menu of an offer.
- A *principal* that takes no part sees to it that nothing is signed. It chooses the best of its messages; the
  others send what is worst for it, third parties do what is worst for it of what they have no reason to
  change at the status quo.
- A *third party* that takes its stance after the sides have settled must find the stance that it is told
  best, knowing what was sent and signed. One that commits itself before can only count on what its best
  stance and message give it at worst.

Every equilibrium of the game as written in which each principal can refuse is such a plan, so none of them
does better than the best plan.

Array convention. ``T = (T_1, ..., T_n)`` numbers of types. Inside, payoffs have shape ``(*messages,
agreements, *stances, profiles)``, only profiles that have a chance; outside as in
:mod:`sim._kernels.mechanism_program`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim._kernels.mechanism_program import Incentives, Obedience
from sim._kernels.tolerance import FloatArray, IntArray
from sim.feasibility.private.plan_table import PlanTable, plan_table
from sim.games.private.typed_outcomes import TypedGame
from sim.scenario.private.profiles import Profile

if TYPE_CHECKING:
    from sim.scenario import Scenario

NEVER = 1e4
"""Lost by a plan that has a type send what it cannot: more than any goal counts."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlanOutcomes:
    """The incentive problem of a dispute with types.

    Parameters
    ----------
    actors, types
        Who reports, and which types each may report; one without a name where it has none.
    private, known
        What a plan has to satisfy where types are private, and where they are known to all.
    treaty
        Chance that an outcome is a treaty in force, shape ``(outcomes, *T)``.
    gains
        What the principals gain together by it, in units of their payoff spreads.
    where
        The place of every profile that has a chance among all profiles.
    """

    actors: tuple[str, ...]
    types: tuple[tuple[str, ...], ...]
    private: Incentives
    known: Incentives
    treaty: FloatArray
    gains: FloatArray
    where: tuple[int, ...]


def plan_outcomes(scenario: Scenario, game: TypedGame | None = None) -> PlanOutcomes:
    """The incentive problem of a dispute at its current values.

    Parameters
    ----------
    scenario
        A dispute with types.
    game
        Its game, if that is compiled already.
    """
    return _Problem(plan_table(scenario, game)).made()


class _Problem:
    """Spreads what is known by profile over all combinations of types."""

    def __init__(self, table: PlanTable) -> None:
        self.table = table
        document = table.dispute.scenario.document
        self.types = tuple(tuple(document.actors[a].types) or ("",) for a in table.actors)
        self.shape = tuple(map(len, self.types))
        self.where = tuple(self._place(profile) for profile in table.profiles)
        self.prior = np.array([profile.chance for profile in table.profiles])

    def _place(self, profile: Profile) -> int:
        own = [
            names.index(profile.types.get(actor, ""))
            for actor, names in zip(self.table.actors, self.types, strict=True)
        ]
        return int(np.ravel_multi_index(own, self.shape))

    def made(self) -> PlanOutcomes:
        table = self.table
        pairs = [self._refusal(k) for k in range(len(table.actors))]
        alone, known = (np.stack(part) for part in zip(*pairs, strict=True))
        count = len(table.profiles)
        sent = np.broadcast_to(table.sendable, table.in_force.shape).reshape(-1, count)
        payoffs = table.payoffs.reshape(len(table.actors), -1, count)
        payoffs = np.where(sent, payoffs, alone[:, None, :])
        treaty = np.where(sent, table.in_force.reshape(-1, count), -NEVER)
        own = [k for k, actor in enumerate(table.actors) if actor in table.principals]
        gains = np.where(sent, (payoffs[own] - alone[own, None]).sum(axis=0), -NEVER)
        whole, obedience = self._whole(payoffs), self._obedience(payoffs)
        prior = self._whole(self.prior)
        private, sure = (
            Incentives(prior=prior, payoffs=whole, refusal=self._whole(r), obedience=obedience)
            for r in (alone, known)
        )
        return PlanOutcomes(
            actors=table.actors,
            types=self.types,
            private=private,
            known=sure,
            treaty=self._whole(treaty),
            gains=self._whole(gains),
            where=self.where,
        )

    def _whole(self, value: FloatArray) -> FloatArray:
        """By combination of types what is given by profile, the last axis; 0 where there is no chance."""
        out = np.zeros((*value.shape[:-1], int(np.prod(self.shape))))
        out[..., list(self.where)] = value
        return out.reshape(*value.shape[:-1], *self.shape)

    def _refusal(self, actor: int) -> tuple[FloatArray, FloatArray]:
        """What an actor has without a plan, by profile: where types are private, and where they are known."""
        worst = self._worst(actor)
        best = worst.max(axis=0)
        alone = np.empty_like(best)
        names = [profile.types.get(self.table.actors[actor], "") for profile in self.table.profiles]
        for name in dict.fromkeys(names):
            here = np.array([k for k, one in enumerate(names) if one == name])
            mean = worst[:, here] @ (self.prior[here] / self.prior[here].sum())
            alone[here] = worst[int(mean.argmax())][here]
        return alone, best

    def _worst(self, actor: int) -> FloatArray:
        """What each choice of an actor's own gives it at worst, shape ``(choices, profiles)``."""
        table = self.table
        name, middle = table.actors[actor], len(table.senders)
        value = table.payoffs[actor]
        if name in table.principals:
            value = np.where(table.likely, value.take([0], axis=middle), np.inf)
        own = [k for k, sender in enumerate(table.senders) if sender == name]
        if name in table.committed:
            own.append(middle + 1 + table.third.index(name))
        others = tuple(k for k in range(value.ndim - 1) if k not in own)
        worst = value.min(axis=others)
        for k in own[: name in table.senders]:
            can = table.can_send(k)
            worst = np.where(can.reshape(len(can), *(1,) * (worst.ndim - 2), -1), worst, -np.inf)
        return np.asarray(worst.reshape(-1, worst.shape[-1]))

    def _obedience(self, payoffs: FloatArray) -> Obedience | None:
        """What third parties are told that take their stances after the sides have settled."""
        table = self.table
        late = [a for a in table.third if a not in table.committed]
        if not late:
            return None
        shape = table.in_force.shape[:-1]
        told, answers = [], []
        for k, actor in enumerate(table.actors):
            value = payoffs[k].reshape(*shape, -1)
            seen: IntArray = np.zeros(shape, dtype=np.int64)
            others: Sequence[FloatArray] = []
            if actor in late:
                own = len(table.senders) + 1 + table.third.index(actor)
                seen = _numbered(shape, [*range(len(table.senders) + 1), own])
                others = [
                    np.broadcast_to(value.take([s], axis=own), value.shape)
                    for s in range(shape[own])
                ]
            told.append(seen.ravel())
            empty = np.zeros((0, *payoffs.shape[1:]))
            answer = np.stack(others).reshape(-1, *payoffs.shape[1:]) if others else empty
            answers.append(self._whole(answer))
        return Obedience(told=np.array(told), answers=tuple(answers))


def _numbered(shape: Sequence[int], axes: Sequence[int]) -> IntArray:
    """A number for every combination of places on some axes, spread over the others."""
    out: IntArray = np.zeros(shape, dtype=np.int64)
    for k in axes:
        out = out * shape[k] + np.arange(shape[k]).reshape(
            [-1 if j == k else 1 for j in range(len(shape))]
        )
    return out

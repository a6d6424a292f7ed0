"""Payoffs of every message, agreement and stance in a dispute with types, at one point.

Array convention. ``payoffs`` has shape ``(actors, *messages, agreements, *stances, profiles)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim._kernels.tolerance import AnyArray, BoolArray, FloatArray
from sim.constraints import Rung
from sim.errors import NotDefinedError, TooLargeError
from sim.feasibility.stances import stance_equilibria
from sim.games.outcomes import lowest_slack, outcomes_of
from sim.games.private.typed_outcomes import TypedGame
from sim.payoffs import Batch, Dispute, compile_dispute
from sim.rules import outcomes as rules
from sim.rules.arithmetic import ARRAYS
from sim.scenario.private.formulas import set_by_types
from sim.scenario.private.profiles import Profile, profiles_of

if TYPE_CHECKING:
    from sim.scenario import Scenario

RUNGS: tuple[Rung, ...] = ("home", "abroad", "enforcement")
"""What binds where there is no game: every constraint."""
MOST_CELLS = 20_000
"""Outcomes times profiles of types of which the best plan is sought."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlanTable:
    """What everybody has, in units of its payoff spread.

    Parameters
    ----------
    dispute
        Compiled for what types and messages set.
    actors, principals, third, senders
        Whose payoffs they are; those who sign, take stances, and send.
    committed
        Third parties that take their stances no later than the sides settle.
    profiles
        The combinations of types that have a chance.
    payoffs
        With what binds everybody folded in.
    in_force
        Chance of a treaty in force, shape ``(*messages, agreements, *stances, profiles)``.
    sendable
        Where every type can send its message, broadcast against that.
    likely
        At the status quo the stances that third parties may take, broadcast against that.
    """

    dispute: Dispute
    actors: tuple[str, ...]
    principals: tuple[str, ...]
    third: tuple[str, ...]
    senders: tuple[str, ...]
    committed: tuple[str, ...]
    profiles: tuple[Profile, ...]
    payoffs: FloatArray
    in_force: FloatArray
    sendable: BoolArray
    likely: BoolArray

    def can_send(self, sender: int) -> BoolArray:
        """Which messages of a sender a profile has, shape ``(messages, profiles)``."""
        one = np.moveaxis(self.sendable, sender, 0)
        return np.asarray(one.reshape(one.shape[0], -1, one.shape[-1]).any(axis=1))


def plan_table(scenario: Scenario, game: TypedGame | None = None) -> PlanTable:
    """The table of a dispute at its current values.

    Raises
    ------
    NotDefinedError
        If agreements may be reneged upon: a mediator does not keep anybody from that.
    TooLargeError
        Beyond ``MOST_CELLS``.
    """
    document = scenario.document
    if game is None and document.game is not None:
        game = TypedGame(scenario)
    if game is not None and game.game.reneging:
        raise NotDefinedError("agreements may be reneged upon, which a mediator does not hinder")
    profiles = profiles_of(scenario)
    if game is None:
        paths = tuple(set_by_types(document))
        dispute = compile_dispute(scenario, paths, private=True)
        columns = [[{**scenario.values, **p.set}[path] for path in paths] for p in profiles]
        theta = np.array(columns).reshape(len(profiles), len(paths)).T
        said: tuple[int, ...] = ()
        senders: tuple[str, ...] = ()
    else:
        dispute, theta = game.dispute, game.columns([scenario], [profiles])
        said = tuple(game.game.shape[k] for k in game.signals)
        senders = tuple(game.game.axes[k].actor for k in game.signals)
    cells = theta.shape[1] * int(np.prod(dispute.shape))
    if cells > MOST_CELLS:
        raise TooLargeError(
            f"outcomes times types are {cells:,}, the limit for plans is {MOST_CELLS:,}"
        )
    return _table(scenario, dispute, game, profiles, (theta, said, senders))


def _table(
    scenario: Scenario,
    dispute: Dispute,
    game: TypedGame | None,
    profiles: tuple[Profile, ...],
    sent: tuple[FloatArray, tuple[int, ...], tuple[str, ...]],
) -> PlanTable:
    theta, said, senders = sent
    document, batch = scenario.document, dispute.at(theta)
    counts = tuple(document.stance_counts)
    named = [*document.principals, *document.third_parties, *document.typed, *senders]
    actors = tuple(dict.fromkeys(named))
    third = document.third_parties
    fixed = () if game is None else tuple(third[k] for k in game.game.fixed_for())
    late = [actor for actor in third if actor not in fixed]
    shape = (len(dispute.space), *counts, *said, len(profiles))

    def spread(value: AnyArray) -> AnyArray:
        """Columns by message and profile, messages first."""
        lead = value.ndim - 2
        parts = value.reshape(*value.shape[:lead], *shape)
        axes = range(lead + 1 + len(counts), lead + 1 + len(counts) + len(said))
        return np.moveaxis(parts, list(axes), list(range(lead, lead + len(said))))

    values, chance = _folded(game, dispute, batch, actors)
    scales = np.array([dispute.scales.get(actor) or 1.0 for actor in actors])
    stable, _ = stance_equilibria(batch, late)
    whole = (*dispute.shape, batch.size)
    calm = spread(np.broadcast_to(stable, whole).reshape(chance.shape))
    treaties = np.repeat(dispute.treaties, dispute.shape[1])[:, None]
    return PlanTable(
        dispute=dispute,
        actors=actors,
        principals=document.principals,
        third=third,
        senders=senders,
        committed=fixed,
        profiles=profiles,
        payoffs=spread(values / scales[:, None, None]),
        in_force=spread(chance * treaties),
        sendable=_sendable(game, profiles, len(counts)),
        likely=np.asarray(calm.take([0], axis=len(said)).any(axis=-1, keepdims=True)),
    )


def _folded(
    game: TypedGame | None, dispute: Dispute, batch: Batch, actors: tuple[str, ...]
) -> tuple[FloatArray, FloatArray]:
    """Payoffs with what binds folded in, ``(actors, outcomes, columns)``; chances to be in force."""
    count = int(np.prod(dispute.shape))
    if game is not None:
        outcomes = outcomes_of(game.game, batch, actors)
        return outcomes.table, outcomes.ratification
    chance = np.asarray(rules.met(ARRAYS, lowest_slack(batch, RUNGS)), dtype=np.float64)
    whole = (*dispute.shape, batch.size)
    payoffs = np.stack([np.broadcast_to(batch.payoff(actor), whole) for actor in actors])
    folded = np.where(chance > 0, payoffs, payoffs[:, :1])
    return folded.reshape(len(actors), count, -1), chance.reshape(count, -1)


def _sendable(game: TypedGame | None, profiles: tuple[Profile, ...], third: int) -> BoolArray:
    """Where every sender's type has its message, broadcast against ``(*messages, 1, *stances, profiles)``."""
    signals = [] if game is None else game.signals
    out: BoolArray = np.ones((1,) * (len(signals) + 1 + third) + (len(profiles),), dtype=np.bool_)
    for j, k in enumerate(signals):
        assert game is not None
        can = game.allowed(k, profiles)
        shape = [1] * out.ndim
        shape[j], shape[-1] = can.shape
        out = out & can.reshape(shape)
    return out

"""Treaties that promise something for later: they are signed now, handed over after ``k`` periods, or broken.

Definition. Until the hand-over the rest of the treaty is in force: the agreement with the promised issues at
their first position, ``b(a)``. At the hand-over, in state ``s``, a principal that may break keeps the promise
when the whole treaty in force from then on is worth no less to it than bargaining anew after a breach,

    L_i(a, s) >= V_i(r(s)) - cost_i,

and, where it is to be ratified again, when everything that a signature needs holds in ``s``. After a breach
the dispute is open again in the state ``r(s)`` at once. Signing is worth

    P_i(a, s) = once_i(a, s) + (1 - d_i) * sum over t < k of d_i^t (Q^t f_i(b(a)))(s) + d_i^k (Q^k H_i(a))(s)

with ``H`` the worth at the hand-over. The constraint of enforcement is not asked for beside this: it would
count the same thing twice. A treaty that promises nothing for later is signed as without promises.

Array convention. As in :mod:`sim.games.in_time.markov_bargaining`; chances to keep have shape ``(treaties,
states, draws)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.dynamics.period import PeriodGame, signable
from sim.dynamics.world import World
from sim.errors import ScenarioError, UsageError
from sim.games.in_time.markov_bargaining import MarkovBargaining
from sim.solutions.markov.perfect import PeriodPlay, play_period, without_deals

MOST_ROUNDS, SETTLED = 800, 1e-9
"""Rounds of iteration at most, and the share of a payoff unit within which values have settled."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Promised:
    """Where iteration with promises ends.

    Parameters
    ----------
    period
        What is played.
    settled
        Where values repeat, ``(draws,)``.
    kept
        Chance that what is signed is handed over, ``(treaties, states, draws)``.
    later
        Which treaties promise something for later, ``(treaties,)``.
    """

    period: PeriodPlay
    settled: BoolArray
    kept: FloatArray
    later: BoolArray


class Promises:
    """The promises of a chunk of draws: what does not change from round to round.

    Parameters
    ----------
    world, period
        The model.
    game
        Its bargaining game, treaties in force at once.
    drawn
        Drawn parameters: costs of breaking may read them.
    some
        Which treaties are looked at; all by default.
    moves
        Chances to move under a treaty, period by period from signature on, the last ones for ever; those of
        the game by default.
    then
        What treaties in force are worth when they fall due, ``(principals, treaties, states, draws)``, where
        that is not what they are worth now.
    """

    def __init__(
        self,
        world: World,
        period: PeriodGame,
        game: MarkovBargaining,
        drawn: Mapping[str, FloatArray],
        some: BoolArray | None = None,
        *,
        moves: Sequence[FloatArray] = (),
        then: FloatArray | None = None,
    ) -> None:
        treaty = world.dynamics.treaty
        assert treaty.hand_over is not None
        first, later = until_then(world, period)
        number = np.flatnonzero(signable(period.dispute))
        then = game.deals if then is None else then
        if some is not None:
            first, later, number = first[some], later[some], number[some]
            then = then[:, some]
            game = replace(game, deals=game.deals[:, some], open=game.open[some])
        self.world, self.game, self.later = world, game, later
        self.once = period.once[:, number]
        self.whole = then - self.once
        self.moves = tuple(moves) or (game.transition,)
        self.ratified = period.required[number]
        self.principals = world.scenario.document.principals
        values = {p: np.asarray(v) for p, v in world.scenario.values.items()} | dict(drawn)
        self.costs = {
            a: np.asarray(0.0) if b.cost is None else b.cost.evaluate(values)
            for a, b in treaty.breach.items()
        }
        self.reopens = {a: _reopens(world, b.then) for a, b in treaty.breach.items()}
        self.before, self.ahead = self._until_then(period.flow[:, first], treaty.hand_over.after)

    def _until_then(self, flow: FloatArray, periods: int) -> tuple[FloatArray, FloatArray]:
        """What is received before the hand-over, and the chances of the states in which it falls due."""
        size, draws = self.game.states, self.moves[0].shape[2]
        at = np.broadcast_to(np.eye(size)[..., None], (size, size, draws))
        worth = np.zeros_like(flow)
        factor = self.game.discount[:, None, None, :]
        for t in range(periods):
            worth = worth + (1 - factor) * factor**t * _expected(at, flow)
            at = np.einsum("sub,utb->stb", at, self.moves[min(t, len(self.moves) - 1)])
        self.factor = factor**periods
        return worth, at

    def worth(self, values: FloatArray) -> tuple[FloatArray, BoolArray]:
        """Values of signing each treaty when bargaining anew is worth ``values``, and where it is kept."""
        whole = self.whole
        keeps = np.ones(self.ratified.shape, dtype=np.bool_)
        due = whole.copy()
        for actor, breach in self.world.dynamics.treaty.breach.items():
            i, anew = self.principals.index(actor), self._after(actor, values)
            slack = RELATIVE * self.game.scales[i]
            mine = whole[i] >= anew[i][None] - slack
            mine &= self.ratified | (not breach.ratified_again)
            due = np.where(keeps & ~mine, anew[:, None], due)
            keeps &= mine
        signed = self.once + self.before + self.factor * _expected(self.ahead, due)
        return np.where(self.later[:, None, None], signed, self.game.deals), keeps

    def chance_kept(self, keeps: BoolArray) -> FloatArray:
        """The chance that what is signed in a state is handed over, ``(treaties, states, draws)``."""
        kept = _expected(self.ahead, keeps[None].astype(float))[0]
        return np.where(self.later[:, None, None], kept, 1.0)

    def _after(self, actor: str, values: FloatArray) -> FloatArray:
        """What everybody has after a breach of one, ``(principals, states, draws)``."""
        anew = values[:, self.reopens[actor]].copy()
        anew[self.principals.index(actor)] -= self.costs[actor]
        return anew

    def iterate(self, most: int = MOST_ROUNDS) -> Promised:
        """The limit of ever longer horizons.

        Notes
        -----
        Source: [fearon1998]_ on why agreements that must be enforced later are hard to reach.
        """
        values = without_deals(self.game)
        unit = SETTLED * self.game.scales[:, None, None]
        for _ in range(most):
            deals, keeps = self.worth(values)
            game = replace(self.game, deals=deals)
            now = play_period(game, values)
            settled = np.asarray((np.abs(now.values - values) <= unit).all(axis=(0, 1)))
            values = now.values
            if settled.all():
                break
        return Promised(period=now, settled=settled, kept=self.chance_kept(keeps), later=self.later)


def _expected(chances: FloatArray, amounts: FloatArray) -> FloatArray:
    """Expectation of ``(..., states, draws)`` over later states, ``chances`` from row to column."""
    if chances.shape[2] == 1:
        return np.asarray(np.einsum("st,iatd->iasd", chances[..., 0], amounts))
    actors, deals, states, draws = amounts.shape
    columns = amounts.transpose(3, 2, 0, 1).reshape(draws, states, actors * deals)
    found = np.moveaxis(chances, 2, 0) @ columns
    return np.asarray(found.reshape(draws, states, actors, deals).transpose(2, 3, 1, 0))


def _reopens(world: World, then: Mapping[str, str]) -> IntArray:
    """The state in which bargaining goes on after a breach, by state."""
    states = [
        tuple(then.get(f, level) for f, level in zip(world.factors, levels, strict=True))
        for levels in world.states
    ]
    return np.array([world.states.index(state) for state in states])


def until_then(world: World, period: PeriodGame) -> tuple[IntArray, BoolArray]:
    """Per treaty the agreement in force before the hand-over, and whether it differs from the treaty.

    Raises
    ------
    ScenarioError
        If no treaty settles an issue that is to be handed over, or a treaty without it is ruled out.
    """
    space, scenario = period.dispute.space, world.scenario
    hand_over = world.dynamics.treaty.hand_over
    assert hand_over is not None
    names = list(scenario.document.issues)
    columns = [names.index(issue) for issue in hand_over.until_then_without]
    picks = space.positions
    treaties = np.flatnonzero(signable(period.dispute))
    path = "dynamics.treaty.hand_over"
    for issue, column in zip(hand_over.until_then_without, columns, strict=True):
        if not (picks[treaties, column] > 0).any():
            message = f"no treaty settles '{issue}', so it cannot be handed over later"
            raise ScenarioError([scenario.problem(path, message)])
    rows = {tuple(row): k for k, row in enumerate(picks.tolist())}
    first = np.empty(len(treaties), dtype=np.int64)
    for k, treaty in enumerate(treaties):
        bare = picks[treaty].copy()
        bare[columns] = 0
        found = rows.get(tuple(bare.tolist()))
        if found is None:
            message = (
                f"'{space.label(int(treaty))}' without {', '.join(hand_over.until_then_without)} is not "
                "an agreement of this file, so it cannot be in force until then"
            )
            raise ScenarioError([scenario.problem(path, message)])
        first[k] = found
    return first, first != treaties


def check_promises(world: World, plain: bool) -> None:
    """Refuse promises where the game is not one offer with its replies."""
    if world.dynamics.treaty.hand_over is not None and not plain:
        raise UsageError(
            f"{world.scenario.origin}: dynamics.treaty.hand_over: a promise needs a game of one offer "
            "with its replies, then stances and certain ratification"
        )

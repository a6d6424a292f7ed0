"""Offers in turn without a last round: a bargaining game in a Markov world whose state is whose turn it is.

Definition. As in :mod:`sim.games.in_time.rounds`. The state is the turn, and the next one follows for
certain; an agreement is a deal, a round without one is an arrangement for a round: the status quo, or an
agreement that was accepted and is not in force, to which third parties answer by stances of their own. So
iteration from the finite horizon, the box of all subgame perfect equilibria and the list of pure stationary
ones are those of every bargaining game in a Markov world (:mod:`sim.games.in_time.markov_bargaining`).

Third parties look at the round alone. Where they have several answers to an agreement, one under which it is
in force is taken, then the first; ``several`` says where that matters to a principal.

Array convention. States are turns; the batch is last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.errors import NotDefinedError
from sim.games.in_time.markov_bargaining import MarkovBargaining
from sim.games.outcomes import Outcomes
from sim.games.stages import StageGame
from sim.rules.backward_induction import backward_induction


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Turns:
    """Rounds for ever as a bargaining game.

    Parameters
    ----------
    bargaining
        The game; deal ``k`` is agreement ``k + 1``.
    profile
        The stances with which third parties answer an agreement, ``(agreements, turns, batch)``.
    several
        Where they have several answers that differ to a principal, ``(batch,)``.
    solved
        Where they have one in pure play, ``(batch,)``.
    columns
        Number of their profiles.
    """

    bargaining: MarkovBargaining
    profile: IntArray
    several: BoolArray
    solved: BoolArray
    columns: int

    def signed(self, signs: BoolArray, choices: IntArray, point: int) -> End:
        """What play from the first turn on ends in, by what proposers do, ``(proposers, turns)``."""
        columns, proposes = self.columns, self.bargaining.recognition[..., 0] > 0
        for turn in range(signs.shape[1]):
            proposer = int(proposes[:, turn].argmax())
            if signs[proposer, turn]:
                agreement = int(choices[proposer, turn]) + 1
                return End(agreement * columns + int(self.profile[agreement, turn, point]), turn)
        return End(int(self.profile[0, 0, point]), -1)


@dataclass(frozen=True, slots=True)
class End:
    """The outcome in the end, and the round in which it is signed, from 0; -1 where nothing is."""

    cell: int
    round: int


def turns_of(
    rounds: Sequence[StageGame],
    outcomes: Sequence[Outcomes],
    principals: Sequence[str],
    factors: FloatArray,
) -> Turns:
    """The bargaining game of rounds for ever.

    Parameters
    ----------
    rounds, outcomes
        The stage game of every turn, and its payoffs.
    principals
        Who signs.
    factors
        Their discount factors, ``(principals, batch)``.

    Raises
    ------
    NotDefinedError
        If principals reply at the same time.

    Notes
    -----
    Source: [rubinstein1982]_, [merlo1995]_.
    """
    answers = [_answers(game, one) for game, one in zip(rounds, outcomes, strict=True)]
    dispute, turns = rounds[0].dispute, len(rounds)
    profile = np.stack([a.profile for a in answers], axis=1)
    parts = [
        _worth(game, one, principals, answer)
        for game, one, answer in zip(rounds, outcomes, answers, strict=True)
    ]
    signed, quo, force = (np.stack(x, axis=-2) for x in zip(*parts, strict=True))
    names = [next(a.actor for a in game.axes if a.kind == "offer") for game in rounds]
    recognition = np.array([[float(name == actor) for name in names] for actor in principals])
    void = ~force
    void[0] = True
    game = MarkovBargaining(
        deals=signed[:, 1:],
        open=force[1:],
        interim=(1 - factors[:, None, None]) * quo,
        interim_open=void,
        recognition=recognition[..., None],
        transition=np.roll(np.eye(turns), 1, axis=1)[..., None],
        discount=factors,
        scales=np.array([dispute.scales[actor] for actor in principals]),
    )
    several = np.stack([_differ(o, principals, a) for o, a in zip(outcomes, answers, strict=True)])
    solved = np.stack([a.solved for a in answers]).all(axis=0)
    return Turns(
        bargaining=game,
        profile=profile,
        several=np.asarray(several.any(axis=0)),
        solved=np.asarray(solved),
        columns=dispute.shape[1],
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Answers:
    """How third parties answer every agreement once it is accepted in a round.

    ``stable`` has shape ``(agreements, profiles, batch)``; ``offered`` says what the proposer may name.
    """

    stable: BoolArray
    profile: IntArray
    offered: BoolArray
    solved: BoolArray


def _answers(game: StageGame, outcomes: Outcomes) -> _Answers:
    rows, columns = game.dispute.shape
    offer, leaf = _accepted(game, outcomes)
    stances = [k for k, axis in enumerate(game.axes) if axis.kind == "stance"]
    stages = [[1 + stances.index(k) for k in stage] for stage in game.stages if stage[0] in stances]
    least, most = (outcomes.filled(sign) for sign in (-1, 1))
    movers = [outcomes.actors[0], *(game.axes[k].actor for k in stances)]
    own = [outcomes.actors.index(actor) for actor in movers]
    found = backward_induction(
        [least[k][leaf] for k in own], stages, (), most=[most[k][leaf] for k in own]
    )
    size = found.solved.size
    stable = np.zeros((rows, columns, size), dtype=np.bool_)
    profile = (leaf % columns).reshape(len(offer), -1)
    alive = found.survivors.reshape(len(offer), -1, size)
    stable[offer[:, None], profile] = alive
    force = outcomes.ratification.reshape(-1, rows, columns, size)[0] > 0
    best = np.where(stable, 1 + force, 0)
    offered = np.zeros(rows, dtype=np.bool_)
    offered[offer] = True
    return _Answers(stable, best.argmax(axis=1), offered, found.solved)


def _accepted(game: StageGame, outcomes: Outcomes) -> tuple[IntArray, IntArray]:
    """What may be offered, and the outcomes that follow when all accept it, ``(offers, *stances)``."""
    place: list[int | slice] = []
    offer = np.zeros(1, dtype=np.int64)
    replies = [axis.stage for axis in game.axes if axis.kind == "reply"]
    if len(set(replies)) < len(replies):
        raise NotDefinedError(
            f"{game.dispute.scenario.origin}: rounds for ever need replies one after the other, not at "
            "the same time"
        )
    for axis in game.axes:
        if axis.kind == "offer":
            offer = axis.options
        place.append(0 if axis.kind == "reply" else slice(None))
    return offer, np.asarray(outcomes.leaf[tuple(place)])


def _worth(
    game: StageGame, outcomes: Outcomes, principals: Sequence[str], answers: _Answers
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Per agreement its worth once signed, that of its round where it is void, and whether it is in force."""
    rows, columns = game.dispute.shape
    size = answers.profile.shape[-1]
    place = answers.profile[None, :, None]
    chance = outcomes.ratification.reshape(-1, rows, columns, size)[0]
    force = np.take_along_axis(chance, place[0], axis=1)[:, 0] > 0
    force &= answers.offered[:, None]
    table = outcomes.table[[outcomes.actors.index(actor) for actor in principals]]
    table = table.reshape(len(principals), -1, rows, columns, size)[:, 0]
    worth = np.take_along_axis(table, place, axis=2)[:, :, 0]
    quo = np.where((force | ~answers.offered[:, None])[None], worth[:, :1], worth)
    return worth, quo, force


def _differ(outcomes: Outcomes, principals: Sequence[str], answers: _Answers) -> BoolArray:
    """Where an agreement that may be offered has answers that differ to some principal."""
    rows, columns, size = answers.stable.shape
    dispute = outcomes.game.dispute
    out = np.zeros(size, dtype=np.bool_)
    for actor in principals:
        table = outcomes.table[outcomes.actors.index(actor)].reshape(-1, rows, columns, size)[0]
        most = np.where(answers.stable, table, -np.inf).max(axis=1)
        least = np.where(answers.stable, table, np.inf).min(axis=1)
        wide = most - least > RELATIVE * dispute.scales[actor]
        out |= (wide & answers.offered[:, None]).any(axis=0)
    return out

"""The ladder where third parties are committed to stances that the scenario's game lets them take first.

Definition. A third party that takes its stance no later than the last move that decides what is signed is
*committed*: it cannot answer the signature. Where no treaty passes under the stance equilibria alone, the
ladder looks further at

- *commitments*: with ``c`` stances of the committed parties that some subgame perfect equilibrium plays on
  its path, every treaty under ``c`` and the equilibria of the others given ``c``, against the status quo
  under the same ``c`` and the others' equilibria there;
- *paths*: a treaty that some equilibrium brings into force and that is kept, under the stances on its path.
  Each principal compares it with what no would bring: the least favourable of the answers that third parties
  may give at the status quo, in the order of the game, those being fixed that take their stance no later than
  the principal first decides.

A verdict that needs one of these *rests on* it.

Array convention. As in :mod:`sim.feasibility.levels`.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, IntArray
from sim.feasibility.ladder import Ladder, climb
from sim.feasibility.levels import View, cells_of
from sim.feasibility.prediction import Prediction
from sim.feasibility.reached import kinds_of, reach
from sim.feasibility.stances import profiles_by, stance_equilibria, stance_regret
from sim.feasibility.views import needed, static_views, view_against
from sim.games.outcomes import outcomes_of
from sim.games.stages import StageGame
from sim.payoffs import Batch
from sim.rules.backward_induction import backward_induction
from sim.rules.ladder import RUNG_OF


def with_commitments(
    game: StageGame,
    batch: Batch,
    ladder: Ladder,
    prediction: Prediction | None = None,
    *,
    where: BoolArray | bool = True,
    snapped: bool = True,
    candidates: BoolArray | None = None,
) -> Ladder:
    """The ladder, climbed again where it fails and the game supports more than the stance equilibria.

    ``where`` leaves points out, shape ``(batch,)``; ``snapped`` and ``candidates`` as for
    :func:`sim.feasibility.climb`.
    """
    points = np.flatnonzero((ladder.margin < 0) & (ladder.margin > -np.inf) & where)
    if game.dispute.shape[1] == 1 or not len(points):
        return ladder
    if prediction is not None:
        worth = prediction.count > 0 if game.fixed_for() else prediction.treaty
        points = points[worth[points]]
    some = batch.pick(points)
    views = supported_views(game, some, candidates) if len(points) else []
    if not views:
        return ladder
    return _put(ladder, points, climb(some, candidates, more=views, snapped=snapped))


def open_to(batch: Batch, level: float) -> BoolArray:
    """Where some treaty reaches a level under any stances, whatever each principal compares it with.

    Elsewhere no commitment of third parties can bring the margin there; shape ``(batch,)``.
    """
    dispute = batch.dispute
    lowest = np.where(dispute.treaties, np.inf, -np.inf)[:, None, None]
    for actor in dispute.scenario.document.principals:
        error = dispute.error(actor)
        value = batch.payoff(actor)
        least = (value[:1] - error[:1]).min(axis=1, keepdims=True)
        lowest = np.minimum(lowest, (value + error - least) / dispute.scales[actor])
    for slack in map(batch.lowest, RUNG_OF):
        lowest = lowest if slack is None else np.minimum(lowest, slack)
    best = np.broadcast_to(lowest.max(axis=(0, 1)), (batch.size,))
    return np.asarray(best >= level - RELATIVE)


def views_of(game: StageGame | None, batch: Batch) -> list[View]:
    """Everything that the ladder looks at, at one point."""
    stable, _ = stance_equilibria(batch)
    static = static_views(batch, stable, batch.dispute.treaties)
    if game is None or game.dispute.shape[1] == 1 or climb(batch).margin[0] >= 0:
        return static
    return [*static, *supported_views(game, batch)]


def _put(ladder: Ladder, points: IntArray, part: Ladder) -> Ladder:
    """A ladder with some of its points replaced."""
    changed: dict[str, Any] = {}
    for field in fields(ladder):
        old, new = getattr(ladder, field.name), getattr(part, field.name)
        if isinstance(old, np.ndarray):
            changed[field.name] = _replaced(old, points, new)
        elif isinstance(old, dict):
            changed[field.name] = {k: _replaced(v, points, new[k]) for k, v in old.items()}
    return replace(ladder, **changed)


def _replaced(old: np.ndarray, points: IntArray, new: np.ndarray) -> np.ndarray:
    out = old.copy()
    out[points] = new
    return out


def supported_views(game: StageGame, batch: Batch, wanted: BoolArray | None = None) -> list[View]:
    """What the game's equilibria support of some agreements, or all treaties, beyond stance equilibria."""
    wanted = batch.dispute.treaties if wanted is None else wanted
    outcomes = outcomes_of(game, batch)
    present, _ = reach(game, outcomes)
    kinds = kinds_of(game, len(present))
    kept = present & kinds.kept_treaty[:, None] & (outcomes.ratification > 0)
    shape = (*game.dispute.shape, batch.size)
    path = kept[: shape[0] * shape[1]].reshape(shape) & wanted[:, None, None]
    played = np.asarray(present.reshape(-1, *shape).any(axis=(0, 1)))
    return [*_under_commitments(game, batch, played, wanted), *_on_paths(game, batch, path)]


def _under_commitments(
    game: StageGame, batch: Batch, played: BoolArray, wanted: BoolArray
) -> list[View]:
    """Agreements under the committed stances that are played, ``played`` of shape ``(profiles, batch)``."""
    early = game.fixed_for()
    if not early:
        return []
    third = game.dispute.scenario.document.third_parties
    stable, _ = stance_equilibria(batch, [a for k, a in enumerate(third) if k not in early])
    out: list[View] = []
    for own in profiles_by(game.dispute, early):
        supported = played[own].any(axis=0)
        allowed = np.zeros(stable.shape, dtype=np.bool_)
        allowed[:, own] = stable[:, own] & supported & wanted[:, None, None]
        if allowed.any():
            cells = cells_of(batch, allowed)
            views = [
                view_against(cells, int(s0), stable[0, s0] & supported, rests=True) for s0 in own
            ]
            out += needed([view for view in views if view.possible.any()])
    return out


def _on_paths(game: StageGame, batch: Batch, path: BoolArray) -> list[View]:
    """Treaties in force and kept in equilibrium; ``path`` has shape ``(agreements, profiles, batch)``."""
    principals = game.dispute.scenario.document.principals
    out = []
    for s in np.flatnonzero(path.any(axis=(0, 2))):
        allowed = np.zeros_like(path)
        allowed[:, s] = path[:, s]
        against = np.stack([_refusal(game, batch, actor, int(s)) for actor in principals])
        possible = np.asarray(path[:, s].any(axis=0))
        out.append(View(cells_of(batch, allowed), against, possible, rests=True))
    return out


def _refusal(game: StageGame, batch: Batch, principal: str, profile: int) -> IntArray:
    """The status-quo stances that are worst for a principal which says no, ``(batch,)``."""
    fixed = game.fixed_for(principal)
    answers = _answers(game, batch, fixed)
    table = game.dispute.profiles
    same = (table[:, fixed] == table[profile, fixed]).all(axis=1)
    value = np.broadcast_to(batch.payoff(principal)[0], answers.shape)
    return np.asarray(np.where(answers & same[:, None], value, np.inf).argmin(axis=0))


def _answers(game: StageGame, batch: Batch, fixed: list[int]) -> BoolArray:
    """Stances at the status quo that follow when the others answer in the order of the game."""
    document = game.dispute.scenario.document
    third = document.third_parties
    sizes = document.stance_counts
    stage = {third.index(actor): n for kind, actor, n in game.moves if kind == "stance"}
    movers = sorted((k for k in range(len(third)) if k not in fixed), key=lambda k: stage[k])
    order = [*fixed, *movers]
    back = [*np.argsort(order), len(order)]

    def cube(value: np.ndarray) -> np.ndarray:
        whole = np.broadcast_to(value, (game.dispute.shape[1], value.shape[-1]))
        return whole.reshape(*sizes, -1).transpose(*order, len(order))

    stages = [
        [order.index(k) for k in movers if stage[k] == n]
        for n in sorted({stage[k] for k in movers})
    ]
    shape = (*(sizes[k] for k in order), batch.size)
    payoffs = [np.broadcast_to(cube(batch.payoff(third[k])[0]), shape) for k in order]
    errors = [cube(game.dispute.error(third[k])[0]) for k in order]
    least = [u - e for u, e in zip(payoffs, errors, strict=True)]
    most = [u + e for u, e in zip(payoffs, errors, strict=True)]
    found = backward_induction(least, stages, (), most=most).survivors
    return np.ascontiguousarray(found.transpose(*back)).reshape(-1, batch.size)


def rests_on(game: StageGame, batch: Batch, ladder: Ladder) -> tuple[str, ...]:
    """In words the stances that the best treaty rests on, at one point.

    Those that the third party would not keep if it could answer: either the signature or a refusal.
    """
    if not ladder.rests[0]:
        return ()
    document = game.dispute.scenario.document
    a, s = int(ladder.agreement[0]), int(ladder.profile[0])
    bases = {int(row[0]) for row in ladder.against.values()}
    words, early = [], game.fixed_for()
    for k, actor in enumerate(document.third_parties):
        stance = document.stances[actor][game.dispute.profiles[s, k]]
        regret = stance_regret(batch, [actor])
        regret = np.broadcast_to(regret, (*game.dispute.shape, batch.size))
        signed, refused = regret[a, s, 0] > 0, any(regret[0, s0, 0] > 0 for s0 in bases)
        if signed or (refused and k in early):
            when = (
                "chosen before signature"
                if k in early
                else "chosen while the treaty can still fail"
            )
            words.append(f"{actor} {stance} ({when})")
    return tuple(words) or ("what third parties would answer to whoever refused",)

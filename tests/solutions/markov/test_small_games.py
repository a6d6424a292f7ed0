"""Small bargaining games against brute force over stationary Markov strategies: the list and the box."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from sim.games.in_time.markov_bargaining import MarkovBargaining
from sim.solutions.markov.equilibrium_box import equilibrium_box
from sim.solutions.markov.perfect import iterate
from sim.solutions.markov.pure_stationary import pure_stationary

EVERY_DAY, ALL = 12, 300


def small_game(rng: np.random.Generator) -> MarkovBargaining:
    """Two states, two deals and a status quo; either side proposes by chance."""
    chance = rng.uniform(0.2, 0.8, 2)
    up, down = rng.uniform(0.05, 0.95, 2)
    return MarkovBargaining.of(
        deals=rng.normal(0.5, 1, (2, 2, 2)),
        recognition=[chance, 1 - chance],
        discount=rng.uniform(0.3, 0.97, 2),
        transition=[[1 - up, up], [down, 1 - down]],
        flow=rng.normal(0, 0.1, (2, 2)),
    )


LOCAL = np.array(list(product(range(3), range(3), range(4), range(4))))
"""In a state: what a offers, what b offers (0 is nothing), which deals a accepts, which b does (as bits)."""
PROFILES = np.array(list(product(range(len(LOCAL)), repeat=2)))


def equilibria(game: MarkovBargaining) -> list[np.ndarray]:
    """Values of all pure stationary Markov equilibria, every profile of strategies tried.

    A strategy says in each state what its owner offers (nothing or a deal), and which of the other's deals
    it accepts; a profile is kept when no single deviation, in an offer or an answer, gains.
    """
    deals, flow, d = game.deals[..., 0], game.refuse[..., 0], game.discount[:, 0]
    moves, chance = game.transition[..., 0], game.recognition[..., 0]
    plan = LOCAL[PROFILES]  # (profiles, states, 4)
    count = len(plan)
    accepts = plan[..., 2:, None] >> np.arange(2) & 1  # (profiles, states, who, deals)
    signed = np.full((count, 2, 2), -1)  # by state and proposer
    for p in range(2):
        offer = plan[..., p]
        taken = np.take_along_axis(accepts[:, :, 1 - p], np.maximum(offer - 1, 0)[..., None], 2)
        signed[..., p] = np.where((offer > 0) & (taken[..., 0] == 1), offer - 1, -1)
    values = np.empty((count, 2, 2))
    for i in range(2):
        system, now = np.tile(np.eye(2), (count, 1, 1)), np.zeros((count, 2))
        for p, s in product(range(2), range(2)):
            none = signed[:, s, p] < 0
            system[:, s] -= np.where(none, chance[p, s] * d[i], 0)[:, None] * moves[s]
            now[:, s] += chance[p, s] * np.where(none, flow[i, s], deals[i, signed[:, s, p], s])
        values[:, i] = np.linalg.solve(system, now[..., None])[..., 0]
    wait = flow + d[:, None] * values @ moves.T
    holds = np.ones(count, dtype=bool)
    for p, s in product(range(2), range(2)):
        gain = deals[1 - p, :, s] - wait[:, 1 - p, s, None]
        yes = accepts[:, s, 1 - p] == 1
        holds &= ((yes == (gain >= 0)) | (np.abs(gain) <= 1e-9)).all(axis=1)
        stay = wait[:, p, s, None]
        worth = np.concatenate([stay, np.where(yes, deals[p, :, s], stay)], axis=1)
        own = np.take_along_axis(worth, plan[:, s, p][:, None], axis=1)[:, 0]
        holds &= own >= worth.max(axis=1) - 1e-9
    kept = np.unique(values[holds].reshape(-1, 4).round(9), axis=0)
    return [row.reshape(2, 2) for row in kept]


def _agrees(seed: int) -> None:
    """The list is what brute force finds, and all of it lies in the box, as does what iteration finds."""
    game = small_game(np.random.default_rng([300, seed]))
    brute, box = equilibria(game), equilibrium_box(game)
    found = pure_stationary(game, box=box)
    assert found.exhaustive
    listed = found.values
    assert all(min(np.abs(v - w).max() for w in listed) < 1e-7 for v in brute)
    assert all(min(np.abs(v - w).max() for w in brute) < 1e-7 for v in listed)
    end = iterate(game, most=3000)
    points = [*brute, *([end.period.values[..., 0]] if end.settled.all() else [])]
    for values in points:
        assert (values >= box.lower[..., 0] - 1e-8).all()
        assert (values <= box.upper[..., 0] + 1e-8).all()
    if box.closed(game.scales)[0]:
        assert len(brute) <= 1


def test_some_small_games():
    for seed in range(EVERY_DAY):
        _agrees(seed)


@pytest.mark.slow
def test_300_small_games():
    for seed in range(ALL):
        _agrees(seed)

"""Published closed forms of shifting power, promises and waiting, by the solvers of this package."""

from __future__ import annotations

import numpy as np
import pytest
from sim.games.in_time.markov_bargaining import MarkovBargaining
from sim.solutions.markov.perfect import iterate
from sim.solutions.markov.signed import chance_signed

PIE = np.linspace(0.0, 1.0, 20_001)


def threshold(holds, low: float, high: float) -> float:
    """Up to where something holds that holds at ``low`` and not at ``high``."""
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def peace_today(war, later, discount, who: int) -> bool:
    """Whether ``who`` can offer a division of this period's pie that both prefer to war now.

    War now is what a refusal brings: its worth, of which tomorrow's share is taken off because a period
    without a deal is followed by tomorrow.
    """
    divisions = (1 - discount) * np.stack([PIE, 1 - PIE])
    refusal = np.asarray(war) - discount * np.asarray(later)
    arrangements = np.concatenate([refusal[:, None], divisions], axis=1)
    game = MarkovBargaining(
        deals=np.zeros((2, 1, 1, 1)),
        open=np.zeros((1, 1, 1), dtype=bool),
        interim=arrangements[:, :, None, None],
        interim_open=np.ones((len(PIE) + 1, 1, 1), dtype=bool),
        recognition=np.eye(2)[who].reshape(2, 1, 1),
        transition=np.ones((1, 1, 1)),
        discount=np.full((2, 1), discount),
        scales=np.ones(2),
    )
    return bool(game.arranged[who, 0, 0] > 0)


class TestShiftingPower:
    def test_preventive_war(self):
        """Fearon (1995), pp. 404-408: b attacks when p2 > (p1 + c_b (1 - d)^2) / d, 0.338889 here."""
        p1, d, cost_a, cost_b = 0.3, 0.9, 0.2, 0.5

        def peace(p2: float) -> bool:
            war = (p1 - (1 - d) * cost_a, 1 - p1 - (1 - d) * cost_b)
            tomorrow = (p2 + (1 - d) * cost_b, 1 - p2 - (1 - d) * cost_b)  # a demands b's war value
            return peace_today(war, tomorrow, d, 0)

        assert threshold(peace, 0.3, 1.0) == pytest.approx(0.338889, abs=1e-6)

    @pytest.mark.parametrize(("who", "closed"), [(1, 0.432749), (0, 0.321637)])
    def test_war_that_destroys(self, who, closed):
        """Powell (2004, 2006): war destroys a tenth, p rises from 0.3; whoever proposes has the surplus.

        Falling side proposes: war above (1 - (1 - p)(1 - D)) / (d (1 - D)); rising side: above
        1 - ((1 - p)(1 - D) - (1 - d)) / (d (1 - D)).
        """
        p1, d, destroyed = 0.3, 0.95, 0.1

        def peace(p2: float) -> bool:
            war, later = (
                np.array([p * (1 - destroyed), (1 - p) * (1 - destroyed)]) for p in (p1, p2)
            )
            tomorrow = later.copy()
            tomorrow[who] = 1 - later[1 - who]  # for ever: the other is held to its war value
            return peace_today(war, tomorrow, d, who)

        assert threshold(peace, 0.3, 0.95) == pytest.approx(closed, abs=2e-5)


class TestWindows:
    def test_promises_that_are_kept_only_in_windows(self):
        """Stripped from Acemoglu and Robinson (2001): enough where q >= (R/T - (1 - d)) / d = 0.444444."""
        transfer, revolt, d = 1.0, 0.5, 0.9

        def revolts(q: float) -> bool:
            game = MarkovBargaining.of(
                deals=[[revolt], [1.0]],
                open=[[True, False]],
                recognition=[1, 0],
                discount=[d, d],
                transition=[[q, 1 - q], [q, 1 - q]],
                flow=[[(1 - d) * transfer, 0.0], [0.0, 0.0]],
            )
            return bool(iterate(game).period.signs[0, 0, 0])

        assert threshold(revolts, 0.1, 0.9) == pytest.approx(0.444444, abs=1e-6)

    def test_expected_wait(self):
        """An absorbing chain: a window of chance q a year is waited for 1/q years, 6.666667 at 0.15."""
        game = MarkovBargaining.of(
            deals=[[1.0], [1.0]],
            open=[[False, True]],
            transition=[[0.85, 0.15], [0.0, 1.0]],
            recognition=[0.5, 0.5],
            discount=[0.9, 0.9],
        )
        _, before = chance_signed(game, iterate(game).period.signs, 0, 400)
        assert before[:, 0, 0].sum() == pytest.approx(6.666667, abs=1e-6)

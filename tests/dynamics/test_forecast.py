"""Forecasts against brute force over Markov strategies, simulated histories and closed forms."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest
import sim
from sim.cli import run
from sim.dynamics.period import PeriodCompiler
from sim.dynamics.treaty_values import bargaining_of, undominated
from sim.dynamics.world import world_of
from sim.solutions.markov.perfect import iterate


def bargaining(scenario):
    world = world_of(scenario)
    compiler = PeriodCompiler(world, ())
    period = compiler.at({}, 1)
    moves, _ = world.transition({}, 1)
    return world, bargaining_of(world, period, moves, {})


def treaty_worth(world, actor, treaty, d, moves):
    """Discounted average flow of a treaty by summing 3,000 periods, from the file's own formulas."""
    sign = {"bare": 0.0, "paid": 0.2}[treaty]
    flow = []
    for mood, war in world.states:
        if actor == "a":
            flow.append({"on": 0.6, "over": 1.2}[war] - sign)
        else:
            flow.append({"hostile": -1, "cool": -0.1, "warm": 0.4}[mood] + sign)
    total, ahead, factor = np.zeros(len(flow)), np.array(flow), 1 - d
    for _ in range(3000):
        total += factor * ahead
        ahead, factor = moves @ ahead, factor * d
    return total


class TestTreatyValues:
    @pytest.mark.parametrize("d", [0.0, 0.5, 0.95])
    def test_discounted_flow(self, small, d):
        world, game = bargaining(small(d=d))
        moves = world.transition({}, 1)[0][..., 0]
        for i, actor in enumerate("ab"):
            for k, treaty in enumerate(("bare", "paid")):
                expected = treaty_worth(world, actor, treaty, d, moves)
                assert np.abs(game.deals[i, k, :, 0] - expected).max() < 1e-9

    def test_ratification_opens_and_closes(self, small):
        world, game = bargaining(small())
        warm_enough = np.array([mood != "hostile" for mood, _ in world.states])
        assert (game.open[:, :, 0] == warm_enough).all()

    def test_undominated_deals_change_nothing(self, small):
        _, game = bargaining(small())
        kept, which = undominated(game)
        whole, less = iterate(game).period, iterate(kept).period
        assert (whole.signs == less.signs).all()
        assert np.abs(whole.values - less.values).max() == 0
        named = np.take_along_axis(which, less.deal, axis=0)
        assert (named[whole.signs] == whole.deal[whole.signs]).all()


class TestStationary:
    @pytest.mark.parametrize(("d", "calm"), [(0.3, 0.1), (0.9, 0.15), (0.97, 0.3)])
    def test_no_deviation_pays(self, small, d, calm):
        """Every one-shot deviation, by brute force over proposals and replies at the values found."""
        world, game = bargaining(small(d=d, calm=calm))
        found = iterate(game)
        values = found.period.values[..., 0]
        moves = world.transition({}, 1)[0][..., 0]
        for p, s in product(range(2), range(len(world.states))):
            r = 1 - p
            later = d * moves[s] @ values.T
            accepted = {}
            for k in range(2):
                if game.open[k, s, 0] and game.deals[r, k, s, 0] >= later[r] - 1e-12:
                    accepted[k] = game.deals[p, k, s, 0]
            best = max([later[p], *accepted.values()])
            signed = found.period.signs[p, s, 0]
            own = game.deals[p, found.period.deal[p, s, 0], s, 0] if signed else later[p]
            assert own >= best - 1e-9


class TestForecast:
    def test_simulated_histories_agree(self, small):
        """A hundred thousand histories, walked here, within three standard errors."""
        scenario = small()
        world, game = bargaining(scenario)
        signs = iterate(game).period.signs[..., 0]
        moves = world.transition({}, 1)[0][..., 0]
        rng = np.random.default_rng(7)
        histories = 100_000
        state = np.full(histories, world.start)
        open_still, by = np.ones(histories, bool), []
        rows = np.cumsum(moves, axis=1)
        for _ in range(20):
            proposer = (rng.uniform(size=histories) >= 0.5).astype(int)
            open_still &= ~signs[proposer, state]
            by.append(1 - open_still.mean())
            state = (rows[state] > rng.uniform(size=histories)[:, None]).argmax(axis=1)
        found = sim.forecast(scenario, draws=1)
        exact = found.by[:, 0]
        error = np.sqrt(exact * (1 - exact) / histories)
        assert (np.abs(np.array(by) - exact) <= 3 * error + 1e-12).all()

    def test_histories_of_the_forecast_agree(self, small):
        """Its own histories, over all draws: every one is counted at the chance of its draw."""
        found = sim.forecast(small(), draws=16)
        told = found.simulate(100_000, rng=1)
        exact = found.by.mean(axis=1)
        error = np.sqrt(exact * (1 - exact) / 100_000)
        assert (np.abs(told.by - exact) <= 3 * error + 1e-12).all()
        again = found.simulate(50, rng=2)
        frame = again.to_frame()
        assert (frame.loc[frame.year == 2030, "mood"] == "hostile").all()
        assert frame.loc[frame.year == 2049, "treaty"].sum() == (again.signed >= 0).sum()
        assert (again.levels["mood"] == found.simulate(50, rng=2).levels["mood"]).all()
        assert {bool(d) for d, s in zip(again.deal, again.signed, strict=True) if s >= 0} <= {True}

    def test_bounds_hold_what_is_played(self, small):
        found = sim.forecast(small(), draws=24)
        assert (found.certain <= found.by + 1e-12).all()
        assert (found.by <= found.possible + 1e-12).all()
        assert (np.diff(found.by, axis=0) >= -1e-12).all()

    def test_shares_of_obstacles_add_up(self, small):
        found = sim.forecast(small(), draws=24)
        total = sum(found.obstacles.values())
        assert np.allclose(total[total > 0], 1.0)
        assert found.obstacles["only b"][0] == 1.0  # hostile: b's house and b's gain, nothing of a

    def test_the_first_line_counts_sources(self, small):
        found = sim.forecast(small(), draws=16)
        assert (found.sourced, found.rates) == (2, 5)
        assert str(found).splitlines()[1].startswith("2 of 5 transition rates are sourced")

    def test_without_a_future_it_is_the_static_game(self, small):
        found = sim.forecast(small(d=0.0), draws=24)
        assert (found.by == found.static).all()

    def test_a_last_year_ends_it(self, small):
        found = sim.forecast(small(**{"report: 20": "report: 20\n  ends: 2034"}), draws=16)
        assert (found.by[5:] == found.by[4]).all()

    def test_same_seed_same_bytes(self, small):
        one, two = (sim.forecast(small(), draws=8, seed=3) for _ in range(2))
        assert (one.by == two.by).all()
        assert not (one.by == sim.forecast(small(), draws=8, seed=4).by).all()

    def test_years_outside_are_refused(self, small):
        with pytest.raises(sim.SimError, match="runs from 2030 to 2049"):
            sim.forecast(small(), draws=4).row(2060)

    def test_as_a_table(self, small):
        frame = sim.forecast(small(), draws=16).to_frame()
        assert list(frame.index) == list(range(2030, 2050))
        assert (frame["certain"] <= frame["possible"] + 1e-12).all()


class TestScore:
    """What came, and how much chance it had been given."""

    def test_no_treaty(self, small):
        came = "report: 20\n  came: {until: 2040}"
        found = sim.forecast(small(**{"report: 20": came}), draws=16)
        score = found.score
        assert score.given == 1 - found.by[10].mean()
        assert score.log == -np.log(score.given)
        assert score.base == 1 - found.outside[2040]
        assert "What came: no treaty until the end of 2040" in str(found)

    def test_a_treaty_in_some_year(self, small):
        came = "report: 20\n  outside: claims\n  came: {until: 2049, treaty: 2033}"
        found = sim.forecast(small(**{"report: 20": came}), draws=16)
        assert abs(found.score.given - (found.by[3] - found.by[2]).mean()) < 1e-15
        assert found.outside_class == "claims"
        first = sim.forecast(small(**{"report: 20": came.replace("2033", "2030")}), draws=16)
        assert first.score.given == first.by[0].mean()

    def test_nothing_is_known_yet(self, small):
        assert sim.forecast(small(), draws=4).score is None

    def test_outside_of_the_years(self, small):
        with pytest.raises(sim.SimError, match="what came must lie in the years reported"):
            small(**{"report: 20": "report: 20\n  came: {until: 2050}"})

    def test_scoreboard(self, small, tmp_path, capsys):
        came = "report: 20\n  came: {until: 2040}"
        past = small(**{"report: 20": came})
        (tmp_path / "past.yaml").write_text(past.resolved + "\nobserved: {outcome: none}\n")
        command = ["backcast", str(tmp_path), "--points", "8", "--forecasts", "16", "--json"]
        run(command)
        answer = json.loads(capsys.readouterr().out)
        expected = sim.forecast(past, draws=16).score
        assert answer["forecasts"]["past.yaml"]["given"] == expected.given

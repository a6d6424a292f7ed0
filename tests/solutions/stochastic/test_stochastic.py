"""Stochastic and repeated games: closed forms, brute force, and what two other programs say."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import sim
from sim.errors import NotDefinedError, SimError
from sim.games.files.stochastic import sgamesolver_table
from sim.games.in_time.stochastic import StochasticGame
from sim.solutions.stochastic._box import box_of
from sim.solutions.stochastic.grim_trigger import grim_trigger
from sim.solutions.stochastic.markov_perfect import markov_perfect, one_shot_regret, policy_values
from sim.solutions.stochastic.payoff_set import payoff_set

HERE = Path(__file__).parent
CLASSICS = Path(__file__).parents[3] / "scenarios" / "classics"
DILEMMA = [[3, 0], [4, 1]], [[3, 4], [0, 1]]


def random_game(seed: int) -> StochasticGame:
    """One to three states, up to three actions each, numbers of actions that differ from state to state."""
    rng = np.random.default_rng([50, seed])
    count = int(rng.integers(1, 4))
    shapes = [tuple(int(x) for x in rng.integers(1, 4, 2)) for _ in range(count)]
    payoffs = [rng.integers(-5, 6, (2, *shape)).astype(float) for shape in shapes]
    moves = [rng.dirichlet(np.ones(count), shape) for shape in shapes]
    return StochasticGame(
        actors=("a", "b"),
        states=tuple(f"s{k}" for k in range(count)),
        actions=tuple(tuple(tuple(map(str, range(n))) for n in shape) for shape in shapes),
        payoffs=tuple(payoffs),
        moves=tuple(moves),
        discount=rng.choice([0.3, 0.6, 0.9], 2),
    )


def brute_force(game: StochasticGame) -> list[tuple]:
    """All pure Markov equilibria, values by summing 400 periods, every action of everybody tried."""
    found = []
    for policy in product(*(game.profiles(s) for s in range(len(game.states)))):
        value = np.zeros((2, len(policy)))
        for _ in range(400):
            value = np.array(
                [[game.worth(i, s, value[i])[a] for s, a in enumerate(policy)] for i in range(2)]
            )
        gains = [
            game.worth(i, s, value[i])[tuple(np.where(np.arange(2) == i, k, a))] - value[i, s]
            for s, a in enumerate(policy)
            for i in range(2)
            for k in range(game.shape(s)[i])
        ]
        if max(gains) <= 1e-9:
            found.append(policy)
    return found


class TestMarkovPerfect:
    @pytest.mark.parametrize("seed", range(6))
    def test_the_list_is_what_brute_force_finds(self, seed):
        game = random_game(seed)
        if np.prod([len(game.profiles(s)) for s in range(len(game.states))]) > 200:
            pytest.skip("many profiles")
        found = markov_perfect(game)
        assert found.exhaustive
        assert len(found.members) == len(brute_force(game))
        assert all(m.regret < 1e-8 for m in found.members)

    def test_another_program_lies_in_the_box_and_in_the_list(self):
        """One equilibrium of each of 50 games by sgamesolver 1.0.2 (its tracing), regrets computed here."""
        pure = 0
        for entry in json.loads((HERE / "sgamesolver.json").read_text()):
            game = random_game(entry["seed"])
            mixes = [[np.array(mix) for mix in state] for state in entry["strategies"]]
            values = mixed_values(game, mixes)
            box = box_of(game)
            assert mixed_regret(game, mixes, values) < 1e-4
            assert (values >= box.lower - 1e-4).all(), entry["seed"]
            assert (values <= box.upper + 1e-4).all(), entry["seed"]
            if all(mix.max() > 1 - 1e-5 for state in mixes for mix in state):
                policy = tuple(tuple(int(m.argmax()) for m in state) for state in mixes)
                assert (one_shot_regret(game, policy, policy_values(game, policy)) < 1e-6).all()
                listed = [
                    np.array([[v[s][a] for s in game.states] for a in game.actors])
                    for m in markov_perfect(game).members
                    for v in [m.extra["values"]]
                ]
                assert min(np.abs(v - values).max() for v in listed) < 1e-4
                pure += 1
        assert pure >= 10


def mixed_values(game: StochasticGame, mixes: list) -> np.ndarray:
    """Values of mixed Markov strategies by a linear system."""
    out = np.empty((2, len(mixes)))
    joint = [np.outer(a, b) for a, b in mixes]
    moves = np.stack([np.einsum("ab,abt->t", j, m) for j, m in zip(joint, game.moves, strict=True)])
    for i, d in enumerate(game.discount):
        now = np.array([(j * p[i]).sum() for j, p in zip(joint, game.payoffs, strict=True)])
        out[i] = np.linalg.solve(np.eye(len(mixes)) - d * moves, (1 - d) * now)
    return out


def mixed_regret(game: StochasticGame, mixes: list, values: np.ndarray) -> float:
    """The most that anybody gains by one other action in some state."""
    worst = 0.0
    for s, (a, b) in enumerate(mixes):
        for i, own in enumerate((game.worth(0, s, values[0]) @ b, a @ game.worth(1, s, values[1]))):
            worst = max(worst, float(own.max() - values[i, s]))
    return worst


class TestPayoffSet:
    @pytest.mark.parametrize("patience", [0.34, 0.5, 0.9])
    def test_folk_theorem(self, patience):
        """From 1/3 on every payoff that is feasible and individually rational is one of the dilemma's."""
        found = payoff_set(StochasticGame.repeated(*DILEMMA, patience))
        corners = sorted(tuple(m.payoffs.values()) for m in found.members)
        expected = [(1, 1), (1, 11 / 3), (3, 3), (11 / 3, 1)]
        assert (
            np.abs(np.array(corners) - expected).max() < 1e-5 if patience > 0.35 else len(corners)
        )
        assert found.members[0].extra["gap"] < 1e-2

    def test_little_patience(self):
        found = payoff_set(StochasticGame.repeated(*DILEMMA, 0.3))
        assert [m.payoffs for m in found.members] == [{"row": 1.0, "column": 1.0}]

    def test_another_program(self):
        """Corners by QuantEcon 0.11.4 (Abreu and Sannikov): inside the outer set, which is hardly larger."""
        for entry in json.loads((HERE / "quantecon.json").read_text()):
            row, column = np.array(entry["row"], float), np.array(entry["column"], float).T
            found = payoff_set(
                StochasticGame.repeated(row, column, entry["discount"]), directions=128
            )
            outer = np.array([list(m.payoffs.values()) for m in found.members])
            angles = np.linspace(0, 2 * np.pi, 33)
            normals = np.stack([np.cos(angles), np.sin(angles)])
            reach = (outer @ normals).max(axis=0) - (np.array(entry["corners"]) @ normals).max(
                axis=0
            )
            scale = max(np.ptp(row), np.ptp(column))
            assert reach.min() > -1e-4 * scale, entry
            assert reach.max() < 0.02 * scale, entry

    def test_what_it_is_not_defined_on(self):
        one = random_game(0)
        with pytest.raises(NotDefinedError, match="one discount factor for both"):
            payoff_set(StochasticGame(**{**fields(one), "discount": np.array([0.3, 0.6])}))


def fields(game: StochasticGame) -> dict:
    names = ("actors", "states", "actions", "payoffs", "moves", "discount", "start")
    return {name: getattr(game, name) for name in names}


class TestGrimTrigger:
    def test_friedman(self):
        """5, 3, 1, 0: restraint lasts from (5 - 3) / (5 - 1) = 0.5 on."""
        found = sim.solve(sim.load(CLASSICS / "repeated-dilemma.yaml"), "grim_trigger")[0]
        thresholds = {next(iter(m.strategies["row"])): m.extra for m in found.members}
        assert thresholds["restrain"]["from_discount"] == 0.5
        assert thresholds["restrain"]["sustained"]
        assert thresholds["arm"]["from_discount"] == 0.0

    def test_without_a_pure_stage_equilibrium(self):
        with pytest.raises(NotDefinedError, match="no pure equilibrium to revert to"):
            grim_trigger(StochasticGame.repeated([[1, -1], [-1, 1]], [[-1, 1], [1, -1]], 0.9))


class TestFiles:
    @pytest.mark.parametrize(("later", "move"), [(0.3388, "accept"), (0.3389, "attack")])
    def test_preventive_war(self, later, move):
        """Fearon (1995): b attacks above (today + cost (1 - d)^2) / d = 0.338889."""
        s = sim.load(CLASSICS / "preventive-war-in-time.yaml").with_values({"later": later})
        (found,) = sim.solve(s, "markov_perfect")
        assert [m.strategies for m in found.members] == [{"b in before": {move: 1.0}}]
        assert found.exhaustive

    def test_table_for_sgamesolver(self):
        rows = sgamesolver_table(random_game(3))
        assert len(rows) == 1 + sum(
            len(random_game(3).profiles(s)) for s in range(len(random_game(3).states))
        )
        assert all(
            abs(sum(v for k, v in r.items() if k.startswith("phi_")) - 1) < 1e-9 for r in rows[1:]
        )

    @pytest.mark.parametrize(
        ("old", "new", "words"),
        [
            ("arm, arm: {", "arm, harm: {", "'arm, harm' is not a profile; did you mean 'arm, arm'?"),
            ("        arm, arm: {payoffs: {row: 1, column: 1}}\n", "", "'arm, arm' is missing"),
            ("{row: 5, column: 0}}", "{row: 5, colum: 0}}", "unknown actor 'colum'"),
            ("{row: 5, column: 0}}", "{row: 5}, then: {alway: 1}}", "unknown state 'alway'"),
            ("{row: 5, column: 0}}", "{row: 5}, then: {always: 0.5}}", "add up to 0.5"),
            ("discount: patience", "discount: patience + 1", "a discount factor lies in [0, 1)"),
            ("discount: patience", "discount: pateince", "unknown name 'pateince'"),
        ],
    )  # fmt: skip
    def test_bad_input(self, old, new, words):
        text = (CLASSICS / "repeated-dilemma.yaml").read_text()
        assert old in text
        with pytest.raises(SimError) as error:
            sim.solve(sim.loads(text.replace(old, new)), "markov_perfect")
        assert words in str(error.value)


def test_a_box_of_payoffs_is_printed(capsys):
    """Its bounds are by state, those of a core by player: both are printed."""
    from sim.cli import run

    assert run(["solve", "classics/preventive-war-in-time", "--concept", "payoff_box"]) == 0
    said = capsys.readouterr().out
    assert "in before: a 0.3 to 0.3, b 0.65 to 0.65" in said
    assert "no equilibrium plays, in before: b: accept" in said
    assert run(["solve", "classics/glove-game", "--concept", "core"]) == 0
    assert "in the core" in capsys.readouterr().out

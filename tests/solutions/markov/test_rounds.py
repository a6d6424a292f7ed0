"""Rounds against a walk through the tree, closed forms, the games that they contain, and their limit."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sim
from sim.errors import TooLargeError
from sim.expressions import parse
from sim.feasibility.evaluate import evaluate, prepare
from sim.feasibility.in_rounds import predict_in_rounds
from sim.feasibility.prediction import predict
from sim.games.in_time.markov_bargaining import MarkovBargaining
from sim.games.in_time.rounds import RoundGame
from sim.games.outcomes import outcomes_of
from sim.solutions.markov import rounds as room
from sim.solutions.markov.equilibrium_box import equilibrium_box
from sim.solutions.markov.perfect import iterate
from sim.solutions.markov.pure_stationary import pure_stationary
from sim.solutions.markov.rounds import Ends, of_all, play_rounds
from tests.solutions.markov.rounds_slowly import random_small


def ends_of(scenario: sim.Scenario) -> tuple[Any, Ends]:
    """The rounds of a scenario, and what they end in at its values."""
    game = prepare(scenario).rounds
    batch = game.dispute.at(game.dispute.point())
    outcomes = [outcomes_of(kind, batch) for kind in game.kinds]
    names = scenario.document.principals
    factors = of_all(outcomes[0].actors, names, game.factors(batch))
    return game, play_rounds(game.kinds, outcomes, game.order, factors)[0]


def loaded(data: dict[str, Any]) -> sim.Scenario:
    """A scenario from plain data; JSON is YAML."""
    return sim.loads(json.dumps(data))


def compare(seed: int) -> bool:
    """Whether a random dispute has ends at all; they must be those of the definition."""
    small = random_small(seed)
    game, ends = ends_of(loaded(small.text()))
    wanted = small.play()
    if small.unsolved:
        assert not ends.solved[0]
        return False
    columns = game.dispute.shape[1]
    profiles = [tuple(int(k) for k in row) for row in game.dispute.profiles]
    found = set()
    for k in np.flatnonzero(ends.alive[:, 0]):
        agreement, profile = divmod(int(ends.row[k, 0]), columns)
        value = tuple(np.round(ends.value[: len(small.principals), k, 0], 9))
        found.add((agreement, profiles[profile], int(ends.signed[k, 0]), value))
    exact = {(a, s, t, tuple(round(float(x), 9) for x in v)) for a, s, t, v in wanted}
    assert found == exact, f"seed {seed}"
    prediction = evaluate(prepare(loaded(small.text())), np.zeros((0, 1))).prediction
    assert prediction is not None
    assert int(prediction.count[0]) == len({o[:3] for o in wanted})
    assert bool(prediction.treaty[0]) == any(o[0] for o in wanted)
    return True


def test_the_ends_are_those_of_the_definition():
    assert sum(compare(seed) for seed in range(24)) > 20


@pytest.mark.slow
def test_the_ends_are_those_of_the_definition_on_many():
    assert sum(compare(seed) for seed in range(24, 640)) > 400


# --- closed forms -------------------------------------------------------------------------------------------


def pie(steps: int, first: float, second: float, rounds: str) -> sim.Scenario:
    """A pie in equal steps between two, with their discount factors."""
    shares = ", ".join(f"s{k}: {{signed: 1, share: {k / steps!r}}}" for k in range(steps + 1))
    return sim.loads(
        f"issues: {{pie: {{none: {{}}, {shares}}}}}\noutcomes: {{treaty: signed}}\n"
        "actors: {one: {role: principal}, two: {role: principal}}\n"
        "payoffs: {one: {x: share}, two: {x: signed - share}}\n"
        f"game: {{rounds: {rounds}, discount: {{one: {first!r}, two: {second!r}}}}}\n"
    )


@pytest.mark.parametrize("rounds", [1, 2, 3, 4])
@pytest.mark.parametrize(("one", "two"), [(0.5, 0.5), (0.75, 0.5), (0.5, 1.0), (1.0, 1.0)])
def test_finite_rounds_divide_a_pie_as_stahl_says(rounds, one, two):
    """Stahl (1972): whoever proposes leaves the other what waiting is worth to it; exact on this grid."""
    steps, factor = 1024, (two, one)
    share = 0.0  # of whoever proposes, from the last round on
    for k in reversed(range(rounds)):
        share = 1 - factor[k % 2] * share
    _, ends = ends_of(pie(steps, one, two, f"{{turns: [one, two], times: {rounds}}}"))
    found = ends.value[0][ends.alive]
    assert np.abs(found - share).min() < 1e-12
    assert np.abs(found - share).max() <= rounds / steps  # ties at the edge of each round's offer
    assert set(ends.signed[ends.alive]) <= set(range(rounds))


@pytest.mark.parametrize(("one", "two"), [(0.9, 0.8), (0.6, 0.95), (0.5, 0.5)])
def test_rounds_for_ever_divide_a_pie_as_rubinstein_says(one, two):
    """Rubinstein (1982): the first proposer has (1 - d2) / (1 - d1 d2)."""
    steps = 2000
    scenario = pie(steps, one, two, "{turns: [one, two], for_ever: true}")
    prediction = evaluate(prepare(scenario), np.zeros((0, 1))).prediction
    assert prediction is not None
    wanted = (1 - two) / (1 - one * two)
    # a step of the pie moves the limit by at most step / (1 - d1 d2) and a step of the offer itself
    room = (1 / (1 - one * two) + 1) / steps
    assert abs(float(prediction.payoffs["one"][0]) - wanted) <= room
    assert prediction.round is not None
    assert int(prediction.round[0]) == 0


def test_many_rounds_come_near_rounds_for_ever():
    """Alternating offers with 0.9 and 0.8: the share of the finite game converges to 0.714286."""
    _, ends = ends_of(pie(500, 0.9, 0.8, "{turns: [one, two], times: 61}"))
    found = ends.value[0][ends.alive]
    assert np.abs(found - 0.2 / 0.28).max() <= 61 / 500
    assert np.abs(found - 0.2 / 0.28).min() <= 0.01


# --- the games that rounds contain --------------------------------------------------------------------------

SHIPPED = Path(__file__).parents[3] / "scenarios"


def shipped_offers() -> list[str]:
    """Every shipped dispute whose game is one offer with its replies, ratified for certain."""
    out = []
    for file in sorted(SHIPPED.glob("*/*.yaml")):
        text = file.read_text()
        if "kuril" in str(file) or "offer:" in text or "protocol: ultimatum" in text:
            out.append(str(file.relative_to(SHIPPED)))
    return out


@pytest.mark.parametrize("name", shipped_offers())
def test_one_round_is_the_present_game(name):
    """Bit for bit, at the file's values and at drawn ones."""
    scenario = sim.load(SHIPPED / name)
    document = scenario.document
    if document.form != "dispute" or document.private or document.game is None:
        pytest.skip("no game in stages")
    if document.game.rounds is not None:
        pytest.skip("several rounds")
    rng = np.random.default_rng(5)
    paths = [p for p in scenario.movable() if document.parameters[p].range is not None]
    problem = prepare(scenario, paths)
    game = problem.game
    assert game is not None
    if game.noise is not None or game.reneging:
        pytest.skip("ratified by chance, or broken: rounds know neither")
    spans = np.array([document.parameters[p].range for p in paths]).reshape(-1, 2)
    theta = rng.uniform(spans[:, :1], spans[:, 1:], (len(paths), 6))
    theta[:, 0] = [document.parameters[p].value for p in paths]
    one = RoundGame(
        problem.dispute, (game,), (0,), False, {a: parse("0.5") for a in document.principals}
    )
    batch = problem.dispute.at(theta)
    now, then = predict_in_rounds(one, batch), predict(game, batch)
    for field in ("agreement", "profile", "outcome_class", "count", "in_every", "treaty", "chance"):
        assert np.array_equal(getattr(now, field), getattr(then, field)), field
    for actor, payoff in then.payoffs.items():
        assert np.array_equal(now.payoffs[actor], payoff, equal_nan=True)


def patient(seed: int) -> tuple[sim.Scenario, sim.Scenario]:
    """The same dispute without third parties or voids, in rounds at no cost and in stages."""
    small = random_small(seed)
    small.third, small.mood, small.rounds = [], [], small.rounds[:2]
    small.slack = [0] * len(small.slack)
    small.discount = [Fraction(1)] * len(small.principals)
    data = small.text()
    return loaded(data), loaded(data | {"game": data["game"]["rounds"]})


@pytest.mark.parametrize("seed", range(25))
def test_rounds_at_no_cost_are_stages(seed):
    """With discount 1 the rounds are a game of several offers, which the definition of stages solves too."""
    in_rounds, in_stages = patient(seed)
    one, two = (evaluate(prepare(s), np.zeros((0, 1))).prediction for s in (in_rounds, in_stages))
    _, ends = ends_of(in_rounds)
    assert one is not None
    assert two is not None
    (solution,) = sim.solve(in_stages, "subgame_perfect")
    assert {m.outcome for m in solution.members} == {
        in_rounds_label(in_rounds, int(row)) for row in ends.row[ends.alive]
    }
    for name in ("outcome_class", "in_every", "treaty"):
        assert getattr(one, name)[0] == getattr(two, name)[0]


def in_rounds_label(scenario: sim.Scenario, row: int) -> str:
    """The agreement of an outcome of a dispute without third parties."""
    return prepare(scenario).dispute.space.label(row)


def test_at_no_cost_the_last_mover_takes_all():
    for rounds in (2, 3, 5):
        _, ends = ends_of(pie(8, 1.0, 1.0, f"{{turns: [one, two], times: {rounds}}}"))
        own = ends.value[0 if rounds % 2 else 1][ends.alive]
        assert own.max() == 1.0
        assert own.min() >= 1 - rounds / 8


# --- for ever -----------------------------------------------------------------------------------------------


def turn_by_turn(seed: int) -> tuple[sim.Scenario, dict[str, Any], MarkovBargaining]:
    """Rounds for ever without ties, the same file's data, and a world whose state is whose turn it is."""
    rng = np.random.default_rng(seed)
    count, d = int(rng.integers(2, 6)), rng.uniform(0.3, 0.95, 2)
    payoffs = np.concatenate([np.zeros((2, 1)), rng.uniform(-1, 2, (2, count - 1))], axis=1)
    stands = np.concatenate([[True], rng.random(count - 1) < 0.7])
    data = {
        "issues": {
            "deal": {
                f"p{a}": {
                    "signed": int(a > 0),
                    "mine": float(payoffs[0, a]),
                    "yours": float(payoffs[1, a]),
                    "fine": int(stands[a]),
                }
                for a in range(count)
            }
        },
        "outcomes": {"treaty": "signed"},
        "actors": {"one": {"role": "principal"}, "two": {"role": "principal"}},
        "payoffs": {"one": {"x": "mine"}, "two": {"x": "yours"}},
        "domestic": {"two": {"house": {"type": "veto_player", "utility": "fine - 0.5"}}},
        "game": {
            "rounds": {"turns": ["one", "two"], "for_ever": True},
            "discount": {"one": float(d[0]), "two": float(d[1])},
        },
    }
    world = MarkovBargaining(
        deals=np.repeat(payoffs[:, 1:, None, None], 2, axis=2),
        open=np.repeat(stands[1:, None, None], 2, axis=1),
        interim=np.zeros((2, 1, 2, 1)),
        interim_open=np.ones((1, 2, 1), dtype=bool),
        recognition=np.eye(2)[:, :, None],
        transition=np.array([[0.0, 1.0], [1.0, 0.0]])[..., None],
        discount=d[:, None],
        scales=np.array([max(float(np.ptp(row)), 1e-9) for row in payoffs]),
    )
    return loaded(data), data, world


@pytest.mark.parametrize("seed", range(8))
def test_rounds_for_ever_are_a_world_whose_state_is_the_turn_and_the_limit_of_finite_ones(seed):
    scenario, data, world = turn_by_turn(seed)
    (solution,) = sim.solve(scenario, "subgame_perfect")
    found, box = iterate(world), equilibrium_box(world)
    if box.closed(world.scales)[0] and found.settled[0]:
        values = found.period.values[:, 0, 0]
        (member,) = solution.members
        assert np.allclose(list(member.payoffs.values()), values, atol=1e-9)
        assert solution.exhaustive
        rounds = {"turns": ["one", "two"], "times": 300}
        _, ends = ends_of(loaded(data | {"game": data["game"] | {"rounds": rounds}}))
        assert np.allclose(ends.value[:, 0, 0], values, atol=1e-6)
    else:
        assert not solution.exhaustive
    listed = pure_stationary(world)
    for values in listed.values:
        assert any(
            np.allclose(list(m.payoffs.values()), values[:, 0], atol=1e-7) for m in solution.members
        )
    assert all((m.regret or 0.0) <= 1e-8 for m in solution.members)


@pytest.mark.parametrize("seed", [1, 3, 5, 7, 11, 15])
def test_rounds_for_ever_are_the_limit_with_voids_and_third_parties_too(seed):
    """Two or three principals, third parties that void what they oppose; payoffs that do not tie."""
    small, rng = random_small(seed), np.random.default_rng(seed)
    small.menu, small.slack = 99, [0, *(x + 0.25 for x in small.slack[1:])]
    small.payoffs = [
        [0, *(float(x + rng.uniform(-0.4, 0.4)) for x in row[1:])] for row in small.payoffs
    ]
    small.mood = [
        (float(a + rng.uniform(-0.3, 0.3)), float(b + rng.uniform(-0.3, 0.3)))
        for a, b in small.mood
    ]
    data = small.text()
    factors = {name: float(rng.uniform(0.2, 0.9)) for name in small.principals}
    turns = {"turns": small.principals}
    ever = data | {"game": {"rounds": turns | {"for_ever": True}, "discount": factors}}
    (solution,) = sim.solve(loaded(ever), "subgame_perfect")
    assert solution.exhaustive
    wanted = [solution.members[0].payoffs[name] for name in small.principals]
    times = 60 * len(small.principals)
    game, ends = ends_of(
        loaded(data | {"game": {"rounds": turns | {"times": times}, "discount": factors}})
    )
    found = ends.value[: len(wanted), ends.alive[:, 0], 0]
    assert np.allclose(found, np.array(wanted)[:, None], atol=1e-5)
    (member,) = solution.members
    row = int(ends.row[0, 0])
    assert member.outcome == game.dispute.space.label(row // game.dispute.shape[1])


def test_rounds_for_ever_are_not_always_settled_by_the_box():
    """Two indivisible deals, each the favourite of one side: several equilibria, and it says so."""
    scenario = sim.loads(
        "issues: {deal: {none: {}, mine: {signed: 1, a: 1, b: 0.85}, yours: {signed: 1, a: 0.85, b: 1}}}\n"
        "outcomes: {treaty: signed}\nactors: {one: {role: principal}, two: {role: principal}}\n"
        "payoffs: {one: {x: a}, two: {x: b}}\n"
        "game: {rounds: {turns: [one, two], for_ever: true}, discount: {one: 0.95, two: 0.95}}\n"
    )
    (solution,) = sim.solve(scenario, "subgame_perfect")
    assert not solution.exhaustive
    assert "all pure stationary equilibria" in solution.note
    # by hand: 'mine' always, 'yours' always (0.85 >= 0.95 * 0.85 for whoever gives in and 0.85 < 0.95 * 1)
    assert {m.outcome for m in solution.members} == {"mine", "yours"}


def test_points_with_many_ends_are_taken_in_turn(monkeypatch):
    """An indifferent third party leaves 2, 4, 8 ... outcomes: pieces of the points say the same as all."""
    scenario = sim.loads(
        "parameters: {k: {value: 1, range: [0.5, 1.5]}}\n"
        "issues: {deal: {no: {}, yes: {signed: 1}}}\noutcomes: {treaty: signed}\n"
        "actors:\n  a: {role: principal}\n  b: {role: principal}\n"
        "  c: {role: third party, stances: {quiet: {}, loud: {n: 1}}}\n"
        "payoffs: {a: {x: -signed*k - 0.1*n}, b: {x: signed}, c: {x: 0*n}}\n"
        "game: {rounds: {turns: [a, b], times: 5}, discount: {a: 0.9, b: 0.8}}\n"
    )
    problem, theta = prepare(scenario, ["k"]), np.linspace(-1, 1, 9)[None]
    whole = evaluate(problem, theta).prediction
    monkeypatch.setattr(room, "MOST_CELLS", 600)
    pieces = evaluate(problem, theta).prediction
    assert whole is not None
    assert pieces is not None
    for field in ("agreement", "profile", "count", "in_every", "treaty", "round"):
        assert np.array_equal(getattr(whole, field), getattr(pieces, field)), field
    long = sim.loads(scenario.resolved.replace("times: 5", "times: 30"))
    with pytest.raises(TooLargeError, match="equilibrium outcomes at a point"):
        evaluate(prepare(long), np.zeros((0, 1)))

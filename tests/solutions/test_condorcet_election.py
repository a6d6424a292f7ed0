"""The probabilistic Condorcet election: KTAB's printed turn 0, the definition, and a slow reference."""

import json
from math import prod, sqrt

import numpy as np
import pytest
import sim
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.cli import run
from sim.errors import ScenarioError, UsageError
from sim.games.spatial import SpatialGame
from sim.solutions.spatial.condorcet_election import condorcet_election

# KAPSARC KTAB, examples/smp/doc/20170530_ref-SOE-Pol-Comp.txt: 13 actors, 2 dimensions, conditional,
# proportional voting; capability, position, salience, and the printed risk attitude and probability
KTAB = [
    ("XJ", 100, [30, 20], [24, 48], 1.0, 0.0618),
    ("LK", 60.2, [45, 65], [44.7, 41.3], -0.498, 0.0156),
    ("ZG", 35, [30, 15], [28.9, 65.1], -0.452, 0.0117),
    ("MK", 35, [45, 45], [20.6, 49.4], 0.362, 0.4340),
    ("LH", 40, [50, 65], [44.7, 47.8], -0.500, 0.0028),
    ("XS", 20, [15, 10], [32, 32], -0.500, 0.0000),
    ("NEA", 15, [20, 15], [32, 32], -0.497, 0.0020),
    ("MLR", 25, [60, 50], [43.9, 50.1], -0.499, 0.0013),
    ("MEP", 20, [30, 15], [26.4, 17.6], -0.452, 0.0117),
    ("MOF", 35, [45, 40], [35.9, 46.6], 0.643, 0.2481),
    ("SHX", 20, [50, 50], [44.7, 47.8], -0.383, 0.1533),
    ("HLJ", 20, [20, 30], [47.4, 40.6], -0.196, 0.0689),
    ("WY", 40, [15, 60], [49, 46], -0.500, 0.0005),
]


def ktab_file():
    rows = [
        f"    {name}: {{position: {x}, capability: {w}, salience: {s}}}"
        for name, w, x, s, _, _ in KTAB
    ]
    return "\n".join(["spatial:", "  scale: [[0, 100], [0, 100]]", "  actors:", *rows])


def test_turn_0_of_the_state_owned_enterprise_reform():
    (solution,) = sim.solve(sim.loads(ktab_file()))
    (found,) = solution.equilibria
    chance = found.extra["by_actor"]["chance of its position"]
    attitude = found.extra["by_actor"]["risk attitude"]
    for name, *_, risk, probability in KTAB:
        assert chance[name] == pytest.approx(probability, abs=6e-5), name
        assert attitude[name] == pytest.approx(risk, abs=6e-4), name
    assert found.agreement["ZG & MEP"] == pytest.approx(0.0117, abs=6e-5)
    assert sum(found.agreement.values()) == pytest.approx(1)


def slowly(ideals, weights, span, voting):
    """Chances from the definition, in plain Python, without risk attitudes, one dimension."""
    value = [[1 - abs(a - b) / span for b in ideals] for a in ideals]

    def support(i, j):
        gains = [(w, v[i] - v[j]) for w, v in zip(weights, value, strict=True)]
        return sum(w * (g if voting == "proportional" else 1) for w, g in gains if g > 0) + 1e-8

    size = range(len(ideals))
    beats = [
        [0.5 if i == j else support(i, j) / (support(i, j) + support(j, i)) for j in size]
        for i in size
    ]
    weight = [prod(row) for row in beats]
    return [w / sum(weight) for w in weight], beats


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(0, 10), min_size=2, max_size=6, unique=True),
    st.data(),
    st.sampled_from(["proportional", "binary"]),
)
def test_against_the_definition(ideals, data, voting):
    weights = data.draw(st.lists(st.integers(1, 9), min_size=len(ideals), max_size=len(ideals)))
    game = SpatialGame.on_line(ideals, weights=weights)
    found = condorcet_election(game, voting=voting, risk=False).equilibria[0]
    span = max(ideals) - min(ideals)
    chance, beats = slowly(ideals, weights, span, voting)
    assert list(found.agreement.values()) == pytest.approx(chance, abs=1e-9)
    for i, row in enumerate(found.extra["victories"].values()):
        assert list(row.values()) == pytest.approx(beats[i])
    assert found.extra["mean"] == pytest.approx(
        [sum(p * x for p, x in zip(chance, ideals, strict=True))]
    )


@pytest.mark.parametrize("process", ["uniform", "incentive"])
def test_chains_of_challenges_are_stationary(process):
    """By hand for two options: each is called against the other; the flows balance."""
    game = SpatialGame.on_line([0, 1], weights=[3, 1])
    found = condorcet_election(game, process=process, risk=False).equilibria[0]
    assert found.agreement["actor 1"] == pytest.approx(0.75, abs=1e-6)
    three = SpatialGame.on_line([0, 0.4, 1], weights=[1, 1, 1])
    best = condorcet_election(three, process=process, risk=False).equilibria[0].agreement
    assert max(best, key=best.get) == "actor 2"


def test_one_position_for_all():
    found = condorcet_election(SpatialGame.on_line([2, 2])).equilibria[0]
    assert found.agreement == {"actor 1 & actor 2": 1.0}


def test_options_and_table_from_the_command(tmp_path, capsys):
    path = tmp_path / "ktab.yaml"
    path.write_text(ktab_file())
    assert (
        run(["solve", str(path), "--option", "condorcet_election.process=uniform", "--json"]) == 0
    )
    (result,) = json.loads(capsys.readouterr().out)["results"]
    assert result["parameters"]["process"] == "uniform"
    assert run(["solve", str(path), "--option", "condorcet_election.process=always"]) == 2
    assert "is not one of conditional, uniform, incentive" in capsys.readouterr().err
    assert run(["solve", str(path)]) == 0
    assert "risk attitude" in capsys.readouterr().out
    assert run(["solve", str(path), "--concept", "weighted_mean"]) == 2
    assert "is defined on one dimension" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("[45, 65]", "[45]"), "actors.LK.position: 2 numbers are needed"),
        (("[44.7, 41.3]", "[44.7, 41.3, 1]"), "actors.LK.salience: 2 numbers are needed"),
        (("[[0, 100], [0, 100]]", "[0, 100]"), "scale: the ends [low, high] of each dimension"),
    ],
)
def test_dimensions_must_agree(change, words):
    with pytest.raises(ScenarioError) as error:
        sim.loads(ktab_file().replace(*change, 1))
    assert words in str(error.value)


# --- the setter before a win-set in several dimensions ---


def space(actors, more):
    rows = ", ".join(f"{name}: {{position: {x}}}" for name, x in actors.items())
    return sim.loads(f"spatial: {{actors: {{{rows}}}, {more}}}")


def test_the_setter_before_one_veto_player_in_two_dimensions():
    """By hand: the nearest point of the circle of radius 1 around (1, 1) to (0, 0) is 1 - 1/sqrt 2."""
    scenario = space(
        {"setter": [0, 0], "v": [1, 1]}, "status_quo: [2, 1], setter: setter, veto: [v]"
    )
    (found,) = sim.solve(scenario, "agenda_setter")[0].equilibria
    assert found.extra["position"] == pytest.approx([1 - 1 / sqrt(2)] * 2, abs=1e-12)
    ends = [m.extra["position"] for m in sim.solve(scenario, "veto_winset")[0].equilibria]
    assert sorted(map(tuple, np.round(ends, 9))) == [(0, 1), (1, 0), (1, 2), (2, 1)]


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.integers(-4, 4), st.integers(-4, 4)), min_size=2, max_size=5),
    st.tuples(st.integers(-4, 4), st.integers(-4, 4)),
    st.integers(1, 4),
)
def test_the_setter_beats_a_grid_of_proposals(points, start, quota):
    votes = min(quota, len(points) - 1)
    actors = {f"a{k}": list(x) for k, x in enumerate(points)}
    scenario = space(actors, f"status_quo: {list(start)}, setter: a0, quota: {votes}")
    (found,) = sim.solve(scenario, "agenda_setter")[0].equilibria
    point = np.array(found.extra["position"])
    voters = np.array(points[1:], dtype=float)
    far = np.linalg.norm(voters - np.array(start), axis=1)
    assert (np.linalg.norm(voters - point, axis=1) <= far + 1e-7).sum() >= votes
    axis = np.linspace(-8, 8, 81)
    grid = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
    passes = (np.linalg.norm(grid[:, None] - voters, axis=2) <= far).sum(axis=1) >= votes
    best = np.linalg.norm(grid[passes] - np.array(points[0]), axis=1).min(initial=np.inf)
    mine = np.linalg.norm(point - np.array(points[0]))
    assert mine <= best + 1e-7
    assert mine <= np.linalg.norm(np.array(start) - np.array(points[0])) + 1e-9


def test_too_many_coalitions_are_refused():
    actors = {f"a{k}": [k, k % 7] for k in range(40)}
    with pytest.raises(sim.SimError, match="coalitions, the limit is 5,000"):
        sim.solve(space(actors, "status_quo: [50, 50], setter: a0, quota: 15"), "agenda_setter")
    with pytest.raises(UsageError, match="exceeds the 1 voters"):
        two = {"a": [0, 0], "b": [1, 1]}
        sim.solve(space(two, "status_quo: [2, 2], setter: a, quota: 2"), "agenda_setter")

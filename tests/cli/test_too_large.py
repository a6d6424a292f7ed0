"""Games beyond the limit of a complete method: refused with size, limit and a way out, or honest."""

import json

import numpy as np
import pytest
from sim.cli import run

PLAYERS = [f"p{k}" for k in range(13)]
UNANIMITY = {"coalitional": {"players": PLAYERS, "unlisted": 0, "values": {", ".join(PLAYERS): 1}}}
VOTERS = {"voting": {"weights": {f"v{k}": k + 1 for k in range(100)}, "quota": 2600}}
AGREEMENTS = {
    "bargaining": {
        "actors": ["a", "b"],
        "disagreement": {"a": 0, "b": 0},
        "agreements": {f"g{k}": {"a": k, "b": 1100 - k} for k in range(1100)},
        "offers": {"discount": 0.9},
    }
}


def table(*sizes):
    """A strategic game of random integers."""
    payoffs = np.random.default_rng(sizes).integers(-9, 10, (*sizes, len(sizes)))
    actors = {f"a{i}": [f"s{k}" for k in range(size)] for i, size in enumerate(sizes)}
    return {"strategic": {"actors": actors, "payoffs": payoffs.tolist()}}


def solve(tmp_path, game, concept, *more):
    path = tmp_path / "game.yaml"
    path.write_text(json.dumps(game))
    return run(["solve", str(path), "--concept", concept, *more])


@pytest.mark.parametrize(
    ("game", "concept", "words"),
    [
        (UNANIMITY, "core", ["13 players", "limit 12", "ask for shapley or banzhaf"]),
        (UNANIMITY, "nucleolus", ["13 players", "limit 12", "ask for shapley or banzhaf"]),
        (VOTERS, "nucleolus", ["100 players", "limit 12", "ask for shapley or banzhaf"]),
        (AGREEMENTS, "alternating_offers", ["1100 agreements", "1024", "use mode 'lottery'"]),
    ],
    ids=["core", "nucleolus", "nucleolus of voters", "offers"],
)
def test_refused_with_size_limit_and_a_way_out(tmp_path, capsys, game, concept, words):
    assert solve(tmp_path, game, concept) == 2
    said = capsys.readouterr()
    assert said.out == ""
    for word in words:
        assert word in said.err


@pytest.mark.parametrize("concept", ["shapley", "banzhaf", "core"])
def test_a_hundred_voters_are_no_problem(tmp_path, concept):
    assert solve(tmp_path, VOTERS, concept) == 0


def test_a_large_table_gives_what_is_certain_and_says_what_limits_it(tmp_path, capsys):
    assert solve(tmp_path, table(18, 18), "mixed_nash", "--json") == 0
    (result,) = json.loads(capsys.readouterr().out)["results"]
    assert (result["status"], result["complete"]) == ("limit reached", False)
    assert result["equilibria"]
    assert all(member["regret"] < 1e-9 for member in result["equilibria"])
    for word in ("18 by 18", "work limit", "raise vertex_limit or merge strategies"):
        assert word in result["note"]

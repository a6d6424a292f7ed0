"""Published strategic games through the command line: written as ``.nfg``, read, solved, compared.

The table of games is ``tests/solutions/published_strategic.json``; numbers of components and
continua stand in ``published_bimatrix.json`` and ``published_many_actors.json`` beside it, with
the sources.
"""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from sim.cli import run
from sim.games.strategic import StrategicGame
from sim.loading.nfg import write_nfg

TABLES = Path(__file__).parents[1] / "solutions"
GAMES = json.loads((TABLES / "published_strategic.json").read_text())["games"]
BIMATRIX = json.loads((TABLES / "published_bimatrix.json").read_text())["games"]
MANY = json.loads((TABLES / "published_many_actors.json").read_text())["games"]


def by_payoffs(games, tables):
    """Games by their payoff tables, so that records of the same game meet."""
    return {json.dumps(tables(game)): game for game in games}


COMPONENTS = by_payoffs(BIMATRIX, lambda g: [g["row"], g["column"]])
CONTINUA = by_payoffs(MANY, lambda g: g["payoffs"])


def outcome_body(game):
    """The game with one outcome per profile, as the other body of the format has it."""
    head = write_nfg(game).split("\n\n")[0]
    rows = game.exact.reshape((len(game.actors), -1), order="F").T
    outcomes = "\n".join(f'{{ "o{k}" {", ".join(map(str, r))} }}' for k, r in enumerate(rows, 1))
    return f"{head}\n{{\n{outcomes}\n}}\n{' '.join(str(k + 1) for k in range(len(rows)))}\n"


def solve(record, write, tmp_path, capsys):
    game = StrategicGame.from_tables(record["payoffs"], title=record["title"])
    path = tmp_path / "game.nfg"
    path.write_text(write(game))
    assert run(["solve", str(path), "--concept", "mixed_nash", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["scenario"] == record["title"]
    (result,) = report["results"]
    return game, result


def mixes(game, strategies):
    """Probabilities of every strategy, by actor; labels that are not played have probability 0."""
    return [
        [strategies[actor].get(label, 0) for label in labels]
        for actor, labels in zip(game.actors, game.strategies, strict=True)
    ]


def as_fractions(profile):
    return tuple(tuple(Fraction(p) for p in mix) for mix in profile)


EXACT = [g for g in GAMES if g["equilibria_are"] == "all extreme equilibria"]
NUMERIC = [g for g in GAMES if g["equilibria_are"] != "all extreme equilibria"]


def names(games):
    return [game["name"] for game in games]


def test_the_table_is_whole():
    assert (len(EXACT), len(NUMERIC)) == (23, 9)


@pytest.mark.parametrize("write", [write_nfg, outcome_body])
@pytest.mark.parametrize("record", EXACT, ids=names(EXACT))
def test_two_actors_give_exactly_the_recorded_equilibria(record, write, tmp_path, capsys):
    game, result = solve(record, write, tmp_path, capsys)
    found = [as_fractions(mixes(game, e["extra"]["exact"])) for e in result["equilibria"]]
    assert result["complete"]
    assert result["status"] == "complete"
    assert len(found) == len(set(found))
    assert set(found) == set(map(as_fractions, record["equilibria"]))
    for member, exact in zip(result["equilibria"], found, strict=True):
        floats = mixes(game, member["strategies"])
        assert all(
            x == float(p)
            for a, b in zip(floats, exact, strict=True)
            for x, p in zip(a, b, strict=True)
        )
        assert member["regret"] <= 1e-12


COUNTED = [g for g in EXACT if COMPONENTS[json.dumps(g["payoffs"])].get("components")]


@pytest.mark.parametrize("record", COUNTED, ids=names(COUNTED))
def test_components_and_their_dimension_are_said(record, tmp_path, capsys):
    components = COMPONENTS[json.dumps(record["payoffs"])]["components"]
    _, result = solve(record, write_nfg, tmp_path, capsys)
    number = {e["extra"]["component"] for e in result["equilibria"]}
    wide = {e["extra"]["component"] for e in result["equilibria"] if e["extra"]["dimension"] > 0}
    assert len(number) == components
    assert bool(wide) == (len(record["equilibria"]) > components)
    assert f"{len(wide)} of positive dimension" in result["note"]


@pytest.mark.parametrize("record", NUMERIC, ids=names(NUMERIC))
def test_more_actors_give_the_recorded_equilibria(record, tmp_path, capsys):
    game, result = solve(record, write_nfg, tmp_path, capsys)
    found = [
        np.concatenate([np.array(m, dtype=float) for m in mixes(game, e["strategies"])])
        for e in result["equilibria"]
    ]
    spread = float(game.payoffs.max() - game.payoffs.min())
    assert all(e["regret"] <= 1e-10 * spread for e in result["equilibria"])
    recorded = [
        np.array([float(Fraction(p)) for mix in e for p in mix]) for e in record["equilibria"]
    ]
    if CONTINUA[json.dumps(record["payoffs"])].get("continuum"):
        assert not result["complete"]
        assert "positive-dimensional" in result["note"]
        return
    assert result["complete"]
    distance = np.array([[abs(f - r).max() for f in found] for r in recorded])
    assert (distance.min(axis=1) < 1e-6).all()
    if 1 not in game.shape:
        assert len(found) == len(recorded)


def test_a_third_actor_without_a_choice_changes_nothing(tmp_path, capsys):
    two, three = (next(g for g in GAMES if g["name"] == f"gc_perfect{k}") for k in (2, 3))
    assert [[cell[0] for cell in row] for row in three["payoffs"][0]] == two["payoffs"][0]
    game, result = solve(three, write_nfg, tmp_path, capsys)
    found = {as_fractions(mixes(game, e["extra"]["exact"])) for e in result["equilibria"]}
    assert found == {(*as_fractions(e), (1,)) for e in two["equilibria"]}
    assert "1 of positive dimension" in result["note"]

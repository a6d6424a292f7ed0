"""Coalitional games and voting bodies from files, and what is wrong said in place."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML
from sim.errors import UsageError
from sim.games.coalitional import (
    CoalitionalGame,
    WeightedVoting,
    game_from_section,
    voting_from_section,
)
from sim.scenario.sections.coalitional import CoalitionalSection, VotingSection
from sim.solutions import get

CLASSICS = Path(__file__).parents[2] / "scenarios" / "classics"


def read(name: str) -> CoalitionalGame | WeightedVoting:
    data = YAML(typ="safe", pure=True).load((CLASSICS / name).read_text(encoding="utf-8"))
    if "voting" in data:
        return voting_from_section(VotingSection.model_validate(data["voting"]))
    return game_from_section(CoalitionalSection.model_validate(data["coalitional"]))


@pytest.mark.parametrize(
    ("name", "concept", "shares"),
    [
        ("eec-council.yaml", "shapley", ["7/30"] * 3 + ["3/20"] * 2 + [0]),
        ("eec-council.yaml", "banzhaf", ["5/21"] * 3 + ["1/7"] * 2 + [0]),
        ("glove-game.yaml", "core", [1, 0, 0]),
        ("glove-game.yaml", "nucleolus", [1, 0, 0]),
        ("glove-game.yaml", "shapley", ["2/3", "1/6", "1/6"]),
        ("talmud-200.yaml", "nucleolus", [50, 75, 75]),
    ],
)
def test_shipped_files_give_the_published_shares(name, concept, shares) -> None:
    (member,) = get(concept)(read(name)).equilibria
    assert [Fraction(x) for x in member.extra["exact"].values()] == [Fraction(x) for x in shares]


def test_values_are_exact_and_in_any_order_of_members() -> None:
    section = CoalitionalSection.model_validate(
        {"players": [1, 2, 3], "unlisted": "1/7", "values": {1: 0.1, "3 , 2": "2/3"}}
    )
    game = game_from_section(section)
    assert game.players == ("1", "2", "3")
    assert list(game.exact[[0, 1, 6, 7]]) == [0, Fraction(1, 10), Fraction(2, 3), Fraction(1, 7)]


@pytest.mark.parametrize(
    ("change", "place", "message"),
    [
        ({"players": ["a", "b", "a"]}, ("players",), "listed 2 times"),
        ({"players": ["a", "b,c"]}, ("players",), "holds a comma"),
        ({"values": {"a": 1, "c": 2}}, ("values",), "'c' in 'c' is not a player"),
        ({"values": {"a, b": 1, "b, a": 2}}, ("values",), "same coalition"),
        ({"values": {"a": 1}}, ("values",), "2 coalitions have no value"),
        ({"values": {"a": True}}, ("values", "a"), "not a finite number"),
        ({"values": {"a": float("nan")}}, ("values", "a"), "not a finite number"),
        ({"values": {"a": "1/0"}}, ("values", "a"), "not a finite number"),
        ({"value": {}}, ("value",), "Extra inputs"),
    ],
)
def test_problems_of_a_game_are_named_at_their_place(change, place, message) -> None:
    good = {"players": ["a", "b"], "values": {"a": 0, "b": 0, "a, b": 1}}
    with pytest.raises(ValidationError) as caught:
        CoalitionalSection.model_validate(good | change)
    assert any(e["loc"] == place and message in e["msg"] for e in caught.value.errors())


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"weights": {"a": 1, "b": 1}, "quota": 3}, ("quota",)),
        ({"weights": {"a": 1, "b": 1}, "quota": 0}, ("quota",)),
        ({"weights": {"a": 1, "b": -1}, "quota": 1}, ("weights",)),
        ({"weights": {}, "quota": 1}, ("weights",)),
        ({"weights": {"a": "1 +"}, "quota": 1}, ("weights", "a")),
    ],
)
def test_problems_of_a_body_are_named_at_their_place(body, place) -> None:
    with pytest.raises(ValidationError) as caught:
        VotingSection.model_validate(body)
    assert any(e["loc"] == place for e in caught.value.errors())


def test_records_check_what_files_cannot() -> None:
    with pytest.raises(UsageError, match="2 players need 4 values"):
        CoalitionalGame(players=("a", "b"), exact=np.zeros(2, dtype=object))
    with pytest.raises(UsageError, match="empty coalition"):
        CoalitionalGame(players=("a",), exact=np.array([1, 1], dtype=object))
    with pytest.raises(UsageError, match="did you mean 'tokyo'"):
        CoalitionalGame.from_values(["tokyo"], {"tokio": 1})
    with pytest.raises(UsageError, match="3 coalitions have no value"):
        CoalitionalGame.from_values(["a", "b"], {})
    with pytest.raises(UsageError, match="quota"):
        WeightedVoting.of({"a": 1}, quota=2)


def test_a_voter_with_a_veto_is_in_every_winning_coalition() -> None:
    body = WeightedVoting.of({"a": 3, "b": 2, "c": 1, "d": 0}, quota=4)
    wins = np.flatnonzero(body.coalitional().values)
    vetoes = [p for k, p in enumerate(body.players) if all(mask >> k & 1 for mask in wins)]
    assert list(body.veto_players()) == vetoes == ["a"]

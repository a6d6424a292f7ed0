"""Spatial and division problems written in files, and the records behind them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML
from sim.errors import UsageError
from sim.games.division import DivisionProblem, division_problem
from sim.games.spatial import SpatialGame, spatial_game
from sim.scenario.sections.division import DivisionSection
from sim.scenario.sections.spatial import SpatialSection
from sim.solutions.division.adjusted_winner import adjusted_winner
from sim.solutions.spatial.weighted_mean import weighted_mean
from sim.solutions.spatial.weighted_median import weighted_median

CLASSICS = Path(__file__).parents[2] / "scenarios" / "classics"


def read(text):
    return YAML(typ="safe").load(text)


def test_ec_emission_standards():
    """Bueno de Mesquita and Stokman (1994): median 7, mean 7.389955686853767."""
    data = read((CLASSICS / "ec-emission-standards.yaml").read_text(encoding="utf-8"))
    game = spatial_game(SpatialSection.model_validate(data["spatial"]))
    assert game.bounds == (4.0, 10.0)
    (median,) = weighted_median(game).equilibria
    (mean,) = weighted_mean(game).equilibria
    assert median.extra["position"] == 7.0
    assert mean.extra["position"] == pytest.approx(7.389955686853767, abs=1e-9)
    assert mean.payoffs["uk"] == pytest.approx(7.389955686853767 - 10)


def test_camp_david():
    """Brams and Togman (1996): 65.83 points each, one sixth of Sinai with Israel."""
    data = read((CLASSICS / "camp-david.yaml").read_text(encoding="utf-8"))
    problem = division_problem(DivisionSection.model_validate(data["division"]))
    (found,) = adjusted_winner(problem).equilibria
    assert found.payoffs == pytest.approx({"israel": 395 / 6, "egypt": 395 / 6}, abs=1e-9)
    assert found.agreement["sinai"] == pytest.approx(1 / 6, abs=1e-9)


SPATIAL = """
scale: [0, 2 * far]
status_quo: far
veto: [b]
setter: a
quota: 1
actors:
  a: {position: 0.2, capability: 2, salience: 0.5}
  b: {accepts: [0.1, far]}
"""


def test_a_spatial_file_says_everything_with_parameters():
    game = spatial_game(SpatialSection.model_validate(read(SPATIAL)), {"far": 0.9})
    assert game.positions[0] == 0.2
    assert np.isnan(game.positions[1])
    assert game.accepts[1].tolist() == [0.1, 0.9]
    assert game.weights.tolist() == [1.0, 1.0]
    assert (game.status_quo, game.veto, game.setter, game.quota) == (0.9, (1,), 0, 1)
    assert game.bounds == (0.0, 1.8)
    assert game.payoffs(0.5) == {"a": pytest.approx(-0.3)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{actors: {a: {}}}", "needs a position"),
        ("{actors: {}}", "at least 1"),
        ("{actors: {a: {position: 1}}, setter: b}", "setter: unknown actor 'b'"),
        ("{actors: {a: {position: 1}}, veto: [c]}", "veto: unknown actor 'c'"),
        ("{actors: {a: {position: 1, colour: red}}}", "Extra inputs"),
        ("{actors: {a: {position: 1}}, quota: 0}", "quota"),
    ],
)
def test_bad_spatial_sections_are_refused(text, message):
    with pytest.raises(ValidationError, match=message):
        SpatialSection.model_validate(read(text))


def test_bad_spatial_numbers_name_their_path():
    section = SpatialSection.model_validate(read("{actors: {a: {position: p}}}"))
    with pytest.raises(UsageError, match=r"spatial\.actors\.a\.position: unknown name 'p'"):
        spatial_game(section)
    with pytest.raises(UsageError, match="not finite"):
        spatial_game(section, {"p": float("inf")})


def test_bad_spatial_records_are_refused():
    for options in ({"weights": [1.0, float("nan")]}, {"weights": [1.0]}, {"quota": 0}):
        with pytest.raises(UsageError):
            SpatialGame.on_line([0, 1], **options)
    with pytest.raises(UsageError):
        SpatialGame.on_line([])


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"x": (1, 2)}, "same positive number"),
        ({"x": (0, 0)}, "same positive number"),
        ({"x": (-1, 1), "y": (2, 0)}, "negative"),
        ({"x": (float("nan"), 1)}, "finite"),
        ({"x": (1, 1, 1)}, "shape"),
    ],
)
def test_bad_division_problems_are_refused(table, message):
    with pytest.raises(UsageError, match=message):
        DivisionProblem.from_table(table)


def test_bad_division_sections_are_refused():
    for text in (
        "{actors: [a, b, c], items: {x: {a: 1, b: 1, c: 1}}}",
        "{actors: [a, b], items: {x: {a: 1}}}",
        "{actors: [a, b], items: {}}",
    ):
        with pytest.raises(ValidationError):
            DivisionSection.model_validate(read(text))
    section = DivisionSection.model_validate(read("{actors: [a, b], items: {x: {a: p, b: 1}}}"))
    with pytest.raises(UsageError, match=r"division\.items\.x\.a"):
        division_problem(section)

"""The Python door: what its functions take, and the sentence with which they refuse the rest."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import sim

DISPUTE = """
title: A river
parameters: {p: {value: 0.5, range: [0.2, 0.6]}, q: {value: 0.3, range: [0.1, 0.9]}}
issues: {peace: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
actors: {a: {role: principal}, b: {role: principal}}
payoffs: {a: {x: (p - 0.35)*signed}, b: {y: (0.8 - q)*signed}}
"""
GAME = "{title: g, strategic: {actors: {a: [x, y], b: [z]}, payoffs: [[[1, 2]], [[3, 0]]]}}"


@pytest.fixture(scope="module")
def river() -> sim.Scenario:
    return sim.loads(DISPUTE)


# --- vary ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "values"),
    [
        ((0, 1, 3), [0, 0.5, 1]),
        ([0, 0.5, 1], [0, 0.5, 1]),
        ([0, 1, 3], [0, 1, 3]),
        ([0.9, 0.1], [0.1, 0.9]),
        (np.array([0.3]), [0.3]),
        (np.array([0.25, 0.5, 0.7], dtype=np.float32), [0.25, 0.5, np.float32(0.7)]),
        (range(2), [0, 1]),
    ],
)
def test_a_tuple_gives_bounds_and_a_list_values(river, given, values):
    run = sim.sweep(river, vary={"p": given})
    assert run.coordinates("p").tolist() == values
    assert run.to_frame()["p"].tolist() == values
    assert run.to_frame()["feasible"].tolist() == [x > 0.35 for x in values]
    assert run.to_xarray()["margin"].dims == ("p",)


def test_values_beside_bounds_give_every_combination_and_are_stored(river, tmp_path):
    run = sim.sweep(river, vary={"p": [0.1, 0.2, 0.6], "q": (0, 1, 2)}, out=tmp_path / "r")
    again = sim.open_run(tmp_path / "r")
    frame = again.to_frame()
    assert (again.shape, len(frame)) == ((3, 2), 6)
    assert frame["p"].tolist() == [0.1, 0.1, 0.2, 0.2, 0.6, 0.6]
    assert again.to_xarray()["p"].values.tolist() == [0.1, 0.2, 0.6]
    assert sim.sweep(river, vary={"p": [0.1, 0.2, 0.6], "q": (0, 1, 2)}).summary() == run.summary()


def test_random_designs_draw_from_listed_values(river):
    run = sim.sweep(river, vary={"p": [0.1, 0.6], "q": None}, design="sobol", points=64)
    assert set(run.to_frame()["p"]) == {0.1, 0.6}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            "0:1:3",
            "p: '0:1:3' is neither: a tuple (lo, hi) or (lo, hi, points) gives bounds, a list",
        ),
        (0.5, "p: 0.5 is neither: "),
        ({0, 1}, "p: {0, 1} is neither: "),
        ((0, 1, 3, 4), "p: (0, 1, 3, 4) gives no bounds: "),
        ((0,), "p: (0,) gives no bounds: "),
        (("0", 1, 3), "p: ('0', 1, 3) gives no bounds: "),
        ((0, 1, 2.5), "p: 2.5 is not a number of points"),
        ((0, float("nan"), 3), "p: bounds must be finite numbers"),
        ([], "p: [] is not a list of finite numbers"),
        ([0, float("inf")], "p: [0, inf] is not a list of finite numbers"),
        ([[0, 1]], "p: [[0, 1]] is not a list of finite numbers"),
        (["low", 1], "p: ['low', 1] holds something that is not a number"),
        ([0.1, 0.1], "p: [0.1, 0.1] names a value twice"),
    ],
)
def test_anything_else_is_refused_in_a_sentence(river, given, expected):
    for design in ("grid", "sobol"):
        with pytest.raises(sim.SimError, match=f"^{re.escape(expected)}"):
            sim.sweep(river, vary={"p": given}, design=design)


@pytest.mark.parametrize("given", [[0, 1], (0, 1, 3), np.array([0.2, 0.3])])
def test_what_holds_on_a_whole_range_takes_its_bounds(river, given):
    with pytest.raises(sim.SimError, match=r"takes its bounds, a tuple \(lo, hi\)$"):
        sim.frontier(river, vary={"p": given})


# --- scenarios -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["explain", "solve", "explore"])
@pytest.mark.parametrize("given", ["x.yaml", Path("x.yaml"), 3, None])
def test_what_is_no_scenario_is_refused_in_a_sentence(verb, given):
    with pytest.raises(sim.SimError, match=rf"^sim\.{verb} takes a scenario, "):
        getattr(sim, verb)(given)


@pytest.mark.parametrize("verb", ["sweep", "frontier"])
def test_sweeps_and_frontiers_refuse_the_name_of_a_file(verb):
    with pytest.raises(sim.SimError, match=rf"sim\.{verb}\(sim\.load\('x\.yaml'\)\)"):
        getattr(sim, verb)("x.yaml", vary={"p": (0, 1)})


@pytest.mark.parametrize("verb", ["explain", "explore", "sweep", "smallest_change"])
def test_a_classical_game_is_refused_in_a_sentence(verb):
    with pytest.raises(sim.SimError, match="a classical game"):
        getattr(sim, verb)(sim.loads(GAME))


def test_the_name_of_a_concept_is_a_text_or_several():
    game = sim.loads(GAME)
    assert sim.solve(game, "pure_nash") == sim.solve(game, ["pure_nash"])
    with pytest.raises(sim.SimError, match="did you mean 'pure_nash'"):
        sim.solve(game, "pure_nahs")

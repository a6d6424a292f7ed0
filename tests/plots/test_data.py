"""Sections of a run: the right slice, the right order of axes, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import sim
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.errors import UsageError
from sim.plots.data import GridRun, axes_of
from sim.plots.runs._landscape_data import landscape_data
from sim.plots.runs._section import as_texts, section

GRID = {"a": [0.0, 1.0], "b": [0.0, 10.0, 20.0], "c": [5.0, 6.0, 7.0, 8.0]}
CELLS = np.array([[[f"{a}{b}{c}" for c in range(4)] for b in range(3)] for a in range(2)])


def run(values=None):
    return GridRun(
        title="T",
        axes=GRID,
        values={"a": 0.0, "b": 12.0, "c": 6.0} if values is None else values,
        units={"c": "years"},
        table={"cell": CELLS.astype(object)},
    )


def test_other_parameters_are_held_at_the_nearest_of_the_scenarios_own_values():
    cut = section(run(), ("a",))
    assert cut.texts("cell").tolist() == ["011", "111"]
    assert cut.held == {"b": 10.0, "c": 6.0}
    assert not cut.on_section
    assert section(run({"a": 0.0, "b": 10.0, "c": 6.0}), ("a",)).on_section
    assert cut.note == "b = 10, c = 6 years"


def test_asked_values_take_the_nearest_grid_value_and_leave_the_own_section():
    cut = section(run(), ("c", "a"), {"b": 16.0})
    assert cut.texts("cell").tolist() == [[f"{a}2{c}" for a in range(2)] for c in range(4)]
    assert cut.held == {"b": 20.0}
    assert not cut.on_section
    assert cut.own == (6.0, 0.0)


@settings(deadline=None, max_examples=40)
@given(st.permutations(["a", "b", "c"]), st.integers(1, 3), st.data())
def test_a_section_is_what_indexing_by_hand_gives(order, count, data):
    keep = tuple(order[:count])
    picks = {p: data.draw(st.integers(0, len(GRID[p]) - 1)) for p in order[count:]}
    cut = section(run(), keep, {p: GRID[p][k] for p, k in picks.items()})
    got = cut.texts("cell")
    for index in np.ndindex(got.shape):
        where = picks | dict(zip(keep, index, strict=True))
        assert got[index] == f"{where['a']}{where['b']}{where['c']}"


@pytest.mark.parametrize(
    ("keep", "at", "message"),
    [
        (("a", "a"), {}, "x and y are both 'a'"),
        (("a",), {"a": 1.0}, "'a' is on an axis"),
        (("a",), {"b": 99.0}, "at b = 99 lies outside its grid, 0 to 20"),
        (("a",), {"b": float("nan")}, "lies outside its grid"),
        (("a",), {"z": 1.0}, "'z' was not varied"),
    ],
)
def test_senseless_sections_are_refused(keep, at, message):
    with pytest.raises(UsageError, match=message):
        section(run(), keep, at)


def test_a_scenario_value_outside_the_grid_is_not_on_the_section():
    assert not section(run({"a": 0.0, "b": 50.0, "c": 6.0}), ("a",)).on_section
    assert not section(run({}), ("a",)).on_section


def test_axes_default_to_the_first_varied_and_too_few_are_an_error():
    assert axes_of(run(), "landscape", None, None) == ("a", "b")
    assert axes_of(run(), "landscape", None, "a") == ("b", "a")
    flat = GridRun(title="T", axes={"a": [0, 1], "b": [3]}, values={}, table={})
    with pytest.raises(UsageError, match="needs 2 varied parameters"):
        axes_of(flat, "landscape", None, None)


def test_nulls_become_empty_texts_and_booleans_words():
    values = np.array([True, None, False, "x", float("nan")], dtype=object)
    assert as_texts(values).tolist() == ["yes", "", "no", "x", ""]


@pytest.mark.parametrize("vary", [{"principle": (0, 1)}, {"principle": (0, 1), "value": (0, 2)}])
@pytest.mark.parametrize("figure", ["landscape", "margin", "margin_map"])
def test_a_list_of_points_is_refused_with_the_way_to_a_grid(vary, figure, ladder_scenario):
    from sim import plots
    from sim.sweeps import sweep

    scattered = sweep(ladder_scenario, vary=vary, design="sobol", points=8)
    with pytest.raises(UsageError, match=r"needs a grid.*without --design: sim sweep FILE --vary"):
        plots.get(figure)(scattered)


@pytest.mark.parametrize("stored", [True, False])
def test_a_fine_plane_is_drawn_by_every_so_many_values_and_counted_by_all(
    stored, monkeypatch, tmp_path
):
    scenario = sim.load("kuril/2018")
    vary = {"moscow.nationalism": (0, 1, 7), "tokyo.minimum": (0, 1, 4)}
    swept = sim.sweep(scenario, vary=vary, out=tmp_path / "run", chunk=5)
    grid = sim.open_run(tmp_path / "run") if stored else swept
    all_of_it = landscape_data(grid)
    assert not all_of_it.drawn
    monkeypatch.setattr("sim.plots.runs._section.MOST_CELLS", 3)
    data = landscape_data(grid)
    assert data.codes.shape == (2, 3)
    np.testing.assert_array_equal(data.margin, all_of_it.margin[::2, ::3])
    np.testing.assert_array_equal(data.x_values, all_of_it.x_values[::3])
    np.testing.assert_array_equal(data.y_values, all_of_it.y_values[::2])
    assert (data.feasible, data.plausible_feasible) == (
        all_of_it.feasible,
        all_of_it.plausible_feasible,
    ) or np.isnan(data.plausible_feasible)
    assert data.fills == tuple(
        dict(zip(all_of_it.labels, all_of_it.fills, strict=True))[name] for name in data.labels
    )
    assert data.drawn == "drawn: every 3rd and 2nd value of each axis; shares are of all"

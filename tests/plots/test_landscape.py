"""The landscape: its numbers, exact cells, fixed colours, marks, names and legend."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_hex
from sim.errors import UsageError
from sim.plots._style import BLUE, NONE, ORANGE, styles
from sim.plots.data import GridRun
from sim.plots.landscape import landscape, landscape_data


def legend_texts(ax):
    return [t.get_text() for t in ax.get_legend().get_texts()]


def names_inside(ax):
    return {t.get_text().replace("\n", " ") for t in ax.texts}


def small():
    return GridRun(
        title="T",
        axes={"a": [0.0, 1.0, 2.0], "b": [10.0, 20.0]},
        values={"a": 1.0, "b": 10.0},
        table={
            "margin": [[-1.0, np.nan], [0.0, 1.0], [2.0, 3.0]],
            "feasible": np.array([[False, None], [None, True], [True, True]], dtype=object),
            "predicted_class": np.array(
                [["none", None], ["none", "treaty"], ["treaty", "treaty"]], dtype=object
            ),
            "equilibria": [[1, 1], [3, 1], [1, 2]],
        },
    )


def test_the_numbers_have_rows_along_y():
    data = landscape_data(small(), x="a", y="b")
    assert data.labels == ("none", "treaty")
    assert data.codes.tolist() == [[0, 0, 1], [-1, 1, 1]]
    np.testing.assert_array_equal(data.margin, [[-1.0, 0.0, 2.0], [np.nan, 1.0, 3.0]])
    assert data.several.tolist() == [[False, True, False], [False, False, True]]
    assert data.knife_edge.tolist() == [[False, True, False], [False, False, False]]
    assert (data.x_values.tolist(), data.y_values.tolist()) == ([0, 1, 2], [10, 20])
    assert data.own == (1.0, 10.0)
    assert data.own_inside


def test_exchanging_the_axes_transposes_the_numbers():
    one, two = landscape_data(small(), x="a", y="b"), landscape_data(small(), x="b", y="a")
    np.testing.assert_array_equal(one.codes.T, two.codes)
    np.testing.assert_array_equal(one.margin.T, two.margin)


def test_cells_are_centred_on_grid_values_and_reach_half_a_step_beyond():
    ax = landscape(small(), x="a", y="b")
    (image,) = ax.get_images()
    assert list(image.get_extent()) == [-0.5, 2.5, 5.0, 25.0]
    assert image.origin == "lower"
    assert image.get_interpolation() == "nearest"
    assert (ax.get_xlim(), ax.get_ylim()) == ((-0.5, 2.5), (5.0, 25.0))


def test_uneven_grids_keep_exact_edges():
    run = small()
    run.axes["a"] = [0.0, 1.0, 4.0]
    ax = landscape(run, x="a", y="b")
    assert ax.get_xlim() == (-0.5, 5.5)
    assert not ax.get_images()


def test_each_cell_has_its_class_colour():
    (image,) = landscape(small(), x="a", y="b").get_images()
    colours = [[to_hex(image.cmap(image.norm(v))) for v in row] for row in image.get_array()]
    assert colours[0] == [c.lower() for c in (NONE, NONE, BLUE)]
    assert colours[1][1:] == [BLUE.lower(), BLUE.lower()]
    assert colours[1][0] not in {c.lower() for c in (BLUE, ORANGE, NONE)}


def test_a_class_has_the_same_colour_whatever_else_is_shown(make_run):
    for classes in (("treaty",), ("none", "treaty"), ("interim", "none", "treaty")):
        data = landscape_data(make_run(classes=classes))
        fills = dict(zip(data.labels, data.fills, strict=True))
        assert fills["treaty"].colour == BLUE
        assert all(fills[c].colour == {"interim": ORANGE, "none": NONE}[c] for c in classes[:-1])


def test_an_agreement_has_the_same_fill_in_every_slice():
    label = np.empty((2, 2, 3), dtype=object)
    label[..., 0], label[..., 1], label[..., 2] = "p", "q", "r"
    label[0, 0, 1] = "p"
    run = GridRun(
        title="T",
        axes={"a": [0, 1], "b": [0, 1], "c": [0, 1, 2]},
        values={},
        table={"margin": np.zeros((2, 2, 3)), "best_agreement": label},
    )
    seen = {}
    for c in (0, 1, 2):
        data = landscape_data(run, x="a", y="b", at={"c": c})
        for name, fill in zip(data.labels, data.fills, strict=True):
            assert seen.setdefault(name, fill) == fill
    assert set(seen) == {"p", "q", "r"}
    assert len({fill.colour for fill in seen.values()}) == 3


def test_up_to_seven_labels_differ_in_colour_and_many_in_their_fill():
    names = [f"agreement {k}" for k in range(30)]
    assert len({f.colour for f in styles(names[:7]).values()}) == 7
    assert len(set(styles(names).values())) == 30


def test_the_feasible_region_is_outlined_where_the_margin_changes_sign(make_run):
    ax = landscape(make_run())
    (zero,) = [c for c in ax.collections if list(getattr(c, "levels", ())) == [0.0]]
    line = np.concatenate(zero.allsegs[0])
    np.testing.assert_allclose(line[:, 0], 0.4, atol=1e-12)
    assert max(zero.get_linewidths()) >= 2
    assert "margin 0: feasible on the positive side" in legend_texts(ax)
    only = landscape(make_run(n=51, classes=("treaty", "none", "none", "none")))
    assert "margin 0: feasible on the positive side" in legend_texts(only)
    apart = make_run()
    apart.table["predicted_class"] = np.where(apart.table["margin"] > 0, "treaty", "none")
    assert "margin 0: feasible on the treaty side" in legend_texts(landscape(apart))


@pytest.mark.parametrize(
    ("shift", "words"), [(2.0, "feasible everywhere"), (-2.0, "feasible nowhere")]
)
def test_without_a_sign_change_the_legend_says_so(shift, words, make_run):
    run = make_run()
    run.table["margin"] = run.table["margin"] + shift
    assert words in legend_texts(landscape(run))


def test_marks_are_in_the_legend_only_where_they_occur(make_run):
    plain = make_run()
    plain.table["margin"] = plain.table["margin"] + 0.01
    plain.table["feasible"] = plain.table["margin"] > 0
    assert legend_texts(landscape(plain)) == [
        "margin 0: feasible on the positive side", "margin contours, dashed below 0", "scenario's values",
    ]  # fmt: skip
    marked = legend_texts(landscape(small(), x="a", y="b"))
    assert {"knife-edge", "several equilibria", "no answer"} <= set(marked)
    unsolved = small()
    unsolved.table["margin"] = np.nan_to_num(unsolved.table["margin"], nan=-0.5)
    assert "no prediction" in legend_texts(landscape(unsolved, x="a", y="b"))


def test_the_own_point_is_marked_where_it_is(make_run):
    def own(ax):
        return [tuple(line.get_xydata()[0]) for line in ax.lines if line.get_gid() == "own"]

    assert own(landscape(make_run(own=(0.3, 0.6)))) == [(0.3, 0.6)]
    outside = landscape(make_run(own=(3.0, 0.6)))
    assert own(outside) == []
    assert "scenario's values" not in legend_texts(outside)


def test_names_stand_inside_and_tiny_areas_go_to_the_legend(make_run):
    run = make_run(n=101, m=101)
    label = np.full(run.shape, "none", dtype=object)
    label[:60] = "treaty"
    label[50, 50] = "interim"
    run.table["predicted_class"] = label
    ax = landscape(run)
    assert {"treaty", "none"} <= names_inside(ax)
    assert "interim" not in names_inside(ax)
    assert "interim" in legend_texts(ax)


def test_a_name_lies_wholly_in_its_own_area(make_run):
    run = make_run(n=101, m=101)
    data = landscape_data(run)
    ax = landscape(run)
    ax.figure.draw_without_rendering()
    renderer = ax.figure._get_renderer()
    to_data = ax.transData.inverted()
    for text in ax.texts:
        if text.get_text() not in data.labels:
            continue
        box = to_data.transform_bbox(text.get_window_extent(renderer))
        columns = (data.x_values > box.x0) & (data.x_values < box.x1)
        rows = (data.y_values > box.y0) & (data.y_values < box.y1)
        inside = data.codes[np.ix_(rows, columns)]
        assert set(inside.ravel()) == {data.labels.index(text.get_text())}


def test_names_do_not_cover_the_own_point(make_run):
    for own in ((0.15, 0.5), (0.5, 0.5), (0.85, 0.5)):
        ax = landscape(make_run(n=51, m=51, own=own))
        ax.figure.draw_without_rendering()
        renderer = ax.figure._get_renderer()
        point = ax.transData.transform(own)
        assert not any(t.get_window_extent(renderer).contains(*point) for t in ax.texts)


def test_parts_that_all_agreements_share_are_said_once(make_run):
    run = make_run()
    label = np.full(run.shape, "islands=two, peace=treaty", dtype=object)
    label[:10] = "islands=three, peace=treaty"
    run.table["best_agreement"] = label
    ax = landscape(run, color_by="best_agreement")
    assert "all with peace=treaty" in ax.get_title()
    assert {"islands=two", "islands=three"} <= names_inside(ax)


def test_more_than_two_parameters_state_what_is_held(make_run):
    run = make_run(n=5, m=6)
    three = GridRun(
        title="T",
        axes=dict(run.axes) | {"talks.open": [0.0, 0.5, 1.0]},
        values=dict(run.values) | {"talks.open": 0.5},
        units={"talks.open": "share"},
        table={name: np.repeat(column[..., None], 3, axis=2) for name, column in run.table.items()},
    )
    ax = landscape(three, at={"talks.open": 0.9})
    assert "talks.open = 1 share" in ax.get_title()
    assert "scenario's values (off this slice)" in legend_texts(ax)


def test_the_axis_labels_are_paths_with_units(make_run):
    ax = landscape(make_run(), x="moscow.pressure", y="tokyo.patience")
    assert ax.get_xlabel() == "moscow.pressure"
    assert ax.get_ylabel() == "tokyo.patience (share of voters)"


def test_a_run_without_predictions_shows_best_agreements_and_refuses_to_show_more(make_run):
    run = make_run()
    del run.table["predicted_class"]
    assert landscape_data(run).column == "best_agreement"
    with pytest.raises(UsageError, match=r"'predicted_class'.*add a 'game' section"):
        landscape(run, color_by="predicted_class")


def test_a_column_of_numbers_is_refused(make_run):
    with pytest.raises(UsageError, match=r"'margin' holds no labels; colour by predicted_class"):
        landscape(make_run(), color_by="margin")


@pytest.mark.parametrize("count", [1, 2, 5, 9])
@pytest.mark.parametrize("narrow", [False, True])
def test_nothing_overlaps_with_any_number_of_categories(
    count, narrow, make_run, overlapping, column_axes
):
    classes = [f"agreement {'abcdefghi'[k] * (k + 1)}" for k in range(count)]
    options = {"ax": column_axes} if narrow else {}
    ax = landscape(make_run(n=61, m=41, classes=classes), **options)
    assert overlapping(ax) == []


def test_a_solved_scenario_is_drawn(ladder_run):
    data = landscape_data(ladder_run, x="principle", y="value", color_by="best_agreement")
    tokyo_t0 = 0.2 - data.x_values
    row = int(np.abs(data.y_values - 1.0).argmin())
    best = [data.labels[k] for k in data.codes[row]]
    assert best[0] == "T0"
    np.testing.assert_array_equal(
        np.array(best)[tokyo_t0 >= 0.15], np.full(int((tokyo_t0 >= 0.15).sum()), "T0")
    )
    assert landscape(ladder_run).get_title().startswith("A treaty ladder solved by hand")


def test_no_agreement_is_plain_pale_and_not_like_what_was_not_computed():
    from matplotlib.colors import to_rgb
    from sim.plots._style import not_computed_patch, patch

    found = styles(["treaty", "interim", "none"])
    grey = {name: np.dot(to_rgb(f.colour), (0.299, 0.587, 0.114)) for name, f in found.items()}
    assert grey["treaty"] + 0.2 < grey["interim"] < grey["none"] - 0.1
    assert len(set(to_rgb(found["none"].colour))) == 1
    assert not patch(found["none"], "none").get_hatch()
    unknown = not_computed_patch("no prediction")
    assert unknown.get_hatch()
    assert unknown.get_facecolor()[0] > grey["none"] + 0.1


def test_knife_edge_marks_are_few_small_and_clipped(make_run):
    run = make_run(n=11, m=201)
    run.table["margin"] = np.where(np.arange(11)[:, None] < 1, 0.0, run.table["margin"])
    run.table["feasible"] = np.where(run.table["margin"] == 0, None, run.table["margin"] > 0)
    ax = landscape(run)
    (marks,) = [line for line in ax.lines if line.get_gid() == "knife-edge"]
    on_edge = np.asarray(marks.get_xdata()) == 0
    assert 15 <= on_edge.sum() <= 25
    assert marks.get_clip_on()
    assert marks.get_markersize() <= 4


def test_a_slice_beside_the_scenarios_value_says_so(make_run):
    run = make_run(n=5, m=6)
    axes = dict(run.axes) | {"talks.open": [0.0, 0.5, 1.0]}
    table = {name: np.repeat(column[..., None], 3, axis=2) for name, column in run.table.items()}
    for value, text in ((0.6, "scenario's values (off this slice)"), (0.5, "scenario's values")):
        values = dict(run.values) | {"talks.open": value}
        ax = landscape(GridRun(title="T", axes=axes, values=values, table=table))
        (own,) = [line for line in ax.lines if line.get_gid() == "own"]
        assert (own.get_markerfacecolor() == "none") is (value != 0.5)
        assert text in legend_texts(ax)

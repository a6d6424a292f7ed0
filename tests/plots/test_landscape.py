"""The landscape: its numbers, exact cells, fixed colours, marks, names and legend."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_hex
from sim.beliefs import PlaneShare
from sim.certified import frontier
from sim.errors import UsageError
from sim.loading import loads
from sim.plots.data import GridRun
from sim.plots.drawing.style import BLUE, NONE, ORANGE, styles
from sim.plots.runs.landscape import landscape, landscape_data
from sim.sweeps import sweep


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
    assert "margin 0, ticks on the feasible side" in legend_texts(ax)


@pytest.mark.parametrize(
    ("shift", "words"), [(2.0, "feasible everywhere"), (-2.0, "feasible nowhere")]
)
def test_without_a_sign_change_the_legend_says_so(shift, words, make_run):
    run = make_run()
    run.table["margin"] = run.table["margin"] + shift
    run.table["feasible"] = run.table["margin"] > 0
    assert words in legend_texts(landscape(run))


def test_marks_are_in_the_legend_only_where_they_occur(make_run):
    plain = make_run()
    plain.table["margin"] = plain.table["margin"] + 0.01
    plain.table["feasible"] = plain.table["margin"] > 0
    assert legend_texts(landscape(plain)) == [
        "margin 0, ticks on the feasible side", "margin contours, dashed: below 0", "scenario's values",
    ]  # fmt: skip
    marked = legend_texts(landscape(small(), x="a", y="b"))
    assert {"knife-edge", "equilibria differ in class", "no answer"} <= set(marked)
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
    with pytest.raises(UsageError, match=r"'margin' holds no labels; colour by .*predicted_class"):
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
    from sim.plots.drawing.style import not_computed_patch, patch

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


def boxed(make_run, **changes):
    """A run of which the plausible box is [0.3, 0.5] x [0.5, 0.75]; feasible below x = 0.4."""
    ranges = {"moscow.pressure": [0.3, 0.5], "tokyo.patience": [0.5, 0.75]}
    run = make_run(**changes)
    return GridRun(
        title=run.title, axes=run.axes, values=run.values, units=run.units, table=run.table,
        manifest={"ranges": ranges},
    )  # fmt: skip


def test_the_plausible_box_has_the_corners_that_the_file_declares(make_run):
    ax = landscape(boxed(make_run), x="moscow.pressure", y="tokyo.patience")
    (box,) = [a for a in ax.get_children() if a.get_gid() == "plausible"]
    np.testing.assert_allclose(box.get_bbox().extents, [0.3, 0.5, 0.5, 0.75])
    assert "plausible box: the file's ranges" in legend_texts(ax)
    assert not [a for a in landscape(make_run()).get_children() if a.get_gid() == "plausible"]


def test_the_title_says_the_share_of_the_grid_and_of_the_box(make_run):
    run = boxed(make_run)
    run.table["margin"] = 0.38 - np.broadcast_to(run.axes["moscow.pressure"][:, None], run.shape)
    run.table["feasible"] = run.table["margin"] > 0
    data = landscape_data(run)
    # 8 of 21 grid values lie below 0.38; of 0.3, 0.35, 0.4, 0.45 and 0.5 in the box, two do
    assert data.feasible == pytest.approx(8 / 21)
    assert data.plausible_feasible == pytest.approx(0.4)
    title = landscape(run).get_title().replace("\n", " ")
    assert "a treaty is feasible at 38.1 % of this grid, 40.0 % of the plausible box" in title


def test_the_figure_says_what_the_summary_of_the_run_says(ladder_scenario):
    from sim.sweeps import sweep

    run = sweep(ladder_scenario, vary={"principle": (0, 2, 41), "value": (0, 2, 21)})
    told, data = run.summary(), landscape_data(run)
    assert data.feasible == told["feasible_share"]
    assert data.plausible_feasible == told["plausible"]["feasible_share"]
    assert data.plausible == ((0.0, 1.0), (-0.05, 2.05))


def test_a_box_beside_the_grid_has_no_share(make_run):
    run = boxed(make_run)
    run.manifest["ranges"]["moscow.pressure"] = [3.0, 4.0]
    assert np.isnan(landscape_data(run).plausible_feasible)
    assert "plausible box" not in landscape(run).get_title()


def test_the_ticks_of_the_rim_point_to_the_feasible_side(make_run):
    from matplotlib.patheffects import TickedStroke

    def side(run):
        """The mean margin under the ticks, from what is really drawn: 5 points off the line."""
        ax = landscape(run)
        (zero,) = [c for c in ax.collections if list(getattr(c, "levels", ())) == [0.0]]
        (tick, *_) = [e for e in zero.get_path_effects() if isinstance(e, TickedStroke)]
        points = ax.transData.transform(max(zero.allsegs[0], key=len))
        along = np.diff(points, axis=0)
        turn = np.radians(tick._angle)
        off = np.stack([along[:, 0] * np.cos(turn) - along[:, 1] * np.sin(turn),
                        along[:, 0] * np.sin(turn) + along[:, 1] * np.cos(turn)], axis=1)  # fmt: skip
        off *= 12 / np.linalg.norm(off, axis=1, keepdims=True)
        x, _ = ax.transData.inverted().transform(points[:-1] + off).T
        return float((0.4 - x).mean())

    assert side(make_run()) > 0
    turned = make_run()
    turned.axes["moscow.pressure"] = turned.axes["moscow.pressure"][::-1]
    for name, column in turned.table.items():
        turned.table[name] = np.asarray(column)[::-1]
    assert side(turned) > 0


def test_outcomes_are_counted_by_class(make_run):
    """Three equilibrium outcomes of one class are one class; where classes differ is marked."""
    run = make_run(in_every_equilibrium=np.ones((21, 31), dtype=bool))
    run.table["equilibria"] = np.full(run.shape, 3)
    assert not landscape_data(run).several.any()
    run.table["in_every_equilibrium"][:4] = False
    data = landscape_data(run)
    assert data.several.sum() == 4 * 31
    assert "equilibria differ in class" in legend_texts(landscape(run))


def test_what_holds_at_most_of_the_plane_is_a_footnote_and_no_mark(make_run):
    every = np.zeros((21, 31), dtype=bool)
    every[0] = True
    ax = landscape(make_run(in_every_equilibrium=every))
    assert not [p for p in ax.patches if p.get_hatch() == "oo"]
    words = " ".join(legend_texts(ax)).replace("\n", " ")
    assert "at 95.2 % of the cells equilibria differ in class; one is shown" in words


def test_what_the_ladder_finds_bears_no_mark_of_equilibria(make_run):
    run = make_run(equilibria=np.full((21, 31), 3))
    for column in ("binding", "best_agreement", "feasible"):
        assert not landscape_data(run, color_by=column).several.any()


def test_lone_cells_are_dots_and_counted(make_run):
    run = make_run(n=41, m=41)
    run.table["binding"] = np.full(run.shape, "tokyo.gain", dtype=object)
    for k in range(5):
        run.table["binding"][10 + k, 10 + k] = "moscow.duma"
    data = landscape_data(run, color_by="binding")
    assert data.alone.sum() == 5
    ax = landscape(run, color_by="binding")
    (dots,) = [line for line in ax.lines if line.get_gid() == "alone moscow.duma"]
    np.testing.assert_allclose(dots.get_xdata(), data.x_values[10:15])
    assert len({int(v) for v in np.unique(ax.get_images()[0].get_array())}) == 1
    assert "area narrower than a cell (5)" in legend_texts(ax)
    assert "moscow.duma" in legend_texts(ax)


def test_a_knife_edge_is_neither_yes_nor_no(make_run):
    data = landscape_data(make_run(), color_by="feasible")
    assert data.labels == ("knife-edge", "no", "yes")
    edge = data.codes == data.labels.index("knife-edge")
    np.testing.assert_array_equal(
        edge, np.isclose(data.x_values, 0.4)[None, :] & np.ones_like(edge)
    )
    assert "no answer" not in legend_texts(landscape(make_run(), color_by="feasible"))


# --- what lies over it -----------------------------------------------------------------------------------


def circles(ax):
    return sorted(
        (float(line.get_xdata()[0]), float(line.get_ydata()[0]))
        for line in ax.lines
        if line.get_gid() == "episode"
    )


def test_episodes_are_points_with_their_names_where_they_fall(make_run):
    """Those in one place share a name; the scenario's own place has its mark, one outside is not shown."""
    at = lambda x, y: {"moscow.pressure": x, "tokyo.patience": y}  # noqa: E731
    told = {"1": at(0.1, 0.2), "2": at(0.1, 0.2), "own": at(0.3, 0.6), "far": at(3, 0.2), "no": {}}
    ax = landscape(make_run(), episodes=told)
    assert circles(ax) == [(0.1, 0.2)]
    assert {"1, 2", "own"} <= names_inside(ax)
    assert not {"far", "no"} & names_inside(ax)
    assert "episodes of the record" in legend_texts(ax)


@pytest.mark.parametrize("classes", [("treaty", "none"), ("interim", "none")])
def test_the_feasible_side_bears_white_lines_across_any_hatch_of_its_class(make_run, classes):
    white = [
        c
        for c in landscape(make_run(classes=classes)).collections
        if getattr(c, "hatches", None) == ["//"]
    ]
    assert len(white) == 1
    assert np.all(np.asarray(white[0].get_edgecolor())[:, :3] == 1)
    xs = np.concatenate([path.vertices[:, 0] for path in white[0].get_paths()])
    assert xs.max() == pytest.approx(0.4)


def test_a_cloud_shows_where_draws_differ(make_run):
    """Shares that fall from 1 at the left to 0 at the right: dark in the middle."""
    grid = np.linspace(0, 1, 11)
    cloud = PlaneShare(
        x="moscow.pressure",
        y="tokyo.patience",
        x_values=grid,
        y_values=grid,
        share=np.tile(1 - grid, (11, 1)),
        draws=10,
        fitted=True,
    )
    ax = landscape(make_run(), beliefs=cloud)
    (words,) = [t for t in legend_texts(ax) if "draws" in t]
    assert "that fit" in words.replace("\n", " ")
    bands = [c for c in ax.collections if getattr(c, "levels", None) is not None and c.filled]
    spans = sorted(tuple(map(float, c.levels)) for c in bands if len(c.levels) == 2)[:3]
    assert (0.25, 0.75) in spans
    with pytest.raises(UsageError, match="the beliefs are over"):
        landscape(make_run(), x="tokyo.patience", y="moscow.pressure", beliefs=cloud)


def test_the_certified_line_takes_the_place_of_the_sampled_one():
    scenario = loads(
        "{parameters: {p: {value: 0.5, range: [0, 1]}, q: {value: 0.5, range: [0, 1]}},"
        " issues: {peace: {no: {}, yes: {signed: 1}}}, outcomes: {treaty: signed},"
        " actors: {a: {role: principal}, b: {role: principal}},"
        " payoffs: {a: {x: (p - 0.3)*signed}, b: {x: (0.8 - q)*signed}}}"
    )
    grid = sweep(scenario, vary={"p": (0, 1, 11), "q": (0, 1, 11)})
    line = frontier(scenario, vary={"p": (0, 1), "q": (0, 1)})
    ax = landscape(grid, outline=line)
    (drawn,) = [c for c in ax.collections if c.get_gid() == "certified"]
    ends = np.concatenate([path.vertices for path in drawn.get_paths()])
    on_line = (np.abs(ends[:, 0] - 0.3) < 1e-9) | (np.abs(ends[:, 1] - 0.8) < 1e-9)
    assert on_line.all()
    assert any("certified" in text for text in legend_texts(ax))
    assert not any("margin 0, ticks" in text for text in legend_texts(ax))
    with pytest.raises(UsageError, match="in this order"):
        landscape(grid, x="q", y="p", outline=line)


def test_a_margin_that_is_0_at_one_point_is_drawn():
    """What is met at a point has no length, and so no side to point a tick to."""
    margin = np.ones((5, 5))
    margin[2, 2] = 0.0
    margin[4, 3:] = -1.0
    run = GridRun(
        title="T", axes={"a": range(5), "b": range(5)}, values={"a": 0, "b": 0},
        table={"margin": margin, "best_agreement": [["p"] * 5] * 5},
    )  # fmt: skip
    ax = landscape(run, x="b", y="a")
    ax.figure.canvas.draw()
    assert len(zero_lines(ax)) == 1


def zero_lines(ax):
    """The pieces of the line of margin 0."""
    from matplotlib.contour import ContourSet

    (rim,) = [c for c in ax.collections if isinstance(c, ContourSet) and c.get_zorder() == 4]
    return [part for path in rim.get_paths() for part in path.to_polygons(closed_only=False)]

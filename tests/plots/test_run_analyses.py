"""Figures of analyses: what is drawn is what was found."""

from dataclasses import replace
from types import SimpleNamespace as Record

import numpy as np
import pytest
from matplotlib.colors import to_hex
from sim import plots
from sim.errors import UsageError
from sim.records import Bar, Tornado


def index(path, first, total, half=0.05):
    return Record(
        path=path,
        first=first,
        first_low=first - half,
        first_high=first + half,
        total=total,
        total_low=total - half,
        total_high=total + half,
    )


def sobol(*indices):
    return Record(column="margin", indices=indices)


@pytest.fixture
def tree():
    """Two splits: low values of ``a.b`` are one leaf, high ones are split by ``c``."""
    leaves = (
        Record(density=0.1, coverage=0.2, mass=0.5),
        Record(density=0.9, coverage=0.6, mass=0.2),
        Record(density=0.2, coverage=0.2, mass=0.3),
    )
    right = Record(path="c", unit="", at=12345.0, low=1, high=2, level=None)
    root = Record(path="$a$.b", unit="share", at=0.25, low=0, high=right, level=None)
    return Record(
        target="feasible",
        words="a treaty is feasible",
        explained=0.4,
        leaves=leaves,
        root=root,
        note="",
    )


@pytest.fixture
def bars():
    def bar(path, low, high, total):
        ends = {"low": 0.0, "high": 2.0, "at_low": low, "at_high": high}
        return Bar(path=path, total=total, **ends)

    found = (bar("a", -0.4, 0.2, 0.61), bar("b", -0.15, 0.05, 0.2), bar("c", -0.1, -0.1, None))
    return Tornado(title="A dispute", column="margin", mean=-0.1, points=64, bars=found)


def limit(words):
    return Record(path=words, said=lambda name: name)


@pytest.fixture
def boxes():
    whole = Record(limits=(), coverage=1.0, density=0.3)
    one = Record(limits=(limit("$a$.b at least 0.25 (share)"),), coverage=0.9, density=0.6)
    two = Record(
        limits=(limit("$a$.b at least 0.25 (share)"), limit("c between -2 and 1.234e+04")),
        coverage=0.7,
        density=0.95,
    )
    return Record(
        target="feasible",
        words="a treaty is feasible",
        share=0.3,
        best=two,
        boxes=(whole, one, two),
    )


@pytest.fixture
def found():
    return Record(
        title="A dispute",
        path="moscow.pressure",
        unit="share",
        value=1.5,
        edges=np.array([0.0, 1.0, 2.0, 4.0]),
        feasible=np.array([0.5, 0.0, np.nan]),
        shares={
            "tokyo.diet": np.array([0.25, 0.75, np.nan]),
            "moscow.duma": np.array([0.15, 0.25, np.nan]),
            "tokyo.gain": np.array([0.1, 0.0, np.nan]),
        },
    )


def test_sensitivity_orders_by_total_index_and_counts_what_it_leaves_out():
    data = plots.sensitivity_data(
        sobol(index("a", 0.1, 0.2), index("b", 0.3, 0.6), index("c", 0, 0.01)), most=2
    )
    assert data.paths == ("b", "a")
    assert data.left_out == 1
    assert data.first.tolist() == [0.3, 0.1]
    assert data.total_high.tolist() == pytest.approx([0.65, 0.25])


def test_sensitivity_draws_marks_and_intervals_where_the_numbers_are():
    ax = plots.sensitivity(sobol(index("a", 0.1, 0.2), index("b", 0.3, 0.6)), title="A dispute")
    first, total = ax.containers
    assert first.lines[0].get_xdata().tolist() == [0.3, 0.1]
    assert total.lines[0].get_xdata().tolist() == [0.6, 0.2]
    ends = np.array([segment[:, 0] for segment in total.lines[2][0].get_segments()])
    assert ends == pytest.approx(np.array([[0.55, 0.65], [0.15, 0.25]]))
    assert [t.get_text() for t in ax.get_yticklabels()] == ["b", "a"]
    assert ax.get_title().startswith("A dispute")


def test_sensitivity_says_what_grey_marks_are_and_names_no_colour_that_is_not_there():
    def entries(*indices):
        return {t.get_text() for t in plots.sensitivity(sobol(*indices)).get_legend().get_texts()}

    sure, unsure = index("a", 0.3, 0.5), index("b", 0.0, 0.01)
    known = {"alone (first order)", "with others (total)"}
    assert entries(sure) == known
    assert entries(unsure) == {f"{name}, may be 0" for name in known}
    assert entries(sure, unsure) == known | {f"{name}, may be 0" for name in known}


def test_sensitivity_of_a_constant_result_is_refused():
    with pytest.raises(UsageError, match="same at every point"):
        plots.sensitivity(sobol(index("a", np.nan, np.nan)))


def test_discovery_draws_every_box_and_rings_the_chosen_one(boxes):
    ax = plots.discovery(boxes, title="A dispute")
    marks = {c.get_label(): c.get_offsets().tolist() for c in ax.collections}
    assert marks["chosen box"] == [[0.7, 0.95]]
    assert marks["0 parameters restricted"] == [[1.0, 0.3]]
    assert marks["1 parameter restricted"] == [[0.9, 0.6]]
    (limits,) = [t for t in ax.texts if t.get_gid() == "limits"]
    assert "$a$.b at least 0.25 (share)" in limits.get_text()
    assert "c between -2 and 1.234e+04" in limits.get_text()
    assert not limits.get_parse_math()
    assert ax.get_title().count("\n") == 1


def test_the_limits_of_a_box_leave_the_axes_their_room(boxes, column_axes):
    ax = plots.discovery(boxes, title="A dispute", ax=column_axes)
    column_axes.figure.draw_without_rendering()
    (box,) = (t for t in ax.texts if t.get_gid() == "limits")
    frame, written = ax.get_window_extent(), box.get_window_extent()
    assert frame.width > 0.5 * column_axes.figure.bbox.width
    assert written.x1 <= frame.x1 + 1


@pytest.mark.parametrize(("share", "words"), [(0.0, "no point"), (1.0, "every point")])
def test_discovery_of_nothing_is_refused(boxes, share, words):
    boxes.share = share
    with pytest.raises(UsageError, match=words):
        plots.discovery(boxes)


def test_binding_stacks_shares_to_one_and_greys_empty_bins(found):
    ax = plots.binding(found, most=2)
    names = [t.get_text() for t in ax.get_legend().get_texts()]
    expected = ["a treaty is feasible", "tokyo.diet", "moscow.duma", "other constraints"]
    assert names == [*expected, "no points", "the file's value"]
    tops = np.zeros(3)
    for bars in ax.containers[:-1]:
        for k, bar in enumerate(bars):
            assert bar.get_y() == pytest.approx(tops[k])
            assert (bar.get_x(), bar.get_x() + bar.get_width()) == tuple(found.edges[k : k + 2])
            tops[k] += bar.get_height()
    assert tops == pytest.approx([1, 1, 0])
    assert to_hex(ax.containers[0][0].get_facecolor(), keep_alpha=False) == "#0072b2"
    assert ax.get_xlabel() == "moscow.pressure (share)"
    assert {line.get_xdata()[0] for line in ax.lines} == {1.5}


def test_a_tree_has_every_branch_with_its_points_and_its_leaves_measured(tree):
    data = plots.cart_data(tree)
    told = [(b.level, b.name, b.values, b.leaf, round(b.mass, 9)) for b in data.branches]
    assert told == [
        (1, "$a$.b", "≤ 0.25", True, 0.5),
        (1, "$a$.b", "> 0.25", False, 0.5),
        (2, "c", "≤ 1.234e+04", True, 0.2),
        (2, "c", "> 1.234e+04", True, 0.3),
    ]
    assert [(b.y, b.parent) for b in data.branches] == [
        (0, -0.75), (-1.5, -0.75), (-1, -1.5), (-2, -1.5)
    ]  # fmt: skip
    assert data.units == {"$a$.b": "share"}
    ax = plots.cart(tree, title="A dispute")
    rows = {
        round(p.get_y() + p.get_height() / 2): p for p in ax.patches if p.get_gid() == "density"
    }
    frames = [p for p in ax.patches if p.get_gid() != "density"]
    lengths = [rows[-k].get_width() / frames[k].get_width() for k in range(3)]
    assert lengths == pytest.approx([0.1, 0.9, 0.2])
    words = [t.get_text() for t in ax.texts]
    assert {"90%", "60%", "20%", "of\nthem", "of\nall", "feasible"} <= set(words)
    assert ax.get_xlabel() == "units: $a$.b (share)"
    assert "40%" in ax.get_title()


def test_a_tree_without_a_split_is_refused(tree):
    tree.root, tree.note = 0, "no point is feasible"
    with pytest.raises(UsageError, match="no point is feasible"):
        plots.cart(tree)


def test_a_tree_on_small_axes_keeps_its_names_within_their_levels(tree):
    from matplotlib.figure import Figure

    ax = plots.cart(tree, ax=Figure(figsize=(3, 2)).add_subplot())
    assert all(t.get_fontsize() < 8 for t in ax.texts)


@pytest.mark.parametrize("target", ["feasible", "binding=tokyo.diet"])
def test_a_deep_tree_at_the_width_of_a_column(overlapping, target):
    """Four levels, eight leaves, thick branches and shares of 100 % at 3.5 inches."""
    from matplotlib.figure import Figure

    paths = ("north.evet", "nicosia.oxi", "ankara.path", "ankara.bases")
    names = iter(2 * paths)

    def grow(leaves):
        if len(leaves) == 1:
            return leaves[0]
        cut = 1 if len(leaves) in (3, 8) else len(leaves) // 2
        split = {"path": next(names), "unit": "share", "at": 0.5498, "level": None}
        return Record(**split, low=grow(leaves[:cut]), high=grow(leaves[cut:]))

    leaf = {"density": 1.0, "coverage": 1.0}
    found = Record(
        target=target, words="a treaty is feasible", explained=0.69, note="",
        leaves=[Record(**leaf, mass=m) for m in (0.05, 0.05, 0.8, 0.02, 0.02, 0.02, 0.02, 0.02)],
        root=grow(list(range(8))),
    )  # fmt: skip
    ax = plots.cart(found, ax=Figure(figsize=(3.5, 3.4), layout="constrained").add_subplot())
    assert overlapping(ax) == []


def test_the_tornado_of_a_run_has_means_and_total_indices(bars):
    data = plots.tornado_data(bars)
    assert data.paths == ("a", "b")
    assert data.swing == pytest.approx([0.6, 0.2])
    assert (data.left_out, data.unmoved, data.sampled) == (1, 1, True)
    ax = plots.tornado(bars)
    assert sorted({round(p.get_x() + p.get_width(), 9) for p in ax.patches}) == [
        -0.4, -0.15, 0.05, 0.2
    ]  # fmt: skip
    (right,) = ax.child_axes
    assert [t.get_text() for t in right.get_yticklabels()] == ["0.61", "0.20"]
    assert right.get_ylabel() == "total Sobol index"
    lines = {line.get_gid(): line.get_xdata()[0] for line in ax.lines}
    assert lines == {"current": -0.1, "zero": 0}
    assert "mean of all points" in [t.get_text() for t in ax.get_legend().get_texts()]


def test_a_tornado_of_another_column_has_its_name_and_no_line_at_0(bars):
    plain = tuple(replace(bar, total=None) for bar in bars.bars)
    bars = replace(bars, column="payoffs.tokyo", bars=plain)
    ax = plots.tornado(bars)
    assert ax.get_xlabel() == "payoffs.tokyo"
    assert [line.get_gid() for line in ax.lines] == ["current"]
    assert ax.child_axes == []
    bars = replace(bars, column="feasible")
    assert plots.tornado(bars).get_xlabel() == "share of points with a feasible treaty"


def test_no_two_texts_of_these_figures_overlap(found, boxes, tree, bars, overlapping, outside):
    indices = [index(f"moscow.parameter_{k}", 0.1, 0.2) for k in range(12)]
    drawn = [
        plots.binding(found),
        plots.discovery(boxes, title="A dispute"),
        plots.sensitivity(sobol(*indices), title="A dispute"),
        plots.cart(tree, title="A dispute"),
        plots.tornado(bars),
    ]
    for ax in drawn:
        assert overlapping(ax) == []
        assert outside(ax) == []

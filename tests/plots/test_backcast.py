"""The scoreboard: bars end at the robust share, both classes stand beside them, marks say right or wrong."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from matplotlib.figure import Figure
from sim.errors import UsageError
from sim.plots.record.backcast import backcast, backcast_data


def row(name, observed, predicted, share, actor="tokyo", binding="tokyo"):
    right = observed == predicted and actor == binding
    return SimpleNamespace(
        name=name,
        observed=observed,
        predicted=predicted,
        observed_binding=actor,
        lifting=f"only {binding}",
        right=right,
        robust_share=share,
    )


def board(*rows):
    return SimpleNamespace(rows=rows)


FOUR = board(
    row("kuril/1956.yaml", "interim", "interim", 0.8),
    row("kuril/1992.yaml", "none", "treaty", 0.0),
    row("kuril/2018.yaml", "none", "none", 0.25, binding="moscow"),
    row("$x_{$ <script>.yaml", "none", "none", 1.0, actor="_$y_{$", binding="_$y_{$"),
)


def bars(ax):
    return [p for p in ax.patches if p.get_x() == 0]


def test_numbers_are_those_of_the_rows():
    data = backcast_data(FOUR)
    assert data.names[:2] == ("kuril/1956", "kuril/1992")
    assert data.robust.tolist() == [0.8, 0.0, 0.25, 1.0]
    assert data.right.tolist() == [True, False, False, True]
    assert data.observed[0] == ("interim", "tokyo")
    assert data.predicted[2] == ("none", "moscow")


def test_bars_end_at_the_robust_share_and_go_down_the_list():
    drawn = bars(backcast(FOUR))
    assert [p.get_width() for p in drawn] == [0.8, 0.0, 0.25, 1.0]
    heights = [p.get_y() for p in drawn]
    assert heights == sorted(heights, reverse=True)


def test_right_and_wrong_differ_in_shape_and_are_counted():
    ax = backcast(FOUR)
    marks = [t.get_text() for t in ax.texts if t.get_text() in "✓✗"]
    assert marks == ["✓", "✗", "✗", "✓"]
    assert ax.get_title() == "Backcast: 2 of 4 right"


def test_one_of_several_that_block_is_not_counted_as_right():
    """As the scoreboard says it: 1 of 3, and 1 more with one of several."""
    rows = [row("a.yaml", "none", "none", 0.5) for _ in range(2)]
    rows[1].singled = False
    ax = backcast(board(*rows, row("c.yaml", "none", "treaty", 0.1)))
    assert ax.get_title().splitlines()[0] == "Backcast: 1 of 3 right"
    assert "1 more: the class, and one of several that block" in " ".join(ax.get_title().split())
    marks = [t.get_text() for t in ax.texts if t.get_text().strip("()") in ("✓", "✗")]
    assert marks == ["✓", "(✓)", "✗"]


def test_cells_name_class_and_actor():
    words = [t.get_text() for t in backcast(FOUR).texts]
    assert words.count("interim\ntokyo") == 2
    assert "none\nmoscow" in words


@pytest.mark.parametrize("count", [1, 4, 12])
@pytest.mark.parametrize("narrow", [False, True])
def test_no_two_texts_overlap(count, narrow, overlapping, outside):
    rows = [row(f"kuril/{1950 + k}.yaml", "none", "interim", k / 12) for k in range(count)]
    ax = None
    if narrow:
        ax = Figure(figsize=(3.5, 3.5), layout="constrained").add_subplot()
    ax = backcast(board(*rows), ax=ax)
    assert overlapping(ax) == []
    assert outside(ax) == []


def test_texts_of_a_file_are_shown_as_written():
    ax = backcast(FOUR)
    ax.figure.draw_without_rendering()
    texts = [*ax.texts, *ax.get_yticklabels()]
    assert not [t.get_text() for t in texts if "$" in t.get_text() and t.get_parse_math()]


def test_the_figure_given_keeps_its_size():
    figure = Figure(figsize=(7.0, 5.0))
    ax = figure.add_subplot()
    assert backcast(FOUR, ax=ax) is ax
    assert figure.get_size_inches().tolist() == [7.0, 5.0]


def test_an_empty_scoreboard_is_refused():
    with pytest.raises(UsageError, match="observed outcome"):
        backcast(board())

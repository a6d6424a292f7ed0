"""Figures of a forecast: what is drawn is what was found."""

from __future__ import annotations

from types import SimpleNamespace as Record

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from sim import plots

YEARS = tuple(range(2030, 2041))
KINDS = ("forecast", "obstacles", "windows", "chain", "commitment", "waiting", "paths")


def make_grid(**changes):
    levels = {"ruler": ("old", "shaky new", "firm new"), "talks": ("suspended", "open")}
    static = np.array([[0.0, 0.0], [0.0, 0.004], [0.25, 0.6]])
    signs = np.array([[0.0, 0.0], [0.0, 0.0], [0.25, 0.2]])
    reached = np.array([[True, True], [True, True], [False, True]])
    values = {"factors": levels, "start": (1, 0), "static": static, "signs": signs}
    return Record(**(values | {"reached": reached} | changes))


def make_forecast(**changes):
    """Four draws, of which two have a window: chances 0.02 and 0.04 a year more, from 0 on."""
    steps = np.arange(len(YEARS), dtype=float)[:, None]
    by = steps * np.array([0.0, 0.02, 0.04, 0.0])
    values = {
        "title": "A world made by hand",
        "years": YEARS,
        "by": by,
        "static": 1.5 * by,
        "certain": 0.9 * by,
        "possible": 1.1 * by,
        "bounded": True,
        "window": np.array([False, True, True, False]),
        "outside": {year: 0.03 * k for k, year in enumerate(YEARS)},
        "outside_class": "old claims",
        "sourced": 2,
        "rates": 7,
        "grid": make_grid(),
        "obstacles": {
            "signed by nobody": np.zeros(len(YEARS)),
            "only moscow": np.linspace(0.9, 0.3, len(YEARS)),
            "somebody waits": np.linspace(0.098, 0.698, len(YEARS)),
            "only tokyo": np.full(len(YEARS), 0.002),
        },
    }
    return Record(**(values | changes))


def make_chain():
    low = np.array([[0, 0.1, 0.04], [0, 0, 0.2], [0, 0.09, 0]])
    high = np.array([[0, 0.1, 0.04], [0, 0, 0.35], [0, 0.09, 0]])
    sourced = np.zeros((3, 3), dtype=bool)
    sourced[2, 1] = True
    ruler = Record(factor="ruler", levels=("old", "shaky new", "firm new"), now=0, low=low,
                   high=high, sourced=sourced)  # fmt: skip
    step = np.array([[0, 0.25], [0, 0]])
    war = Record(factor="war", levels=("on", "over"), now=1, low=step, high=step,
                 sourced=np.zeros((2, 2), dtype=bool))  # fmt: skip
    return Record(title="A world made by hand", period_years=0.5, factors=(ruler, war))


def make_waiting():
    """Two deals: the first pays both in three of four draws, the second never pays tokyo."""
    gains = np.array([[[-0.1, 0.1, 0.2, 0.3], [-0.4, -0.3, -0.2, -0.1]],
                      [[0.1, 0.1, 0.1, 0.1], [0.2, 0.2, 0.2, 0.2]]])  # fmt: skip
    return Record(
        title="A world made by hand", state="ruler=old, talks=open", principals=("tokyo", "moscow"),
        deals=("two islands and a treaty with a name that is long enough to need two lines", "four"),
        gains=gains, open=np.array([0.5, 1.0]), signs=0.25,
    )  # fmt: skip


def make_histories():
    ruler = np.repeat(np.array([[0, 0], [1, 0], [2, 0], [2, 1]]), [2, 3, 3, 3], axis=0)
    return Record(
        title="A world made by hand", years=YEARS, factors={"ruler": ("old", "shaky", "firm")},
        levels={"ruler": ruler}, signed=np.array([5, -1]),
    )  # fmt: skip


def make_promised(**changes):
    """Signed by 2040 0.15 in the mean, a third of it handed over, a fifth broken."""
    by = make_forecast().by
    return make_forecast(**({"promised": True, "kept": by / 3, "broken": by / 5} | changes))


MAKERS = {
    "chain": make_chain,
    "waiting": make_waiting,
    "paths": make_histories,
    "commitment": make_promised,
}


def draw(kind, **options):
    return plots.get(kind)(MAKERS.get(kind, make_forecast)(), **options)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("narrow", [False, True])
def test_no_two_texts_overlap(kind, narrow, overlapping, outside, column_axes):
    ax = draw(kind, **({"ax": column_axes} if narrow else {}))
    assert overlapping(ax) == []
    assert outside(ax) == []


@pytest.mark.parametrize("size", [(3.5, 2.8), (3.5, 2.0), (7.0, 4.0)])
def test_names_of_deals_stay_in_their_rows(size, overlapping):
    """A long title and long names leave little room; what does not fit is counted in the title."""
    names = ("a corridor to the sea", "the line of the award, three tenths of the oil blocks")
    found = Record(title="Two states and the land between them, 2024-2060", state="rule=open, court=decided",
                   principals=("a", "b"), deals=names * 3, signs=0.98, gains=np.zeros((2, 6, 4)),
                   open=np.full(6, 0.77))  # fmt: skip
    axes = Figure(figsize=size, layout="constrained").add_subplot()
    ax = plots.waiting(found, ax=axes)
    assert overlapping(ax) == []
    left = len(found.deals) - len(ax.get_yticks())
    assert ("not fit" in " ".join(ax.get_title().split())) is (left > 0)


@pytest.mark.parametrize("kind", KINDS)
def test_texts_of_a_file_are_shown_as_written(kind):
    title = r"$\unknown{1}$ or $2 <script>"
    data = MAKERS.get(kind, lambda: make_forecast(outside_class="$x_y$"))()
    data.title = title
    ax = plots.get(kind)(data)
    assert ax.get_title().startswith(title)
    ax.figure.draw_without_rendering()
    texts = [*ax.texts, ax.title, *ax.get_yticklabels(), *ax.get_legend().get_texts()]
    assert not [t.get_text() for t in texts if "$" in t.get_text() and t.get_parse_math()]


# --- forecast ----------------------------------------------------------------------------------------------


def test_quantiles_are_between_the_draws_that_have_a_window_and_means_over_all():
    data = plots.forecast_data(make_forecast())
    assert data.window == 0.5
    np.testing.assert_allclose(data.quantiles[2], 0.03 * np.arange(11))
    np.testing.assert_allclose(data.quantiles[1], 0.025 * np.arange(11))
    np.testing.assert_allclose(data.mean, 0.015 * np.arange(11))
    np.testing.assert_allclose(data.static, 0.0225 * np.arange(11))
    np.testing.assert_allclose(data.certain, 0.0135 * np.arange(11))
    np.testing.assert_allclose(data.outside, 0.03 * np.arange(11))


def test_lines_lie_where_the_numbers_are_and_the_outside_view_is_dashed():
    ax = plots.forecast(make_forecast())
    lines = {line.get_label(): line for line in ax.lines}
    mean, outside = lines["mean of all draws"], lines["outside view: old claims"]
    np.testing.assert_allclose(mean.get_xydata()[-1], [2040, 0.15])
    np.testing.assert_allclose(outside.get_xydata()[-1], [2040, 0.3])
    assert outside.get_linestyle() == "--"
    np.testing.assert_allclose(lines["mean, if nobody looked ahead"].get_ydata()[-1], 0.225)


def test_the_bar_at_the_side_is_the_share_with_a_window():
    ax = plots.forecast(make_forecast(window=np.array([False, True, False, True])))
    (side,) = ax.child_axes
    assert [(p.get_y(), p.get_height()) for p in side.patches] == [(0, 0.5), (0.5, 0.5)]
    assert {"a window: 50 %", "no window: 50 %"} <= {t.get_text() for t in ax.texts}


def test_the_caption_says_first_how_many_rates_are_sourced():
    title = plots.forecast(make_forecast()).get_title().splitlines()
    assert title[1] == "2 of 7 transition rates are sourced, the rest are assumed"
    assert title[2] == "a window in 50 % of 4 draws"


def test_bounds_that_were_not_computed_are_not_drawn():
    def entries(**changes):
        legend = plots.forecast(make_forecast(**changes)).get_legend()
        return {t.get_text() for t in legend.get_texts()}

    word = "the mean in every subgame perfect equilibrium"
    assert word in entries()
    assert word not in entries(bounded=False)


def test_without_any_window_there_are_no_bands():
    data = make_forecast(window=np.zeros(4, dtype=bool), by=np.zeros((11, 4)))
    assert np.isnan(plots.forecast_data(data).quantiles).all()
    entries = [t.get_text() for t in plots.forecast(data).get_legend().get_texts()]
    assert not [text for text in entries if "window" in text]


# --- obstacles ---------------------------------------------------------------------------------------------


def test_obstacles_are_stacked_to_1_the_largest_first_and_specks_together():
    data = plots.obstacles_data(make_forecast())
    assert data.names == ("only moscow", "somebody waits", "all others")
    np.testing.assert_allclose(data.shares.sum(axis=0), 1)
    np.testing.assert_allclose(data.shares[2], 0.002)
    ax = plots.obstacles(make_forecast())
    parts = {c.get_gid(): c.get_paths()[0].vertices for c in ax.collections}
    low = parts["part somebody waits"]
    np.testing.assert_allclose(low[low[:, 0] == 2030][:, 1].min(), 0.9)
    np.testing.assert_allclose(low[low[:, 0] == 2040][:, 1].min(), 0.3)


def test_every_obstacle_is_named_once():
    ax = plots.obstacles(make_forecast())
    named = [t.get_text() for t in (*ax.texts, *ax.get_legend().get_texts())]
    assert sorted(named) == ["all others", "only moscow", "somebody waits"]


# --- windows -----------------------------------------------------------------------------------------------


def test_the_grid_has_the_static_game_left_and_the_equilibrium_right_in_every_cell():
    data = plots.windows_data(make_forecast())
    assert (data.down, data.across) == (("ruler",), ("talks",))
    assert data.rows == (("old",), ("shaky new",), ("firm new",))
    assert data.start == (1, 0)
    ax = plots.windows(make_forecast())
    shown = np.asarray(ax.images[0].get_array())
    np.testing.assert_allclose(shown, [[0, 0, 0, 0], [0, 0, 0.004, 0], [0.25, 0.25, 0.6, 0.2]])
    texts = {t.get_position(): t.get_text() for t in ax.texts}
    assert texts[1.25, 2.5] == "60"
    assert texts[1.75, 2.5] == "20"
    assert texts[1.25, 1.5] == "<1"
    never = [p for p in ax.patches if p.get_gid() == "never"]
    assert [p.get_xy() for p in never] == [(0, 2)]


def test_four_factors_share_rows_and_columns():
    levels = dict.fromkeys(("p", "q", "r", "s"), ("a", "b"))
    shares = np.arange(16.0).reshape(2, 2, 2, 2) / 16
    grid = make_grid(factors=levels, static=shares, signs=shares, reached=shares >= 0,
                     start=(1, 0, 1, 1))  # fmt: skip
    data = plots.windows_data(make_forecast(grid=grid))
    assert (data.down, data.across) == (("p", "q"), ("r", "s"))
    assert data.signs[2, 3] == shares[1, 0, 1, 1]
    assert data.start == (2, 3)
    assert data.columns[2] == ("b", "a")


# --- chain -------------------------------------------------------------------------------------------------


def test_every_move_is_an_arrow_with_its_chance_and_its_span():
    data = plots.chain_data(make_chain())
    found = {(a.factor, a.start, a.end): (a.words, a.sourced) for a in data.arrows}
    assert found == {
        (0, 0, 1): ("10 %", False),
        (0, 0, 2): ("4 %", False),
        (0, 1, 2): ("20\N{EN DASH}35 %", False),
        (0, 2, 1): ("9 %", True),
        (1, 0, 1): ("25 %", False),
    }
    ax = plots.chain(make_chain())
    arrows = [p for p in ax.patches if p.get_gid() == "move"]
    assert len(arrows) == 5
    assert sum(p.get_linestyle() in ("-", "solid") for p in arrows) == 1
    assert "a period of 0.5 years" in ax.get_title()


def test_moves_back_run_beneath_and_the_level_at_the_start_is_filled():
    ax = plots.chain(make_chain())
    places = {t.get_text(): t.get_position()[1] for t in ax.texts if t.get_gid() == "chance"}
    assert places["9 %"] < 0 < places["10 %"] < places["4 %"]
    now = [t for t in ax.texts if t.get_gid() == "now"]
    assert [t.get_text() for t in now] == ["old", "over"]
    assert {to_hex(t.get_bbox_patch().get_facecolor()) for t in now} == {"#56b4e9"}


# --- waiting, commitment, paths ----------------------------------------------------------------------------


def test_a_deal_stands_with_its_gains_and_the_share_of_draws_in_which_nobody_loses():
    data = plots.waiting_data(make_waiting())
    assert data.all_gain.tolist() == [0.75, 0.0]
    np.testing.assert_allclose(data.quantiles[1], [[0.15, -0.25], [0.1, 0.2]])
    ax = plots.waiting(make_waiting())
    medians = [
        line.get_xdata()
        for line in ax.lines
        if len(line.get_xdata()) == 2 and line.get_marker() == "o"
    ]
    np.testing.assert_allclose(medians[0], [0.15, -0.25])
    words = " ".join(ax.get_yticklabels()[0].get_text().split())
    assert "nobody loses: 75 %; possible: 50 %" in words


@pytest.mark.parametrize("size", [(5, 4), (7, 3), (4, 6)])
def test_deals_that_do_not_fit_are_left_out_and_counted(size, overlapping):
    """Eight long names on somebody's axes: none overlap, no letter is too small, the title says the rest."""
    from matplotlib.figure import Figure

    deal = "Habomai and Shikotan, talks on the rest, peace treaty, no foreign bases, economic package, no {}"
    many = Record(**vars(make_waiting()))
    many.deals = tuple(deal.format(k) for k in range(8))
    many.gains, many.open = np.repeat(many.gains[:, :1], 8, axis=1), np.full(8, 0.5)
    ax = plots.waiting(many, ax=Figure(figsize=size, layout="constrained").subplots())
    assert overlapping(ax) == []
    shown = len(ax.get_yticklabels())
    assert shown < 8 or size[1] > 3
    title = " ".join(ax.get_title().split())
    assert f"{8 - shown} more deals do not fit" in title or shown >= 7
    assert min(t.get_fontsize() for t in ax.get_yticklabels()) >= 5


def test_what_was_signed_is_handed_over_broken_or_not_due():
    data = plots.commitment_data(make_promised())
    np.testing.assert_allclose(data.shares[:, -1], [0.05, 0.15 * (1 - 1 / 3 - 1 / 5), 0.03])
    assert (
        "handed over 5.0 %, broken 3.0 % by 2040" in plots.commitment(make_promised()).get_title()
    )
    none = make_promised(promised=False, kept=make_forecast().by, broken=0 * make_forecast().by)
    assert "nothing is promised" in plots.commitment(none).get_title()


def test_a_star_stands_at_the_year_of_a_signature():
    ax = plots.paths(make_histories())
    (stars,) = [line for line in ax.lines if line.get_gid() == "signature"]
    assert stars.get_xydata().tolist() == [[2035.0, 0.0]]
    assert "2 histories; a treaty in 50 % of all" in ax.get_title()
    data = plots.paths_data(make_histories())
    assert data.levels[0, :, 1].tolist() == [0] * 8 + [1] * 3

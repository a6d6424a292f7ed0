"""Payoff terms: stacked to their sums, zeros left out, small ones grouped."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.errors import UsageError
from sim.plots.disputes.terms import MOST_TERMS, terms, terms_data


def part(verdict, actor, **options):
    return next(p for p in terms_data(verdict, **options).actors if p.actor == actor)


def test_terms_are_in_units_of_the_actors_spread_and_zero_ones_are_left_out(make_verdict):
    tokyo = part(make_verdict(), "tokyo")
    assert tokyo.names == ("land", "principle")
    np.testing.assert_allclose(tokyo.values, [[0.0, 0.0], [0.3, -0.1]])
    np.testing.assert_allclose(tokyo.net, [0.0, 0.2])


def test_or_in_payoff_units(make_verdict):
    moscow = part(make_verdict(), "moscow", per_spread=False)
    assert moscow.names == ("trade", "land")
    np.testing.assert_allclose(moscow.values, [[0.1, 0.0], [0.9, -0.5]])
    assert terms_data(make_verdict(), per_spread=False).unit == "payoff"


def test_the_difference_of_the_sums_is_the_gain(ladder_scenario):
    from sim.explaining import explain

    verdict = explain(ladder_scenario, with_thresholds=False)
    gains = {s.actor: s.slack for s in verdict.steps if s.constraint == "gain"}
    for shown in terms_data(verdict).actors:
        assert shown.net[1] - shown.net[0] == pytest.approx(gains[shown.actor], abs=1e-12)


@settings(deadline=None, max_examples=40)
@given(
    st.dictionaries(
        st.text("abcdef", min_size=1),
        st.tuples(st.integers(-9, 9), st.integers(-9, 9)),
        max_size=15,
    )
)
def test_nothing_is_lost_by_grouping(found):
    from types import SimpleNamespace

    verdict = SimpleNamespace(
        title="T", best_agreement="x", scales={"a": 1.0}, terms={"a": found or {"z": (0, 0)}}
    )
    shown = terms_data(verdict).actors[0]
    assert len(shown.names) <= MOST_TERMS
    np.testing.assert_allclose(shown.values.sum(axis=1), shown.net)
    np.testing.assert_allclose(shown.net, np.sum(list(found.values()) or [(0, 0)], axis=0))
    used = sum(v != (0, 0) for v in found.values())
    assert used == len(shown.names) - bool(shown.grouped) + shown.grouped
    if shown.grouped:
        assert shown.names[-1] == f"other ({shown.grouped})"


def test_bars_stack_away_from_zero(make_verdict):
    verdict = make_verdict(terms={"tokyo": {"a": (0, 1.0), "b": (0, 3.0), "c": (0, -2.0)}})
    ax = terms(verdict, per_spread=False)
    filled = [p for p in ax.patches if p.get_facecolor()[3] > 0]
    spans = sorted((min(p.get_x(), p.get_x() + p.get_width()), abs(p.get_width())) for p in filled)
    assert spans == [(-2.0, 2.0), (0.0, 3.0), (3.0, 1.0)]


def test_one_actor_alone(make_verdict):
    ax = terms(make_verdict(), actor="moscow")
    assert [t.get_text() for t in ax.get_yticklabels()] == ["moscow\nstatus quo", "best agreement"]
    with pytest.raises(UsageError, match="did you mean 'moscow'"):
        terms(make_verdict(), actor="moscw")


def test_the_title_names_the_agreement_and_the_legend_every_term(make_verdict):
    ax = terms(make_verdict())
    assert "islands=two, peace=treaty" in ax.get_title()
    found = {t.get_text() for t in ax.get_legend().get_texts()}
    assert found == {"sum", "land", "principle", "trade"}


def test_many_terms_do_not_overlap(make_verdict, overlapping, column_axes):
    names = [f"a term called {'abcdefghijkl'[k]}" for k in range(12)]
    found = {name: (0.1 * k - 0.5, 0.5 - 0.07 * k) for k, name in enumerate(names)}
    verdict = make_verdict(terms={"tokyo": found, "moscow": found})
    assert overlapping(terms(verdict, ax=column_axes)) == []


def test_a_term_without_a_visible_bar_is_not_in_the_legend(make_verdict):
    found = {"land": (0.0, 1.0), "speck": (0.0, 1e-6), "zero": (0.0, 0.0)}
    ax = terms(make_verdict(terms={"tokyo": found}), per_spread=False)
    assert {t.get_text() for t in ax.get_legend().get_texts()} == {"sum", "land"}


def test_terms_of_two_actors_differ_in_colour_and_their_hatches_show(make_verdict):
    from matplotlib.colors import to_rgb

    found = {
        actor: {f"{actor} {k}": (0.0, 1.0 + k) for k in range(6)} for actor in ("tokyo", "moscow")
    }
    ax = terms(make_verdict(terms=found))
    swatches = ax.get_legend().get_patches()
    assert len({p.get_facecolor() for p in swatches}) == 12
    for swatch in swatches:
        if swatch.get_hatch():
            contrast = np.subtract(to_rgb(swatch.get_facecolor()), to_rgb(swatch.get_edgecolor()))
            assert np.abs(contrast).max() > 0.15

"""Bounds by hand: textbook interval arithmetic, truth values, division near 0, outward rounding."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sim.errors import ExpressionError
from sim.expressions import Interval, parse

INF = math.inf


def box(lo, hi):
    return Interval(lo=np.array([lo], dtype=float), hi=np.array([hi], dtype=float))


def ends(text, **env):
    bounds = parse(text).bounds({k: box(*v) if isinstance(v, tuple) else v for k, v in env.items()})
    return float(bounds.lo.min()), float(bounds.hi.max())


# Rules of interval arithmetic: Moore, Interval Analysis (1966), chapter 2.
TEXTBOOK = [
    ("x + y", (1, 2), (-3, 5), (-2, 7)),
    ("x - y", (1, 2), (-3, 5), (-4, 5)),
    ("x * y", (-1, 2), (-3, 5), (-6, 10)),
    ("x * y", (-2, -1), (-3, 5), (-10, 6)),
    ("x / y", (1, 2), (4, 8), (0.125, 0.5)),
    ("x / y", (-1, 2), (-8, -4), (-0.5, 0.25)),
    ("-x", (1, 2), (0, 0), (-2, -1)),
    ("x ** 2", (-1, 2), (0, 0), (0, 4)),
    ("x ** 2", (-3, -2), (0, 0), (4, 9)),
    ("x ** 3", (-1, 2), (0, 0), (-1, 8)),
    ("x ** 0", (-1, 2), (0, 0), (1, 1)),
    ("x ** -1", (2, 4), (0, 0), (0.25, 0.5)),
    ("x ** -2", (-4, -2), (0, 0), (1 / 16, 1 / 4)),
    ("x ** -3", (-2, -1), (0, 0), (-1, -1 / 8)),
    ("x ** y", (2, 3), (-1, 2), (1 / 3, 9)),
    ("x ** 0.5", (4, 9), (0, 0), (2, 3)),
    ("abs(x)", (-1, 2), (0, 0), (0, 2)),
    ("abs(x)", (-3, -2), (0, 0), (2, 3)),
    ("sqrt(x)", (4, 9), (0, 0), (2, 3)),
    ("exp(x)", (0, 1), (0, 0), (1, math.e)),
    ("log(x)", (1, math.e), (0, 0), (0, 1)),
    ("logistic(x)", (-1e9, 0), (0, 0), (0, 0.5)),
    ("min(x, y)", (1, 4), (2, 3), (1, 3)),
    ("max(x, y)", (1, 4), (2, 3), (2, 4)),
    ("clip(x, 0, y)", (-1, 4), (2, 3), (0, 3)),
    ("where(y > 0, x, -x)", (1, 2), (1, 5), (1, 2)),
    ("where(y > 0, x, -x)", (1, 2), (-5, 0), (-2, -1)),
    ("where(y > 0, x, -x)", (1, 2), (-5, 5), (-2, 2)),
]


@pytest.mark.parametrize(("text", "x", "y", "expected"), TEXTBOOK)
def test_textbook_rules_are_tight(text, x, y, expected):
    lo, hi = ends(text, x=x, y=y)
    assert lo <= expected[0]
    assert hi >= expected[1]
    assert (lo, hi) == pytest.approx(expected, rel=1e-13, abs=1e-290)


TRUTH = [
    ("x < y", (1, 2), (3, 4), (1, 1)),
    ("x < y", (3, 4), (1, 3), (0, 0)),
    ("x < y", (1, 3), (2, 4), (0, 1)),
    ("x < y", (1, 2), (2, 3), (0, 1)),
    ("x <= y", (1, 2), (2, 3), (1, 1)),
    ("x >= y", (1, 2), (2, 3), (0, 1)),
    ("x > y", (1, 2), (2, 3), (0, 0)),
    ("x == y", (1, 2), (3, 4), (0, 0)),
    ("x == y", (1, 2), (2, 4), (0, 1)),
    ("x == x", (1, 1), (0, 0), (1, 1)),
    ("x != y", (1, 2), (3, 4), (1, 1)),
    ("0 < x < y", (1, 2), (3, 4), (1, 1)),
    ("0 < x < y", (1, 2), (1, 4), (0, 1)),
    ("not x > y", (1, 2), (3, 4), (1, 1)),
    ("x and y", (1, 2), (-1, 1), (0, 1)),
    ("x and y", (0, 0), (-1, 1), (0, 0)),
    ("x or y", (1, 2), (-1, 1), (1, 1)),
    ("x or y", (0, 0), (0, 0), (0, 0)),
    ("not x", (-1, 1), (0, 0), (0, 1)),
]


@pytest.mark.parametrize(("text", "x", "y", "expected"), TRUTH)
def test_truth_is_certain_impossible_or_undecided(text, x, y, expected):
    assert ends(text, x=x, y=y) == expected


UNBOUNDED = [
    ("1 / x", (-1, 1), (-INF, INF)),
    ("1 / x", (0, 0), (-INF, INF)),
    ("1 / x", (0, 4), (0.25, INF)),
    ("1 / x", (-4, 0), (-INF, -0.25)),
    ("-1 / x", (0, 4), (-INF, -0.25)),
    ("0 / x", (0, 4), (-INF, INF)),
    ("x / x", (-1, 2), (-INF, INF)),
    ("x ** -1", (-1, 1), (-INF, INF)),
    ("x ** -1", (0, 4), (0.25, INF)),
    ("x ** -2", (-1, 2), (0.25, INF)),
    ("x ** 0.5", (-1, 4), (-INF, INF)),
    ("log(x)", (0, 1), (-INF, 0)),
    ("log(x)", (-1, 1), (-INF, 0)),
    ("log(x)", (-2, -1), (-INF, INF)),
    ("sqrt(x)", (-1, 4), (-INF, INF)),
    ("exp(x)", (0, 1e4), (1, INF)),
    ("where(x > 0, 1 / x, 2)", (1, 2), (0.5, 1)),
    ("where(x > 0, 1 / x, 2)", (-2, 0), (2, 2)),
    ("1 / x * 0", (-1, 1), (0, 0)),
]


@pytest.mark.parametrize(("text", "x", "expected"), UNBOUNDED)
def test_what_may_be_undefined_is_unbounded(text, x, expected):
    assert ends(text, x=x) == pytest.approx(expected, rel=1e-13, abs=1e-290)


def test_fixed_arrays_give_exact_points_and_undefined_ones_the_whole_line():
    bounds = parse("0.1 + k").bounds({"k": np.array([0.2, 0.5])})
    assert bounds.lo.tolist() == bounds.hi.tolist() == [0.1 + 0.2, 0.6]
    bounds = parse("1 / k").bounds({"k": np.array([0.0, 2.0])})
    assert (bounds.lo.tolist(), bounds.hi.tolist()) == ([-INF, 0.5], [INF, 0.5])


@pytest.mark.parametrize(
    "text", ["1 - x", "x * 1", "x * k", "x + k - k", "-x", "2 - x - 1 if k else 0"]
)
def test_flags_and_complements_stay_exact(text):
    lo, hi = ends(text, x=(0, 1), k=1.0)
    assert hi - lo == 1.0
    assert {lo, hi} in ({0.0, 1.0}, {-1.0, 0.0})


def test_bounds_broadcast_moves_and_boxes_with_the_batch_last():
    share = Interval(lo=np.array([0.0, 0.5]), hi=np.array([0.5, 1.0]))
    bounds = parse("area * share").bounds({"area": np.array([[1.0], [-2.0]]), "share": share})
    np.testing.assert_allclose(bounds.lo, [[0.0, 0.5], [-1.0, -2.0]])
    np.testing.assert_allclose(bounds.hi, [[0.5, 1.0], [0.0, -1.0]])


def test_a_name_without_an_interval_is_an_error():
    with pytest.raises(ExpressionError, match="unknown name 'x'"):
        parse("x").bounds({})


finite = st.floats(-1e6, 1e6, allow_nan=False)
pairs = st.tuples(finite, finite).map(sorted)


@settings(max_examples=300, deadline=None)
@given(pairs, pairs, st.sampled_from("+-*/"))
def test_rounding_is_outward_of_exact_rational_arithmetic(x, y, symbol):
    assume(x[0] < x[1] or y[0] < y[1])
    assume(symbol != "/" or not y[0] <= 0 <= y[1])
    corners = [
        {"+": a + b, "-": a - b, "*": a * b, "/": a / b if b else a}[symbol]
        for a in map(Fraction, x)
        for b in map(Fraction, y)
    ]
    assume(not any(0 < abs(value) < Fraction(1, 10**290) for value in corners))
    lo, hi = ends(f"x {symbol} y", x=tuple(x), y=tuple(y))
    assert lo <= min(corners)
    assert hi >= max(corners)

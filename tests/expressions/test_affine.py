"""Affine forms by hand: coefficients, derived attributes, and what has no affine form."""

import numpy as np
import pytest
from sim.errors import ExpressionError
from sim.expressions import Affine, parse

AREA = np.array([[0.0], [0.069], [1.0]])
VARIED = frozenset({"moscow.price", "delta"})


def coefficients(form):
    return {name: np.asarray(value).tolist() for name, value in form.coefficients.items()}


def test_a_payoff_term_gives_its_coefficients_per_agreement():
    form = parse("2 * moscow.price * area - (delta - 1) / 4").affine({"area": AREA}, VARIED)
    np.testing.assert_allclose(form.constant, np.full((3, 1), 0.25))
    np.testing.assert_allclose(form.coefficients["moscow.price"], 2 * AREA)
    np.testing.assert_allclose(np.broadcast_to(form.coefficients["delta"], (3, 1)), -0.25)


def test_an_expression_of_fixed_names_is_its_own_constant():
    form = parse("max(area, 0.5) ** 2").affine({"area": AREA}, VARIED)
    np.testing.assert_allclose(form.constant, np.maximum(AREA, 0.5) ** 2)
    assert form.coefficients == {}


def test_where_on_a_fixed_condition_chooses_coefficients_elementwise():
    form = parse("where(area > 0.5, delta, 3)").affine({"area": AREA}, VARIED)
    assert form.constant.tolist() == [[3.0], [3.0], [0.0]]
    assert form.coefficients["delta"].tolist() == [[0.0], [0.0], [1.0]]


def test_a_branch_not_taken_may_be_undefined():
    form = parse("where(area > 0, delta / area, 0)").affine({"area": AREA}, VARIED)
    np.testing.assert_allclose(form.coefficients["delta"], [[0.0], [1 / 0.069], [1.0]])


def test_a_derived_attribute_that_is_affine_keeps_the_form():
    shift = Affine(constant=np.array(1.0), coefficients={"delta": np.array([2.0, 0.0])})
    form = parse("3 * shift - delta").affine({"shift": shift}, VARIED)
    assert coefficients(form) == {"delta": [5.0, -1.0]}
    assert form.constant.tolist() == 3.0


def test_a_derived_attribute_that_is_not_affine_loses_it():
    env = {"odd": None, "area": AREA}
    assert parse("odd * area").affine(env, VARIED) is None
    assert parse("where(area > 0, odd, 1)").affine(env, VARIED) is None
    assert parse("area * 2").affine(env, VARIED) is not None


@pytest.mark.parametrize(
    "text",
    [
        "delta * delta",
        "delta * moscow.price",
        "area / delta",
        "delta ** 2",
        "area ** delta",
        "delta > area",
        "delta and area",
        "not delta",
        "where(delta > 0, 1, 2)",
        "where(delta, 1, 1)",
        "min(delta, 1)",
        "max(area, delta)",
        "clip(area, 0, delta)",
        "abs(delta)",
        "exp(delta)",
        "log(delta)",
        "sqrt(delta)",
        "logistic(delta)",
        "area + exp(0 * delta)",
    ],
)
def test_what_bends_has_no_affine_form(text):
    assert parse(text).affine({"area": AREA}, VARIED) is None


@pytest.mark.parametrize(
    ("text", "constant", "slope"),
    [
        ("delta ** 1", 0.0, 1.0),
        ("-(-delta)", 0.0, 1.0),
        ("delta - delta", 0.0, 0.0),
        ("delta * 0", 0.0, 0.0),
        ("(1 - delta) * 0.3 + delta * 0.1", 0.3, -0.2),
        ("delta if true else 7", 0.0, 1.0),
        ("delta * (2 > 1)", 0.0, 1.0),
    ],
)
def test_what_keeps_the_form(text, constant, slope):
    form = parse(text).affine({}, VARIED)
    assert form.constant == pytest.approx(constant, abs=1e-15)
    assert form.coefficients["delta"] == pytest.approx(slope, abs=1e-15)


def test_the_power_zero_of_anything_affine_is_one():
    form = parse("delta ** 0").affine({}, VARIED)
    assert (form.constant, form.coefficients) == (1.0, {})


def test_a_varied_name_wins_over_its_value():
    form = parse("delta").affine({"delta": 3.0}, VARIED)
    assert coefficients(form) == {"delta": 1.0}


def test_a_name_without_a_value_is_an_error():
    with pytest.raises(ExpressionError, match="unknown name 'area'"):
        parse("delta * area").affine({}, VARIED)

"""Values by hand: precedence, undefined operations, shapes, limits of functions."""

import math
import warnings

import numpy as np
import pytest
from sim.expressions import parse

NAN, INF = math.nan, math.inf

PRECEDENCE = {
    "x - y - z": lambda x, y, z: x - y - z,
    "x / y / z": lambda x, y, z: x / y / z,
    "x / y * z": lambda x, y, z: x / y * z,
    "x - y * z + x": lambda x, y, z: x - y * z + x,
    "x ** y ** 0.5": lambda x, y, z: x ** (y**0.5),
    "-x ** 2": lambda x, y, z: -(x**2),
    "2 ** -x": lambda x, y, z: 2**-x,
    "- - x + + y": lambda x, y, z: x + y,
    "not x > y and z > x": lambda x, y, z: not x > y and z > x,
    "not (x > y and z > x)": lambda x, y, z: not (x > y and z > x),
    "x > y or x < y and z < y": lambda x, y, z: x > y or (x < y and z < y),
    "x < y < z": lambda x, y, z: x < y < z,
    "x < z < y": lambda x, y, z: x < z < y,
    "x < y > x == x <= z != y": lambda x, y, z: x < y > x == x <= z != y,
    "(x < y) < z": lambda x, y, z: (x < y) < z,
    "x if x > y else y if y > z else z": lambda x, y, z: x if x > y else y if y > z else z,
    "x + y > z": lambda x, y, z: x + y > z,
    "(x > y) + (y > x) * 3": lambda x, y, z: (x > y) + (y > x) * 3,
    "1 + \n 2 * x": lambda x, y, z: 1 + 2 * x,
}


@pytest.mark.parametrize("text", PRECEDENCE)
@pytest.mark.parametrize("point", [(2.0, 3.0, 5.0), (5.0, 3.0, 2.0), (3.0, 3.0, 3.0)])
def test_operators_bind_as_in_python(text, point):
    env = dict(zip("xyz", point, strict=True))
    assert parse(text).evaluate(env) == pytest.approx(float(PRECEDENCE[text](**env)), rel=1e-15)


BY_HAND = [
    ("min(x, 2, 1 - x)", 3.0, -2.0),
    ("max(x, 2)", 3.0, 3.0),
    ("clip(x, 0, 1)", 3.0, 1.0),
    ("clip(x, 0, 1)", -3.0, 0.0),
    ("clip(x, 0, 1)", 0.25, 0.25),
    ("abs(x)", -3.0, 3.0),
    ("exp(x)", 0.0, 1.0),
    ("log(x)", 1.0, 0.0),
    ("sqrt(x)", 9.0, 3.0),
    ("logistic(x)", 0.0, 0.5),
    ("logistic(x)", math.log(3), 0.75),
    ("logistic(x)", -1e6, 0.0),
    ("logistic(x)", 1e6, 1.0),
    ("logistic(x) / exp(x)", -40.0, 1.0),
    ("where(x, 10, 20)", 0.5, 10.0),
    ("where(x, 10, 20)", 0.0, 20.0),
    ("x and 5", 2.0, 1.0),
    ("x or 0", 0.0, 0.0),
    ("not x", 0.3, 0.0),
    ("x ** 64", 1.0, 1.0),
    ("x ** 0", 0.0, 1.0),
    ("x ** 3", -2.0, -8.0),
    ("x ** -2", -2.0, 0.25),
    ("x ** x", 3.0, 27.0),
]


@pytest.mark.parametrize(("text", "x", "value"), BY_HAND)
def test_functions_at_known_points(text, x, value):
    assert parse(text).evaluate({"x": x}) == pytest.approx(value, rel=1e-12, abs=1e-15)


UNDEFINED = [
    ("1 / x", 0.0, NAN),
    ("x / x", 0.0, NAN),
    ("1 / (-x)", 0.0, NAN),
    ("x ** -1", 0.0, NAN),
    ("x ** 0.5", -1.0, NAN),
    ("sqrt(x)", -1.0, NAN),
    ("log(x)", -1.0, NAN),
    ("log(x)", 0.0, -INF),
    ("exp(x)", 1e4, INF),
    ("min(1 / x, 5)", 0.0, NAN),
    ("clip(1 / x, 0, 1)", 0.0, NAN),
    ("1 / x > 0", 0.0, NAN),
    ("1 / x != 1 / x", 0.0, NAN),
    ("not 1 / x", 0.0, NAN),
    ("1 / x and true", 0.0, NAN),
    ("1 / x or true", 0.0, NAN),
    ("true and 1 / x", 0.0, NAN),
    ("where(1 / x > 0, 1, 2)", 0.0, NAN),
    ("1 / 0 if x else 2", 0.0, 2.0),
    ("where(x > 0, 1 / x, 2)", 0.0, 2.0),
    ("where(x > 0, log(x), -1)", -3.0, -1.0),
    ("x != 0 and 1 / x > 2", 0.0, 0.0),
    ("x == 0 or 1 / x > 2", 0.0, 1.0),
]


@pytest.mark.parametrize(("text", "x", "value"), UNDEFINED)
def test_undefined_operations_give_nan_silently_and_nothing_hides_it(text, x, value):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_array_equal(parse(text).evaluate({"x": x}), value)
        np.testing.assert_array_equal(parse(text).evaluate({"x": [x, x]}), [value, value])


def test_each_operation_works_on_the_smallest_shape_it_needs():
    shapes = []

    class Watched(np.ndarray):
        def __array_ufunc__(self, ufunc, method, *inputs, **options):
            plain = [np.asarray(value) for value in inputs]
            result = getattr(ufunc, method)(*plain, **options)
            shapes.append(np.shape(result))
            return result.view(Watched) if isinstance(result, np.ndarray) else result

    def watched(shape):
        return np.ones(shape).view(Watched)

    program = parse("a * a + b * b + a * b").program
    value = program.run({"a": watched((3, 1)), "b": watched((5,))})
    assert value.shape == (3, 5)
    assert sorted(shapes) == [(3, 1), (3, 5), (3, 5), (3, 5), (5,)]


def test_equal_subexpressions_are_computed_once_and_constants_at_parsing():
    program = parse("(x + y) * (x + y) / (2 * 3 + exp(0))").program
    assert len(program.instructions) == 3
    assert 7.0 in program.constants


def test_the_result_is_float64_and_never_the_callers_own_array():
    mine = np.array([1.0, 2.0])
    for text in ("x", "+x", "(x)", "x if true else 0"):
        value = parse(text).evaluate({"x": mine})
        value += 10.0
    np.testing.assert_array_equal(mine, [1.0, 2.0])
    assert parse("x > 1").evaluate({"x": np.array([1, 2])}).dtype == np.float64
    assert parse("x + x").evaluate({"x": np.array([True, False])}).tolist() == [2.0, 0.0]
    assert isinstance(parse("3").evaluate({}), np.ndarray)


def test_values_that_nothing_reads_again_are_let_go():
    import tracemalloc

    text = " + ".join(f"exp(x * {k})" for k in range(40))
    x = np.zeros(100_000)
    expression = parse(text)
    tracemalloc.start()
    expression.evaluate({"x": x})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 6 * x.nbytes

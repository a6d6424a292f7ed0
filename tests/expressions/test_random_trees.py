"""Random expressions: values against plain Python numbers, affine forms and bounds against values.

A tree is a nested tuple ``(symbol, *arguments)``, a number or a name; :func:`render` writes it as
text with every bracket, :func:`reference` computes it at one point with ``math`` alone.
"""

import math
import operator

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.expressions import Interval, parse

NAN = math.nan
INFIX = ("+", "-", "*", "/", "**", "<", "<=", ">", ">=", "==", "!=", "and", "or")
COMPARE = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def render(tree):
    if not isinstance(tree, tuple):
        return str(tree)
    symbol, *arguments = tree
    parts = [render(argument) for argument in arguments]
    if symbol in INFIX:
        return f"({f' {symbol} '.join(parts)})"
    if symbol == "not":
        return f"(not {parts[0]})"
    if symbol == "neg":
        return f"(-{parts[0]})"
    if symbol == "if":
        return f"({parts[1]} if {parts[0]} else {parts[2]})"
    return f"{symbol}({', '.join(parts)})"


def reference(tree, env):
    if isinstance(tree, str):
        return env[tree]
    if not isinstance(tree, tuple):
        return float(tree)
    symbol, *arguments = tree
    if symbol in ("where", "if"):
        condition = reference(arguments[0], env)
        return NAN if math.isnan(condition) else reference(arguments[1 if condition else 2], env)
    if symbol in ("and", "or"):
        for argument in arguments:
            value = reference(argument, env)
            if math.isnan(value) or bool(value) == (symbol == "or"):
                return NAN if math.isnan(value) else float(bool(value))
        return float(symbol == "and")
    return strict(symbol, [reference(argument, env) for argument in arguments])


def strict(symbol, values):
    if symbol == "**":
        return raised(*values)
    if any(map(math.isnan, values)):
        return NAN
    if symbol in COMPARE:
        return float(COMPARE[symbol](*values))
    a, b, *_ = [*values, 0.0]
    return {
        "+": lambda: a + b,
        "-": lambda: a - b,
        "*": lambda: a * b,
        "/": lambda: a / b if b else NAN,
        "neg": lambda: -a,
        "not": lambda: float(not a),
        "abs": lambda: abs(a),
        "min": lambda: min(values),
        "max": lambda: max(values),
        "clip": lambda: min(max(a, b), values[-1]),
        "exp": lambda: math.exp(a) if a < 709 else math.inf,
        "log": lambda: math.log(a) if a > 0 else (-math.inf if a == 0 else NAN),
        "sqrt": lambda: math.sqrt(a) if a >= 0 else NAN,
        "logistic": lambda: 1 / (1 + math.exp(-a)) if a > -700 else 0.0,
    }[symbol]()


def raised(a, b):
    try:
        return math.pow(a, b)
    except ValueError:
        return NAN
    except OverflowError:
        return -math.inf if a < 0 and b % 2 else math.inf


def tree_of(*symbols, arity, inner):
    return st.tuples(st.sampled_from(symbols), *[inner] * arity)


def exact_step(inner):
    """Operations that IEEE arithmetic rounds correctly, so that both sides agree to the bit."""
    return st.one_of(
        tree_of("+", "-", "*", "/", arity=2, inner=inner),
        tree_of(*COMPARE, "and", "or", "min", "max", arity=2, inner=inner),
        tree_of("neg", "not", "abs", "sqrt", arity=1, inner=inner),
        tree_of("where", "if", "clip", "min", "and", "or", arity=3, inner=inner),
    )


leaves = st.sampled_from(["x", "y", "m.k", 0, 1, 2, 0.5, 3, "x", "y", "m.k"])
exact = st.recursive(leaves, exact_step, max_leaves=12)
exponents = st.sampled_from([0, 1, 2, 3, 4, -1, -2, -3, 0.5, 1.5, -0.5])
smooth_leaves = st.one_of(
    tree_of("exp", "log", "logistic", arity=1, inner=exact),
    st.tuples(st.just("**"), exact, exponents),
)


def smooth_step(inner):
    return st.one_of(
        st.tuples(st.sampled_from(["+", "*", "min", "max", "/"]), inner, exact),
        st.tuples(st.sampled_from(["where", "if"]), exact, inner, inner),
        tree_of("neg", "abs", "logistic", arity=1, inner=inner),
    )


smooth = st.recursive(smooth_leaves, smooth_step, max_leaves=6)


def any_step(inner):
    return st.one_of(
        exact_step(inner),
        tree_of("exp", "log", "logistic", arity=1, inner=inner),
        st.tuples(st.just("**"), inner, exponents),
        st.tuples(st.just("**"), inner, st.tuples(st.just("-"), st.just("y"), inner)),
    )


anything = st.recursive(leaves, any_step, max_leaves=12)
points = st.sampled_from([0.0, 1.0, -1.0, 2.0, 0.5, -0.25, 3.0, 1e-3, -7.5, 0.1, 1e6])
triples = st.lists(st.tuples(points, points, points), min_size=1, max_size=4)


def check_values(tree, rows, rel):
    env = dict(zip(("x", "y", "m.k"), map(np.array, zip(*rows, strict=True)), strict=True))
    values = np.broadcast_to(parse(render(tree)).evaluate(env), (len(rows),))
    for k, value in enumerate(values):
        expected = reference(tree, {name: float(column[k]) for name, column in env.items()})
        np.testing.assert_allclose(value, expected, rtol=rel, atol=rel * 1e-3)


@settings(max_examples=400, deadline=None)
@given(exact, triples)
def test_values_equal_plain_python_to_the_last_bit(tree, rows):
    check_values(tree, rows, rel=0.0)


@settings(max_examples=300, deadline=None)
@given(smooth, triples)
def test_values_with_library_functions_equal_plain_python(tree, rows):
    check_values(tree, rows, rel=1e-9)


@settings(max_examples=200, deadline=None)
@given(anything)
def test_what_is_rendered_is_parsed_and_names_are_found(tree):
    def names(part):
        if isinstance(part, tuple):
            return set().union(*map(names, part[1:]))
        return {part} if isinstance(part, str) else set()

    assert parse(render(tree)).names == names(tree)


ends = st.sampled_from([-3.0, -1.0, -0.1, 0.0, 0.1, 0.5, 1.0, 2.0, 7.0, 400.0])
boxes = st.tuples(*[st.tuples(ends, ends).map(sorted)] * 2)


def box_points(lo, hi, rng):
    corners = np.array([lo, hi, (lo + hi) / 2])
    inside = lo + (hi - lo) * rng.random(60)
    near = np.nextafter(corners[:2], (lo + hi) / 2)
    return rng.permutation(np.clip(np.concatenate([np.tile(corners, 7), inside, near]), lo, hi))


@settings(max_examples=600, deadline=None)
@given(anything, boxes, st.sampled_from([-2.0, 0.0, 1.0, 0.3]), st.integers(0, 2**32 - 1))
def test_every_value_in_a_box_lies_inside_its_bounds(tree, box, fixed, seed):
    expression = parse(render(tree))
    rng = np.random.default_rng(seed)
    x, y = (Interval(lo=np.array([a]), hi=np.array([b])) for a, b in box)
    bounds = expression.bounds({"x": x, "y": y, "m.k": fixed})
    assert not np.isnan(bounds.lo).any()
    assert not np.isnan(bounds.hi).any()
    x, y = (box_points(a, b, rng) for a, b in box)
    values = expression.evaluate({"x": x, "y": y, "m.k": fixed})
    defined = ~np.isnan(values)
    assert (values >= bounds.lo)[defined].all()
    assert (values <= bounds.hi)[defined].all()


@settings(max_examples=200, deadline=None)
@given(anything, boxes, st.integers(0, 2**32 - 1))
def test_bounds_of_many_boxes_are_the_bounds_of_each(tree, box, seed):
    expression = parse(render(tree))
    rng = np.random.default_rng(seed)
    env = {}
    for name, (a, b) in zip(("x", "y"), box, strict=True):
        cuts = np.sort(rng.uniform(a, b, (2, 3)), axis=0) if a < b else np.full((2, 3), a)
        env[name] = Interval(lo=cuts[0], hi=cuts[1])
    env["m.k"] = np.array([[-1.0], [0.5]])
    together = expression.bounds(env)
    for k in range(3):
        one = {n: Interval(lo=env[n].lo[k : k + 1], hi=env[n].hi[k : k + 1]) for n in ("x", "y")}
        alone = expression.bounds({**one, "m.k": env["m.k"]})
        for side in ("lo", "hi"):
            whole = np.broadcast_to(getattr(together, side), (2, 3))[:, k : k + 1]
            part = np.broadcast_to(getattr(alone, side), (2, 1))
            np.testing.assert_allclose(whole, part, rtol=1e-13, atol=1e-290)


moderate = st.sampled_from([0.0, 1.0, -1.0, 2.0, 0.5, -0.25, 3.0, -7.5])
rows_of_moderate = st.lists(st.tuples(*[moderate] * 3), min_size=1, max_size=4)


@settings(max_examples=400, deadline=None)
@given(exact, rows_of_moderate, st.sampled_from([{"x"}, {"x", "y"}, {"m.k"}]))
def test_an_affine_form_has_the_expressions_values(tree, rows, varied):
    expression = parse(render(tree))
    env = dict(zip(("x", "y", "m.k"), map(np.array, zip(*rows, strict=True)), strict=True))
    fixed = {name: column for name, column in env.items() if name not in varied}
    form = expression.affine(fixed, frozenset(varied))
    if form is not None:
        assert set(form.coefficients) <= varied & expression.names
        np.testing.assert_allclose(
            np.broadcast_to(form.at(env), len(rows)),
            np.broadcast_to(expression.evaluate(env), len(rows)),
            rtol=1e-6,
            atol=1e-6,
        )


constant = st.recursive(
    st.sampled_from(["m.k", 2, 0.5, -1, 0]),
    lambda inner: st.one_of(
        tree_of("+", "-", "*", "min", "<", arity=2, inner=inner),
        tree_of("abs", "exp", "not", arity=1, inner=inner),
    ),
    max_leaves=4,
)


def affine_step(inner):
    return st.one_of(
        tree_of("+", "-", arity=2, inner=inner),
        tree_of("neg", arity=1, inner=inner),
        st.tuples(st.just("*"), inner, constant),
        st.tuples(st.just("*"), constant, inner),
        st.tuples(st.just("/"), inner, st.just(4)),
        st.tuples(st.just("**"), inner, st.just(1)),
        st.tuples(st.sampled_from(["where", "if"]), constant, inner, inner),
    )


affine = st.recursive(st.sampled_from(["x", "y", "x", 1, "m.k"]), affine_step, max_leaves=10)


@settings(max_examples=300, deadline=None)
@given(affine, st.tuples(moderate, moderate))
def test_what_is_affine_by_construction_is_found_so(tree, theta):
    expression = parse(render(tree))
    fixed = {"m.k": np.array([[-1.0], [0.0], [2.5]])}
    form = expression.affine(fixed, frozenset({"x", "y"}))
    assert form is not None
    at = dict(zip("xy", theta, strict=True))
    value, expected = form.at(at), expression.evaluate({**fixed, **at})
    value, expected = np.broadcast_arrays(value, expected)
    finite = np.isfinite(value) & np.isfinite(expected)
    np.testing.assert_allclose(value[finite], expected[finite], rtol=1e-9, atol=1e-6)


@settings(max_examples=200, deadline=None)
@given(
    affine, affine, st.sampled_from(["product", "quotient", "power", "choice", "function", "order"])
)
def test_what_bends_in_a_varied_parameter_has_no_affine_form(a, b, bend):
    a, b = ("+", "x", a), ("-", b, "y")
    tree = {
        "product": ("*", a, b),
        "quotient": ("/", b, a),
        "power": ("**", a, 2),
        "choice": ("where", a, 1, b),
        "function": ("max", a, b),
        "order": ("<", a, b),
    }[bend]
    assert parse(render(("+", tree, "x"))).affine({"m.k": 2.0}, frozenset({"x", "y"})) is None

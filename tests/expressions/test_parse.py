"""What the language accepts and refuses: texts, limits and the columns of messages."""

import math
import pickle
import sys

import numpy as np
import pytest
from sim.errors import ExpressionError
from sim.expressions import FUNCTIONS, parse
from sim.expressions.parser import parse_tree
from sim.expressions.tree import Name

ATTACKS = {
    "__import__('os').system('id')": "not allowed",
    "__import__": "underscore",
    "a.__class__": "underscore",
    "().__class__.__bases__": "underscore",
    "(1).real": "joins the parts of a name",
    "abs(x).imag": "joins the parts of a name",
    "open(x)": "no function 'open'",
    "x.min(1, 2)": "no function 'x.min'",
    "abs(abs)(x)": "no function",
    "min(1, 2)(3)": "no function",
    "[x for x in y]": "lists",
    "(x for x in y)": "'for'",
    "x[0]": "subscripts",
    "lambda: 1": "lambda",
    "lambda x, y": "'lambda'",
    "'text'": "text",
    '"text"': "text",
    "f'{x}'": "text",
    "b'x'": "text",
    "9**9**9": "exponents go up to 64",
    "2**(8*8+1)": "exponents go up to 64",
    "x**-65": "exponents go up to 64",
    "x**(1/0)": "exponents go up to 64",
    "(x := 1)": "assignment",
    "x = 1": "write == for equality",
    "await x": "'await'",
    "(yield)": "'yield'",
    "yield x": "'yield'",
    "min(*x, y)": "starred",
    "min(x, y, **z)": "by position only",
    "clip(x, 0, hi=1)": "by position only",
    "...": "not a number",
    "1j": "complex",
    "1e400": "numbers go up to",
    "9" * 1_900: "numbers go up to",
    "0x1F": "not a number",
    "None": "'None'",
    "x if y": "an expression",
    "x, y": "comma",
    "x; y": "not allowed",
    "x\x00": "not allowed",
    "x # y": "comments",
    "x \\\n y": "not allowed",
    "\u0430bc": "CYRILLIC SMALL LETTER A",
    "x\u00b2": "SUPERSCRIPT TWO",
    "\uff58 + 1": "FULLWIDTH LATIN SMALL LETTER X",
    "x // y": "not part of the language",
    "x << 9": "not part of the language",
    "x @ y": "not allowed",
    "x ^ 2": "write ** for a power",
    "x & y": "write and",
    "x % y": "remainder",
    "~x": "write not",
    "x is y": "'is'",
    "x in y": "'in'",
    "import os": "'import'",
    "exec(x)": "no function 'exec'",
    "x 1": "not an expression",
    "2x": "not a number",
    "()": "comma",
    "min": "write min(...)",
    "": "empty",
    " \n ": "empty",
    "x +": "an operand is due",
    "(x": "never closed",
    "x)": "closes nothing",
}


@pytest.mark.parametrize(("text", "message"), ATTACKS.items(), ids=lambda v: ascii(v)[:24])
def test_what_is_not_in_the_language_is_refused_with_a_reason(text, message):
    with pytest.raises(ExpressionError) as error:
        parse(text)
    assert message in error.value.message
    assert len(error.value.message) < 200
    assert error.value.offset is not None
    assert 0 <= error.value.offset <= len(text)


HOSTILE = {
    "brackets": "(" * 10_000 + "1" + ")" * 10_000,
    "open brackets": "(" * 1_900,
    "brackets within the length": "(" * 990 + "1" + ")" * 990,
    "signs": "-" * 10_000 + "1",
    "signs within the length": "-" * 1_990 + "1",
    "spaced signs": "- + " * 490 + "1",
    "not": "not " * 490 + "x",
    "powers": "**".join("x" * 660),
    "choices": " if x else ".join("x" * 180),
    "nested calls": "abs(" * 390 + "x" + ")" * 390,
    "text of a megabyte": "x+" * 500_000 + "x",
    "many terms": "+".join("x" * 1_000),
    "tower of comparisons": "x<(" * 300 + "x" + ")" * 300,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_size_is_refused_at_any_depth_of_the_callers_stack(text):
    def deep(levels):
        if levels:
            return deep(levels - 1)
        with pytest.raises(ExpressionError, match=r"limit|levels|signs|closed|operations|deeply"):
            parse(text)
        return None

    deep(0)
    deep(sys.getrecursionlimit() // 3)


def test_a_nest_of_chained_comparisons_takes_no_more_than_its_length():
    text = "x"
    for _ in range(30):
        text = f"0 < ({text}) < 2"
    assert len(parse(text).program.instructions) <= 3 * 31
    assert parse(text).evaluate({"x": 1.0}) == 1.0


def test_long_sums_and_products_are_one_level_deep():
    assert parse("+".join("x" * 400)).evaluate({"x": 1.0}) == 400.0
    assert parse("-".join("x" * 400)).evaluate({"x": 1.0}) == -398.0
    assert parse("*".join("x" * 400)).evaluate({"x": 1.0}) == 1.0
    assert parse("x" + "/x*x" * 200).evaluate({"x": 2.0}) == 2.0


def test_forty_levels_are_enough_and_forty_one_too_many():
    nested = "abs(" * 39 + "x" + ")" * 39
    assert parse(nested).evaluate({"x": -1.0}) == 1.0
    with pytest.raises(ExpressionError, match="more than 40 levels"):
        parse(f"abs({nested})")


@pytest.mark.parametrize("word", ["is", "in", "not", "from", "None", "lambda", "and"])
def test_a_reserved_word_inside_a_dotted_name_is_named(word):
    with pytest.raises(ExpressionError, match=f"'{word}' is a reserved word") as error:
        parse(f"1 + peace.{word}")
    assert error.value.offset == 4


@pytest.mark.parametrize(
    "name", ["islands.none", "peace.no", "a.match", "case.type", "x.min", "A.b.C9"]
)
def test_dotted_names_are_whole_and_soft_words_are_names(name):
    assert parse(f"2 * {name}").names == {name}
    assert parse(f"2 * {name}").evaluate({name: 3.0}) == 6.0


def test_a_dotted_name_is_a_key_and_never_an_attribute():
    with pytest.raises(ExpressionError, match=r"unknown name .x\.real."):
        parse("x.real").evaluate({"x": 1.0})


@pytest.mark.parametrize(("function", "arity"), FUNCTIONS.items())
def test_functions_check_their_number_of_arguments(function, arity):
    least, most = arity
    for count in range(6):
        text = f"{function}({', '.join(['x'] * count)})"
        if count >= least and (most is None or count <= most):
            assert parse(text).names == {"x"}
        else:
            with pytest.raises(ExpressionError, match=f"{function} takes .*, not {count}"):
                parse(text)


def test_names_and_their_first_columns():
    expression = parse("  b.c * (a\n - b.c) + a")
    assert expression.names == {"a", "b.c"}
    assert (expression.offset_of("b.c"), expression.offset_of("a")) == (2, 9)


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("a + f(b)", 4),
        ("  clip(a, 0, hi=b)", 16),
        ("a * (b ** 65)", 10),
        (" a + b[0]", 6),
        ("a\n + 2x", 5),
        ("a + min", 4),
        ("a + (b", 4),
        (" a +", 4),
        ("a + 1e300", 4),
    ],
)
def test_messages_point_at_the_column(text, offset):
    with pytest.raises(ExpressionError) as error:
        parse(text)
    assert error.value.offset == offset


def test_an_unknown_name_is_reported_with_its_column_and_the_nearest():
    with pytest.raises(ExpressionError) as error:
        parse("1 + moscow.investmnt").evaluate({"moscow.investment": 1.0})
    assert error.value.message == (
        "unknown name 'moscow.investmnt'; did you mean 'moscow.investment'?"
    )
    assert error.value.offset == 4


@pytest.mark.parametrize("number", [0, 3, -2, 0.25, -1e-7, True, False, 1e99])
def test_plain_numbers_are_expressions(number):
    assert parse(number).evaluate({}) == float(number)
    assert parse(number).names == frozenset()


@pytest.mark.parametrize(
    "number", [math.nan, math.inf, -math.inf, 10**400, 10**5000, None, [1]], ids=range(7)
)
def test_other_values_are_refused(number):
    with pytest.raises(ExpressionError):
        parse(number)


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", 1), ("false", 0), ("True + True", 2), ("1_000", 1000), (".5", 0.5), ("1.e-1", 0.1)],
)
def test_literals(text, value):
    assert parse(text).evaluate({}) == value


def test_an_expression_is_frozen_hashable_by_text_and_survives_pickling():
    one, two = parse("where(x > 1, y, -y)"), parse("where(x > 1, y, -y)")
    assert one == two
    assert hash(one) == hash(two)
    assert one != parse("where(x > 1, y, - y)")
    with pytest.raises(AttributeError):
        one.text = "0"
    copy = pickle.loads(pickle.dumps(one))
    assert copy == one
    env = {"x": np.array([0.0, 2.0]), "y": 3.0}
    np.testing.assert_array_equal(copy.evaluate(env), [-3.0, 3.0])


@pytest.mark.parametrize(
    "name", ["moscow", "a1.b_2.c", "match", " islands\t", ".".join("abcdefghijklmn")]
)
def test_a_text_that_is_one_name_is_read_as_the_name_in_brackets(name):
    alone, inside = parse_tree(name), parse_tree(f"({name})")
    assert alone[0] == inside[0] == Name(name.strip())
    assert {k: v + 1 for k, v in alone[1].items()} == inside[1]

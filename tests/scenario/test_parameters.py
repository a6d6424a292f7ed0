"""Parameters: how a file may write them, what counts as assumed, and values that are set."""

import pytest
from sim.errors import ScenarioError, UsageError
from sim.loading import loads
from sim.scenario.names import is_identifier
from sim.scenario.parameters import flatten, is_record

GAME = "strategic: {actors: {a: [x], b: [y]}, payoffs: [[[1, 2]]]}"


def values(text):
    return loads(f"{GAME}\nparameters: {text}").values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", {}),
        ("{a: 1, b: 0.5}", {"a": 1, "b": 0.5}),
        ("{a: {b: {c: {d: 3}}}}", {"a.b.c.d": 3}),
        ("{a.b: 1, a: {c: 2}}", {"a.b": 1, "a.c": 2}),
        ("{a: {value: 1, unit: t}}", {"a": 1}),
        # a group may have a member called 'value', and even members called like fields
        ("{a: {value: 1, principle: 2}}", {"a.value": 1, "a.principle": 2}),
        ("{a: {value: {value: 1, unit: t}, other: 2}}", {"a.value": 1, "a.other": 2}),
        ("{a: {unit: 2, source: 3}}", {"a.unit": 2, "a.source": 3}),
        ("{a: true, b: false}", {"a": 1, "b": 0}),
        ("{a: -0.0, b: 1e3, c: +2}", {"a": 0, "b": 1000, "c": 2}),
    ],
)
def test_how_parameters_are_written(text, expected):
    assert values(text) == expected
    assert list(values(text)) == list(expected)


@pytest.mark.parametrize(
    ("node", "record"),
    [
        ({"value": 1}, True),
        ({"value": 1, "range": [0, 1]}, True),
        ({"value": 1, "unit": "t", "odd": 1}, True),
        ({"value": 1, "odd": 1}, False),
        ({"range": [0, 1]}, True),  # its value is missing
        ({"range": 1, "source": 2}, False),
        (1, False),
        (None, False),
        ([1], False),
    ],
)
def test_what_is_one_parameter_and_what_a_group(node, record):
    assert is_record(node) is record


def test_flattening_keeps_the_order_of_the_file():
    node = {"b": {"y": 1, "x": 2}, "a": 3, "b.z": 4}
    assert [path for path, _ in flatten(node)] == ["b.y", "b.x", "a", "b.z"]


@pytest.mark.parametrize(
    ("record", "assumed"),
    [
        ("1", True),
        ("{value: 1}", True),
        ("{value: 1, source: ''}", True),
        ("{value: 1, source: assumed}", True),
        ("{value: 1, source: Assumed after talks}", True),
        ("{value: 1, source: 'VCIOM, Nov 2018'}", False),
    ],
)
def test_what_counts_as_assumed(record, assumed):
    document = loads(f"{GAME}\nparameters: {{a: {record}}}").document
    assert document.parameters["a"].assumed is assumed


@pytest.mark.parametrize(
    "text", ["{a: [1]}", "{a: x}", "{a: }", "{a: {}}", "{a: {b: }}", "{a: 1, a.b: {}}", "[1]", "3"]
)
def test_what_is_no_parameter(text):
    with pytest.raises(ScenarioError, match="parameters"):
        loads(f"{GAME}\nparameters: {text}")


def test_a_range_holds_its_ends():
    assert values("{a: {value: 1, range: [1, 1]}, b: {value: 0, range: [0, 3]}}") == {
        "a": 1,
        "b": 0,
    }


# --- values that are set -----------------------------------------------------------------------------------


@pytest.fixture
def scenario():
    return loads(f"{GAME}\nparameters: {{a: {{value: 1, range: [0, 2]}}, b: 2}}", origin="x.yaml")


def test_a_change_is_a_copy_that_remembers_the_files_own_values(scenario):
    changed = scenario.with_values({"a": 0.5})
    again = changed.with_values({"b": 7})
    assert scenario.values == {"a": 1, "b": 2}
    assert changed.values == {"a": 0.5, "b": 2}
    assert again.values == {"a": 0.5, "b": 7}
    assert again.defaults == scenario.defaults
    assert again.overrides == {"a": 0.5, "b": 7}
    assert again.digest == scenario.digest
    with pytest.raises(AttributeError):
        scenario.overrides = {}


def test_values_may_leave_the_plausible_range(scenario):
    """A range says what is plausible; asking "what if" beyond it is the analyst's right."""
    assert scenario.with_values({"a": 9}).values["a"] == 9
    assert scenario.range_of("a") == (0, 2)
    assert scenario.range_of("b") is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"c": 1}, "unknown parameter 'c'"),
        ({"a": float("nan")}, "a: nan is not a finite number"),
        ({"b": float("inf")}, "b: inf is not a finite number"),
    ],
)
def test_what_cannot_be_set(scenario, change, message):
    with pytest.raises(UsageError, match=message):
        scenario.with_values(change)


# --- names -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "legal"),
    [
        ("okhotsk", True), ("a1_b", True), ("moscow.okhotsk", True), ("e", True), ("lambda_", True),
        ("is", False), ("lambda", False), ("moscow.class", False), ("None", False), ("true", False),
        ("min", False), ("where", False), ("_x", False), ("a._x", False), ("1a", False), ("", False),
        ("a b", False), ("a-b", False), ("a..b", False), (".a", False), ("a.", False), ("стена", False),
        ("a\n", False), ("a + b", False), ("(a)", False),
    ],
)  # fmt: skip
def test_names_that_expressions_can_write(name, legal):
    assert is_identifier(name) is legal

"""The published JSON Schema accepts every shipped file and refuses what the loader refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from sim.cli import run
from sim.loading import schema
from sim.loading.yaml_tree import parse_yaml

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FILES = sorted(str(f.relative_to(SCENARIOS)) for f in SCENARIOS.glob("*/*.yaml"))


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(schema())
    return jsonschema.Draft202012Validator(schema())


@pytest.mark.parametrize("name", FILES)
def test_shipped_files_are_valid(name: str, validator: jsonschema.Draft202012Validator) -> None:
    data = parse_yaml((SCENARIOS / name).read_text(encoding="utf-8"), name).data
    assert [error.message for error in validator.iter_errors(data)] == []


@pytest.mark.parametrize(
    "data",
    [
        {"colour": "red"},
        {"actors": {"moscow": {"role": "prinicpal"}}},
        {"sweeps": {"line": {"vary": {}}}},
        {"domestic": {"moscow": {"duma": {"type": "ratification", "quota": 0.5}}}},
        {"sign_tests": [{"set": {"a": 1}, "expect": "sideways"}]},
    ],
)
def test_wrong_files_are_refused(data: object, validator: jsonschema.Draft202012Validator) -> None:
    assert not validator.is_valid(data)


def test_the_verb_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == schema()


def parts(node: object) -> Iterator[dict[str, Any]]:
    """Every mapping in a schema."""
    if isinstance(node, dict):
        yield node
        for child in node.values():
            yield from parts(child)
    elif isinstance(node, list):
        for child in node:
            yield from parts(child)


def test_every_property_says_what_it_means() -> None:
    bare = [
        (part.get("title"), name)
        for part in parts(schema())
        for name, told in part.get("properties", {}).items()
        if isinstance(told, dict) and not told.get("description")
    ]
    assert bare == []


@pytest.mark.parametrize(
    "parameters",
    [
        {"a": {"value": 1, "rnage": [0, 2]}},
        {"a": {"value": 1, "range": [0]}},
        {"a": {"b": {"value": "much", "unit": "t"}}},
        {"a": "1 + x"},
    ],
)
def test_parameters_are_typed(
    parameters: object, validator: jsonschema.Draft202012Validator
) -> None:
    assert not validator.is_valid({"parameters": parameters})
    record = {"value": 1, "range": [0, 2], "unit": "t", "source": "A", "note": "n"}
    assert validator.is_valid({"parameters": {"a": record, "b": {"c": 1, "value": 2}, "d": 0.5}})

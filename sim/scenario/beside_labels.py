"""Mappings of a file in which labels stand among the names, and payoff terms that may have one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from sim.constraints import Formula
from sim.labels import LabelRecord, formula_of_term, label_record, without_labels
from sim.labels.schema import RECORD_SCHEMA, beside_labels, term_schema


def empty_as_mapping(node: Any) -> Any:
    """A mapping; nothing written is an empty one."""
    return {} if node is None else node


Attributes = Annotated[
    Mapping[str, float],
    BeforeValidator(empty_as_mapping),
    BeforeValidator(without_labels),
    beside_labels(),
]
Positions = Annotated[
    Mapping[str, Attributes], Field(min_length=1), BeforeValidator(without_labels), beside_labels()
]
Term = Annotated[Formula, BeforeValidator(formula_of_term), term_schema()]
"""A payoff term: a formula, or ``{formula: ..., label: ...}``."""
LabelsByPath = Mapping[
    str, Annotated[LabelRecord, BeforeValidator(label_record), WithJsonSchema(RECORD_SCHEMA)]
]

"""How labels stand in the JSON Schema of scenario files: beside names, or beside a formula."""

from __future__ import annotations

from typing import Any

from pydantic import GetJsonSchemaHandler, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

LABEL_SCHEMA: dict[str, Any] = {
    "description": "the name that people read: a text, or a text per language",
    "anyOf": [{"type": "string"}, {"type": "object"}, {"type": "number"}],
}


RECORD_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {"label": LABEL_SCHEMA, "short": LABEL_SCHEMA},
            "additionalProperties": {"type": "string"},
        },
    ]
}
"""A label alone, or a record with its short form."""


class _BesideLabels:
    """Adds ``label`` and ``short`` to the schema of a mapping."""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        made = handler(core)
        return {**made, "properties": {"label": LABEL_SCHEMA, "short": LABEL_SCHEMA}}


def beside_labels() -> Any:
    """What makes a mapping's schema take labels beside its names."""
    return _BesideLabels()


def term_schema() -> Any:
    """The schema of a payoff term."""
    told = "an expression over attributes, stances and parameters"
    formula = {"anyOf": [{"type": "string"}, {"type": "number"}, {"type": "boolean"}]}
    labelled = {
        "type": "object",
        "properties": {
            "formula": formula | {"description": told},
            "label": LABEL_SCHEMA,
            "short": LABEL_SCHEMA,
        },
        "required": ["formula"],
        "additionalProperties": False,
    }
    return WithJsonSchema({"anyOf": [*formula["anyOf"], labelled]})

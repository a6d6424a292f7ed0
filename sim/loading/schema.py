"""The JSON Schema of scenario files, for editors that complete and check them.

It is made from the file model, so it cannot drift from what is read. Names of states and options may be
written as numbers in a file (``4`` for ``"4"``); the schema says so where the model turns them into texts.
"""

from __future__ import annotations

from typing import Any

from sim.loading.schema_words import models, put_words, words_of
from sim.scenario import Document
from sim.scenario.parameters import Parameter

_NUMBERS_AS_NAMES = ("ConflictSection", "BarredChange")


def schema() -> dict[str, Any]:
    """The JSON Schema of scenario files.

    Examples
    --------
    >>> schema()["title"]
    'Scenario'
    """
    out = Document.model_json_schema()
    out["title"] = "Scenario"
    out["properties"]["extends"] = {
        "type": "string",
        "description": "a file, relative to this one, whose content this file lays itself over",
    }
    out["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    for name in _NUMBERS_AS_NAMES:
        _widen(out["$defs"][name])
    _type_parameters(out)
    known = {model.__name__: model for model in models()}
    for name, node in {"Document": out, **out["$defs"]}.items():
        if name in known:
            put_words(node, words_of(known[name]))
    return out


def _type_parameters(out: dict[str, Any]) -> None:
    """Numbers, records and groups of them, so that an editor completes value, range, unit and source."""
    record = Parameter.model_json_schema(ref_template="#/$defs/{model}")
    out["$defs"] |= record.pop("$defs", {})
    any_of = [{"type": "number"}, {"$ref": "#/$defs/Parameter"}, {"$ref": "#/$defs/Parameters"}]
    out["$defs"]["Parameter"] = record
    out["$defs"]["Parameters"] = {
        "type": "object",
        "title": "Parameters",
        "description": "A group of parameters; its name and theirs, joined by dots, are their paths.",
        "additionalProperties": {"anyOf": any_of},
    }
    told = out["properties"]["parameters"]
    told["additionalProperties"] = {"anyOf": any_of}


def _widen(node: Any) -> None:
    """Let every text of a part of the schema be a number as well."""
    if isinstance(node, list):
        for child in node:
            _widen(child)
    elif isinstance(node, dict):
        if node.get("type") == "string":
            node["type"] = ["string", "number"]
        for child in node.values():
            _widen(child)

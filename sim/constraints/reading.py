"""Reading a constraint of a file: its ``type`` says which class it is an instance of.

The classes are those of the room's table, so that the types which installed packages add are read,
refused and described in the JSON Schema exactly as those that ship. Packages are looked for only
when a file names a type that does not ship.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from sim.constraints.base import Constraint
from sim.extensions import Table


class ByType:
    """Reads a mapping by its ``type``, as a class of a table.

    Parameters
    ----------
    table
        Classes by type.
    """

    def __init__(self, table: Table[type[Constraint]]) -> None:
        self._table = table

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self._read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(_one_of(tuple(self._table.values())).core_schema)

    def _read(self, value: Any, info: ValidationInfo) -> Constraint:
        if isinstance(value, Constraint):
            return value
        kind = value.get("type") if isinstance(value, Mapping) else None
        shipped = self._table.shipped
        added = isinstance(kind, str) and kind not in shipped and kind in self._table
        kinds = tuple((self._table if added else shipped).values())
        return _one_of(kinds).validate_python(value, context=info.context)


@cache
def _one_of(kinds: tuple[type[Constraint], ...]) -> TypeAdapter[Constraint]:
    """What reads any of some types, told apart by ``type``."""
    union: Any = reduce(or_, kinds)
    return TypeAdapter(Annotated[union, Field(discriminator="type")])

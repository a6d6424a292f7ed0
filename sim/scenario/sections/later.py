"""A section of a file whose model is imported when some file has it.

Most files are disputes and have none of the classical sections, which are a third of the model: so that a
command that reads a dispute need not wait for these.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

from pydantic import BaseModel, GetJsonSchemaHandler, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema


@dataclass(frozen=True, slots=True)
class Later:
    """The model of a section, as an annotation of its field.

    Parameters
    ----------
    module
        In this room.
    name
        Of the model.

    Examples
    --------
    >>> Later("division", "DivisionSection").model.__name__
    'DivisionSection'
    """

    module: str
    name: str

    @property
    def model(self) -> type[BaseModel]:
        """The model itself."""
        module = import_module(f"sim.scenario.sections.{self.module}")
        model: type[BaseModel] = getattr(module, self.name)
        return model

    def _validated(self, value: Any, info: ValidationInfo) -> BaseModel:
        return self.model.model_validate(value, context=info.context)

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(self._validated)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        self.model.model_rebuild()
        whole = self.model.__pydantic_core_schema__
        if whole["type"] == "definitions":
            return handler(whole)
        named = core_schema.definition_reference_schema(cast("dict[str, str]", whole)["ref"])
        return handler(core_schema.definitions_schema(named, [whole]))

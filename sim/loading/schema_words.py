"""Words of the schema: what every property of a file means, taken from the docstrings of the file model.

Definition. A model's docstring describes its fields under *Parameters*, as numpydoc has it; a field that it
does not name is described by the models that it is derived from. So there is no second text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import cleandoc
from typing import Any

from pydantic import BaseModel

COMMON = {
    "note": "For people: anything a reader should know.",
    "source": "For people: where it was read, or 'assumed'.",
    "type": "The type of constraint (sim list constraints).",
}
"""What these are wherever a file has them, unless a model says more."""
_SECTION = re.compile(r"^Parameters\n-{3,}\n(.*?)(?=^\S[^\n]*\n-{3,}\n|\Z)", re.M | re.S)
_ENTRY = re.compile(r"^(\S[^\n]*)\n((?:[ \t]+[^\n]*\n?|\n)+)", re.M)


def described(docstring: str | None) -> dict[str, str]:
    """Per parameter of a docstring what is said of it.

    Examples
    --------
    >>> text = "One." + chr(10) * 2 + "Parameters" + chr(10) + "----------" + chr(10)
    >>> described(text + "low, high" + chr(10) + "    The two" + chr(10) + "    ends." + chr(10))
    {'low': 'The two ends.', 'high': 'The two ends.'}
    """
    section = _SECTION.search(cleandoc(docstring or "") + "\n")
    entries = [] if section is None else _ENTRY.findall(section[1])
    return {
        name.strip(): " ".join(words.split())
        for names, words in entries
        for name in names.partition(" : ")[0].split(",")
    }


def words_of(model: type[BaseModel]) -> dict[str, str]:
    """Per field of a model what is said of it, there or in what it is derived from."""
    out = dict(COMMON)
    for kind in reversed(model.__mro__):
        out |= described(kind.__doc__)
    return {
        field.alias or name: words
        for name, field in model.model_fields.items()
        if (words := out.get(name))
    }


def models(root: type[BaseModel] = BaseModel) -> Iterator[type[BaseModel]]:
    """Every model of this program that is loaded."""
    for kind in root.__subclasses__():
        if kind.__module__.startswith("sim."):
            yield kind
        yield from models(kind)


def put_words(node: dict[str, Any], words: dict[str, str]) -> None:
    """Describe the properties of one part of a schema that have no description yet."""
    for name, told in words.items():
        known = node.get("properties", {}).get(name)
        if known is not None and not known.get("description"):
            known["description"] = told

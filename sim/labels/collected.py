"""Labels that stand beside what they name, gathered by dotted path, and the file without them.

Where a section maps names to numbers or formulas, ``label`` and ``short`` stand among those names: they are
taken for labels where they hold a text or texts, and for a name otherwise. A term is a formula, or
``{formula: ..., label: ...}``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic_core import PydanticCustomError

from sim.labels.written import LABEL_KEYS, label_problem

PLACES = (
    "actors.*",
    "actors.*.stances.*",
    "actors.*.types.*",
    "issues.*",
    "issues.*.*",
    "payoffs.*.*",
    "domestic.*.*",
    "abroad.*.*",
    "dynamics.world.*",
    "dynamics.world.*.levels.*",
)
"""Where a label may stand in a file, beside the records of parameters; ``*`` is any name."""


def is_label(node: Any) -> bool:
    """Whether a value under ``label`` or ``short`` is a label, and not something of that name.

    Examples
    --------
    >>> is_label("Tokyo"), is_label({"ja": "東京"}), is_label({}), is_label({"habomai": 1}), is_label(0)
    (True, True, False, False, False)
    """
    if isinstance(node, Mapping):
        return bool(node) and all(isinstance(text, str) for text in node.values())
    return isinstance(node, str)


def without_labels(node: Any) -> Any:
    """A mapping of a file without its labels; anything else as it is.

    Raises
    ------
    PydanticCustomError
        If a label is not written as one.
    """
    if not isinstance(node, Mapping):
        return node
    found = [key for key in LABEL_KEYS if key in node and is_label(node[key])]
    for key in found:
        if problem := label_problem(node[key]):
            raise PydanticCustomError("label", "{message}", {"message": problem, "inner": key})
    return {key: value for key, value in node.items() if key not in found}


def collected(data: Any, records: Callable[[Any], Iterator[tuple[str, Any]]]) -> dict[str, Any]:
    """The labels of a file's data by dotted path: those beside what they name, over those under ``labels``.

    Parameters
    ----------
    data
        A file as it was read.
    records
        Gives the paths and records of its parameters.

    Examples
    --------
    >>> collected({"actors": {"a": {"role": "principal", "label": "Athens"}}}, lambda node: iter(()))
    {'actors.a': {'label': 'Athens'}}
    """
    if not isinstance(data, Mapping):
        return {}
    out = {path: _record(node) for path, node in _mapping(data.get("labels")).items()}
    for place in PLACES:
        for path, node in _at(data, place.split("."), ""):
            _take(out, path, node)
    if isinstance(data.get("parameters"), Mapping):
        for path, node in records(data["parameters"]):
            _take(out, f"parameters.{path}", node)
    return out


def _record(node: Any) -> Any:
    """A label given alone, as a record of one."""
    keyed = isinstance(node, Mapping) and set(node) <= set(LABEL_KEYS)
    return node if keyed else {"label": node}


def _take(out: dict[str, Any], path: str, node: Any) -> None:
    if not isinstance(node, Mapping):
        return
    found = {k: node[k] for k in LABEL_KEYS if is_label(node.get(k)) and not label_problem(node[k])}
    if found:
        before = out.get(path)
        out[path] = {**before, **found} if isinstance(before, Mapping) else found


def _mapping(node: Any) -> Mapping[str, Any]:
    return node if isinstance(node, Mapping) else {}


def _at(node: Any, keys: list[str], path: str) -> Iterator[tuple[str, Any]]:
    """Everything at a place, with its dotted path."""
    if not keys:
        yield path, node
        return
    for name, inner in _mapping(node).items():
        if keys[0] in ("*", name) and not (name in LABEL_KEYS and is_label(inner)):
            yield from _at(inner, keys[1:], f"{path}.{name}" if path else str(name))

"""Labels that stand beside what they name, gathered by dotted path, and the file without them.

Where a section maps names to numbers or formulas, ``label`` and ``short`` stand among those names: they are
taken for labels where they hold a text or texts, and for a name otherwise. A term is a formula, or
``{formula: ..., label: ...}``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic_core import PydanticCustomError

from sim.labels.written import ANY, LABEL_KEYS, LabelRecord, label_problem

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


def formula_of_term(node: Any) -> Any:
    """The formula of a payoff term that has a label; anything else as it is.

    Raises
    ------
    PydanticCustomError
        If the record has no formula, or a key that is none of its own.

    Examples
    --------
    >>> formula_of_term({"formula": "2*signed", "label": "peace"}), formula_of_term("2*signed")
    ('2*signed', '2*signed')
    """
    if not isinstance(node, Mapping):
        return node
    others = [key for key in node if key not in ("formula", *LABEL_KEYS)]
    if others or "formula" not in node:
        message = (
            f"'{others[0]}' is not part of a term; write {{formula: ..., label: ...}}"
            if others
            else "a term needs its formula: {formula: ..., label: ...}"
        )
        raise PydanticCustomError("term", "{message}", {"message": message})
    return without_labels(node)["formula"]


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
    if not isinstance(data.get("labels") or {}, Mapping):
        return {}
    out = {str(path): label_record(node) for path, node in _mapping(data.get("labels")).items()}
    for place in PLACES:
        for path, node in _at(data, place.split("."), ""):
            _take(out, path, node)
    if isinstance(data.get("parameters"), Mapping):
        for path, node in records(data["parameters"]):
            _take(out, f"parameters.{path}", node)
    return out


def label_record(node: Any) -> Any:
    """A label given alone, as a record of one.

    Examples
    --------
    >>> label_record("Tokyo"), label_record({"en": "a"}), label_record({"label": "a", "short": "b"})
    ({'label': 'Tokyo'}, {'label': {'en': 'a'}}, {'label': 'a', 'short': 'b'})
    """
    if isinstance(node, LabelRecord):
        return node
    keyed = isinstance(node, Mapping) and set(node) <= set(LABEL_KEYS)
    return node if keyed else {"label": node}


def _take(out: dict[str, Any], path: str, node: Any) -> None:
    if not isinstance(node, Mapping):
        return
    found = {k: node[k] for k in LABEL_KEYS if is_label(node.get(k)) and not label_problem(node[k])}
    if found:
        before = _mapping(out.get(path))
        out[path] = {**before, **{k: _both(before.get(k), v) for k, v in found.items()}}


def _both(before: Any, label: Any) -> Any:
    """A label over another one of the same thing, language by language."""
    if before is None or label_problem(before):
        return label
    texts = ({ANY: node} if isinstance(node, str) else node for node in (before, label))
    first, second = texts
    return {**first, **second}


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

"""The keys that a scenario file may have at a path, read off the frozen model, for suggestions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from sim.constraints import CONSTRAINTS
from sim.scenario import Document, Game, Move, Parameter
from sim.scenario.moves import Rounds
from sim.scenario.parameters import flatten
from sim.scenario.sections.later import Later


def legal_keys(path: str, data: Any) -> Sequence[str]:
    """The keys that are legal beside the last key of a path.

    Examples
    --------
    >>> legal_keys("actors.moscow.rol", {})
    ['role', 'stances', 'types', 'label', 'short', 'note', 'source']
    >>> legal_keys("game.1.meno", {})
    ['kind', 'actor', 'menu', 'noise', 'reneging', 'messages']
    """
    parts = path.split(".")
    if parts[0] == "parameters":
        known = [name for name, _ in flatten(data.get("parameters") or {})]
        return [*Parameter.model_fields, *(n for n in known if len(parts) == 2)]
    here: list[Any] = [Document]
    for k, key in enumerate(parts[:-1]):
        here = [inner for kind in here for inner in _inside(kind, key)]
        if k == 2 and parts[0] in ("domestic", "abroad"):
            here = _constraint(data, parts[:3]) or here
    return list(dict.fromkeys(name for kind in here for name in _fields(kind)))


HOW = {
    "parameters": "NAME: {value: NUMBER, range: [LOW, HIGH], unit: ..., source: ...} for each",
    "issues": "ISSUE: {POSITION: {ATTRIBUTE: NUMBER, ...}, ...} for each",
    "issues.*": "POSITION: {ATTRIBUTE: NUMBER, ...} for each, the status quo first",
    "issues.*.*": "{ATTRIBUTE: NUMBER, ...}, or {} where it has none",
    "attributes": "NAME: EXPRESSION for each",
    "outcomes": "treaty: EXPRESSION, and so on",
    "actors": "ACTOR: {role: principal} for each",
    "actors.*": "{role: principal} or {role: third party, stances: {...}}",
    "actors.*.stances": "STANCE: {ATTRIBUTE: NUMBER, ...} for each, its default first",
    "actors.*.stances.*": "{ATTRIBUTE: NUMBER, ...}, or {} where it has none",
    "payoffs": "ACTOR: {TERM: EXPRESSION, ...} for each",
    "payoffs.*": "TERM: EXPRESSION for each",
    "domestic": "ACTOR: {NAME: {type: ..., ...}, ...} for each",
    "domestic.*": "NAME: {type: ..., ...} for each",
    "sweeps": "NAME: {vary: {PATH: [LOW, HIGH, POINTS]}} for each",
}
"""How the mappings of a dispute are written; ``*`` stands for any name."""


def how_to_write(path: str) -> str:
    """How a file writes the mapping at a path, where that helps; empty elsewhere.

    Examples
    --------
    >>> how_to_write("actors")
    'write ACTOR: {role: principal} for each'
    >>> how_to_write("issues.islands.two"), how_to_write("title")
    ('write {ATTRIBUTE: NUMBER, ...}, or {} where it has none', '')
    """
    keys = path.replace("abroad", "domestic", 1).split(".")
    for pattern, form in HOW.items():
        parts = pattern.split(".")
        if len(parts) == len(keys) and all(p in ("*", k) for p, k in zip(parts, keys, strict=True)):
            return f"write {form}"
    return ""


def _constraint(data: Any, path: Sequence[str]) -> list[Any]:
    """The model of a constraint by the type that it names."""
    node = data
    for key in path:
        node = node.get(key) if isinstance(node, Mapping) else None
    kind = node.get("type") if isinstance(node, Mapping) else None
    return [CONSTRAINTS[kind]] if isinstance(kind, str) and kind in CONSTRAINTS else []


def _inside(kind: Any, key: str) -> list[Any]:
    """What may stand under a key of something that has this type."""
    if _is_model(kind):
        if kind in (Game, Rounds) and key.isdigit():
            return [Move]
        return [kind.model_fields[key].annotation] if key in kind.model_fields else []
    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _inside(_annotated(args), key)
    if origin in (Union, UnionType):
        return [inner for arg in args for inner in _inside(arg, key)]
    if origin is Mapping or origin is dict:
        return [args[1]]
    return [arg for arg in args if arg is not Ellipsis] if origin in (tuple, list) else []


def _fields(kind: Any) -> list[str]:
    """Names of the fields of a type, or of every alternative that it allows."""
    if _is_model(kind):
        return list(kind.model_fields)
    if get_origin(kind) is Annotated:
        return _fields(_annotated(get_args(kind)))
    if get_origin(kind) in (Union, UnionType):
        return [name for arg in get_args(kind) for name in _fields(arg)]
    return []


def _annotated(args: Sequence[Any]) -> Any:
    """The type that is annotated; the model itself where that is imported later."""
    return args[1].model if isinstance(args[1], Later) else args[0]


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)

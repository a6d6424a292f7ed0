"""``extends``: one file's data laid over another's.

Mappings merge key by key, everything else replaces. A parameter's record is special: a file that
gives it a new value without a source drops the source and note of the old value, which they
described.
"""

from __future__ import annotations

from typing import Any

from sim.loading.yaml_tree import Place, Tree
from sim.scenario.parameters import flatten, is_record


def overlay(base: Tree, top: Tree) -> Tree:
    """The data of ``top`` laid over ``base``, with the place of whatever came last."""
    data = _merge(_nested(base.data), _nested(top.data), section="")
    places: dict[str, Place] = {**base.places, **top.places}
    return Tree(data=data, places=places, problems=base.problems + top.problems)


def _nested(data: dict[str, Any]) -> dict[str, Any]:
    """The data with dotted names of parameters written as groups, so that they meet their like.

    Examples
    --------
    >>> _nested({"parameters": {"moscow.trade": 1, "moscow": {"will": 2}}})
    {'parameters': {'moscow': {'trade': 1, 'will': 2}}}
    """
    node = data.get("parameters")
    if not isinstance(node, dict):
        return data
    out: dict[str, Any] = {}
    for path, value in flatten(node):
        *groups, name = path.split(".")
        inner = out
        for group in groups:
            inner = inner.setdefault(group, {})
            if not isinstance(inner, dict) or is_record(inner):
                return data
        inner[name] = value
    return {**data, "parameters": out}


def _merge(base: Any, top: Any, *, section: str) -> Any:
    if section == "parameters" and is_record(base):
        return _merge_record(base, top)
    if not (isinstance(base, dict) and isinstance(top, dict)):
        return top
    out = dict(base)
    for key, value in top.items():
        out[key] = _merge(base[key], value, section=section or key) if key in base else value
    return out


def _merge_record(base: dict[str, Any], top: Any) -> Any:
    """A parameter's record with a new value or new fields.

    Examples
    --------
    >>> _merge_record({"value": 1, "unit": "t", "source": "A"}, 2)
    {'value': 2, 'unit': 't'}
    >>> _merge_record({"value": 1, "unit": "t"}, {"value": 2, "source": "B"})
    {'value': 2, 'unit': 't', 'source': 'B'}
    """
    new = top if isinstance(top, dict) else {"value": top}
    if "value" in new:
        base = {key: value for key, value in base.items() if key not in ("source", "note")}
    return base | new

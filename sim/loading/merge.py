"""``extends``: one file's data laid over another's.

Mappings merge key by key, everything else replaces. A parameter's record is special: a file that
gives it a new value without a source drops the source and note of the old value, which they
described, and a new value, range or levels drop a distribution that does not fit them.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from sim.loading.yaml_tree import Place, Tree
from sim.scenario.parameters import Parameter, flatten, is_record


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
    if isinstance(base, dict) and "formula" in base and section == "payoffs":
        top = top if isinstance(top, dict) else {"formula": top}
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
    >>> old = {"value": 7, "range": [6, 8], "distribution": {"type": "triangular", "mode": 7}}
    >>> _merge_record(old, {"value": 5, "range": [4, 6]})
    {'value': 5, 'range': [4, 6]}
    """
    new = top if isinstance(top, dict) else {"value": top}
    if "value" in new:
        base = {key: value for key, value in base.items() if key not in ("source", "note")}
    merged = base | new
    inherited = "distribution" in base and "distribution" not in new
    if inherited and (_centred(base) != _centred(merged) or not _fits(merged)):
        del merged["distribution"]
    return merged


def _centred(record: dict[str, Any]) -> bool:
    """Whether a distribution names the parameter's own value as its mode or mean."""
    law = record["distribution"]
    centres = [law.get("mode"), law.get("mean")] if isinstance(law, dict) else []
    return record.get("value") in centres


def _fits(record: dict[str, Any]) -> bool:
    """Whether a parameter's distribution goes with its value, range and levels.

    A record that is wrong without its distribution fits with it: what is wrong is reported as it stands.
    """
    rest = {key: value for key, value in record.items() if key != "distribution"}
    try:
        Parameter.model_validate(rest)
    except ValidationError:
        return True
    try:
        law = Parameter.model_validate(record).distribution
    except ValidationError:
        return False
    middle, range_ = getattr(law, "mean", None), record.get("range")
    return middle is None or range_ is None or range_[0] <= middle <= range_[1]

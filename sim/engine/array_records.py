"""Records of arrays, and of records of arrays, whose last axis is that of the points.

Array convention. The batch axis is the only one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from sim._kernels.tolerance import IntArray


def put(record: Any, points: IntArray, part: Any) -> None:
    """Replace some points of a record of arrays and records."""
    for field in fields(record):
        old, new = getattr(record, field.name), getattr(part, field.name)
        if isinstance(old, np.ndarray):
            old[points] = new
        elif isinstance(old, dict):
            for key in old:
                old[key][points] = new[key]
        elif is_dataclass(old):
            put(old, points, new)


def joined(parts: Sequence[Any], which: slice | IntArray) -> Any:
    """Some entries of records of arrays one after the other; what is not an array is shared."""
    first = parts[0]
    out: dict[str, Any] = {}
    for field in fields(first):
        values = [getattr(part, field.name) for part in parts]
        if isinstance(values[0], np.ndarray):
            out[field.name] = np.concatenate(values)[which]
        elif isinstance(values[0], dict):
            out[field.name] = {
                key: np.concatenate([value[key] for value in values])[which] for key in values[0]
            }
        elif is_dataclass(values[0]):
            out[field.name] = joined(values, which)
        else:
            out[field.name] = values[0]
    return type(first)(**out)

"""How values stand to what a file says of its parameters: inside their ranges, and legal for its constraints.

Definition. A value is *outside* where a parameter's record declares a range or levels and the value is
none of theirs: it is allowed (an analyst may ask what if), and noted; and so is a number that every type of
an actor sets, since the value asked for then moves nothing but units. It is *forbidden* where a field of a
constraint would leave the interval in which the constraint means anything, a discount factor above 1 for one.

A range ``(lo, hi)`` stands for all values between its ends, a list or an array for each of its values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.expressions import Interval
from sim.scenario.document import Document
from sim.scenario.domain_checks import Field, Parametric
from sim.scenario.parameters import Parameter

Asked = float | tuple[float, float] | Sequence[float] | FloatArray
"""One value, a range ``(lo, hi)`` as a tuple, or several values as a list or an array."""

TRIED = 64
"""Points of a range at which a field is judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a value or a range of a parameter stands to its file.

    Parameters
    ----------
    path
        The parameter.
    outside
        Why it is outside of the declared range or levels, or is read of no type, as a sentence; empty
        where neither is so.
    forbidden
        Which constraint has no meaning there, as a sentence; empty where none forbids it.
    """

    path: str
    outside: str = ""
    forbidden: str = ""

    @property
    def inside(self) -> bool:
        """Whether the value is one that the file declares plausible, or it declares nothing."""
        return not self.outside


def standings(
    document: Document, values: Mapping[str, float], asked: Mapping[str, Asked]
) -> tuple[Standing, ...]:
    """How values or ranges of several parameters stand, one record for each, in their order.

    Numbers are set together, with all other parameters at ``values``. A value of a range or a list is
    forbidden where it is whatever values the other ranges and lists take.
    """
    env: dict[str, float | Interval] = {**values}
    env |= {path: _whole(x) for path, x in asked.items()}
    parametric = Parametric(document)
    return tuple(
        Standing(
            path=path,
            outside=_outside(path, document.parameters[path], value)
            or unread(document, path, value),
            forbidden=_forbidden(parametric, env, path, value),
        )
        for path, value in asked.items()
    )


def _whole(asked: Asked) -> float | Interval:
    """All values asked for at once."""
    if _is_number(asked):
        return float(np.asarray(asked))
    return Interval(lo=np.asarray(np.min(asked)), hi=np.asarray(np.max(asked)))


def _is_number(asked: Asked) -> bool:
    return np.ndim(asked) == 0


def _words(path: str, asked: Asked) -> str:
    if _is_number(asked):
        return f"{path}={float(asked):.6g}"  # type: ignore[arg-type]
    lo, hi = float(np.min(asked)), float(np.max(asked))
    return f"{path} from {lo:.6g} to {hi:.6g}"


def _outside(path: str, record: Parameter, asked: Asked) -> str:
    """Why a value, a range or a list is outside of what is declared; empty where it is not."""
    lo, hi = float(np.min(asked)), float(np.max(asked))
    if record.levels is not None and not isinstance(asked, tuple):
        strange = np.setdiff1d(np.atleast_1d(np.asarray(asked, dtype=np.float64)), record.levels)
        if strange.size:
            legal = ", ".join(f"{level:g}" for level in record.levels)
            return f"{path}={strange[0]:.6g} is not one of its levels {legal}"
        return ""
    declared = record.range or (
        None if record.levels is None else (min(record.levels), max(record.levels))
    )
    if declared is None or (declared[0] <= lo and hi <= declared[1]):
        return ""
    verb = "is outside" if _is_number(asked) else "leaves"
    return f"{_words(path, asked)} {verb} its range {declared[0]:g} to {declared[1]:g}"


def unread(document: Document, path: str, asked: Asked) -> str:
    """Whose types all set a number, so that no type is read the value that is asked for."""
    for name, actor in document.actors.items():
        own = [one.set for one in actor.types.values()]
        if own and all(path in one and path not in one[path].names for one in own):
            return (
                f"{_words(path, asked)} is read of no type: every type of {name} sets {path} itself"
            )
    return ""


def _forbidden(
    parametric: Parametric, env: Mapping[str, float | Interval], path: str, asked: Asked
) -> str:
    """Which field of a constraint is illegal whatever the others are, and where; empty where none is."""
    for field in parametric.fields:
        if path not in parametric.parameters_of(field.expression):
            continue
        values = _tried(field, asked)
        bounds = parametric.bounds(field.expression, {**env, path: values})
        bad = np.flatnonzero(
            np.broadcast_to(field.legal.excludes(bounds.lo, bounds.hi), values.shape)
        )
        if bad.size:
            at = float(values[bad[0]])
            value = float(np.broadcast_to(bounds.lo, values.shape)[bad[0]])
            where = "" if _is_number(asked) else f" at {path}={at:.6g}"
            return f"{_words(path, asked)}: {field.path}: {field.refusal(value, where)}"
    return ""


def _tried(field: Field, asked: Asked) -> FloatArray:
    """The values at which a field is judged: those asked for, or a grid over a range."""
    if not isinstance(asked, tuple):
        return np.atleast_1d(np.asarray(asked, dtype=np.float64))
    lo, hi = asked
    if field.legal.above:  # one end of a range that is excluded is no reason to refuse all of it
        lo, hi = np.nextafter(lo, hi), np.nextafter(hi, lo)
    return np.asarray(np.concatenate([[lo, hi], np.linspace(lo, hi, TRIED)]))

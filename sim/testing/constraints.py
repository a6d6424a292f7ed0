"""The contract of a constraint type.

Definition. A type says its name, its rung and what it is; an instance can be written into a file and read
again; its compiled slack is the one that the type defines, lies within what is proved over boxes, and nothing
but its parameters moves it; and where it is affine the certified frontier is exact: no part is known by
interval bounds only, and every decided part names its best treaty and what binds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, get_args

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.certified import frontier
from sim.certified.bounds.box_batch import BoxBatch
from sim.certified.bounds.boxes import Boxes
from sim.certified.ladder.parts import parts_of
from sim.constraints import CONSTRAINTS, Constraint, Rung
from sim.loading import loads
from sim.payoffs import compile_dispute
from sim.scenario import Scenario
from sim.testing.contract import holds

CLOSE = 1e-12
"""How far two ways to compute one slack may differ, relative to the larger of 1 and the slack."""
UNNAMED = 0.1
"""The share of a range, beside where they change, in which best treaty and what binds need not be named."""
POINTS, TRIES = 60, 8
"""Points of a batch, and batches."""
SIZES = (0.5, 1.0)
"""What the attribute ``size`` is in the two treaties."""


def check_constraint(
    sample: Constraint,
    *,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    values: Mapping[str, float] | None = None,
    seed: int = 7,
) -> None:
    """Check that a constraint type keeps the contract of its room.

    Parameters
    ----------
    sample
        An instance, its fields expressions over parameters of any names and, if it likes, ``size``: an
        attribute that is 0.5 in one treaty and 1 in the other.
    ranges
        The ranges of parameters; 0 to 1 where absent.
    values
        The values at which parameters are held where others are varied; the middle of the range where absent.
    seed
        Which points are tried.

    Raises
    ------
    ContractError
        At the first thing that is wrong.

    Examples
    --------
    >>> from sim.constraints import VetoPlayer
    >>> check_constraint(VetoPlayer(utility="patience - size*cost"))
    """
    _declared(sample)
    scenario = dispute_with(sample, ranges or {}, values or {})
    name = type(sample).__name__
    read = scenario.document.domestic["x"]["rule"]
    holds(read == sample, f"{name} is not read from a file as it was written there")
    if sample.slacks:
        _check_values(sample, scenario, np.random.default_rng(seed))
        _check_frontier(sample, scenario)
    else:
        holds(sample.shift() is not None, f"{name} has neither a slack nor a shift")


def _declared(sample: Constraint) -> None:
    """What can be seen without a dispute."""
    kind, name = type(sample), type(sample).__name__
    field = kind.model_fields.get("type")
    holds(field is not None and field.default, f"{name} has no field 'type' with its name")
    assert field is not None
    holds(
        CONSTRAINTS.get(field.default) is kind,
        f"'{field.default}' is not in the table of constraints",
    )
    holds(kind.rung in get_args(Rung), f"{name} stands on no rung called '{kind.rung}'")
    holds(kind.__doc__, f"{name} does not say what it is")
    unknown = {n for e in sample.formulas().values() for n in e.names} - {"size"}
    holds(unknown, f"the sample of {name} reads no parameter, so that nothing can be varied")
    written = bool(sample.alternatives()) or sample.direct() is not None
    holds(written == sample.slacks, f"{name} must define alternatives exactly where it has a slack")


def dispute_with(
    sample: Constraint, ranges: Mapping[str, tuple[float, float]], values: Mapping[str, float]
) -> Scenario:
    """Two treaties of different size, which do not tie, and one constraint; all that it reads has a range.

    Examples
    --------
    >>> from sim.constraints import VetoPlayer
    >>> dispute_with(VetoPlayer(utility="u"), {"u": (-1, 1)}, {}).values
    {'u': 0.0}
    """
    names = sorted({n for e in sample.formulas().values() for n in e.names} - {"size"})
    found = {name: ranges.get(name, (0.0, 1.0)) for name in names}
    parameters = {
        name: {"value": values.get(name, (lo + hi) / 2), "range": [lo, hi]}
        for name, (lo, hi) in found.items()
    }
    data: dict[str, Any] = {
        "title": f"A dispute with one {type(sample).__name__}",
        "parameters": parameters,
        "issues": {
            "deal": {
                "no": {},
                **{f"size {s:g}": {"signed": 1, "size": s} for s in SIZES},
            }
        },
        "outcomes": {"treaty": "signed"},
        "actors": {"x": {"role": "principal"}, "y": {"role": "principal"}},
        "payoffs": {"x": {"peace": "signed"}, "y": {"peace": "signed - size/4"}},
        "domestic": {"x": {"rule": sample.model_dump(mode="json")}},
    }
    return loads(json.dumps(data), origin=f"{type(sample).__name__} dispute")


def _check_values(sample: Constraint, scenario: Scenario, rng: np.random.Generator) -> None:
    """The compiled slack against the definition, and against what is proved over boxes."""
    names, name = list(scenario.values), type(sample).__name__
    dispute = compile_dispute(scenario, names)
    (asked,) = dispute.constraints
    low, high = np.array([scenario.range_of(path) for path in names]).T[..., None]
    lo = low + (high - low) * np.round(rng.random((len(names), POINTS)) * 4) / 5
    boxes = Boxes(lo, lo + rng.choice([0, 0.01, 0.2], POINTS) * (high - low))
    bounds = parts_of(dispute).slacks[0].bounds(BoxBatch(dispute.frame, boxes), np.arange(2))
    for _ in range(TRIES):
        theta = lo + rng.choice([0, 0.5, 1], lo.shape) * (boxes.hi - lo)
        found = np.broadcast_to(dispute.at(theta).slack(asked), (3, 1, POINTS))[1:, 0]
        wanted = _defined(sample, names, theta)
        holds(_close(found, wanted), f"the compiled slack of {name} is not the one it defines")
        inside = (found >= bounds.lo - CLOSE) & (found <= bounds.hi + CLOSE)
        holds(
            inside.all(), f"a slack of {name} lies outside the bounds of a box that holds its point"
        )


def _defined(sample: Constraint, names: list[str], theta: FloatArray) -> FloatArray:
    """The slack by the type's own definition, shape ``(treaties, points)``."""
    env = dict(zip(names, theta, strict=True))
    found = [np.broadcast_to(sample.slack({"size": s, **env}), theta.shape[1]) for s in SIZES]
    return np.array(found)


def _close(found: FloatArray, wanted: FloatArray) -> bool:
    return bool(np.allclose(found, wanted, rtol=CLOSE, atol=CLOSE, equal_nan=True))


def _check_frontier(sample: Constraint, scenario: Scenario) -> None:
    """Exact where affine, along every parameter, with best treaty and binding."""
    for path in scenario.values:
        found = frontier(scenario, vary={path: None})
        if not found.affine:
            continue
        where = f"the frontier of {type(sample).__name__} along '{path}'"
        holds(all(c.exact for c in found.crossings), f"{where} knows a threshold by bounds only")
        decided = found.verdict < found.words.index("undecided")
        size = np.where(decided, found.volumes, 0)
        for what, codes in (
            ("best treaty", found.agreement),
            ("binding constraint", found.binding),
        ):
            named = size[codes >= 0].sum()
            holds(named >= size.sum() - UNNAMED, f"{where} does not name the {what} everywhere")

"""Columns of a sweep: what is kept of every point.

========================  ==================================================================
column                    meaning
========================  ==================================================================
``<dotted path>``         value of a varied parameter
``status``                ``ok``, or ``failed`` where a point has no answer; then all else is null
``feasible``              margin > 0 yes, < 0 no, null on the knife-edge
``margin``                the ladder's margin, in units of payoff spread; null without treaties
``margin_in_every``       the same in every stance equilibrium
``rung``                  first rung that fails
``best_agreement``        best treaty at that rung
``binding``               its lowest gain or slack, ``actor.constraint``
``binding_slack``         its value
``ties``                  how many treaties share the best value
``predicted_class``       outcome class of the game's prediction; null where not solved
``predicted_agreement``   its agreement
``in_every_equilibrium``  whether every equilibrium outcome has that class
``equilibria``            number of equilibrium outcomes
``payoffs.<actor>``       payoffs at the predicted outcome, in payoff units
========================  ==================================================================

On request (``MORE``) also, of the best treaty:

========================  ==================================================================
``stances.<actor>``       the stance that it meets with a third party (``stances``)
``gains.<actor>``         a principal's gain, in units of payoff spread (``slacks``)
``slacks.<actor>.<name>`` a constraint's slack in its own scale, null where it is not engaged
========================  ==================================================================

Labels are stored as codes into fixed lists, the same in every chunk.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim._kernels.tolerance import RELATIVE, AnyArray, FloatArray, IntArray
from sim.errors import UsageError, suggest
from sim.feasibility.evaluate import Evaluation, Problem, evaluate_all, prepare, rung_names
from sim.feasibility.ladder import Ladder, ladder_labels
from sim.payoffs import Dispute
from sim.sweeps.arrow_arrays import array_of, texts_of


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """A column of labels: codes, -1 for null, and the list that they index."""

    codes: IntArray
    labels: tuple[str, ...]


Column = AnyArray | Coded

STATUS = ("ok", "failed")
MORE = ("stances", "slacks")
"""What is kept on request."""


def asked_kinds(kinds: Sequence[str]) -> tuple[str, ...]:
    """What is kept on request, in the order of ``MORE``.

    Raises
    ------
    UsageError
        If there is no such kind.
    """
    for kind in kinds:
        if kind not in MORE:
            raise UsageError(f"unknown columns '{kind}'{suggest(kind, MORE)}")
    return tuple(kind for kind in MORE if kind in kinds)


def answers(
    problem: Problem,
    theta: FloatArray,
    found: Evaluation | None,
    failed: Collection[int] = (),
    more: Sequence[str] = (),
) -> Any:
    """The answers at a chunk of points as an Arrow table, one row per point.

    Parameters
    ----------
    problem, theta
        A compiled scenario, and the points, shape ``(varied, batch)``.
    found
        The points that have an answer, solved; ``None`` where there are none.
    failed
        The columns of the points without one.
    more
        What is kept on request, of ``MORE``.
    """
    import pyarrow as pa

    if found is not None and not failed:
        return _table(problem, found, theta, more)
    size = theta.shape[1]
    lost = np.isin(np.arange(size), [*failed])
    if found is None:
        kinds = _types(problem, more)
        out = pa.table({name: pa.nulls(size, kind) for name, kind in kinds.items()})
    else:
        place = np.cumsum(~lost) - 1
        out = _table(problem, found, theta[:, ~lost], more).take(pa.array(place, mask=lost))
    return out.set_column(0, "status", _arrow(Coded(lost.astype(np.int64), STATUS)))


def _table(problem: Problem, found: Evaluation, theta: FloatArray, more: Sequence[str]) -> Any:
    return arrow_table(_columns(problem, found) | _asked(problem, found, theta, more))


def _types(problem: Problem, more: Sequence[str]) -> dict[str, Any]:
    """Column types, from the answers at the scenario's own point, which is known to have some."""
    own, theta = prepare(problem.dispute.scenario, ()), np.zeros((0, 1))
    table = _table(own, evaluate_all(own, theta), theta, more)
    return {field.name: field.type for field in table.schema}


def column_names(problem: Problem, more: Sequence[str] = ()) -> list[str]:
    """The names of all columns but the varied parameters, in order."""
    names = ["status", "feasible", "margin", "margin_in_every", "rung", "best_agreement", "binding"]
    names += ["binding_slack", "ties"]
    if problem.played is not None:
        names += ["predicted_class", "predicted_agreement", "in_every_equilibrium", "equilibria"]
        names += ["predicted_round"] if problem.rounds is not None else []
        names += [f"payoffs.{actor}" for actor in problem.dispute.payoffs]
    return names + _asked_names(problem, more)


def _asked_names(problem: Problem, more: Sequence[str]) -> list[str]:
    document, dispute = problem.dispute.scenario.document, problem.dispute
    names = [f"stances.{actor}" for actor in document.third_parties] if "stances" in more else []
    if "slacks" in more:
        names += [f"gains.{actor}" for actor in document.principals]
        names += [f"slacks.{c.label}" for c in dispute.constraints]
    return names


def column_units(problem: Problem, more: Sequence[str] = ()) -> dict[str, str]:
    """What the columns of numbers but the varied parameters are measured in."""
    units = dict.fromkeys(("margin", "margin_in_every"), "payoff spread")
    units["binding_slack"] = "payoff spread (a gain) or the constraint's scale"
    units["ties"] = "treaties"
    if problem.played is not None:
        units["equilibria"] = "equilibrium outcomes"
        units |= {} if problem.rounds is None else {"predicted_round": "the first is 1"}
        units |= {f"payoffs.{actor}": "payoff" for actor in problem.dispute.payoffs}
    asked = _asked_names(problem, more)
    units |= {name: "payoff spread" for name in asked if name.startswith("gains.")}
    return units | {name: "its own scale" for name in asked if name.startswith("slacks.")}


def _columns(problem: Problem, evaluation: Evaluation) -> dict[str, Column]:
    ladder, labels = evaluation.ladder, labels_of(problem)
    known = np.isfinite(ladder.margin)
    out: dict[str, Column] = {"status": Coded(np.zeros(known.shape, dtype=np.int64), STATUS)}
    yes = np.where(evaluation.knife_edge, -1, ladder.margin > 0)
    out["feasible"] = np.ma.masked_array(yes == 1, mask=yes == -1)
    out["margin"] = _masked(ladder.margin)
    out["margin_in_every"] = _masked(ladder.margin_in_every)
    out["rung"] = Coded(evaluation.rung, labels["rung"])
    out["best_agreement"] = Coded(np.where(known, ladder.agreement, -1), labels["agreement"])
    out["binding"] = Coded(np.where(known, ladder.binding, -1), labels["binding"])
    out["binding_slack"] = _masked(np.where(known, ladder.binding_slack, np.nan))
    out["ties"] = ladder.ties.astype(np.int32)
    if evaluation.prediction is not None:
        out |= _predicted(evaluation, labels)
    return out


def _predicted(evaluation: Evaluation, labels: Mapping[str, tuple[str, ...]]) -> dict[str, Column]:
    p = evaluation.prediction
    assert p is not None
    return {
        "predicted_class": Coded(p.outcome_class, labels["class"]),
        "predicted_agreement": Coded(p.agreement, labels["agreement"]),
        "in_every_equilibrium": p.in_every,
        "equilibria": p.count.astype(np.int32),
        **({} if p.round is None else {"predicted_round": _round(p.round)}),
        **{f"payoffs.{actor}": _masked(value) for actor, value in p.payoffs.items()},
    }


def _round(number: IntArray) -> AnyArray:
    """Rounds from 1, null where nothing is signed."""
    return np.ma.masked_array((number + 1).astype(np.int32), mask=number < 0)


def _asked(
    problem: Problem, evaluation: Evaluation, theta: FloatArray, more: Sequence[str]
) -> dict[str, Column]:
    """What is kept on request of the best treaty of every point, by the definitions."""
    dispute, ladder = problem.dispute, evaluation.ladder
    known, out = np.isfinite(ladder.margin), dict[str, Column]()
    if "stances" in more:
        taken = np.asarray(dispute.profiles)[ladder.profile]
        for k, (actor, names) in enumerate(dispute.scenario.document.stances.items()):
            out[f"stances.{actor}"] = Coded(np.where(known, taken[:, k], -1), names)
    if "slacks" in more:
        step = problem.chunk()
        parts = [
            steps_of(dispute, theta[:, k : k + step], ladder, slice(k, k + step))
            for k in range(0, theta.shape[1], step)
        ]
        for name in parts[0]:
            values = np.concatenate([part[name] for part in parts])
            out[name] = _masked(np.where(known, values, np.nan))
    return out


def steps_of(
    dispute: Dispute, theta: FloatArray, ladder: Ladder, rows: slice
) -> dict[str, FloatArray]:
    """Gains and slacks of the best treaties at a chunk of points, 0 where they tie with that."""
    batch, size = dispute.at(theta), theta.shape[1]
    a, s, points = ladder.agreement[rows], ladder.profile[rows], np.arange(size)
    out = {}
    for actor in dispute.scenario.document.principals:
        u = np.broadcast_to(batch.payoff(actor), (*dispute.shape, size))
        error, s0 = dispute.error(actor)[..., 0], ladder.against[actor][rows]
        gain = u[a, s, points] - u[0, s0, points]
        tie = np.abs(gain) <= error[a, s] + error[0, s0]
        out[f"gains.{actor}"] = np.where(tie, 0.0, gain / dispute.scales[actor])
    for c in dispute.constraints:
        slack = np.broadcast_to(batch.slack(c), (*dispute.shape, size))[a, s, points]
        out[f"slacks.{c.label}"] = np.where(np.abs(slack) <= RELATIVE, 0.0, slack)
    return out


def labels_of(problem: Problem) -> dict[str, tuple[str, ...]]:
    """The lists that codes index, for a whole sweep."""
    return {
        "rung": rung_names(problem.played),
        "agreement": problem.dispute.space.labels,
        "binding": ladder_labels(problem.dispute),
        "class": problem.dispute.scenario.document.classes,
    }


def _masked(value: FloatArray) -> AnyArray:
    """Numbers, null where they are not finite; a zero has no sign, whichever way it was reached."""
    bad = ~np.isfinite(value)
    return np.ma.masked_array(value + 0.0, mask=bad) if bad.any() else value + 0.0


def arrow_table(columns: Mapping[str, Column]) -> Any:
    """The columns as an Arrow table, labels as dictionary columns."""
    import pyarrow as pa

    arrays = {name: _arrow(column) for name, column in columns.items()}
    return pa.table(arrays)


def _arrow(column: Column) -> Any:
    import pyarrow as pa

    if isinstance(column, Coded):
        codes = array_of(column.codes.astype(np.int32), column.codes < 0)
        return pa.DictionaryArray.from_arrays(codes, texts_of(column.labels))
    if isinstance(column, np.ma.MaskedArray):
        return array_of(column.data, np.ma.getmaskarray(column))
    return array_of(column)

"""The verdict as plain data for JSON; what is infinite is null."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.feasibility.blockers import Blockers
    from sim.feasibility.thresholds import Threshold
    from sim.feasibility.verdict import Step, Verdict


def as_data(verdict: Verdict) -> dict[str, Any]:
    """Everything that a verdict holds, by the keys of ``sim explain --json``."""
    binding = None if verdict.binding is None else _step(verdict.binding)
    return {
        "feasible": verdict.feasible,
        "share": None if verdict.share is None else verdict.share.to_dict(),
        "knife_edge": verdict.feasible is None and verdict.margin is not None,
        "margin": verdict.margin,
        "margin_in_every_equilibrium": verdict.margin_in_every,
        "rung": verdict.rung,
        "best_agreement": verdict.best_agreement,
        "stances": verdict.stances,
        "ties": list(verdict.ties),
        "binding": binding,
        "blockers": None if verdict.blockers is None else _blockers(verdict.blockers),
        "predicted": None if verdict.predicted is None else dict(verdict.predicted),
        "rests_on": list(verdict.rests_on),
        "difference": verdict.difference,
        "ladder": [_step(step) for step in verdict.steps],
        "best_by_rung": {
            rung: {"value": _finite(value), "agreement": label}
            for rung, (value, label) in verdict.best_by_rung.items()
        },
        "terms": {
            actor: {term: list(pair) for term, pair in terms.items()}
            for actor, terms in verdict.terms.items()
        },
        "scales": dict(verdict.scales),
        "thresholds": [_threshold(t) for t in verdict.thresholds],
        **({"power": [body.to_dict() for body in verdict.power]} if verdict.power else {}),
        **({} if verdict.private is None else {"private": verdict.private.to_dict()}),
        "assumed": list(verdict.assumed),
        "labels": verdict.labelled.to_dict(),
        "notes": list(verdict.notes),
    }


def _blockers(found: Blockers) -> dict[str, Any]:
    return {
        "lifting": found.lifting,
        "actors": [list(one) for one in found.actors],
        "minimal_sets": [list(one) for one in found.minimal_sets],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "rung": step.rung,
        "actor": step.actor,
        "constraint": step.constraint,
        "slack": _finite(step.slack),
    }


def _threshold(t: Threshold) -> dict[str, Any]:
    ends = [_finite(t.margin_low), _finite(t.margin_high)]
    return {
        "path": t.path,
        "value": t.value,
        "range": [t.low, t.high],
        "at": list(t.at),
        "margin_at_ends": ends,
        "levels": list(t.levels),
        "stretches": [{"from": s.lo, "to": s.hi, "verdict": s.verdict} for s in t.stretches],
    }


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None

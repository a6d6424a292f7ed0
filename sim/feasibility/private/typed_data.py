"""A dispute with types as plain data for JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.feasibility.private.by_type import PrivateInformation, Span
    from sim.feasibility.private.mediated import BestMediation, Mediated
    from sim.feasibility.private.signalled_outcome import Signalled, SignalledOutcome


def as_data(found: PrivateInformation) -> dict[str, Any]:
    """All of it, by the key ``private`` of a verdict."""
    return {
        "feasible_with_chance": found.feasible,
        "types": [
            {
                "types": dict(one.profile.types),
                "chance": one.profile.chance,
                "set": dict(one.profile.set),
                "feasible": one.verdict.feasible,
                "margin": one.verdict.margin,
                "rung": one.verdict.rung,
                "best_agreement": one.verdict.best_agreement,
                "known_to_all": None if one.game is None else _known(one.game),
            }
            for one in found.types
        ],
        "prediction": None if found.prediction is None else _prediction(found.prediction),
        "treaty": _pair(found.treaty),
        "treaty_with_types_known": _pair(found.known_treaty),
        "cost": {actor: _pair(found.loss(actor)) for actor in found.principals},
        "mediator": None if found.mediated is None else _mediated(found.mediated),
    }


def _pair(span: Span | None) -> list[float] | None:
    return None if span is None else list(span)


def _mediated(found: Mediated) -> dict[str, Any]:
    goals = {"treaty": found.treaty, "gains": found.gains}
    return {
        **{goal: None if best is None else _best(best) for goal, best in goals.items()},
        "note": found.note,
    }


def _best(best: BestMediation) -> dict[str, Any]:
    return {
        "at_most": best.value,
        "with_types_known": best.known,
        "treaty_by_type": dict(best.by_type),
        "reasons": [
            {
                "kind": one.kind,
                "actor": one.actor,
                "type": one.type,
                "said": one.said,
                "price": one.price,
            }
            for one in best.reasons
        ],
        "gap": best.gap,
    }


def _known(found: Signalled) -> list[dict[str, Any]]:
    return [{"classes": dict(one.classes), "payoffs": dict(one.payoffs)} for one in found.outcomes]


def _prediction(found: Signalled) -> dict[str, Any]:
    solution = found.solution
    return {
        "concept": solution.concept,
        "finished": solution.finished,
        "exhaustive": solution.exhaustive,
        "note": solution.note,
        "outcomes": [_outcome(one) for one in found.outcomes],
    }


def _outcome(one: SignalledOutcome) -> dict[str, Any]:
    return {
        "kinds": dict(one.kinds),
        "classes": dict(one.classes),
        "by_type": {label: dict(row) for label, row in one.by_type.items()},
        "agreements": {label: dict(row) for label, row in one.agreements.items()},
        "plays": [
            {
                "types": play.profile,
                "messages": dict(play.messages),
                "agreement": play.agreement,
                "chance": play.chance,
            }
            for play in one.plays
        ],
        "messages": {
            actor: {name: dict(row) for name, row in rows.items()}
            for actor, rows in one.messages.items()
        },
        "offers": {actor: dict(row) for actor, row in one.offers.items()},
        "after": [
            {
                "sender": after.sender,
                "message": after.message,
                "chance": after.chance,
                "beliefs": dict(after.beliefs),
                "answers": {actor: dict(row) for actor, row in after.answers.items()},
            }
            for after in one.after
        ],
        "payoffs": dict(one.payoffs),
        "payoffs_by_type": {label: dict(row) for label, row in one.payoffs_by_type.items()},
        "regret": one.member.regret,
        "equilibria": one.member.extra.get("equilibria", 1),
        "marks": list(one.member.extra.get("marks", [])),
    }

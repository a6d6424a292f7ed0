"""Constraints at home and abroad, one type per file.

``CONSTRAINTS`` is the room's visible table: a new type is one new file and one line here, or a class
that an installed package names as an entry point (:mod:`sim.extensions`).
"""

from __future__ import annotations

from typing import Annotated, Any, get_args

from sim.constraints.alternatives import Alternative, Direct, Legal
from sim.constraints.audience_cost import AudienceCost
from sim.constraints.base import Constraint, Formula, Rung
from sim.constraints.between import Between
from sim.constraints.consent import Consent
from sim.constraints.enforcement import Enforcement
from sim.constraints.legal_ban import LegalBan
from sim.constraints.public_opinion import PublicOpinion
from sim.constraints.ratification import Bloc, Ratification
from sim.constraints.reading import ByType
from sim.constraints.veto_player import VetoPlayer
from sim.extensions import Table, must


def _admit(name: str, loaded: Any) -> type[Constraint]:
    """A type that an installed package adds.

    Raises
    ------
    UsageError
        If it is not a constraint of that name.
    """
    must(
        isinstance(loaded, type) and issubclass(loaded, Constraint),
        "it is not a class derived from sim.constraints.Constraint",
    )
    field = loaded.model_fields.get("type")
    must(field is not None and field.default == name, f"its field 'type' must default to '{name}'")
    must(
        loaded.rung in get_args(Rung),
        f"its rung is '{loaded.rung}'; legal: {', '.join(get_args(Rung))}",
    )
    must(loaded.__doc__, "it has no docstring to say what it is")
    kind: type[Constraint] = loaded
    return kind


CONSTRAINTS: Table[type[Constraint]] = Table(
    "constraints",
    {
        "audience_cost": AudienceCost,
        "consent": Consent,
        "enforcement": Enforcement,
        "legal_ban": LegalBan,
        "public_opinion": PublicOpinion,
        "ratification": Ratification,
        "veto_player": VetoPlayer,
    },
    _admit,
)

AnyConstraint = Annotated[Constraint, ByType(CONSTRAINTS)]
"""A constraint of any type of the table, as a file writes it."""

__all__ = [
    "CONSTRAINTS",
    "Alternative",
    "AnyConstraint",
    "AudienceCost",
    "Between",
    "Bloc",
    "Consent",
    "Constraint",
    "Direct",
    "Enforcement",
    "Formula",
    "Legal",
    "LegalBan",
    "PublicOpinion",
    "Ratification",
    "Rung",
    "VetoPlayer",
]

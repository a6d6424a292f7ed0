"""Constraints at home and abroad, one type per file.

``CONSTRAINTS`` is the room's visible table: a new type is one new file and one line here.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.constraints.alternatives import Alternative, Direct, Legal
from sim.constraints.audience_cost import AudienceCost
from sim.constraints.base import Constraint, Formula, Rung
from sim.constraints.between import Between
from sim.constraints.consent import Consent
from sim.constraints.enforcement import Enforcement
from sim.constraints.legal_ban import LegalBan
from sim.constraints.public_opinion import PublicOpinion
from sim.constraints.ratification import Bloc, Ratification
from sim.constraints.veto_player import VetoPlayer

AnyConstraint = Annotated[
    AudienceCost | Consent | Enforcement | LegalBan | PublicOpinion | Ratification | VetoPlayer,
    Field(discriminator="type"),
]

CONSTRAINTS: dict[str, type[Constraint]] = {
    "audience_cost": AudienceCost,
    "consent": Consent,
    "enforcement": Enforcement,
    "legal_ban": LegalBan,
    "public_opinion": PublicOpinion,
    "ratification": Ratification,
    "veto_player": VetoPlayer,
}

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

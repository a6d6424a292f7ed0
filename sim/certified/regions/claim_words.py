"""How claims read."""

from __future__ import annotations

from sim.feasibility.ladder import PREDICTED
from sim.scenario import TREATY

MARGIN = "margin"
SOME, EVERY = "predicted", "always"


def in_words(of: str) -> str:
    """A claim in words.

    Examples
    --------
    >>> in_words("always:treaty")
    "every equilibrium ends in 'treaty'"
    """
    if of == MARGIN:
        return "a treaty is feasible"
    kind, colon, label = (part.strip() for part in of.partition(":"))
    if of == PREDICTED:
        kind, colon, label = SOME, ":", TREATY
    if not colon:
        return f"a treaty passes the ladder up to '{of}'"
    if kind in (SOME, EVERY):
        return f"{'some' if kind == SOME else 'every'} equilibrium ends in '{label}'"
    return f"the state '{label}' is stable ({kind}) for every actor"

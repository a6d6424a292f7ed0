"""How a claim on each form of classical game is compiled: the visible table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sim.certified.bounds.boxes import Boxes
from sim.certified.forms.bargaining import bargaining_claim
from sim.certified.forms.coalitional import coalitional_claim
from sim.certified.forms.conflict import conflict_claim
from sim.certified.forms.form_claim import FormClaim
from sim.certified.forms.spatial import spatial_claim
from sim.certified.forms.strategic import strategic_claim
from sim.certified.forms.voting import voting_claim
from sim.claims import Claim
from sim.scenario import Scenario

Build = Callable[[Scenario, Sequence[str], Claim], FormClaim]

FORMS: Mapping[str, Build] = {
    "strategic": strategic_claim,
    "conflict": conflict_claim,
    "coalitional": coalitional_claim,
    "spatial": spatial_claim,
    "bargaining": bargaining_claim,
}
"""Forms whose claims rest on the file alone; a voting body is checked on the whole box besides."""


def form_claim(scenario: Scenario, varied: Sequence[str], claim: Claim, whole: Boxes) -> FormClaim:
    """A claim on a classical game, compiled for some varied parameters.

    Examples
    --------
    >>> from sim.certified.bounds.boxes import box_of
    >>> from sim.claims import read_claim
    >>> from sim.loading import loads
    >>> s = loads('''
    ... parameters: {p: {value: 0.5, range: [0, 1]}}
    ... strategic: {actors: {a: [x, y], b: [z]}, payoffs: [[[p, 0]], [[1/3, 0]]]}
    ... ''')
    >>> claim = read_claim("predicted:x, z", "strategic")
    >>> form_claim(s, ["p"], claim, box_of(s, {"p": None})).ties()[0]
    array([0.33333333])
    """
    if claim.form == "voting":
        return voting_claim(scenario, varied, claim, whole)
    return FORMS[claim.form](scenario, varied, claim)

"""The kinds of claims that every form of file knows: the visible table.

A sentence may hold ``{subject}``, ``{bound}`` and ``{value}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sim.feasibility.ladder import PREDICTED
from sim.rules.ladder import RUNGS

MARGIN = "margin"
SOME, EVERY = PREDICTED, "always"
STABLE = ("gmcr_nash", "gmr", "smr", "seq")
RUN = "run"
"""Stands for a form where claims are made of the points of a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of claim.

    Parameters
    ----------
    sentence
        How it reads.
    subject
        What stands after the colon, in capitals; empty where nothing does.
    alone
        How it reads without a subject; empty where it needs one.
    bound
        Whether a bound follows the subject (``>=1/3``).
    columns
        Whether the subject follows an equals sign, as a label in a column of a run.
    """

    sentence: str = ""
    subject: str = ""
    alone: str = ""
    bound: bool = False
    columns: bool = False

    def written(self, name: str) -> str:
        """How a claim of this kind is written.

        Examples
        --------
        >>> Kind(subject="VOTER", bound=True).written("shapley")
        'shapley:VOTER>=NUMBER'
        """
        end = ">=NUMBER" if self.bound else ""
        if not self.subject:
            return name + end
        label = ("=" if self.columns else ":") + self.subject
        return name + (f"[{label}]" if self.alone else label) + end


_STABLE = {
    name: Kind(
        sentence=f"the state '{{subject}}' is stable ({name}) for every actor", subject="STATE"
    )
    for name in STABLE
}
_LADDER = {name: Kind(alone=f"a treaty passes the ladder up to '{name}'") for name in RUNGS}

KINDS: Mapping[str, Mapping[str, Kind]] = MappingProxyType(
    {
        "dispute": {
            MARGIN: Kind(alone="a treaty is feasible"),
            **_LADDER,
            SOME: Kind(
                sentence="some equilibrium ends in '{subject}'",
                subject="LABEL",
                alone="some equilibrium ends in 'treaty'",
            ),
            EVERY: Kind(sentence="every equilibrium ends in '{subject}'", subject="LABEL"),
            **_STABLE,
        },
        "strategic": {
            SOME: Kind(sentence="'{subject}' is a pure equilibrium", subject="PROFILE"),
            EVERY: Kind(sentence="'{subject}' is the only pure equilibrium", subject="PROFILE"),
            "equilibria": Kind(
                sentence="the number of pure equilibria is {subject}", subject="NUMBER"
            ),
            "mixed": Kind(
                sentence="some equilibrium mixes exactly '{subject}'", subject="MOVE+MOVE,..."
            ),
        },
        "conflict": _STABLE,
        "coalitional": {
            "core": Kind(
                sentence="the division '{subject}' is in the core",
                subject="PLAYER=NUMBER,...|shapley",
                alone="the core is not empty",
            ),
        },
        "voting": {
            "wins": Kind(sentence="the coalition '{subject}' wins", subject="VOTER,..."),
            "veto": Kind(sentence="'{subject}' has a veto", subject="VOTER"),
            "shapley": Kind(
                sentence="the Shapley-Shubik power of '{subject}' is {bound} {value}",
                subject="VOTER",
                bound=True,
            ),
            "banzhaf": Kind(
                sentence="the Banzhaf power of '{subject}' is {bound} {value}",
                subject="VOTER",
                bound=True,
            ),
        },
        "spatial": {
            "core": Kind(alone="the status quo is in the core: no proposal takes its place"),
            "passes": Kind(
                sentence="a proposal of {subject} takes the place of the status quo",
                subject="POINT",
            ),
            "weighted_median": Kind(
                sentence="the position of '{subject}' is a weighted median", subject="ACTOR"
            ),
        },
        "bargaining": {
            "rational": Kind(
                sentence="'{subject}' gives nobody less than disagreement",
                subject="AGREEMENT",
                alone="some agreement gives nobody less than disagreement",
            ),
            "nash_bargaining": Kind(
                sentence="'{subject}' is a Nash bargaining solution", subject="AGREEMENT"
            ),
            "egalitarian": Kind(
                sentence="'{subject}' is an egalitarian solution", subject="AGREEMENT"
            ),
            "utilitarian": Kind(
                sentence="'{subject}' is a utilitarian solution", subject="AGREEMENT"
            ),
        },
        RUN: {
            "feasible": Kind(alone="a treaty is feasible"),
            "infeasible": Kind(alone="a treaty is infeasible"),
            MARGIN: Kind(
                sentence="the margin is {bound} {value}", alone="a treaty is feasible", bound=True
            ),
            **_LADDER,
            EVERY: Kind(sentence="every equilibrium ends in '{subject}'", subject="LABEL"),
            "class": Kind(sentence="the game predicts '{subject}'", subject="LABEL", columns=True),
            "blocker": Kind(
                sentence="{subject} blocks a treaty", subject="ACTOR[.CONSTRAINT]", columns=True
            ),
            "rung": Kind(sentence="the ladder fails at '{subject}'", subject="LABEL", columns=True),
        },
    }
)
"""Per form of file its kinds of claims by name."""

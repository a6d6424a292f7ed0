"""The frozen data model of scenario files."""

from sim.scenario.asked import Observed, SignTest, Sweep
from sim.scenario.checks import check, formulas
from sim.scenario.correlations import Correlation
from sim.scenario.document import NO_OUTCOME, TREATY, Actor, Document
from sim.scenario.findings import Finding
from sim.scenario.moves import Game, Move
from sim.scenario.names import Names, names_of
from sim.scenario.parameters import Parameter
from sim.scenario.scenario import Scenario, require_scenario
from sim.scenario.standing import Standing
from sim.scenario.unread import unread

__all__ = [
    "NO_OUTCOME",
    "TREATY",
    "Actor",
    "Correlation",
    "Document",
    "Finding",
    "Game",
    "Move",
    "Names",
    "Observed",
    "Parameter",
    "Scenario",
    "SignTest",
    "Standing",
    "Sweep",
    "check",
    "formulas",
    "names_of",
    "require_scenario",
    "unread",
]

"""From a scenario to a game, and from the names of concepts to solutions of it."""

from sim.solving.answers import (
    answers,
    fitting_concepts,
    solve,
    spread_options,
)
from sim.solving.concept_answer import ConceptAnswer
from sim.solving.forms import BUILDERS, forms_of, game_of
from sim.solving.usual_concepts import default_concepts

__all__ = [
    "BUILDERS",
    "ConceptAnswer",
    "answers",
    "default_concepts",
    "fitting_concepts",
    "forms_of",
    "game_of",
    "solve",
    "spread_options",
]

"""Maximin strategies: what every actor can secure alone, whatever the others do.

Source: von Neumann (1928), Zur Theorie der Gesellschaftsspiele, Mathematische Annalen 100, 295-320.
"""

from sim.games.strategic import StrategicGame
from sim.results import Member, Solution
from sim.solutions import Concept, Option

CONCEPT = Concept(
    form="strategic",
    batched=True,
    guarantee="the security level in pure strategies",
    reference="von Neumann (1928)",
)
OPTIONS = (
    Option(
        name="scale", kind="number", low=0, default=1.0, meaning="What levels are multiplied by."
    ),
)


def maximin(game: StrategicGame, *, scale: float = 1.0) -> Solution:
    """The best of every actor's worst payoffs."""
    table = game.table()
    others = [tuple(k for k in range(table.ndim - 1) if k != i) for i in range(len(game.actors))]
    secure = {
        actor: scale * float(table[i].min(axis=others[i]).max())
        for i, actor in enumerate(game.actors)
    }
    return Solution(concept="maximin", members=(Member(payoffs=secure),), exhaustive=True)

"""What the record of one dispute is worth: scores of the model beside forecasters that know no model.

Definition. Of every episode the outcome class and, where the file names one, the actor that blocked are
forecast, and scored apart (:mod:`sim.beliefs.scoring`). The model forecasts with

    the files' own values      as they stand, which were set with the record in view
    fitted to the others       the shared assumed weights drawn over their ranges, each draw weighted by how
                               likely it makes the record of all other episodes
    weights drawn, unfitted    the same without weighting
    weights and states drawn   every number of the episode drawn over its range

Beside it stand *always no*, the frequencies of labels among the other episodes (with one of each added), and
the two-line rule on coded states (:mod:`sim.backcasting.coded_rule`). A draw names a blocker where lifting
what that actor needs makes a treaty feasible; one of ``m`` such actors has the share ``1/m``, and where
there is none every actor has the same. The record supports a claim beyond a forecaster where the fitted
model's mean advantage in bits is more than twice its standard error over episodes. Leaving an episode out
refits weights only: how states are coded and which terms there are is taken as given. What that may hide
shows in the two forecasters that had the record in view: the files' own values, and the rule that saw every
episode.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.backcasting.two_codings import Agreement
from sim.beliefs.scoring import Score, better_by

OWN, FITTED = "the files' own values", "fitted to the others"
UNFITTED, ALL_DRAWN = "weights drawn, unfitted", "weights and states drawn"
ALWAYS_NO, FREQUENCIES = "always no", "frequencies of labels"
ALIKE, RULE = "every actor alike", "two-line rule on coded states"
SEEN_RULE = "two-line rule, having seen all"
BASELINES = (ALWAYS_NO, FREQUENCIES, ALIKE, RULE)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scores:
    """The scores of a family of episodes.

    Parameters
    ----------
    episodes, error
        Names, and the error rate of all forecasts by rules and draws.
    tables
        Per question (``class``, ``blocker``) the scores of every forecaster, the model first.
    weights, states, dummies
        How many weights are free, how many coded states differ between episodes, and how many of those
        differ in one episode only.
    bits
        How far the record of all episodes moves the weights: their divergence from equal ones.
    effective, draws
        The smallest effective number of draws of a leave-one-out fit, and how many there are.
    coded_twice
        How far a second coding of the states agrees, where there is one.
    """

    episodes: tuple[str, ...]
    error: float
    tables: Mapping[str, tuple[Score, ...]]
    weights: int
    states: int
    dummies: int
    bits: float
    effective: float
    draws: int
    coded_twice: Agreement | None = None

    def best_baseline(self, question: str) -> tuple[Score, float, float]:
        """The best forecaster without a model, and the fitted model's advantage over it, with its error."""
        table = self.tables[question]
        (fitted,) = (s for s in table if s.name == FITTED)
        best = min((s for s in table if s.name in BASELINES), key=lambda s: s.log_score)
        return (best, *better_by(fitted, best))

    def in_view(self, question: str) -> tuple[float, float]:
        """Bits per episode with the record in view: of the files' own values, and of a two-line rule."""
        found = {s.name: s.log_score for s in self.tables[question]}
        return found[OWN], found[SEEN_RULE]

    def supports(self, question: str) -> bool:
        """Whether the record supports a claim beyond the best forecaster without a model."""
        _, gain, error = self.best_baseline(question)
        return gain > 2 * error

    def to_dict(self) -> dict[str, Any]:
        """The scores as plain data."""
        return {
            "episodes": list(self.episodes),
            "error_rate": self.error,
            "weights": self.weights,
            "states": self.states,
            "dummies": self.dummies,
            "bits": self.bits,
            "effective_draws": self.effective,
            "draws": self.draws,
            "scores": {
                question: {s.name: {"log": s.log_score, "brier": s.brier_score} for s in table}
                for question, table in self.tables.items()
            },
            "supported": {question: self.supports(question) for question in self.tables},
            "coded_twice": None if self.coded_twice is None else self.coded_twice.to_dict(),
        }

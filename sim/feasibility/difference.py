"""Why the verdict and the prediction differ, in one sentence.

They can: the ladder asks whether some treaty is acceptable, kept and allowed; the game whether anybody
brings it about. And a game plays only the conditions that it has moves for or requires.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.feasibility.ladder import Ladder
from sim.feasibility.prediction import Prediction
from sim.games.outcomes import outcomes_of
from sim.games.stages import StageGame
from sim.payoffs import Batch
from sim.rules.ladder import RUNG_OF, RUNGS


def difference(game: StageGame, batch: Batch, ladder: Ladder, prediction: Prediction) -> str:
    """Why one of the two ends in a treaty and the other does not, at one point; empty where they agree."""
    feasible, treaty = bool(ladder.margin[0] >= 0), bool(prediction.treaty[0])
    if feasible == treaty or prediction.agreement[0] < 0 or not np.isfinite(ladder.margin[0]):
        return ""
    reader = _Reader(game, batch, ladder, prediction)
    reasons = reader.why_not_predicted() if feasible else reader.why_predicted()
    return next(reasons)


class _Reader:
    """One point of a game, its best treaty and what it predicts."""

    def __init__(
        self, game: StageGame, batch: Batch, ladder: Ladder, prediction: Prediction
    ) -> None:
        self.game, self.batch, self.ladder, self.prediction = game, batch, ladder, prediction
        self.agreement, self.profile = int(ladder.agreement[0]), int(ladder.profile[0])
        self.label = game.dispute.space.label(self.agreement)
        self.outcomes = outcomes_of(game, batch)
        cell = self.agreement * game.dispute.shape[1] + self.profile
        cells = game.dispute.shape[0] * game.dispute.shape[1]
        self.kept = {actor: float(v[cell, 0]) for actor, v in self.outcomes.payoffs.items()}
        self.broken = dict(self.kept)
        if game.reneging:
            self.broken = {a: float(v[cells + cell, 0]) for a, v in self.outcomes.payoffs.items()}

    def base(self, actor: str) -> float:
        """What a principal has under the status quo that the ladder measures against."""
        value = self.batch.payoff(actor)[0, :, 0]
        return float(value[min(int(self.ladder.against[actor][0]), len(value) - 1)])

    def why_not_predicted(self) -> Iterator[str]:
        """Reasons why the best treaty is not what the game leads to, the most telling first."""
        game, found = self.game, self.prediction
        breaking = [
            axis.actor
            for axis in game.axes
            if axis.kind == "implement" and self.broken[axis.actor] > self.kept[axis.actor]
        ]
        ends = game.dispute.space.label(int(found.agreement[0]))
        if breaking:
            victims = [a for a in self.answering() if self.broken[a] < self.base(a)]
            then = f", so {' and '.join(victims)} would not accept it" if victims else ""
            yield f"{' and '.join(breaking)} would renege on {self.label}{then}"
        proposers = [axis for axis in game.axes if axis.kind in ("offer", "demand")]
        if all(self.agreement not in axis.options for axis in proposers):
            yield f"nobody may offer {self.label}"
        if (
            float(
                self.outcomes.ratification[self.agreement * game.dispute.shape[1] + self.profile, 0]
            )
            == 0
        ):
            yield f"{self.label} would not come into force"
        better = [
            axis.actor
            for axis in proposers
            if axis.kind == "offer" and float(found.payoffs[axis.actor][0]) > self.kept[axis.actor]
        ]
        if better and found.agreement[0] != self.agreement:
            yield f"{better[0]} makes the offer and prefers {ends}"
        worse = [a for a in self.answering() if self.kept[a] <= self.base(a)]
        if worse:
            yield f"{worse[0]} gains nothing by {self.label} and does not go along"
        yield (
            f"in the order of its moves the best replies end in {ends}, which nobody involved can "
            "turn alone into a treaty"
        )

    def answering(self) -> list[str]:
        """Principals who must say yes."""
        kinds = ("reply", "demand")
        return list(dict.fromkeys(x.actor for x in self.game.axes if x.kind in kinds))

    def why_predicted(self) -> Iterator[str]:
        """Reasons why the game leads to a treaty that the ladder does not let through."""
        game, rung = self.game, min(int(self.ladder.rung[0]), len(RUNGS) - 1)
        name = RUNGS[rung]
        condition = next((c for c, k in RUNG_OF.items() if k == rung), None)
        if condition is not None and condition not in game.enforced:
            if any(axis.kind == "implement" for axis in game.axes) and condition == "enforcement":
                yield (
                    f"the game plays '{name}' by a move, at which nobody gains by reneging, and not by the "
                    "constraints of the file"
                )
            if condition == "home" and game.noise is not None:
                yield f"in the game '{name}' is a matter of chance"
            yield f"the game does not play '{name}'"
        yield (
            "the game lets a third party take its stance between moves of the principals, so that they "
            "compare the treaty with different answers"
        )

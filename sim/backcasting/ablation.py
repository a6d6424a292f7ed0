"""Which parts of a model its record supports: every payoff term and constraint dropped in turn.

Definition. A part is dropped from all episodes at once; all else stays, drawn as before: the shared assumed
weights over their ranges, unfitted, the same draws for every part. How the classes of the episodes are then
forecast is scored with an honest chance of error (:mod:`sim.beliefs.scoring`). The record *supports* a part
where dropping it costs more bits an episode than twice the standard error of that over the episodes; it is
*against* a part where dropping it gains as much. What the part does to futures stands beside it: the share of
the draws in which a treaty is feasible.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import PurePath
from typing import Any

import numpy as np

from sim._kernels.percent import percent
from sim._kernels.shown import Heading, Part, Shown, Table
from sim._kernels.tolerance import FloatArray
from sim.backcasting.calibrate import shared_assumed
from sim.backcasting.forecasters import questions
from sim.backcasting.sampling import answers, sample
from sim.beliefs.scoring import ERROR, Score, better_by, honest, score
from sim.errors import SimError, UsageError
from sim.feasibility import evaluate_all, prepare
from sim.scenario import Scenario

SECTIONS = ("payoffs", "domestic", "abroad")
POINTS = 64
"""Draws of the weights by default: every part costs so many answers for every episode and future."""
FEWEST = 2
"""Fewest episodes over which a cost has a standard error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """What dropping one part does.

    Parameters
    ----------
    part
        Its path in the file.
    cost, error
        By how many bits an episode the classes are forecast worse, and the standard error of that.
    changed
        Episodes whose class is another one at the files' own values.
    futures
        Per future the share of draws in which a treaty is feasible.
    note
        Why nothing can be said, where the model has no answer without it.
    """

    part: str
    cost: float | None = None
    error: float | None = None
    changed: tuple[str, ...] = ()
    futures: Mapping[str, float] | None = None
    note: str = ""

    @property
    def supported(self) -> bool:
        """Whether the record supports the part."""
        return self.cost is not None and self.error is not None and self.cost > 2 * self.error

    @property
    def opposed(self) -> bool:
        """Whether the record is against the part."""
        return self.cost is not None and self.error is not None and self.cost < -2 * self.error


@dataclass(frozen=True, slots=True, kw_only=True)
class Ablation(Shown):
    """What dropping every part of a model in turn does.

    Parameters
    ----------
    episodes
        Names.
    bits
        The log score of the whole model per episode, unfitted.
    futures
        With the whole model, per future the share of draws in which a treaty is feasible.
    dropped
        One per part, those first that cost most.
    points, seed
        Of the draws.
    """

    episodes: tuple[str, ...]
    bits: float
    futures: Mapping[str, float]
    dropped: tuple[Dropped, ...]
    points: int
    seed: int

    def __repr__(self) -> str:
        return f"<Ablation of {len(self.dropped)} parts on {len(self.episodes)} episodes>"

    def parts(self) -> Iterator[Part]:
        """A row per part, and how many of them the record supports."""
        named = [one for one in self.dropped if one.supported]
        against = [one for one in self.dropped if one.opposed]
        silent = sum(not one.changed for one in self.dropped)
        yield Heading(
            f"The record of {len(self.episodes)} episodes supports {len(named)} of {len(self.dropped)} parts"
        )
        yield (
            f"{len(against)} it is against; {silent} can be dropped singly without another class at the "
            f"files' own values. With all parts: {self.bits:.2f} bits an episode, {self.points} draws"
        )
        yield Table(
            (
                "without",
                "bits an episode|r",
                "other classes",
                *(f"{name}|r" for name in self.futures),
            ),
            [("nothing", "", "", *(percent(x) for x in self.futures.values())), *self._rows()],
        )
        yield "bits: by how much the classes are then forecast worse; * more than twice its error"
        yield "futures: in what share of the draws a treaty is then feasible"

    def _rows(self) -> Iterator[tuple[str, ...]]:
        for one in self.dropped:
            shares = one.futures or {}
            cost = one.note if one.cost is None else f"{one.cost:+.2f} ± {one.error:.2f}"
            word = " *" if one.supported else " -" if one.opposed else ""
            cells = (percent(shares[name]) if name in shares else "" for name in self.futures)
            yield (one.part, cost + word, ", ".join(map(_short, one.changed)), *cells)

    def to_dict(self) -> dict[str, Any]:
        """The ablation as plain data."""
        dropped = [
            {**asdict(one), "supported": one.supported, "opposed": one.opposed}
            for one in self.dropped
        ]
        return {
            "episodes": list(self.episodes),
            "points": self.points,
            "seed": self.seed,
            "bits": self.bits,
            "futures": dict(self.futures),
            "dropped": dropped,
        }


def _short(name: str) -> str:
    """A file's name without its folder and ending."""
    return PurePath(name).stem


def ablate(
    episodes: Mapping[str, Scenario],
    futures: Mapping[str, Scenario],
    *,
    points: int = POINTS,
    seed: int = 0,
    error: float = ERROR,
) -> Ablation:
    """Drop every payoff term and constraint of a model in turn.

    Parameters
    ----------
    episodes
        Of one dispute by name, each with an observed outcome.
    futures
        Disputes of the same structure without one.
    points, seed
        Of the draws of the shared assumed weights.
    error
        How often an outcome is recorded as another one.

    Raises
    ------
    UsageError
        If there are fewer than two episodes, or they share no assumed weight.
    """
    if len(episodes) < FEWEST:
        raise UsageError("parts are dropped to see what a record says: two episodes are needed")
    paths = shared_assumed(episodes)
    if not paths:
        raise UsageError("the episodes share no assumed parameter with a range")
    first = next(iter(episodes.values()))
    drawn = (paths, sample(first, paths, points, seed))
    whole, classes, shares = _said(episodes, futures, drawn, error)
    dropped = []
    for path in parts_of(first):
        rest = {name: without(s, path) for name, s in episodes.items()}
        later = {name: without(s, path) for name, s in futures.items()}
        try:
            found, others, left = _said(rest, later, drawn, error)
        except SimError as problem:
            dropped.append(Dropped(part=path, note=str(problem)))
            continue
        cost, spread = better_by(whole, found)
        other = tuple(n for n, a, b in zip(episodes, classes, others, strict=True) if a != b)
        dropped.append(Dropped(part=path, cost=cost, error=spread, changed=other, futures=left))
    return Ablation(
        episodes=tuple(episodes),
        bits=whole.log_score,
        futures=shares,
        dropped=tuple(sorted(dropped, key=lambda one: -(one.cost or 0.0))),
        points=points,
        seed=seed,
    )


def _said(
    episodes: Mapping[str, Scenario],
    futures: Mapping[str, Scenario],
    drawn: tuple[Sequence[str], FloatArray],
    error: float,
) -> tuple[Score, list[str], dict[str, float]]:
    """The score of the classes, the classes at the files' own values, and the shares of futures."""
    paths, theta = drawn
    found = [answers(s, paths, theta) for s in episodes.values()]
    asked = questions(episodes, [part.actors for part in found])[0]
    names = [s.document.classes for s in episodes.values()]
    shares = [asked.shares(a, c).mean(axis=0) for a, c in zip(found, names, strict=True)]
    own = [answers(s, (), theta[:0, :1]).outcome_class[0] for s in episodes.values()]
    later = {
        name: float((evaluate_all(prepare(s, paths), theta).ladder.margin > 0).mean())
        for name, s in futures.items()
    }
    scored = score("draws", honest(np.array(shares), error), asked.happened)
    return scored, [c[int(k)] for c, k in zip(names, own, strict=True)], later


def parts_of(scenario: Scenario) -> tuple[str, ...]:
    """Every payoff term and constraint of a dispute, by its path.

    Examples
    --------
    >>> import sim
    >>> [path for path in parts_of(sim.load("kuril/2018")) if path.startswith("abroad")]
    ['abroad.washington.bases', 'abroad.washington.relief', 'abroad.moscow.waiting']
    """
    return tuple(
        f"{section}.{actor}.{name}"
        for section in SECTIONS
        for actor, named in getattr(scenario.document, section).items()
        for name in named
    )


def without(scenario: Scenario, path: str) -> Scenario:
    """The scenario without one payoff term or constraint."""
    section, actor, name = path.split(".", 2)
    actors = dict(getattr(scenario.document, section))
    actors[actor] = {k: x for k, x in actors[actor].items() if k != name}
    return replace(scenario, document=scenario.document.model_copy(update={section: actors}))


def futures_of(
    scenarios: Mapping[str, Scenario], episodes: Mapping[str, Scenario]
) -> dict[str, Scenario]:
    """Disputes of the episodes' structure that say nothing of what happened, and that none extends."""
    structure = set(parts_of(next(iter(episodes.values()))))
    pairs = [(place, s.origin) for s in scenarios.values() for place, _, _ in s.places.values()]
    extended = {place for place, origin in pairs if place != origin}
    return {
        name: s
        for name, s in scenarios.items()
        if s.document.observed is None
        and s.document.dynamics is None
        and s.document.form == "dispute"
        and not s.document.private
        and s.origin not in extended
        and set(parts_of(s)) == structure
    }

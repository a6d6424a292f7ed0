"""What the model and those who know none say of the episodes of one dispute, and how it is scored.

Definitions are those of :mod:`sim.backcasting.scores`. The weight of a draw is the product, over episodes, of
the honest chances (:mod:`sim.beliefs.scoring`) of the class and of the actor that were recorded.

Array convention. Shares have shape ``(episodes, labels)`` or, of every draw, ``(episodes, points, labels)``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray
from sim.backcasting.calibrate import shared_assumed
from sim.backcasting.coded_rule import coded_rule
from sim.backcasting.sampling import Answers, Shared, drawn, own_answer
from sim.backcasting.scores import (
    ALIKE,
    ALL_DRAWN,
    ALWAYS_NO,
    FITTED,
    FREQUENCIES,
    OWN,
    RULE,
    SEEN_RULE,
    UNFITTED,
    Scores,
)
from sim.beliefs.scoring import ERROR, Score, honest, score
from sim.beliefs.weighted_draws import moved_by, normalised
from sim.scenario import NO_OUTCOME, Scenario

FEWEST = 3
"""Fewest episodes from which another one is forecast."""


class Question(NamedTuple):
    """What is forecast: its name, its labels, and the index of what happened per episode, -1 if unknown."""

    name: str
    labels: tuple[str, ...]
    happened: IntArray

    def shares(self, found: Answers, classes: Sequence[str]) -> FloatArray:
        """What the answers at some points say, ``(points, labels)``; where they say nothing, all alike."""
        if self.name == "class":
            rows = [found.outcome_class == list(classes).index(label) for label in self.labels]
        else:
            none = np.zeros(found.single.shape[1], dtype=np.bool_)
            where = {actor: k for k, actor in enumerate(found.actors)}
            rows = [found.single[where[a]] if a in where else none for a in self.labels]
        table = np.array(rows, dtype=np.float64)
        table[:, table.sum(axis=0) == 0] = 1.0
        return np.asarray((table / table.sum(axis=0)).T)


def scores(
    episodes: Mapping[str, Scenario], *, points: int, seed: int, error: float = ERROR
) -> Scores | None:
    """The scores of the episodes of one dispute; ``None`` where they share no weight or are fewer than three.

    Parameters
    ----------
    episodes
        By name, each with an observed outcome.
    points, seed
        Of the samples of the parameters.
    error
        The error rate.
    """
    paths = shared_assumed(episodes) if len(episodes) >= FEWEST else ()
    if not paths:
        return None
    found = _found(episodes, paths, points, seed)
    asked = questions(episodes, [part.actors for part in found[UNFITTED]])
    classes = [s.document.classes for s in episodes.values()]
    said = {
        (name, question.name): np.stack(
            [question.shares(a, c) for a, c in zip(parts, classes, strict=True)]
        )
        for name, parts in found.items()
        for question in asked
    }
    chance = np.stack([_chance(said[UNFITTED, q.name], q.happened, error) for q in asked]).prod(
        axis=0
    )
    fits = np.stack([weights(np.delete(chance, k, axis=0)) for k in range(len(episodes))])
    states = coded_states(episodes, paths)
    tables = {
        q.name: tuple(
            _table(
                {name: part for (name, of), part in said.items() if of == q.name},
                fits,
                states,
                q,
                error,
            )
        )
        for q in asked
    }
    return Scores(
        episodes=tuple(episodes),
        error=error,
        tables=tables,
        weights=len(paths),
        states=len(states),
        dummies=sum(_is_dummy(row) for row in states),
        bits=moved_by(weights(chance)),
        effective=float((1 / (fits**2).sum(axis=1)).min()),
        draws=points,
    )


def _found(
    episodes: Mapping[str, Scenario], paths: tuple[str, ...], points: int, seed: int
) -> dict[str, list[Answers]]:
    """What the model says of every episode: at the files' own values, and with more and more drawn."""
    every, some = episodes.values(), np.arange(1, points + 1)
    shared = Shared(tuple(every), paths)
    found = [drawn(s, shared, points, seed) for s in every]
    return {
        OWN: [own_answer(s) for s in every],
        UNFITTED: [one.shared.at(some) for one in found],
        ALL_DRAWN: [one.every for one in found],
    }


def questions(
    episodes: Mapping[str, Scenario], whose: Sequence[Sequence[str]]
) -> tuple[Question, ...]:
    """What is forecast of some episodes: the class, and who blocked where that is recorded of several.

    ``whose`` are the actors that may block in each of them.
    """
    observed = [s.document.observed for s in episodes.values()]
    classes = tuple(dict.fromkeys(c for s in episodes.values() for c in s.document.classes))
    actors = tuple(dict.fromkeys(actor for part in whose for actor in part))
    outcome = [classes.index(o.outcome) if o else -1 for o in observed]
    binding = [actors.index(o.binding) if o and o.binding in actors else -1 for o in observed]
    asked = [Question("class", classes, np.array(outcome))]
    if sum(k >= 0 for k in binding) >= FEWEST:
        asked.append(Question("blocker", actors, np.array(binding)))
    return tuple(asked)


def _chance(shares: FloatArray, happened: IntArray, error: float) -> FloatArray:
    """How likely each draw makes what is recorded of each episode, ``(episodes, points)``."""
    p = honest(shares, error)
    known = np.take_along_axis(p, np.maximum(happened, 0)[:, None, None], axis=2)[..., 0]
    return np.where((happened >= 0)[:, None], known, 1.0)


def weights(chance: FloatArray) -> FloatArray:
    """Weights of draws from how likely each makes some records, ``(records, points)``.

    Examples
    --------
    >>> weights(np.array([[0.8, 0.2], [0.8, 0.2]])).round(3)
    array([0.941, 0.059])
    """
    return normalised(np.log(chance).sum(axis=0))


def coded_states(episodes: Mapping[str, Scenario], shared: Sequence[str]) -> FloatArray:
    """Parameters other than the shared weights that differ between episodes, ``(states, episodes)``."""
    first, *rest = (s.values for s in episodes.values())
    paths = [p for p in first if p not in shared and all(p in other for other in rest)]
    table = np.array([[s.values[p] for s in episodes.values()] for p in paths])
    table = table.reshape(len(paths), len(episodes))
    return np.asarray(table[(table != table[:, :1]).any(axis=1)])


def _is_dummy(values: FloatArray) -> bool:
    """Whether all episodes but one have the same value of a state."""
    _, counts = np.unique(values, return_counts=True)
    return len(counts) == 2 and int(counts.min()) == 1


def _table(
    said: Mapping[str, FloatArray],
    fits: FloatArray,
    states: FloatArray,
    question: Question,
    error: float,
) -> Iterator[Score]:
    """The scores of every forecaster, the model first."""
    labels, happened = question.labels, question.happened
    model = {
        OWN: said[OWN].mean(axis=1),
        FITTED: np.einsum("ep,epk->ek", fits, said[UNFITTED]),
        UNFITTED: said[UNFITTED].mean(axis=1),
        ALL_DRAWN: said[ALL_DRAWN].mean(axis=1),
    }
    for name, shares in model.items():
        yield score(name, honest(shares, error), happened)
    if question.name == "class":
        no = np.array([label == NO_OUTCOME for label in labels], dtype=np.float64)
        yield score(ALWAYS_NO, honest(np.tile(no, (len(happened), 1)), error), happened)
    else:
        yield score(ALIKE, np.full((len(happened), len(labels)), 1 / len(labels)), happened)
    yield score(FREQUENCIES, frequencies(happened, len(labels)), happened)
    for name, seen in ((RULE, False), (SEEN_RULE, True)):
        rule = coded_rule(states, happened, len(labels), seen=seen)
        yield score(name, honest(rule, error), happened)


def frequencies(happened: IntArray, labels: int) -> FloatArray:
    """Per episode the frequencies of labels among the others, one of each added.

    Examples
    --------
    >>> frequencies(np.array([0, 0, 1]), 2).round(2)
    array([[0.5 , 0.5 ],
           [0.5 , 0.5 ],
           [0.75, 0.25]])
    """
    hit = (happened[:, None] == np.arange(labels)).astype(np.float64)
    counts = hit.sum(axis=0) - hit + 1
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))

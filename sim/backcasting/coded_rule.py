"""The two-line rule: a decision tree of depth two on the coded states.

Definition. A question asks whether a state is above the midpoint of two values that it takes. A rule asks
one question, and another one in each of the two cases; each end says the label that most of its episodes
have. The rules with the fewest errors on all episodes but one count alike, whatever they ask, and together
say of that one how likely each label is. No model of the dispute is in it: what it scores, anybody could.

Array convention. ``states`` has shape ``(states, episodes)``; shares have shape ``(episodes, labels)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray

CHUNK = 256
"""First questions that are set beside all second ones at a time."""


def coded_rule(
    states: FloatArray, happened: IntArray, labels: int, *, seen: bool = False
) -> FloatArray:
    """Shares of labels per episode by the best rules on all others, or on all, itself ``seen`` too.

    Examples
    --------
    >>> states = np.array([[0.0, 0, 0, 1, 1, 1]])
    >>> coded_rule(states, np.array([0, 0, 0, 1, 1, 1]), 2)[[0, 5]]
    array([[1., 0.],
           [0., 1.]])
    """
    out = np.zeros((len(happened), labels))
    for k in range(len(happened)):
        rest = np.flatnonzero((seen | (np.arange(len(happened)) != k)) & (happened >= 0))
        asked, new = questions(states[:, rest], states[:, k])
        out[k] = _two_steps(asked, new, np.eye(labels)[happened[rest]])
    return out


def questions(states: FloatArray, new: FloatArray) -> tuple[BoolArray, BoolArray]:
    """Answers to all questions, ``(questions, episodes)``, and for a new episode; one asks nothing."""
    rows = [np.zeros(states.shape[1], dtype=np.bool_)]
    asked = [False]
    for values, own in zip(states, new, strict=True):
        levels = np.unique(values)
        for bar in (levels[1:] + levels[:-1]) / 2:
            rows.append(values > bar)
            asked.append(bool(own > bar))
    return np.array(rows), np.array(asked)


def _two_steps(asked: BoolArray, new: BoolArray, happened: FloatArray) -> FloatArray:
    """What the best rules say of a new episode; ``happened`` has shape ``(episodes, labels)``."""
    errors = np.concatenate(
        [_errors(asked[k : k + CHUNK], asked, happened) for k in range(0, len(asked), CHUNK)]
    )
    good = np.flatnonzero(np.isclose(errors, errors.min()))
    said = [_one_step(asked, new, happened, asked[k] == new[k]) for k in good]
    return np.asarray(np.mean(said, axis=0))


def _errors(first: BoolArray, asked: BoolArray, happened: FloatArray) -> FloatArray:
    """Errors of the best second questions after each of some first ones, shape ``(first,)``."""
    second, lost = asked.astype(np.float64), np.zeros(len(first))
    for side in (False, True):
        here = (first == side).astype(np.float64)
        yes = np.stack([(here * own) @ second.T for own in happened.T])
        no = (here @ happened).T[:, :, None] - yes
        errors = here.sum(axis=1)[:, None] - yes.max(axis=0) - no.max(axis=0)
        lost += errors.min(axis=1)
    return lost


def _one_step(
    asked: BoolArray, new: BoolArray, happened: FloatArray, here: BoolArray
) -> FloatArray:
    """What the best second questions say of the new episode among those answered like it."""
    if not here.any():
        return np.asarray(happened.mean(axis=0))
    around = happened[here].sum(axis=0)
    yes = asked[:, here].astype(float) @ happened[here]
    no = around - yes
    errors = here.sum() - yes.max(axis=1) - no.max(axis=1)
    ends = np.where(new[:, None], yes, no)[np.isclose(errors, errors.min())]
    return np.asarray(_majorities(ends, around).mean(axis=0))


def _majorities(ends: FloatArray, around: FloatArray) -> FloatArray:
    """Per end the labels that most of its episodes have; an empty end is as those around it."""
    counts = np.where(ends.any(axis=1, keepdims=True), ends, around)
    most = counts == counts.max(axis=1, keepdims=True)
    return np.asarray(most / most.sum(axis=1, keepdims=True))

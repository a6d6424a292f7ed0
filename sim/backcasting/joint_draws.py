"""Joint draws of what a record leaves open: the weights that its episodes share, and how each is coded.

Definition. A point of the unit cube gives a value to every shared assumed weight, by its declared law and
with the declared correlations, and, episode by episode, to every state that the episode's file codes for
itself: over the range that the file gives for it, by its law; among levels as it is coded, or with a declared
chance as a neighbouring level, each as likely. Sobol points make draws from the prior; any point may be asked
for.

Array convention. Points have shape ``(dimensions, draws)``; values ``(parameters, draws)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.backcasting.calibrate import shared_assumed
from sim.errors import UsageError
from sim.scenario import Scenario
from sim.scenario.structural import structural_parameters
from sim.sweeps.designs.laws import EDGE, Law, law_of, transform
from sim.sweeps.designs.sample import sample
from sim.sweeps.designs.sobol import sobol

CODING = 0.1
"""The chance that a state with levels should have been coded as a neighbouring one."""
Ranges = Mapping[str, Mapping[str, tuple[float, float]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class JointDraws:
    """What is drawn for the episodes of one record.

    Parameters
    ----------
    weights
        The shared assumed weights with their laws.
    correlation
        Pairs of weights with the correlation of their normal scores.
    states
        Per episode the states that its file codes for itself, with their laws.
    coding
        The chance of a neighbouring level.
    second
        Per episode the states that a second coder coded otherwise, from where to where.
    """

    weights: Mapping[str, Law]
    correlation: tuple[tuple[str, str, float], ...]
    states: Mapping[str, Mapping[str, Law]]
    coding: float
    second: Ranges = field(default_factory=dict)

    @property
    def dimensions(self) -> int:
        """Dimensions of the cube."""
        return len(self.weights) + sum(len(laws) for laws in self.states.values())

    def prior(self, start: int, stop: int, *, size: int, seed: int) -> FloatArray:
        """Points of the cube that are drawn from the prior, by their index."""
        return sobol(self.dimensions, size, seed, start, stop)

    def values(self, u: FloatArray) -> tuple[FloatArray, dict[str, FloatArray]]:
        """The weights at some points, ``(weights, draws)``, and the states of each episode."""
        count = len(self.weights)
        theta, out = transform(u[:count], self.weights, self.correlation), {}
        for episode, laws in self.states.items():
            rows = u[count : count + len(laws)]
            other = self.second.get(episode, {})
            drawn = [
                _twice(law, x, self.coding, other.get(path))
                for (path, law), x in zip(laws.items(), rows, strict=True)
            ]
            out[episode] = np.array(drawn).reshape(len(laws), u.shape[1])
            count += len(laws)
        return theta, out


def joint_draws(
    episodes: Mapping[str, Scenario],
    *,
    states: bool = True,
    coding: float = CODING,
    second: Ranges | None = None,
) -> JointDraws:
    """What is drawn for some episodes.

    Parameters
    ----------
    episodes
        Of one dispute by name.
    states
        Whether how episodes are coded is drawn too, or taken as given.
    coding
        The chance of a neighbouring level.
    second
        Per episode the states that a second coder coded otherwise, from where to where.

    Raises
    ------
    UsageError
        If the episodes share no assumed weight, or the chance is not within [0, 1).
    """
    if not 0 <= coding < 1:
        raise UsageError(f"coding error {coding}: a number from 0 to below 1 is needed")
    shared = shared_assumed(episodes) if episodes else ()
    if not shared:
        raise UsageError("the episodes share no assumed parameter with a range")
    first = next(iter(episodes.values()))
    twice: Ranges = (second or {}) if states else {}
    own = {
        name: own_states(s, shared, twice.get(name, ())) if states else ()
        for name, s in episodes.items()
    }
    declared = sample(first, "sobol", dict.fromkeys(shared), points=1)
    return JointDraws(
        weights=declared.laws,
        correlation=declared.correlation,
        states={name: {p: _law(episodes[name], p) for p in paths} for name, paths in own.items()},
        coding=coding,
        second=twice,
    )


def own_states(
    scenario: Scenario, shared: Sequence[str], twice: Iterable[str] = ()
) -> tuple[str, ...]:
    """Parameters with a range or levels that an episode's file gives for itself, and those coded twice."""
    own = [p for p in scenario.movable() if p in scenario.own and p not in shared]
    fixed = structural_parameters(scenario.document)
    return tuple(dict.fromkeys([*own, *(p for p in twice if p not in fixed and p not in shared)]))


def _law(scenario: Scenario, path: str) -> Law:
    """How a state is drawn; one without a range is as it is."""
    record = scenario.document.parameters[path]
    return law_of(scenario, path, None if record.range or record.levels else [record.value] * 2)


def _twice(
    law: Law, u: FloatArray, coding: float, second: tuple[float, float] | None
) -> FloatArray:
    """A coded state at some points, half of them by a second coding where there is one."""
    if second is None:
        return _state(law, u, coding)
    low, high = second
    first = _state(law, (2 * u).clip(0, 1 - EDGE), coding)
    return np.where(u < 1 / 2, first, low + (high - low) * (2 * u - 1))


def _state(law: Law, u: FloatArray, coding: float) -> FloatArray:
    """A coded state at some points."""
    if not law.levels:
        return law.quantile(u.clip(EDGE, 1 - EDGE))
    levels = np.array(law.levels)
    at = int(np.abs(levels - law.value).argmin())
    near = [k for k in (at - 1, at + 1) if 0 <= k < len(levels)]
    chosen = np.full(u.shape, at)
    for k, other in enumerate(near):
        low = coding * k / len(near)
        chosen[(u >= low) & (u < low + coding / len(near))] = other
    return np.asarray(levels[chosen])

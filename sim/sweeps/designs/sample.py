"""Random designs: points drawn from the parameters' distributions.

``SAMPLERS`` is the visible table: a sampler is one file with one function of the same name, which gives any
stretch of its points on the unit cube. It is imported when points are first drawn by it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from sim._kernels.tolerance import FloatArray
from sim.errors import UsageError, suggest
from sim.scenario import Scenario
from sim.sweeps.designs.base import MAX_POINTS, PROBES
from sim.sweeps.designs.laws import Correlation, Law, copula, law_of, transform

Sampler = Callable[[int, int, int, int, int], FloatArray]

SAMPLERS = ("sobol", "latin", "monte_carlo", "saltelli")


def sampler(kind: str) -> Sampler:
    """What draws the points of a design."""
    found: Sampler = getattr(import_module(f"{__package__}.{kind}"), kind)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A random design.

    Parameters
    ----------
    kind
        A name in ``SAMPLERS``.
    laws
        Per varied path how it is drawn.
    size, seed
        Number of points and seed: the same seed gives the same points, whoever computes them.
    correlation
        Pairs of paths with the correlation of their normal scores.
    """

    kind: str
    laws: Mapping[str, Law]
    size: int
    seed: int
    correlation: Correlation = ()

    @property
    def varied(self) -> tuple[str, ...]:
        """Paths of the varied parameters."""
        return tuple(self.laws)

    @property
    def shape(self) -> tuple[int, ...]:
        """``(size,)``."""
        return (self.size,)

    def points(self, start: int, stop: int) -> FloatArray:
        """The points with indices ``start`` to ``stop - 1``, shape ``(varied, stop - start)``."""
        u = sampler(self.kind)(len(self.laws), self.size, self.seed, start, stop)
        return transform(u, self.laws, self.correlation)

    def part(self, start: int, stop: int) -> Sample:
        """The design itself, which is small."""
        return self

    def probes(self) -> FloatArray:
        """The first points."""
        return self.points(0, min(self.size, PROBES))

    def to_dict(self) -> dict[str, Any]:
        """The design as plain data for a manifest."""
        return {
            "kind": self.kind,
            "points": self.size,
            "seed": self.seed,
            "parameters": {path: law.to_dict() for path, law in self.laws.items()},
            "correlation": [list(pair) for pair in self.correlation],
        }


def sample(
    scenario: Scenario,
    kind: str,
    vary: Mapping[str, Sequence[float] | FloatArray | None] | None = None,
    *,
    points: int,
    seed: int = 0,
    correlation: Mapping[tuple[str, str], float] | None = None,
) -> Sample:
    """A random design over some parameters of a scenario, checked.

    Parameters
    ----------
    scenario
        A dispute.
    kind
        A name in ``SAMPLERS``.
    vary
        Per path ``(lo, hi)``, drawn uniformly, an array of values, each as likely, or ``None``: drawn as the
        file declares. By default every parameter of the file that has a range.
    points, seed
        Number of points and seed. ``saltelli`` takes the largest multiple of ``parameters + 2``.
    correlation
        Per pair of paths the correlation of their normal scores, instead of what the file declares for
        the pair; 0 makes them independent.

    Raises
    ------
    UsageError
        If the request makes no sense.
    """
    if kind not in SAMPLERS:
        raise UsageError(f"unknown design '{kind}'{suggest(kind, ['grid', *SAMPLERS])}")
    laws = {path: law_of(scenario, path, b) for path, b in (vary or _ranged(scenario)).items()}
    pairs = _pairs(scenario, tuple(laws), correlation or {})
    size = points - points % (len(laws) + 2) if kind == "saltelli" else points
    if not 1 <= size <= MAX_POINTS:
        least = len(laws) + 2 if kind == "saltelli" else 1
        raise UsageError(
            f"{points:,} points make no '{kind}' design of {len(laws)} parameters: "
            f"from {least:,} to {MAX_POINTS:,} are needed"
        )
    if seed < 0:
        raise UsageError(f"seed {seed}: a number of at least 0 is needed")
    if pairs and kind == "saltelli":
        a, b, _ = pairs[0]
        raise UsageError(
            f"Sobol indices are defined for independent parameters, and '{a}' and '{b}' are correlated; "
            f"--correlate {a},{b}=0 draws them independently"
        )
    return Sample(kind=kind, laws=laws, size=size, seed=seed, correlation=pairs)


def _pairs(
    scenario: Scenario, varied: Sequence[str], given: Mapping[tuple[str, str], float]
) -> Correlation:
    """The correlations of varied parameters: those of the file, and what was given instead."""
    found = {
        record.between: record.value
        for record in scenario.document.correlations.values()
        if all(path in varied for path in record.between)
    }
    for (a, b), value in given.items():
        found.pop((b, a), None)
        found[a, b] = float(value)
    pairs = tuple((a, b, value) for (a, b), value in found.items())
    copula(varied, pairs)
    return tuple(pair for pair in pairs if pair[2])


def _ranged(scenario: Scenario) -> dict[str, None]:
    found = dict.fromkeys(scenario.movable())
    if not found:
        raise UsageError(f"{scenario.origin}: no parameter has a range; give --vary PATH=LO:HI")
    return found

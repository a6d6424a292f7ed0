"""Episodes that differ in numbers alone, answered together: one problem is compiled for all of them.

Definition. Scenarios are *alike* where they have the same agreements, formulas, constraints and game, and the
same parameters, whose values and ranges may differ; each is then a point of one dispute in which all that
differs is varied. Units ``K_i`` stay those of each scenario. The screen takes payoffs to be known up to what
the widest ranges among them leave, and the least units, so that it is sure of no point of which a scenario's
own screen would not be, but for payoffs that are nearer to each other than a billionth of what they are added
up from. Points of which it is not sure are answered by their own scenario's definitions.

Array convention. ``theta`` has shape ``(varied, batch)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, reduce

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.feasibility.blockers import Lifted, read_from
from sim.feasibility.evaluate import LANES, Evaluation, Problem, prepare, prepared, screened
from sim.scenario import Document, Scenario
from sim.scenario.structural import structural_parameters

NO_MODEL = ("title", "description", "source", "observed", "sign_tests", "labels", "sweeps")
DRAWN = ("parameters", "correlations", "dynamics", "options")
"""Sections of a file that no answer at a point follows from; parameters are looked at by themselves."""


def alike(scenarios: Sequence[Scenario]) -> list[list[Scenario]]:
    """Scenarios in groups that differ in numbers alone, none of which decides which agreements exist."""
    groups: list[list[Scenario]] = []
    for scenario in scenarios:
        mine = next((group for group in groups if _alike(group[0], scenario)), None)
        if mine is None:
            groups.append([scenario])
        else:
            mine.append(scenario)
    return groups


def _alike(first: Scenario, other: Scenario) -> bool:
    one, two = first.document, other.document
    fixed = structural_parameters(one)
    return (
        one.parameters.keys() == two.parameters.keys()
        and all(first.values[path] == other.values[path] for path in fixed)
        and all(getattr(one, name) == getattr(two, name) for name in _sections(one))
    )


def _sections(document: Document) -> list[str]:
    return [name for name in type(document).model_fields if name not in (*NO_MODEL, *DRAWN)]


class Family:
    """Some scenarios that are alike.

    Parameters
    ----------
    scenarios
        At least one.
    """

    def __init__(self, scenarios: Sequence[Scenario]) -> None:
        self.scenarios = tuple(scenarios)
        first, *rest = self.scenarios
        movable = frozenset[str]().union(*(s.movable() for s in self.scenarios))
        moved = {p for p in first.values if any(s.values[p] != first.values[p] for s in rest)}
        self.varied = tuple(p for p in first.values if p in movable | moved)

    @cached_property
    def problem(self) -> Problem:
        """All of them compiled as one, units in the last rows of ``theta``."""
        own = [prepared(s, ()) for s in self.scenarios]
        together = prepare(self.scenarios[0], self.varied)
        actors = list(together.dispute.scales)
        dispute = replace(
            together.dispute,
            scales={a: min(p.dispute.scales[a] for p in own) for a in actors},
            scale_rows={a: len(self.varied) + k for k, a in enumerate(actors)},
            magnitudes=_largest([p.dispute.magnitudes for p in own]),
        )
        game = together.game
        if game is not None:
            errors = _largest([p.game.reneging_error for p in own if p.game is not None])
            game = replace(game, dispute=dispute, reneging_error=errors)
        return Problem(dispute, game, together.rounds)

    def points(self, scenario: Scenario, paths: Sequence[str], theta: FloatArray) -> FloatArray:
        """Points of a scenario at which some parameters vary, as points of the family."""
        units = prepared(scenario, ()).dispute.scales
        own = [scenario.values[path] for path in self.varied] + [*units.values()]
        out = np.repeat(np.array(own)[:, None], theta.shape[1], axis=1)
        out[[self.varied.index(path) for path in paths]] = theta
        return out

    def answers(
        self, asked: Sequence[tuple[Scenario, FloatArray]]
    ) -> list[tuple[Evaluation, Lifted]]:
        """Ladder, prediction and what blocks at some points of each scenario."""
        theta = np.concatenate([points for _, points in asked], axis=1)
        whole = np.pad(theta, ((0, 0), (0, -theta.shape[1] % LANES)), mode="edge")
        values, sure = screened(self.problem, whole, "auto", self.problem.backends.telling)
        out, start = [], 0
        for scenario, points in asked:
            some = slice(start, start + points.shape[1])
            mine = {name: value[some] for name, value in values.items()}
            exact = self.problem if sure[some].all() else prepare(scenario, self.varied)
            out.append(read_from(self.problem, mine, sure[some], exact, points[: len(self.varied)]))
            start = some.stop
        return out

    def pays(self, points: int) -> bool:
        """Whether so many points of all scenarios are screened, and not left to the definitions."""
        return not self.problem.by_definition(2 * points)


def _largest(tables: Sequence[Mapping[str, FloatArray]]) -> dict[str, FloatArray]:
    return {name: reduce(np.maximum, [table[name] for table in tables]) for name in tables[0]}

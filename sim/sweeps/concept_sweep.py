"""Sweeps of a solution concept: its members at every point, in one table.

A row is one member at one point; a point without a member has one row whose ``member`` is 0. The columns
are those of the concept: ``plays.ACTOR.STRATEGY`` (a probability), ``payoff.ACTOR``, ``regret``,
``outcome``; before them the varied parameters. Classical files are swept so, and so are disputes where a
concept is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.shown import Part, Shown
from sim._kernels.tolerance import AnyArray
from sim.errors import NotDefinedError, TooLargeError, UsageError
from sim.payoffs.compiling import PRIVATE
from sim.scenario import Scenario, require_scenario
from sim.scenario.provenance import provenance
from sim.solutions import CONCEPTS, get, options_of
from sim.solutions.options import read_options
from sim.solving import default_concepts, fitting_concepts
from sim.sweeps import concept_parts
from sim.sweeps.concept_batches import Row
from sim.sweeps.concept_grid import ConceptGrid, grid_of
from sim.sweeps.concept_rows import rows_of
from sim.sweeps.designs import Design
from sim.sweeps.new_folder import new_folder
from sim.sweeps.plan import declared, make_design
from sim.sweeps.store import FORMAT, as_parquet, write_manifest, write_whole

if TYPE_CHECKING:
    import pandas as pd

CHUNK = 4096
"""Points that are solved at once."""
MOST_POINTS = 1_000_000
"""Points of a table that is held in memory."""
UNUSED = {
    "jobs": 1, "cluster": None, "resume": False, "dry_run": False, "engine": "auto", "workers": "auto",
    "reduce": "none", "x": None, "y": None, "cells": None, "beliefs": None, "columns": None,
}  # fmt: skip
"""Options that a sweep of a concept does not take, with their defaults."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ConceptRun(Shown):
    """What a concept says over a design.

    Parameters
    ----------
    concept, options
        What was asked at every point.
    scenario, design
        Of what, and where.
    columns
        One array per column, a row per member and point.
    """

    concept: str
    options: Mapping[str, Any]
    scenario: Scenario
    design: Design
    columns: Mapping[str, AnyArray]

    def to_frame(self) -> pd.DataFrame:
        """The rows as a table."""
        import pandas as pd

        return pd.DataFrame(dict(self.columns))

    def summary(self) -> dict[str, Any]:
        """Points, and at how many of them there are how many members; how often each outcome is one."""
        point, member = self.columns["point"], self.columns["member"]
        numbers = np.zeros(self.design.size, dtype=np.int64)
        np.maximum.at(numbers, point, member)
        failed = sum(str(s).startswith("failed") for s in self.columns["status"][member == 0])
        found: dict[str, Any] = {
            "points": self.design.size,
            "members": {str(k): int(n) for k, n in sorted(Counter(numbers.tolist()).items())},
        }
        if failed:
            found["failed"] = failed
        if "outcome" in self.columns:
            named = {(p, o) for p, o in zip(point, self.columns["outcome"], strict=True) if o}
            count = Counter(o for _, o in named)
            found["outcomes"] = {o: n / self.design.size for o, n in count.most_common()}
        return found

    def parts(self) -> Iterator[Part]:
        """What ``sim sweep`` prints of it."""
        return concept_parts.parts(self)

    def manifest(self, command: str = "") -> dict[str, Any]:
        """Everything that is needed to compute every row again, as plain data."""
        parameters = self.scenario.document.parameters
        varied = [path for path in self.design.varied if path in parameters]
        return {
            "format": FORMAT,
            "kind": "concept",
            **provenance(self.scenario, command),
            "concept": self.concept,
            "options": dict(self.options),
            "values": {path: self.scenario.values[path] for path in varied},
            "units": {path: parameters[path].unit for path in varied},
            "ranges": {path: list(r) for path in varied if (r := declared(parameters[path]))},
            "design": self.design.to_dict(),
            "points": self.design.size,
            "columns": list(self.columns),
        }

    def grid(self) -> ConceptGrid:
        """The members by point, as figures read a run.

        Raises
        ------
        UsageError
            If the points form no grid, or nearly every point has a label of its own.
        """
        return grid_of(self.manifest(), self.columns)

    def write(self, out: Path, command: str = "") -> None:
        """The table as ``members.parquet`` and what it was computed from as ``manifest.json``.

        Raises
        ------
        UsageError
            If the folder exists with something in it, or cannot be written: then nothing is left of it.
        """
        import pyarrow as pa

        with new_folder(out) as place:
            write_whole(place / "members.parquet", as_parquet(pa.table(dict(self.columns))))
            write_manifest(place, self.manifest(command))


def require_unused(given: Mapping[str, Any]) -> None:
    """Refuse what belongs to sweeps of the treaty ladder.

    Raises
    ------
    UsageError
        If one of the options given does not have the value that it has by default.
    """
    for name, unused in UNUSED.items():
        if given.get(name, unused) != unused:
            flag = "--" + name.replace("_", "-")
            raise UsageError(f"{flag} is for verdicts on disputes, not for a sweep of a concept")


def concept_design(scenario: Scenario, **asked: Any) -> Design:
    """The points of a sweep of a concept, by the keywords of :func:`sim.sweeps.make_design`.

    Raises
    ------
    UsageError
        If the scenario has no parameters, or the points make no design.
    """
    require_scenario(scenario, "sweep")
    if not scenario.document.parameters:
        raise UsageError(
            f"{scenario.origin} has no parameters to sweep: declare them under 'parameters' and use "
            "their names in payoffs"
        )
    return make_design(scenario, **asked)


def concept_sweep(
    scenario: Scenario, design: Design, concept: str | None = None, **options: Any
) -> ConceptRun:
    r"""The members of a concept at every point of a design.

    Parameters
    ----------
    scenario
        A classical file with parameters, or a dispute.
    design
        Which points (:func:`sim.sweeps.make_design`).
    concept
        A concept that takes a batch; the first usual one of the file's form where absent.
    options
        Of the concept.

    Raises
    ------
    SimError
        If the concept is unknown, takes no batch or is not defined on the form, an option is wrong, or
        there are too many points.

    Examples
    --------
    >>> import sim
    >>> from sim.sweeps import make_design
    >>> s = sim.loads("parameters: {c: 2}\nstrategic: {actors: {a: [x, y], b: [z]}, "
    ...               "payoffs: [[[1, 0]], [[c, 0]]]}")
    >>> run = concept_sweep(s, make_design(s, vary={"c": (0, 2, 3)}), "pure_nash")
    >>> run.columns["c"], run.columns["plays.a.y"]
    (array([0., 1., 1., 2.]), array([0., 0., 1., 1.]))
    """
    name = _swept(scenario, concept)
    asked = read_options(name, options_of(name), options)
    if design.size > MOST_POINTS:
        raise TooLargeError(
            f"{design.size:,} points, the limit of a sweep of a concept is {MOST_POINTS:,}"
        )
    rows: list[Row] = []
    for start in range(0, design.size, CHUNK):
        theta = design.points(start, min(start + CHUNK, design.size))
        for row in rows_of(scenario, name, design.varied, theta, asked):
            place = dict(zip(design.varied, theta[:, row["point"]].tolist(), strict=True))
            rows.append({**place, **row, "point": start + row["point"]})
    return ConceptRun(
        concept=name, options=asked, scenario=scenario, design=design, columns=_columns(rows)
    )


def _swept(scenario: Scenario, concept: str | None) -> str:
    """The concept to sweep, checked."""
    if scenario.document.private:
        raise NotDefinedError(f"{scenario.origin}: {PRIVATE}")
    fitting = [name for name in fitting_concepts(scenario) if CONCEPTS[name].batched]
    if concept is None:
        usual = [name for name in default_concepts(scenario) if name in fitting]
        return [*usual, *fitting][0]
    concept = CONCEPTS.asked(concept)
    get(concept)
    if concept not in fitting:
        why = "cannot be swept" if not CONCEPTS[concept].batched else "is not defined there"
        raise NotDefinedError(
            f"{concept} {why}; concepts that can be swept in {scenario.origin}: {', '.join(fitting)}"
        )
    return concept


def _columns(rows: list[Row]) -> dict[str, AnyArray]:
    """Rows as arrays: probabilities that are missing are 0 where there is a member, other numbers nan."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    order = sorted(names, key=lambda name: _place(name, names))
    return {name: _column(name, rows) for name in order}


def _place(name: str, names: list[str]) -> tuple[int, int, int]:
    """Where a column stands: parameters, what each actor plays, payoffs, the rest."""
    groups = ("plays.", "payoff.", "regret", "outcome", "status")
    group = next((k for k, start in enumerate(groups, start=1) if name.startswith(start)), 0)
    actors = [known.removeprefix("payoff.") for known in names if known.startswith("payoff.")]
    own = (k for k, actor in enumerate(actors) if name.startswith(f"plays.{actor}."))
    return group, next(own, 0), names.index(name)


def _column(name: str, rows: list[Row]) -> AnyArray:
    if name in ("outcome", "status"):
        return np.array([row.get(name, "") for row in rows], dtype=object)
    if name in ("point", "member"):
        return np.array([row[name] for row in rows], dtype=np.int64)
    if name.startswith("plays."):
        return np.array([row.get(name, 0.0 if row["member"] else np.nan) for row in rows])
    return np.array([row.get(name, np.nan) for row in rows], dtype=np.float64)

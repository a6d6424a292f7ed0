"""The scoreboard of a backcast: what the model says of disputes whose outcome is known.

A backcast is right when the predicted class is what was observed *and* lifting what the observed actor needs
would make a treaty feasible (:mod:`sim.feasibility.blockers`); it *singles out* that actor where lifting
what nobody else needs would. The lowest slack stands beside it. Where a treaty was signed, a backcast is
right when that treaty comes out best *or* is predicted (:mod:`sim.backcasting.sampling`). The scoreboard also
says how much rests on the exact numbers (robust share), whether counterfactuals move the right way, what two
naive forecasters would score, and what was predicted of each episode when the assumed numbers were fitted to
the others (leave-one-out). An answer that names the observed actor as one of ``m``
counts ``1/m`` in both shares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sim._kernels.shown import Part, Shown, as_text
from sim.backcasting.baselines import baselines
from sim.backcasting.calibrate import Calibration, calibrate, shared_assumed
from sim.backcasting.forecasters import scores
from sim.backcasting.row import Row, row_of
from sim.backcasting.sampling import Answers, Shared, drawn
from sim.backcasting.scores import Scores
from sim.backcasting.sealed import Registry
from sim.backcasting.shown import WIDTH, scoreboard_parts
from sim.backcasting.signs import SignResult, sign_tests
from sim.errors import SimError
from sim.scenario import Scenario

if TYPE_CHECKING:
    from sim.dynamics.record import Forecast

POINTS = 512
"""Points in the ranges of each episode, for robust shares."""
SEED = 20181114
"""Seed of these points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoreboard(Shown):
    """A whole backcast.

    Parameters
    ----------
    rows
        One per scenario with an observed outcome.
    skipped
        Scenarios without one.
    signs
        Sign tests of the skipped scenarios that state some.
    baselines
        Share of the rows whose class a naive forecaster gets right.
    leave_one_out
        Mean leave-one-out share per family of episodes.
    scores
        Per family of episodes what forecasts of its record score, beside those that know no model.
    forecasts
        Forecasts from the past by scenario, where they were asked for.
    unreadable
        What is wrong with files that were left out, by file.
    sealed
        The registry of episodes, where there is one.
    """

    rows: tuple[Row, ...]
    skipped: tuple[str, ...]
    signs: Mapping[str, tuple[SignResult, ...]]
    baselines: Mapping[str, float]
    leave_one_out: Mapping[str, float]
    scores: Mapping[str, Scores]
    forecasts: Mapping[str, Forecast] | None = None
    unreadable: Mapping[str, str] = field(default_factory=dict)
    sealed: Registry | None = None

    @property
    def failed(self) -> tuple[str, ...]:
        """Required scenarios that did not pass, and others with a sign test that did not."""
        rows = [row.name for row in self.rows if row.required and not row.passed]
        others = [name for name, signs in self.signs.items() if not all(s.passed for s in signs)]
        return (*rows, *others)

    @property
    def share_right(self) -> float:
        """Share of the rows that are right."""
        return sum(row.right for row in self.rows) / len(self.rows) if self.rows else 0.0

    def blockers_named(self) -> dict[str, int]:
        """Of the rows with an observed actor: how many, and which the model names, alone or by slack."""
        rows = [row for row in self.rows if row.observed_binding is not None]
        return {
            "observed": len(rows),
            "singled_out": sum(bool(row.singled) for row in rows),
            "lowest_slack": sum(row.binding == row.observed_binding for row in rows),
        }

    def __repr__(self) -> str:
        return f"<Scoreboard: {sum(row.right for row in self.rows)} of {len(self.rows)} right>"

    def __str__(self) -> str:
        return as_text(self.parts(), WIDTH)

    def parts(self) -> Iterator[Part]:
        """What ``sim backcast`` prints of it."""
        if self.rows:
            yield from scoreboard_parts(self)
        if self.forecasts:
            from sim.dynamics.backtest import as_table

            yield as_table(self.forecasts)
        if self.sealed is not None:
            yield from self.sealed.parts()

    def to_dict(self) -> dict[str, Any]:
        """The scoreboard as plain data for JSON."""
        forecasts = {}
        if self.forecasts is not None:
            from sim.dynamics.backtest import as_data

            forecasts = {"forecasts": as_data(self.forecasts)}
        return {
            "rows": [_row_dict(row) for row in self.rows],
            "skipped": list(self.skipped),
            "signs": {name: _signs(signs) for name, signs in self.signs.items()},
            "share_right": self.share_right,
            "blockers": self.blockers_named(),
            "baselines": dict(self.baselines),
            "leave_one_out": dict(self.leave_one_out),
            "scores": {family: found.to_dict() for family, found in self.scores.items()},
            "failed": list(self.failed),
            **forecasts,
            **({} if self.sealed is None else {"sealed": self.sealed.to_dict()}),
        }


def _row_dict(row: Row) -> dict[str, Any]:
    data = {name: getattr(row, name) for name in Row.__dataclass_fields__}
    return {**data, "passed": row.passed, "signs": _signs(row.signs)}


def _signs(signs: tuple[SignResult, ...]) -> list[dict[str, Any]]:
    return [{name: getattr(s, name) for name in SignResult.__dataclass_fields__} for s in signs]


def backcast(
    scenarios: Mapping[str, Scenario],
    *,
    families: Mapping[str, tuple[str, ...]] | None = None,
    points: int = POINTS,
    seed: int = SEED,
) -> Scoreboard:
    """Test the model against what happened.

    Parameters
    ----------
    scenarios
        By name; those without an observed outcome are skipped.
    families
        Names of scenarios of one payoff structure, for leave-one-out.
    points, seed
        Of the samples of the parameter ranges.
    """
    known = with_outcome(scenarios)
    present = {
        family: {name: known[name] for name in names if name in known}
        for family, names in (families or {}).items()
    }
    shared = {name: weights for members in present.values() for name, weights in _shared(members)}
    alone = [row_of(name, s, points, seed, shared.get(name)) for name, s in known.items()]
    fitted = _fitted(present, points, seed)
    left_out = {name: share for fit in fitted.values() for name, share in fit.left_out.items()}
    rows = tuple(replace(row, left_out=left_out.get(row.name)) for row in alone)
    skipped = tuple(name for name in scenarios if name not in known)
    return Scoreboard(
        rows=rows,
        skipped=skipped,
        signs=_skipped_signs({name: scenarios[name] for name in skipped}),
        baselines=baselines([row.observed for row in rows]),
        leave_one_out={family: fit.score for family, fit in fitted.items()},
        scores=_scores(present, points, seed),
    )


def with_outcome(scenarios: Mapping[str, Scenario]) -> dict[str, Scenario]:
    """Those disputes among some scenarios that say what was observed."""
    disputes = {name: s for name, s in scenarios.items() if s.document.form == "dispute"}
    return {name: s for name, s in disputes.items() if s.document.observed is not None}


def _skipped_signs(scenarios: Mapping[str, Scenario]) -> dict[str, tuple[SignResult, ...]]:
    """The sign tests of the scenarios that state some."""
    stated = {name: s.document.sign_tests for name, s in scenarios.items()}
    return {name: sign_tests(scenarios[name], tests) for name, tests in stated.items() if tests}


def _shared(members: Mapping[str, Scenario]) -> Iterator[tuple[str, Shared]]:
    """The weights that some episodes share, for each of them, where they share any."""
    if len(members) > 1 and (paths := shared_assumed(members)):
        shared = Shared(tuple(members.values()), paths)
        yield from ((name, shared) for name in members)


def _beside_all(scenario: Scenario, shared: Shared, points: int, seed: int) -> Answers:
    """The answers at shared weights, made in one pass with those at all ranges."""
    return drawn(scenario, shared, points, seed).shared


def _fitted(
    families: Mapping[str, Mapping[str, Scenario]], points: int, seed: int
) -> dict[str, Calibration]:
    out = {}
    for family, members in families.items():
        try:
            out[family] = calibrate(members, points=points, seed=seed, drawn=_beside_all)
        except SimError:
            continue
    return out


def _scores(
    families: Mapping[str, Mapping[str, Scenario]], points: int, seed: int
) -> dict[str, Scores]:
    found = {f: scores(members, points=points, seed=seed) for f, members in families.items()}
    return {family: score for family, score in found.items() if score is not None}

"""The chance of a treaty by year, over draws of everything that is uncertain.

Definition. For one draw of the parameters the equilibrium says in which states a treaty is signed; with the
chain of states that gives the chance ``P_d(t)`` that one is in force by year ``t``. The forecast is the mean
of ``P_d(t)`` over draws. *Is there a window at all* (the share of draws in which some state that can be
reached signs) and *when, if there is one* are two questions and are answered apart. What is uncertain about
the numbers is the variance of ``P_d`` between draws; what is left to history is ``P_d (1 - P_d)`` within.

Array convention. ``by`` and its like have shape ``(periods, draws)``. Where the chunks are in a folder they
are read from there when asked for: memory is bounded by a chunk and the draws of one period.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray
from sim.beliefs.counted_cases import reference_class
from sim.beliefs.outside_view import outside_view
from sim.beliefs.record_beliefs import Beliefs
from sim.dynamics.drawing import Model, fitted_words, model_of
from sim.dynamics.draws import Chunk, played_at, solve_chunk
from sim.dynamics.obstacles import SIGNED, obstacle_labels
from sim.dynamics.over_draws.by_draw import Holding, InFolder
from sim.dynamics.over_draws.grid import grid_of
from sim.dynamics.over_draws.totals import Totals
from sim.dynamics.over_draws.windows import windows_of
from sim.dynamics.period import PeriodCompiler
from sim.dynamics.record import Forecast
from sim.dynamics.stored import chunks_in, finish
from sim.dynamics.traps import refuse_traps
from sim.dynamics.treaty_values import discounts
from sim.dynamics.world import World, world_of
from sim.errors import UsageError
from sim.scenario import Scenario
from sim.scenario.dynamics_checks import dynamics_formulas

Watch = Callable[[int, int], None]


def forecast(
    scenario: Scenario,
    *,
    draws: int = 1024,
    seed: int = 0,
    state: Mapping[str, str] | None = None,
    outside: str | None = None,
    beliefs: Beliefs | None = None,
    out: str | Path | None = None,
    progress: Watch | None = None,
) -> Forecast:
    """The chance of a treaty by year, over draws of every number that has a range.

    Parameters
    ----------
    scenario
        A dispute with a ``dynamics`` section.
    draws, seed
        How many points of a scrambled Sobol sequence, and its seed. What a level of the world or
        the caller sets is not drawn. With one draw the file's own values are taken.
    state
        Levels in which the world starts, instead of those of the file.
    outside
        The reference class whose base rate stands beside it (``sim baserate``), instead of the file's.
    beliefs
        Weights that fit a record: what they drew is drawn from them, everything else as the file declares.
    out
        A folder to keep it in, or one in which the same forecast was begun and goes on.
    progress
        Called with the number of draws done and in all.

    Raises
    ------
    UsageError
        If the scenario has no dynamics, or its game is not one offer with replies.

    Notes
    -----
    Source: [merlo1995]_, [abreu1990]_.

    Examples
    --------
    >>> import sim
    >>> s = sim.loads(
    ...     "{issues: {peace: {no: {}, yes: {signed: 1}}}, outcomes: {treaty: signed},"
    ...     " actors: {a: {role: principal}, b: {role: principal}},"
    ...     " parameters: {mood: 0, gain: 1}, game: [{offer: a}, {reply: b}],"
    ...     " payoffs: {a: {x: gain*signed}, b: {x: mood*signed}},"
    ...     " dynamics: {report: 10, discount: {a: 0.9, b: 0.9}, proposer: a, world: {b: {now: hostile,"
    ...     "  levels: {hostile: {mood: -1}, calm: {mood: 1}}, moves: {hostile: {calm: 0.1}}}}}}"
    ... )
    >>> round(forecast(s, draws=1).chance(9), 6)  # the first period is year 0, when b is still hostile
    0.61258
    """
    world = _asked(scenario, draws)
    start = world.start if state is None else world.number(state)
    model = model_of(world, start, draws, seed=seed, beliefs=beliefs)
    how = {"draws": draws, "seed": seed, "beliefs": fitted_words(beliefs, scenario, world)}
    how["outside"] = outside or world.dynamics.outside
    return _found(model, how, None if out is None else Path(out), progress)


def _found(
    model: Model, how: Mapping[str, Any], out: Path | None, progress: Watch | None
) -> Forecast:
    """The forecast of a model beside its reference class; kept in a folder if there is one."""
    chunks = _solved(model, progress) if out is None else chunks_in(out, model, how, progress)
    found = beside(model, how, chunks, out)
    if out is not None:
        finish(out, found.to_dict(found.years), found.to_frame())
    return found


def beside(
    model: Model, how: Mapping[str, Any], chunks: Iterable[Chunk], folder: Path | None
) -> Forecast:
    """All chunks in one record, with the reference class beside it."""
    outside = _outside(how["outside"], model.world)
    return replace(
        summary(model, chunks, folder),
        outside_class=how["outside"],
        outside=outside,
        beliefs=how["beliefs"],
    )


def _asked(scenario: Scenario, draws: int) -> World:
    """The world of a scenario, where the request makes sense."""
    if draws < 1:
        raise UsageError(f"draws: {draws}; at least 1 is needed")
    world = world_of(scenario)
    discounts(world, {})
    refuse_traps(world)
    return world


def _solved(model: Model, progress: Watch | None) -> Iterator[Chunk]:
    """All draws solved, a chunk at a time."""
    for first, last in model.stretches():
        drawn = model.values(first, last)
        yield solve_chunk(model.compiler, model.world, drawn, last - first, model.start)
        if progress is not None:
            progress(last, model.drawn.size)


def summary(model: Model, chunks: Iterable[Chunk], folder: Path | None = None) -> Forecast:
    """All chunks in one record; where they are kept in a folder, no more of them in memory than sums."""
    world, compiler, start = model.world, model.compiler, model.start
    totals = Totals()
    promised = world.dynamics.treaty.hand_over is not None
    hold = Holding(model.drawn.size, promised=promised)
    for chunk in chunks:
        totals.add(chunk)
        if folder is None:
            hold.add(chunk)
    if not totals.draws:
        raise UsageError(
            f"{world.scenario.origin}: in no draw are all rates chances; narrow their ranges"
        )
    rates, sourced = _rates(world)
    document, dynamics = world.scenario.document, world.dynamics
    fixed = set(dynamics.sets)
    assumed = [p for p, r in document.parameters.items() if r.assumed and p not in fixed]
    periods, draws = dynamics.periods, totals.draws
    return Forecast(
        title=world.scenario.title,
        labelled=world.scenario.labelled,
        years=_years(world),
        told=hold.held() if folder is None else InFolder(folder, periods, draws),
        means=totals.means(),
        given_window=totals.means_given_a_window(),
        window=totals.window,
        windows=windows_of(world, compiler.problem.dispute, totals),
        grid=grid_of(world, start, totals),
        obstacles=_blocked(world, compiler, np.asarray(totals.blocked)),
        sourced=sourced,
        rates=rates,
        assumed=len(assumed),
        drawn=len(model.drawn.paths),
        model=model,
        answered=totals.answered,
        played=partial(played_at, model),
        unanswered=float(1 - totals.draws / totals.size),
        settled=totals.share("settled"),
        closed=totals.share("closed"),
        several=totals.share("several"),
        tied=totals.share("tied"),
        outside_class="",
        outside={},
        start=world.labels[start],
        period=dynamics.period,
        rounds=1 if compiler.problem.rounds is None else len(compiler.problem.rounds.order),
        horizon=dynamics.horizon,
        came=dynamics.came,
        bounded=totals.bounded,
        promised=promised,
    )


def _outside(name: str, world: World) -> dict[int, float]:
    """By the end of each year the chance that a reference class gives, counted from the start."""
    years, first = _years(world), world.dynamics.period.start
    spans = {year: float(year - first + 1) for year in years}
    cases = reference_class(name)
    if cases.kind != "rate":
        raise UsageError(f"reference class '{name}' is a {cases.kind} and says nothing by year")
    found = outside_view(cases, by=tuple(spans.values())).by
    return {year: found[span].mean for year, span in spans.items()}


def _years(world: World) -> tuple[int, ...]:
    """The calendar year with which each period ends."""
    period = world.dynamics.period
    ends = [period.start + (k + 1) * period.years for k in range(world.dynamics.periods)]
    return tuple(int(np.ceil(end - RELATIVE)) - 1 for end in ends)


def _rates(world: World) -> tuple[int, int]:
    """How many transition rates there are, and how many read only parameters that have a source."""
    parameters = world.scenario.document.parameters
    total = sourced = 0
    for path, formula in dynamics_formulas(world.dynamics):
        if ".moves." in path:
            total += 1
            read = [name for name in formula.names if name in parameters]
            sourced += bool(read) and not any(parameters[name].assumed for name in read)
    return total, sourced


def _blocked(world: World, compiler: PeriodCompiler, total: FloatArray) -> dict[str, FloatArray]:
    """Per obstacle its share of what has no treaty yet, by period."""
    labels = obstacle_labels(world, compiler.problem.dispute)
    rest = total.copy()
    rest[:, labels.index(SIGNED)] = 0
    mass = rest.sum(axis=1)
    return {
        name: np.divide(rest[:, k], mass, out=np.zeros_like(mass), where=mass > 0)
        for k, name in enumerate(labels)
        if name != SIGNED
    }

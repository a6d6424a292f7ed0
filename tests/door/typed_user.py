"""A user's script that uses every public name: ``mypy --strict`` passes it, nothing here is run."""

from __future__ import annotations

from pathlib import Path

import sim


def verbs(s: sim.Scenario, game: sim.Scenario, folder: Path) -> list[str]:
    """Every verb of the command as a function, and that its record is a text."""
    shown: list[object] = [
        sim.new(folder / "mine.yaml", start="blank"),
        sim.check("mine.yaml", folder / "other.yaml"),
        sim.explain(s, draws=100),
        sim.forecast(s, draws=64, seed=1),
        sim.analyse(sim.sweep(s, vary={"p": (0, 1, 5)}), target="feasible", boxes=2),
        sim.frontier(s, vary={"p": None}, of="margin"),
        sim.compare({"now": s, "then": s.with_values({"p": 0.2})}),
        sim.diff(s, game),
        sim.backcast("scenarios", points=64, forecasts=None),
        sim.calibrate(folder, points=64, out=folder / "beliefs"),
        sim.baserate("claims", by=(10, 25)),
        sim.export(game, to="nfg"),
        sim.list("concepts"),
        sim.cite("pure_nash"),
        sim.doctor(),
        sim.report(s, out=folder / "page.html"),
        sim.serve(s, port=0),
    ]
    swept: dict[str, object] = dict(sim.sweep(game, concept="pure_nash", options={}).columns)
    certain: bool | None = sim.frontier(s, vary={"p": None}, robust=True).for_every
    reasons: list[str] = [
        r.sentence() for r in sim.frontier(s, vary={"p": None}, never=["all"]).never
    ]
    changes = sim.solve(game, "gmr", stabilise="CC").changes["gmr"]
    table: Path | None = sim.export(sim.open_run(folder), to="csv", columns=["margin"]).path
    over: dict[str, float] = sim.forecast_over(s, vary={"p": None}, of="forecast:2050").shares
    shown += [*swept, certain, *reasons, *changes, table, over]
    solved: tuple[sim.Solution, ...] = sim.solve(game, "quantal_response", precision=2)
    title: str = sim.plot("terms", s, out="terms.png").get_title()
    keys: list[str] = sorted(sim.schema())
    return [*map(str, shown), *map(str, solved), title, *keys]


def records(folder: Path) -> dict[str, float | None]:
    """What comes back, with its types."""
    s: sim.Scenario = sim.load("kuril/2018")
    run: sim.Run = sim.open_run(folder)
    found: sim.Frontier = sim.open_frontier(folder)
    chances: sim.Forecast = sim.forecast(s, beliefs=sim.open_beliefs(folder))
    stored: sim.Forecast = sim.open_forecast(folder)
    verdict: sim.Verdict = sim.explain(sim.loads("title: nothing"))
    change = sim.smallest_change(s, levers=("p",), target=0.1)
    sim.explore(s)
    ax = sim.plots.landscape(run, x="p", y="q")
    spaces = sim.views.win_sets(s)
    sim.testing.check_concept("pure_nash", count=2)
    return {
        "margin": verdict.margin,
        "thresholds": float(len(found.crossings)),
        "years": float(len(chances.years) + len(stored.years)),
        "change": float(len(str(change))),
        "x": float(len(ax.get_xlabel())),
        "spaces": float(len(str(spaces))),
    }


def errors() -> int:
    """Every error that a user can cause."""
    try:
        sim.check("nowhere.yaml")
    except (sim.ScenarioError, sim.UsageError):
        return 2
    except sim.SimError:
        return 2
    return 0

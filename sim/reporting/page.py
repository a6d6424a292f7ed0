"""The page: what is computed for a report, and the template that shows it.

Definition. A report holds the question, the verdict with its reasons and how sure it is, the ladder, the
payoff terms, the landscape, the thresholds, the sensitivity of the margin, the forecast where the file has
time, the model itself, what the solution concepts say side by side, every input with its source, and all that
is needed to repeat and to cite it. A classical game has inputs and solutions
only. The page needs no network and no script; every text of the file is escaped by the template.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata, resources
from typing import TYPE_CHECKING, Any

from sim._kernels.html import with_minus
from sim.certified import smallest_change, strips
from sim.explaining import explain
from sim.feasibility import Verdict, words
from sim.labels import labels_of
from sim.plots.inline_svg import inline_svg
from sim.reporting.inputs import answers, grouped, inputs
from sim.reporting.model import model
from sim.scenario import Scenario, require_scenario
from sim.scenario.structural import structural_parameters

if TYPE_CHECKING:
    from sim.beliefs import Beliefs
    from sim.dynamics import Forecast
    from sim.sweeps import Run

POINTS = 61
"""Points along each axis of the map on the page."""
DRAWS = 128
"""Of a forecast: a page is to be made in seconds."""
BREAKS = re.compile(r"([._/=+*,)(-]|&amp;)(?=\w)")
LIBRARIES = ("numpy", "scipy", "matplotlib", "pydantic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure of the page: its heading, what it shows, and its SVG."""

    title: str
    caption: str
    svg: str


def report(scenario: Scenario, *, command: str = "", beliefs: Beliefs | None = None) -> str:
    """A self-contained HTML page on one scenario: verdict, reasons, inputs, figures, provenance.

    Parameters
    ----------
    scenario
        A dispute or a classical game.
    command
        What the user typed, for the record.
    beliefs
        Weights that fit a record, whose share then leads the verdict of a dispute.

    Returns
    -------
    str
        The page.

    Examples
    --------
    >>> import sim
    >>> game = sim.loads("strategic: {actors: {a: [x, y], b: [z]}, payoffs: [[[1, 2]], [[3, 0]]]}")
    >>> "pure_nash" in report(game)
    True
    """
    require_scenario(scenario, "report")
    verdict = explain(scenario, beliefs=beliefs) if scenario.document.form == "dispute" else None
    known = verdict is not None and verdict.margin is not None
    given = inputs(scenario)
    first, groups = grouped(scenario, () if verdict is None else _weighty(verdict))
    ahead, told = _forecast(scenario)
    page: str = _template(scenario).render(
        scenario=scenario,
        document=scenario.document,
        inputs=given,
        first=first,
        groups=groups,
        model=None if verdict is None else model(scenario),
        labels=labels_of(scenario),
        ahead=told,
        cite=citation(scenario),
        assumed=sum(one.assumed for one in given),
        verdict=verdict,
        words=words,
        sentences=() if verdict is None else words.sentences(verdict),
        change=smallest_change(scenario, limit=1) if known else None,
        figures=({} if verdict is None else figures(scenario, verdict)) | _in_time(ahead),
        answers=answers(scenario),
        provenance=provenance(scenario, command) | drawn(verdict),
    )
    return page


def _weighty(verdict: Verdict) -> list[str]:
    """The parameters that move the margin, the widest first."""
    return [t.path for t in verdict.thresholds if t.swing > 0]


def citation(scenario: Scenario) -> str:
    """How to cite a report, in one line.

    Examples
    --------
    >>> import sim
    >>> citation(sim.loads("{title: T, strategic: {actors: {a: [x], b: [y]}, payoffs: [[[1, 2]]]}}"))
    'The treatysim authors. treatysim ...: report on "T" (file of SHA-256 ...).'
    """
    from sim import __version__

    return (
        f'The treatysim authors. treatysim {__version__}: report on "{scenario.title}" '
        f"(file of SHA-256 {scenario.digest[:12]})."
    )


def _forecast(scenario: Scenario) -> tuple[Forecast | None, Sequence[str]]:
    """The forecast of a file that has time, and what it says."""
    if scenario.document.dynamics is None:
        return None, ()
    from sim.dynamics import forecast
    from sim.dynamics.words import forecast_sentences

    ahead = forecast(scenario, draws=DRAWS)
    return ahead, forecast_sentences(ahead)


def _in_time(ahead: Forecast | None) -> dict[str, Figure]:
    """The figures of a forecast."""
    from sim import plots

    if ahead is None:
        return {}
    return {
        "forecast": Figure(
            title="The forecast",
            caption=f"The chance that a treaty is in force by the end of a {ahead.unit}. The bar is the "
            "share of draws in which any state of the world that can be reached opens a window.",
            svg=inline_svg("forecast", plots.forecast, ahead),
        ),
        "obstacles": Figure(
            title="What stands in the way",
            caption=f"Where there is no treaty, what keeps it away, by {ahead.unit}.",
            svg=inline_svg("obstacles", plots.obstacles, ahead),
        ),
    }


def softened(text: str) -> Any:
    """A text that a browser may break after the marks that join its words, and nowhere inside them.

    Examples
    --------
    >>> print(softened("a.b_c<d"))
    a.<wbr>b_<wbr>c&lt;d
    """
    from markupsafe import Markup, escape

    return Markup(
        BREAKS.sub(r"\1<wbr>", str(escape(with_minus(text))))
    )  # what is put in has no text of the file


def _template(scenario: Scenario) -> Any:
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["svg"] = Markup
    environment.filters["soft"] = softened
    environment.filters["say"] = labels_of(scenario).say
    text = resources.files("sim.reporting").joinpath("page.html.j2").read_text(encoding="utf-8")
    return environment.from_string(text)


def figures(scenario: Scenario, verdict: Verdict) -> dict[str, Figure]:
    """The figures that a dispute has, by name."""
    from sim import plots

    out: dict[str, Figure] = {}
    if verdict.best_agreement is None:
        return out
    out["ladder"] = Figure(
        title="The ladder",
        caption="Gains and slacks of the best agreement, rung by rung. A bar to the left of 0 is "
        "not satisfied; the outlined one binds.",
        svg=inline_svg("ladder", plots.ladder, verdict),
    )
    out["terms"] = Figure(
        title="Payoff terms",
        caption="What each principal gains and loses, under the status quo and under the best "
        "agreement. The distance between an actor's two diamonds is its gain.",
        svg=inline_svg("terms", plots.terms, verdict),
    )
    if verdict.thresholds:
        out["tornado"] = Figure(
            title="Sensitivity",
            caption="How far each parameter alone moves the margin over its range, the widest on "
            "top. A bar that crosses the thick line can flip the verdict by itself.",
            svg=inline_svg("tornado", plots.tornado, verdict),
        )
        out["thresholds"] = Figure(
            title="Thresholds",
            caption="Every parameter over its range, the others where they are: where the verdict "
            "flips, and on which side a treaty is feasible; certified along the whole range.",
            svg=inline_svg("thresholds", plots.thresholds, strips(scenario)),
        )
    return out | _swept(scenario, verdict)


def _swept(scenario: Scenario, verdict: Verdict) -> dict[str, Figure]:
    """The landscape of the file's first sweep, or of the two parameters that move the margin most."""
    from sim import plots
    from sim.sweeps import sweep

    axes = landscape_axes(scenario, verdict)
    if len(axes) < 2:
        return {}
    run: Run = sweep(scenario, vary=axes)
    x, y = axes
    shown: dict[str, Any] = {"x": x, "y": y}
    return {
        "landscape": Figure(
            title="The landscape",
            caption=f"What happens as {x} and {y} move and all else stays. The thick line is margin "
            "0, the diamond the scenario's own values.",
            svg=inline_svg("landscape", plots.landscape, run, **shown),
        ),
        "margin_map": Figure(
            title="The margin",
            caption="By how much a treaty is feasible or not over the same two parameters, in "
            "units of payoff spread.",
            svg=inline_svg("margin-map", plots.margin_map, run, **shown),
        ),
    }


def landscape_axes(scenario: Scenario, verdict: Verdict) -> dict[str, tuple[float, float, int]]:
    """Two parameters to show a landscape over, with their bounds; fewer where the file has fewer."""
    for named in scenario.document.sweeps.values():
        wanted = [named.x, named.y] if named.x and named.y else list(named.vary)[:2]
        if len(wanted) == 2 and all(path in named.vary for path in wanted):
            return {str(path): _axis(named.vary[str(path)]) for path in wanted}
    fixed = structural_parameters(scenario.document)
    wide = [t for t in verdict.thresholds if t.path not in fixed][:2]
    return {t.path: (t.low, t.high, POINTS) for t in wide}


def _axis(axis: tuple[float, float, int]) -> tuple[float, float, int]:
    return axis[0], axis[1], min(int(axis[2]), 101)


def provenance(scenario: Scenario, command: str) -> dict[str, str]:
    """What is needed to repeat a report."""
    from sim import __version__

    libraries = ", ".join(f"{name} {metadata.version(name)}" for name in LIBRARIES)
    changed = ", ".join(f"{path}={value:g}" for path, value in scenario.overrides.items())
    return {
        "file": scenario.origin,
        "SHA-256 of the resolved file": scenario.digest,
        "values set": changed or "none: the file's own values",
        "command": command or "sim.report(scenario)",
        "treatysim": __version__,
        "Python": f"{platform.python_version()}, {libraries}",
    }


def drawn(verdict: Verdict | None) -> dict[str, str]:
    """What on the page is drawn at random, and from which seed."""
    share = None if verdict is None else verdict.share
    if share is None or not share.drawn:
        return {"seed": "none: nothing on this page is drawn at random"}
    return {"seed": f"{share.seed}, of the {share.draws:,} draws in the first sentence"}

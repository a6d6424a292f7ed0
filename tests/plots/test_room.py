"""The room of figures: its table is complete, its imports lazy, every figure takes and returns Axes."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import subprocess
import sys

import numpy as np
import pytest
import sim.plots
from matplotlib.figure import Figure
from sim.errors import UsageError
from sim.plots import PLOTS
from sim.plots.drawing.style import TEXT
from sim.testing import check_figure

DRAWN = [k for k, p in PLOTS.items() if p.needs in ("run", "verdict")]
FOUNDATIONS = {"data", "inline_svg", "save"}


def draw(kind, make_run, make_verdict, **options):
    data = make_run() if PLOTS[kind].needs == "run" else make_verdict()
    return sim.plots.get(kind)(data, **options)


def test_every_module_of_the_room_is_listed_and_named_like_its_function():
    modules = {m.name for m in pkgutil.iter_modules(sim.plots.__path__) if not m.ispkg}
    assert modules == FOUNDATIONS
    for name, figure in PLOTS.items():
        module = importlib.import_module(f"sim.plots.{figure.folder}.{name}")
        assert module.__dict__[name].__name__ == name
        assert callable(module.__dict__[f"{name}_data"])


def test_a_figure_stays_its_function_after_its_module_was_imported():
    importlib.import_module("sim.plots.runs.landscape")
    assert inspect.isfunction(sim.plots.landscape)
    assert sim.plots.landscape is sim.plots.get("landscape")
    assert set(PLOTS) <= set(dir(sim.plots))


def test_importing_the_room_imports_neither_numpy_nor_matplotlib():
    code = (
        "import sys, sim.plots; sim.plots.PLOTS;"
        "assert not {'numpy', 'matplotlib', 'scipy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_drawing_needs_no_pyplot():
    code = (
        "import sys, sim.plots; from sim.plots.data import GridRun;"
        "t = {'margin': [[-1, 1], [0, 2]], 'binding': [['a', 'b']] * 2};"
        "r = GridRun(title='T', axes={'a': [0, 1], 'b': [0, 1]}, values={}, table=t);"
        "sim.plots.landscape(r, color_by='binding');"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("kind", DRAWN)
def test_every_figure_keeps_the_contract(kind, make_run, make_verdict):
    check_figure(kind, make_run() if PLOTS[kind].needs == "run" else make_verdict())


@pytest.mark.parametrize("kind", DRAWN)
def test_every_figure_has_the_title_of_its_data(kind, make_run, make_verdict):
    assert draw(kind, make_run, make_verdict).get_title().startswith("A dispute made by hand")


@pytest.mark.parametrize("kind", DRAWN)
@pytest.mark.parametrize("narrow", [False, True])
def test_no_two_texts_overlap(
    kind, narrow, make_run, make_verdict, overlapping, outside, column_axes
):
    options = {"ax": column_axes} if narrow else {}
    ax = draw(kind, make_run, make_verdict, **options)
    assert overlapping(ax) == []
    assert outside(ax) == []


@pytest.mark.parametrize("kind", DRAWN)
def test_texts_of_a_file_are_shown_as_written(kind, make_run, make_verdict):
    title = r"$\unknown{1}$ or $2 <script>"
    actor = "$x_y$"
    if PLOTS[kind].needs == "run":
        run = make_run(title=title)
        run.table["binding"] = np.full(run.shape, f"{actor}.gain", dtype=object)
        run.table["predicted_class"] = run.table["binding"]
        data = run
    else:
        data = make_verdict(title=title)
        data.terms = {actor: data.terms["tokyo"]}
        data.scales = {actor: 1.0}
        data.steps[0].actor = actor
        data.thresholds[0].path = actor
    ax = sim.plots.get(kind)(data)
    assert ax.get_title().startswith(title)
    ax.figure.draw_without_rendering()
    texts = [*ax.texts, ax.title, *ax.get_yticklabels(), *ax.get_legend().get_texts()]
    assert not [t.get_text() for t in texts if "$" in t.get_text() and t.get_parse_math()]


@pytest.mark.parametrize("kind", [k for k, p in PLOTS.items() if p.needs == "run"])
def test_a_run_that_lacks_a_column_says_which_and_how_to_get_it(kind, make_run):
    run = make_run()
    del run.table["margin"]
    with pytest.raises(UsageError, match=r"'margin'.*sweep the scenario again"):
        sim.plots.get(kind)(run)


@pytest.mark.parametrize("kind", [k for k, p in PLOTS.items() if p.needs == "run"])
def test_a_parameter_that_was_not_varied_is_refused(kind, make_run):
    with pytest.raises(UsageError, match=r"was not varied.*moscow\.pressure.*--vary"):
        sim.plots.get(kind)(make_run(), x="moscow.presure")


@pytest.mark.parametrize("kind", [k for k, p in PLOTS.items() if p.needs == "verdict"])
def test_a_verdict_without_a_treaty_is_refused(kind, make_verdict):
    verdict = make_verdict(best_agreement=None, margin=None, steps=(), terms={}, binding=None)
    with pytest.raises(UsageError, match="no treaty"):
        sim.plots.get(kind)(verdict)


def test_an_unknown_attribute_is_an_attribute_error():
    with pytest.raises(AttributeError, match="landscapes"):
        _ = sim.plots.landscapes


@pytest.mark.parametrize("kind", [k for k, p in PLOTS.items() if p.needs == "run"])
def test_a_run_without_any_value_is_grey_and_not_an_error(kind, make_run):
    run = make_run()
    run.table["margin"] = np.full(run.shape, np.nan)
    ax = sim.plots.get(kind)(run)
    ax.figure.draw_without_rendering()
    texts = [t.get_text() for t in ax.get_legend().get_texts()]
    assert not any("margin 0" in t for t in texts)


@pytest.mark.parametrize("kind", DRAWN)
def test_letters_have_one_size_in_every_figure(kind, make_run, make_verdict):
    ax = draw(kind, make_run, make_verdict)
    texts = [*ax.texts, ax.title, ax.xaxis.label, ax.yaxis.label]
    texts += [*ax.get_xticklabels(), *ax.get_yticklabels(), *ax.get_legend().get_texts()]
    assert {t.get_fontsize() for t in texts if t.get_text().strip()} == {TEXT}


def test_a_tall_legend_on_axes_that_were_given_gets_smaller_letters():
    from sim.plots.drawing.legend import legend_beneath
    from sim.plots.drawing.style import Style, patch

    ax = Figure(figsize=(3.5, 3.2), layout="constrained").add_subplot()
    legend_beneath(
        ax, [patch(Style("#0072B2", ""), f"a rather long entry, number {k}") for k in range(14)]
    )
    sizes = {t.get_fontsize() for t in ax.get_legend().get_texts()}
    assert len(sizes) == 1
    assert max(sizes) < TEXT
    legend_beneath(ax, [patch(Style("#0072B2", ""), "one")])
    assert ax.get_legend().get_texts()[0].get_fontsize() == TEXT

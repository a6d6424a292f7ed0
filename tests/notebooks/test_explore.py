"""Sliders: they start at the file's values, a move changes verdict and crosshair, and it is quick."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import pytest
import sim
from sim.errors import UsageError

KURIL = Path(__file__).parents[2] / "scenarios" / "kuril" / "2018.yaml"
PATHS = ("moscow.nationalism", "tokyo.minimum", "moscow.latitude")

widgets = pytest.importorskip("ipywidgets")


def parts(panel):
    left, verdict = panel.children
    *sliders, place = left.children
    return {slider.description: slider for slider in sliders}, place, verdict


def crosshair(place):
    return tuple(float(x) for x in re.findall(r"(?:left|top):([\d.]+)%", place.value))


@pytest.fixture(scope="module")
def panel():
    return sim.explore(sim.load(KURIL), PATHS)


def test_sliders_start_at_the_files_values(panel):
    sliders, _, verdict = parts(panel)
    scenario = sim.load(KURIL)
    assert tuple(sliders) == PATHS
    for path, slider in sliders.items():
        assert slider.value == pytest.approx(scenario.values[path])
    assert "No treaty is feasible" in verdict.value


def test_a_move_changes_verdict_and_crosshair(panel):
    sliders, place, verdict = parts(panel)
    before = crosshair(place)
    sliders["moscow.nationalism"].value = 0.3
    expected = sim.explain(sim.load(KURIL).with_values({"moscow.nationalism": 0.3}))
    assert f"margin {expected.margin:+.4g}" in verdict.value
    after = crosshair(place)
    assert after[0] < before[0]
    assert after[1] == before[1]
    sliders["moscow.nationalism"].value = 0.77
    assert crosshair(place) == before


def test_a_move_takes_less_than_a_fifth_of_a_second(panel):
    sliders, _, _ = parts(panel)
    took = []
    for k in range(5):
        start = time.process_time()
        sliders["tokyo.minimum"].value = 0.1 + 0.1 * k
        took.append(time.process_time() - start)
    assert min(took) < 0.2


def test_one_parameter_has_no_landscape():
    _, place, _ = parts(sim.explore(sim.load(KURIL), ["moscow.nationalism"]))
    assert place.value == ""


def test_wrong_parameters_are_refused():
    scenario = sim.load(KURIL)
    with pytest.raises(UsageError, match="unknown parameter"):
        sim.explore(scenario, ["moscow.nationalsim"])
    with pytest.raises(UsageError, match="which agreements exist"):
        sim.explore(scenario, ["bundles.divisible", "tokyo.minimum"])


def test_a_missing_extra_is_named_with_its_command(monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    with pytest.raises(UsageError, match=r"pip install 'treatysim\[notebooks\]'"):
        sim.explore(sim.load(KURIL), PATHS)

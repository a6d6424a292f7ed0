"""The program of a dispute against its terms evaluated one by one."""

from pathlib import Path

import numpy as np
import pytest
from sim.loading import load, loads
from sim.payoffs import NotFiniteError, compile_dispute
from sim.scenario.structural import structural_parameters

SCENARIOS = Path(__file__).parents[2] / "scenarios"
DISPUTES = sorted(
    path
    for path in SCENARIOS.glob("*/*.yaml")
    if (document := load(path).document).form == "dispute" and not document.private
)
"""Those without private information, which have one payoff a cell."""


def swept(scenario):
    document = scenario.document
    fixed = structural_parameters(document)
    return [
        path
        for path, p in document.parameters.items()
        if p.range is not None and p.range[0] < p.range[1] and path not in fixed
    ]


def compared(dispute, theta):
    """Payoffs and slacks both ways, as pairs of arrays of one shape."""
    plain, many = dispute.at(theta), dispute.many(theta)
    shape = (*dispute.shape, theta.shape[1])
    for actor in dispute.payoffs:
        yield (
            np.broadcast_to(plain.payoff(actor), shape),
            np.broadcast_to(many.payoff(actor), shape),
        )
    for c in dispute.constraints:
        yield np.broadcast_to(plain.slack(c), shape), np.broadcast_to(many.slack(c), shape)


@pytest.mark.parametrize("path", DISPUTES, ids=lambda p: p.stem)
@pytest.mark.parametrize("count", [1, 2, 1000])
def test_shipped_files(path, count):
    scenario = load(path)
    varied = swept(scenario)[:count]
    rng = np.random.default_rng(count)
    low, high = np.array([scenario.range_of(p) for p in varied]).reshape(-1, 2).T
    theta = low[:, None] + (high - low)[:, None] * rng.random((len(varied), 20))
    for wanted, found in compared(compile_dispute(scenario, varied), theta):
        finite = np.isfinite(wanted)
        assert (finite == np.isfinite(found)).all()
        assert np.allclose(found[finite], wanted[finite], rtol=1e-13, atol=1e-13)


FORMS = """
parameters: {x: {value: 1, range: [-2, 2]}, y: {value: 1, range: [-2, 2]}, z: 3}
issues: {deal: {none: {}, small: {signed: 1, size: 0.25}, large: {signed: 1, size: 1}},
  seat: {a: {}, b: {seat: 1}}}
attributes: {gain: x*size + y, twice: 2*gain}
outcomes: {treaty: signed}
actors:
  tokyo: {role: principal}
  moscow: {role: principal}
  seoul: {role: third party, stances: {calm: {}, loud: {voice: 1}, warm: {voice: 0.5, warm: 1}}}
payoffs: {tokyo: {t: TERM}, moscow: {t: signed}, seoul: {t: voice}}
"""
TERMS = [
    "x*size + y*seat",
    "(x + y)*(size + seat)",
    "(x*size + y)*(y*seat - x)",
    "gain*gain - twice",
    "x/(1 + y**2)*size",
    "size/(3 + x)",
    "size*seat/z",
    "-x**2*size",
    "x**3*size + (x*size)**2",
    "where(size > 0.5, x, y)",
    "where(x > y, size, seat)",
    "where(x > 0, 1, 2)*size",
    "max(x*size, y*seat)",
    "min(x, y*size, 1)*seat + abs(x*seat)",
    "clip(x*size, -1, y)",
    "exp(x*size) - log(3 + x*seat)",
    "sqrt(4 + x*y)*size",
    "logistic(x*size - y)",
    "(x > size) + (y <= seat) + (x == y)",
    "x*voice*size",
    "(x*warm + y*voice)*size + x*voice",
    "max(x*voice, y*size)*warm",
    "where(voice > 0.4 and size > 0, x, y*seat)",
    "(x + size + seat + voice + y)**2 - x*y",
    "(x*size + y*voice + z)*(x - seat*y + 1)*2",
    "max(x*size, y)*max(y*seat, x)",
    "not (x > 0 or size > 0.5)",
]


@pytest.mark.parametrize("term", TERMS)
def test_every_form_of_an_expression(term):
    dispute = compile_dispute(loads(FORMS.replace("TERM", f"'{term}'")), ["x", "y"])
    theta = np.random.default_rng(0).uniform(-2, 2, (2, 40)).round(2)
    for wanted, found in compared(dispute, theta):
        assert np.allclose(found, wanted, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    "term", ["size/x", "log(x)*size", "exp(900*(x - 1.2))*size", "size*1.0e+100*exp(500*(x - 1))"]
)
def test_what_has_no_value_is_said_in_the_same_words(term):
    dispute = compile_dispute(loads(FORMS.replace("TERM", f"'{term}'")), ["x", "y"])
    theta = np.array([[1.0, 0.5, 0.0, 2.0], [0.0, 1.0, 0.5, 0.0]])
    words = []
    for batch in (dispute.at(theta), dispute.many(theta)):
        with pytest.raises(NotFiniteError) as caught:
            batch.payoff("tokyo")
        words.append(str(caught.value))
    assert words[0] == words[1]


def test_what_is_not_used_needs_no_value():
    """The second branch has no value at x = 0, where the first is taken."""
    term = "'where(x == 0, size, size/x)'"
    dispute = compile_dispute(loads(FORMS.replace("TERM", term)), ["x", "y"])
    theta = np.array([[0.0, 0.5], [0.0, 1.0]])
    assert dispute.many(theta).payoff("tokyo")[4, 0].tolist() == [1.0, 2.0]

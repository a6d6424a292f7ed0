"""Compiled code touches no memory outside of its arrays: fences around them, checks of what it is given."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sim.engine.machine import Function
from sim.feasibility import prepare
from sim.feasibility.screening.screen import why_not
from sim.loading import loads

pytest.importorskip("llvmlite")
SCRIPT = Path(__file__).parent / "fenced.py"
GAMES = (
    "", "ultimatum", "offer_reply", "[washington.stance, {offer: tokyo}, {reply: moscow}, ratify]"
)  # fmt: skip
RUNGS = ((), ("home",), ("home", "abroad"), ("home", "home", "enforcement"))
HOUSES = """
parameters: {x: {value: 0.5, range: [0, 1]}, y: {value: 0.5, range: [0, 1]}}
issues: {land: {none: {}, half: {area: 1}, all: {area: 2}}, peace: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
actors:
  a: {role: principal}
  b: {role: principal}
  c: {role: third party, stances: {calm: {}, loud: {noise: 1}}}
payoffs:
  a: {peace: signed, land: -x*area, fear: "exp(-y)*noise"}
  b: {land: y*area, curved: "max(x*area, y) + log(1 + x)"}
  c: {noise: (x - y)*noise}
domestic:
  a:
    house:
      {type: ratification, quota: 2/3, blocs: {l: {seats: 2, utility: 1 - x*area}, r: {seats: 1, utility: y}}}
  b:
    poll: {type: public_opinion, support: 0.5 + 0.2*area - 0.1*x, threshold: 0.4}
    promise: {type: audience_cost, conceded: 1 - area/2, promised: y, rate: 0.5}
    law: {type: legal_ban, bans: area > 1, exception: y > 0.5}
abroad: {c: {nod: {type: consent, clause: area, gain: 1 - x}}}
game: [c.stance, {offer: a}, {reply: b}, ratify]
"""


def run(texts, *arguments):
    """The script on some texts, in a process of its own."""
    return subprocess.run(
        [sys.executable, str(SCRIPT), *arguments], input=json.dumps(texts), text=True,
        capture_output=True, check=False, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip


@pytest.fixture(scope="module")
def texts(tables, crowded):
    """Disputes that the compiled engine decides, one by loops, over one agreement more than the last each."""
    some = [HOUSES, crowded(20)]
    for k, game in enumerate(GAMES):
        t = tables(k, stances=((2,), (3, 2))[k % 2], agreements=2 + k, rungs=RUNGS[k], game=game)
        some.append(t.text().replace("[treaty, interim, none]", "[treaty, interim]"))
    return some


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="pages are protected as Linux does"
)
def test_nothing_outside_of_the_arrays_is_touched(texts):
    for text in texts:
        scenario = loads(text)
        problem = prepare(scenario, [p for p, v in scenario.document.parameters.items() if v.range])
        assert not why_not(problem.dispute, problem.game)
    done = run(texts)
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) == 2 * len(texts)


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="pages are protected as Linux does"
)
@pytest.mark.parametrize("array", ["rows", "out"])
def test_the_fences_stand(array):
    """The same with an array that is too short by one number."""
    assert run([HOUSES], "--short", array).returncode == -signal.SIGSEGV


@pytest.mark.parametrize("stances", [2, 20])
def test_code_that_reaches_further_than_its_constants_is_refused(crowded, stances):
    """One place fewer in every array of constants, one row of inputs fewer, less room."""
    text, varied = (HOUSES, ["x", "y"]) if stances == 2 else (crowded(stances), ["x"])
    source = prepare(loads(text), varied).backends.machine(wait=True).source
    fewer = [
        {"table": source.table[:-1]},
        {"table": source.table[:, :-1]},
        {"bits": source.bits[:-1]},
        {"room": source.room - 1},
        {"scalars": source.scalars[:-1]},
    ]
    if source.rows:
        fewer += [{"rows": source.rows[:-1]}, {"places": source.places - 1}]
    for change in fewer:
        with pytest.raises(ValueError, match="does not fit"):
            Function(replace(source, **change))


def test_arrays_that_do_not_fit_are_refused():
    scenario = loads(HOUSES)
    code = prepare(scenario, ["x", "y"]).backends.machine(wait=True)._code
    source = code.source
    scalars, rows = np.ones((len(source.scalars), 8)), np.ones((len(source.rows), source.places, 8))
    assert code.run(scalars, rows).shape == (source.outputs, 8)
    wrong = [
        (scalars[:, :7], rows[..., :7]),
        (scalars[:-1], rows),
        (scalars, rows[:, :-1]),
        (scalars, np.ones((*rows.shape[:2], 16))),
        (scalars.astype(np.float32), rows),
        (np.asfortranarray(np.ones((len(source.scalars), 8))), rows),
    ]
    for one, other in wrong:
        with pytest.raises(ValueError, match="do not fit"):
            code.run(one, other)

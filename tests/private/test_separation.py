"""Where types separate along a parameter: closed forms, certified over a prior and sampled elsewhere."""

from __future__ import annotations

import json

import pytest
import sim
from sim.certified import separation
from sim.cli import run
from sim.errors import UsageError
from tests.private.test_published_signals import REASSURANCE, SPENCE, ULTIMATUM


def test_bluffing_ends_where_the_defender_would_concede_to_everybody():
    """Closed form: 1 / (1 - war.defender) = 2/3."""
    found = separation(sim.load("classics/audience-bluff"), "tough")
    assert found.certified
    assert found.thresholds == (pytest.approx(2 / 3, abs=1e-12),)
    assert [one.kinds for one in found.stretches] == [("semi-separating",), ("pooling",)]


def test_the_risk_ends_where_fearon_says():
    """Fearon (1995): (soft - tough)/(soft + a), with 0.001 given away."""
    scenario = sim.loads(ULTIMATUM.format(q=0.5))
    found = separation(scenario, "q")
    assert found.certified
    assert found.thresholds == (pytest.approx(0.3 / 0.499, abs=1e-12),)
    assert found.sentence() == f"What comes of it changes at q = {0.3 / 0.499:.6g}."


def test_reassurance_mixes_up_to_the_belief_at_which_trust_pays():
    text = REASSURANCE.format(p="{value: 0.5, range: [0, 1]}")
    found = separation(sim.loads(text), "p")
    assert found.thresholds == (pytest.approx(2 / 3, abs=1e-12),)


def test_the_least_cost_that_separates_is_found_by_halving():
    """Spence (1973), Fearon (1997): what the soft gain by being believed."""
    text = SPENCE.format(cost="{value: 0.25, range: [0.2, 0.4]}")
    found = separation(sim.loads(text), "cost")
    assert not found.certified
    assert found.why_not == "cost moves more than the chances of types"
    apart = [one for one in found.stretches if "separating" in one.kinds]
    assert apart[0].low == pytest.approx(0.3, abs=1e-7)
    assert "separation ends at 0.3." in found.sentence()


def test_the_command(capsys):
    assert run(["frontier", "classics/audience-bluff", "--vary", "tough", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["certified"] is True
    assert found["stretches"][0]["kinds"] == ["semi-separating"]
    assert run(["frontier", "classics/audience-bluff", "--vary", "tough", "--of", "margin"]) == 2


def test_what_it_needs():
    with pytest.raises(UsageError, match="no game in which actors have types"):
        separation(sim.load("classics/fearon-crisis"), "p")
    with pytest.raises(UsageError, match="a range is needed"):
        separation(sim.load("classics/audience-bluff"), "idle")

"""Beliefs where the truth is known: simulated records, an independent sampler, steering, and going on."""

from __future__ import annotations

import json
from math import log

import numpy as np
import pytest
import sim
from scipy.stats import chisquare, kstest
from sim.backcasting import fitted_beliefs
from sim.backcasting.joint_draws import joint_draws
from sim.beliefs import contradictions
from sim.beliefs.belief_store import make_beliefs
from sim.beliefs.believed import believed
from sim.beliefs.learned import learned
from sim.beliefs.tempering import tempered
from sim.cli import run
from sim.errors import UsageError

TEXT = """
title: Two actors, one treaty
observed: {{outcome: {outcome}, source: a book}}
parameters:
  bar: {{value: 0.5, range: [0, 1], source: assumed}}
  hold: {{value: {hold}, range: [{low}, {high}], source: a poll}}
issues: {{deal: {{no: {{}}, yes: {{signed: 1}}}}}}
outcomes: {{treaty: signed}}
actors: {{moscow: {{role: principal}}, tokyo: {{role: principal}}}}
payoffs:
  moscow: {{cede: (bar - hold) * signed}}
  tokyo: {{win: 0.2 * signed}}
game: {{protocol: ultimatum, proposer: tokyo}}
"""
HOLDS = np.linspace(0.05, 0.95, 12)


def episode(hold: float, outcome: str, width: float = 0.0) -> sim.Scenario:
    """A treaty is signed where ``bar > hold``; ``hold`` is coded with an error of up to ``width``."""
    return sim.loads(TEXT.format(outcome=outcome, hold=hold, low=hold - width, high=hold + width))


def record(bar: float, error: float, rng: np.random.Generator) -> dict[str, sim.Scenario]:
    """A record that the model made, each outcome recorded as the other one with a chance."""
    signed = (bar > HOLDS) ^ (rng.random(len(HOLDS)) < error)
    words = np.where(signed, "treaty", "none")
    return {f"e{k}": episode(h, w) for k, (h, w) in enumerate(zip(HOLDS, words, strict=True))}


def test_simulation_based_calibration():
    """Over records from the prior, the rank of the truth among believed draws is uniform (Talts 2018)."""
    rng = np.random.default_rng(11)
    truth = rng.random(200)
    draws = (np.arange(2048) + 0.5) / 2048  # of ``bar``, uniform on [0, 1]
    ranks, errors = [], np.linspace(0.08, 0.36, 29)
    fit = np.zeros(len(errors))
    base = fitted_beliefs(record(0.5, 0.0, rng), points=2048, seed=1)
    order = np.argsort(base.points[0])
    for bar in truth:
        signed = (bar > HOLDS) ^ (rng.random(len(HOLDS)) < 0.2)
        found = _with_record(base, signed)
        ranks.append(float(np.interp(bar, draws, np.cumsum(found.weights[order]))))
        fit += [log(np.exp(found.log_likelihood(e).sum(axis=0)).mean()) for e in errors]
    counts = np.histogram(ranks, bins=10, range=(0, 1))[0]
    assert chisquare(counts).pvalue > 0.01
    assert kstest(ranks, "uniform").pvalue > 0.01
    best, error = _top_of(errors, fit)  # the error rate by marginal likelihood
    assert error == pytest.approx(np.sqrt(0.2 * 0.8 / (200 * len(HOLDS))), rel=0.3)
    assert abs(best - 0.2) < 3 * error


def _top_of(x, log):
    """Where a log likelihood is highest, by a parabola around it, and the standard error there."""
    k = int(log.argmax())
    a, b, _ = np.polyfit(x[k - 3 : k + 4], log[k - 3 : k + 4], 2)
    return -b / (2 * a), 1 / np.sqrt(-2 * a)


def _with_record(beliefs, signed):
    """The same draws held against another record of the same episodes."""
    from dataclasses import replace

    says = beliefs.points[0] > HOLDS[:, None]
    return replace(beliefs, said={"class": (says == signed[:, None]).astype(float)})


def test_the_shortcut_of_the_simulations_is_what_the_files_give():
    rng = np.random.default_rng(5)
    one, two = record(0.3, 0.2, rng), record(0.8, 0.2, rng)
    signed = np.array([s.document.observed.outcome == "treaty" for s in two.values()])
    base = fitted_beliefs(one, points=512, seed=1)
    assert np.array_equal(
        _with_record(base, signed).weights, fitted_beliefs(two, points=512, seed=1).weights
    )


def test_codings_are_drawn_too():
    """Against the integral over how three episodes are coded, done by hand on a grid."""
    holds, width, outcomes = (0.3, 0.5, 0.7), 0.2, ("treaty", "treaty", "none")
    files = {
        f"e{k}": episode(h, o, width) for k, (h, o) in enumerate(zip(holds, outcomes, strict=True))
    }
    beliefs = fitted_beliefs(files, points=16384, seed=2)
    bar = (np.arange(20_000) + 0.5) / 20_000
    weight = np.ones_like(bar)
    for hold, outcome in zip(holds, outcomes, strict=True):
        signed = np.clip((bar - hold + width) / (2 * width), 0, 1)
        right = signed if outcome == "treaty" else 1 - signed
        weight *= 0.8 * right + 0.2 * (1 - right)
    weight /= weight.sum()
    mean = float(weight @ bar)
    one = next(x for x in learned(beliefs) if x.name == "bar")
    assert one.after == pytest.approx(mean, abs=3 * one.error * np.sqrt(1 / 12))
    taken = fitted_beliefs(files, points=4096, seed=2, states=False)
    pairs = zip(holds, outcomes, strict=True)
    sharp = np.prod([np.where((bar > h) == (o == "treaty"), 0.8, 0.2) for h, o in pairs], axis=0)
    assert float(taken.weights @ taken.points[0]) == pytest.approx(
        float(sharp @ bar / sharp.sum()), abs=0.01
    )


def test_levels_are_miscoded_as_their_neighbours():
    text = TEXT.replace("range: [{low}, {high}]", "levels: [0, 0.5, 1]")
    files = {k: sim.loads(text.format(outcome="none", hold=h)) for k, h in (("a", 0.5), ("b", 1))}
    draws = joint_draws(files, coding=0.3)
    _, states = draws.values(draws.prior(0, 4096, size=4096, seed=3))
    shares = [[float(np.mean(states[k] == x)) for x in (0, 0.5, 1)] for k in ("a", "b")]
    assert np.allclose(shares, [[0.15, 0.7, 0.15], [0, 0.3, 0.7]], atol=0.01)
    with pytest.raises(UsageError, match="coding error"):
        joint_draws(files, coding=1.0)


def test_steered_draws_are_those_of_the_posterior():
    """In ten dimensions, where two draws in a million from the prior would count."""
    centre = np.linspace(0.3, 0.7, 10)
    u, _ = tempered(
        lambda u: -0.5 * (((u - centre[:, None]) / 0.05) ** 2).sum(axis=0),
        10,
        2000,
        np.random.default_rng(4),
    )
    assert np.allclose(u.mean(axis=1), centre, atol=0.01)
    assert np.allclose(u.std(axis=1), 0.05, rtol=0.15)


def test_few_fitting_draws_are_steered_and_agree_with_many_plain_ones():
    rng = np.random.default_rng(8)
    holds = np.concatenate([np.full(3, 0.49), np.full(3, 0.50)])
    files = {f"e{k}": episode(h, "treaty" if k < 3 else "none") for k, h in enumerate(holds)}
    steered = fitted_beliefs(files, points=400, seed=1, error=0.02)
    assert steered.manifest["steered"]
    assert steered.effective == pytest.approx(400)
    bar = rng.random(200_000)
    log_w = np.where(bar > 0.49, 3 * log(0.98), 3 * log(0.02)) + np.where(
        bar > 0.50, 3 * log(0.02), 3 * log(0.98)
    )
    w = np.exp(log_w - log_w.max())
    claim = sim.loads(TEXT.format(outcome="none", hold=0.495, low=0.495, high=0.495))
    found = believed(steered, claim)
    assert found.share == pytest.approx(
        float(w @ (bar > 0.495) / w.sum()), abs=4 * found.error + 0.02
    )
    assert "steered" in str(steered)


def test_a_call_that_was_cut_off_goes_on(tmp_path, monkeypatch):
    rng = np.random.default_rng(2)
    files = record(0.6, 0.2, rng)
    whole = fitted_beliefs(files, points=9000, seed=7)
    from sim.beliefs import belief_store

    written = belief_store.write_chunk

    def fail(place, number, table):
        if number == 1:
            raise KeyboardInterrupt
        written(place, number, table)

    monkeypatch.setattr(belief_store, "write_chunk", fail)
    with pytest.raises(KeyboardInterrupt):
        fitted_beliefs(files, points=9000, seed=7, out=tmp_path / "b")
    with pytest.raises(UsageError, match="unfinished"):
        sim.beliefs.open_beliefs(tmp_path / "b")
    monkeypatch.setattr(belief_store, "write_chunk", written)
    again = fitted_beliefs(files, points=9000, seed=7, out=tmp_path / "b")
    assert np.array_equal(again.weights, whole.weights)
    with pytest.raises(UsageError, match="exists already"):
        fitted_beliefs(files, points=9000, seed=7, out=tmp_path / "b")
    with pytest.raises(UsageError, match="exists already"):
        make_beliefs(tmp_path / "b", {"chunks": 1}, lambda k: {})


def test_episodes_that_no_weight_explains_together_are_named(tmp_path, capsys):
    for k, (hold, outcome) in enumerate(((0.4, "treaty"), (0.35, "none"))):
        (tmp_path / f"e{k}.yaml").write_text(
            TEXT.format(outcome=outcome, hold=hold, low=hold, high=hold)
        )
    assert run(["calibrate", str(tmp_path), "--points", "1024", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    pair = told["contradictions"][0]
    assert pair["episodes"] == ["e0.yaml", "e1.yaml"]
    p, q = 0.6, 0.35  # right about the first above 0.4, about the second below 0.35: never both
    assert pair["correlation"] == pytest.approx(
        -p * q / np.sqrt(p * (1 - p) * q * (1 - q)), abs=0.02
    )
    assert [row["error_rate"] for row in told["sensitivity"]] == [0.05, 0.1, 0.2, 0.3]
    assert (
        contradictions(fitted_beliefs(record(0.5, 0.0, np.random.default_rng(1)), points=256)) == {}
    )


def test_a_folder_without_outcomes_is_refused():
    silent = TEXT.replace("observed: {{outcome: {outcome}, source: a book}}\n", "")
    with pytest.raises(UsageError, match="no episode says what was observed"):
        fitted_beliefs({"a": sim.loads(silent.format(hold=0.3, low=0.3, high=0.3))})


def test_few_draws_are_kept_and_say_the_same(tmp_path):
    files = record(0.6, 0.2, np.random.default_rng(2))
    whole = fitted_beliefs(files, points=4096, seed=7)
    few = fitted_beliefs(files, points=4096, seed=7, out=tmp_path / "b", kept=800)
    assert few.effective == pytest.approx(800)
    assert few.bits == whole.bits
    claim = episode(0.5, "none")
    one, two = believed(few, claim), believed(whole, claim)
    assert one.share == pytest.approx(two.share, abs=3 * one.error)
    assert one.unfitted is None
    assert str(few).splitlines()[1].startswith("kept of 4,096 draws")
    moved = {x.name: x.after for x in learned(few)}
    assert moved["bar"] == pytest.approx(float(whole.weights @ whole.points[0]), abs=0.03)

"""Offers under laws with a density: by hand, against plain sums over a fine grid of types, and refusals."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import sim
from sim.cli import run
from sim.games.private.screening import screening_game

WAR = """
parameters: {{p: 0.6, own: 0.05}}
screening:
  proposer: a
  responder: b
  offer: {{demand: {{from: 0, to: 1}}}}
  private: {{cost: {{from: 0, to: 0.2, distribution: {law}}}}}
  answers:
    accept: {{a: demand, b: 1 - demand}}
    fight: {{a: p - own + {shared}*cost, b: 1 - p - cost}}
"""


def solved(law, shared=0):
    (solution,) = sim.solve(sim.loads(WAR.format(law=law, shared=shared)))
    return solution


# Demands above 0.6 by k are accepted by costs of k and more; the gain over war is (k + 0.05) times their
# chance. Uniform: 1 - 5 k. Triangular around 0.1: 1 - 50 k^2, so 150 k^2 + 5 k = 1. Triangular with mode 0:
# (1 - 5 k)^2, so 1 - 5 k = 10 k + 1/2. Mode 0.2: 1 - 25 k^2, so 75 k^2 + 2.5 k = 1.
BY_HAND = [
    ("{type: beta, a: 1, b: 1}", 0.075, 0.625),
    ("triangular", 1 / 15, 1 - 50 / 225),
    ("{type: triangular, mode: 0}", 1 / 30, (5 / 6) ** 2),
    ("{type: triangular, mode: 0.2}", 0.1, 0.75),
    ("{type: beta, a: 1, b: 2}", 1 / 30, (5 / 6) ** 2),
]


@pytest.mark.parametrize(("law", "more", "peace"), BY_HAND)
def test_best_offers_by_hand(law, more, peace):
    (best,) = solved(law).members
    low, high = best.extra["offer_between"]
    assert low <= 0.6 + more <= high
    assert high - low < 1e-10
    assert best.extra["answers"]["accept"] == pytest.approx(peace, abs=1e-9)
    worth = 0.55 + (more + 0.05) * peace
    least, most = best.extra["payoff_between"]
    assert least <= worth <= most
    assert most - least < 1e-10


def normal(c):
    """A density up to a factor: mean 0.08, sd 0.03."""
    return math.exp(-(((c - 0.08) / 0.03) ** 2) / 2)


def humped(c):
    """Beta with shapes 2 and 5 on [0, 0.2], up to a factor."""
    return 5 * c * (1 - 5 * c) ** 4


def lowest_inside(c):
    """Beta with both shapes 1/2."""
    return 1 / math.sqrt(max(c * (0.2 - c), 1e-12))


@pytest.mark.parametrize("shared", [0, 0.6])
@pytest.mark.parametrize(
    ("law", "density"),
    [
        ("{type: normal, sd: 0.03, mean: 0.08}", normal),
        ("{type: beta, a: 2, b: 5}", humped),
        ("{type: beta, a: 0.5, b: 0.5}", lowest_inside),
    ],
)
def test_no_offer_on_a_fine_grid_is_better(law, density, shared):
    """Types at the middles of 20,000 steps answer one by one; sums from above give every demand's worth."""
    (best,) = solved(law, shared).members
    count = 20_000
    types = [0.2 * (k + 0.5) / count for k in range(count)]
    weights = [density(c) for c in types]
    whole = sum(weights)
    refused = brought = 0.0
    worths = []
    for c, weight in zip(types, weights, strict=True):
        worths.append((0.6 + c) * (1 - refused / whole) + brought / whole)
        refused += weight
        brought += weight * (0.55 + shared * c)
    grid = max(range(count), key=worths.__getitem__)
    tolerance = 5e-3 if density is lowest_inside else 1e-4
    assert best.payoffs["a"] == pytest.approx(worths[grid], abs=tolerance / 5)
    assert best.extra["offer"] == pytest.approx(0.6 + types[grid], abs=tolerance)
    assert best.regret <= 1e-9


def test_two_equally_good_offers_are_both_found():
    """With answers mirrored about 0 what an offer brings is even in it."""
    text = """
    screening:
      proposer: one
      responder: two
      offer: {q: {from: -1, to: 1}}
      private: {c: {from: -1, to: 1, distribution: {type: beta, a: 2, b: 2}}}
      answers:
        up: {one: q, two: c + q}
        down: {one: 0 - q, two: 0 - c - q}
    """
    # up where c > -q: one expects q (1 - 2 F(-q)) = q * (3 q - q^3) / 2, best at both ends
    (solution,) = sim.solve(sim.loads(text))
    assert [m.extra["offer"] for m in solution.members] == pytest.approx([-1, 1])
    assert [m.payoffs["one"] for m in solution.members] == pytest.approx([1, 1])
    assert solution.note == "bounds do not tell which of these offers is best"


def test_a_law_that_decides_little_says_so():
    """A normal law next to flat on its range: the offer of a uniform law lies within the bounds."""
    solution = solved("{type: normal, sd: 5000}")
    (best,) = solution.members
    low, high = best.extra["offer_between"]
    assert low < 0.675 < high
    assert "too close" in solution.note


@pytest.mark.parametrize("law", ["triangular", "{type: normal, sd: 0.04, mean: 0.3}"])
def test_laws_agree_with_the_quantiles_that_samples_use(law):
    """The chance up to a quantile is its level, and means agree with sums of quantiles."""
    document = sim.loads(WAR.format(law=law, shared=0)).document
    game = screening_game(document.screening, {"p": 0.6, "own": 0.05})
    record = document.screening.private["cost"].distribution
    u = (np.arange(2000) + 0.5) / 2000
    values = record.quantile(u, 0.0, 0.2, 0.1)
    assert game.number.law.chance(values) == pytest.approx(u, abs=1e-9)
    assert float(game.number.law.mean_up_to(np.array(0.2))) == pytest.approx(
        values.mean(), abs=1e-5
    )
    steps = [
        game.number.law.densities(np.array(a), np.array(b)) for a, b in pairwise(values[::400])
    ]
    assert all(lo <= hi for lo, hi in steps)


BAD = [
    ("{type: triangular, mode: 0.5}", "mode 0.5 is outside the range [0, 0.2]"),
    ("{type: normal, sd: 0.01, mean: 5}", "next to no chance"),
    ("{type: gamma}", "unknown distribution type 'gamma'"),
]


@pytest.mark.parametrize(("law", "words"), BAD)
def test_what_is_wrong_is_said(tmp_path, capsys, law, words):
    path = tmp_path / "x.yaml"
    path.write_text(WAR.format(law=law, shared=0))
    assert run(["solve", str(path)]) == 2
    assert words in " ".join(capsys.readouterr().err.split())


def test_a_distribution_needs_ends(tmp_path, capsys):
    path = tmp_path / "x.yaml"
    text = WAR.format(law="triangular", shared=0)
    path.write_text(text.replace("from: 0, to: 0.2,", "cumulative: [[0, 0], [1, 1]],"))
    assert run(["solve", str(path)]) == 2
    assert "goes with 'from' and 'to'" in " ".join(capsys.readouterr().err.split())

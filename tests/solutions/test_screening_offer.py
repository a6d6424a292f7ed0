"""Offers to an actor with a continuum of types: closed forms, a fine grid of types, and what is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest
import sim
from sim.cli import run

# Fearon (1995), pp. 390-395: demand p + (top - own) / 2 and war (1 - own / top) / 2 inside the range
WAR = """
parameters: {{p: {p}, own: {own}, top: {top}}}
screening:
  proposer: a
  responder: b
  offer: {{demand: {{from: 0, to: 1}}}}
  private: {{cost: {law}}}
  answers:
    accept: {{a: demand, b: 1 - demand}}
    fight: {{a: p - own, b: 1 - p - cost}}
"""


def solved(text):
    (solution,) = sim.solve(sim.loads(text))
    return solution


def test_a_law_of_two_steps_by_hand():
    """Costs up to 0.1 with chance 1/4, 0.1 to 0.3 with 3/4, p 1/2, own cost 0.

    In the upper step the chance of peace at a demand 1/2 + k is (3/4) (0.3 - k) / 0.2 and the gain is k
    times it: k = 0.15. In the lower one it is 1 - k 2.5, at most 0.1 * 0.75 = 0.075 at its end, below 0.15
    * 0.5625.
    """
    law = "{cumulative: [[0, 0], [0.1, 1/4], [0.3, 1]]}"
    (best,) = solved(WAR.format(p=0.5, own=0, top=1, law=law)).members
    assert best.extra["offer"] == pytest.approx(0.65, abs=1e-12)
    assert best.extra["answers"]["accept"] == pytest.approx(0.5625, abs=1e-12)
    assert best.payoffs["a"] == pytest.approx(0.5 + 0.15 * 0.5625, abs=1e-12)


@pytest.mark.parametrize("seed", range(8))
def test_nobody_gains_on_a_fine_grid_of_types_and_offers(seed):
    """Types one by one choose their best answer; no offer of many is better, and the payoffs are those
    found."""
    rng = np.random.default_rng(seed)
    inner = np.sort(rng.uniform(0.05, 0.95, (2, 2)), axis=1)
    law = [[0, 0], *np.round(inner.T, 3).tolist(), [1, 1]]
    answers = {
        f"r{k}": {
            "one": f"{x[0]:.2f} + {x[1]:.2f}*q + {x[2]:.2f}*c",
            "two": f"{y[0]:.2f} + {y[1]:.2f}*q + {y[2]:.2f}*c",
        }
        for k, (x, y) in enumerate(rng.uniform(-1, 1, (3, 2, 3)))
    }
    section = {
        "proposer": "one",
        "responder": "two",
        "offer": {"q": {"from": -1, "to": 1}},
        "private": {"c": {"cumulative": law}},
        "answers": answers,
    }
    best = solved(json.dumps({"screening": section})).members[0]
    count = 20_000
    chances = (np.arange(count) + 0.5) / count
    types = np.interp(chances, [p for _, p in law], [c for c, _ in law])
    values = {}
    for offer in [best.extra["offer"], *np.linspace(-1, 1, 41)]:
        pay = np.array(
            [
                [
                    np.broadcast_to(eval_at(formula[who], offer, types), types.shape)
                    for formula in answers.values()
                ]
                for who in ("one", "two")
            ]
        )
        chosen = pay[1].argmax(axis=0)
        values[offer] = pay[:, chosen, np.arange(count)].mean(axis=1)
    found = values[best.extra["offer"]]
    assert list(best.payoffs.values()) == pytest.approx(found.tolist(), abs=3e-4)
    assert max(v[0] for v in values.values()) <= best.payoffs["one"] + 3e-4
    assert best.regret <= 1e-9


def eval_at(text, offer, types):
    return sim.expressions.parse(text).evaluate({"q": offer, "c": types})


def test_types_that_are_indifferent_answer_as_the_proposer_prefers():
    """All types accept a demand of 1/2 + 0: with a worth of war that no type's cost changes there is no
    limit."""
    section = WAR.format(p=0.5, own=0.1, top=1, law="{from: 0, to: 1}").replace(
        "1 - p - cost", "1 - p"
    )
    (best,) = solved(section).members
    assert best.extra["offer"] == pytest.approx(0.5, abs=1e-12)
    assert best.extra["answers"] == {"accept": 1.0, "fight": 0.0}


BAD = [
    ("{from: 1, to: 0}", "values must rise"),
    ("{from: 0}", "needs 'from' and 'to'"),
    ("{cumulative: [[0, 0], [1, 1/2]]}", "rise from 0 to 1"),
    ("{from: 0, to: tpo}", "unknown name 'tpo'; did you mean 'top'?"),
]


@pytest.mark.parametrize(("law", "words"), BAD)
def test_what_is_wrong_is_said(tmp_path, capsys, law, words):
    path = tmp_path / "x.yaml"
    path.write_text(WAR.format(p=0.5, own=0.1, top=1, law=law))
    assert run(["solve", str(path)]) == 2
    assert words in " ".join(capsys.readouterr().err.split())


def test_a_payoff_that_is_not_affine_is_refused(tmp_path, capsys):
    path = tmp_path / "x.yaml"
    text = WAR.format(p=0.5, own=0.1, top=1, law="{from: 0, to: 1}")
    path.write_text(text.replace("1 - p - cost", "1 - p - cost*demand"))
    assert run(["solve", str(path)]) == 2
    assert "is not affine in demand and cost" in " ".join(capsys.readouterr().err.split())

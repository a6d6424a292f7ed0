"""The ladder against a slow, exact reading of its definition, on random disputes full of ties."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sim.feasibility import RUNGS, climb, explain
from sim.loading import loads
from sim.payoffs import compile_dispute

LEVEL = {"home": 1, "abroad": 2, "enforcement": 3}
RUNG_SETS = [
    (),
    ("home",),
    ("home", "home"),
    ("home", "abroad"),
    ("abroad", "enforcement"),
    ("home", "abroad", "enforcement"),
]


def regret(t, a, s):
    """The largest gain, in its own unit, that one third party could make by another stance."""
    worst = Fraction(0)
    for j, (actor, count) in enumerate(t.stances.items()):
        here = t.payoffs[actor][a, s]
        for k in range(count):
            other = (*s[:j], k, *s[j + 1 :])
            worst = max(worst, Fraction(t.payoffs[actor][a, other] - here, t.scale(actor)))
    return worst


def stable(t, a):
    """Stance equilibria once ``a`` is signed, or the profiles of least regret where there is none."""
    regrets = {s: regret(t, a, s) for s in t.profiles}
    least = min(regrets.values())
    return [s for s in t.profiles if regrets[s] == least], least == 0


def parts(t, a, s, s0, push):
    """Every gain and slack of ``(a, s)``: its name, its rung and its exact value."""
    out = {}
    for actor in t.principals:
        change = t.payoffs[actor][a, s] - t.payoffs[actor][0, s0]
        change += push * t.treaties[a] if actor == t.principals[0] else 0
        out[f"{actor}.gain"] = (0, Fraction(change, t.scale(actor)))
    for (actor, name, rung), table in t.constraints.items():
        out[f"{actor}.{name}"] = (LEVEL[rung], Fraction(table[a, s]))
    return out


def slow_ladder(t, s0, push):
    """Per rung the value of every treaty under each of its stance equilibria."""
    levels = []
    for rung in range(len(RUNGS)):
        values = {}
        for a, treaty in enumerate(t.treaties):
            if treaty:
                for s in stable(t, a)[0]:
                    values[a, s] = min(v for k, v in parts(t, a, s, s0, push).values() if k <= rung)
        levels.append(values)
    return levels


def in_every(t, level):
    """The best treaty when each meets the least favourable of its stance equilibria."""
    worst = {}
    for (a, _), value in level.items():
        worst[a] = min(value, worst.get(a, value))
    return max(worst.values())


def key(levels):
    """What two status-quo stances are compared by: margin, first rung that fails, best value there."""
    failing = [k for k, level in enumerate(levels) if max(level.values()) < 0]
    rung = failing[0] if failing else len(RUNGS)
    return max(levels[-1].values()), rung, max(levels[min(rung, len(RUNGS) - 1)].values())


def check(t, ladder, point, push):
    bases = {s0: slow_ladder(t, s0, push) for s0 in stable(t, 0)[0]}
    margins = {s0: max(levels[-1].values()) for s0, levels in bases.items()}
    margin = max(margins.values())
    assert ladder.margin[point] == pytest.approx(float(margin), abs=1e-12)
    every = min(in_every(t, levels[-1]) for levels in bases.values())
    assert ladder.margin_in_every[point] == pytest.approx(float(every), abs=1e-12)

    s0 = t.profiles[ladder.base_profile[point]]
    keys = {base: key(levels) for base, levels in bases.items()}
    assert keys[s0] == max(keys.values())
    _, rung, top = keys[s0]
    assert ladder.rung[point] == rung
    k = min(rung, len(RUNGS) - 1)
    tied = {
        a
        for base, levels in bases.items()
        if keys[base] == keys[s0]
        for (a, _), value in levels[k].items()
        if value == top
    }
    assert ladder.ties[point] == len(tied)
    chosen = (ladder.agreement[point], t.profiles[ladder.profile[point]])
    assert bases[s0][k][chosen] == top
    assert ladder.binding_slack[point] == pytest.approx(float(top), abs=1e-12)
    lowest = parts(t, *chosen, s0, push)[ladder.labels[ladder.binding[point]]]
    assert lowest[0] <= rung
    assert lowest[1] == top
    needed = [0, *(a for a, treaty in enumerate(t.treaties) if treaty)]
    assert ladder.exact[point] == all(stable(t, a)[1] for a in needed)
    return tied


@settings(max_examples=50, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    principals=st.integers(2, 3),
    stances=st.sampled_from([(), (2,), (3,), (2, 2), (3, 2)]),
    agreements=st.integers(2, 5),
    rungs=st.sampled_from(RUNG_SETS),
)
@example(seed=1, principals=2, stances=(2, 2), agreements=4, rungs=("home", "abroad"))
def test_ladder_is_what_its_definition_says(tables, seed, principals, stances, agreements, rungs):
    t = tables(seed, principals=principals, stances=stances, agreements=agreements, rungs=rungs)
    dispute = compile_dispute(loads(t.text()), ["push"])
    pushes = [-2, -1, 0, 1, 3]
    ladder = climb(dispute.at(np.array([pushes], dtype=float)))
    for point, push in enumerate(pushes):
        tied = check(t, ladder, point, push)
        if push == 0:
            verdict = explain(loads(t.text()), with_thresholds=False)
            assert verdict.ties == (() if len(tied) == 1 else tuple(f"p{a}" for a in sorted(tied)))


def test_a_file_without_pure_stance_equilibrium_says_so(blank_tables):
    """Matching pennies between the third parties once p1 is signed: no profile is an equilibrium."""
    pennies = {(1, s): 1 if s[0] == s[1] else -1 for s in [(0, 0), (0, 1), (1, 0), (1, 1)]}
    flat = {(0, s): 0 for s in [(0, 0), (0, 1), (1, 0), (1, 1)]}
    t = blank_tables(
        ("tokyo", "moscow"),
        {"washington": 2, "beijing": 2},
        (False, True),
        {
            "tokyo": {**flat, **dict.fromkeys(pennies, 2)},
            "moscow": {**flat, **pennies},
            "washington": {**flat, **pennies},
            "beijing": {**flat, **{cell: -v for cell, v in pennies.items()}},
        },
    )
    ladder = climb(compile_dispute(loads(t.text())).at(np.zeros((0, 1))))
    assert not ladder.exact[0]
    assert ladder.margin[0] == pytest.approx(0.5)
    assert ladder.margin_in_every[0] == pytest.approx(-0.5)


def test_stance_equilibria_of_agreements_that_are_no_treaty_do_not_matter(blank_tables):
    """The same pennies, but p1 is an interim agreement: the ladder never asks about it."""
    profiles = [(0, 0), (0, 1), (1, 0), (1, 1)]
    pennies = {(1, s): 1 if s[0] == s[1] else -1 for s in profiles}
    flat = {(a, s): 0 for a in (0, 2) for s in profiles}
    t = blank_tables(
        ("tokyo", "moscow"),
        {"washington": 2, "beijing": 2},
        (False, False, True),
        {
            "tokyo": {**flat, **pennies},
            "moscow": {**flat, **pennies},
            "washington": {**flat, **pennies},
            "beijing": {**flat, **{cell: -v for cell, v in pennies.items()}},
        },
    )
    ladder = climb(compile_dispute(loads(t.text())).at(np.zeros((0, 1))))
    assert ladder.exact[0]

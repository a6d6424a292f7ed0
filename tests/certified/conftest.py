"""Random disputes as files, from a seed: affine in their parameters, or not."""

import numpy as np
import pytest
from sim.loading import loads

PARAMETERS = ("p0", "p1", "p2", "p3")


def random_text(seed: int, *, curved: bool, third: bool, factor: str = "1") -> str:
    """A dispute of two principals, two issues and a ratifying body; with a third party if asked."""
    rng = np.random.default_rng(seed)

    def number(low=-1.0, high=1.0):
        return f"({rng.uniform(low, high):.3f})"

    def linear(name):
        parts = [f"{number()}*{p}" for p in rng.choice(PARAMETERS, 2, replace=False)]
        return f"({number()} + {' + '.join(parts)})*{name}"

    def bent(name):
        a, b = rng.choice(PARAMETERS, 2, replace=False)
        forms = [
            f"{number()}*{a}*{b}*{name}",
            f"max(0, {a} - {number(0.2, 0.8)})*{name}",
            f"{number()}*exp({a} - {b})*{name}",
            f"{number()}*{a}**2*{name}/(1 + {b})",
            f"min({a}, {b})*{number()}*{name}",
            f"where({a} > {number(0.3, 0.7)}, {number()}, {number()})*{name}",
            f"logistic(4*{a} - 2)*{number()}*{name}",
            f"abs({a} - {b})*{number()}*{name}",
            f"sqrt(0.1 + {a})*log(1 + {b})*{number()}*{name}",
        ]
        return forms[rng.integers(len(forms))]

    def payoff(actor):
        names = ["x", "y", "signed"]
        terms = {f"t{k}": linear(name) for k, name in enumerate(names)}
        if curved:
            terms["bent"] = bent(names[rng.integers(3)])
            terms["bent_too"] = bent(names[rng.integers(3)])
        if third:
            terms["voice"] = f"{number()}*loud*signed"
        return terms

    def block(terms):
        return "{" + ", ".join(f'{k}: "({v})*{factor}"' for k, v in terms.items()) + "}"

    values = {p: round(float(rng.uniform(0, 1)), 3) for p in PARAMETERS}
    lines = [
        "parameters: {"
        + ", ".join(f"{p}: {{value: {v}, range: [0, 1]}}" for p, v in values.items())
        + "}",
        "issues:",
        "  land: {none: {}, some: {x: 0.4}, all: {x: 1}}",
        "  aid: {none: {}, much: {y: 1}}",
        "  peace: {no: {}, yes: {signed: 1}}",
        "outcomes: {treaty: signed}",
        'rule_out: ["(x > 0 or y > 0) and not signed"]',
        "actors:",
        "  a: {role: principal}",
        "  b: {role: principal}",
    ]
    if third:
        lines.append("  c: {role: third party, stances: {calm: {}, noisy: {loud: 1}}}")
        lines.append("  d: {role: third party, stances: {off: {}, on: {busy: 1}}}")
    lines += ["payoffs:", f"  a: {block(payoff('a'))}", f"  b: {block(payoff('b'))}"]
    if third:
        swing = f'"({number()} + {number()}*p0 + {number()}*busy)*loud*signed*{factor}"'
        lines.append(f"  c: {{voice: {swing}}}")
        lines.append(
            f'  d: {{work: "({number()} + {number()}*p1 - {number()}*loud)*busy*{factor}"}}'
        )
    blocs = ", ".join(
        f'b{k}: {{seats: "{s}", utility: "{linear("x")} + {number(0, 0.5)}"}}'
        for k, s in enumerate(["0.4 + 0.2*p3" if curved else "0.4", "0.35", "0.25"])
    )
    lines += [
        "domestic:",
        f"  a: {{house: {{type: ratification, quota: 0.5, blocs: {{{blocs}}}}}, "
        f'poll: {{type: public_opinion, support: "1 - p2*x", threshold: "{number(0.1, 0.6)}"}}}}',
        f'  b: {{hawk: {{type: veto_player, utility: "{linear("y")} + {number(0, 0.6)}"}}, '
        f'ban: {{type: legal_ban, bans: "x > 0.5", hard: "0.1 + p1"}}}}',
        "abroad:",
        f'  b: {{keep: {{type: enforcement, temptation: "{number(0, 0.5)}*y", '
        f'punishment: "{number(0, 1)}", delta: "{"p3" if curved else "0.6"}", clause: y}}}}',
    ]
    return "\n".join(lines)


@pytest.fixture(scope="session")
def random_dispute():
    """A function from a seed to a random dispute."""

    def make(seed: int, *, curved: bool = False, factor: str = "1"):
        return loads(random_text(seed, curved=curved, third=seed % 2 == 1, factor=factor))

    return make


LADDER = """
title: A ladder solved by hand
parameters:
  value: {value: 1, range: [0.5, 1.5]}
  principle: {value: 0.5, range: [0, 1]}
  holding: {value: 2, range: [1, 3]}
issues:
  package: {none: {}, bare: {signed: 1}, two: {signed: 1, area: 0.07}, four: {signed: 1, area: 1}}
outcomes: {treaty: signed}
actors: {tokyo: {role: principal}, moscow: {role: principal}}
payoffs:
  tokyo: {all: value*area + 0.2*signed - principle*(1 - area)*signed}
  moscow: {all: -holding*area + 0.3*signed}
"""


@pytest.fixture(scope="session")
def ladder():
    """Two principals, three treaties, payoffs affine in three parameters; solved by hand.

    Tokyo's spread is 1.5 and Moscow's 2, at the values given. The gains of the treaty 'two' are
    (0.27 - 0.93 principle)/1.5 and (0.3 - 0.07 holding)/2, so it is feasible up to principle = 27/93.
    """
    return loads(LADDER)

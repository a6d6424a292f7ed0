"""Every figure of disputes with three principals and a third party that pays, or has given its word."""

from __future__ import annotations

import pytest
import sim
from sim import plots, views

RIVER = """
title: "A river of three states"
actors:
  downstream: {role: principal}
  upstream: {role: principal}
  between: {role: principal}
  mediator: {role: third party, stances: {aloof: {}, pays: {grant: 1}, presses: {pressure: 1}}}
issues:
  release: {unilateral: {}, low: {agreed: 1, water: 0.35}, drought: {agreed: 1, water: 0.7}}
  data: {none: {}, shared: {data: 1}}
  power: {none: {}, trade: {power: 1}}
outcomes: {treaty: agreed, interim: data}
parameters:
  downstream: {minimum: {value: 0.5, range: [0.2, 0.9]}, water: {value: 0.8, range: [0.5, 1]}}
  upstream: {control: {value: 0.5, range: [0.3, 0.8]}, nationalism: {value: 0.7, range: [0.4, 0.9]}}
payoffs:
  downstream: {water: downstream.water*water}
  upstream:
    control: -upstream.control*water
    power: 0.25*power
    peace: 0.15*agreed
    grant: 0.2*grant*agreed
    sanctions: -0.2*pressure*(1 - agreed)
  between: {data: 0.4*data, power: 0.2*power, loyalty: 0.1*water}
  mediator: {prize: 0.3*agreed, price: -0.1*(grant*agreed + 0.5*pressure)}
domestic:
  downstream: {public: {type: veto_player, utility: water - downstream.minimum}}
  upstream: {public: {type: public_opinion, support: 1 - upstream.nationalism*water, threshold: 0.5}}
game: offer_reply
"""
ISLAND = """
title: "An island of two communities, and a guarantor"
actors:
  south: {role: principal}
  north: {role: principal}
  guarantor: {role: principal}
  union: {role: third party, stances: {accession_anyway: {anyway: 1}, accession_tied: {}}}
issues:
  constitution: {divided: {}, federation: {united: 1, shared: 0.5}, unitary: {united: 1}}
  property: {none: {}, compensation: {returned: 0.3}, restitution: {returned: 1}}
  troops: {stay: {}, remnant: {withdrawn: 0.9}, zero: {withdrawn: 1, ended: 1}}
outcomes: {treaty: united, interim: withdrawn > 0}
rule_out: [constitution.unitary and not troops.zero]
parameters:
  south: {no: {value: 0.76, range: [0.6, 0.85]}, power: {value: 0.5, range: [0.3, 0.8]}}
  guarantor: {hawks: {value: 0.35, range: [0.2, 0.5]}, patience: {value: 0.8, range: [0.6, 0.95]}}
payoffs:
  south:
    property: 0.3*returned
    security: 0.4*withdrawn
    power: -south.power*shared
    accession: 0.6*max(united, anyway)
  north: {identity: 0.5*shared - 0.15*united, accession: 0.7*united, homes: -0.2*returned}
  guarantor: {bases: -0.3*(withdrawn + ended), path: 0.6*united}
  union: {word: 0.3*anyway, peace: 0.2*united}
domestic:
  south:
    vote: {type: public_opinion, support: 1 - south.no + 0.4*returned + 0.2*withdrawn, threshold: 0.5}
  guarantor:
    house:
      type: ratification
      quota: 0.5
      blocs:
        hawks: {seats: guarantor.hawks, utility: 0.2 - withdrawn}
        others: {seats: 1 - guarantor.hawks, utility: united - 0.8*ended}
abroad:
  guarantor:
    withdrawal: {type: enforcement, temptation: 0.3*withdrawn, punishment: 0.4, delta: guarantor.patience}
game: [union.stance, {offer: north}, {reply: south}, {reply: guarantor}, ratify]
"""
AXES = {
    "river": (RIVER, "upstream.nationalism", "downstream.minimum"),
    "island": (ISLAND, "south.no", "south.power"),
}


@pytest.mark.parametrize("name", ["river", pytest.param("island", marks=pytest.mark.slow)])
def test_figures_of_three_principals_are_legible(name, overlapping, outside):
    text, x, y = AXES[name]
    scenario = sim.loads(text)
    verdict = sim.explain(scenario, draws=64)
    grid = sim.sweep(scenario, vary={x: (0, 1, 9), y: (0, 1, 9)})
    frontier = sim.frontier(scenario, vary={x: None, y: None})
    drawn = {
        "ladder": plots.ladder(verdict),
        "terms": plots.terms(verdict),
        "tornado": plots.tornado(verdict),
        "thresholds": plots.thresholds(verdict),
        "win_sets": plots.win_sets(views.win_sets(scenario)),
        "utility_space": plots.utility_space(views.utility_space(scenario)),
        "landscape": plots.landscape(grid),
        "margin_map": plots.margin_map(grid),
        "margin": plots.margin(sim.sweep(scenario, vary={x: (0, 1, 9)})),
        "frontier": plots.frontier(frontier),
    }
    for figure, ax in drawn.items():
        assert overlapping(ax) == [], figure
        assert outside(ax) == [], figure

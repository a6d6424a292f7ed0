"""Small disputes in a world that moves."""

from __future__ import annotations

import pytest
import sim

TEXT = """
title: A small world
parameters:
  mood: {{value: 0, range: [-1, 1], source: assumed}}
  gain: {{value: 1, range: [0.5, 1.5], source: assumed}}
  calm: {{value: {calm}, range: [0.05, 0.3], source: counted}}
  price: {{value: 0.2, range: [0, 0.4], source: assumed}}
issues:
  peace: {{no: {{}}, bare: {{signed: 1}}, paid: {{signed: 1, paid: 1}}}}
outcomes: {{treaty: signed}}
actors: {{a: {{role: principal}}, b: {{role: principal}}}}
payoffs:
  a: {{peace: gain*signed, pay: -price*paid}}
  b: {{peace: mood*signed, pay: price*paid}}
domestic:
  b: {{house: {{type: veto_player, utility: mood + 0.5}}}}
game: [{{offer: a}}, {{reply: b}}, ratify]
dynamics:
  period: {{start: 2030, years: 1}}
  report: 20
  discount: {{a: {d}, b: {d}}}
  proposer: {{a: 0.5, b: 0.5}}
  world:
    mood:
      now: hostile
      levels: {{hostile: {{mood: -1}}, cool: {{mood: -0.1}}, warm: {{mood: 0.4}}}}
      moves:
        hostile: {{cool: calm}}
        cool: {{warm: "where(war.on, calm/2, calm)", hostile: 0.1}}
        warm: {{cool: 0.05}}
    war:
      now: on
      levels: {{on: {{gain: 0.6}}, over: {{gain: 1.2}}}}
      moves: {{on: {{over: 0.2}}}}
"""


@pytest.fixture
def small():
    """The small world with given discount factor and rate."""

    def make(d: float = 0.9, calm: float = 0.15, **replaced: str) -> sim.Scenario:
        text = TEXT.format(d=d, calm=calm)
        for old, new in replaced.items():
            text = text.replace(old, new)
        return sim.loads(text)

    return make

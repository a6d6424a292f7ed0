"""A small dispute with every part that a sweep has to carry, and variants of it."""

import numpy as np
import pyarrow as pa
import pytest
from sim.loading import loads
from sim.sweeps import Run

DISPUTE = """
title: Two islands
parameters:
  tokyo:
    value: {value: 1.0, range: [0.5, 1.5], unit: payoff}
    principle: {value: 0.5, range: [0, 1], unit: share}
  moscow:
    holding: {value: 2.0, range: [0.1, 3]}
    mood: {value: 0.3, range: [0, 1]}
  limit: 0.5
issues:
  area: {none: {}, two: {area: 0.07}, four: {area: 1}}
  peace: {no: {}, yes: {signed: 1}}
outcomes: {treaty: signed == 1 and area < 2}
rule_out: [area > 0 and signed == 0]
actors:
  tokyo: {role: principal}
  moscow: {role: principal}
  washington: {role: third party, stances: {support: {}, oppose: {hostile: 1}}}
payoffs:
  tokyo:
    island: tokyo.value * area - tokyo.principle * (1 - area) * signed
    peace: 0.2 * signed - 0.3 * hostile * signed
  moscow:
    island: -moscow.holding * area + 0.3 * signed
    mood: 0.1 * moscow.mood ** 2 * signed
  washington:
    bases: (0.5 - tokyo.principle) * hostile * signed
domestic:
  tokyo: {diet: {type: veto_player, utility: area - 0.05}}
game: [{offer: tokyo}, {reply: moscow}, washington.stance, ratify]
sweeps:
  map: {vary: {tokyo.principle: [0, 1, 5], moscow.holding: [0.5, 2.5, 3]}}
"""


@pytest.fixture(scope="session")
def dispute():
    """The dispute at its own values."""
    return loads(DISPUTE)


@pytest.fixture(scope="session")
def fragile():
    """The dispute with a term that divides by ``moscow.mood - 0.5`` when a treaty is signed."""
    return loads(DISPUTE.replace("0.1 * moscow.mood ** 2", "0.1 / (moscow.mood - 0.5)"))


@pytest.fixture(scope="session")
def structural():
    """The dispute with a parameter that decides which agreements are treaties."""
    return loads(DISPUTE.replace("area < 2", "area < limit + 2"))


@pytest.fixture(scope="session")
def spoilt():
    """A run of which some points have failed, and others lie on the knife-edge."""

    def spoil(run, *, failed=(), knife_edge=()):
        table = run.to_arrow()
        size = table.num_rows
        gone = np.isin(np.arange(size), list(failed))
        unclear = gone | np.isin(np.arange(size), list(knife_edge))
        for name in [n for n in run.columns if n not in run.varied]:
            values = table.column(name).combine_chunks()
            if name == "status":
                column = pa.array(np.where(gone, "failed", "ok")).dictionary_encode()
            else:
                null = unclear if name == "feasible" else gone
                rows = pa.array(np.arange(size), mask=null)
                column = values.take(rows)
            table = table.set_column(table.schema.get_field_index(name), name, column)
        return Run(manifest=run.manifest, table=table)

    return spoil

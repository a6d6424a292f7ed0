"""A small dispute on disk, and the command line run inside the test's process."""

import pytest
from sim.cli import run

DISPUTE = """\
title: Two islands
parameters:
  tokyo:
    value: {value: 1.0, range: [0.5, 1.5], unit: payoff}
    principle: {value: 0.5, range: [0, 1], unit: share, source: "worked example"}
  moscow:
    holding: {value: 2.0, range: [0.1, 3]}
    mood: {value: 0.3, range: [0.1, 1]}
  limit: 3
issues:
  area: {none: {}, two: {area: 0.07}, four: {area: 1}}
  peace: {no: {}, yes: {signed: 1}}
outcomes: {treaty: signed == 1}
rule_out: [area > 0 and signed == 0, area > limit]
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
    mood: 0.01 / moscow.mood * signed
  washington:
    bases: (0.4 - tokyo.principle) * hostile * signed
domestic:
  tokyo: {diet: {type: veto_player, utility: area - 0.05}}
game: [{offer: tokyo}, {reply: moscow}, washington.stance, ratify]
sweeps:
  map: {vary: {tokyo.principle: [0, 1, 3], moscow.holding: [0.5, 2.5, 3]}}
"""
CHICKEN = """\
title: Chicken
strategic:
  actors: {row: [swerve, straight], column: [swerve, straight]}
  payoffs: [[[0, 0], [-1, 1]], [[1, -1], [-9, -9]]]
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with ``dispute.yaml`` and ``chicken.yaml``."""
    (tmp_path / "dispute.yaml").write_text(DISPUTE, encoding="utf-8")
    (tmp_path / "chicken.yaml").write_text(CHICKEN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def sim(folder, capsys):
    """Runs ``sim`` with some words; gives exit code, standard output and standard error."""

    def _sim(*words):
        code = run([str(word) for word in words])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return _sim

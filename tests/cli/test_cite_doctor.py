"""What to cite, and what a bug report has to say."""

import json

import pytest
from sim.citing import cite, entries
from sim.solutions import CONCEPTS


def test_the_program_itself(sim):
    code, out, _ = sim("cite")
    assert code == 0
    assert out.startswith("@software{treatysim,")


@pytest.mark.parametrize("name", CONCEPTS)
def test_every_concept_has_something_to_cite(name):
    found = cite(name).entries
    assert found
    assert found[0] == entries()[CONCEPTS[name].reference]
    assert len(set(found)) == len(found)


def test_keys_and_the_whole_bibliography(sim):
    assert sim("cite", "fearon1995")[1].count("@") == 1
    code, out, _ = sim("cite", "--whole")
    assert code == 0
    assert all(f"{{{key}," in out for key in entries())


def test_an_unknown_name_is_refused_with_near_ones(sim):
    code, out, err = sim("cite", "pure_nahs")
    assert (code, out) == (2, "")
    assert "did you mean 'pure_nash'" in err


def test_doctor_says_what_a_bug_report_needs(sim):
    code, out, _ = sim("doctor", "--json")
    assert code == 0
    found = json.loads(out)
    assert {"program", "packages", "extras", "engines", "fonts", "folders"} <= set(found)
    assert all(version != "missing" for version in found["packages"].values())
    assert found["fonts"]["Latin"]
    assert "numpy" in sim("doctor")[1]

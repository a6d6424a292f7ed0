"""What the Kuril episodes, the futures and the controls must show, and that nothing was fitted in secret."""

from __future__ import annotations

from pathlib import Path

import pytest
import sim
from sim.backcasting import sign_test

SCENARIOS = Path(__file__).parents[2] / "scenarios"
EPISODES = ("1956", "1960", "1992", "1993", "2006", "2016", "2018", "2020", "2022")
FUTURES = ("arctic-schism", "nuclear-sharing", "postwar", "taiwan-crisis")
CONTROLS = ("japan-russia-1875", "russia-china-2004", "russia-norway-2010")

# What happened, and who bound: Joint Declaration 1956; Gromyko memorandum 1960; Kozyrev's offer 1992;
# Tokyo Declaration 1993; Aso's halves 2006; Nagato 2016; Singapore to Osaka 2018-19; constitution 2020;
# suspension of the talks 2022.
HISTORY = {
    "1956": ("interim", "tokyo"),
    "1960": ("none", "moscow"),
    "1992": ("none", "tokyo"),
    "1993": ("interim", "moscow"),
    "2006": ("none", "tokyo"),
    "2016": ("interim", "moscow"),
    "2018": ("none", "moscow"),
    "2020": ("none", "moscow"),
    "2022": ("none", "moscow"),
}
# What the model says instead where it is wrong, as the states are coded by their own rules since: a framework
# was open in 1992 and an overture pending in 2018, so it expects a declaration, and a package.
WRONG = {"1992": "interim", "2018": "interim"}


def kuril(name: str) -> sim.Scenario:
    return sim.load(SCENARIOS / "kuril" / f"{name}.yaml")


def names() -> list[str]:
    folders = ("kuril", "controls")
    return sorted(
        str(f.relative_to(SCENARIOS)) for d in folders for f in (SCENARIOS / d).glob("*.yaml")
    )


@pytest.mark.parametrize("name", EPISODES)
def test_history(name: str) -> None:
    verdict = sim.explain(kuril(name), with_thresholds=False)
    outcome, binding = HISTORY[name]
    assert verdict.predicted["outcome_class"] == WRONG.get(name, outcome)
    assert verdict.feasible is False
    assert {binding} in map(set, verdict.blockers.actors)  # lifting what it needs alone would do


@pytest.mark.parametrize("name", [*EPISODES, *(f"future-{f}" for f in FUTURES)])
def test_sign_tests(name: str) -> None:
    scenario = kuril(name)
    assert scenario.document.sign_tests
    for test in scenario.document.sign_tests:
        assert sign_test(scenario, test).passed, test


@pytest.mark.parametrize("name", CONTROLS)
def test_controls_end_in_the_treaty_that_was_made(name: str) -> None:
    scenario = sim.load(SCENARIOS / "controls" / f"{name}.yaml")
    verdict = sim.explain(scenario, with_thresholds=False)
    assert verdict.feasible is True
    assert verdict.predicted["outcome_class"] == "treaty"
    wanted = scenario.document.observed.agreement.text.split(" and ")
    for position in wanted:
        assert position.replace(".", "=") in verdict.predicted["agreement"]


@pytest.mark.parametrize("name", names())
def test_every_number_has_a_unit_a_range_and_a_source(name: str) -> None:
    for path, p in sim.load(SCENARIOS / name).document.parameters.items():
        assert p.unit, path
        assert p.source, path
        assert p.range is not None, path


@pytest.mark.parametrize("name", [*EPISODES, *(f"future-{f}" for f in FUTURES)])
def test_an_episode_sets_parameters_and_nothing_else(name: str) -> None:
    base, episode = kuril("base").document, kuril(name).document
    for section in (
        "issues",
        "attributes",
        "outcomes",
        "rule_out",
        "actors",
        "payoffs",
        "domestic",
    ):
        assert getattr(episode, section) == getattr(base, section), section
    assert (episode.abroad, episode.game) == (base.abroad, base.game)
    assert set(episode.parameters) == set(base.parameters)


@pytest.mark.parametrize("name", EPISODES)
def test_no_episode_moves_an_assumed_number(name: str) -> None:
    base, episode = kuril("base").document.parameters, kuril(name).document.parameters
    moved = [path for path in base if episode[path].value != base[path].value]
    for path in moved:
        assert not base[path].assumed, path
        assert episode[path].source, path
        assert not episode[path].assumed, path


@pytest.mark.parametrize(
    "values", [{"moscow.recognition_demand": 0.0}, {"moscow.nationalism": 0.40}]
)
def test_a_deal_was_possible_in_2018_but_for_one_thing(values: dict[str, float]) -> None:
    before = sim.explain(kuril("2018"), with_thresholds=False)
    after = sim.explain(kuril("2018").with_values(values), with_thresholds=False)
    assert after.margin > before.margin
    assert after.feasible is True


def test_two_islands_and_talks_pass_in_tokyo_in_2018_and_did_not_in_1992() -> None:
    """And without Moscow's demands of 2018 a treaty would be feasible then: its win-set shrank."""
    free = {"moscow.recognition_demand": 0.0, "moscow.base_demand": 0.0}
    now = sim.explain(kuril("2018").at(free), with_thresholds=False)
    then = sim.explain(kuril("1992").at(free), with_thresholds=False)
    assert (then.feasible, now.feasible) == (False, True)
    assert {"tokyo"} in map(set, then.blockers.actors)


def test_the_areas_are_those_of_the_survey() -> None:
    """Habomai 95, Shikotan 251, Kunashiri 1,490, Etorofu 3,168 km2 (GSI 2020): two islands are 6.9 %."""
    from sim.payoffs import space_of
    from sim.payoffs.space import derive

    scenario = kuril("2006")
    space = space_of(scenario)
    env = derive(scenario.document, {**scenario.values, **space.attributes})
    shares = {
        island: float(env["area"][space.attributes[f"islands.{island}"] == 1].max())
        for island in ("two", "three", "half", "four")
    }
    assert shares["two"] == pytest.approx(346 / 5004)
    assert shares["three"] == pytest.approx(1836 / 5004)
    assert shares["half"] == pytest.approx(0.5, abs=0.001)
    assert shares["four"] == pytest.approx(1.0)


def test_the_states_follow_the_rules_that_the_files_state() -> None:
    """Polls by three houses of the same weeks, seats as they were won, quotas as the rules have them."""
    houses = (0.77, 0.74, 0.55)  # VCIOM, Levada, FOM, Nov and Dec 2018
    known = {name: kuril(name).document.parameters for name in ("base", *EPISODES)}
    opposed = known["2018"]["moscow.nationalism"]
    assert opposed.value == pytest.approx(sum(houses) / 3, abs=5e-4)
    assert opposed.range == (min(houses), max(houses))
    assert known["base"]["moscow.duma_quota"].value == 0.5  # Rules of the State Duma, Art. 196
    komeito = known["base"]["tokyo.partner_seats"]
    assert komeito.range == (pytest.approx(29 / 465, abs=5e-4), pytest.approx(32 / 465, abs=5e-4))
    assert known["2006"]["moscow.loyal_seats"].range[0] == pytest.approx(222 / 450, abs=5e-4)
    assert known["1992"]["talks.stake"].value == known["1993"]["talks.stake"].value
    assert known["2018"]["tokyo.overture"].value == known["2016"]["tokyo.overture"].value
    assert known["2016"]["washington.guarantee"].range == (0, 0.5)  # both readings
    assert known["2020"]["moscow.missiles"].value == known["2016"]["moscow.missiles"].value


def test_no_source_is_left_to_be_verified() -> None:
    """A source is an address or a reference, or says that it was not verified."""
    for name in names():
        for path, p in sim.load(SCENARIOS / name).document.parameters.items():
            assert "to verify" not in p.source, (name, path)
            assert "founding article" not in p.source, (name, path)


def test_the_space_stays_small() -> None:
    from sim.payoffs import compile_dispute

    agreements, profiles = compile_dispute(kuril("2018")).shape
    assert agreements <= 200
    assert profiles <= 9

"""Views: gains and slacks as the ladder has them, frontiers by definition, equilibria point by point."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import sim
from sim.errors import UsageError
from sim.views import conflict_graph, equilibria_along, game_tree, utility_space, win_sets

CLASSICS = Path(__file__).parents[2] / "scenarios" / "classics"
KURIL = Path(__file__).parents[2] / "scenarios" / "kuril"
BY_HAND = """
parameters: {p: {value: 0.5, range: [-1, 1]}}
issues: {land: {none: {}, some: {land: 1}, all: {land: 2}}, peace: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
rule_out: [land > 0 and not signed]
actors: {east: {role: principal}, west: {role: principal}}
payoffs: {east: {land: land}, west: {land: -land, peace: 1.5*signed}}
domestic: {east: {pride: {type: veto_player, utility: land - 1}}}
"""


def test_win_sets_by_hand():
    sets = win_sets(sim.loads(BY_HAND))
    # agreements: status quo, peace, some + peace, all + peace; spreads: east 2, west 2
    assert sets.agreements[1:] == ("peace=yes", "land=some, peace=yes", "land=all, peace=yes")
    np.testing.assert_allclose(sets.gains, [[0, 0, 0.5, 1], [0, 0.75, 0.25, -0.25]])
    np.testing.assert_allclose(sets.home[:, 1:], [[-1, 0, 1], [0.75, 0.25, -0.25]])
    assert np.isinf(sets.abroad).all()
    assert sets.treaties.tolist() == [False, True, True, True]


PAID = (Path(__file__).parents[1] / "disputes/mediator-pays.yaml").read_text()


def test_win_sets_say_which_stances_they_are_for():
    """b gains only where the mediator pays, which it does before signature and would not do after it."""
    sets = win_sets(sim.loads(PAID))
    assert sets.gains[1, 1] == pytest.approx(-0.5)
    assert sets.stances == (
        "third parties' stances answer what is signed; "
        "the verdict rests on mediator pays (chosen before signature)"
    )
    assert utility_space(sim.loads(PAID)).stances == sets.stances
    free = sim.loads(PAID[: PAID.index("game:")])
    assert win_sets(free).stances == "third parties' stances answer what is signed"
    assert win_sets(sim.loads(BY_HAND)).stances == ""


@pytest.mark.parametrize("name", ["1956", "1992", "2018", "future-postwar"])
def test_the_best_treaty_of_the_win_sets_is_the_ladders(name):
    scenario = sim.load(KURIL / f"{name}.yaml")
    sets = win_sets(scenario)
    lowest = np.minimum(sets.home.min(axis=0), sets.abroad)[sets.treaties]
    margin = sim.explain(scenario, with_thresholds=False).margin
    assert lowest.max() == pytest.approx(margin, abs=1e-9)


def test_what_passes_with_nothing_to_spare_is_on_the_knife_edge():
    space = utility_space(sim.loads(BY_HAND))
    # some + peace: pride is 1 - 1 = 0; west gains 0.25
    assert space.knife_edge.tolist() == [False, False, True, False]
    assert space.parties == ("east", "west")


def test_states_of_a_conflict_are_said_in_words():
    graph = conflict_graph(sim.load(CLASSICS / "elmira.yaml"))
    told = dict(zip(graph.states, graph.meanings, strict=True))
    assert told["5"] == "uniroyal delay; local insist"
    assert told["9"] == "uniroyal abandon; all else either way"
    crisis = conflict_graph(sim.load(CLASSICS / "cuban-missile-crisis.yaml"))
    assert dict(zip(crisis.states, crisis.meanings, strict=True))["0"] == "no option taken"


def test_frontiers_hold_what_nothing_dominates():
    space = utility_space(sim.load(KURIL / "future-postwar.yaml"))
    u = space.utilities

    def dominated(k, among):
        others = u[:, among]
        at_least = (others >= u[:, [k]] - 1e-9).all(axis=0)
        return bool((at_least & (others > u[:, [k]] + 1e-9).any(axis=0)).any())

    everything = np.ones_like(space.allowed)
    for k in range(u.shape[1]):
        assert space.frontier[k] == (not dominated(k, everything))
        assert space.efficient[k] == (space.allowed[k] and not dominated(k, space.allowed))


def test_solutions_lie_on_agreements_that_pass():
    space = utility_space(sim.load(KURIL / "future-postwar.yaml"))
    assert set(space.solutions) >= {"nash_bargaining", "utilitarian"}
    for points in space.solutions.values():
        for point in points:
            at = (np.abs(space.utilities - point[:, None]) < 1e-9).all(axis=0)
            assert (at & space.allowed).any()


def test_a_classical_problem_keeps_its_own_payoffs():
    problem = sim.loads(
        "bargaining: {actors: [a, b], disagreement: {a: 1, b: 0},"
        " agreements: {x: {a: 4, b: 1}, y: {a: 1, b: 4}}}"
    )
    space = utility_space(problem, actors=("b", "a"))
    assert space.actors == ("b", "a")
    np.testing.assert_array_equal(space.utilities, [[1, 4], [4, 1]])
    assert space.disagreement.tolist() == [0, 1]


@pytest.mark.parametrize("actors", [("a",), ("a", "a"), ("a", "c")])
def test_two_actors_bargain(actors):
    problem = sim.loads(
        "bargaining: {actors: [a, b], disagreement: {a: 0, b: 0}, agreements: {x: {a: 4, b: 1}}}"
    )
    with pytest.raises(UsageError):
        utility_space(problem, actors=actors)


def test_a_classical_game_has_no_win_sets():
    game = sim.loads("strategic: {actors: {a: [x], b: [z]}, payoffs: [[[1, 2]]]}")
    with pytest.raises(UsageError, match="no win-sets"):
        win_sets(game)


def test_equilibria_along_are_those_of_every_point():
    scenario = sim.loads(
        BY_HAND.replace("land: land}", "land: p*land}") + "game: [offer: west, reply: east]\n"
    )
    along = equilibria_along(scenario, "p", concept="subgame_perfect", points=9)
    np.testing.assert_allclose(along.values, np.linspace(-1, 1, 9))
    for k, value in enumerate(along.values):
        (solution,) = sim.solve(scenario.with_values({"p": float(value)}), ["subgame_perfect"])
        assert along.count[k] == len(solution.equilibria)
        for actor, mix in solution.equilibria[0].strategies.items():
            for label, chance in zip(
                along.strategies[actor], along.played[actor][:, k], strict=True
            ):
                assert chance == mix.get(label, 0.0)


def test_a_parameter_needs_bounds_and_a_concept_strategies():
    scenario = sim.loads(BY_HAND.replace("{value: 0.5, range: [-1, 1]}", "0.5"))
    with pytest.raises(UsageError, match="no range"):
        equilibria_along(scenario, "p", concept="nash_bargaining")


ALONG = {
    "conflict": "{options: {us: [press], them: [yield]}, "
    "payoffs: {us: {NN: 0, YN: 1 - p, NY: 2, YY: 2 - p}}, preferences: {them: [NN, NY, YY, YN]}}",
    "bargaining": "{actors: [a, b], disagreement: {a: 0, b: 0}, "
    "agreements: {x: {a: 1, b: p}, y: {a: 2, b: 1}}}",
    "spatial": "{actors: {a: {position: p}, b: {position: 2}, c: {position: 3}}, status_quo: 4}",
    "voting": "{weights: {a: p, b: 1, c: 1}, quota: 2}",
}

OUTVOTED = (
    "parameters: {p: {value: 1, range: [0, 3]}}\n"
    "voting: {weights: {a: 1 + 0 * p, b: 1, c: 1}, quota: 2}"
)


def along_p(form, concept, points=7):
    scenario = sim.loads(f"parameters: {{p: {{value: 1, range: [0, 3]}}}}\n{form}: {ALONG[form]}")
    return equilibria_along(scenario, "p", concept=concept, points=points)


def test_stable_states_and_agreements_along_a_parameter_by_hand():
    """Pressing is free at 0 and pays below 1; the products of gains are p at x and 2 at y."""
    stable = along_p("conflict", "gmcr_nash").outcomes
    assert {name: held.tolist() for name, held in stable.items()} == {
        "YY": [True] + [False] * 6,
        "NN": [False] * 2 + [True] * 5,
    }
    agreed = along_p("bargaining", "nash_bargaining").outcomes
    assert agreed["x"].tolist() == [False] * 4 + [True] * 3
    assert agreed["y"].tolist() == [True] * 5 + [False] * 2


def test_regions_and_values_along_a_parameter_by_hand():
    """The median of p, 2 and 3; the voter with p of p + 2 votes, where 2 are needed."""
    region = along_p("spatial", "weighted_median").region
    np.testing.assert_allclose(region, [[2, 2, 2, 2, 2, 2.5, 3]] * 2)
    power = along_p("voting", "shapley").payoffs
    np.testing.assert_allclose(power["a"], [0, 0, 1 / 3, 1 / 3, 2 / 3, 2 / 3, 2 / 3])
    with pytest.raises(UsageError, match="core finds nothing between 0 and 3"):
        equilibria_along(sim.loads(OUTVOTED), "p", concept="core", points=2)


def test_improvements_are_moves_to_what_the_mover_ranks_higher():
    graph = conflict_graph(sim.load(CLASSICS / "cuban-missile-crisis.yaml"))
    assert set(graph.stable["seq"]) == {"4", "6"}  # Fraser & Hipel (1984), ch. 1
    for actor, start, end in np.argwhere(graph.moves):
        better = graph.ranks[actor, end] > graph.ranks[actor, start]
        assert graph.improvements[actor, start, end] == better
    assert not (graph.improvements & ~graph.moves).any()


def test_a_tree_marks_what_the_equilibrium_takes():
    scenario = sim.load(CLASSICS / "two-types.yaml")
    view = game_tree(scenario)
    (solution,) = sim.solve(scenario, ["subgame_perfect"])
    plan = solution.equilibria[0].extra["plan"]
    told = {f"{place}: {action}" for own in plan.values() for place, action in own.items()}
    taken = [k for k, chosen in enumerate(view.chosen) if chosen]
    assert {f"{view.names[view.parents[k]]}: {view.actions[k]}" for k in taken} == told
    assert view.equilibria == len(solution.equilibria) > 1
    assert view.parents[0] == -1
    assert all(parent < k for k, parent in enumerate(view.parents))
    ends = [k for k, mover in enumerate(view.movers) if not mover]
    assert all(len(view.payoffs[k]) == 2 for k in ends)
    assert all(not view.payoffs[k] for k in range(len(view.names)) if k not in ends)


def test_a_tree_shows_how_often_an_equilibrium_mixes_and_nothing_where_none_is_perfect():
    pennies = (
        "tree: {actors: [a, b], nodes: {"
        " a: {player: a, actions: {h: b, t: c}},"
        " b: {player: b, information: i, actions: {h: [1, -1], t: [-1, 1]}},"
        " c: {player: b, information: i, actions: {h: [-1, 1], t: [1, -1]}}}}"
    )
    view = game_tree(sim.loads(pennies))
    assert set(view.actions[1:]) == {"h 0.5", "t 0.5"}
    assert all(view.chosen[1:])
    # b forgets that it saw a's coin: what would be shown is not subgame perfect, so nothing is
    forgets = pennies.replace("h: [1, -1], t: [-1, 1]}", "h: d, t: [-1, 1]}").replace(
        "}}}}", "}}, d: {player: b, information: i, actions: {h: [0, 0], t: [0, 0]}}}}"
    )
    view = game_tree(sim.loads(forgets))
    assert not any(view.chosen)
    assert view.equilibria == 0


def test_other_forms_are_refused():
    game = sim.loads("strategic: {actors: {a: [x], b: [z]}, payoffs: [[[1, 2]]]}")
    with pytest.raises(UsageError, match="is not a conflict"):
        conflict_graph(game)
    with pytest.raises(UsageError, match="is not a game in extensive form"):
        game_tree(game)

"""A payoff that stands for ruin hides no difference between others, in every concept that compares payoffs.

Rescaling an actor's payoffs and adding an outcome that nobody would choose change no answer.
"""

from fractions import Fraction

import numpy as np
import pytest
import sim
from hypothesis import given, settings
from hypothesis import strategies as st
from sim._kernels.graph_model import ordinal_ranks
from sim.games.bargaining import BargainingProblem, lottery_pareto_mask
from sim.games.strategic import StrategicGame
from sim.solutions import get

RUIN = -1_000_000_000
BRINK = """NFG 1 R "Brinkmanship: mutual destruction is minus one billion" { "A" "B" }
{ { "hold" "yield" "strike" } { "hold" "yield" "strike" } }

0 0 -0.5 0.5 -1000000000 -1000000000
0.5 -0.5 0 0 -1000000000 -1000000000
-1000000000 -1000000000 -1000000000 -1000000000 -1000000000 -1000000000
"""
COMPARING = ["pure_nash", "mixed_nash", "correlated", "coarse_correlated", "quantal_response"]


def with_ruin(tables):
    """The game with one more strategy for each actor, which ruins both whatever the other does."""
    tables = np.asarray(tables)
    out = np.full((len(tables), *(n + 1 for n in tables.shape[1:])), RUIN, dtype=object)
    out[(slice(None), *(slice(0, n) for n in tables.shape[1:]))] = tables
    return out


def test_brinkmanship_has_two_pure_equilibria(tmp_path):
    """By hand: from (hold, yield) and (yield, yield) somebody gains 0.5."""
    path = tmp_path / "ruin.nfg"
    path.write_text(BRINK)
    (pure,) = sim.solve(sim.load(path), "pure_nash")
    plays = [[next(iter(mix)) for mix in m.strategies.values()] for m in pure.equilibria]
    assert plays == [["hold", "hold"], ["strike", "strike"]]
    assert [m.regret for m in pure.equilibria] == [0, 0]


@pytest.mark.parametrize("concept", COMPARING)
def test_no_member_has_a_regret_that_is_worth_mentioning(tmp_path, concept):
    path = tmp_path / "ruin.nfg"
    path.write_text(BRINK)
    (found,) = sim.solve(sim.load(path), concept)
    assert found.equilibria
    assert all(member.regret < 1e-7 for member in found.equilibria)


def as_floats(game):
    return StrategicGame(actors=game.actors, strategies=game.strategies, payoffs=game.payoffs)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(-2, 2), min_size=8, max_size=8), st.booleans())
def test_pure_equilibria_do_not_see_ruin(numbers, exact):
    tables = np.array(numbers).reshape(2, 2, 2)
    plain = StrategicGame.from_tables(tables / 4)
    ruined = StrategicGame.from_tables(list(with_ruin(tables / 4)))
    games = (plain, ruined) if exact else (as_floats(plain), as_floats(ruined))
    small, large = (
        {
            tuple(next(iter(mix)) for mix in m.strategies.values())
            for m in get("pure_nash")(g).equilibria
        }
        for g in games
    )
    assert large == small | {("3", "3")}


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(-2, 2), min_size=8, max_size=8))
def test_mixed_equilibria_and_survivors_do_not_see_ruin(numbers):
    tables = np.array(numbers).reshape(2, 2, 2)
    plain = StrategicGame.from_tables(list(tables))
    ruined = StrategicGame.from_tables(list(with_ruin(tables)))
    small = [m.strategies for m in get("mixed_nash")(plain).equilibria]
    large = [m.strategies for m in get("mixed_nash")(ruined).equilibria]
    assert [m for m in large if all("3" not in mix for mix in m.values())] == small
    assert all(m.regret == 0 for m in get("mixed_nash")(ruined).equilibria)
    weak = get("rationalizable")(ruined).equilibria[0].extra["weak"]["at once"]
    assert weak == get("rationalizable")(plain).equilibria[0].extra["weak"]["at once"]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(-2, 2), min_size=8, max_size=8))
def test_correlated_values_do_not_see_ruin(numbers):
    tables = np.array(numbers).reshape(2, 2, 2)
    plain = StrategicGame.from_tables(list(tables))
    ruined = StrategicGame.from_tables(list(with_ruin(tables)))
    for concept in ("correlated", "coarse_correlated"):
        for goal in ("welfare max", "player 1"):
            small, large = (
                get(concept)(game, objective=goal).equilibria[0].extra["value"]
                for game in (plain, ruined)
            )
            assert large == pytest.approx(small, abs=1e-6)


def test_exact_payoffs_are_compared_exactly():
    """A difference that no float can show: 1 and 1 + 10^-30."""
    tiny = Fraction(1, 10**30)
    game = StrategicGame.from_tables([[1, 1 + tiny]])
    assert [m.strategies["player 1"] for m in get("pure_nash")(game).equilibria] == [{"2": 1.0}]


def test_terms_that_cancel_tie():
    """0.1 + 0.2 - 0.3 is 0 to within what it was added up from."""
    payoffs = np.array([[[0.0], [0.1 + 0.2 - 0.3]]])
    sizes = np.array([[[0.0], [0.6]]])
    game = StrategicGame(actors=("a",), strategies=(("x", "y"),), payoffs=payoffs, magnitudes=sizes)
    assert len(get("pure_nash")(game).equilibria) == 2
    assert len(get("mixed_nash")(game).equilibria) == 2


# --- bargaining and conflicts ------------------------------------------------------------------------------

BARGAINS = ["nash_bargaining", "kalai_smorodinsky", "egalitarian", "utilitarian"]
NUMBERS = st.lists(st.tuples(st.integers(-2, 6), st.integers(-2, 6)), min_size=2, max_size=5)


@settings(deadline=None, max_examples=40)
@given(NUMBERS, st.sampled_from(BARGAINS), st.sampled_from(["discrete", "lottery", "transferable"]))
def test_bargains_do_not_see_ruin(points, concept, mode):
    table = {f"p{k}": point for k, point in enumerate(points)}
    plain = BargainingProblem.from_table(table, disagreement=(0, 0), mode=mode)
    ruined = BargainingProblem.from_table(
        table | {"ruin": (RUIN, RUIN)}, disagreement=(0, 0), mode=mode
    )
    small, large = (
        [list(m.payoffs.values()) for m in get(concept)(problem).equilibria]
        for problem in (plain, ruined)
    )
    assert len(small) == len(large)
    assert large == [pytest.approx(row, abs=1e-9) for row in small]


def test_a_small_difference_beside_ruin_decides_a_bargain():
    table = {"fair": (2, 2), "almost": (2, 1.5), "ruin": (RUIN, RUIN)}
    problem = BargainingProblem.from_table(table, disagreement=(0, 0))
    for concept in BARGAINS:
        assert [m.agreement for m in get(concept)(problem).equilibria] == ["fair"]
    assert lottery_pareto_mask(problem.utilities[..., 0]).tolist() == [True, False, False]


def test_ranks_of_states_do_not_see_ruin():
    assert ordinal_ranks(np.array([[[0.5], [0.0], [RUIN], [0.5 + 1e-12]]]))[0, :, 0].tolist() == [
        3,
        2,
        1,
        3,
    ]


# --- rescaling ---------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.integers(-2, 2), min_size=8, max_size=8),
    st.sampled_from([1e-9, 0.1, 7.0, 1e9]),
    st.sampled_from(["pure_nash", "mixed_nash"]),
)
def test_rescaling_changes_no_equilibrium(numbers, factor, concept):
    tables = with_ruin(np.array(numbers).reshape(2, 2, 2)).astype(float)
    scaled = tables * np.array([factor, 1.0])[:, None, None]
    both = [
        [
            m.strategies
            for m in get(concept)(as_floats(StrategicGame.from_tables(list(t)))).equilibria
        ]
        for t in (tables, scaled)
    ]
    assert both[0] == both[1]


# --- disputes ----------------------------------------------------------------------------------------------

DISPUTE = """
issues: {deal: {none: {}, small: {small: 1}, large: {large: 1}, ruin: {ruin: 1}}}
outcomes: {treaty: small or large or ruin}
actors: {a: {role: principal}, b: {role: principal}}
payoffs:
  a: {gain: 0.1 * (small + large) + 0.2 * large - 0.3 * large + 0.5 * small, loss: -1e9 * ruin}
  b: {gain: 1 * small + 1 * large, loss: -1e9 * ruin}
game: strategic
"""


def test_a_dispute_all_at_once_ties_by_what_its_terms_are_added_up_from():
    """a is paid 0.6 for the small deal; for the large one 0.1 + 0.2 - 0.3, which ties with none at 0."""
    (found,) = sim.solve(sim.loads(DISPUTE), "pure_nash")
    outcomes = {member.outcome for member in found.equilibria}
    assert "ruin" not in {m.outcome for m in found.equilibria if m.payoffs["a"] > -1e8}
    assert any("small" in str(outcome) for outcome in outcomes)
    assert any("large" in str(outcome) for outcome in outcomes)
    assert all(member.regret < 1e-9 for member in found.equilibria)
    assert found.equilibria


def test_stability_of_a_dispute_ties_by_what_its_terms_are_added_up_from():
    (found,) = sim.solve(sim.loads(DISPUTE), "gmcr_nash")
    (pure,) = sim.solve(sim.loads(DISPUTE), "pure_nash")
    assert len(found.equilibria) == len(pure.equilibria)

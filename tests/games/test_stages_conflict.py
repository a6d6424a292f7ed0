"""A strategic dispute read as a conflict in graph form."""

import numpy as np
import pytest
from sim.errors import NotDefinedError, TooLargeError, UsageError
from sim.games.stages import stage_game
from sim.games.stages_conflict import conflict_of_stages, state_of
from sim.loading import loads
from sim.payoffs import compile_dispute
from sim.solving import solve

DILEMMA = """
parameters: {temptation: {value: 5, range: [1, 6]}}
issues: {peace: {no: {}, yes: {signed: 1}}}
outcomes: {treaty: signed}
actors:
  a: {role: principal}
  b: {role: principal}
  row: {role: third party, stances: {keep: {}, cheat: {r: 1}}}
  column: {role: third party, stances: {keep: {}, cheat: {c: 1}}}
payoffs:
  a: {no: -signed}
  b: {no: -signed}
  row: {play: 3*(1 - r)*(1 - c) + temptation*r*(1 - c) + r*c}
  column: {play: 3*(1 - r)*(1 - c) + temptation*c*(1 - r) + r*c}
game: strategic
"""
QUIET = "no, no, "


def conflict(text=DILEMMA, theta=None):
    game = stage_game(compile_dispute(loads(text), ["temptation"]))
    return conflict_of_stages(game, game.dispute.at(np.array([[5.0]] if theta is None else theta)))


def test_states_are_profiles_and_actors_move_along_their_own_axis():
    found = conflict()
    assert len(found.states) == 2**4
    start = found.state(QUIET + "keep, keep")
    ends = {
        actor: {found.states[t] for t in np.flatnonzero(found.moves[k, start])}
        for k, actor in enumerate(found.actors)
    }
    assert ends == {
        "a": {"yes, no, keep, keep"},
        "b": {"no, yes, keep, keep"},
        "row": {QUIET + "cheat, keep"},
        "column": {QUIET + "keep, cheat"},
    }


def test_preferences_are_payoffs_at_every_point():
    found = conflict(theta=[[2.0, 3.0, 5.0]])
    row = found.ranks[found.actor("row")]
    cheat, keep = found.state(QUIET + "cheat, keep"), found.state(QUIET + "keep, keep")
    assert np.sign(row[cheat] - row[keep]).tolist() == [-1, 0, 1]


def test_stability_of_the_dilemma_as_in_the_literature():
    """Mutual keeping is not Nash stable, but it is sequentially stable: cheating is answered by cheating."""
    nash, seq = solve(loads(DILEMMA), ["gmcr_nash", "seq"])
    assert QUIET + "keep, keep" not in [e.outcome for e in nash.equilibria]
    assert QUIET + "cheat, cheat" in [e.outcome for e in nash.equilibria]
    assert QUIET + "keep, keep" in [e.outcome for e in seq.equilibria]


def test_whoever_cheats_fears_that_the_other_cheats_at_once():
    found = {member.outcome for member in solve(loads(DILEMMA), "simultaneous")[0].members}
    assert {QUIET + "keep, keep", QUIET + "cheat, cheat"} <= found
    assert QUIET + "cheat, keep" not in found


def test_what_is_no_conflict():
    game = stage_game(compile_dispute(loads(DILEMMA)))
    assert state_of(game, "no,no,keep,cheat") == state_of(game, QUIET + "keep, cheat")
    with pytest.raises(UsageError, match="did you mean"):
        state_of(game, QUIET + "keep, chat")
    with pytest.raises(NotDefinedError, match="all moves are made at once"):
        conflict(DILEMMA.replace("game: strategic", "game: demand"))
    many = ", ".join(f"y{k}: {{signed: 1}}" for k in range(12))
    with pytest.raises(TooLargeError, match="states"):
        conflict(DILEMMA.replace("yes: {signed: 1}", many))

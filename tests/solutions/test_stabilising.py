"""Whose preferences must change: by hand on a known conflict, and against trying every change."""

from functools import partial
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.errors import UsageError
from sim.games.conflict import Conflict
from sim.solutions import get
from sim.solutions.conflict._stable_states import stable_states
from sim.solutions.conflict.stabilising import stabilising_changes

CONCEPTS = ["gmcr_nash", "gmr", "smr", "seq"]


@st.composite
def conflicts(draw):
    n, m = draw(st.integers(1, 3)), draw(st.integers(2, 5))
    seed = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    moves = seed.random((n, m, m)) < draw(st.sampled_from([0.3, 0.6, 0.9]))
    moves[:, range(m), range(m)] = False
    ranks = seed.integers(1, m + 1, size=(n, m, 1))
    names = tuple("abc"[:n]), tuple("01234"[:m])
    return Conflict(actors=names[0], states=names[1], moves=moves, ranks=ranks)


@settings(deadline=None, max_examples=80)
@given(conflicts(), st.sampled_from(CONCEPTS))
def test_equals_trying_every_change(conflict, concept) -> None:
    mask = partial(stable_states, concept)
    for s, name in enumerate(conflict.states):
        for i, change in enumerate(stabilising_changes(conflict, name, concept)):
            rank = conflict.ranks[i, :, 0]
            better = [u for u in range(rank.size) if rank[u] > rank[s]]
            for size in range(len(better) + 1):
                sets = list(combinations(better, size))
                trial = np.repeat(conflict.ranks, len(sets), axis=2)
                for b, withdrawn in enumerate(sets):
                    trial[i, list(withdrawn), b] = rank[s]
                works = mask(conflict.moves, trial)[i, s]
                if works.any():
                    break
            expected = {
                tuple(conflict.states[u] for u in withdrawn)
                for withdrawn, good in zip(sets, works, strict=True)
                if good
            }
            assert set(change.alternatives) == expected
            assert change.stable is (size == 0)


def test_a_change_stabilises_the_whole_conflict() -> None:
    """In the prisoners' dilemma cooperation is Nash once both cease to prefer defecting alone."""
    row, column = [[2], [3], [0], [1]], [[1], [0], [3], [2]]
    moves = [[[k in to for k in range(4)] for to in actor] for actor in (row, column)]
    names = ["CC", "CD", "DC", "DD"]
    dilemma = Conflict.from_lists(
        ["row", "column"], names, moves, [["DC", "CC", "DD", "CD"], ["CD", "CC", "DD", "DC"]]
    )
    changes = stabilising_changes(dilemma, "CC", "gmcr_nash")
    assert [change.alternatives for change in changes] == [(("DC",),), (("CD",),)]
    assert all(change.stable for change in stabilising_changes(dilemma, "CC", "seq"))
    mended = Conflict.from_lists(
        ["row", "column"], names, moves, [[["DC", "CC"], "DD", "CD"], [["CD", "CC"], "DD", "DC"]]
    )
    assert "CC" in [e.outcome for e in get("gmcr_nash")(mended).equilibria]


def test_unknown_names_are_suggested() -> None:
    conflict = Conflict.from_lists(["a"], ["war", "peace"], np.zeros((1, 2, 2)), [["peace", "war"]])
    with pytest.raises(UsageError, match="did you mean 'peace'"):
        stabilising_changes(conflict, "pease", "gmr")
    with pytest.raises(UsageError, match="did you mean 'gmr'"):
        stabilising_changes(conflict, "war", "gmrr")

"""Coalitional and simultaneous stability: published answers, and brute force from the definitions.

Sources. ELMIRA: Kilgour, Hipel, Fang & Peng (2001): the ministry and Uniroyal together leave the equilibrium
5 for 8, so 8 and 9 alone withstand every coalition. DILEMMA and CHICKEN: by hand from the definitions.
"""

from itertools import combinations, product

import numpy as np
import pytest
import sim
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.errors import NotDefinedError, TooLargeError
from sim.games.conflict import Conflict, from_section
from sim.scenario.sections.conflict import ConflictSection
from sim.solutions import get
from sim.solutions.conflict._coalitions import SANCTIONS, coalitionally_stable
from sim.solutions.conflict._stable_states import stable_states

COALITIONAL = sorted(SANCTIONS)


def outcomes(solution):
    return [member.outcome for member in solution.members]


@pytest.mark.parametrize("concept", ["coalitional_nash", "coalitional_seq"])
def test_the_equilibrium_jump_of_elmira(concept) -> None:
    (solution,) = sim.solve(sim.load("classics/elmira"), concept)
    assert outcomes(solution) == ["8", "9"]
    assert solution.exhaustive


def test_who_leaves_the_status_quo_of_elmira() -> None:
    (solution,) = sim.solve(sim.load("classics/elmira"), "coalitional_nash")
    content = [name for name, states in solution.parameters["stable"].items() if "5" in states]
    assert "moe + uniroyal" not in content
    assert {"moe", "uniroyal", "local", "moe + local", "uniroyal + local"} <= set(content)


def two_by_two(row, column):
    return from_section(
        ConflictSection(
            options={"row": ["C"], "column": ["C"]},
            preferences={"row": row.split(), "column": column.split()},
        )
    )


DILEMMA = two_by_two("NY YY NN YN", "YN YY NN NY")
CHICKEN = two_by_two("NY YY YN NN", "YN YY NY NN")
STAG_HUNT = two_by_two("YY NY NN YN", "YY YN NN NY")


@pytest.mark.parametrize(
    ("conflict", "concept", "stable"),
    [
        (DILEMMA, "coalitional_nash", []),
        (DILEMMA, "coalitional_seq", ["YY"]),
        # Whoever defects from YY while the other does too ends at NN, which is worse.
        (DILEMMA, "simultaneous", ["NN", "YY"]),
        # At NN both would yield at once: YY is better for both, so nobody is held back.
        (CHICKEN, "simultaneous", ["YN", "NY", "YY"]),
        # At NY the row would join and the column leave; YN, where both end, deters the row alone.
        (STAG_HUNT, "simultaneous", ["NN", "YY"]),
        (STAG_HUNT, "coalitional_nash", ["YY"]),
    ],
)
def test_small_games_by_hand(conflict, concept, stable) -> None:
    assert outcomes(get(concept)(conflict)) == stable


def test_certificates_name_what_deters() -> None:
    (both,) = (m for m in get("simultaneous")(DILEMMA).members if m.outcome == "YY")
    assert both.sanctions == {"row": {"NY": "NN"}, "column": {"YN": "NN"}}
    (both,) = get("coalitional_gmr")(DILEMMA).members
    assert both.sanctions == {"row": {"NY": "NN"}, "column": {"YN": "NN"}}
    assert both.extra["stable_for"] == ["row", "column", "row + column"]


# --- brute force --------------------------------------------------------------------------------------------


@st.composite
def conflicts(draw, most=3):
    n, m = draw(st.integers(1, most)), draw(st.integers(2, 5))
    seed = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    moves = seed.random((n, m, m)) < draw(st.sampled_from([0.15, 0.4, 0.7]))
    moves[:, range(m), range(m)] = False
    return moves, seed.integers(1, draw(st.integers(2, 6)), size=(n, m, 2))


def walked(steps, start):
    """Ends of all sequences of steps in which nobody steps twice in a row, walked one by one."""
    seen, queue = set(), [(start, None)]
    while queue:
        state, last = queue.pop()
        for mover, arcs in steps.items():
            if mover != last:
                for end in arcs[state]:
                    if (end, mover) not in seen:
                        seen.add((end, mover))
                        queue.append((end, mover))
    return {state for state, _ in seen}


def subsets(actors):
    return [h for size in range(1, len(actors) + 1) for h in combinations(actors, size)]


def brute_force(concept, moves, rank, group, s):
    """Whether a state is stable for a coalition, from the definition with loops over sets."""
    actors, states = range(len(rank)), range(len(rank[0]))
    arcs = {k: [{t for t in states if moves[k][x][t]} for x in states] for k in actors}
    reach = {
        h: [walked({k: arcs[k] for k in h}, x) for x in states] for h in [(), *subsets(actors)]
    }
    gains = {
        h: [{t for t in reach[h][x] if all(rank[i][t] > rank[i][x] for i in h)} for x in states]
        for h in subsets(actors)
    }
    others = tuple(k for k in actors if k not in group)

    def deters(u):
        return any(rank[i][u] <= rank[i][s] for i in group)

    def sanctioned(t):
        answers = set() if concept == "coalitional_nash" else reach[others][t]
        if concept == "coalitional_seq":
            answers = walked({h: gains[h] for h in subsets(others)}, t)
        if concept == "coalitional_smr":
            answers = {u for u in answers if all(map(deters, reach[group][u]))}
        return any(map(deters, answers))

    return all(map(sanctioned, gains[group][s]))


@settings(deadline=None, max_examples=25)
@given(conflicts(), st.sampled_from(COALITIONAL))
def test_coalitions_by_brute_force(conflict, concept) -> None:
    moves, ranks = conflict
    mask = coalitionally_stable(concept, moves, ranks)
    groups = subsets(range(len(moves)))
    assert mask.shape == (len(groups), *ranks.shape[1:])
    for (h, group), s in product(enumerate(groups), range(ranks.shape[1])):
        for b in range(ranks.shape[2]):
            expected = brute_force(concept, moves.tolist(), ranks[..., b].tolist(), group, s)
            assert mask[h, s, b] == expected


@settings(deadline=None, max_examples=60)
@given(conflicts())
def test_implications(conflict) -> None:
    nash, gmr, smr, seq = (
        coalitionally_stable(f"coalitional_{name}", *conflict)
        for name in ("nash", "gmr", "smr", "seq")
    )
    assert (~nash | (gmr & smr & seq)).all()
    assert (~smr | gmr).all()
    n = len(conflict[0])
    for name, mask in {"gmcr_nash": nash, "gmr": gmr, "smr": smr, "seq": seq}.items():
        alone = stable_states(name, *conflict)
        if name != "seq" or n < 3:
            assert (mask[:n] == alone).all()  # a coalition of one is the actor
        assert (~alone | mask[:n]).all()


def test_others_may_sanction_together() -> None:
    """After a's gain, b and c reach the sanction together alone: each step on its own is a loss."""
    moves = np.zeros((3, 4, 4), dtype=bool)
    moves[0, 0, 1] = moves[1, 1, 2] = moves[2, 2, 3] = True
    ranking = [["1", "2", "0", "3"], ["3", "1", "0", "2"], ["3", "1", "0", "2"]]
    conflict = Conflict.from_lists("abc", "0123", moves, ranking)
    assert "0" not in get("seq")(conflict).parameters["stable"]["a"]
    assert "0" in get("coalitional_seq")(conflict).parameters["stable"]["a"]


@st.composite
def by_options(draw):
    """Conflicts by options: two or three actors, ties, combinations and changes that are ruled out."""
    seed = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sizes = draw(st.sampled_from([(1, 1), (2, 1), (1, 1, 1), (1, 2, 1)]))
    options = {a: [f"{a}{k}" for k in range(size)] for a, size in zip("abc", sizes, strict=False)}
    letters = ["".join(p) for p in product("NY", repeat=sum(sizes))]
    infeasible = [str(x) for x in seed.choice(letters, size=draw(st.integers(0, 2)), replace=False)]
    states = [p for p in letters if p not in infeasible]
    worth = {a: {s: int(seed.integers(0, 4)) for s in states} for a in options}
    ranking = {
        a: [[s for s in states if of[s] == level] for level in sorted({*of.values()}, reverse=True)]
        for a, of in worth.items()
    }
    section = ConflictSection(
        options=options,
        infeasible=infeasible,
        irreversible=draw(st.sampled_from([[], ["a0"], ["a0", "b0"]])),
        preferences=ranking,
    )
    return section, worth


def sim_stable(section, worth, actor, state):
    """Whether a state is SIM stable for an actor, from the letters of the patterns alone."""
    owner = [a for a, names in section.options.items() for _ in names]
    names, states = section.option_names, section.state_patterns

    def improving(who):
        for end in states:
            changed = [k for k in range(len(owner)) if end[k] != state[k]]
            undone = any(names[k] in section.irreversible and end[k] == "N" for k in changed)
            gains = worth[who][end] > worth[who][state]
            if changed and not undone and {owner[k] for k in changed} == {who} and gains:
                yield {k: end[k] for k in changed}

    def together(changes):
        new = {k: letter for change in changes for k, letter in change.items()}
        return "".join(new.get(k, letter) for k, letter in enumerate(state))

    others = [[{}, *improving(a)] for a in section.options if a != actor]
    for mine in improving(actor):
        ends = [together([mine, *rest]) for rest in product(*others) if any(rest)]
        if not any(worth[actor][u] <= worth[actor][state] for u in ends if u in states):
            return False
    return True


@settings(deadline=None, max_examples=25)
@given(by_options())
def test_simultaneous_by_brute_force(drawn) -> None:
    section, worth = drawn
    stable = get("simultaneous")(from_section(section)).parameters["stable"]
    for actor, state in product(section.actors, section.state_patterns):
        assert (state in stable[actor]) == sim_stable(section, worth, actor, state)


def test_a_state_of_several_combinations() -> None:
    """In 'out' it does not matter what b does; from 'war' each would go, and both at once end in 'out'."""
    section = ConflictSection(
        options={"a": ["quit"], "b": ["fight"]},
        states={"peace": "NN", "war": "NY", "out": "Y-"},
        preferences={"a": ["peace", "out", "war"], "b": ["peace", "war", "out"]},
    )
    stable = get("simultaneous")(from_section(section)).parameters["stable"]
    # From 'out' a would go back to peace, and b has nothing to gain there. From 'war' b would go to peace;
    # if a quits at once, b is worse off than at war, and a is better off.
    assert stable == {"a": ["peace"], "b": ["peace", "war", "out"]}


def test_what_is_not_defined_is_said() -> None:
    moves = [[[False, True], [True, False]]]
    listed = Conflict.from_lists(["a"], ["x", "y"], moves, [["x", "y"]])
    with pytest.raises(NotDefinedError, match="defined by options: this conflict lists its moves"):
        get("simultaneous")(listed)
    many = Conflict.from_lists("abcdefg", ["x", "y"], moves * 7, [["x", "y"]] * 7)
    with pytest.raises(TooLargeError, match="7 actors make 127 coalitions"):
        get("coalitional_nash")(many)

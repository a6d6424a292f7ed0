"""Stability in the graph model: published conflicts, the defining implications, brute force.

Sources. PRISONERS and CHICKEN: Fang, Hipel & Kilgour (1993), Interactive Decision Making, ch. 3.
STAG_HUNT: the standard ordinal game; stability follows from the definitions by hand. CUBA: Fraser &
Hipel (1984), Conflict Analysis, ch. 1 (option form and preference vectors; the sequentially stable
equilibria 4 and 6). ELMIRA: Hipel, Fang, Kilgour & Haight (1993) and Fang, Hipel & Kilgour (1993):
strong equilibria 5, 8 and 9. Coalition move 5 to 8: Kilgour, Hipel, Fang & Peng (2001).
"""

from dataclasses import replace
from functools import partial
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sim.games.conflict import Conflict, coalition_improvements, from_section
from sim.scenario.sections.conflict import ConflictSection
from sim.solutions import get
from sim.solutions.conflict._stable_states import SANCTIONS, stable_states

MASKS = {name: partial(stable_states, name) for name in SANCTIONS}
TWO_BY_TWO = {"CC": "YY", "CD": "YN", "DC": "NY", "DD": "NN"}


def two_by_two(row: str, column: str) -> ConflictSection:
    return ConflictSection(
        options={"Row": ["cooperate"], "Col": ["cooperate"]},
        states=TWO_BY_TWO,
        preferences={"Row": row.split(), "Col": column.split()},
    )


CUBA = ConflictSection(
    options={"US": ["air strike", "blockade"], "USSR": ["withdraw", "escalate"]},
    states={
        "0": "NNNN",
        "1": "YNNN",
        "2": "NYNN",
        "3": "YYNN",
        "4": "NNYN",
        "5": "YNYN",
        "6": "NYYN",
        "7": "YYYN",
        "8": "NNNY",
        "9": "YNNY",
        "10": "NYNY",
        "11": "YYNY",
    },
    infeasible=["--YY"],
    preferences={
        "US": ["4", "6", "5", "7", "2", "1", "3", "0", "11", "9", "10", "8"],
        "USSR": ["0", "4", "6", "2", "5", "1", "7", "3", "11", "9", "10", "8"],
    },
)
ELMIRA_STATES = {
    "1": "NYNNN",
    "2": "YYNNN",
    "3": "NNYNN",
    "4": "YNYNN",
    "5": "NYNNY",
    "6": "YYNNY",
    "7": "NNYNY",
    "8": "YNYNY",
    "9": "---Y-",
}
ELMIRA_OPTIONS = {
    "MoE": ["modify"],
    "Uniroyal": ["delay", "accept", "abandon"],
    "LocalGov": ["insist"],
}
ELMIRA_PREFERENCES = {
    "MoE": list("734851269"),
    "Uniroyal": list("148593726"),
    "LocalGov": list("735186429"),
}
ELMIRA_ARCS = {
    "MoE": {"1": "2", "3": "4", "5": "6", "7": "8"},
    "Uniroyal": dict(zip("12345678", ("39", "49", "9", "9", "79", "89", "9", "9"), strict=True)),
    "LocalGov": dict(zip("15263748", "51627384", strict=True)),
}
ELMIRA = ConflictSection(
    options=ELMIRA_OPTIONS,
    states=ELMIRA_STATES,
    irreversible=["modify", "accept", "abandon"],
    preferences=ELMIRA_PREFERENCES,
)
ELMIRA_LISTED = ConflictSection(
    options=ELMIRA_OPTIONS,
    states=ELMIRA_STATES,
    moves={
        actor: {start: list(ends) for start, ends in arcs.items()}
        for actor, arcs in ELMIRA_ARCS.items()
    },
    preferences=ELMIRA_PREFERENCES,
)

# conflict: (section, {concept: ({actor: stable states}, equilibria)})
US_METARATIONAL = "0 1 2 3 4 5 6 7 11"
USSR_METARATIONAL = "0 1 2 4 5 6 7"
PUBLISHED = {
    "prisoners": (
        two_by_two("DC CC DD CD", "CD CC DD DC"),
        {
            "gmcr_nash": ({"Row": "DC DD", "Col": "CD DD"}, "DD"),
            "gmr": ({"Row": "CC DC DD", "Col": "CC CD DD"}, "CC DD"),
            "smr": ({"Row": "CC DC DD", "Col": "CC CD DD"}, "CC DD"),
            "seq": ({"Row": "CC DC DD", "Col": "CC CD DD"}, "CC DD"),
        },
    ),
    "chicken": (
        two_by_two("DC CC CD DD", "CD CC DC DD"),
        {
            "gmcr_nash": ({"Row": "CD DC", "Col": "CD DC"}, "CD DC"),
            "gmr": ({"Row": "CC CD DC", "Col": "CC CD DC"}, "CC CD DC"),
            "smr": ({"Row": "CC CD DC", "Col": "CC CD DC"}, "CC CD DC"),
            "seq": ({"Row": "CD DC", "Col": "CD DC"}, "CD DC"),
        },
    ),
    "stag hunt": (
        two_by_two("CC DC DD CD", "CC CD DD DC"),
        {
            "gmcr_nash": ({"Row": "CC DD", "Col": "CC DD"}, "CC DD"),
            "gmr": ({"Row": "CC DC DD", "Col": "CC CD DD"}, "CC DD"),
            "smr": ({"Row": "CC DC DD", "Col": "CC CD DD"}, "CC DD"),
            "seq": ({"Row": "CC DD", "Col": "CC DD"}, "CC DD"),
        },
    ),
    "cuba": (
        CUBA,
        {
            "gmcr_nash": ({"US": "2 4 11", "USSR": "0 5 6 7"}, ""),
            "gmr": ({"US": US_METARATIONAL, "USSR": USSR_METARATIONAL}, USSR_METARATIONAL),
            "smr": ({"US": US_METARATIONAL, "USSR": USSR_METARATIONAL}, USSR_METARATIONAL),
            "seq": ({"US": "2 4 6 11", "USSR": "0 4 5 6 7"}, "4 6"),
        },
    ),
    **{
        name: (
            section,
            {
                "gmcr_nash": (
                    {
                        "MoE": "1 2 3 4 5 6 7 8 9",
                        "Uniroyal": "1 4 5 8 9",
                        "LocalGov": "5 6 7 8 9",
                    },
                    "5 8 9",
                ),
                "gmr": (
                    {
                        "MoE": "1 2 3 4 5 6 7 8 9",
                        "Uniroyal": "1 4 5 8 9",
                        "LocalGov": "1 2 3 4 5 6 7 8 9",
                    },
                    "1 4 5 8 9",
                ),
                "smr": (
                    {
                        "MoE": "1 2 3 4 5 6 7 8 9",
                        "Uniroyal": "1 4 5 8 9",
                        "LocalGov": "1 2 3 4 5 6 7 8 9",
                    },
                    "1 4 5 8 9",
                ),
                "seq": (
                    {
                        "MoE": "1 2 3 4 5 6 7 8 9",
                        "Uniroyal": "1 4 5 8 9",
                        "LocalGov": "2 3 5 6 7 8 9",
                    },
                    "5 8 9",
                ),
            },
        )
        for name, section in {"elmira": ELMIRA, "elmira by listed moves": ELMIRA_LISTED}.items()
    },
}


@pytest.mark.parametrize("concept", MASKS)
@pytest.mark.parametrize("name", PUBLISHED)
def test_published(name: str, concept: str) -> None:
    section, table = PUBLISHED[name]
    per_actor, equilibria = table[concept]
    solution = get(concept)(from_section(section))
    assert solution.parameters["stable"] == {a: s.split() for a, s in per_actor.items()}
    assert [member.outcome for member in solution.equilibria] == equilibria.split()
    assert solution.exhaustive
    assert bool(solution.note) is not bool(equilibria)


def test_options_derive_the_published_moves_of_elmira() -> None:
    assert (from_section(ELMIRA).moves == from_section(ELMIRA_LISTED).moves).all()


@pytest.mark.parametrize(
    ("coalition", "gains"),
    [
        (["MoE", "Uniroyal"], {"5": ("8",), "8": (), "9": ()}),
        (["Uniroyal", "LocalGov"], {"5": (), "8": (), "9": ()}),
        (["MoE", "LocalGov"], {"5": (), "8": (), "9": ()}),
    ],
)
def test_published_coalition_moves_of_elmira(coalition, gains) -> None:
    found = coalition_improvements(from_section(ELMIRA), coalition)
    assert {state: found[state] for state in gains} == gains


def test_a_sanctioning_group_may_move_again_in_turn() -> None:
    """Actor a leaves 0 for 1; b, c, b in turn reach 4, and neither could reach it moving once."""
    moves = np.zeros((3, 5, 5), dtype=bool)
    moves[0, 0, 1] = moves[1, 1, 2] = moves[2, 2, 3] = moves[1, 3, 4] = True
    ranking = ["1", "2", "3", "0", "4"]
    indifferent = [["0", "1", "2", "3", "4"]]
    rising = ["4", "3", "2", "1", "0"]
    conflict = Conflict.from_lists("abc", "01234", moves, [ranking, rising, rising])
    assert "0" in get("gmr")(conflict).parameters["stable"]["a"]
    assert "0" in get("seq")(conflict).parameters["stable"]["a"]
    passive = Conflict.from_lists("abc", "01234", moves, [ranking, indifferent, rising])
    assert "0" in get("gmr")(passive).parameters["stable"]["a"]
    assert "0" not in get("seq")(passive).parameters["stable"]["a"]


def test_nobody_moves_twice_in_a_row() -> None:
    moves = np.zeros((2, 4, 4), dtype=bool)
    moves[0, 0, 1] = moves[1, 1, 2] = moves[1, 2, 3] = True
    conflict = Conflict.from_lists("ab", "0123", moves, [["1", "2", "0", "3"]] * 2)
    assert "0" not in get("gmr")(conflict).parameters["stable"]["a"]


def test_a_tie_is_no_improvement() -> None:
    moves = [[[False, True], [True, False]]]
    conflict = Conflict.from_lists(["a"], ["x", "y"], moves, [[["x", "y"]]])
    assert [e.outcome for e in get("gmcr_nash")(conflict).equilibria] == ["x", "y"]


def test_certificate_names_a_sanction_for_every_improvement() -> None:
    (sanctioned,) = (e for e in get("seq")(from_section(CUBA)).equilibria if e.outcome == "6")
    # From 6 the US would rather lift the blockade (4); the USSR then improves by returning to 0.
    assert sanctioned.extra["sanctions"] == {"US": {"4": "0"}}
    assert sanctioned.payoffs == {"US": 11.0, "USSR": 10.0}


@st.composite
def conflicts(draw, least=1, most=3, batch=3):
    n, m = draw(st.integers(least, most)), draw(st.integers(2, 6))
    seed = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    moves = seed.random((n, m, m)) < draw(st.sampled_from([0.2, 0.5, 0.8]))
    moves[:, range(m), range(m)] = False
    ranks = seed.integers(1, draw(st.integers(2, 8)), size=(n, m, batch))
    return moves, ranks


@settings(deadline=None, max_examples=150)
@given(conflicts())
def test_implications(conflict) -> None:
    nash, gmr, smr, seq = (mask(*conflict) for mask in MASKS.values())
    assert (~nash | (gmr & smr & seq)).all()
    assert (~smr | gmr).all()
    assert (~seq | gmr).all()


def brute_force(concept: str, moves, ranks, i: int, s: int) -> bool:
    """Two actors, from the definition with loops: the opponent answers by one move or none."""
    j, states = 1 - i, range(ranks.shape[1])
    better = [t for t in states if moves[i, s, t] and ranks[i, t] > ranks[i, s]]

    def deters(t: int) -> bool:
        answers = [u for u in states if moves[j, t, u] and ranks[i, u] <= ranks[i, s]]
        if concept == "seq":
            answers = [u for u in answers if ranks[j, u] > ranks[j, t]]
        if concept == "smr":
            escapes = {u: [v for v in states if moves[i, u, v]] for u in answers}
            answers = [u for u in answers if all(ranks[i, v] <= ranks[i, s] for v in escapes[u])]
        return bool(answers) and concept != "gmcr_nash"

    return all(deters(t) for t in better)


@settings(deadline=None, max_examples=60)
@given(conflicts(least=2, most=2), st.sampled_from(sorted(MASKS)))
def test_two_actors_by_brute_force(conflict, concept) -> None:
    moves, ranks = conflict
    mask = MASKS[concept](moves, ranks)
    for i, s, b in product(range(2), range(ranks.shape[1]), range(ranks.shape[2])):
        assert mask[i, s, b] == brute_force(concept, moves, ranks[..., b], i, s)


def legal_sequences(moves, members, start: int, depth: int) -> set[int]:
    """States that end legal sequences of at most ``depth`` moves, by walking every one of them."""
    walks, found = {(start, -1)}, set()
    for _ in range(depth):
        walks = {
            (int(t), k)
            for s, last in walks
            for k in members
            if k != last
            for t in np.flatnonzero(moves[k, s])
        }
        found |= {s for s, _ in walks}
    return found


@settings(deadline=None, max_examples=60)
@given(conflicts(least=3, batch=1))
def test_three_actors_by_walking_all_sequences(conflict) -> None:
    moves, ranks = conflict
    rank = ranks[..., 0]
    improving = moves & (rank[:, None, :] > rank[:, :, None])
    masks = {name: MASKS[name](moves, ranks)[..., 0] for name in ("gmr", "seq")}
    for i, s in product(range(3), range(rank.shape[1])):
        others = [k for k in range(3) if k != i]
        for concept, arcs in (("gmr", moves), ("seq", improving)):
            expected = all(
                any(rank[i, u] <= rank[i, s] for u in legal_sequences(arcs, others, int(t), 14))
                for t in np.flatnonzero(improving[i, s])
            )
            assert masks[concept][i, s] == expected


@settings(deadline=None, max_examples=30)
@given(conflicts(batch=4), st.sampled_from(sorted(MASKS)))
def test_a_batch_equals_its_conflicts_one_by_one(conflict, concept) -> None:
    moves, ranks = conflict
    whole = MASKS[concept](moves, ranks)
    single = [MASKS[concept](moves, ranks[..., b : b + 1]) for b in range(ranks.shape[2])]
    assert (whole == np.concatenate(single, axis=2)).all()


@pytest.mark.parametrize("scale", [1e9, 1e-9])
def test_preferences_from_payoffs_do_not_depend_on_scale(scale: float) -> None:
    conflict = from_section(CUBA)
    payoffs = conflict.ranks * scale + 5 * scale
    again = conflict.with_payoffs(payoffs)
    assert (again.ranks == conflict.ranks).all()
    shaken = conflict.with_payoffs(payoffs * (1 + 1e-13))
    assert (shaken.ranks == conflict.ranks).all()


def test_a_batch_is_refused_where_one_conflict_is_meant() -> None:
    conflict = from_section(CUBA)
    doubled = replace(conflict, ranks=np.repeat(conflict.ranks, 2, axis=2))
    with pytest.raises(Exception, match="one preference profile expected"):
        get("gmr")(doubled)

r"""Refinements of equilibria of signalling games: which messages off the path a type could mean.

Definition. A signalling game: chance draws a type, the sender alone learns it and sends a message, the
receiver answers. Let ``u*(t)`` be what type ``t`` has in equilibrium, ``m`` a message that nobody sends,
``BR(T, m)`` the answers that are best for some belief on the types ``T``.

*Intuitive* (Cho and Kreps 1987): types with ``u*(t) > max u(t, m, r)`` over ``r`` in ``BR(all, m)`` could
only lose by ``m``; let ``J`` be the others. The equilibrium fails where some type in ``J`` has ``u*(t) <
min u(t, m, r)`` over ``r`` in ``BR(J, m)``.

*Divine* (D1 of Cho and Kreps 1987, after Banks and Sobel 1987): type ``t`` is struck out where another
type strictly gains from every mixed best answer from which ``t`` gains or does not lose. The equilibrium
fails where no best answer to a belief on the types that are left keeps all types from ``m``.

Array convention. Plain tuples of fractions; types and messages by position.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from sim.games.behaviour import Behaviour, values
from sim.games.tree import CHANCE, END, Number, Tree
from sim.solutions.sequential._rational_beliefs import Undecided, most

MOST_ANSWERS = 8
"""Answers to a message up to which all sets of best answers are looked at."""

Row = tuple[Number, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message: per type the payoffs of sender and receiver for each answer.

    A message that ends the game has one answer, which is nobody's.
    """

    name: str
    sender: tuple[Row, ...]
    receiver: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignallingGame:
    """Types' nodes, the sender's position, and the messages."""

    types: tuple[int, ...]
    sender: int
    messages: tuple[Message, ...]


def signalling_game(tree: Tree) -> SignallingGame | None:
    """The tree as a signalling game; ``None`` where it is none.

    Examples
    --------
    >>> from sim.games.files.tree import tree_game
    >>> from sim.scenario.sections.tree import TreeSection
    >>> signalling_game(tree_game(TreeSection(actors=("a",), nodes={
    ...     "one": {"player": "a", "actions": {"l": [1], "r": [2]}}}))) is None
    True
    """
    root = tree.nodes[0]
    if root.mover != CHANCE or len(root.children) < 2 or not all(root.amounts):
        return None
    types = [tree.nodes[k] for k in root.children]
    first = types[0]
    alone = [n.mover >= 0 and len(tree.sets[n.information].nodes) == 1 for n in types]
    alike = [(n.mover, n.actions) == (first.mover, first.actions) for n in types]
    if not (all(alone) and all(alike)):
        return None
    messages = [
        _message(tree, first.mover, first.actions[m], [n.children[m] for n in types])
        for m in range(len(first.actions))
    ]
    known = tuple(m for m in messages if m is not None)
    if len(known) < len(messages):
        return None
    return SignallingGame(types=root.children, sender=first.mover, messages=known)


def _message(tree: Tree, sender: int, name: str, after: Sequence[int]) -> Message | None:
    nodes = [tree.nodes[k] for k in after]
    if all(n.mover == END for n in nodes):
        rows: list[tuple[Row, Row]] = [((n.amounts[sender],), (Fraction(0),)) for n in nodes]
    else:
        place = nodes[0].information
        if place < 0 or set(tree.sets[place].nodes) != set(after) or nodes[0].mover == sender:
            return None
        ends = [[tree.nodes[c] for c in n.children] for n in nodes]
        if any(e.mover != END for row in ends for e in row) or len(ends[0]) > MOST_ANSWERS:
            return None
        receiver = nodes[0].mover
        rows = [
            (tuple(e.amounts[sender] for e in row), tuple(e.amounts[receiver] for e in row))
            for row in ends
        ]
    return Message(name=name, sender=tuple(r[0] for r in rows), receiver=tuple(r[1] for r in rows))


def marks_of(tree: Tree, game: SignallingGame, behaviour: Behaviour) -> list[str]:
    """The refinements that an equilibrium's outcome passes."""
    now = values(tree, behaviour)
    worth = [now[k][game.sender] for k in game.types]
    sent = [
        any(behaviour[tree.nodes[k].information][m] for k in game.types)
        for m in range(len(game.messages))
    ]
    silent = [m for m, said in zip(game.messages, sent, strict=True) if not said]
    out = []
    for name, passes in (("intuitive", _intuitive), ("divine", _divine)):
        try:
            if all(passes(message, worth) for message in silent):
                out.append(name)
        except Undecided:
            continue
    return out


def _faces(message: Message, types: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Sets of answers that are best together for some belief on some types."""
    answers = range(len(message.sender[0]))
    for size in range(1, len(answers) + 1):
        for face in combinations(answers, size):
            rows = [
                [message.receiver[t][b] - message.receiver[t][a] for t in types]
                for a in face
                for b in answers
                if b != a
            ]
            if most(rows, [Fraction(1)] * len(types)) is not None:
                yield face


def _best(message: Message, types: Sequence[int]) -> list[int]:
    return [face[0] for face in _faces(message, types) if len(face) == 1]


def _intuitive(message: Message, worth: Sequence[Number]) -> bool:
    everyone = range(len(worth))
    best = _best(message, everyone)
    left = [t for t in everyone if worth[t] <= max(message.sender[t][r] for r in best)]
    if not left:
        return True
    told = _best(message, left)
    return not any(worth[t] < min(message.sender[t][r] for r in told) for t in left)


def _divine(message: Message, worth: Sequence[Number]) -> bool:
    everyone = list(range(len(worth)))
    faces = list(_faces(message, everyone))
    struck = [
        t for t in everyone if any(_keener(message, worth, faces, o, t) for o in everyone if o != t)
    ]
    left = [t for t in everyone if t not in struck] or everyone
    for face in _faces(message, left):
        rows = [[message.sender[t][a] - worth[t] for a in face] for t in everyone]
        if most(rows, [Fraction(1)] * len(face)) is not None:
            return True
    return False


def _keener(
    message: Message,
    worth: Sequence[Number],
    faces: Sequence[tuple[int, ...]],
    other: int,
    own: int,
) -> bool:
    """Whether one type strictly gains from every best answer from which another gains or does not lose."""
    for face in faces:
        ours = [worth[own] - message.sender[own][a] for a in face]
        theirs = [message.sender[other][a] - worth[other] for a in face]
        if most([ours, theirs], [Fraction(1)] * len(face)) is not None:
            return False
    return True

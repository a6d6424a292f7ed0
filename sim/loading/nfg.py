"""Gambit's ``.nfg`` files: games in strategic form, read and written.

The file: ``NFG 1 R "title" { "actor" ... }``, then either ``{ 2 3 }`` (numbers of strategies) or
``{ { "a" "b" } { "x" "y" "z" } }`` (their labels), then perhaps a quoted comment, then one of two
bodies. *Payoffs*: per profile one payoff per actor. *Outcomes*: ``{ { "name" 1, 2 } ... }``, then
per profile the number of its outcome, 0 for payoffs of 0. In both the first actor's strategy moves
fastest. ``R`` and ``D`` (rational, decimal) make no difference here: every number is kept exactly.

Array convention. Payoffs have shape ``(actors, *moves)``; the body is that array in Fortran order.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np

from sim._kernels.tolerance import AnyArray
from sim.games.strategic import StrategicGame
from sim.loading._gambit_text import (
    MAX_ACTORS,
    Words,
    braced,
    distinct,
    legal,
    legal_labels,
    plain,
    quoted,
)

MAX_PROFILES = 2_000_000
"""Most strategy profiles that are read."""


def read_nfg(text: str, file: str = "<text>") -> StrategicGame:
    """The game of a ``.nfg`` file, with exact payoffs.

    Parameters
    ----------
    text
        The file's content.
    file
        Its name, for messages.

    Raises
    ------
    ScenarioError
        If the text is malformed: the line, the column and what stands there.

    Notes
    -----
    Source: [savani2025]_.

    Examples
    --------
    >>> game = read_nfg('NFG 1 R "" { "a" "b" } { 2 1 } 1/3 0  2 5')
    >>> game.actors, game.exact[0, 1, 0]
    (('a', 'b'), Fraction(2, 1))
    """
    words = Words(text, file)
    title = _header(words)
    actors = _actors(words)
    menus = _menus(words, len(actors))
    if words.peek().kind == "text":
        words.text("a comment")
    shape = tuple(map(len, menus))
    if words.peek().kind == "{":
        payoffs = _outcome_body(words, len(actors), shape)
    else:
        payoffs = _payoff_body(words, len(actors), shape)
    if words.peek().kind != "end":
        words.fail("all payoffs are given, so the file should end here")
    return StrategicGame.from_tables(payoffs, actors=actors, strategies=menus, title=title)  # type: ignore[arg-type]


def _header(words: Words) -> str:
    if words.peek().value != "NFG":
        words.fail("a file of this kind starts with NFG")
    words.word("NFG")
    if words.peek().value != "1":
        words.fail("only version 1 can be read")
    words.word("a version")
    if words.peek().value not in ("R", "D"):
        words.fail("R or D is needed here")
    words.word("R or D")
    return words.text("the title in quotation marks")


def _actors(words: Words) -> list[str]:
    start = words.peek()
    actors = words.texts("an actor's name in quotation marks")
    if not 1 <= len(actors) <= MAX_ACTORS:
        words.refuse(f"1 to {MAX_ACTORS} actors are needed, {len(actors)} are listed", start)
    return distinct(actors, "actor")


def _menus(words: Words, actors: int) -> list[list[str]]:
    start = words.peek()
    words.take("{", "{ with the strategies")
    labelled = words.peek().kind == "{"
    menus: list[list[str]] = []
    while len(menus) <= actors and not words.skip("}"):
        menus.append(_menu(words, labelled=labelled))
        if math.prod(map(len, menus)) > MAX_PROFILES:
            words.refuse(
                f"at most {MAX_PROFILES:,} strategy profiles can be read, here are more", start
            )
    if len(menus) != actors:
        words.refuse(f"strategies of {actors} actors are needed, no more and no fewer", start)
    if not all(menus):
        words.refuse("every actor needs a strategy", start)
    return menus


def _menu(words: Words, *, labelled: bool) -> list[str]:
    if labelled:
        return distinct(words.texts("a strategy's label"), "strategy")
    size = words.count("a number of strategies or }", MAX_PROFILES)
    return [str(k + 1) for k in range(size)]


def _payoff_body(words: Words, actors: int, shape: tuple[int, ...]) -> AnyArray:
    size = actors * math.prod(shape)
    numbers = [words.number(f"payoff {k + 1:,} of {size:,}") for k in range(size)]
    values = np.array(numbers, dtype=object)
    return values.reshape((actors, *shape), order="F")


def _outcome_body(words: Words, actors: int, shape: tuple[int, ...]) -> AnyArray:
    outcomes = [[Fraction(0)] * actors]
    words.take("{", "{ with the outcomes")
    while not words.skip("}"):
        outcomes.append(_outcome(words, actors))
    size = math.prod(shape)
    table = np.empty((len(outcomes), actors), dtype=object)
    table[:] = outcomes
    chosen = [
        words.count(f"the outcome's number of profile {k + 1:,} of {size:,}", len(outcomes) - 1)
        for k in range(size)
    ]
    return table[chosen].T.reshape((actors, *shape), order="F")


def _outcome(words: Words, actors: int) -> list[Any]:
    words.take("{", "{ with an outcome or }")
    if words.peek().kind == "text":
        words.text("a name")
    out = [words.number(f"payoff {k + 1} of {actors}") for k in range(actors)]
    words.skip(",")
    words.take("}", "} after the payoffs of an outcome")
    return out


def nfg_data(game: StrategicGame) -> dict[str, Any]:
    """A game as the data of a scenario file with a ``strategic`` section."""
    cells = np.vectorize(plain, otypes=[object])(np.moveaxis(game.fractions(), 0, -1))
    menus = {actor: list(menu) for actor, menu in zip(game.actors, game.strategies, strict=True)}
    return {"title": game.title, "strategic": {"actors": menus, "payoffs": cells.tolist()}}


def write_nfg(game: StrategicGame) -> str:
    """A game of a batch of one as the text of a ``.nfg`` file.

    Examples
    --------
    >>> print(write_nfg(StrategicGame.from_bimatrix([[1, "1/3"]], [[2, 0.5]])))
    NFG 1 R "" { "player 1" "player 2" }
    { { "1" }
      { "1" "2" } }
    <BLANKLINE>
    1 2
    1/3 1/2
    <BLANKLINE>
    """
    labels = [legal_labels(menu, "strategy") for menu in game.strategies]
    menus = "\n  ".join(braced(map(quoted, menu)) for menu in labels)
    actors = braced(map(quoted, legal_labels(game.actors, "player")))
    head = f"NFG 1 R {quoted(legal(game.title))} {actors}\n{{ {menus} }}\n"
    values = game.table() if game.exact is None else game.exact
    rows = values.reshape((len(game.actors), -1), order="F").T
    body = "\n".join(" ".join(_written(value) for value in row) for row in rows)
    return f"{head}\n{body}\n"


def _written(value: Any) -> str:
    """A fraction exactly; a double with the fewest digits that give the same double when read."""
    return str(value) if not isinstance(value, float) else repr(float(value))

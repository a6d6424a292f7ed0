"""The model behind a verdict as texts in rows: what can be agreed, who wants what, what binds, who moves.

Definition. Everything a file declares is here once, in its own order: issues with their positions (the first
is the status quo), what is derived of an agreement, outcome classes and what is ruled out, payoff terms with
their formulas, constraints with what their type means, the stages of the game, and the factors of a moving
world. Names stand beside labels, since formulas are written in names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.constraints import CONSTRAINTS, Constraint
from sim.games.order import rounds_of, stages_of
from sim.games.protocols import Stages
from sim.labels import Labels, labels_of
from sim.scenario import Move, Scenario

Row = tuple[str, ...]
MOST_NAMED = 4
"""Rounds with the same moves that are named one by one."""
HIDDEN = frozenset({"type", "note", "source", "label", "short"})
MOVES = {
    "stance": "{who} takes a stance",
    "offer": "{who} offers an agreement, or none",
    "demand": "{who} names the agreement it demands",
    "reply": "{who} accepts or rejects",
    "ratify": "what was agreed is ratified at home, or fails",
    "implement": "{who} complies or reneges",
    "signal": "{who} sends a message",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What a dispute's file declares.

    Parameters
    ----------
    issues
        Issue, position, name in formulas, what it gives; the first of each issue is its status quo.
    derived
        What is derived of an agreement, and its formula.
    outcomes, ruled_out
        Outcome classes with their rules; combinations that do not exist.
    third_parties
        Third parties with their stances.
    payoffs
        Per actor: term, name, formula.
    constraints
        Actor, constraint, type, its meaning, its fields, and the file's note.
    stages
        The game, a sentence a stage.
    world
        Factors of a world that moves: factor, where it is now, its other levels, and how it moves.
    """

    issues: tuple[Row, ...]
    derived: tuple[Row, ...]
    outcomes: tuple[Row, ...]
    ruled_out: tuple[str, ...]
    third_parties: tuple[Row, ...]
    payoffs: Mapping[str, tuple[Row, ...]]
    constraints: tuple[tuple[str, str, str, str, tuple[Row, ...], str], ...]
    stages: tuple[str, ...]
    world: tuple[Row, ...]


def model(scenario: Scenario) -> Model:
    """What a dispute's file declares, as texts.

    Examples
    --------
    >>> import sim
    >>> s = sim.loads(
    ...     "{issues: {peace: {no: {}, yes: {signed: 1}}}, outcomes: {treaty: signed},"
    ...     " actors: {a: {role: principal}, b: {role: principal}}, game: [{offer: a}, {reply: b}],"
    ...     " payoffs: {a: {x: 2*signed}, b: {x: signed}}}"
    ... )
    >>> model(s).payoffs["a"], model(s).stages
    ((('x', 'x', '2*signed'),), ('A offers an agreement, or none.', 'B accepts or rejects.'))
    """
    document, book = scenario.document, labels_of(scenario)
    return Model(
        issues=tuple(_issues(scenario, book)),
        derived=tuple((name, formula.text) for name, formula in document.attributes.items()),
        outcomes=tuple((name, rule.text) for name, rule in document.outcomes.items()),
        ruled_out=tuple(rule.text for rule in document.rule_out),
        third_parties=tuple(
            (book.actor(name), ", ".join(book.say(f"{name}={s}") for s in actor.stances))
            for name, actor in document.actors.items()
            if actor.stances
        ),
        payoffs={
            actor: tuple((book.term(actor, t), t, formula.text) for t, formula in terms.items())
            for actor, terms in document.payoffs.items()
        },
        constraints=tuple(_constraints(scenario, book)),
        stages=() if document.game is None else tuple(_stages(scenario, book)),
        world=tuple(_world(scenario, book)),
    )


def _issues(scenario: Scenario, book: Labels) -> Iterator[Row]:
    for issue, positions in scenario.document.issues.items():
        for position, gives in positions.items():
            words = ", ".join(f"{name} {value:g}" for name, value in gives.items())
            first = position == next(iter(positions))
            label = book.at(f"issues.{issue}.{position}") or position
            named = book.at(f"issues.{issue}") or issue
            yield (named if first else ""), label, f"{issue}.{position}", words


def _constraints(
    scenario: Scenario, book: Labels
) -> Iterator[tuple[str, str, str, str, tuple[Row, ...], str]]:
    for section in ("domestic", "abroad"):
        for actor, constraints in getattr(scenario.document, section).items():
            for name, one in constraints.items():
                label = book.constraint(actor, name)
                kind = one.type
                told = "; ".join(filter(None, [one.note, one.source]))
                yield book.actor(actor), label, kind, meaning(kind), tuple(_fields(one)), told


def meaning(kind: str) -> str:
    """What a type of constraint is, in the first sentence of its documentation.

    Examples
    --------
    >>> meaning("veto_player").endswith(".")
    True
    """
    return (CONSTRAINTS[kind].__doc__ or "").strip().partition("\n\n")[0].replace("\n", " ")


def _fields(one: Constraint) -> Iterator[Row]:
    """What a constraint was given, by dotted name; what has its default is left out."""
    data = one.model_dump(mode="json", exclude_defaults=True)
    yield from _flat({key: value for key, value in data.items() if key not in HIDDEN})


def _flat(data: Mapping[str, Any], prefix: str = "") -> Iterator[Row]:
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        elif value not in (None, ""):
            yield f"{prefix}{key}", f"{value:g}" if isinstance(value, float) else str(value)


def _stages(scenario: Scenario, book: Labels) -> Iterator[str]:
    game = scenario.document.game
    if game is None or game.rounds is None:
        yield from _told(stages_of(scenario), book)
        return
    found = rounds_of(scenario)
    for k, stages in enumerate(found.kinds):
        numbers = [n + 1 for n, kind in enumerate(found.order) if kind == k]
        which = f"Round {', '.join(map(str, numbers[:MOST_NAMED]))}"
        more = ", ..." if found.for_ever or len(numbers) > MOST_NAMED else ""
        yield f"{which}{more}: {' '.join(_told(stages, book))}"


def _told(stages: Stages, book: Labels) -> Iterator[str]:
    """Stages in sentences."""
    for stage in stages:
        told = "; at the same time ".join(_move(move, book) for move in stage)
        yield f"{told[0].upper()}{told[1:]}."


def _move(move: Move, book: Labels) -> str:
    words = MOVES[move.kind].format(who=book.actor(move.actor))
    if move.menu is not None:
        words += f" (only what satisfies {move.menu.text})"
    if move.noise is not None:
        words += f" (by chance: noise {move.noise.text})"
    if move.messages is not None:
        words += f" ({', '.join(move.messages)})"
    changes = ", ".join(f"{book.actor(a)} {formula.text}" for a, formula in move.reneging.items())
    return f"{words} (reneging adds {changes})" if changes else words


def _world(scenario: Scenario, book: Labels) -> Iterator[Row]:
    dynamics = scenario.document.dynamics
    for factor, record in ({} if dynamics is None else dynamics.world).items():
        moves = "; ".join(
            f"{start} to {end}: {rate.text}"
            for start, ends in record.moves.items()
            for end, rate in ends.items()
        )
        others = ", ".join(level for level in record.levels if level != record.now)
        yield book.at(f"dynamics.world.{factor}") or factor, record.now, others, moves

"""Nash equilibria of a tree as a record, with the sets filled that plans leave open.

Array convention. Behaviours are tuples with one tuple of fractions per information set.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product

from sim.games.behaviour import Behaviour, Chances, completed
from sim.games.tree import Tree

Mix = tuple[Fraction, ...]

FILLINGS = 64
"""The most ways to fill sets that an actor's own plan leaves open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Nash equilibria of a tree.

    Parameters
    ----------
    members
        As behaviour strategies, without repetition.
    exhaustive
        Whether these are all, of a continuum all extreme ones.
    continuum
        Whether equilibria between the members exist too.
    settled
        Whether the outcomes of the members are proved to be all.
    determined
        Whether the members are proved to be all behaviours: no continuum, and no information set that
        an actor's own plan leaves open.
    heavy
        Whether it cost much.
    limited
        Whether a work limit stopped the search.
    note
        What is left out, in a few words; empty where nothing is.
    """

    members: tuple[Behaviour, ...]
    exhaustive: bool
    continuum: bool = False
    settled: bool = True
    determined: bool = True
    limited: bool = False
    heavy: bool = False
    note: str = ""


def sure(size: int, chosen: int) -> Mix:
    """Probability 1 on one of some actions."""
    return tuple(Fraction(int(k == chosen)) for k in range(size))


def stage_of(
    tree: Tree,
    knowns: Sequence[Mapping[int, Chances]],
    every: bool,
    *,
    wide: bool,
    settled: bool,
    complete: bool,
) -> Stage:
    """Behaviours with the sets filled that plans leave open; several mixtures may come to one."""
    members: dict[Behaviour, None] = {}
    for known in knowns:
        members |= dict.fromkeys(_completions(tree, known) if every else [completed(tree, known)])
    left_open = any(_missing(tree, known) for known in knowns)
    note = "" if complete else "a stage was too large to list all its equilibria"
    return Stage(
        members=tuple(members),
        exhaustive=complete,
        continuum=wide,
        settled=settled,
        determined=complete and not wide and not left_open,
        limited=not complete,
        note=note,
    )


def _missing(tree: Tree, known: Mapping[int, Chances]) -> list[int]:
    return [h for h, s in enumerate(tree.sets) if h not in known and len(s.actions) > 1]


def _completions(tree: Tree, known: Mapping[int, Chances]) -> Iterator[Behaviour]:
    """A best action at the sets left open, then every combination of sure ones."""
    yield completed(tree, known)
    missing = _missing(tree, known)
    menus = [range(len(tree.sets[h].actions)) for h in missing]
    for chosen in islice(product(*menus), FILLINGS):
        told = {h: sure(len(tree.sets[h].actions), a) for h, a in zip(missing, chosen, strict=True)}
        yield completed(tree, {**known, **told})

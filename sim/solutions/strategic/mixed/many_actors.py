r"""Equilibria of a game with more than two actors, support by support.

Definition. Every equilibrium lies in the open face of exactly one support profile, where it solves
the system of :mod:`sim.solutions.strategic.mixed.supports`;
:mod:`sim.solutions.strategic.mixed.multilinear_roots` finds all solutions of such a system or says that it is
singular. Going through all supports therefore finds all equilibria, provided that no system is singular and
no work limit is met.

Array convention. Payoffs of one game in units of each actor's spread, shape ``(actors, *moves)``; a
profile is a tuple of probability vectors over the whole menus.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from sim._kernels.tolerance import AnyArray, FloatArray
from sim.solutions.strategic.mixed.few_mixing import settle_few
from sim.solutions.strategic.mixed.multilinear_roots import Root, isolate
from sim.solutions.strategic.mixed.supports import Systems, signatures, systems
from sim.solutions.strategic.mixed.third.narrowing import narrowed

SAME = 1e-9
"""Profiles closer than this, in every probability, are one equilibrium."""
CERTIFIED = 1e-10
"""Largest regret, in units of spread, of a reported equilibrium."""
TIED = 1e-12
"""Payoffs closer than this, in units of spread, may be equal: an actor alone mixes over no others."""
CELL_WORK = 4_096
"""Corner values times unknowns of an ordinary cell; larger cells count more towards the limit."""
SUPPORTS_PER_CELL = 8
"""Supports that cost as much to build and to test for dominance as one cell to examine."""
REPRESENTATIVES = 20
"""The most points reported of singular supports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundProfile:
    """An equilibrium; ``singular``: on a continuum or degenerate, so one point for many perhaps."""

    profile: tuple[FloatArray, ...]
    regular: bool
    singular: bool


@dataclass(slots=True, kw_only=True)
class Survey:
    """All members found so far, the number of singular supports, and the cells that it cost."""

    members: list[FoundProfile] = field(default_factory=list)
    singular: int = 0
    finished: bool = True
    cells: int = 0


def survey(table: FloatArray, cell_limit: int) -> Survey:
    """Search every support profile of one game, small supports first.

    Parameters
    ----------
    table
        Payoffs in units of each actor's spread, shape ``(actors, *moves)``.
    cell_limit
        The most cells to examine over all supports; beyond it ``finished`` is false.

    Examples
    --------
    >>> unanimity = np.zeros((3, 2, 2, 2))
    >>> unanimity[:, 0, 0, 0] = unanimity[:, 1, 1, 1] = 1.0
    >>> found = survey(unanimity, 1000)
    >>> len(found.members), found.singular, found.finished
    (3, 0, True)
    """
    found, menus = Survey(), table.shape[1:]
    tied = [_has_ties(own, actor) for actor, own in enumerate(table)]
    for sizes in signatures(menus):
        unknowns = sum(sizes) - len(sizes)
        weight = 1 + math.prod(sizes) * sum(menus) * unknowns // CELL_WORK
        supports = math.prod(math.comb(m, k) for m, k in zip(menus, sizes, strict=True))
        found.cells += supports * weight // SUPPORTS_PER_CELL
        if found.cells > cell_limit:
            found.finished = False
            return found
        if (
            sum(sizes) - max(sizes) < len(sizes)
            and max(sizes) > 1
            and not tied[sizes.index(max(sizes))]
        ):
            continue
        for batch in systems(table, sizes):
            if batch.equations == 0:
                _add(table, found, batch, _pure_roots(batch))
            elif not _search(table, found, batch, cell_limit, weight):
                return found
    return found


def _has_ties(own: FloatArray, actor: int) -> bool:
    """Whether two of an actor's strategies pay the same against some pure strategies of the others."""
    return bool((np.diff(np.sort(own, axis=actor), axis=actor) <= TIED).any())


def _search(table: FloatArray, found: Survey, batch: Systems, limit: int, weight: int) -> bool:
    """Add the solutions of one batch of systems; whether the limit allows to go on."""
    roots, settled = settle_few(batch.rows, batch.equations)
    _add(table, found, batch, roots)
    if settled.all():
        return True
    if settled.any():
        batch = batch.take(~settled)
    near = narrowed(batch.rows, batch.owners, batch.equations, limit - found.cells)
    found.cells += near.spent if near else 0
    start = near.cells if near else None
    search = isolate(batch.rows, batch.equations, (limit - found.cells) // weight, start)
    found.cells += search.spent * weight
    found.singular += len(search.singular)
    found.finished = search.finished
    _add(table, found, batch, search.roots)
    return search.finished


def _pure_roots(batch: Systems) -> list[Root]:
    one = np.ones(1)
    return [
        Root(
            system=k,
            mixes=(one,) * len(batch.supports),
            regular=bool((batch.rows[..., k] < 0).all()),
            singular=False,
        )
        for k in range(batch.rows.shape[-1])
        if (batch.rows[..., k] <= 0).all()
    ]


def _add(table: FloatArray, found: Survey, batch: Systems, roots: list[Root]) -> None:
    """Append what is new; a root that fails the certificate makes its support singular."""
    for root in roots:
        profile = tuple(
            _spread_out(mix, support[:, root.system], size)
            for mix, support, size in zip(root.mixes, batch.supports, table.shape[1:], strict=True)
        )
        if root.singular and sum(m.singular for m in found.members) >= REPRESENTATIVES:
            continue
        if relative_regret(table, profile) > CERTIFIED:
            found.singular += not root.singular
        elif not any(is_same(profile, member.profile) for member in found.members):
            member = FoundProfile(profile=profile, regular=root.regular, singular=root.singular)
            found.members.append(member)


def _spread_out(mix: FloatArray, support: AnyArray, size: int) -> FloatArray:
    out = np.zeros(size)
    out[support] = np.where(mix > SAME / 10, mix, 0.0)
    out /= out.sum()
    return out


def is_same(one: tuple[FloatArray, ...], other: tuple[FloatArray, ...]) -> bool:
    """Whether two profiles count as one."""
    return all(np.abs(a - b).max() <= SAME for a, b in zip(one, other, strict=True))


def relative_regret(table: FloatArray, profile: tuple[FloatArray, ...]) -> float:
    """Largest gain from a deviation, in units of the deviating actor's spread.

    Examples
    --------
    >>> one = np.array([1.0, 0.0])
    >>> relative_regret(np.array([[[0.6, 0.0], [1.0, 0.2]], [[0.6, 1.0], [0.0, 0.2]]]), (one, one))
    0.4
    """
    worst = 0.0
    for actor, mix in enumerate(profile):
        value = table[actor]
        for other in reversed(profile[actor + 1 :]):
            value = value @ other
        for other in profile[:actor]:
            value = other @ value.reshape(len(other), -1)
        worst = max(worst, float(value.max() - value @ mix))
    return worst

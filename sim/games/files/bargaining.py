"""From the ``bargaining`` section of a file to a bargaining problem.

Definition. Numbers are expressions in the file's parameters, evaluated on scalars or on a whole
batch. Goods that may change hands give one agreement per allocation of all goods; payoffs are
gains over the first holdings, so that the disagreement point is 0. Of agreements over issues only the
efficient ones are listed (:mod:`sim.games.files.issue_by_issue`); in a batch those that are efficient
anywhere in it.

Array convention. ``utilities`` has shape ``(actors, agreements, batch)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import ArrayLike

from sim._kernels.tolerance import FloatArray
from sim.errors import TooLargeError, UsageError
from sim.expressions import Expression
from sim.games.bargaining import BargainingProblem, Curve, OfferRules
from sim.games.files.finite import finite
from sim.games.files.issue_by_issue import efficient
from sim.scenario.sections.bargaining import BargainingSection, Good, Offers, Payoffs, Split

MAX_ALLOCATIONS = 2**16
"""Largest number of allocations of goods that is enumerated."""

Values = Mapping[str, ArrayLike]


def bargaining_problem(
    section: BargainingSection, values: Values | None = None, *, title: str = ""
) -> BargainingProblem:
    """The bargaining problem that a section of a file describes.

    Parameters
    ----------
    section
        The section.
    values
        The file's parameters by dotted path: numbers, or arrays of one length for a batch. Rules,
        weights and a split must not differ within a batch.

    Raises
    ------
    UsageError
        If an expression names an unknown parameter (the message has its path), or the numbers make
        no bargaining problem.
    TooLargeError
        If goods have more than ``MAX_ALLOCATIONS`` allocations.

    Examples
    --------
    >>> section = BargainingSection(
    ...     actors=("bill", "jack"),
    ...     goods={"book": {"owner": "bill", "values": {"bill": 2, "jack": 4}}},
    ... )
    >>> problem = bargaining_problem(section)
    >>> problem.agreements, problem.utilities[..., 0]
    (('no transfer', 'book to jack'), array([[ 0., -2.],
           [ 0.,  4.]]))
    """
    reader = _Reader(actors=section.actors, values=values or {})
    offers = None if section.offers is None else _rules(section.offers, reader)
    weights = reader.fixed("weights", section.weights) if section.weights else ()
    if section.split is not None:
        found = BargainingProblem.from_curve(
            _curve(section.split, reader),
            disagreement=reader.fixed("disagreement", section.disagreement),
            actors=section.actors,
        )
    else:
        found = _finite(section, reader)
    return replace(found, weights=weights, offers=offers, title=title)


def _finite(section: BargainingSection, reader: _Reader) -> BargainingProblem:
    labels, utilities = _table(section, reader)
    size = len(section.actors)
    disagreement = np.zeros((size, utilities.shape[-1]))
    if not section.goods:
        disagreement = reader.rows("disagreement", section.disagreement)
    batch = max(utilities.shape[-1], disagreement.shape[-1])
    return BargainingProblem(
        actors=section.actors,
        agreements=labels,
        utilities=np.broadcast_to(utilities, (*utilities.shape[:2], batch)).copy(),
        disagreement=np.broadcast_to(disagreement, (size, batch)).copy(),
        mode=section.mode or ("lottery" if section.frontier else "discrete"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Evaluates numbers of the section and names their path when that fails."""

    actors: tuple[str, ...]
    values: Values

    def number(self, path: str, formula: Expression, **local: ArrayLike) -> FloatArray:
        return finite(formula, {**self.values, **local}, f"bargaining.{path}")

    def scalar(self, path: str, formula: Expression) -> float:
        value = np.unique(self.number(path, formula))
        if value.size != 1:
            raise UsageError(f"bargaining.{path}: cannot differ within a batch")
        return float(value[0])

    def rows(self, path: str, payoffs: Mapping[str, Expression]) -> FloatArray:
        """Per actor its number, shape ``(actors, batch)``."""
        found = [self.number(f"{path}.{actor}", payoffs[actor]) for actor in self.actors]
        return _stacked(found)

    def fixed(self, path: str, payoffs: Mapping[str, Expression]) -> tuple[float, ...]:
        return tuple(self.scalar(f"{path}.{actor}", payoffs[actor]) for actor in self.actors)


def _stacked(found: Sequence[FloatArray]) -> FloatArray:
    """Numbers or batches of them in rows, shape ``(rows, batch)``."""
    rows = [np.atleast_1d(row) for row in found]
    return np.stack(np.broadcast_arrays(*rows)).astype(np.float64)


def _table(section: BargainingSection, reader: _Reader) -> tuple[tuple[str, ...], FloatArray]:
    if section.goods:
        return _allocations(section.goods, reader)
    if section.issues:
        return _over_issues(section.issues, reader)
    if section.frontier:
        labels = tuple(f"corner {k + 1}" for k in range(len(section.frontier)))
        cells = [
            reader.number(f"frontier[{k}]", number)
            for k, corner in enumerate(section.frontier)
            for number in corner
        ]
    else:
        labels = tuple(section.agreements)
        cells = [
            reader.number(f"agreements.{label}.{actor}", payoffs[actor])
            for label, payoffs in section.agreements.items()
            for actor in section.actors
        ]
    table = _stacked(cells).reshape(len(labels), len(section.actors), -1)
    return labels, table.swapaxes(0, 1)


def _over_issues(
    issues: Mapping[str, Mapping[str, Payoffs]], reader: _Reader
) -> tuple[tuple[str, ...], FloatArray]:
    """The efficient agreements over issues, and what everybody has of them."""
    rows = [
        reader.rows(f"issues.{issue}.{value}", worth)
        for issue, values in issues.items()
        for value, worth in values.items()
    ]
    batch = max(row.shape[-1] for row in rows)
    every = np.stack([np.broadcast_to(row, (len(row), batch)) for row in rows], axis=1)
    ends = np.cumsum([len(values) for values in issues.values()])[:-1]
    worth = np.split(every, ends, axis=1)
    found = [efficient([t[..., k] for t in worth], tuple(issues)) for k in range(batch)]
    choices, counts = found[0].choices, found[0].counts
    if batch > 1:
        choices = np.unique(np.hstack([one.choices for one in found]), axis=1)
        counts = (1,) * choices.shape[1]
    texts = [[f"{issue}: {value}" for value in values] for issue, values in issues.items()]
    labels = [
        ", ".join([menu[k] for menu, k in zip(texts, row, strict=True)])
        + (f" (1 of {same:,} with these payoffs)" if same > 1 else "")
        for row, same in zip(choices.T.tolist(), counts, strict=True)
    ]
    total = sum(table[:, row] for table, row in zip(worth, choices, strict=True))
    return tuple(labels), np.asarray(total)


def _allocations(goods: Mapping[str, Good], reader: _Reader) -> tuple[tuple[str, ...], FloatArray]:
    count = len(reader.actors) ** len(goods)
    if count > MAX_ALLOCATIONS:
        raise TooLargeError(
            f"{len(goods)} goods among {len(reader.actors)} actors have {count:,} allocations, more"
            f" than {MAX_ALLOCATIONS:,}: leave out goods that nobody would trade"
        )
    worth = np.stack([reader.rows(f"goods.{k}.values", good.values) for k, good in goods.items()])
    owners = [reader.actors.index(good.owner) for good in goods.values()]
    menus = [[owner, *(i for i in range(len(reader.actors)) if i != owner)] for owner in owners]
    holders = np.array(list(product(*menus)))
    gains = np.zeros((len(reader.actors), count, worth.shape[-1]))
    for k, owner in enumerate(owners):
        gains[owner] -= worth[k, owner]
        for actor in range(len(reader.actors)):
            gains[actor, holders[:, k] == actor] += worth[k, actor]
    labels = tuple(_transfers(row, owners, tuple(goods), reader.actors) for row in holders)
    return labels, gains


def _transfers(
    row: FloatArray, owners: Sequence[int], goods: tuple[str, ...], actors: tuple[str, ...]
) -> str:
    def moves() -> Iterator[str]:
        for k, holder in enumerate(row):
            if holder != owners[k]:
                yield f"{goods[k]} to {actors[int(holder)]}"

    return ", ".join(moves()) or "no transfer"


def _curve(split: Split, reader: _Reader) -> Curve:
    surplus = reader.scalar("split.surplus", split.surplus)
    if not split.utilities:
        return Curve(surplus=surplus, utilities=(lambda x: x, lambda x: surplus - x))

    def utility(actor: str) -> Callable[[FloatArray], FloatArray]:
        formula, path = split.utilities[actor], f"split.utilities.{actor}"
        return lambda x: reader.number(path, formula, x=x, surplus=surplus)

    first, second = reader.actors
    return Curve(surplus=surplus, utilities=(utility(first), utility(second)))


def _rules(offers: Offers, reader: _Reader) -> OfferRules:
    discount = offers.discount
    if isinstance(discount, Expression):
        discount = dict.fromkeys(reader.actors, discount)

    def known(path: str, payoffs: Mapping[str, Expression]) -> tuple[float, ...] | None:
        return reader.fixed(f"offers.{path}", payoffs) if payoffs else None

    end = offers.breakdown
    return OfferRules(
        discount=reader.fixed("offers.discount", discount),
        first=0 if offers.first is None else reader.actors.index(offers.first),
        horizon=offers.horizon,
        outside=known("outside", offers.outside),
        breakdown=reader.scalar("offers.breakdown.probability", end.probability) if end else 0.0,
        breakdown_payoffs=known("breakdown.payoffs", end.payoffs) if end else None,
        minimum=known("minimum", offers.minimum),
        quota=offers.quota,
        recognition=known("recognition", offers.recognition),
    )

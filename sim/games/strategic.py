"""Games in strategic (normal) form.

Definition. Actors ``i = 0..n-1`` each choose a strategy ``s_i`` from a finite menu, all at once;
actor ``i`` receives ``u_i(s_0, ..., s_{n-1})``.

Array convention. ``payoffs`` has shape ``(actors, *moves, batch)``: one axis per actor's menu, in
the order of the actors, and the batch axis last. One game is a batch of one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from sim._kernels.exact_numbers import as_written
from sim._kernels.tolerance import AnyArray, FloatArray
from sim.errors import UsageError

WHOLE = 2**53
"""Below this in size doubles hold every whole number, so that none is lost beside others with decimals."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StrategicGame:
    """A batch of games in strategic form that share actors and strategy menus.

    Parameters
    ----------
    actors
        Names, in order.
    strategies
        Per actor the labels of its strategies.
    payoffs
        Shape ``(actors, *moves, batch)``, float64, finite.
    exact
        The payoffs as :class:`fractions.Fraction`, shape ``(actors, *moves)``, where they are known
        exactly (payoff tables, Gambit files); ``None`` otherwise.
    magnitudes
        What each payoff was added up from, in absolute values, shape of ``payoffs``: ties rest on it
        (:mod:`sim._kernels.ranks`).
    title
        For messages and exports.
    decimals
        Whether ``payoffs``, of one game, count as the decimals that they are written as. Then ``exact``
        is worked out from them when somebody asks for it first.

    Raises
    ------
    UsageError
        If the shape does not match the menus or a payoff is not finite.

    Examples
    --------
    >>> game = StrategicGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> game.shape, game.batch
    ((2, 2), 1)
    """

    actors: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...]
    payoffs: FloatArray
    exact: AnyArray | None = None
    magnitudes: FloatArray | None = None
    title: str = ""
    decimals: bool = False

    def __post_init__(self) -> None:
        if self.decimals and self.exact is None:
            object.__delattr__(self, "exact")
        expected = (len(self.actors), *map(len, self.strategies))
        if self.payoffs.shape[:-1] != expected:
            raise UsageError(f"payoffs have shape {self.payoffs.shape[:-1]}, menus say {expected}")
        if np.count_nonzero(np.isfinite(self.payoffs)) < self.payoffs.size:
            raise UsageError("a payoff is not finite")

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> AnyArray:
            """``exact`` of decimals when first asked for: Python comes here for what is missing."""
            if name != "exact":
                raise AttributeError(f"a strategic game has no {name!r}")
            exact = as_fractions(self.table())
            object.__setattr__(self, "exact", exact)
            return exact

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of strategies of each actor."""
        return tuple(map(len, self.strategies))

    @property
    def batch(self) -> int:
        """Number of games."""
        return int(self.payoffs.shape[-1])

    def table(self) -> FloatArray:
        """The payoffs of a batch of one without the batch axis, shape ``(actors, *moves)``."""
        if self.batch != 1:
            raise UsageError(f"one game expected, the batch holds {self.batch}")
        return self.payoffs[..., 0]

    def fractions(self) -> AnyArray:
        """The payoffs of one game as fractions: ``exact``, or the floats taken at their exact value."""
        if self.exact is not None:
            return self.exact
        table = self.table()
        out = np.empty(table.shape, dtype=object)
        for index in np.ndindex(table.shape):
            out[index] = Fraction(float(table[index]))
        return out

    @classmethod
    def from_tables(
        cls,
        tables: Sequence[object],
        *,
        actors: Sequence[str] = (),
        strategies: Sequence[Sequence[str]] = (),
        title: str = "",
    ) -> StrategicGame:
        """A single game from one payoff array per actor; entries may be numbers or fractions.

        Examples
        --------
        >>> StrategicGame.from_tables([[["1/3"]], [[2]]]).exact[0, 0, 0]
        Fraction(1, 3)
        """
        payoffs, exact = _doubles(tables), None
        if payoffs is None:
            exact = as_fractions(tables)
            payoffs = exact.astype(np.float64)
        return cls(
            actors=tuple(actors) or _numbers("player ", len(payoffs)),
            strategies=tuple(map(tuple, strategies))
            or tuple([_numbers("", size) for size in payoffs.shape[1:]]),
            payoffs=payoffs[..., None],
            exact=exact,
            title=title,
            decimals=exact is None,
        )

    @classmethod
    def from_bimatrix(cls, row: object, column: object) -> StrategicGame:
        """A two-actor game from the row actor's and the column actor's payoff matrices."""
        return cls.from_tables([row, column])


@cache
def _numbers(before: str, size: int) -> tuple[str, ...]:
    """The names of what has none: its numbers."""
    return tuple([f"{before}{k + 1}" for k in range(size)])


def _doubles(tables: Sequence[object]) -> FloatArray | None:
    """Tables of plain numbers as doubles whose shortest text is what was written; ``None`` of others."""
    try:
        raw = np.array(tables)
    except ValueError:
        return None
    if raw.dtype.char not in "dl":
        return None
    numbers = raw.ravel().tolist()
    if not numbers or min(numbers) <= -WHOLE or max(numbers) >= WHOLE:
        return None
    whole: FloatArray = raw + 0.0  # no negative zeros
    return whole


def as_fractions(tables: Sequence[object]) -> AnyArray:
    """Nested sequences of numbers, or texts such as ``"1/3"``, as an object array of fractions.

    Decimals count as written: 0.1 is one tenth.

    Examples
    --------
    >>> as_fractions([[1, "1/2"], [0.25, 3]])[1, 0]
    Fraction(1, 4)
    """
    raw = np.array(tables, dtype=object)
    out = np.empty(raw.shape, dtype=object)
    for index in np.ndindex(raw.shape):
        out[index] = _fraction(raw[index])
    return out


def _fraction(value: object) -> Fraction:
    if isinstance(value, Fraction | str | int | float | np.integer | np.floating):
        return as_written(value)
    raise UsageError(f"a payoff must be a number, not {value!r}")


def profiles(shape: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Every pure strategy profile, the last actor's strategy moving fastest.

    Examples
    --------
    >>> list(profiles((2, 1)))
    [(0, 0), (1, 0)]
    """
    return iter(np.ndindex(*shape))


def expected_payoffs(game: StrategicGame, mixes: Sequence[FloatArray]) -> FloatArray:
    """Each actor's expected payoff of one game under independent mixed strategies, shape ``(actors,)``.

    Examples
    --------
    >>> game = StrategicGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> expected_payoffs(game, [np.array([0.5, 0.5]), np.array([1.0, 0.0])])
    array([0., 0.])
    """
    value = game.table()
    for mix in reversed(mixes):
        value = value @ mix
    return value


def deviation_payoffs(game: StrategicGame, mixes: Sequence[FloatArray]) -> tuple[FloatArray, ...]:
    """Per actor, the expected payoff of each of its strategies against the others' mixes.

    Examples
    --------
    >>> game = StrategicGame.from_bimatrix([[1, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> deviation_payoffs(game, [np.array([0.5, 0.5]), np.array([1.0, 0.0])])[0]
    array([ 1., -1.])
    """
    table = game.table()
    out = []
    for actor in range(len(game.actors)):
        value = table[actor]
        for other in reversed(range(len(mixes))):
            if other != actor:
                value = np.tensordot(value, mixes[other], axes=([other], [0]))
        out.append(value)
    return tuple(out)


def regret(game: StrategicGame, mixes: Sequence[FloatArray]) -> float:
    """The largest gain that one actor can make by deviating alone, in payoff units (0 at equilibrium).

    Examples
    --------
    >>> game = StrategicGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> regret(game, [np.array([1.0, 0.0]), np.array([1.0, 0.0])])
    2.0
    """
    gains = [
        float(values.max() - values @ mix)
        for values, mix in zip(deviation_payoffs(game, mixes), mixes, strict=True)
    ]
    return max(0.0, *gains)


def named(game: StrategicGame, mixes: Sequence[FloatArray]) -> Mapping[str, Mapping[str, float]]:
    """Mixed strategies as ``{actor: {label: probability}}``, zero probabilities left out.

    Examples
    --------
    >>> game = StrategicGame.from_bimatrix([[0, 0]], [[0, 0]])
    >>> named(game, [np.array([1.0]), np.array([0.0, 1.0])])
    {'player 1': {'1': 1.0}, 'player 2': {'2': 1.0}}
    """
    return {
        actor: {label: float(p) for label, p in zip(labels, mix, strict=True) if p > 0.0}
        for actor, labels, mix in zip(game.actors, game.strategies, mixes, strict=True)
    }

"""What moves in a change of parameters: one parameter each, and a change as an option among several."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One parameter that moves.

    Parameters
    ----------
    path, before, after
        The parameter and its values.
    cost
        What the move costs: by default the share of the parameter's range.
    name, meaning, unit
        The parameter in words, and what it is and is measured in, as the file says.
    levels
        The only values it can take; empty where every value of its range counts.
    outside
        Why it starts outside of what the file declares, as a sentence; empty where it does not.
    """

    path: str
    before: float
    after: float
    cost: float
    name: str = ""
    meaning: str = ""
    unit: str = ""
    levels: tuple[float, ...] = ()
    outside: str = ""

    @property
    def start(self) -> str:
        """Its value before, and that it is outside of what the file declares where it is."""
        return f"{self.before:.6g}{' (outside)' if self.outside else ''}"

    def words(self) -> str:
        """The move in a few words."""
        aside = self.meaning or self.unit
        what = (self.name or self.path) + (f" ({aside})" if aside else "")
        if self.levels:
            return f"{what} were {self.after:g} instead of {self.before:g}"
        verb = "rose" if self.after > self.before else "fell"
        return f"{what} {verb} from {self.quantity(self.before)} to {self.quantity(self.after)}"

    def quantity(self, value: float) -> str:
        """A value as a reader says it: shares in per cent."""
        digits = 4 if abs(self.after - self.before) >= 1e-3 * abs(self.before) else 12
        if self.unit.startswith("share") and max(abs(self.before), abs(self.after)) <= 1:
            return f"{100 * value:.{digits}g}%"
        return f"{value:.{digits}g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A change of few parameters that does it.

    Parameters
    ----------
    moves, cost
        What moves, and the sum of the costs.
    margin, agreement
        The margin after the change, evaluated there, and the best treaty.
    """

    moves: tuple[Move, ...]
    cost: float
    margin: float
    agreement: str


def steps(move: Move) -> str:
    """How many levels a move goes."""
    here = [k for k, level in enumerate(move.levels) if level == move.before]
    steps = abs(move.levels.index(move.after) - here[0]) if here else 1
    return "one level" if steps == 1 else f"{steps} levels"

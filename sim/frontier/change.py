"""Records of a change of parameters: what moves, by how much, and what it does to the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim._kernels import html
from sim.results import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One parameter that moves.

    Parameters
    ----------
    path, before, after
        The parameter and its values.
    cost
        What the move costs: by default the share of the parameter's range.
    meaning
        What the parameter is, in the file's words.
    """

    path: str
    before: float
    after: float
    cost: float
    meaning: str = ""

    def words(self) -> str:
        """The move in a few words."""
        what = f"{self.meaning} ({self.path})" if self.meaning else self.path
        verb = "rose" if self.after > self.before else "fell"
        return f"{what} {verb} from {self.before:.4g} to {self.after:.4g}"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The cheapest change of parameters that brings the margin to a target.

    Parameters
    ----------
    breaking
        Whether the change breaks a feasible treaty instead of making one feasible.
    target, before
        The margin that was asked for, and the margin now.
    moves, cost
        The change, empty where none was found or none is needed.
    margin, agreement
        After the change, evaluated there.
    bound
        What every change within the ranges costs at least: proved. ``inf`` where none exists.
    status
        ``complete`` where the bound equals the cost; ``partial`` where a gap remains.
    singles, pairs
        The cheapest change of one parameter alone, and of two, cheapest first.
    by_agreement
        The cheapest change found per treaty, cheapest first.
    note
        One sentence for the reader, or an empty text.
    """

    breaking: bool
    target: float
    before: float
    moves: tuple[Move, ...]
    cost: float
    margin: float
    agreement: str
    bound: float
    status: Status
    singles: tuple[Option, ...] = ()
    pairs: tuple[Option, ...] = ()
    by_agreement: tuple[Option, ...] = ()
    note: str = ""

    @property
    def found(self) -> bool:
        """Whether there is a change to make."""
        return bool(self.moves)

    def sentence(self) -> str:
        """The change in a sentence for a reader who knows the dispute and no mathematics."""
        end = (
            "no treaty would be feasible any more"
            if self.breaking
            else "a treaty would be feasible"
        )
        if not self.moves:
            return self._without_moves(end)
        parts = [move.words() for move in self.moves]
        what = parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
        which = "" if self.breaking else f": {self.agreement}"
        return (
            f"The smallest change found: if {what}, {end}{which}. It takes {self.cost:.1%} of the "
            f"plausible range{'s' if len(parts) > 1 else ''}, {self._proof()}."
        )

    def _without_moves(self, end: str) -> str:
        if self.cost == 0:
            return f"No change is needed: the margin is {self.before:+.4g} already."
        if self.bound == float("inf"):
            return f"No change within the ranges is enough: nowhere in them would it be that {end}."
        return (
            f"No change was found by which {end}; any costs at least {self.bound:.1%} of a range."
        )

    def _proof(self) -> str:
        if self.status == "complete":
            return "and it is proved that no smaller change does it"
        return f"and it is proved that nothing below {self.bound:.1%} does it"

    def _repr_html_(self) -> str:
        """The change as a sentence and a table for a notebook."""
        rows = [
            (m.path, f"{m.before:.4g}", f"{m.after:.4g}", f"{m.cost:.1%}", m.meaning)
            for m in self.moves
        ]
        columns = ("parameter", "now|r", "then|r", "of its range|r", "meaning")
        return html.paragraph(self.sentence()) + (html.table(columns, rows) if rows else "")

    def to_dict(self) -> dict[str, Any]:
        """The change as plain data for JSON."""
        plain = {name: getattr(self, name) for name in ("breaking", "target", "before", "note")}
        return {
            **plain,
            **_option(self),
            "bound": self.bound,
            "status": self.status,
            "sentence": self.sentence(),
            "singles": [_option(o) for o in self.singles],
            "pairs": [_option(o) for o in self.pairs],
            "by_agreement": [_option(o) for o in self.by_agreement],
        }


def _option(option: Option | Change) -> dict[str, Any]:
    return {
        "moves": _moves(option.moves),
        "cost": option.cost,
        "margin": option.margin,
        "agreement": option.agreement,
    }


def _moves(moves: Sequence[Move]) -> list[dict[str, Any]]:
    return [
        {"path": m.path, "before": m.before, "after": m.after, "cost": m.cost, "meaning": m.meaning}
        for m in moves
    ]

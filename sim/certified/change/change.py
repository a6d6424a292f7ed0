"""Records of a change of parameters: what moves, by how much, and what it does to the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim._kernels import html
from sim._kernels.shown import Part, Shown
from sim.certified.change import change_parts
from sim.certified.change.moves import Move, Option, steps
from sim.labels import NO_LABELS, Labels

if TYPE_CHECKING:
    from sim.results import Status

SPELLED = 3
"""How many moves a sentence spells out."""
NOTHING = 5e-4
"""Share of a cost, or a cost in ranges, below which a difference is not told."""
UNLESS = "unless third parties commit themselves to stances that would not answer what is signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Shown):
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
        The cheapest change of one parameter alone, and of two that both move, cheapest first.
    by_agreement
        The cheapest change found per treaty, cheapest first.
    note
        One sentence for the reader, or an empty text.
    priced
        Whether costs were given; otherwise one unit is the whole width of a parameter's range.
    answering
        Where third parties may commit themselves, and that leaves more to prove: what every change costs at
        least without such commitments.
    labelled
        What people read in place of the file's names.
    over, held
        The parameters that could move, which is what the bound ranges over; those that were held where
        they are, with the reason.
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
    priced: bool = False
    answering: float | None = None
    labelled: Labels = NO_LABELS
    over: tuple[str, ...] = ()
    held: Mapping[str, str] = field(default_factory=dict)

    @property
    def found(self) -> bool:
        """Whether there is a change to make."""
        return bool(self.moves)

    def sentence(self) -> str:
        """The change in a sentence for a reader who knows the dispute and no mathematics."""
        end = f"{self._verdict(self.breaking)}{' any more' if self.breaking else ''}"
        if not self.moves:
            return self._without_moves(end) + self._scope()
        parts = [move.words() for move in self.moves[:SPELLED]]
        rest = len(self.moves) - len(parts)
        parts += [f"{rest} more parameters moved as listed"] if rest else []
        what = parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
        which = "" if self.breaking else f": {self._agreement()}"
        return (
            f"The smallest change found: if {what}, {end}{which}. {self._size()}, {self._proof()}."
            + self._scope()
        )

    def _agreement(self) -> str:
        """The treaty as it is said."""
        said = self.labelled.say(self.agreement)
        return said if said != self.agreement else spoken(self.agreement)

    def brief(self) -> str:
        """The sentence without the list of what was held."""
        scope = self._scope()
        return self.sentence().removesuffix(scope) + (
            f" This ranges over {_counted(self.over)}." if scope else ""
        )

    def _scope(self) -> str:
        """What was held where it is, so that nothing is claimed of it."""
        if self.cost == 0 or not self.held or not self.over:
            return ""
        few = [f"{path} ({why})" for path, why in list(self.held.items())[:SPELLED]]
        rest = len(self.held) - len(few)
        few += [f"{rest} more"] if rest else []
        return f" This ranges over {_counted(self.over)}; held where they are: {', '.join(few)}."

    def _without_moves(self, end: str) -> str:
        if self.cost == 0:
            return f"No change is needed: the margin is {self.before:+.4g} already."
        if not self.over:
            return f"No parameter {self._why_none()}, so no change was sought."
        if self.bound == float("inf"):
            return (
                f"No change within the plausible ranges of {_counted(self.over)} is enough: it is "
                f"proved that everywhere in them {self._verdict(not self.breaking)}."
            )
        return f"No change was found by which {end}; {self._proof()}."

    def _why_none(self) -> str:
        """Why nothing could move."""
        if not set(self.held.values()) - {"has no range"}:
            return "has a range"
        return "can move within a range"

    def _verdict(self, none: bool) -> str:
        """What a change leads to, or what stands in its way."""
        what = "no treaty would be feasible" if none else "a treaty would be feasible"
        return what + (f" with a margin of {self.target:g}" if self.target else "")

    def _size(self) -> str:
        """How large the change is, and what starts outside of its range."""
        apart = "".join(f" ({m.outside})" for m in self.moves if m.outside)
        return f"{self._amount()}{apart}"

    def _amount(self) -> str:
        """How large the change is."""
        if self.priced:
            return f"It costs {self.cost:.4g}"
        if len(self.moves) == 1 and self.moves[0].levels:
            return f"That is {steps(self.moves[0])} ({self.cost:.1%} of its plausible range)"
        if len(self.moves) == 1:
            return f"That is {self.cost:.1%} of its plausible range"
        return f"Together that is {self.cost:.1%} of one plausible range"

    def _proof(self) -> str:
        """What is proved about smaller changes."""
        if self.moves and self.status == "complete":
            return "and it is proved that no smaller change does it"
        if self.answering is not None and self.answering >= self.cost * (1 - NOTHING):
            return (
                f"{'and ' if self.moves else ''}it is proved that {self._less()} does it {UNLESS}"
            )
        if self.bound <= NOTHING:
            return "and how much less might do it is not proved"
        least = f"{self.bound:.4g}" if self.priced else f"{self.bound:.1%} of one plausible range"
        return f"{'and ' if self.moves else ''}it is proved that nothing below {least} does it"

    def _less(self) -> str:
        return "no smaller change" if self.moves else "no change within the ranges"

    def __repr__(self) -> str:
        moved = ", ".join(f"{m.path} {m.before:g} to {m.after:g}" for m in self.moves[:SPELLED])
        return f"<Change of {len(self.moves)} parameters: {moved or 'none'}>"

    def parts(self) -> Iterator[Part]:
        """What ``sim explain`` prints of it."""
        return change_parts.parts(self)

    def _repr_html_(self) -> str:
        """The change as a sentence and a table for a notebook."""
        form = ".4g" if self.priced else ".1%"
        rows = [
            (m.path, m.start, f"{m.after:.4g}", f"{m.cost:{form}}", m.meaning or m.unit)
            for m in self.moves
        ]
        size = "costs|r" if self.priced else "of its range|r"
        columns = ("parameter", "now|r", "then|r", size, "meaning")
        return html.paragraph(self.sentence()) + (html.table(columns, rows) if rows else "")

    def to_dict(self) -> dict[str, Any]:
        """The change as plain data for JSON."""
        plain = {name: getattr(self, name) for name in ("breaking", "target", "before", "note")}
        return {
            **plain,
            **_option(self),
            "bound": self.bound,
            "status": self.status,
            "bound_without_commitments": self.answering,
            "over": list(self.over),
            "held": dict(self.held),
            "sentence": self.sentence(),
            "singles": [_option(o) for o in self.singles],
            "pairs": [_option(o) for o in self.pairs],
            "by_agreement": [_option(o) for o in self.by_agreement],
        }


def _counted(paths: Sequence[str]) -> str:
    """Some parameters by name, or how many there are."""
    if len(paths) <= SPELLED:
        return ", ".join(paths[:-1]) + " and " * (len(paths) > 1) + paths[-1]
    return f"{len(paths)} parameters"


def spoken(agreement: str) -> str:
    """An agreement's label as it is said.

    Examples
    --------
    >>> spoken("islands=two_plus, peace=treaty")
    'islands two plus, peace treaty'
    """
    return agreement.replace("=", " ").replace("_", " ")


def _option(option: Option | Change) -> dict[str, Any]:
    return {
        "moves": _moves(option.moves),
        "cost": option.cost,
        "margin": option.margin,
        "agreement": option.agreement,
    }


def _moves(moves: Sequence[Move]) -> list[dict[str, Any]]:
    return [
        {
            "path": m.path,
            "before": m.before,
            "after": m.after,
            "cost": m.cost,
            "unit": m.unit,
            "meaning": m.meaning,
            "levels": list(m.levels),
        }
        for m in moves
    ]

"""The power of blocs in bodies that ratify: each body as a weighted voting game.

Definition. The blocs of a ``ratification`` constraint are voters with their seats as weights; an agreement
passes with the quota, a share of all seats. A bloc's power is its Shapley-Shubik index, the share of
orders of joining in which its votes decide, and its Banzhaf index, its share of all swings: what its seats
are worth whatever the blocs want.

Notes
-----
Sources: [shapley1954]_, [banzhaf1965]_.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sim._kernels.tolerance import RELATIVE
from sim.constraints.ratification import Ratification
from sim.errors import SimError
from sim.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyPower:
    """A ratifying body as a voting game.

    Parameters
    ----------
    actor, constraint
        At whose home, and the name of the constraint.
    quota
        Share of all seats that passes an agreement.
    seats
        Per bloc.
    shapley_shubik, banzhaf
        Per bloc; each sums to 1.
    """

    actor: str
    constraint: str
    quota: float
    seats: Mapping[str, float]
    shapley_shubik: Mapping[str, float]
    banzhaf: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """The body as plain data for JSON."""
        return {
            "actor": self.actor,
            "constraint": self.constraint,
            "quota": self.quota,
            "blocs": {
                bloc: {
                    "seats": self.seats[bloc],
                    "shapley_shubik": self.shapley_shubik[bloc],
                    "banzhaf": self.banzhaf[bloc],
                }
                for bloc in self.seats
            },
        }


def power_of(scenario: Scenario) -> tuple[BodyPower, ...]:
    """The bodies of a dispute in which several blocs ratify, each as a voting game.

    A body whose seats depend on the agreement, or that has too many blocs to count, is left out.
    """
    return tuple(_bodies(scenario))


def _bodies(scenario: Scenario) -> Iterator[BodyPower]:
    for declared in scenario.document.constraints():
        constraint = declared.constraint
        if not isinstance(constraint, Ratification) or len(constraint.blocs) < 2:
            continue
        try:
            yield _body(scenario, declared.actor, declared.name, constraint)
        except SimError:
            continue


def _body(scenario: Scenario, actor: str, name: str, constraint: Ratification) -> BodyPower:
    from sim._kernels.voting_power import order_shares
    from sim.games.coalitional import WeightedVoting
    from sim.scenario.amounts import exact_amount

    values = scenario.values
    seats = {bloc: exact_amount(b.seats, values, bloc) for bloc, b in constraint.blocs.items()}
    quota = exact_amount(constraint.quota, values, "quota")
    needed = quota * sum(seats.values()) * (1 - Fraction(RELATIVE))
    game = WeightedVoting(players=tuple(seats), weights=tuple(seats.values()), quota=needed)
    swings = game.swings_by_size()
    counts = [sum(sizes) for sizes in swings]
    shares = [Fraction(count, sum(counts)) for count in counts]
    return BodyPower(
        actor=actor,
        constraint=name,
        quota=float(quota),
        seats=_numbers(seats, seats.values()),
        shapley_shubik=_numbers(seats, order_shares(swings)),
        banzhaf=_numbers(seats, shares),
    )


def _numbers(names: Mapping[str, Any], shares: Any) -> dict[str, float]:
    return {name: float(share) for name, share in zip(names, shares, strict=True)}

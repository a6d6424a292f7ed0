"""Screening: one actor makes an offer to another who alone knows a number drawn from a known law.

Definition. The private number ``c`` has a law whose cumulative chances are straight lines between knots, or
one with a density (:mod:`sim.games.private.smooth_laws`).
The proposer offers ``x`` in a range; the responder, who knows ``c``, picks one of finitely many answers.
Payoffs of an answer are affine: ``constant + by_offer * x + by_private * c``.

Array convention. Payoffs have shape ``(2, answers, 3)``: proposer and responder; constant, slope in the
offer, slope in the private number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import ExpressionError, UsageError
from sim.expressions import Expression
from sim.games.files.finite import finite
from sim.games.private.private_number import PrivateNumber, private_number
from sim.scenario.sections.screening import ScreeningSection


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScreeningGame:
    """An offer to somebody with private information.

    Parameters
    ----------
    actors
        Proposer and responder.
    offer, private
        Names of the two numbers.
    span
        From where to where offers go.
    number
        How likely the values of the private number are.
    answers
        Names.
    payoffs
        Shape ``(2, answers, 3)``.
    title
        For messages.

    Raises
    ------
    UsageError
        If the span is empty.
    """

    actors: tuple[str, str]
    offer: str
    private: str
    span: tuple[float, float]
    number: PrivateNumber
    answers: tuple[str, ...]
    payoffs: FloatArray
    title: str = ""

    def __post_init__(self) -> None:
        if not self.span[0] <= self.span[1]:
            raise UsageError(
                f"screening.offer: from {self.span[0]:g} to {self.span[1]:g} is not a range"
            )


def screening_game(
    section: ScreeningSection, values: dict[str, float] | None = None, *, title: str = ""
) -> ScreeningGame:
    """The game that a ``screening`` section of a file describes.

    Raises
    ------
    UsageError
        If a number has no finite value, or a payoff is not affine in the offer and the private number.

    Examples
    --------
    >>> section = ScreeningSection(
    ...     proposer="a", responder="b", offer={"x": {"from": 0, "to": 1}},
    ...     private={"c": {"from": 0, "to": "top"}},
    ...     answers={"yes": {"a": "x", "b": "1 - x"}, "no": {"a": 0, "b": "-c"}})
    >>> screening_game(section, {"top": 0.2}).payoffs[1]
    array([[ 1., -1.,  0.],
           [ 0.,  0., -1.]])
    """
    known = {k: x for k, x in (values or {}).items() if k not in section.names}
    ((offer, span),) = section.offer.items()
    ((private, law),) = section.private.items()
    number = private_number(law, known, f"screening.private.{private}")
    actors = (section.proposer, section.responder)
    payoffs = [
        [
            affine_in(formulas[who], known, (offer, private), f"screening.answers.{name}.{who}")
            for name, formulas in section.answers.items()
        ]
        for who in actors
    ]
    low, high = (_number(x, known, f"offer.{offer}") for x in (span.low, span.high))
    return ScreeningGame(
        actors=actors,
        offer=offer,
        private=private,
        span=(low, high),
        number=number,
        answers=tuple(section.answers),
        payoffs=np.array(payoffs),
        title=title,
    )


def _number(formula: Expression, known: dict[str, float], path: str) -> float:
    return float(finite(formula, known, f"screening.{path}"))


def affine_in(
    formula: Expression, known: dict[str, float], names: tuple[str, ...], path: str
) -> list[float]:
    """Constant and slopes of a payoff."""
    try:
        form = formula.affine(known, frozenset(names))
    except ExpressionError as error:
        raise UsageError(f"{path}: {error.message}") from None
    if form is None:
        raise UsageError(
            f"{path}: '{formula.text}' is not affine in {' and '.join(names)}, a sum of multiples"
            + " of each" * (len(names) > 1)
        )
    slopes = [float(np.asarray(form.coefficients.get(name, 0.0))) for name in names]
    out = [float(np.asarray(form.constant)) + 0.0, *slopes]
    if not np.isfinite(out).all():
        raise UsageError(f"{path}: '{formula.text}' is not finite")
    return out

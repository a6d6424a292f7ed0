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

from sim._kernels.tolerance import ROUNDING, FloatArray
from sim.errors import ExpressionError, UsageError
from sim.expressions import Expression
from sim.games.files.finite import finite
from sim.games.private.smooth_laws import SmoothLaw, smooth_law
from sim.scenario.sections.screening import PrivateLaw, ScreeningSection


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
    knots, chances
        Values of the private number, and cumulative chances at them, from 0 to 1; with a ``law`` its ends.
    answers
        Names.
    payoffs
        Shape ``(2, answers, 3)``.
    law
        The law of the private number, where it is not straight between knots.
    title
        For messages.

    Raises
    ------
    UsageError
        If the span is empty, or chances do not rise from 0 to 1.
    """

    actors: tuple[str, str]
    offer: str
    private: str
    span: tuple[float, float]
    knots: FloatArray
    chances: FloatArray
    answers: tuple[str, ...]
    payoffs: FloatArray
    law: SmoothLaw | None = None
    title: str = ""

    def __post_init__(self) -> None:
        if not self.span[0] <= self.span[1]:
            raise UsageError(
                f"screening.offer: from {self.span[0]:g} to {self.span[1]:g} is not a range"
            )
        rises = (np.diff(self.knots) > 0).all() and (np.diff(self.chances) >= 0).all()
        ends = abs(self.chances[0]) <= ROUNDING and abs(self.chances[-1] - 1) <= ROUNDING
        if not (rises and ends):
            raise UsageError(
                f"screening.private.{self.private}: values must rise, and cumulative chances rise from 0 to 1"
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
    known = dict(values or {})
    ((offer, span),) = section.offer.items()
    ((private, law),) = section.private.items()
    knots, chances = _law(law, known, f"private.{private}")
    smooth = None
    if law.distribution is not None:
        path = f"screening.private.{private}"
        smooth = smooth_law(law.distribution, float(knots[0]), float(knots[-1]), path)
    actors = (section.proposer, section.responder)
    payoffs = [
        [
            _affine(formulas[who], known, (offer, private), f"answers.{name}.{who}")
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
        knots=knots,
        chances=chances,
        answers=tuple(section.answers),
        payoffs=np.array(payoffs),
        law=smooth,
        title=title,
    )


def _number(formula: Expression, known: dict[str, float], path: str) -> float:
    return float(finite(formula, known, f"screening.{path}"))


def _law(law: PrivateLaw, known: dict[str, float], path: str) -> tuple[FloatArray, FloatArray]:
    if law.low is not None and law.high is not None:
        ends = [_number(x, known, path) for x in (law.low, law.high)]
        return np.array(ends), np.array([0.0, 1.0])
    pairs = [[_number(x, known, f"{path}.cumulative") for x in pair] for pair in law.cumulative]
    return np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs])


def _affine(
    formula: Expression, known: dict[str, float], names: tuple[str, str], path: str
) -> list[float]:
    """Constant and slopes of a payoff."""
    try:
        form = formula.affine(known, frozenset(names))
    except ExpressionError as error:
        raise UsageError(f"screening.{path}: {error.message}") from None
    if form is None:
        raise UsageError(
            f"screening.{path}: '{formula.text}' is not affine in {names[0]} and {names[1]}, a sum of "
            "multiples of each"
        )
    slopes = [float(np.asarray(form.coefficients.get(name, 0.0))) for name in names]
    out = [float(np.asarray(form.constant)) + 0.0, *slopes]
    if not np.isfinite(out).all():
        raise UsageError(f"screening.{path}: '{formula.text}' is not finite")
    return out

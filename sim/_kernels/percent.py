"""Chances as percentages that do not round what is small to nothing."""

from __future__ import annotations

ROUNDING = 1e-12
"""What sums of chances may lack of 1 by rounding."""


def percent(x: float) -> str:
    """A chance as a percentage; what is small and not nothing is not rounded to nothing.

    Examples
    --------
    >>> percent(0.1234), percent(0.0004), percent(0), percent(1.0), percent(0.9999)
    ('12 %', '< 0.1 %', '0 %', '100 %', '> 99.9 %')
    >>> percent(sum([0.15, 0.35, 0.15, 0.35]) - 1e-16)
    '100 %'
    """
    if x <= 0 or x >= 1 - ROUNDING:
        return f"{100 * x:.0f} %"
    if x < 0.001:
        return "< 0.1 %"
    if x > 0.999:
        return "> 99.9 %"
    return f"{100 * x:.1f} %" if x < 0.1 or x > 0.95 else f"{100 * x:.0f} %"

"""Beliefs in words and tables: what a record is worth, what it moves, and what it leaves open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isnan
from typing import Any

from sim._kernels.percent import percent
from sim._kernels.shown import Heading, Part, Table
from sim.beliefs.learned import contradictions, learned
from sim.beliefs.weighted_draws import WeightedDraws, effective_draws, moved_by
from sim.feasibility.share import ENOUGH

ERRORS = (0.05, 0.1, 0.2, 0.3)
"""Error rates that are compared."""
MOST_SHOWN = 12
"""Parameters of the best draw that are printed; JSON has all."""


def sensitivity(beliefs: WeightedDraws) -> list[dict[str, float]]:
    """Per error rate the bits that the record is worth, and the effective number of draws.

    Of draws that were kept of more, as it was told of those.
    """
    if told := beliefs.manifest.get("worth", {}).get("sensitivity"):
        return [{k: float("nan") if x is None else x for k, x in row.items()} for row in told]
    found = []
    for error in sorted({*ERRORS, beliefs.error}):
        w = beliefs.weights_at(error)
        bits = moved_by(w) if beliefs.start is None else float("nan")
        found.append({"error_rate": error, "bits": bits, "effective_draws": effective_draws(w)})
    return found


def known(number: float) -> float | None:
    """A number for JSON, which has no word for one that is not known."""
    return None if isnan(number) else number


def told_sensitivity(beliefs: WeightedDraws) -> list[dict[str, float | None]]:
    """The sensitivity to the error rate as plain data for JSON."""
    return [{key: known(x) for key, x in row.items()} for row in sensitivity(beliefs)]


def belief_parts(beliefs: WeightedDraws) -> Iterator[Part]:
    """What was learned from a record."""
    n, told = beliefs.points.shape[1], beliefs.manifest
    drawn = f"{len(beliefs.declared)} weights"
    if told.get("states"):
        drawn += f" and {told['states']} coded states"
    yield Heading(f"Beliefs from {len(beliefs.episodes)} episodes: {n:,} draws of {drawn}")
    yield from _worth(beliefs)
    if twice := told.get("coded_twice"):
        agree = f"{twice['agree']} of {twice['codes']} codes of states agree"
        kappa = "" if twice["kappa"] is None else f" (Cohen's kappa {twice['kappa']:.2f})"
        yield f"coded twice: {agree}{kappa}; where they do not, either is drawn"
    found = learned(beliefs)
    moved = [one for one in found if one.moved]
    yield Table(
        (
            "moved by the record",
            "before|r",
            "believed|r",
            "shift in standard deviations|r",
            "spread left|r",
        ),
        [
            (
                m.name,
                f"{m.before:.3g}",
                f"{m.after:.3g}",
                f"{m.shift:+.2f} ± {m.error:.2f}",
                percent(m.spread),
            )
            for m in moved
        ],
        heading="What the record moves",
        caption=f"{len(found) - len(moved)} other numbers stay as uncertain as they were",
    )
    fights = contradictions(beliefs)
    if fights:
        yield Table(
            ("episode", "against", "correlation of being right|r"),
            [(a, b, f"{x:+.2f}") for (a, b), x in fights.items()],
            heading="Episodes that contradict one another",
        )
    yield Table(
        ("error rate", "bits|r", "effective draws|r"),
        [
            (f"{row['error_rate']:g}", f"{row['bits']:.2f}", f"{row['effective_draws']:.0f}")
            for row in sensitivity(beliefs)
        ],
        heading="What it rests on: how often an outcome is recorded as another one",
    )
    yield f"The likeliest draw:{_as_set(beliefs.best())}"


def _as_set(draw: Mapping[str, float]) -> str:
    """A draw as it may be typed, the first of its values."""
    words = "".join(f" --set {path}={x:.4g}" for path, x in list(draw.items())[:MOST_SHOWN])
    more = len(draw) - MOST_SHOWN
    return words + (f" and {more} more (--json has all)" if more > 0 else "")


def _worth(beliefs: WeightedDraws) -> Iterator[str]:
    n = beliefs.points.shape[1]
    worth = beliefs.manifest.get("worth")
    if worth is not None:
        rest = "" if isnan(beliefs.bits) else f"; the record moves them by {beliefs.bits:.2f} bits"
        yield (
            f"kept of {beliefs.manifest['points']:,} draws, of which {worth['effective_draws']:.0f} count"
            f"{rest} (error rate {beliefs.error:g})"
        )
        if not isnan(beliefs.reproduce_all):
            yield f"unfitted, {beliefs.reproduce_all:.1%} of the draws contradict no episode of the record"
    elif beliefs.start is None:
        yield (
            f"{beliefs.effective:.0f} of {n:,} draws count; the record moves them by {beliefs.bits:.2f} bits "
            f"(error rate {beliefs.error:g})"
        )
        yield f"unfitted, {beliefs.reproduce_all:.1%} of the draws contradict no episode of the record"
    else:
        yield (
            f"so few draws fit the record that they were steered towards it; {beliefs.effective:.0f} of "
            f"{n:,} count (error rate {beliefs.error:g})"
        )
    for name, best in beliefs.unexplained.items():
        at = _as_set(beliefs.nearest(name))
        yield f"no draw explains {name}: the nearest gives it {percent(best)}, at{at}"
    if beliefs.effective < ENOUGH:
        yield f"fewer than {ENOUGH} draws count: give more --points, or a larger --error"


def belief_data(beliefs: WeightedDraws) -> dict[str, Any]:
    """Beliefs as plain data for JSON, without the draws."""
    return {
        **{k: x for k, x in beliefs.manifest.items() if k not in ("declared", "prior", "labels")},
        "effective_draws": beliefs.effective,
        "bits": known(beliefs.bits),
        "reproduce_all": known(beliefs.reproduce_all),
        "unexplained": beliefs.unexplained,
        "nearest": {name: beliefs.nearest(name) for name in beliefs.unexplained},
        "learned": [
            {name: getattr(one, name) for name in one.__dataclass_fields__}
            for one in learned(beliefs)
        ],
        "contradictions": [
            {"episodes": list(pair), "correlation": x}
            for pair, x in contradictions(beliefs).items()
        ],
        "sensitivity": told_sensitivity(beliefs),
        "best": beliefs.best(),
    }

"""What ``sim frontier`` and notebooks show of a certified frontier: its box, thresholds and shares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim._kernels import html
from sim._kernels.shown import Heading, Part

if TYPE_CHECKING:
    from sim.certified.regions.record import Frontier
    from sim.feasibility import Segment

NAMED = 6
"""How many labels are named with their shares."""
SLIVER = 1e-8
"""Undecided stretches narrower than this share of the range are counted, not listed."""


def parts(found: Frontier) -> Iterator[Part]:
    """The title, the box, what holds along one parameter, and the certain shares."""
    yield Heading(found.title)
    yield from (_box(found), "")
    if len(found.varied) == 1:
        yield from _along_one(found)
    yield from _shares(found)
    for kind, word in (("binding", "binding"), ("agreement", "best treaty"), ("rung", "fails at")):
        known = found.shares_of(kind)
        named = [
            f"{found.labelled.say(label)} {share:.1%}"
            for label, share in list(known.items())[:NAMED]
        ]
        rest = 1 - sum(known.values())
        if named:
            yield f"{word}: {', '.join(named)}; not certain {max(rest, 0):.1%}"
    exact = "exact for affine payoffs" if found.affine else "by interval bounds"
    yield f"{len(found):,} parts from {found.examined:,} boxes, {exact}"
    yield from (reason.sentence() for reason in found.never)


def _shares(found: Frontier) -> Iterator[str]:
    """What is certain on which share of the box, in sentences."""
    (_, yes), (_, no), (_, edge), (_, rest) = found.shares.items()
    what = found.labelled.prose(found.sentence)
    yield f"{what}: certainly on {yes:.4%} of the box, certainly not on {no:.4%}"
    if edge:
        yield f"knife-edge (margin 0 within rounding): {edge:.3%}"
    yield f"undecided: {rest:.3g} of the box ({found.status})"


def _box(found: Frontier) -> str:
    levels = found.levels or ((),) * len(found.varied)
    spans = [
        f"in {{{', '.join(f'{x:g}' for x in some)}}}" if some else f"from {lo:g} to {hi:g}"
        for some, lo, hi in zip(levels, found.low, found.high, strict=True)
    ]
    parts = zip(found.varied, spans, found.values, strict=True)
    name = found.labelled.with_path
    return ", ".join(f"{name(path)} {span} (now {x:g})" for path, span, x in parts)


def _along_one(found: Frontier) -> list[str]:
    lines = []
    if found.at_levels:
        for word in found.words:
            some = [f"{x.value:g}" for x in found.at_levels if x.verdict == word]
            lines += [f"{word} at {', '.join(some)}"] if some else []
        return [*lines, ""]
    for c in found.crossings:
        inside = f"within [{c.lo:.15g}, {c.hi:.15g}]"
        tie = f"exactly where payoffs tie; ties count as equal, so it flips {inside}"
        how = (tie if not c.lo <= c.at <= c.hi else "exactly") if c.exact else inside
        lines.append(f"flips from {c.before} to {c.after} at {c.at:.12g} ({how})")
    for stretch in _stretches(found):
        slivers = len(stretch) - 1
        gaps = f", but for {slivers} undecided sliver{'s' * (slivers > 1)}" if slivers else ""
        first, last = stretch[0], stretch[-1]
        lines.append(f"{first.verdict} from {first.lo:.9g} to {last.hi:.9g}{gaps}")
    return [*lines, ""]


def _stretches(found: Frontier) -> list[list[Segment]]:
    """Neighbouring segments of one certain verdict with nothing but slivers between them.

    A knife-edge no wider than a sliver is a threshold and not listed.
    """
    sliver = SLIVER * float(found.high[0] - found.low[0])
    out: list[list[Segment]] = []
    for s in found.segments:
        edge = s.verdict == found.words[2] and s.hi - s.lo > sliver
        if not edge and s.verdict not in found.words[:2]:
            continue
        before = out[-1][-1] if out else None
        if before and before.verdict == s.verdict and s.lo - before.hi <= sliver:
            out[-1].append(s)
        else:
            out.append([s])
    return out


def as_html(found: Frontier) -> str:
    """What was varied and what is certified, for a notebook."""
    axes = zip(found.varied, found.low, found.high, found.units, strict=True)
    spans = [
        (found.labelled.with_path(path), f"{low:g} to {high:g}", unit)
        for path, low, high, unit in axes
    ]
    parts = [
        html.heading(f"{found.title}: {found.of} certified over boxes, {found.status}"),
        html.table(("parameter", "from the lowest to the highest", "unit"), spans),
        html.table(
            ("verdict", "share|r"),
            [(name, f"{share:.3%}") for name, share in found.shares.items()],
        ),
    ]
    if found.crossings:
        rows = [(f"{c.lo:.10g}", f"{c.hi:.10g}") for c in found.crossings]
        parts.append(html.table(("the verdict flips between|r", "and|r"), rows))
    return "".join([*parts, html.paragraph(found.note)] if found.note else parts)

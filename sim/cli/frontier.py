"""``sim frontier``: where a treaty is feasible, certified over whole ranges."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli._options import (
    console,
    json_option,
    load_with,
    number,
    print_json,
    quiet_option,
    set_option,
)
from sim.cli._outside import note_outside
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.certified import Frontier, Never, Segment
    from sim.scenario import Scenario

NAMED = 6
SLIVER = 1e-8
"""Undecided stretches narrower than this share of the range are counted, not listed."""


@click.command()
@click.argument("file")
@click.option(
    "--vary",
    multiple=True,
    required=True,
    metavar="PATH[=LO:HI]",
    help="Vary a parameter, over its own range by default; may be repeated.",
)
@click.option(
    "--of",
    default="margin",
    show_default=True,
    metavar="CLAIM",
    help="What is decided: margin, a rung's name, predicted:LABEL, always:LABEL, gmr:STATE, ...",
)
@click.option(
    "--never",
    "treaties",
    multiple=True,
    metavar="AGREEMENT",
    help="Say why a treaty, or a position (islands=four), is feasible nowhere; may be repeated.",
)
@click.option(
    "--robust",
    "only_robust",
    is_flag=True,
    help="Only whether the claim holds for every value, or for some: certified, or a counter-example.",
)
@click.option("--out", type=click.Path(path_type=Path), help="A new folder for the result.")
@click.option(
    "--tolerance", type=float, metavar="SHARE", help="Share of the volume that may stay undecided."
)
@click.option(
    "--limit", type=int, default=200_000, show_default=True, help="How many boxes may be bounded."
)
@set_option
@json_option
@quiet_option
def command(
    file: str,
    vary: tuple[str, ...],
    of: str,
    treaties: tuple[str, ...],
    only_robust: bool,
    out: Path | None,
    tolerance: float | None,
    limit: int,
    settings: tuple[str, ...],
    as_json: bool,
    quiet: bool,
) -> int:
    """Where a treaty is feasible, or another claim holds, over whole ranges: proved, not sampled.

    One parameter: thresholds. Two: regions. More: volumes. Every point of a certified part has the
    verdict that is stated; what could not be decided is said.

    CLAIM is 'margin' (a treaty passes the whole ladder), a rung ('mutual gain', ...: a treaty passes up
    to there), 'predicted:LABEL' or 'always:LABEL' (some, or every, equilibrium of the game ends in an
    outcome class or agreement), or 'gmcr_nash:STATE', 'gmr:STATE', 'smr:STATE', 'seq:STATE' (a state of a
    strategic game, named by its moves, is stable for every actor).
    """
    from sim.certified import frontier, never

    scenario = load_with(file, settings)
    _check(tolerance, limit, out)
    ranges = read_ranges(vary)
    note_outside(scenario, {path: ends for path, ends in ranges.items() if ends is not None})
    if only_robust:
        if out is not None or treaties or tolerance is not None:
            raise UsageError("--robust takes no --out, --never or --tolerance")
        return _robust(scenario, ranges, of, limit, as_json)
    reasons = [never(scenario, treaty, vary=ranges) for treaty in treaties]
    words = "sim " + " ".join(sys.argv[1:])
    found = frontier(scenario, vary=ranges, of=of, tolerance=tolerance, limit=limit, command=words)
    picture = None
    if out is not None:
        picture = _store(found, out)
    if as_json:
        files = {"folder": str(out) if out else None, "picture": str(picture) if picture else None}
        told = {"never": [_plain_never(r) for r in reasons]} if reasons else {}
        print_json({**found.to_dict(), **files, **told})
        return 0
    _show(found, out)
    for reason in reasons:
        click.echo(reason.sentence())
    if found.note and not quiet:
        click.echo(f"note: {found.note}", err=True)
    return 0


def _robust(
    scenario: Scenario,
    ranges: Mapping[str, tuple[float, float] | None],
    of: str,
    limit: int,
    as_json: bool,
) -> int:
    """Whether the claim holds for every value, or for some, with the points that show it."""
    from sim.certified import robust

    found = robust(scenario, vary=ranges, of=of, limit=limit)
    if as_json:
        print_json({**asdict(found), "sentence": found.sentence()})
        return 0
    click.echo(found.sentence())
    for word, point in (("holds", found.feasible_at), ("fails", found.infeasible_at)):
        if point:
            click.echo(f"it {word} at " + ", ".join(f"{k}={v:.6g}" for k, v in point.items()))
    return 0


def _plain_never(found: Never) -> dict[str, object]:
    return {**asdict(found), "sentence": found.sentence()}


def _store(found: Frontier, out: Path) -> Path | None:
    """The result in a new folder, with a picture where two parameters are varied."""
    from sim.certified import store_frontier
    from sim.certified.regions.store import new_folder

    with new_folder(out) as place:
        store_frontier(found, place)
        if len(found.varied) != 2:
            return None
        from sim import plots

        target = place / "frontier.png"
        plots.save(plots.frontier(found), target)
    return target


def _check(tolerance: float | None, limit: int, out: Path | None) -> None:
    if tolerance is not None and not 0 < tolerance < 1:
        raise UsageError(f"--tolerance {tolerance:g}: a share between 0 and 1 is needed")
    if limit < 1:
        raise UsageError(f"--limit {limit}: at least 1 box is needed")
    if out is not None and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} exists already; give another --out, nothing was written")


def read_ranges(vary: Sequence[str]) -> dict[str, tuple[float, float] | None]:
    """``PATH=LO:HI`` texts as ranges by path; ``PATH`` alone stands for the file's own range.

    Examples
    --------
    >>> read_ranges(["tokyo.minimum=0:1", "moscow.slope"])
    {'tokyo.minimum': (0.0, 1.0), 'moscow.slope': None}
    """
    out: dict[str, tuple[float, float] | None] = {}
    for text in vary:
        path, equals, rest = text.partition("=")
        parts = rest.split(":")
        if not path or (equals and len(parts) != 2):
            raise UsageError(f"--vary {text}: PATH=LO:HI is needed")
        if path in out:
            raise UsageError(f"--vary {text}: '{path}' is varied twice")
        ends = [number(part, f"--vary {text}") for part in parts] if equals else []
        out[path] = (ends[0], ends[1]) if ends else None
    return out


def _show(found: Frontier, out: Path | None) -> None:
    from rich.markup import escape

    lines = [f"[bold]{escape(found.title)}[/bold]", _box(found), ""]
    lines += _along_one(found) if len(found.varied) == 1 else []
    lines += _shares(found)
    for kind, word in (("binding", "binding"), ("agreement", "best treaty"), ("rung", "fails at")):
        known = found.shares_of(kind)
        named = [f"{label} {share:.1%}" for label, share in list(known.items())[:NAMED]]
        rest = 1 - sum(known.values())
        if named:
            lines.append(f"{word}: {escape(', '.join(named))}; not certain {max(rest, 0):.1%}")
    exact = "exact for affine payoffs" if found.affine else "by interval bounds"
    lines.append(f"{len(found):,} parts from {found.examined:,} boxes, {exact}")
    if out is not None:
        lines.append(f"results in {escape(str(out))}")
    console().print("\n".join(lines))


def _shares(found: Frontier) -> list[str]:
    """What is certain on which share of the box, in sentences."""
    from rich.markup import escape

    (_, yes), (_, no), (_, edge), (_, rest) = found.shares.items()
    what = escape(found.sentence)
    lines = [f"{what}: certainly on {yes:.4%} of the box, certainly not on {no:.4%}"]
    if edge:
        lines.append(f"knife-edge (margin 0 within rounding): {edge:.3%}")
    return [*lines, f"undecided: {rest:.3g} of the box ({found.status})"]


def _box(found: Frontier) -> str:
    levels = found.levels or ((),) * len(found.varied)
    spans = [
        f"in {{{', '.join(f'{x:g}' for x in some)}}}" if some else f"from {lo:g} to {hi:g}"
        for some, lo, hi in zip(levels, found.low, found.high, strict=True)
    ]
    parts = zip(found.varied, spans, found.values, strict=True)
    return ", ".join(f"{path} {span} (now {x:g})" for path, span, x in parts)


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
        gaps = f", but for {len(stretch) - 1} undecided slivers" if len(stretch) > 1 else ""
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

"""What ``sim sweep`` and notebooks show of a run: where it went and what it found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sim._kernels import html
from sim._kernels.shown import Part
from sim.feasibility import RUNG_NAMES
from sim.labels import NO_LABELS, Labels

if TYPE_CHECKING:
    from sim.sweeps.run import Run

NAMED = 6
"""How many parameters or labels are named."""
_FOUND = {"predicted_class": "predicted:", "binding": "binding:", "rung": "the ladder fails at:"}


def parts(run: Run) -> Iterator[Part]:
    """How many points over what, the shares that are feasible, and what was predicted and bound."""
    summary = run.summary()
    book = run.labelled
    over = (
        ", ".join(map(book.with_path, run.swept))
        if len(run.swept) <= NAMED
        else f"{len(run.swept)} parameters"
    )
    yield ""
    yield f"{summary['points']:,} points over {over}"
    if "failed" in summary:
        stored = "" if run.folder is not None else "with --out, "
        yield f"{summary['failed']:,} of them have no answer; {stored}failures.jsonl says why"
    edge = summary["knife_edge_share"]
    tie = f", on the knife-edge (margin 0) at {edge:.1%}" if edge else ""
    whom = "the others" if "failed" in summary else "them"
    error = summary.get("standard_error")
    known = f" (standard error {error:.2g})" if error else ""
    yield f"a treaty is feasible at {summary['feasible_share']:.1%} of {whom}{known}{tie}"
    if "plausible" in summary:
        yield plausible(summary["plausible"], book)
    for column, word in (
        ("predicted_class", "predicted"),
        ("binding", "binding"),
        ("rung", "fails at"),
    ):
        shares = {k: v for k, v in summary.get(column, {}).items() if k != RUNG_NAMES[-1]}
        told = {book.say(k) if column == "binding" else k: v for k, v in shares.items()}
        text = ", ".join(f"{label} {share:.1%}" for label, share in list(told.items())[:NAMED])
        if text:
            yield f"{word}: {text}"


def plausible(found: Mapping[str, Any], book: Labels = NO_LABELS) -> str:
    """The share that is feasible within the declared ranges, in a sentence.

    Examples
    --------
    >>> plausible({"box": {"p": [0.2, 0.4]}, "points": 21, "feasible_share": 0.0})
    'within the ranges that the file declares (p 0.2 to 0.4): at 0.0% of 21 points'
    """
    spans = [f"{book.parameter(path)} {lo:g} to {hi:g}" for path, (lo, hi) in found["box"].items()]
    named = ", ".join(spans) if len(spans) <= NAMED else f"of {len(spans)} parameters"
    where = f"within the ranges that the file declares ({named})"
    if found["feasible_share"] is None:
        return f"{where}: no point lies there"
    return f"{where}: at {found['feasible_share']:.1%} of {found['points']:,} points"


def as_html(run: Run) -> str:
    """What was swept and what was found, for a notebook."""
    summary, book = run.summary(), run.labelled
    rows = [(book.with_path(path), *_extent(run, path), run.unit(path)) for path in run.varied]
    found = [("a treaty is feasible", f"{summary['feasible_share']:.1%}")]
    if "plausible" in summary and summary["plausible"]["feasible_share"] is not None:
        share = summary["plausible"]["feasible_share"]
        found.append(("within the declared ranges a treaty is feasible", f"{share:.1%}"))
    for column, word in _FOUND.items():
        shares = list(summary.get(column, {}).items())[:NAMED]
        found += [(f"{word} {book.say(label)}", f"{share:.1%}") for label, share in shares]
    return "".join(
        [
            html.heading(f"{run.title}: {summary['points']:,} points"),
            html.table(("parameter", "range", "values|r", "unit"), rows),
            html.table(("what", "share of the points|r"), found),
        ]
    )


def _extent(run: Run, path: str) -> tuple[str, str]:
    """From where to where a parameter was varied, and over how many values, without reading points."""
    design = run.manifest["design"]
    if run.is_grid:
        lo, hi, n = design["axes"][path]
    else:
        law = design["parameters"][path]
        lo, hi, n = law["lo"], law["hi"], run.manifest["points"]
    ends = ("any" if x is None else f"{x:g}" for x in (lo, hi))
    return " to ".join(ends), f"{n:,}"

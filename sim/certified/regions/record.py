"""The certified frontier of a scenario over a box of parameters: what is proved where.

Definition. The box is divided into parts on each of which the verdict is the same at every point, and a
rest that is undecided. A part may also carry the rung that fails, a best treaty and the binding
constraint, where these are the same at every point; where that is not proved they are ``None``.

A parameter with levels has only these: its parts end at levels, and shares count them.

Array convention. ``lo`` and ``hi`` have shape ``(varied, boxes)``, codes ``(boxes,)``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.shown import Part, Shown
from sim._kernels.tolerance import FloatArray, IntArray
from sim.certified.bounds.boxes import Boxes
from sim.certified.regions import frontier_parts
from sim.certified.regions.edges import AtLevel, Crossing, Edge
from sim.claims import Claim
from sim.errors import UsageError
from sim.feasibility.thresholds import Segment
from sim.labels import Labels
from sim.results import Status
from sim.scenario.provenance import in_language

if TYPE_CHECKING:
    import pandas as pd

    from sim.certified.change.never import Never

KIND = "frontier"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frontier(Shown):
    """Boxes with their certain verdicts.

    Parameters
    ----------
    title
        Of the scenario.
    claim
        What was decided.
    varied, units
        Paths of the varied parameters and their units.
    low, high
        The box that was asked about, shape ``(varied,)``.
    values
        The scenario's own values of the varied parameters.
    lo, hi
        The parts, shape ``(varied, boxes)``.
    verdict
        Codes into ``words``.
    rung, agreement, binding
        Codes into ``labels``, -1 where not certain.
    labels
        Names of rungs, agreements and constraints.
    tolerance
        The share that could stay undecided.
    examined
        How many boxes were bounded.
    status, note
        Whether the tolerance was met; if not, what to raise.
    crossings
        Along one parameter: where the verdict flips.
    edges
        Along two parameters, where payoffs are affine: the exact outline of the feasible region.
    turn
        The nearest point of the box at which the verdict on the present values turns, by shares of the
        ranges that were asked about; empty where none was found or sought.
    affine
        Whether every bound is exact up to rounding.
    provenance
        What a stored frontier needs to be computed again.
    levels
        Per varied parameter the levels that were asked about; empty where every value counts.
    never
        Why treaties are feasible nowhere, those that were asked about.
    """

    title: str
    claim: Claim
    varied: tuple[str, ...]
    units: tuple[str, ...]
    low: FloatArray
    high: FloatArray
    values: FloatArray
    lo: FloatArray
    hi: FloatArray
    verdict: IntArray
    rung: IntArray
    agreement: IntArray
    binding: IntArray
    labels: Mapping[str, tuple[str, ...]]
    tolerance: float
    examined: int
    status: Status
    note: str
    crossings: tuple[Crossing, ...]
    edges: tuple[Edge, ...]
    turn: tuple[float, ...]
    affine: bool
    provenance: Mapping[str, Any]
    levels: tuple[tuple[float, ...], ...] = ()
    never: tuple[Never, ...] = ()

    def __len__(self) -> int:
        return len(self.verdict)

    @property
    def labelled(self) -> Labels:
        """What people read in place of the file's names."""
        return Labels.from_data(self.provenance.get("scenario", {}).get("labels"))

    def speaking(self, lang: str) -> Frontier:
        """The same with labels in another language, which some label must have."""
        spoken = in_language(self.provenance["scenario"], lang)
        return replace(self, provenance={**self.provenance, "scenario": spoken})

    @property
    def of(self) -> str:
        """The claim as it is written: ``margin``, a rung, ``predicted:treaty``, ..."""
        return self.claim.text

    @property
    def words(self) -> tuple[str, ...]:
        """Names of the verdicts: feasible and infeasible, or for other claims holds and fails."""
        return self.claim.verdicts

    @property
    def sentence(self) -> str:
        """The claim in words."""
        return self.claim.words

    @property
    def volumes(self) -> FloatArray:
        """Share of the whole box that each part takes, shape ``(boxes,)``."""
        known = tuple(np.array(some) if some else None for some in self.levels)
        whole = Boxes(self.low[:, None], self.high[:, None], known)
        return Boxes(self.lo, self.hi).volumes(whole)

    @property
    def shares(self) -> dict[str, float]:
        """Share of the whole by verdict; they add up to 1."""
        volumes = self.volumes
        return {name: float(volumes[self.verdict == k].sum()) for k, name in enumerate(self.words)}

    def shares_of(self, kind: str) -> dict[str, float]:
        """Certain share of the whole by label of a kind: ``rung``, ``agreement`` or ``binding``."""
        codes, volumes = getattr(self, kind), self.volumes
        shares = {
            self.labels[kind][k]: float(volumes[codes == k].sum()) for k in set(codes) if k >= 0
        }
        return dict(sorted(shares.items(), key=lambda item: -item[1]))

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Along one parameter: stretches of one verdict, in order; of one with levels, each of these."""
        self._along_one()
        if any(self.levels):
            return tuple(Segment(lo=x.value, hi=x.value, verdict=x.verdict) for x in self.at_levels)
        out: list[Segment] = []
        for k in np.argsort(self.lo[0], kind="stable"):
            verdict, hi = self.words[self.verdict[k]], float(self.hi[0, k])
            lo = float(self.lo[0, k])
            if out and out[-1].verdict == verdict:
                lo = out.pop().lo
            out.append(Segment(lo=lo, hi=hi, verdict=verdict))
        return tuple(out)

    @property
    def at_levels(self) -> tuple[AtLevel, ...]:
        """Along one parameter with levels: the verdict at each; empty for any other frontier."""
        if len(self.varied) != 1 or not any(self.levels):
            return ()
        verdict = {x: self.at({self.varied[0]: x})["verdict"] or "" for x in self.levels[0]}
        return tuple(AtLevel(value=x, verdict=word) for x, word in verdict.items())

    def __repr__(self) -> str:
        return f"<Frontier {self.title!r}: {self.of} over {', '.join(self.varied)}, {len(self):,} parts>"

    def parts(self) -> Iterator[Part]:
        """What ``sim frontier`` prints of it."""
        return frontier_parts.parts(self)

    def _repr_html_(self) -> str:
        """What was varied and what is certified, for a notebook."""
        return frontier_parts.as_html(self)

    def _along_one(self) -> None:
        if len(self.varied) != 1:
            raise UsageError(f"{len(self.varied)} parameters were varied; segments need one")

    def at(self, point: Mapping[str, float]) -> dict[str, str | None]:
        """What is certain at a point: verdict, rung, agreement and binding constraint.

        Raises
        ------
        UsageError
            If the point lies outside the box, or names other parameters.
        """
        if set(point) != set(self.varied):
            raise UsageError(f"give a value for each of {', '.join(self.varied)}")
        for path, known in zip(self.varied, self.levels, strict=False):
            if known and point[path] not in known:
                legal = ", ".join(f"{x:g}" for x in known)
                raise UsageError(f"{path} takes the levels {legal}, not {point[path]:g}")
        x = np.array([point[path] for path in self.varied])[:, None]
        inside = np.flatnonzero(((self.lo <= x) & (x <= self.hi)).all(axis=0))
        if not len(inside):
            raise UsageError("the point lies outside the box of this frontier")
        return self._row(int(inside[0]))

    def _row(self, k: int) -> dict[str, str | None]:
        out: dict[str, str | None] = {"verdict": self.words[self.verdict[k]]}
        for kind in ("rung", "agreement", "binding"):
            code = int(getattr(self, kind)[k])
            out[kind] = self.labels[kind][code] if code >= 0 else None
        return out

    def to_arrow(self) -> Any:
        """The parts as an Arrow table: two columns per parameter, then the labels."""
        import pyarrow as pa

        columns: dict[str, Any] = {}
        for k, path in enumerate(self.varied):
            columns[f"{path}.lo"], columns[f"{path}.hi"] = (
                pa.array(self.lo[k]),
                pa.array(self.hi[k]),
            )
        columns["verdict"] = _coded(self.verdict, self.words)
        for kind in ("rung", "agreement", "binding"):
            columns[kind] = _coded(getattr(self, kind), self.labels[kind])
        return pa.table(columns)

    def to_frame(self) -> pd.DataFrame:
        """The parts as a pandas data frame."""
        frame: pd.DataFrame = self.to_arrow().to_pandas()
        return frame

    def to_dict(self) -> dict[str, Any]:
        """A summary as plain data for JSON; the parts are in the stored table."""
        box = zip(self.varied, self.low.tolist(), self.high.tolist(), strict=True)
        return {
            "title": self.title,
            "of": self.of,
            "box": {path: [lo, hi] for path, lo, hi in box},
            "values": dict(zip(self.varied, self.values.tolist(), strict=True)),
            "status": self.status,
            "note": self.note,
            "shares": self.shares,
            "boxes": len(self),
            "examined": self.examined,
            "affine": self.affine,
            "rung": self.shares_of("rung"),
            "agreement": self.shares_of("agreement"),
            "binding": self.shares_of("binding"),
            "levels": {
                path: list(some)
                for path, some in zip(self.varied, self.levels, strict=False)
                if some
            },
            "at_levels": [_plain(x) for x in self.at_levels],
            "crossings": [_plain(c) for c in self.crossings],
            "edges": [_plain(e) for e in self.edges],
            "turn": dict(zip(self.varied, self.turn, strict=False)),
            **({"never": [reason.to_dict() for reason in self.never]} if self.never else {}),
        }


def _plain(record: Crossing | Edge | AtLevel) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in record.__slots__}
    return {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}


def _coded(codes: IntArray, labels: tuple[str, ...]) -> Any:
    import pyarrow as pa

    indices = pa.array(codes.astype(np.int32), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(labels, type=pa.string()))

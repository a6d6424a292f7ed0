"""What every figure over two parameters of a run knows of its plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim._kernels.tolerance import FloatArray
from sim.plots.data import label_of
from sim.plots.runs._marks import own_inside
from sim.plots.runs._plausible import Ranges, ranges_of
from sim.plots.runs._section import Section


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plane:
    """Two parameters of a run, with the others held.

    Parameters
    ----------
    x, y, x_label, y_label
        Dotted paths on the axes, and the same with their units.
    x_values, y_values
        Grid values, shapes ``(nx,)`` and ``(ny,)``.
    own
        The scenario's own ``(x, y)``.
    plausible
        The ranges that the file declares for ``x`` and ``y``; ``None`` where neither has one.
    on_section
        Whether the parameters not shown are held at the scenario's own values.
    title, note, drawn
        The scenario's title; what is held, in words; and that not every grid value is drawn, if so.
    """

    x: str
    y: str
    x_label: str
    y_label: str
    x_values: FloatArray
    y_values: FloatArray
    own: tuple[float, float]
    plausible: Ranges | None
    on_section: bool
    title: str
    note: str
    drawn: str

    @property
    def own_inside(self) -> bool:
        """Whether the scenario's own point lies on the axes."""
        return own_inside(self.own, self.x_values, self.y_values)


def plane_of(cut: Section) -> dict[str, Any]:
    """The fields of a plane, from a run cut along two parameters, the one upwards first."""
    up, across = cut.keep
    y_values, x_values = cut.coordinates()
    return {
        "x": across,
        "y": up,
        "x_label": label_of(cut.run, across),
        "y_label": label_of(cut.run, up),
        "x_values": x_values,
        "y_values": y_values,
        "own": (cut.own[1], cut.own[0]),
        "plausible": ranges_of(cut.run, across, up),
        "on_section": cut.on_section,
        "title": cut.run.title,
        "note": cut.note,
        "drawn": cut.drawn,
    }

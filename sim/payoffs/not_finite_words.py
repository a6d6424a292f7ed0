"""Where a term has no finite value, in the words of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim._kernels.tolerance import FloatArray
from sim.payoffs.not_finite import NotFiniteError

if TYPE_CHECKING:
    from sim.payoffs.dispute import Dispute


class InWords:
    """Turns an index into the words of the file where a term has no finite value."""

    def __init__(self, dispute: Dispute, theta: FloatArray) -> None:
        self.dispute, self.theta = dispute, theta

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, NotFiniteError) and error.path:
            raise NotFiniteError(in_words(error, self.dispute, self.theta)) from None


def in_words(error: NotFiniteError, dispute: Dispute, theta: FloatArray | None) -> str:
    """What has no finite value, with its place in the file, agreement, stances and point in words."""
    agreement, profile, point = error.index
    parts = []
    if agreement is not None:
        parts.append(f"agreement '{dispute.space.label(agreement)}'")
    if profile is not None:
        parts.append(dispute.profile_label(profile))
    values: dict[str, float] = {}
    if theta is not None:
        values = dict(zip(dispute.varied, map(float, theta[:, point or 0]), strict=True))
    values = {p: x for p, x in dispute.scenario.values.items() if p in error.names} | values
    order = sorted(values, key=lambda p: p not in dispute.varied)
    parts += [f"{p}={values[p]:.6g}" for p in order]
    message = f"{error} at {', '.join(parts)}" if parts else str(error)
    return str(dispute.scenario.problem(error.path, message))

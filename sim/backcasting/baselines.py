"""What forecasters that know no model would score on the class."""

from __future__ import annotations

from collections import Counter

from sim.scenario import NO_OUTCOME


def baselines(observed: list[str]) -> dict[str, float]:
    """What "always no" and "always what happened most often" would score on the class.

    Examples
    --------
    >>> baselines(["none", "none", "treaty"])["always no"].__round__(3)
    0.667
    """
    if not observed:
        return {"always no": 0.0, "always the majority class": 0.0}
    counts = Counter(observed)
    return {
        "always no": counts[NO_OUTCOME] / len(observed),
        "always the majority class": max(counts.values()) / len(observed),
    }

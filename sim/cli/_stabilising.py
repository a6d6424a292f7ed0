"""``sim solve --stabilise STATE``: whose preferences must change for a state to be stable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.cli.shared.options import console, print_json
from sim.errors import UsageError, suggest

if TYPE_CHECKING:
    from sim.scenario import Scenario


def stabilise(scenario: Scenario, state: str, concepts: Sequence[str], *, as_json: bool) -> int:
    """Print, for each concept of stability, what each actor must cease to prefer; the exit code."""
    from sim.solutions.conflict._stable_states import SANCTIONS
    from sim.solutions.conflict.stabilising import stabilising_changes
    from sim.solving import game_of

    for name in concepts:
        if name not in SANCTIONS:
            raise UsageError(
                f"--stabilise: '{name}' is no concept of stability{suggest(name, SANCTIONS)}"
            )
    conflict = game_of(scenario, "conflict")
    names = concepts or tuple(SANCTIONS)
    found = {name: stabilising_changes(conflict, state, name) for name in names}
    if as_json:
        changes = [
            {
                "concept": name,
                "actor": change.actor,
                "state": change.state,
                "stable": change.stable,
                "alternatives": [list(names) for names in change.alternatives],
                "finished": change.finished,
            }
            for name, all_changes in found.items()
            for change in all_changes
        ]
        print_json({"scenario": scenario.title, "state": state, "stabilising": changes})
        return 0
    for name, all_changes in found.items():
        stable = all(change.stable for change in all_changes)
        lines = [f"{name}: {state} is stable for all" if stable else f"{name}:"]
        for change in all_changes if not stable else ():
            more = "" if change.finished else " (perhaps not the fewest: work limit)"
            lines.append(f"  {change}{more}")
        console().print("\n".join(lines), markup=False)
    return 0

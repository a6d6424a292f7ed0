"""What figures of beliefs and of the record's scores are drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.cli.backcast import families_of, read_disputes
from sim.cli.shared.believed import opened, place_of
from sim.cli.shared.looks import chosen_language
from sim.errors import SimError, UsageError
from sim.labels import NO_LABELS, Labels
from sim.scenario import Scenario


def only_extended(scenario: Scenario) -> bool:
    """Whether a file is only there to be extended: it says nothing of what happened or could."""
    document = scenario.document
    return document.observed is None and not document.sign_tests


def learned_of(folder: str) -> Any:
    """What stored beliefs learned, with labels where a file of their record has some."""
    from sim.beliefs.learned import learned

    known = opened(folder, force=True)
    book = _labels([*map(Path, known.manifest.get("files", ())), *_beside(folder)])

    def label(name: str) -> str:
        episode, colon, path = name.rpartition(": ")
        return f"{episode.removesuffix('.yaml')}{colon}{book.parameter(path)}"

    return tuple(replace(one, label=label(one.name)) for one in learned(known))


def _beside(folder: str) -> list[Path]:
    """The scenarios beside shipped beliefs."""
    return sorted(place_of(folder).parent.glob("*.yaml"))


def _labels(files: Sequence[Path]) -> Labels:
    """The labels of the first file that can be read and has some."""
    from sim.loading import load

    for file in files:
        try:
            found = load(file).speaking(chosen_language()).labelled
        except SimError:
            continue
        if found:
            return found
    return NO_LABELS


def believed_of(folder: Path, beliefs: str | None) -> Any:
    """What stored beliefs say of every dispute below a folder that has their parameters."""
    from sim.beliefs.believed import believed

    if beliefs is None:
        raise UsageError("figure 'beliefs' needs --beliefs DIR, which sim calibrate makes")
    known = opened(beliefs, force=True)
    scenarios, _ = read_disputes(folder)
    found = {}
    for name, scenario in scenarios.items():
        dispute = scenario.document.form == "dispute" and not only_extended(scenario)
        if dispute and not known.unlike(scenario):
            try:
                found[name] = believed(known, scenario)
            except SimError:
                continue
    return found


def reliability_of(folder: Path) -> Any:
    """How the forecasts of outcome classes fared, of the largest record below a folder."""
    from sim.backcasting.forecasters import scores
    from sim.backcasting.scoreboard import POINTS, SEED
    from sim.backcasting.scores import FITTED, FREQUENCIES
    from sim.beliefs.scoring import reliability

    scenarios, _ = read_disputes(folder)
    families = families_of(scenarios)
    if not families:
        raise UsageError(f"below {folder} there are no two episodes of one dispute with an outcome")
    names = max(families.values(), key=len)
    found = scores({name: scenarios[name] for name in names}, points=POINTS, seed=SEED)
    if found is None:
        return {}
    table = {one.name: one for one in found.tables["class"]}
    return {name: reliability(table[name]) for name in (FITTED, FREQUENCIES)}

"""What a stored result says of where it comes from, so that it can be computed again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.labels import Labels
from sim.scenario.labelled import known_language
from sim.scenario.scenario import Scenario


def provenance(scenario: Scenario, command: str = "") -> dict[str, Any]:
    """Version, command, the whole text of the scenario with its hash, and what was set.

    Examples
    --------
    >>> from sim.loading import loads
    >>> s = loads("strategic: {actors: {a: [x], b: [y]}, payoffs: [[[1, 2]]]}")
    >>> sorted(provenance(s)["scenario"])
    ['origin', 'sha256', 'text', 'title']
    """
    from sim import __version__

    labels = scenario.labelled.to_data()
    return {
        "version": __version__,
        "command": command,
        "scenario": {
            "title": scenario.title,
            "origin": scenario.origin,
            "sha256": scenario.digest,
            "text": scenario.resolved,
            **({"labels": labels} if labels else {}),
        },
        "overrides": dict(scenario.overrides),
    }


def in_language(told: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """What is stored of a scenario, its labels in a language; the empty one is that of the labels' choice.

    Raises
    ------
    UsageError
        If no label is in that language.

    Examples
    --------
    >>> in_language({"title": "T"}, "")
    {'title': 'T', 'labels': {}}
    """
    book = Labels.from_data(told.get("labels"))
    spoken = book.speaking(known_language(book, lang, str(told["title"])))
    return {**told, "labels": spoken.to_data()}

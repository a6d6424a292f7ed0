"""The labels of a document, by everything that results call its parts."""

from __future__ import annotations

from collections.abc import Iterator

from sim.errors import UsageError, suggest
from sim.labels import NO_LABELS, Labels
from sim.scenario.document import Document
from sim.scenario.findings import Finding


def labels_in(document: Document, lang: str = "") -> Labels:
    """The labels of a document in a language.

    Examples
    --------
    >>> document = Document(
    ...     issues={"area": {"none": {}, "two": {"label": "two islands"}}},
    ...     actors={"tokyo": {"role": "principal", "label": {"en": "Tokyo", "ja": "東京"}}},
    ... )
    >>> labels_in(document, "ja").say("tokyo, two")
    '東京, two islands'
    """
    if not document.labels:
        return NO_LABELS
    records = document.labels.items()
    return Labels(
        texts={path: record.label for path, record in records if record.label},
        shorts={path: record.short for path, record in records if record.short},
        aliases=dict(_aliases(document)),
        lang=lang,
    )


def known_language(labels: Labels, lang: str, origin: str) -> str:
    """A language that some label has, or none asked for.

    Raises
    ------
    UsageError
        If no label has it.
    """
    known = labels.languages
    if not lang or lang in known:
        return lang
    has = f"its labels are in {', '.join(known)}" if known else "it has no labels by language"
    raise UsageError(f"{origin or 'the scenario'} does not speak '{lang}': {has}")


def _aliases(document: Document) -> dict[str, str]:
    """By what results call a thing: its path in the file; of two things of one name the first stands."""
    out: dict[str, str] = {}
    for name, path in _named(document):
        out.setdefault(name, path)
    return out


def _named(document: Document) -> Iterator[tuple[str, str]]:
    for actor, record in document.actors.items():
        yield actor, f"actors.{actor}"
        for stance in record.stances:
            yield f"{actor}={stance}", f"actors.{actor}.stances.{stance}"
            yield f"{actor} {stance}", f"actors.{actor}.stances.{stance}"
        for kind in getattr(record, "types", None) or ():
            yield f"{actor}={kind}", f"actors.{actor}.types.{kind}"
    for section in ("domestic", "abroad"):
        for actor, constraints in getattr(document, section).items():
            yield from ((f"{actor}.{c}", f"{section}.{actor}.{c}") for c in constraints)
    yield from ((path, f"parameters.{path}") for path in document.parameters)
    for issue, positions in document.issues.items():
        for position in positions:
            yield f"{issue}={position}", f"issues.{issue}.{position}"
            yield f"{issue}.{position}", f"issues.{issue}.{position}"
            if len(document.issues) == 1:
                yield position, f"issues.{issue}.{position}"
        yield issue, f"issues.{issue}"
    world = document.dynamics.world if document.dynamics else {}
    for factor, levels in world.items():
        for level in levels.levels:
            yield f"{factor}={level}", f"dynamics.world.{factor}.levels.{level}"
        yield factor, f"dynamics.world.{factor}"


def labelled_parts(document: Document) -> set[str]:
    """The paths of all parts of a document that may have a label."""
    terms = {f"payoffs.{a}.{t}" for a, terms in document.payoffs.items() for t in terms}
    return terms | {path for _, path in _named(document)}


def label_findings(document: Document) -> Iterator[Finding]:
    """Labels of what is not in the file."""
    known = labelled_parts(document)
    for path in document.labels:
        if path not in known:
            yield Finding(
                path=f"labels.{path}",
                message=f"there is no '{path}' to be labelled{suggest(path, known)}",
            )

"""Parameters that decide which agreements exist or how they are classed: they can be set, not varied."""

from __future__ import annotations

from sim.expressions import Expression
from sim.scenario.document import Document


def structural_parameters(document: Document) -> frozenset[str]:
    """Parameters that decide which agreements exist or how they are classed.

    Examples
    --------
    >>> document = Document(
    ...     parameters={"cap": 1, "cost": 2}, attributes={"area": "cap * land"}, rule_out=["area > 3"]
    ... )
    >>> structural_parameters(document)
    frozenset({'cap'})
    """
    rules: list[Expression] = [*document.rule_out, *document.outcomes.values()]
    if document.game is not None:
        moves = [move for _, stage in document.game.placed() for move in stage]
        rules += [move.menu for move in moves if move.menu is not None]
    return frozenset().union(*(parameters_read(document, rule) for rule in rules))


def parameters_read(document: Document, expression: Expression) -> frozenset[str]:
    """The parameters that an expression reads, directly or through derived attributes."""
    return names_read(document, expression) & set(document.parameters)


def names_read(document: Document, expression: Expression) -> frozenset[str]:
    """Every name that an expression reads, directly or through derived attributes.

    Examples
    --------
    >>> document = Document(attributes={"area": "cap * land", "half": "area / 2"})
    >>> sorted(names_read(document, document.attributes["half"]))
    ['area', 'cap', 'land']
    """
    seen: set[str] = set()
    stack = list(expression.names)
    while stack:
        name = stack.pop()
        if name not in seen:
            seen.add(name)
            stack += document.attributes[name].names if name in document.attributes else ()
    return frozenset(seen)


def movable_parameters(document: Document) -> tuple[str, ...]:
    """Every parameter with a proper range, or several levels, that can be varied.

    Those that decide which agreements exist can only be set.
    """
    fixed = structural_parameters(document)
    spans = {path: set(p.levels or p.range or ()) for path, p in document.parameters.items()}
    return tuple(path for path, span in spans.items() if len(span) > 1 and path not in fixed)

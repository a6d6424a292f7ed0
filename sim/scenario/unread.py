"""What a scenario file says that nothing reads: usually a slip of the pen, never an error.

A parameter, or an attribute given by a position or a stance, that no expression reads has no effect; a
mistyped name hides there. A derived attribute may be there for the reader alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim.errors import nearest
from sim.scenario.checks import formulas
from sim.scenario.document import TREATY, Document
from sim.scenario.dynamics_checks import dynamics_formulas
from sim.scenario.findings import Finding
from sim.scenario.names import declared
from sim.scenario.private.notes import alike


def unread(document: Document) -> Iterator[Finding]:
    """Declared names that nothing reads, and a file without a treaty, as notes.

    Examples
    --------
    >>> document = Document(
    ...     issues={"deal": {"no": {}, "yes": {"signde": 1}}},
    ...     outcomes={"treaty": "signed"}, attributes={"signed": "deal.yes"},
    ... )
    >>> [note.message for note in unread(document)]
    ["nothing reads 'signde'; is 'signed' meant?"]
    """
    if document.form != "dispute":
        return
    read = {name for _, expression, _ in formulas(document) for name in expression.names}
    if document.dynamics is not None:
        read |= {n for _, formula in dynamics_formulas(document.dynamics) for n in formula.names}
    for name, path in {name: path for name, path, used in declared(document) if used}.items():
        if name not in read and name not in document.attributes:
            near = nearest(name, sorted(read), n=1, cutoff=0.75)
            hint = f"; is '{near[0]}' meant?" if near else ""
            yield Finding(path=path, message=f"nothing reads '{name}'{hint}")
    yield from alike(document)
    yield from _elsewhere(document)
    if TREATY not in document.outcomes:
        yield Finding(path="outcomes", message=f"no class '{TREATY}', so no treaty can be feasible")


def _elsewhere(document: Document) -> Iterator[Finding]:
    """Values of the file that are not those of the state in which its world starts."""
    if document.dynamics is None:
        return
    own = {path: parameter.value for path, parameter in document.parameters.items()}
    for name, factor in document.dynamics.world.items():
        for path, formula in factor.levels.get(factor.now, {}).items():
            value = float(formula.evaluate(own))
            if path in own and value != own[path]:
                start = f"{name}={factor.now}"
                message = (
                    f"the file says {own[path]:g} and the world starts at {start}, where it is {value:g}: "
                    f"sim explain takes the first, sim explain --state {start} and sim forecast the second"
                )
                yield Finding(path=f"parameters.{path}", message=message)

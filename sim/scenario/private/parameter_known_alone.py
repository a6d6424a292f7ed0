"""Parameters that one actor alone knows: ``cost: {value: 0.1, range: [0, 0.2], private: b}``.

Such a parameter is the private number of a ``screening`` or ``costly_signal`` file, whose section then
needs none of its own: its law is the parameter's distribution over its range.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

from sim.scenario.distributions import Distribution, Normal, Triangular
from sim.scenario.document import Document
from sim.scenario.findings import Finding
from sim.scenario.parameters import Parameter

if TYPE_CHECKING:
    from sim.scenario.sections.screening import PrivateLaw


class _Section(Protocol):
    @property
    def knows(self) -> str: ...
    @property
    def private(self) -> Mapping[str, PrivateLaw]: ...


def check_known_alone(document: Document) -> Iterator[Finding]:
    """What is wrong with private parameters, and sections that have no private number.

    Examples
    --------
    >>> document = Document(parameters={"cost": {"value": 0.1, "private": "b"}})
    >>> [finding.message for finding in check_known_alone(document)]
    ["no section of this file has a number that 'b' alone knows; in a dispute give 'b' types"]
    """
    section: _Section | None = document.screening or document.costly_signal
    own = {path: p for path, p in document.parameters.items() if p.private}
    for path, parameter in own.items():
        if message := _wrong(parameter, section, first=path == next(iter(own))):
            yield Finding(path=f"parameters.{path}.private", message=message)
    if section is not None and not section.private and not own:
        yield Finding(
            path=f"{document.form}.private",
            message=f"missing; name the number that {section.knows} alone knows, with its law",
        )


def _wrong(parameter: Parameter, section: _Section | None, *, first: bool) -> str:
    who = parameter.private
    if section is None:
        return (
            f"no section of this file has a number that '{who}' alone knows; in a dispute give "
            f"'{who}' types"
        )
    if who != section.knows:
        return f"'{who}' does not know it alone in this file; legal: {section.knows}"
    if section.private or not first:
        return f"{who} knows one number in this file; there is another"
    if parameter.levels is not None:
        return "levels are no continuum; give a range without levels"
    if parameter.range is None or not parameter.range[0] < parameter.range[1]:
        return "a private parameter needs a range"
    return ""


def known_alone(
    section: _Section, parameters: Mapping[str, Parameter], values: Mapping[str, float]
) -> Mapping[str, PrivateLaw]:
    """The private number of a section with its law: the section's own, or a parameter's.

    Parameters
    ----------
    section
        Of a file without findings.
    parameters, values
        Of the file; a mode or a mean that a distribution does not give is the value.
    """
    from sim.scenario.sections.screening import PrivateLaw

    if section.private:
        return section.private
    path, record = next((path, p) for path, p in parameters.items() if p.private)
    assert record.range is not None
    law = record.distribution
    written = {"from": record.range[0], "to": record.range[1]}
    return {
        path: PrivateLaw.model_validate(
            {**written, "distribution": None if law is None else _centred(law, values[path])}
        )
    }


def _centred(law: Distribution, value: float) -> Distribution:
    if isinstance(law, Triangular) and law.mode is None:
        return law.model_copy(update={"mode": value})
    if isinstance(law, Normal) and law.mean is None:
        return law.model_copy(update={"mean": value})
    return law

"""Correlations of parameters: which uncertain numbers tend to be high together.

Definition. ``value`` is the correlation of two parameters' normal scores: with ``F`` the distribution
function of a parameter, its normal score is ``Phi^-1(F(x))``. The distributions themselves stay what the
file declares (a Gaussian copula). Correlations given one by one belong to some distribution exactly when
the matrix that they fill is positive definite.

Array convention. Matrices have shape ``(parameters, parameters)``, parameters in the order of their paths.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from sim._kernels.tolerance import FloatArray
from sim.errors import suggest
from sim.scenario.findings import Finding
from sim.scenario.parameters import Parameter

Pairs = Mapping[tuple[str, str], float]


class Correlation(BaseModel):
    """Two parameters that tend to be high together, or one high where the other is low.

    Parameters
    ----------
    between
        Dotted paths of the two.
    value
        The correlation of their normal scores, between -1 and 1.
    source, note
        Where it was read (or ``assumed``), and why.

    Examples
    --------
    >>> Correlation(between=("moscow.growth", "moscow.trade"), value=0.6, source="assumed").value
    0.6
    """

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True)

    between: tuple[str, str]
    value: float = Field(gt=-1, lt=1)
    source: str = ""
    note: str = ""


def correlation_factor(paths: Sequence[str], pairs: Pairs) -> FloatArray | None:
    """The lower triangular ``L`` with ``L L'`` the correlation matrix; ``None`` if there is none.

    Examples
    --------
    >>> correlation_factor(["a", "b"], {("a", "b"): 0.6})
    array([[1. , 0. ],
           [0.6, 0.8]])
    >>> correlation_factor("abc", {("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.9}) is None
    True
    """
    matrix = np.eye(len(paths))
    for (a, b), value in pairs.items():
        i, j = paths.index(a), paths.index(b)
        matrix[i, j] = matrix[j, i] = value
    try:
        return np.asarray(np.linalg.cholesky(matrix), dtype=np.float64)
    except np.linalg.LinAlgError:
        return None


def check_correlations(
    correlations: Mapping[str, Correlation], parameters: Mapping[str, Parameter]
) -> Iterator[Finding]:
    """What is wrong with the correlations of a document."""
    pairs: dict[tuple[str, str], float] = {}
    for name, record in correlations.items():
        where = f"correlations.{name}.between"
        for path in record.between:
            if path not in parameters:
                message = f"unknown parameter '{path}'{suggest(path, parameters)}"
                yield Finding(path=where, message=message, needs="parameters", name=path)
        a, b = sorted(record.between)
        if a == b:
            yield Finding(path=where, message=f"two parameters are needed, not '{a}' twice")
        elif (a, b) in pairs:
            yield Finding(path=where, message=f"'{a}' and '{b}' are correlated twice")
        else:
            pairs[a, b] = record.value
    if correlation_factor(sorted({path for pair in pairs for path in pair}), pairs) is None:
        message = (
            "no distribution has these correlations together: their matrix is not positive definite"
        )
        yield Finding(path="correlations", message=message)

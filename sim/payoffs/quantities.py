"""Quantities of a dispute as functions of the varied parameters, fast where they are affine.

Definition. A quantity is a sum of terms, each an expression on agreements, stances and
parameters. With ``theta`` the varied parameters, a term that is affine in ``theta`` is ``c_0 +
sum_k c_k theta_k`` with ``c`` depending on agreement and stances only; all affine terms of a
quantity fold into one matrix ``C`` of shape ``(agreements * profiles, 1 + varied)``, so that a
whole chunk of points is one product ``C @ [1; theta]``. Other terms are evaluated as they stand,
each on the smallest shape it needs.

Array convention. ``theta`` has shape ``(varied, batch)``. A quantity evaluates to shape
``(agreements or 1, profiles or 1, batch or 1)``: an axis that it does not depend on has length 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.expressions import Affine, Expression
from sim.payoffs.not_finite import require_finite
from sim.scenario import Document
from sim.scenario.derived import derived_order


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A named expression, and where it counts: ``mask`` broadcasts against ``(agreements, profiles, 1)``."""

    path: str
    expression: Expression
    mask: FloatArray | None = None


@dataclass(frozen=True, eq=False)
class Frame:
    """Names and their values for one choice of varied parameters.

    Parameters
    ----------
    document
        For derived attributes.
    fixed
        Values of parameters that are not varied, attributes ``(agreements, 1, 1)`` and stance
        attributes ``(1, profiles, 1)``.
    varied
        Paths of the varied parameters, in the order of the rows of ``theta``.
    """

    document: Document
    fixed: Mapping[str, FloatArray]
    varied: tuple[str, ...]

    @cached_property
    def affine_env(self) -> Mapping[str, FloatArray | Affine | None]:
        """Everything that is affine in the varied parameters, derived attributes included."""
        env: dict[str, FloatArray | Affine | None] = dict(self.fixed)
        names = frozenset(self.varied)
        for name in derived_order(self.document):
            form = self.document.attributes[name].affine(env, names)
            env[name] = form.constant if form is not None and not form.coefficients else form
        return env

    @cached_property
    def reads(self) -> Mapping[str, frozenset[str]]:
        """The varied parameters that each name reads, through derived attributes too."""
        found = dict.fromkeys(self.fixed, frozenset[str]())
        found |= {name: frozenset([name]) for name in self.varied}
        for name in derived_order(self.document):
            names = self.document.attributes[name].names
            found[name] = frozenset[str]().union(*(found[n] for n in names))
        return found

    @cached_property
    def extents(self) -> Mapping[str, tuple[int, int]]:
        """How many agreements and profiles each name differs over: ``(agreements or 1, profiles or 1)``."""
        found = {name: _extent(value) for name, value in self.fixed.items()}
        found |= dict.fromkeys(self.varied, (1, 1))
        for name in derived_order(self.document):
            found[name] = _widest(found[n] for n in self.document.attributes[name].names)
        return found

    def env(self, theta: FloatArray) -> dict[str, FloatArray]:
        """Every name's value at a chunk of points."""
        env = dict(self.fixed)
        env |= dict(zip(self.varied, theta, strict=True))
        for name in derived_order(self.document):
            env[name] = self.document.attributes[name].evaluate(env)
        return env


@dataclass(frozen=True, slots=True, eq=False)
class Quantity:
    """A sum of terms, its affine part folded into one matrix.

    Parameters
    ----------
    matrix
        Shape ``(rows * columns, 1 + varied)``.
    shape
        ``(rows, columns)`` of the affine part: agreements or 1, profiles or 1.
    rest
        The terms that are not affine in the varied parameters.
    path
        Where in the file it stands, for messages.
    extent
        ``(rows, columns)`` over which any of it differs, the other terms included.
    moving
        Which varied parameters may move it, shape ``(varied,)``; ``None`` where that was not asked.
    """

    matrix: FloatArray
    shape: tuple[int, int]
    rest: tuple[Term, ...]
    path: str = ""
    extent: tuple[int, int] = (1, 1)
    moving: BoolArray | None = None

    @property
    def constant(self) -> bool:
        """Whether it depends on no varied parameter."""
        return not self.rest and not self.matrix[:, 1:].any()

    def evaluate(self, theta: FloatArray, env: Mapping[str, FloatArray] | None) -> FloatArray:
        """The quantity at a chunk of points, shape ``(rows, columns, batch or 1)``."""
        value = self.matrix[:, :1]
        with np.errstate(over="ignore", invalid="ignore"):
            if self.matrix[:, 1:].any():
                value = value + self.matrix[:, 1:] @ theta
            out: FloatArray = value.reshape(*self.shape, -1)
            for term in self.rest:
                assert env is not None
                out = out + term_value(term, env)
        return (
            out if self._bounded(theta) else require_finite(out, self.path, "the sum of its terms")
        )

    def _bounded(self, theta: FloatArray) -> bool:
        """Whether no sum can overflow, from the largest values that the parameters take."""
        if self.rest:
            return False
        largest = np.abs(theta).max(axis=1, initial=0.0)
        with np.errstate(over="ignore", invalid="ignore"):
            reach = np.abs(self.matrix[:, 0]) + np.abs(self.matrix[:, 1:]) @ largest
        return bool(np.isfinite(reach).all())


def term_value(term: Term, env: Mapping[str, FloatArray]) -> FloatArray:
    """One term at a chunk of points; raises :class:`NotFiniteError` where it has no finite value."""
    value = term.expression.evaluate(env)
    if term.mask is not None:
        with np.errstate(invalid="ignore"):
            value = np.where(term.mask != 0, value * term.mask, 0.0)
    return require_finite(value, term.path, f"'{term.expression.text}'", term.expression.names)


def fold(terms: Sequence[Term], frame: Frame, path: str) -> Quantity:
    """A quantity from its terms: the affine ones in one matrix, the rest as they are.

    Raises
    ------
    NotFiniteError
        If a term that does not depend on the varied parameters has no finite value.
    """
    names = frozenset(frame.varied)
    forms: list[Affine] = []
    rest: list[Term] = []
    for term in terms:
        form = term.expression.affine(frame.affine_env, names)
        if form is None:
            rest.append(term)
        else:
            forms.append(_masked(form, term))
    matrix, shape = _matrix(forms, frame.varied)
    extent = _widest([shape, *(_term_extent(term, frame) for term in rest)])
    moving: BoolArray = np.asarray(matrix[:, 1:].any(axis=0))
    if rest:
        read = frozenset[str]().union(*(frame.reads[n] for t in rest for n in t.expression.names))
        moving = moving | np.array([name in read for name in frame.varied], dtype=np.bool_)
    return Quantity(matrix, shape, tuple(rest), path, extent, moving)


def _term_extent(term: Term, frame: Frame) -> tuple[int, int]:
    """What a term differs over, from the names in it and where it counts."""
    parts = [frame.extents[name] for name in term.expression.names]
    return _widest(parts if term.mask is None else [*parts, _extent(term.mask)])


def _extent(value: FloatArray) -> tuple[int, int]:
    """Agreements and profiles of an array that broadcasts against ``(agreements, profiles, batch)``."""
    rows, columns, _ = (1, 1, 1, *value.shape)[-3:]
    return rows, columns


def _widest(extents: Iterable[tuple[int, int]]) -> tuple[int, int]:
    rows, columns = zip((1, 1), *extents, strict=True)
    return max(rows), max(columns)


def _masked(form: Affine, term: Term) -> Affine:
    parts = {"": form.constant, **form.coefficients}
    out: dict[str, FloatArray] = {}
    for name, part in parts.items():
        value = np.asarray(part, dtype=np.float64)
        if term.mask is not None:
            with np.errstate(invalid="ignore"):
                value = np.where(term.mask != 0, value * term.mask, 0.0)
        words, names = f"'{term.expression.text}'", term.expression.names
        out[name] = require_finite(value, term.path, words, names)
    return Affine(constant=out.pop(""), coefficients=out)


def _matrix(forms: Sequence[Affine], varied: tuple[str, ...]) -> tuple[FloatArray, tuple[int, int]]:
    arrays = [part for f in forms for part in (f.constant, *f.coefficients.values())]
    rows, columns, _ = np.broadcast_shapes((1, 1, 1), *(a.shape for a in arrays))
    matrix = np.zeros((rows, columns, 1 + len(varied)))
    with np.errstate(over="ignore", invalid="ignore"):
        for form in forms:
            matrix[..., :1] += form.constant
            for k, name in enumerate(varied):
                if name in form.coefficients:
                    matrix[..., k + 1 : k + 2] += form.coefficients[name]
    return matrix.reshape(rows * columns, 1 + len(varied)), (rows, columns)

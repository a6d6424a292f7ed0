"""The expression language of scenario files: safe to parse, evaluated on whole arrays.

An expression is read three ways: its value (:meth:`Expression.evaluate`), its affine form in some
of its parameters (:meth:`Expression.affine`), and guaranteed bounds over boxes of parameters
(:meth:`Expression.bounds`). The language: numbers, ``true``, ``false``, dotted names,
``+ - * / **``, comparisons, ``and or not``, ``a if c else b`` and the functions of
:data:`FUNCTIONS`.

Array convention: values broadcast as numpy arrays do, batch axis last.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import ArrayLike

from sim.errors import ExpressionError, suggest
from sim.expressions.affine import Affine, affine_form
from sim.expressions.evaluate import FloatArray, Program, translate
from sim.expressions.intervals import Interval, interval_bounds
from sim.expressions.parser import parse_tree
from sim.expressions.tree import FUNCTIONS, Node, names_in, substitute

__all__ = ["FUNCTIONS", "Affine", "Expression", "Interval", "compose", "parse"]

_NAME = re.compile(r"[A-Za-z_][\w.]*")
KEPT = 4096
"""Expressions that are kept by their text."""


@dataclass(frozen=True, kw_only=True)
class Expression:
    """A checked expression; made by :func:`parse`, equal to any other of the same text.

    Parameters
    ----------
    text
        The source.
    names
        Every name that occurs; a dotted name is one name.
    columns
        The 0-based column of each name's first occurrence.

    Examples
    --------
    >>> e = parse("moscow.trade * economy - 0.2")
    >>> sorted(e.names), e.offset_of("economy")
    (['economy', 'moscow.trade'], 15)
    >>> e.evaluate({"moscow.trade": [1.0, 0.5], "economy": 0.4})
    array([0.2, 0. ])
    """

    text: str
    names: frozenset[str] = field(compare=False)
    columns: Mapping[str, int] = field(compare=False, repr=False)
    tree: Node = field(compare=False, repr=False)
    composed: bool = field(default=False, compare=False, repr=False)

    def __reduce__(self) -> tuple[Callable[..., Expression], tuple[object, ...]]:
        return (_composed, (self.text, self.tree)) if self.composed else (parse, (self.text,))

    @cached_property
    def program(self) -> Program:
        """The instructions that evaluate it."""
        return translate(self.tree)

    def offset_of(self, name: str) -> int:
        """The 0-based column of the first occurrence of a name, for messages."""
        return self.columns[name]

    def evaluate(self, env: Mapping[str, ArrayLike]) -> FloatArray:
        """The value on whole arrays.

        Parameters
        ----------
        env
            Numbers or arrays that broadcast with each other, for at least every name that occurs.

        Returns
        -------
        ndarray
            Float64, of the broadcast shape of the names that occur; truth is 1.0. Undefined
            operations (division by zero, the root of a negative number) give NaN and overflow gives
            infinity, without a warning: the caller checks.

        Raises
        ------
        ExpressionError
            If a name has no value.

        Examples
        --------
        >>> parse("where(x > 0, log(x), -1)").evaluate({"x": [1.0, 0.0]})
        array([ 0., -1.])
        """
        self._require(env)
        return self.program.run({k: np.asarray(env[k], dtype=np.float64) for k in self.names})

    def affine(
        self, env: Mapping[str, ArrayLike | Affine | None], varied: frozenset[str]
    ) -> Affine | None:
        """The affine form in the varied parameters, or ``None`` where the tree has none.

        Parameters
        ----------
        env
            Per name that is not varied: numbers, an :class:`Affine` (an attribute that is itself
            affine in the varied parameters), or ``None`` for one known not to be.
        varied
            The parameters that vary.

        Raises
        ------
        ExpressionError
            If a name is neither varied nor in ``env``.

        Examples
        --------
        >>> form = parse("(1 - share) * size").affine({"size": [2.0, 4.0]}, frozenset({"share"}))
        >>> form.constant, form.coefficients
        (array([2., 4.]), {'share': array([-2., -4.])})
        >>> parse("share * share").affine({}, frozenset({"share"})) is None
        True
        """
        fixed = self.names - varied
        self._require(env, fixed)
        return affine_form(self.tree, {k: _form(env[k]) for k in fixed}, varied)

    def bounds(self, env: Mapping[str, ArrayLike | Interval]) -> Interval:
        """Guaranteed bounds over boxes: every defined value inside the box lies inside them.

        Parameters
        ----------
        env
            Per name an :class:`Interval`, or numbers where it is fixed; batch of boxes last.

        Returns
        -------
        Interval
            Outward rounded, never NaN; infinite where an operation may be undefined in the box.

        Raises
        ------
        ExpressionError
            If a name has no value.

        Examples
        --------
        >>> share = Interval(lo=np.array([0.0, 0.5]), hi=np.array([0.25, 1.0]))
        >>> bounds = parse("share >= 0.5").bounds({"share": share})
        >>> bounds.lo, bounds.hi
        (array([0., 1.]), array([0., 1.]))
        """
        self._require(env)
        return interval_bounds(self.tree, {k: _enclosed(env[k]) for k in self.names})

    def _require(self, env: Mapping[str, object], names: Iterable[str] | None = None) -> None:
        for name in self.names if names is None else names:
            if name not in env:
                raise ExpressionError(
                    f"unknown name '{name}'{suggest(name, env)}", self.columns[name]
                )


def parse(source: str | float) -> Expression:
    """The checked expression of a text, or of a plain number.

    Raises
    ------
    ExpressionError
        If the text is not in the language or beyond its limits; carries the column.

    Examples
    --------
    >>> parse(0.5).evaluate({})
    array(0.5)
    >>> parse("__import__('os')")
    Traceback (most recent call last):
    sim.errors.ExpressionError: character "'" is not allowed: there is no text
    """
    return _parsed(source if isinstance(source, str) else _number_text(source))


@lru_cache(maxsize=KEPT)
def _parsed(text: str) -> Expression:
    """Expressions never change, and files that extend the same one have most of them in common."""
    tree, columns = parse_tree(text)
    return Expression(
        text=text,
        names=frozenset(columns),
        columns=columns,
        tree=tree,
    )


def compose(template: str, /, **parts: Expression | float) -> Expression:
    """An expression made of others: a template in which some names stand for them.

    The whole may be longer and deeper than a text of a file may be. A name that has no part stays a name.

    Examples
    --------
    >>> compose("(a - b) / scale", a=parse("x + 1"), b=parse("y"), scale=2.0).text
    '((x + 1) - (y)) / (2.0)'
    """
    used = [k for k in _template(template)[1] if k in parts]
    known = ((k, p if isinstance(p := parts[k], Expression) else parse(p)) for k in used)
    return _made_of(template, tuple(known))


@lru_cache(maxsize=KEPT)
def _made_of(template: str, parts: tuple[tuple[str, Expression], ...]) -> Expression:
    known = dict(parts)
    text = _NAME.sub(lambda m: f"({known[m[0]].text})" if m[0] in known else m[0], template)
    tree, _ = _template(template)
    return _composed(text, substitute(tree, {name: part.tree for name, part in parts}))


@lru_cache(maxsize=1024)
def _template(text: str) -> tuple[Node, tuple[str, ...]]:
    tree, _ = parse_tree(text)
    return tree, tuple(names_in(tree))


def _composed(text: str, tree: Node) -> Expression:
    names = names_in(tree)
    return Expression(
        text=text, names=names, columns=dict.fromkeys(names, 0), tree=tree, composed=True
    )


def _number_text(source: float) -> str:
    if isinstance(source, bool):
        return str(source)
    if not isinstance(source, int | float):
        kind = type(source).__name__
        raise ExpressionError(f"an expression is a text or a number, not {kind}", 0)
    try:
        value = float(source)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise ExpressionError("the number is not finite", 0)
    return repr(source)


def _form(value: ArrayLike | Affine | None) -> FloatArray | Affine | None:
    if value is None or isinstance(value, Affine):
        return value
    return np.asarray(value, dtype=np.float64)


def _enclosed(value: ArrayLike | Interval) -> FloatArray | Interval:
    """An interval, or the array it shrinks to where its ends are equal everywhere."""
    if not isinstance(value, Interval):
        return np.asarray(value, dtype=np.float64)
    lo, hi = np.asarray(value.lo, dtype=np.float64), np.asarray(value.hi, dtype=np.float64)
    return lo if np.array_equal(lo, hi) else Interval(lo=lo, hi=hi)

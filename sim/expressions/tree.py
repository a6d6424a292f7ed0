"""The tree of a checked expression, and the one way to walk it.

An expression is a number, a name (dotted names are one key, looked up whole), an operation on
arguments, a chain of operations of one rank (``a + b - c``, evaluated from the left) or a chained
comparison (``a < b <= c``). Every reading of an expression (its value, its affine form, its bounds)
is a fold over this tree: what a number means, what a name means, and what an operation does.

Chains are kept flat, so that a sum of many terms is not a deep tree; the operand in the middle of a
chained comparison occurs once, so that a tree never grows beyond its text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias, TypeVar

FUNCTIONS: Mapping[str, tuple[int, int | None]] = MappingProxyType(
    {
        "min": (2, None),
        "max": (2, None),
        "abs": (1, 1),
        "exp": (1, 1),
        "log": (1, 1),
        "sqrt": (1, 1),
        "clip": (3, 3),
        "where": (3, 3),
        "logistic": (1, 1),
    }
)
"""The functions of the language with the least and the largest number of arguments of each."""

BOOLEAN = frozenset({"and", "or", "not", "truth"})
"""Operations whose value is 0 or 1 (comparisons are the others)."""

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number; true and false are 1 and 0."""

    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """A name, dotted or not, that the environment gives a value."""

    key: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator or a function applied to arguments."""

    symbol: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """``first`` followed by (operator, operand) pairs of one rank, evaluated from the left."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """``first`` followed by (comparison, operand) pairs; true when every link is."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


Node: TypeAlias = Number | Name | Operation | Chain | Comparison


def is_boolean(node: Node) -> bool:
    """Whether the node's value is always 0 or 1.

    Examples
    --------
    >>> is_boolean(Name("x")), is_boolean(Operation("not", (Name("x"),)))
    (False, True)
    """
    match node:
        case Number(value):
            return value in (0.0, 1.0)
        case Operation(symbol, _):
            return symbol in BOOLEAN
    return isinstance(node, Comparison)


def fold(
    node: Node,
    *,
    number: Callable[[float], V],
    name: Callable[[str], V],
    apply: Callable[[str, list[V]], V],
) -> V:
    """Combine a tree from its leaves up.

    Parameters
    ----------
    node
        The tree.
    number, name
        The meaning of a leaf.
    apply
        The meaning of an operation, given its symbol and the meanings of its arguments.

    Examples
    --------
    >>> tree = Chain(Name("a"), (("+", Number(2.0)), ("-", Name("b"))))
    >>> fold(tree, number=str, name=str, apply=lambda s, a: f"({s.join(a)})")
    '((a+2.0)-b)'
    """

    def visit(part: Node) -> V:
        match part:
            case Number(value):
                return number(value)
            case Name(key):
                return name(key)
            case Operation(symbol, arguments):
                return apply(symbol, [visit(argument) for argument in arguments])
            case Chain(first, rest):
                total = visit(first)
                for symbol, operand in rest:
                    total = apply(symbol, [total, visit(operand)])
                return total
            case Comparison(first, rest):
                return _links(visit(first), [(symbol, visit(right)) for symbol, right in rest])

    def _links(left: V, rest: list[tuple[str, V]]) -> V:
        links = []
        for symbol, right in rest:
            links.append(apply(symbol, [left, right]))
            left = right
        return links[0] if len(links) == 1 else apply("and", links)

    return visit(node)


def names_in(node: Node) -> frozenset[str]:
    """Every name that occurs in a tree.

    Examples
    --------
    >>> sorted(names_in(Chain(Name("a"), (("+", Number(2.0)), ("-", Name("b"))))))
    ['a', 'b']
    """
    found: set[str] = set()
    stack: list[Node] = [node]
    while stack:
        part = stack.pop()
        match part:
            case Name(key):
                found.add(key)
            case Operation(_, arguments):
                stack += arguments
            case Chain(first, rest) | Comparison(first, rest):
                stack += [first, *(operand for _, operand in rest)]
    return frozenset(found)


def substitute(node: Node, trees: Mapping[str, Node]) -> Node:
    """A tree in which trees take the place of some names.

    Examples
    --------
    >>> substitute(Operation("neg", (Name("a"),)), {"a": Number(2.0)})
    Operation(symbol='neg', arguments=(Number(value=2.0),))
    """
    return fold(node, number=Number, name=lambda k: trees.get(k, Name(k)), apply=_operation)


def _operation(symbol: str, arguments: list[Node]) -> Node:
    return Operation(symbol, tuple(arguments))

"""From text to a checked tree.

Expressions are data from strangers. A text is first checked as text (length, characters, words,
nesting), which bounds the work of Python's own parser; ``ast`` then gives its structure, and only
the node types that the language has are translated. Nothing is ever compiled or run by Python.

Limits: 2,000 characters, 40 levels of nesting (a sum or product of many terms is one level),
``MAX_NODES`` nodes, numbers up to ``MAX_NUMBER``, constant exponents up to ``MAX_EXPONENT``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from sim.errors import ExpressionError, suggest
from sim.expressions.evaluate import translate
from sim.expressions.text import MAX_DEPTH, WORDS, check_text
from sim.expressions.tree import (
    FUNCTIONS,
    Chain,
    Comparison,
    Name,
    Node,
    Number,
    Operation,
    is_boolean,
)

MAX_NODES = 1_000
"""Most nodes of a tree."""
MAX_NUMBER = 1e100
"""Largest number that may be written."""
MAX_EXPONENT = 64.0
"""Largest constant exponent."""

LITERALS = {"true": 1.0, "false": 0.0}
OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.And: "and",
    ast.Or: "or",
}
RANK = {"+": 1, "-": 1, "*": 2, "/": 2}

_NAME = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*){,9}", re.ASCII)
_TAKEN = WORDS | LITERALS.keys() | FUNCTIONS.keys()
_UNFINISHED = re.compile(r"([-+*/<>=!]|\b(and|or|not|if|else))$")


def parse_tree(text: str) -> tuple[Node, dict[str, int]]:
    """The checked tree of a text, and the 0-based column where each name first occurs.

    Raises
    ------
    ExpressionError
        With a message and, where known, the column.

    Examples
    --------
    >>> parse_tree("moscow.trade * 2")
    (Chain(first=Name(key='moscow.trade'), rest=(('*', Number(value=2.0)),)), {'moscow.trade': 0})
    """
    check_text(text)
    lead = len(text) - len(text.lstrip())
    flat = re.sub(r"\s", " ", text).strip()
    if _NAME.fullmatch(flat) and flat not in _TAKEN:
        return Name(flat), {flat: lead}  # many texts are one name, which needs no grammar
    try:
        body = ast.parse(flat, mode="eval").body
    except SyntaxError as error:
        raise ExpressionError(*_syntax(error, flat, lead)) from None
    except (RecursionError, MemoryError, ValueError):
        raise ExpressionError("the expression is nested too deeply", 0) from None
    _check_size(body, lead)
    converter = _Converter(lead)
    return converter.node(body), converter.names


def _syntax(error: SyntaxError, flat: str, lead: int) -> tuple[str, int]:
    column = min(max((error.offset or 1) - 1, 0), len(flat))
    if re.search(r"[^=!<>]=(?!=)", flat):
        return "'=' is not allowed: write == for equality", lead + column
    near = flat[column : column + 20]
    if not near or _UNFINISHED.search(flat):
        return "the expression ends where an operand is due", lead + len(flat)
    return f"not an expression: something is wrong at '{near}'", lead + column


def _children(node: ast.AST, lead: int) -> Iterator[tuple[ast.expr, bool]]:
    """The operands of a node, and whether each is a level deeper (a chain's left side is not)."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.expr):
            if isinstance(child, ast.keyword):
                column = lead + child.value.col_offset
                raise ExpressionError("functions take arguments by position only", column)
            continue
        same = isinstance(node, ast.Attribute) or (
            isinstance(node, ast.BinOp) and child is node.left and _rank(child) == _rank(node) != 0
        )
        yield child, not same


def _rank(node: ast.AST) -> int:
    return RANK.get(OPERATORS.get(type(node.op), ""), 0) if isinstance(node, ast.BinOp) else 0


def _check_size(body: ast.expr, lead: int) -> None:
    stack, count = [(body, 1)], 0
    while stack:
        node, depth = stack.pop()
        count += 1
        if depth > MAX_DEPTH:
            raise ExpressionError(f"more than {MAX_DEPTH} levels deep", lead + node.col_offset)
        if count > MAX_NODES:
            raise ExpressionError(f"more than {MAX_NODES:,} operations and names", lead)
        stack += [(child, depth + deeper) for child, deeper in _children(node, lead)]


class _Converter:
    """Translates the structure that ``ast`` found, and notes where names occur."""

    def __init__(self, lead: int) -> None:
        self.lead = lead
        self.names: dict[str, int] = {}

    def error(self, message: str, node: ast.expr) -> ExpressionError:
        return ExpressionError(message, self.lead + node.col_offset)

    def node(self, node: ast.expr) -> Node:
        match node:
            case ast.Constant():
                return self.number(node)
            case ast.Name() | ast.Attribute():
                return self.name(node)
            case ast.UnaryOp():
                return self.unary(node)
            case ast.BinOp(op=ast.Pow()):
                return self.power(node)
            case ast.BinOp():
                return self.chain(node)
            case ast.BoolOp(op=op, values=values):
                return Operation(OPERATORS[type(op)], tuple(self.truth(v) for v in values))
            case ast.Compare():
                return self.comparison(node)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                chosen = self.node(body)
                return Operation("where", (self.truth(test), chosen, self.node(orelse)))
            case ast.Call():
                return self.call(node)
            case ast.Tuple():
                raise self.error("a comma belongs inside the brackets of a function", node)
        raise self.error(f"{type(node).__name__.lower()} is not part of the language", node)

    def truth(self, node: ast.expr) -> Node:
        tree = self.node(node)
        return tree if is_boolean(tree) else Operation("truth", (tree,))

    def number(self, node: ast.Constant) -> Number:
        if not isinstance(node.value, int | float):
            raise self.error("this is not a number", node)
        if not abs(node.value) <= MAX_NUMBER:
            raise self.error(f"numbers go up to {MAX_NUMBER:g} in size", node)
        return Number(float(node.value))

    def name(self, node: ast.Name | ast.Attribute) -> Node:
        parts: list[str] = []
        part: ast.expr = node
        while isinstance(part, ast.Attribute):
            parts.append(part.attr)
            part = part.value
        if not isinstance(part, ast.Name):
            raise self.error("a '.' joins the parts of a name and nothing else", node)
        key = ".".join([part.id, *reversed(parts)])
        if key in LITERALS:
            return Number(LITERALS[key])
        if key in FUNCTIONS:
            raise self.error(f"'{key}' is a function: write {key}(...)", node)
        self.names.setdefault(key, self.lead + node.col_offset)
        return Name(key)

    def unary(self, node: ast.UnaryOp) -> Node:
        match node.op:
            case ast.Not():
                return Operation("not", (self.truth(node.operand),))
            case ast.USub():
                inner = self.node(node.operand)
                return Number(-inner.value) if isinstance(inner, Number) else _negative(inner)
            case ast.UAdd():
                return self.node(node.operand)
        raise self.error("this operator is not part of the language", node)

    def power(self, node: ast.BinOp) -> Node:
        base, exponent = self.node(node.left), self.node(node.right)
        program = translate(exponent)
        if not program.names and not abs(float(program.run({}))) <= MAX_EXPONENT:
            raise self.error(f"constant exponents go up to {MAX_EXPONENT:g} in size", node.right)
        return Operation("**", (base, exponent))

    def chain(self, node: ast.BinOp) -> Node:
        if not _rank(node):
            raise self.error("// << and >> are not part of the language", node)
        links: list[tuple[str, ast.expr]] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp) and _rank(left) == _rank(node):
            links.append((OPERATORS[type(left.op)], left.right))
            left = left.left
        first = self.node(left)
        return Chain(first, tuple((symbol, self.node(part)) for symbol, part in reversed(links)))

    def comparison(self, node: ast.Compare) -> Node:
        first = self.node(node.left)
        rest = zip(node.ops, node.comparators, strict=True)
        return Comparison(first, tuple((OPERATORS[type(op)], self.node(part)) for op, part in rest))

    def call(self, node: ast.Call) -> Node:
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
            called = ast.unparse(node.func)[:40]
            raise self.error(f"no function '{called}'{suggest(called, FUNCTIONS)}", node)
        symbol = node.func.id
        least, most = FUNCTIONS[symbol]
        if len(node.args) < least or (most is not None and len(node.args) > most):
            wanted = f"{least}" if least == most else f"at least {least}"
            noun = "argument" if wanted == "1" else "arguments"
            raise self.error(f"{symbol} takes {wanted} {noun}, not {len(node.args)}", node)
        if symbol == "where":
            condition, a, b = node.args
            return Operation(symbol, (self.truth(condition), self.node(a), self.node(b)))
        return Operation(symbol, tuple(self.node(argument) for argument in node.args))


def _negative(node: Node) -> Node:
    return Operation("neg", (node,))

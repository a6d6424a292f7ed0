"""The house: visible tables are complete, functions short, sources exist, arrows between rooms hold."""

from __future__ import annotations

import ast
import inspect
import re
import shutil
import statistics
import subprocess
import sys
import typing
from importlib import import_module
from pathlib import Path

import pytest
import sim
from sim.cli import VERBS
from sim.constraints import CONSTRAINTS
from sim.games.protocols import PROTOCOLS
from sim.plots import PLOTS
from sim.plots.drawing.plot import Folder
from sim.solutions import CONCEPTS, module_of
from sim.solving import BUILDERS

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "sim"
MODULES = sorted(PACKAGE.rglob("*.py"))
SOURCES = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in MODULES}


TREES = {name: ast.parse(text, filename=name) for name, text in SOURCES.items()}


def functions():
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield name, node


# --- visible tables ----------------------------------------------------------------------------------------

ROOMS = {
    "constraints": (CONSTRAINTS, {"alternatives", "base", "between", "reading"}),
    "games/protocols": (PROTOCOLS, set()),
    "cli": (VERBS, set()),
}


@pytest.mark.parametrize("room", ROOMS)
def test_every_module_of_a_room_is_in_its_table(room):
    """Modules that begin with an underscore are parts of others; a few shared ones are named above."""
    table, shared = ROOMS[room]
    modules = {p.stem for p in (PACKAGE / room).glob("*.py") if not p.stem.startswith("_")}
    assert modules - shared == set(table)
    assert shared <= modules


def test_every_concept_is_in_the_folder_of_its_form():
    found = {
        (path.parent.name, path.stem)
        for form in typing.get_args(sim.solutions.Form)
        for path in (PACKAGE / "solutions" / form).glob("*.py")
        if not path.stem.startswith("_")
    }
    table = {(concept.form, name) for name, concept in CONCEPTS.items()}
    assert found - {("conflict", "stabilising")} == table


@pytest.mark.parametrize("name", CONCEPTS)
def test_a_concept_is_the_function_of_its_file(name):
    function = getattr(module_of(name), name)
    assert inspect.isfunction(function)
    assert CONCEPTS[name].form in {*BUILDERS, *typing.get_args(sim.solutions.Form)}
    assert typing.get_type_hints(function)["return"] is sim.Solution


def test_every_figure_is_in_its_folder():
    found = {
        (path.parent.name, path.stem)
        for folder in typing.get_args(Folder)
        for path in (PACKAGE / "plots" / folder).glob("*.py")
        if not path.stem.startswith("_")
    }
    assert found == {(figure.folder, name) for name, figure in PLOTS.items()}


@pytest.mark.parametrize("name", PLOTS)
def test_a_figure_is_the_function_of_its_file(name):
    function = sim.plots.get(name)
    assert inspect.isfunction(function)
    assert function.__module__ == f"sim.plots.{PLOTS[name].folder}.{name}"


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_a_constraint_type_is_named_in_its_class(name):
    kind = CONSTRAINTS[name]
    assert kind.model_fields["type"].default == name
    assert kind.__module__ == f"sim.constraints.{name}"


@pytest.mark.parametrize("name", PROTOCOLS)
def test_a_protocol_is_the_function_of_its_file(name):
    assert PROTOCOLS[name] is getattr(import_module(f"sim.games.protocols.{name}"), name)


MOST_MODULES = 25
"""Modules of a folder that a reader still takes in."""


def test_no_folder_holds_more_than_25_modules_flat():
    flat = {}
    for path in MODULES:
        if path.name != "__init__.py":
            folder = path.parent.relative_to(ROOT).as_posix()
            flat[folder] = flat.get(folder, 0) + 1
    assert {folder: n for folder, n in flat.items() if n > MOST_MODULES} == {}


# --- sources -----------------------------------------------------------------------------------------------

BIBLIOGRAPHY = (PACKAGE / "references.bib").read_text(encoding="utf-8")
KEYS = re.findall(r"^@\w+\{([^,\s]+),", BIBLIOGRAPHY, flags=re.MULTILINE)
CITED = {
    (name, key) for name, text in SOURCES.items() for key in re.findall(r"\[([a-z0-9-]+)\]_", text)
}


def test_bibliography_keys_are_unique():
    assert len(KEYS) == len(set(KEYS)), [key for key in KEYS if KEYS.count(key) > 1]
    assert len(KEYS) > 20


@pytest.mark.parametrize(("module", "key"), sorted(CITED))
def test_a_cited_source_is_in_the_bibliography(module, key):
    assert key in KEYS, module


@pytest.mark.parametrize("name", CONCEPTS)
def test_the_source_of_a_concept_is_in_the_bibliography(name):
    assert CONCEPTS[name].reference in KEYS


def test_bibliography_entries_say_who_when_and_what():
    for entry in re.split(r"^@", BIBLIOGRAPHY, flags=re.MULTILINE)[1:]:
        key = entry.partition("{")[2].partition(",")[0]
        for field in ("title", "year"):
            assert re.search(rf"\b{field}\s*=", entry), (key, field)
        assert re.search(r"\b(author|editor)\s*=", entry), key
        assert entry.count("{") == entry.count("}"), key


# --- sizes and words ---------------------------------------------------------------------------------------


def lines_of(node):
    """Length of a function; a function inside another counts for both."""
    return node.end_lineno - node.lineno + 1


def test_no_function_is_longer_than_60_lines():
    long = [(name, f.name, lines_of(f)) for name, f in functions() if lines_of(f) > 60]
    assert long == []


def code_lines(node):
    """Lines of a function's body without its docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def test_functions_are_short_as_a_rule():
    lengths = sorted(code_lines(f) for _, f in functions())
    assert statistics.median(lengths) <= 8
    assert lengths[int(0.9 * len(lengths))] <= 30


def test_no_module_is_longer_than_300_lines():
    long = {name: text.count("\n") for name, text in SOURCES.items() if text.count("\n") > 300}
    assert long == {}


def constants():
    """Module-level numbers in capitals: module, line, names and whether a sentence explains them."""
    for name, tree in TREES.items():
        lines = SOURCES[name].splitlines()
        for node, after in zip(tree.body, [*tree.body[1:], None], strict=True):
            targets = (
                node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            )
            names = [
                leaf.id for t in targets if t for leaf in ast.walk(t) if isinstance(leaf, ast.Name)
            ]
            if (
                not names
                or not all(n.lstrip("_").isupper() for n in names)
                or not numeric(node.value)
            ):
                continue
            beneath = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
            beside = "#" in lines[node.end_lineno - 1] or lines[node.lineno - 2].startswith("#")
            yield name, node.lineno, names, beneath or beside


def numeric(node):
    """Whether an expression is a number, a sum or power of numbers, or a tuple of them."""
    match node:
        case ast.Constant(value):
            return isinstance(value, int | float) and not isinstance(value, bool)
        case ast.UnaryOp(_, operand):
            return numeric(operand)
        case ast.BinOp(left, _, right):
            return numeric(left) and numeric(right)
        case ast.Tuple(elts):
            return bool(elts) and all(map(numeric, elts))
    return False


def test_every_number_of_a_module_has_a_sentence():
    silent = [
        f"{name}:{line} {', '.join(names)}" for name, line, names, told in constants() if not told
    ]
    assert silent == []


def test_a_tolerance_is_the_one_of_the_program_or_has_a_name():
    """No number between 1e-14 and 1e-6 stands inside a function: it is RELATIVE, or a constant of its own."""
    bare = {
        f"{name}:{leaf.lineno} {leaf.value}"
        for name, function in functions()
        for leaf in ast.walk(function)
        if isinstance(leaf, ast.Constant)
        and isinstance(leaf.value, float)
        and 1e-14 <= leaf.value <= 1e-6
    }
    assert bare == set()


def test_a_class_of_games_and_solutions_has_its_name_alone():
    """What games, concepts and records are called is not the name of something else in those rooms."""
    found: dict[str, list[str]] = {}
    for room in ("games", "results", "records", "solutions", "solving", "views"):
        for path in (PACKAGE / room).rglob("*.py"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    found.setdefault(node.name, []).append(path.stem)
    assert {name: places for name, places in found.items() if len(places) > 1} == {}


def test_no_name_of_a_number_has_many_meanings():
    """MOST alone says nothing: most of what is part of the name."""
    vague = [
        f"{name}:{line}"
        for name, line, names, _ in constants()
        if {"MOST", "MAX", "MIN"} & {*names}
    ]
    assert vague == []


def test_every_module_and_public_function_says_what_it_is():
    silent = [name for name, tree in TREES.items() if not ast.get_docstring(tree)]
    silent += [
        f"{name}: {node.name}"
        for name, tree in TREES.items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and not any(isinstance(d, ast.Name) and d.id == "overload" for d in node.decorator_list)
    ]
    assert silent == []


def test_most_functions_of_the_front_door_have_an_example():
    """Every solution concept does; what is shown there is run by the tests."""
    for name in CONCEPTS:
        function = getattr(module_of(name), name)
        room = inspect.getdoc(function) + (inspect.getdoc(module_of(name)) or "")
        assert ">>>" in room or name in WITHOUT_EXAMPLE, name


WITHOUT_EXAMPLE = {
    "subgame_perfect"
}  # its example stands with ``backward_induction`` in the same file


def test_nothing_prints_but_the_command_line():
    loud = [
        name
        for name, tree in TREES.items()
        if not name.startswith("sim/cli/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]
    assert loud == []


def test_nothing_is_evaluated_or_run_from_text():
    calls = [
        (name, node.func.id)
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("eval", "exec", "compile")
    ]
    assert calls == []


TEXTS = {
    ".py",
    ".md",
    ".yaml",
    ".yml",
    ".toml",
    ".bib",
    ".ipynb",
    ".cfg",
    ".json",
    ".txt",
    ".j2",
    "",
}
# Written in pieces, so that this file does not contain what it looks for.
FORBIDDEN = ["".join(parts) for parts in (
    ("..", "/shared"), ("/work", "/"),
    ("pypi.", "org"), ("pythonhosted", "."), ("anaconda", ".org"),
)]  # fmt: skip


def project_files():
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        return [*MODULES]
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_no_file_speaks_of_where_it_was_written():
    found = [
        (path.relative_to(ROOT).as_posix(), word)
        for path in project_files()
        if path.is_file() and path.suffix in TEXTS
        for word in FORBIDDEN
        if word in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert found == []


# --- arrows ------------------------------------------------------------------------------------------------


def test_import_contracts_hold():
    pytest.importorskip("importlinter")
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()", "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_top_level_of_the_repository():
    allowed = {
        "pyproject.toml", "sim", "scenarios", "notebooks", "tests", "README.md", "LICENSE", "CHANGELOG.md",
        "CITATION.cff", "CONTRIBUTING.md", ".gitignore", ".pre-commit-config.yaml", ".ci",
    }  # fmt: skip
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    tops = {path.relative_to(ROOT).parts[0] for path in project_files()}
    assert tops <= allowed


def test_no_test_looks_for_the_checkout_beside_the_installed_package():
    """Where the package is installed, ``sim.__file__`` is not beside ``scenarios/``."""
    named = re.compile(r"sim\.__file__")
    mine = Path(__file__).resolve()
    tests = [file for file in (ROOT / "tests").rglob("*.py") if file.resolve() != mine]
    assert len(tests) > 200
    assert [file.name for file in tests if named.search(file.read_text(encoding="utf-8"))] == []

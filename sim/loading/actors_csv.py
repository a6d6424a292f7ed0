"""Actors of a spatial file from a table: a CSV file with a row for each actor.

Definition. The first line names the columns: ``actor`` and ``position``, and, where known, ``capability`` (or
``influence``), ``salience``, ``note`` and ``source``. In several dimensions there is a column for each,
``position.islands`` and ``position.economy``; a salience is one column, or one for each dimension. Cells are
numbers, not expressions; an empty cell says nothing. Cells are divided by commas, or by semicolons where the
first line has no comma. A table gives what the same actors written in YAML give.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.errors import Problem, ScenarioError, printable
from sim.loading.read_text import outside_folder, read_text
from sim.loading.yaml_tree import MAX_BYTES, Place, Tree

MAX_ACTORS = 10_000
"""Most actors of a table."""
MAX_COLUMNS = 100
"""Most columns of a table."""
MEASURES = {
    "position": "position",
    "capability": "capability",
    "influence": "capability",
    "salience": "salience",
}
"""Columns of numbers, each with the key that a file has for it."""
TEXTS = ("note", "source")
"""Columns for people."""
LEGAL = f"legal columns: actor, {', '.join(MEASURES)}, {', '.join(TEXTS)}"

_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,3})?\Z")
_WHOLE = re.compile(r"[-+]?[0-9]{1,15}\Z")


def csv_tree(path: Path) -> Tree:
    """A table alone, as the data of a spatial file."""
    return with_actors(Tree(data={"spatial": {}}), "spatial", path)


def with_table(tree: Tree, path: Path) -> Tree:
    """The data of a file whose ``spatial.actors`` names a table, with the actors of that table.

    Raises
    ------
    ScenarioError
        If the table does not lie in the folder of the file or below it, or has anything wrong.
    """
    section = tree.data.get("spatial")
    name = section.get("actors") if isinstance(section, dict) else None
    if not isinstance(name, str):
        return tree
    message = "actors by name are needed, or the name of a file that ends in .csv"
    if name.lower().endswith(".csv") and "\0" not in name:
        message = outside_folder(name)
    if message:
        key = "spatial.actors"
        line, column = tree.places[key].value
        problem = Problem(file=str(path), line=line, column=column, path=key, message=message)
        raise ScenarioError([*tree.problems, problem])
    return with_actors(tree, "spatial", path.parent / name)


def with_actors(tree: Tree, section: str, path: Path) -> Tree:
    """The data with the actors of a table in one of its sections."""
    text = read_text(path, MAX_BYTES, ("*.csv",))
    table = _Table(str(path), [], {}, _list_of_names(tree.data[section].get("dimension")))
    rows = _rows(text, table)
    actors = table.actors(rows)
    own: dict[str, Any] = {"actors": actors}
    if len(table.dimensions) > 1:
        own = {"dimension": list(table.dimensions), **own}
    data = {**tree.data, section: {**own, **tree.data[section], "actors": actors}}
    places = {f"{section}.actors.{name}": place for name, place in table.places.items()}
    return replace(tree, data=data, places={**tree.places, **places})


def _list_of_names(dimension: Any) -> tuple[str, ...]:
    """The dimensions that a file lists itself; none where it names one or none."""
    listed = isinstance(dimension, list) and all(isinstance(name, str) for name in dimension)
    return tuple(dimension) if listed else ()


def _rows(text: str, table: _Table) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not empty, with the number of the line on which it begins."""
    first = text.partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=";" if ";" in first and "," not in first else ",",
        skipinitialspace=True,
        strict=True,
    )
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, [printable(cell.strip()) for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise table.wrong(line, f"this row cannot be read: {error}") from None


@dataclass(slots=True)
class _Table:
    """A table while it is read: its columns, and where its actors are."""

    file: str
    columns: list[str]
    places: dict[str, Place]
    listed: tuple[str, ...] = ()

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Names of the dimensions, as the file lists them; one without a name for one column of positions."""
        named = (column.partition(".") for column in self.columns)
        found = tuple(dimension for measure, _, dimension in named if measure == "position")
        return self.listed if set(found) == set(self.listed) else found

    def wrong(self, line: int, message: str) -> ScenarioError:
        return ScenarioError([Problem(file=self.file, line=line, message=message)])

    def actors(self, rows: Iterator[tuple[int, list[str]]]) -> dict[str, dict[str, Any]]:
        """Every actor with its numbers and texts."""
        head = next(rows, None)
        if head is None:
            raise self.wrong(1, "the table is empty")
        self._read_head(*head)
        out: dict[str, dict[str, Any]] = {}
        for line, cells in rows:
            name, record = self._actor(line, cells)
            if name in out:
                first = self.places[name].key[0]
                raise self.wrong(line, f"actor '{name}' is in line {first} already")
            if len(out) == MAX_ACTORS:
                raise self.wrong(line, f"more than {MAX_ACTORS:,} actors")
            out[name] = record
            self.places[name] = Place(self.file, (line, 1), (line, 1))
        if not out:
            raise self.wrong(head[0], "no actor follows the names of the columns")
        return out

    def _read_head(self, line: int, cells: list[str]) -> None:
        if len(cells) > MAX_COLUMNS:
            raise self.wrong(line, f"more than {MAX_COLUMNS} columns")
        measures = {}
        for cell in cells:
            measure, dot, dimension = cell.partition(".")
            known = measure.strip().lower()
            if known in ("actor", *TEXTS) and not dot:
                column = known
            elif known in MEASURES and bool(dot) == bool(dimension.strip()):
                column = MEASURES[known] + dot + dimension.strip()
            else:
                raise self.wrong(line, f"unknown column '{cell}'; {LEGAL}")
            if column in self.columns:
                raise self.wrong(line, f"column '{column}' is there twice")
            self.columns.append(column)
            measures[column.partition(".")[0]] = column
        for needed in ("actor", "position"):
            if needed not in measures:
                raise self.wrong(line, f"a column '{needed}' is needed; {LEGAL}")
        self._check_dimensions(line)

    def _check_dimensions(self, line: int) -> None:
        named = {"position": self.dimensions}
        for measure in ("capability", "salience"):
            found = [c.partition(".")[2] for c in self.columns if c.partition(".")[0] == measure]
            named[measure] = tuple(found)
        if "" in named["position"] and len(named["position"]) > 1:
            raise self.wrong(line, "name the dimension of every column of positions")
        if self.listed and set(self.listed) != set(named["position"]):
            listed = ", ".join(self.listed)
            raise self.wrong(line, f"a column of positions is needed for each dimension: {listed}")
        if named["capability"] not in ((), ("",)):
            raise self.wrong(line, "capability is one column, without a dimension")
        if named["salience"] not in ((), ("",)) and set(named["salience"]) != set(
            named["position"]
        ):
            raise self.wrong(
                line, "salience has one column, or one for each dimension of positions"
            )

    def _actor(self, line: int, cells: list[str]) -> tuple[str, dict[str, Any]]:
        if len(cells) != len(self.columns):
            counted = f"{len(cells)} cells, but {len(self.columns)} columns are named"
            raise self.wrong(line, counted)
        row = dict(zip(self.columns, cells, strict=True))
        name = row["actor"]
        if not name:
            raise self.wrong(line, "the actor has no name")
        record: dict[str, Any] = {key: row[key] for key in TEXTS if row.get(key)}
        for measure in dict.fromkeys(MEASURES.values()):
            found = self._measured(line, name, measure, row)
            if found:
                record[measure] = found if len(found) > 1 else found[0]
        if "position" not in record:
            raise self.wrong(line, f"actor '{name}' has no position")
        return name, record

    def _measured(
        self, line: int, name: str, measure: str, row: dict[str, str]
    ) -> list[int | float]:
        """The numbers of one measure, in the order of the dimensions; none where all cells are empty."""
        columns = [f"{measure}.{dimension}" for dimension in self.dimensions]
        columns = [column for column in columns if column in row] or [measure]
        texts = {column: row.get(column, "") for column in columns}
        if not any(texts.values()):
            return []
        for column, text in texts.items():
            if not _NUMBER.match(text) or abs(float(text)) == float("inf"):
                found = f"'{text}' is not a number" if text else "the cell is empty"
                raise self.wrong(line, f"{column} of '{name}': {found}")
        return [int(t) if _WHOLE.match(t) else float(t) for t in texts.values()]

"""Runs as files for other programs: tables for a spreadsheet, Parquet, labelled grids."""

from sim.exporting.tables import TABLES, export_run

__all__ = ["TABLES", "export_run"]

"""The report on one scenario: a single HTML page that a colleague opens in a browser."""

from sim.reporting.page import report

__all__ = ["report"]

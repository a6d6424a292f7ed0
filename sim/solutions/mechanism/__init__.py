"""Concepts of problems of collective choice with private information, one per file."""

"""Concepts of words without cost."""

"""Concepts of messages that cost something."""

"""Concepts of offers to somebody who knows more."""

"""The chance of a treaty by a year as numbers are varied: point by point of a sweep, or over whole ranges."""

from __future__ import annotations

"""Play where chances to move change from year to year, whichever form the game of a period has."""

from __future__ import annotations

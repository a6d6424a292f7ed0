"""What a forecast keeps of its draws: sums over all of them, and chances by period draw by draw."""

from __future__ import annotations

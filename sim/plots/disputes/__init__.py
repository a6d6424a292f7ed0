"""Figures of one dispute: its verdict, its frontiers, what it leaves to agree on."""

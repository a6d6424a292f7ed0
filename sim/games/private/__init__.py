"""Disputes in which actors have types: their outcomes, what is never chosen, the tree that is left."""

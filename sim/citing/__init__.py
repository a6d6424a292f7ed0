"""Sources by key: what to cite for a concept, and for the program itself."""

from sim.citing.bibliography import Sources, cite, cited, entries, how_to_cite

__all__ = ["Sources", "cite", "cited", "entries", "how_to_cite"]

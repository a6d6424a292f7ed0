"""Stored runs read in pieces: lazy arrays, parts of columns, and frames, without a second copy of a run."""

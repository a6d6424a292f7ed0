"""A stranger's package: what it adds to treatysim is named in the entry points beside it."""

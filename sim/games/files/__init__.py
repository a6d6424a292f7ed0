"""From the sections of files to games, one form per file."""

"""The sections of files that hold a classical game, and a world that moves: one game form per file."""

"""Many points at once: the ladder and the game as graphs of operations, for points at which nothing ties."""

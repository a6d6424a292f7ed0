"""What the margin does along the ranges of several parameters, each alone, all lines looked at together."""

"""Figures of a dispute's record: the scoreboard, and margins through its episodes."""

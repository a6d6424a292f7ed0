"""Linear programs of the smallest change: what is demanded of a change, and how the program is solved."""

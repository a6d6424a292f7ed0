"""Solution concepts of bargaining problems, axiomatic and strategic."""

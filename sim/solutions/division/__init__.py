"""Solution concepts of the division of several issues between two."""

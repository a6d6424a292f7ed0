"""Solution concepts of positions on a line or in a plane."""

"""Solution concepts of coalitional games, voting games among them."""

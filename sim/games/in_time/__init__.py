"""Games that are played period after period in a world of states, in rounds, or offer by offer."""

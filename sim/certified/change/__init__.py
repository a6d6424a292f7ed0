"""The cheapest change of parameters that turns the verdict, and why a treaty is never feasible."""

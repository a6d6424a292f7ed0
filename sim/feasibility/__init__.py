"""Feasibility: the treaty ladder, the prediction, thresholds and the verdict."""

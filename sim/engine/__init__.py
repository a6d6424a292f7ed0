"""One program for a whole computation at a point, written once and run by several back ends.

A scenario's payoffs, slacks, ladder and prediction become a graph of operations on small arrays
(:mod:`sim.engine.graph`); every back end runs the same operations in the same order.
"""
